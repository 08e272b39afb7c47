//! Single-key shortcuts of the desk: on unless somebody switched them off for this session
//! (WCAG 2.1.4).

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::back;
use crate::access::SECURE_COOKIE;
use crate::access::session_cookie;
use crate::web::small_form::SmallForm;
use crate::web::visit::Visit;

/// The cookie that remembers it; it ends with the browser.
const COOKIE: &str = "desk_keys";

/// Whether single keys do something.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    pub(super) on: bool,
}

/// What a browser said last.
pub(super) fn of(headers: &HeaderMap) -> Keys {
    let off = format!("{COOKIE}=off");
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    Keys { on: !cookies.flat_map(|c| c.split(';')).any(|c| c.trim() == off) }
}

/// `POST /desk/keys`
pub(crate) async fn set(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let value = if form.get("keys") == Some("off") { "off" } else { "on" };
        let end = if session_cookie(&visit.app.hub) == SECURE_COOKIE { "; Secure" } else { "" };
        let cookie = format!("{COOKIE}={value}; Path=/desk; HttpOnly; SameSite=Lax{end}");
        let mut response = Redirect::to(back(&form, "/desk")).into_response();
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(response)
    };
    visit.answer(result.await)
}
