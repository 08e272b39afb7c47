//! Forms of a few buttons: read whole, checked for their session, used once.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use zeroize::Zeroize;

use super::visit::Visit;
use crate::api::CSRF_FIELD;
use crate::error::HubError;

/// Largest form of buttons, in bytes; a released value may be long.
const MAX_BYTES: usize = 64 * 1024;

/// The fields of a small form.
pub(crate) struct SmallForm(Vec<(String, String)>);

/// A form may hold a password.
impl Drop for SmallForm {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(|(_, value)| value.zeroize());
    }
}

impl SmallForm {
    /// Reads a form and checks that it is of the visitor's present session.
    ///
    /// # Errors
    /// 413 where it is too large, 400 where it cannot be read, 403 where it is forged.
    pub(crate) async fn read(visit: &Visit, request: Request<Body>) -> Result<Self, HubError> {
        Self::read_to(visit, request, MAX_BYTES).await
    }

    /// The same for a form of at most `limit` bytes.
    ///
    /// # Errors
    /// As [`SmallForm::read`].
    pub(crate) async fn read_to(
        visit: &Visit,
        request: Request<Body>,
        limit: usize,
    ) -> Result<Self, HubError> {
        let bytes = to_bytes(request.into_body(), limit).await.map_err(|_| HubError::Request {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            code: "too-large",
            detail: "This form is too large. Open the page again.".to_owned(),
        })?;
        let form = Self(pairs(&bytes));
        visit.who.check_form(form.get(CSRF_FIELD))?;
        Ok(form)
    }

    /// The fields of an address, which no session vouches for.
    pub(crate) fn query(query: Option<&str>) -> Self {
        Self(pairs(query.unwrap_or_default().as_bytes()))
    }

    /// A field; `None` where the form has none of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

impl SmallForm {
    /// The fields of an address's query.
    pub(crate) fn of_query(query: Option<&str>) -> Self {
        Self(pairs(query.unwrap_or_default().as_bytes()))
    }

    /// A field without the white space around it; empty where the form has none of this name.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default().trim()
    }

    /// Every value of a field that may be given several times.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// `application/x-www-form-urlencoded`; what is not UTF-8 is replaced.
fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    let split = |pair: &[u8]| {
        let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
        let (name, value) = pair.split_at(at);
        (decode(name), decode(value.get(1..).unwrap_or_default()))
    };
    bytes.split(|b| *b == b'&').filter(|p| !p.is_empty()).map(split).collect()
}

fn decode(text: &[u8]) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match first {
            b'+' => out.push(b' '),
            b'%' => match tail.get(..2).and_then(hex) {
                Some(byte) => {
                    out.push(byte);
                    rest = tail.get(2..).unwrap_or_default();
                }
                None => out.push(b'%'),
            },
            other => out.push(*other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(two: &[u8]) -> Option<u8> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(two).ok()?;
    bytes.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded() {
        let form = SmallForm(pairs(b"a=1&b=x+y%2Fz&c&%E7%81%AB=%zz&&a=2"));
        assert_eq!(form.get("a"), Some("1"));
        assert_eq!(form.get("b"), Some("x y/z"));
        assert_eq!(form.get("c"), Some(""));
        assert_eq!(form.get("火"), Some("%zz"));
        assert_eq!(form.get("d"), None);
    }
}
