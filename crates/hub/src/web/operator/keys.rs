//! Keys of members as a list, and their rotation and end.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, RawQuery, Request};
use axum::http::StatusCode;
use axum::response::Response;

use super::{Asked, Desk, KEY, PAGE, Shown, acting, cut, done, filter, no_such_button, once, read};
use crate::admin;
use crate::error::HubError;
use crate::vault::keys::{KeyRow, Wanted};
use crate::vault::partners::PartnerKey;
use crate::web::frame::Frame;
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;

const PLACE: &str = "/operator/keys";
const FILTERS: [(&str, &str); 2] = [("", "keys-all"), ("ending", "keys-ending")];
/// Days the new key of a rotation holds.
const ROTATED_DAYS: u32 = 365;

#[derive(Template)]
#[template(path = "operator_keys.html")]
struct Page {
    frame: Frame,
    desk: Desk,
    search: String,
    filters: Vec<Shown>,
    keys: Vec<KeyLine>,
    next: Option<String>,
}

/// A key in a list.
pub(super) struct KeyLine {
    pub(super) id: String,
    /// The member's id and name, where the list is of several.
    pub(super) member: String,
    pub(super) owner: String,
    pub(super) label: String,
    pub(super) rights: String,
    pub(super) state: String,
    pub(super) good: bool,
    /// Whether it can be replaced: a key that holds and is no certificate.
    pub(super) rotates: bool,
    pub(super) expires: Moment,
}

/// `GET /operator/keys`
pub(crate) async fn list(visit: Visit, RawQuery(asked): RawQuery) -> Response {
    let result = async {
        let asked = Asked::of(asked.as_deref(), &FILTERS.map(|f| f.0));
        let wanted = Wanted {
            search: asked.search.clone(),
            ending: asked.show == "ending",
            after: asked.after.clone(),
            limit: PAGE + 1,
        };
        let (keys, more) = cut(admin::keys_page(&visit.app.hub, wanted).await?);
        let last = keys.last().filter(|_| more);
        let name = |names: &(String, String)| {
            if visit.japanese() { names.0.clone() } else { names.1.clone() }
        };
        let page = Page {
            frame: visit.frame(visit.t("operator-tab-keys")),
            desk: Desk::new(&visit, PLACE),
            filters: filter(&visit, &asked, &FILTERS),
            next: last.map(|l| asked.next(PLACE, (&l.names.1, &l.key.id))),
            keys: keys.iter().map(|l| line(&visit, &l.key, name(&l.names))).collect(),
            search: asked.search,
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// `POST /operator/keys/{id}`
pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = read(&visit, request).await?;
        let hub = &acting(&visit);
        match form.get("do").unwrap_or_default() {
            "rotate" => {
                let key = admin::rotate_key(hub, &id, ROTATED_DAYS).await?;
                Ok(once(&visit, PLACE, KEY, key.expose(), PLACE))
            }
            "revoke" => {
                admin::revoke_key(hub, &id).await?;
                Ok(done(&form, PLACE))
            }
            _ => Err::<Response, HubError>(no_such_button()),
        }
    };
    visit.answer(result.await)
}

/// A member's key as a line.
pub(super) fn line(visit: &Visit, key: &KeyRow, owner: String) -> KeyLine {
    let rights = match (key.may_read, key.may_report) {
        (true, true) => visit.t("key-both"),
        (false, true) => visit.t("key-report"),
        _ => visit.t("key-read"),
    };
    let good = key.holds(visit.app.hub.now());
    KeyLine {
        id: key.id.clone(),
        member: key.member.clone(),
        owner,
        label: key.label.clone(),
        rights: with_certificate(visit, rights, key.fingerprint.is_some()),
        state: state(visit, key.revoked.is_some(), good),
        good,
        rotates: good && key.fingerprint.is_none(),
        expires: times::day(key.expires),
    }
}

/// A partner's key as a line.
pub(super) fn partner_line(visit: &Visit, key: &PartnerKey) -> KeyLine {
    let good = key.holds(visit.app.hub.now());
    KeyLine {
        id: key.id.clone(),
        member: String::new(),
        owner: String::new(),
        label: key.label.clone(),
        rights: with_certificate(visit, visit.t("key-partners"), key.fingerprint.is_some()),
        state: state(visit, key.revoked.is_some(), good),
        good,
        rotates: good && key.fingerprint.is_none(),
        expires: times::day(key.expires),
    }
}

fn with_certificate(visit: &Visit, rights: String, certificate: bool) -> String {
    if certificate { format!("{rights} ({})", visit.t("key-certificate")) } else { rights }
}

fn state(visit: &Visit, revoked: bool, good: bool) -> String {
    match (revoked, good) {
        (true, _) => visit.t("key-revoked"),
        (false, true) => visit.t("key-holds"),
        (false, false) => visit.t("key-expired"),
    }
}
