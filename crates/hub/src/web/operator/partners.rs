//! Partners and their keys, and the authorities that filings are sealed to.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::Response;

use super::keys::{KeyLine, partner_line};
use super::{Desk, KEY, acting, done, no_such_button, once, read};
use crate::admin::{self, NewPartner};
use crate::error::HubError;
use crate::web::frame::Frame;
use crate::web::trouble;
use crate::web::visit::Visit;

const PLACE: &str = "/operator/partners";
/// Days a partner's key holds.
const KEY_DAYS: u32 = 365;

#[derive(Template)]
#[template(path = "operator_partners.html")]
struct Page {
    frame: Frame,
    desk: Desk,
    partners: Vec<PartnerLine>,
    authorities: Vec<AuthorityLine>,
    problem: Option<String>,
    typed: String,
}

struct PartnerLine {
    id: String,
    name: String,
    rights: String,
    left: bool,
    keys: Vec<KeyLine>,
}

struct AuthorityLine {
    id: String,
    name: String,
    obligations: String,
}

/// `GET /operator/partners`
pub(crate) async fn list(visit: Visit) -> Response {
    let page = page(&visit, None, String::new()).await;
    visit.answer(page.map(|page| visit.show(StatusCode::OK, &page)))
}

/// `POST /operator/partners`: adds one.
pub(crate) async fn add(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let form = read(&visit, request).await?;
        let new = NewPartner {
            name: form.text("name").chars().take(200).collect(),
            desk: form.get("desk").is_some(),
            read_releases: form.get("read_releases").is_some(),
        };
        let name = new.name.clone();
        match admin::add_partner(&acting(&visit), new).await {
            Ok(_) => Ok(done(&form, PLACE)),
            Err(e) if e.problem().status().is_client_error() => {
                let (status, why) = (e.problem().status(), trouble::explain(&visit, &e));
                let page = page(&visit, Some(why), name).await?;
                Ok(visit.show(status, &page))
            }
            Err(e) => Err(e),
        }
    };
    visit.answer(result.await)
}

/// `POST /operator/partners/{id}`
pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = read(&visit, request).await?;
        let hub = &acting(&visit);
        match form.get("do").unwrap_or_default() {
            "remove" => {
                admin::remove_partner(hub, &id).await?;
                Ok(done(&form, PLACE))
            }
            "key" => {
                let label: String = form.text("label").chars().take(100).collect();
                let key = admin::create_partner_key(hub, &id, &label, KEY_DAYS).await?;
                Ok(once(&visit, PLACE, KEY, key.expose(), PLACE))
            }
            _ => Err::<Response, HubError>(no_such_button()),
        }
    };
    visit.answer(result.await)
}

async fn page(visit: &Visit, problem: Option<String>, typed: String) -> Result<Page, HubError> {
    let hub = &visit.app.hub;
    let keys = admin::list_partner_keys(hub).await?;
    let partners = admin::list_partners(hub).await?.into_iter().map(|p| {
        let mut rights = vec![visit.t("key-partners")];
        rights.extend(p.desk.then(|| visit.t("partner-desk")));
        rights.extend(p.read_releases.then(|| visit.t("partner-releases")));
        let own = keys.iter().filter(|k| k.partner == p.id);
        PartnerLine {
            keys: own.map(|k| partner_line(visit, k)).collect(),
            rights: rights.join(", "),
            left: p.left.is_some(),
            id: p.id,
            name: p.name,
        }
    });
    let authorities = admin::list_authorities(hub).await?.into_iter().map(|a| AuthorityLine {
        obligations: a.obligations.join(", "),
        id: a.id,
        name: a.name,
    });
    Ok(Page {
        frame: visit.frame(visit.t("operator-tab-partners")),
        desk: Desk::new(visit, PLACE),
        partners: partners.collect(),
        authorities: authorities.collect(),
        problem,
        typed,
    })
}
