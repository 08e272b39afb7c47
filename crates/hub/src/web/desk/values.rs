//! Rulings on indicators: one item, every item of a value, what is out.

use axum::body::Body;
use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::HEXLOWER;
use noroshi_stix::Kind;

use super::conflict::{self, Wanted};
use super::{back, find};
use crate::error::HubError;
use crate::quarantine::{self, Ruling};
use crate::vault::reports;
use crate::web::small_form::SmallForm;
use crate::web::visit::Visit;

/// Most items one ruling on a value settles; the rest stays in the queue.
const MOST_ITEMS: i64 = 1_000;

/// `POST /desk/quarantine/{id}`: releases or refuses an item, then shows its report.
pub(crate) async fn decide(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let (ruling, action) = ruling(&form)?;
        let hub = &visit.app.hub;
        let item = id.clone();
        let read = move |tx: &mut noroshi_store::Tx<'_>| reports::item(tx, &item);
        let item = hub.vault().read("web.item", read).await?.ok_or_else(HubError::not_found)?;
        let place = format!("/desk/reports/{}#indicators", item.report);
        // What may never go out is refused in words; only a ruling that was made is a conflict.
        if item.verdict == reports::ItemVerdict::Quarantined {
            match quarantine::rule(hub, &id, visit.who.actor(), ruling).await {
                Ok(_) => return Ok(Redirect::to(back(&form, &place)).into_response()),
                Err(e) if !was_ruled(&visit, &id).await? => return Err(e),
                Err(_) => {}
            }
        }
        let typed = vec![(visit.t("conflict-yours"), ruling_words(&visit, ruling))];
        conflict::answer(&visit, Wanted { action, subject: &id, place, typed, again: None }).await
    };
    visit.answer(result.await)
}

async fn was_ruled(visit: &Visit, id: &str) -> Result<bool, HubError> {
    let id = id.to_owned();
    let read = move |tx: &mut noroshi_store::Tx<'_>| reports::item(tx, &id);
    let item = visit.app.hub.vault().read("web.item", read).await?;
    Ok(item.is_none_or(|i| i.verdict != reports::ItemVerdict::Quarantined))
}

/// `POST /desk/values/{print}`: the same for every item of a value that waits.
pub(crate) async fn decide_value(
    visit: Visit,
    Path(print): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let (ruling, action) = ruling(&form)?;
        let print = HEXLOWER.decode(print.as_bytes()).map_err(|_| HubError::not_found())?;
        let hub = &visit.app.hub;
        let read = move |tx: &mut noroshi_store::Tx<'_>| {
            let waiting = reports::waiting_of_value(tx, &print, MOST_ITEMS)?;
            let any = reports::item_of_value(tx, &print)?;
            Ok((waiting, any))
        };
        let (waiting, any) = hub.vault().read("web.value", read).await?;
        let place = back(&form, "/desk").to_owned();
        let mut ruled = 0;
        for item in waiting.iter().filter(|i| quarantine::releasable(i)) {
            match quarantine::rule(hub, &item.id, visit.who.actor(), ruling).await {
                Ok(_) => ruled += 1,
                // A colleague was faster with this one.
                Err(_) if was_ruled(&visit, &item.id).await? => {}
                Err(e) => return Err(e),
            }
        }
        if ruled > 0 {
            return Ok(Redirect::to(&place).into_response());
        }
        let subject = form.get("item").map(str::to_owned).or(any.map(|i| i.id));
        let subject = subject.ok_or_else(HubError::not_found)?;
        let typed = vec![(visit.t("conflict-yours"), ruling_words(&visit, ruling))];
        let wanted = Wanted { action, subject: &subject, place, typed, again: None };
        conflict::answer(&visit, wanted).await
    };
    visit.answer(result.await)
}

/// `POST /desk/revoke`: takes a released indicator back with the next tick.
pub(crate) async fn revoke(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let form = SmallForm::read(&visit, request).await?;
        let kind = form.get("kind").and_then(Kind::from_name).ok_or_else(HubError::not_found)?;
        let value = form.get("value").unwrap_or_default();
        let hub = &visit.app.hub;
        let revoked = quarantine::revoke(hub, kind, value, visit.who.actor()).await;
        let row = find(&visit, form.get("report").unwrap_or_default()).await?;
        let place = format!("/desk/reports/{}#indicators", row.id);
        match revoked {
            Ok(()) => Ok(Redirect::to(&place).into_response()),
            Err(e) if e.problem().code() == "not-found" => {
                let value = noroshi_stix::Observable::parse(kind, value);
                let print = value.map(|v| crate::ids::fingerprint(&v)).unwrap_or_default();
                let subject = HEXLOWER.encode(&print);
                let typed = vec![(visit.t("conflict-yours"), visit.t("desk-revoke"))];
                let action = "indicator.revoke";
                let wanted = Wanted { action, subject: &subject, place, typed, again: None };
                conflict::answer(&visit, wanted).await
            }
            Err(e) => Err(e),
        }
    };
    visit.answer(result.await)
}

fn ruling(form: &SmallForm) -> Result<(Ruling, &'static str), HubError> {
    match form.get("ruling") {
        Some("release") => Ok((Ruling::Release, "quarantine.release")),
        Some("refuse") => Ok((Ruling::Refuse, "quarantine.refuse")),
        _ => Err(HubError::bad("broken-form", "Press one of the two buttons.")),
    }
}

fn ruling_words(visit: &Visit, ruling: Ruling) -> String {
    match ruling {
        Ruling::Release => visit.t("desk-release"),
        Ruling::Refuse => visit.t("desk-refuse"),
    }
}
