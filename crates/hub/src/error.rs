//! Everything that can go wrong in the hub, each as a sentence somebody can act on.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use noroshi_intake::IntakeError;
use noroshi_outlet::problem::Problem;
use noroshi_store::StoreError;

use crate::config::ConfigError;

/// A failure of the hub. The texts hold no member's name and nothing that was submitted.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// A database refused or failed.
    #[error("the database did not answer: {0}")]
    Store(#[from] StoreError),
    /// The shelf refused or failed.
    #[error("the shelf did not take it: {0}")]
    Shelf(#[from] noroshi_outlet::OutletError),
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The register is inconsistent.
    #[error("the register is inconsistent: {0}")]
    Register(String),
    /// The submitted report cannot be read.
    #[error("{0}")]
    Intake(#[from] IntakeError),
    /// The request is wrong; code, status and sentence say how.
    #[error("{detail}")]
    Request {
        /// HTTP status.
        status: StatusCode,
        /// Stable code.
        code: &'static str,
        /// What to do.
        detail: String,
    },
    /// The request is wrong, and more than a sentence says how.
    #[error("{}", .0.detail_text())]
    Detailed(Box<Problem>),
}

impl HubError {
    /// A request that cannot be served as it is.
    pub fn bad(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Request { status: StatusCode::BAD_REQUEST, code, detail: detail.into() }
    }

    /// A form or call that was understood and cannot be done as it is.
    pub fn unprocessable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Request { status: StatusCode::UNPROCESSABLE_ENTITY, code, detail: detail.into() }
    }

    /// What does not exist and what one may not see answer the same.
    pub fn not_found() -> Self {
        Self::Request {
            status: StatusCode::NOT_FOUND,
            code: "not-found",
            detail: "There is nothing here, or nothing you may see. Check the address.".to_owned(),
        }
    }

    /// Somebody else decided first.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::Request { status: StatusCode::CONFLICT, code: "conflict", detail: detail.into() }
    }

    /// A draft went on in another window or on another device.
    pub(crate) fn draft_elsewhere() -> Self {
        Self::Request {
            status: StatusCode::CONFLICT,
            code: "draft-elsewhere",
            detail: "This draft was changed in another window. Nothing was sent or changed."
                .to_owned(),
        }
    }

    /// No valid signature under the agreement: nothing in, nothing out.
    pub fn no_agreement() -> Self {
        Self::Request {
            status: StatusCode::FORBIDDEN,
            code: "no-agreement",
            detail: "Your organisation has no valid signature under the sharing agreement. Ask the operator to renew it; nothing was stored.".to_owned(),
        }
    }

    /// The problem+json of this failure (RFC 9457).
    pub fn problem(&self) -> Problem {
        let unauthorized = |p: Problem| {
            p.header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"noroshi\""))
        };
        match self {
            Self::Intake(e) => {
                let status = match e.code() {
                    "too-large" => StatusCode::PAYLOAD_TOO_LARGE,
                    "unsupported-format" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    _ => StatusCode::UNPROCESSABLE_ENTITY,
                };
                Problem::new(status, e.code(), "The report cannot be read").detail(e.to_string())
            }
            Self::Store(StoreError::NulInText(_)) => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "nul-character",
                "The request cannot be stored",
            )
            .detail(
                "A text in it holds the character NUL (U+0000). Remove it; nothing was stored.",
            ),
            Self::Request { status, code, detail } => {
                let title = status.canonical_reason().unwrap_or("Refused");
                let problem = Problem::new(*status, code, title).detail(detail.clone());
                if *status == StatusCode::UNAUTHORIZED { unauthorized(problem) } else { problem }
            }
            Self::Detailed(problem) => (**problem).clone(),
            Self::Store(_) | Self::Shelf(_) | Self::Config(_) | Self::Register(_) => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "The hub could not finish this now",
            )
            .detail("Nothing was acknowledged; send it again in a minute."),
        }
    }
}

impl IntoResponse for HubError {
    fn into_response(self) -> Response {
        if self.problem().status().is_server_error() {
            tracing::error!(error = %self, "a request could not be finished");
        }
        self.problem().into_response()
    }
}
