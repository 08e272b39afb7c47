//! What a request asks for: path segments and query parameters, decoded once.

use axum::extract::{FromRequestParts, Query, RawPathParams};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};

use crate::problem::Problem;

/// Decoded path segments and query parameters.
#[derive(Debug, Default)]
pub(crate) struct Params {
    path: Vec<(String, String)>,
    query: Vec<(String, String)>,
}

impl Params {
    /// The path segment of this name; empty when the route has none.
    pub(crate) fn segment(&self, name: &str) -> &str {
        self.path.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// The one value of a query parameter; refuses a repeated one.
    pub(crate) fn one(&self, name: &str) -> Result<Option<&str>, Problem> {
        let mut values = self.query.iter().filter(|(n, _)| n == name);
        let first = values.next().map(|(_, value)| value.as_str());
        if values.next().is_some() {
            return Err(bad_request("repeated-parameter", "A parameter is given twice")
                .detail(format!("Give {name} once.")));
        }
        Ok(first)
    }

    /// The query parameters alone.
    pub(crate) fn from_uri(uri: &Uri) -> Result<Self, Problem> {
        let Query(query) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| bad_request("bad-query", "The query string cannot be read"))?;
        Ok(Self { path: Vec::new(), query })
    }

    /// All query parameters.
    pub(crate) fn query(&self) -> &[(String, String)] {
        &self.query
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // A segment that is not UTF-8 names nothing we have.
        let path = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found())?
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Ok(Self { path, ..Self::from_uri(&parts.uri)? })
    }
}

/// 400 with a stable code.
pub(crate) fn bad_request(code: &'static str, title: &'static str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, code, title)
}
