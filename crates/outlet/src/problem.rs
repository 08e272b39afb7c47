//! Errors over HTTP: RFC 9457 problem details with a stable code.
//!
//! Every refusal of the outlet and the hub is one [`Problem`]. It renders as
//! `application/problem+json`; the response also carries the `Problem` itself as an extension, from
//! which the TAXII layer makes the error object that TAXII 2.1 asks for.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

/// The media type of problem details (RFC 9457, section 3).
pub const PROBLEM_MEDIA: &str = "application/problem+json";

/// One refusal, told to the client in a form that people and programs can act on.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: String,
    members: Map<String, Value>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Problem {
    /// A problem with its HTTP status, a stable kebab-case code and a short title. The title is the
    /// same for every occurrence of the code.
    pub fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self {
            status,
            code,
            title,
            detail: String::new(),
            members: Map::new(),
            headers: Vec::new(),
        }
    }

    /// 500 without any detail: what went wrong inside is for the log, never for the client.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal-error",
            "The server could not answer this request",
        )
        .detail("Try again in a moment; if it stays, tell the operator of this server.")
    }

    /// 404. Also the answer for what the caller may not see, so that it is no existence oracle.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "There is nothing here")
            .detail("Check the address, or that this account may read it.")
    }

    /// Adds what is particular to this occurrence: one sentence saying what to do.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Adds an extension member to the JSON body, such as a position or a list of field errors.
    /// The names of the standard members are ignored.
    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        if !STANDARD_MEMBERS.contains(&name) {
            self.members.insert(name.to_owned(), value.into());
        }
        self
    }

    /// Adds a response header, such as `WWW-Authenticate` or `Retry-After`.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable machine code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The short title.
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// The sentence about this occurrence; may be empty.
    pub fn detail_text(&self) -> &str {
        &self.detail
    }

    /// The JSON body.
    pub fn to_json(&self) -> Value {
        let mut body = self.members.clone();
        body.insert("type".into(), format!("urn:noroshi:problem:{}", self.code).into());
        body.insert("title".into(), self.title.into());
        body.insert("status".into(), self.status.as_u16().into());
        body.insert("code".into(), self.code.into());
        if !self.detail.is_empty() {
            body.insert("detail".into(), self.detail.clone().into());
        }
        Value::Object(body)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = self.to_json().to_string();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_MEDIA));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in &self.headers {
            headers.append(name.clone(), value.clone());
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Whether a limit around a request's body ended it, however deep in the error that stands.
pub fn beyond_limit(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |e| e.source())
        .any(|e| e.is::<http_body_util::LengthLimitError>())
}

const STANDARD_MEMBERS: [&str; 5] = ["type", "title", "status", "code", "detail"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_the_standard_members_and_ours() {
        let p = Problem::new(StatusCode::BAD_REQUEST, "bad-limit", "The limit is not usable")
            .detail("Ask for 1 to 10000 objects.")
            .member("limit", 0)
            .member("status", 200);
        assert_eq!(
            p.to_json().to_string(),
            r#"{"code":"bad-limit","detail":"Ask for 1 to 10000 objects.","limit":0,"status":400,"title":"The limit is not usable","type":"urn:noroshi:problem:bad-limit"}"#
        );
    }
}
