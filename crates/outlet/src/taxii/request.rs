//! What every TAXII request brings: who asks, for what, and that they understand our answer.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use noroshi_seal::ClientCertificate;
use noroshi_stix::taxii::TAXII_MEDIA;

use crate::accept;
use crate::params::Params;
use crate::problem::Problem;
use crate::reader::Grant;
use crate::state::OutletState;
use crate::writing::Caller;

/// A request whose `Accept` takes TAXII 2.1, from somebody whose rights are known.
pub(crate) struct Asked {
    pub(super) state: OutletState,
    pub(super) grant: Grant,
    pub(super) params: Params,
    pub(super) headers: HeaderMap,
    certificate: Option<ClientCertificate>,
}

impl Asked {
    /// Who asks, for whoever authenticates again.
    pub(super) fn caller(&self) -> Caller<'_> {
        Caller { headers: &self.headers, certificate: self.certificate.as_ref() }
    }
}

impl FromRequestParts<OutletState> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &OutletState,
    ) -> Result<Self, Self::Rejection> {
        negotiate(&parts.headers)?;
        // Every TAXII route is behind the door that leaves this; one that is not stays shut.
        let grant = parts.extensions.get::<Grant>().copied().ok_or_else(Problem::not_found)?;
        Ok(Self {
            state: state.clone(),
            grant,
            params: Params::from_request_parts(parts, state).await?,
            headers: parts.headers.clone(),
            certificate: parts.extensions.get::<ClientCertificate>().copied(),
        })
    }
}

/// Refuses a request that would not understand our answer (section 1.6.8). A missing `Accept`
/// header, and one that takes anything, are fine.
fn negotiate(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(ranges) = accept::ranges(headers) else { return Ok(()) };
    if accept::quality(&ranges, "application/taxii+json", "2.1") > 0 {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::NOT_ACCEPTABLE,
        "not-acceptable",
        "The answer would have a media type the client does not accept",
    )
    .detail(format!("Send Accept: {TAXII_MEDIA}.")))
}
