//! One member: its names, what it owns, its agreement, its keys, its people.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::Response;
use noroshi_stix::Timestamp;

use super::accounts::{self, AccountLine};
use super::keys::{self, KeyLine};
use super::members::{label_path, weight};
use super::{Desk, KEY, LINK, PAGE, acting, done, no_such_button, once, read};
use crate::access::Role;
use crate::admin::{self, KeyWish, MemberChange, NewAccount};
use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::accounts::Wanted;
use crate::vault::agreements::Signature;
use crate::vault::members::AssetKind;
use crate::web::frame::Frame;
use crate::web::small_form::SmallForm;
use crate::web::times::{self, Moment};
use crate::web::trouble;
use crate::web::visit::Visit;

const TAB: &str = "/operator/members";
/// Days a key holds unless the form says otherwise.
const KEY_DAYS: u32 = 365;

#[derive(Template)]
#[template(path = "operator_member.html")]
struct Page {
    frame: Frame,
    desk: Desk,
    problem: Option<String>,
    here: String,
    id: String,
    name: String,
    name_ja: String,
    name_en: String,
    label: String,
    weight: u32,
    joined: Moment,
    left: Option<Moment>,
    assets: Vec<AssetLine>,
    kinds: Vec<(&'static str, String)>,
    until: Option<Moment>,
    signatures: Vec<SignatureLine>,
    /// The day a new signature ends unless the form says otherwise.
    in_a_year: String,
    keys: Vec<KeyLine>,
    key_days: u32,
    accounts: Vec<AccountLine>,
}

struct AssetLine {
    kind: &'static str,
    label: String,
    value: String,
}

struct SignatureLine {
    version: String,
    signer: String,
    signed: Moment,
    expires: Moment,
    withdrawn: Option<Moment>,
}

/// `GET /operator/members/{id}`
pub(crate) async fn one(visit: Visit, Path(id): Path<String>) -> Response {
    let page = page(&visit, &id, None).await;
    visit.answer(page.map(|page| visit.show(StatusCode::OK, &page)))
}

/// `POST /operator/members/{id}`
pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = read(&visit, request).await?;
        match act(&visit, &id, &form).await {
            Ok(response) => Ok(response),
            Err(e) if e.problem().status() == StatusCode::NOT_FOUND => Err(e),
            Err(e) if e.problem().status().is_client_error() => {
                let (status, why) = (e.problem().status(), trouble::explain(&visit, &e));
                let page = page(&visit, &id, Some(why)).await?;
                Ok(visit.show(status, &page))
            }
            Err(e) => Err(e),
        }
    };
    visit.answer(result.await)
}

async fn act(visit: &Visit, id: &str, form: &SmallForm) -> Result<Response, HubError> {
    let hub = &acting(visit);
    let here = format!("{TAB}/{id}");
    // What does not exist is found out before anything is done in its name.
    admin::one_member(hub, id).await?;
    match form.get("do").unwrap_or_default() {
        "change" => {
            let change = MemberChange {
                name_ja: form.text("name_ja").to_owned(),
                name_en: form.text("name_en").to_owned(),
                label_path: label_path(form.text("label")),
                weight: weight(form.text("weight")),
            };
            admin::change_member(hub, id, change).await?;
        }
        "leave" => {
            sure(form)?;
            admin::member_leaves(hub, id).await?;
        }
        "own" => admin::declare_asset(hub, id, kind(form)?, form.text("value")).await?,
        "disown" => {
            let value = form.get("value").unwrap_or_default();
            admin::undeclare_asset(hub, id, kind(form)?, value).await?;
        }
        "sign" => sign(hub, id, form).await?,
        "withdraw" => {
            sure(form)?;
            admin::withdraw_agreement(hub, id).await?;
        }
        "key" => {
            let key = admin::create_key(hub, id, &wish(form)).await?;
            return Ok(once(visit, TAB, KEY, key.expose(), &here));
        }
        "account" => {
            let name = form.text("name").chars().take(200).collect();
            let new = NewAccount { role: Role::Member, member: Some(id.to_owned()), name };
            let account = admin::add_account(hub, new).await?;
            let link = admin::sign_in_link(hub, &account).await?;
            return Ok(once(visit, TAB, LINK, &link, &here));
        }
        _ => return Err(no_such_button()),
    }
    Ok(done(form, &here))
}

/// What cannot be undone with another button is asked for twice.
pub(super) fn sure(form: &SmallForm) -> Result<(), HubError> {
    if form.get("sure") == Some("yes") {
        return Ok(());
    }
    Err(HubError::unprocessable("not-sure", "Tick the box beside the button first."))
}

fn kind(form: &SmallForm) -> Result<AssetKind, HubError> {
    AssetKind::from_name(form.text("kind"))
        .ok_or_else(|| HubError::unprocessable("bad-value", "Choose what kind of thing it is."))
}

async fn sign(hub: &Hub, id: &str, form: &SmallForm) -> Result<(), HubError> {
    // To the end of the day that was chosen.
    let until = times::day_begins(form.text("until"), &jiff::tz::TimeZone::UTC);
    let until = until.map(|t| t.plus_days(1)).unwrap_or(Timestamp::from_micros(0));
    let signer = form.text("signer");
    if signer.is_empty() || signer.chars().count() > 200 {
        return Err(HubError::unprocessable("no-signer", "Say who signed, in up to 200 letters."));
    }
    admin::sign_agreement(hub, id, signer, until).await
}

fn wish(form: &SmallForm) -> KeyWish {
    KeyWish {
        label: form.text("label").chars().take(100).collect(),
        may_read: form.get("read").is_some(),
        may_report: form.get("report").is_some(),
        days: form.text("days").parse().unwrap_or(KEY_DAYS).min(3650),
    }
}

async fn page(visit: &Visit, id: &str, problem: Option<String>) -> Result<Page, HubError> {
    let (hub, now) = (&visit.app.hub, visit.app.hub.now());
    let whole = admin::one_member(hub, id).await?;
    let wanted = Wanted { member: id.to_owned(), limit: PAGE, ..Wanted::default() };
    let people = admin::accounts_page(hub, wanted).await?;
    let member = whole.member;
    let holds = |s: &&Signature| s.withdrawn.is_none() && s.signed <= now && s.expires > now;
    let until = whole.signatures.iter().filter(holds).map(|s| s.expires).max();
    let name = member.name(visit.japanese()).to_owned();
    let assets = whole.assets.into_iter().map(|(kind, value)| AssetLine {
        kind: kind.as_str(),
        label: visit.t(asset(kind)),
        value,
    });
    let kinds = [
        AssetKind::Domain,
        AssetKind::Network,
        AssetKind::Alias,
        AssetKind::Brand,
        AssetKind::NotAlias,
    ];
    let in_a_year = now.plus_days(365).to_string().chars().take(10).collect();
    Ok(Page {
        frame: visit.frame(name.clone()),
        desk: Desk::new(visit, TAB),
        problem,
        here: format!("{TAB}/{id}"),
        name,
        label: member.label_path.join("/"),
        weight: member.weight,
        joined: times::day(member.joined),
        left: member.left.map(times::day),
        assets: assets.collect(),
        kinds: kinds.map(|k| (k.as_str(), visit.t(asset(k)))).to_vec(),
        until: until.filter(|_| member.left.is_none()).map(times::day),
        signatures: whole.signatures.into_iter().map(signature_line).collect(),
        in_a_year,
        keys: whole.keys.iter().map(|k| keys::line(visit, k, String::new())).collect(),
        key_days: KEY_DAYS,
        accounts: people.into_iter().map(|a| accounts::line(visit, a)).collect(),
        id: member.id,
        name_ja: member.name_ja,
        name_en: member.name_en,
    })
}

fn signature_line(s: Signature) -> SignatureLine {
    SignatureLine {
        version: s.agreement,
        signer: s.signer,
        signed: times::day(s.signed),
        expires: times::day(s.expires),
        withdrawn: s.withdrawn.map(times::day),
    }
}

/// What a kind of asset is called.
const fn asset(kind: AssetKind) -> &'static str {
    match kind {
        AssetKind::Alias => "asset-alias",
        AssetKind::Domain => "asset-domain",
        AssetKind::Network => "asset-network",
        AssetKind::Brand => "asset-brand",
        AssetKind::NotAlias => "asset-not-alias",
    }
}
