//! The operator's page: members, partners, keys, accounts, the trail, health. Never a report.

use std::collections::HashMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use noroshi_stix::Timestamp;

use super::frame::{Frame, role_label};
use super::times::{self, Moment};
use super::visit::Visit;
use crate::admin;
use crate::error::HubError;
use crate::vault::agreements::Signature;
use crate::vault::audit::{self, Entry};
use crate::vault::indicators;
use crate::vault::keys::KeyRow;
use crate::vault::partners::PartnerKey;

/// Lines of the trail that are shown.
const AUDIT_LIMIT: i64 = 100;

#[derive(Template)]
#[template(path = "operator.html")]
struct Page {
    frame: Frame,
    version: &'static str,
    releases: u64,
    of_partners: u64,
    rejected: u64,
    newest: Option<Moment>,
    pending: i64,
    members: Vec<MemberLine>,
    partners: Vec<PartnerLine>,
    keys: Vec<KeyLine>,
    accounts: Vec<AccountLine>,
    trail: Vec<TrailLine>,
}

struct MemberLine {
    id: String,
    name_ja: String,
    name_en: String,
    label: String,
    /// Until when the agreement holds.
    until: Option<Moment>,
    left: bool,
}

struct PartnerLine {
    id: String,
    name: String,
    desk: bool,
    read_releases: bool,
    left: bool,
}

struct KeyLine {
    id: String,
    /// Name of the member or partner.
    owner: String,
    label: String,
    rights: String,
    state: String,
    good: bool,
    expires: Moment,
}

struct AccountLine {
    id: String,
    name: String,
    role: String,
    member: String,
    disabled: bool,
}

struct TrailLine {
    at: Moment,
    actor: String,
    action: String,
}

/// `GET /operator`
pub(crate) async fn overview(visit: Visit) -> Response {
    visit.answer(page(&visit).await.map(|page| visit.show(StatusCode::OK, &page)))
}

async fn page(visit: &Visit) -> Result<Page, HubError> {
    let hub = &visit.app.hub;
    let japanese = visit.japanese();
    let members = admin::list_members(hub).await?;
    let (_, signatures) = admin::list_agreements(hub).await?;
    let until = valid_until(&signatures, hub.now());
    let keys = admin::list_keys(hub).await?;
    let partners = admin::list_partners(hub).await?;
    let partner_keys = admin::list_partner_keys(hub).await?;
    let accounts = admin::list_accounts(hub).await?;
    let (trail, pending) = hub
        .vault()
        .read("web.operator", |tx| Ok((audit::recent(tx, AUDIT_LIMIT)?, indicators::pending(tx)?)))
        .await?;
    let names: HashMap<&str, &str> =
        members.iter().map(|m| (m.id.as_str(), m.name(japanese))).collect();
    let name_of = |id: &str| names.get(id).map_or_else(|| id.to_owned(), |n| (*n).to_owned());
    let partner_of = |id: &str| {
        let partner = partners.iter().find(|p| p.id == id);
        partner.map_or_else(|| id.to_owned(), |p| p.name.clone())
    };
    let people: HashMap<&str, &str> =
        accounts.iter().map(|a| (a.id.as_str(), a.name.as_str())).collect();
    let health = hub.shelf().health();
    let newest = (health.newest_tick > 0).then(|| Timestamp::from_micros(health.newest_tick));
    Ok(Page {
        frame: visit.frame(visit.t("operator-title")),
        version: env!("CARGO_PKG_VERSION"),
        releases: health.releases,
        of_partners: health.verified.saturating_sub(health.releases),
        rejected: health.rejected,
        newest: newest.map(|t| times::moment(t, japanese)),
        pending,
        keys: keys
            .iter()
            .map(|k| key_line(visit, k, name_of(&k.member)))
            .chain(partner_keys.iter().map(|k| partner_key_line(visit, k, partner_of(&k.partner))))
            .collect(),
        partners: partners
            .iter()
            .map(|p| PartnerLine {
                id: p.id.clone(),
                name: p.name.clone(),
                desk: p.desk,
                read_releases: p.read_releases,
                left: p.left.is_some(),
            })
            .collect(),
        trail: trail.iter().map(|e| trail_line(visit, e, &people)).collect(),
        accounts: accounts
            .iter()
            .map(|a| AccountLine {
                id: a.id.clone(),
                name: a.name.clone(),
                role: role_label(a.role, &visit.say),
                member: a.member.as_deref().map(name_of).unwrap_or_default(),
                disabled: a.disabled,
            })
            .collect(),
        members: members
            .iter()
            .map(|m| MemberLine {
                id: m.id.clone(),
                name_ja: m.name_ja.clone(),
                name_en: m.name_en.clone(),
                label: m.label_path.join(" / "),
                until: until.get(m.id.as_str()).copied().map(times::day),
                left: m.left.is_some_and(|l| l <= hub.now()),
            })
            .collect(),
    })
}

/// The latest end of the signatures that hold at `now`, by member.
fn valid_until(signatures: &[Signature], now: Timestamp) -> HashMap<&str, Timestamp> {
    let mut until = HashMap::new();
    let holds = |s: &&Signature| s.withdrawn.is_none() && s.signed <= now && s.expires > now;
    for s in signatures.iter().filter(holds) {
        let end = until.entry(s.member.as_str()).or_insert(s.expires);
        *end = s.expires.max(*end);
    }
    until
}

fn key_line(visit: &Visit, key: &KeyRow, owner: String) -> KeyLine {
    let rights = match (key.may_read, key.may_report) {
        (true, true) => visit.t("key-both"),
        (false, true) => visit.t("key-report"),
        _ => visit.t("key-read"),
    };
    let good = key.holds(visit.app.hub.now());
    KeyLine {
        id: key.id.clone(),
        owner,
        label: key.label.clone(),
        rights: rights_text(visit, rights, key.fingerprint.is_some()),
        state: state(visit, key.revoked.is_some(), good),
        good,
        expires: times::day(key.expires),
    }
}

fn partner_key_line(visit: &Visit, key: &PartnerKey, owner: String) -> KeyLine {
    let good = key.holds(visit.app.hub.now());
    KeyLine {
        id: key.id.clone(),
        owner,
        label: key.label.clone(),
        rights: rights_text(visit, visit.t("key-partners"), key.fingerprint.is_some()),
        state: state(visit, key.revoked.is_some(), good),
        good,
        expires: times::day(key.expires),
    }
}

fn rights_text(visit: &Visit, rights: String, certificate: bool) -> String {
    if certificate { format!("{rights} ({})", visit.t("key-certificate")) } else { rights }
}

fn state(visit: &Visit, revoked: bool, good: bool) -> String {
    match (revoked, good) {
        (true, _) => visit.t("key-revoked"),
        (false, true) => visit.t("key-holds"),
        (false, false) => visit.t("key-expired"),
    }
}

/// Who filed a report or decided on one's own context stays between the member and the desk.
fn trail_line(visit: &Visit, entry: &Entry, people: &HashMap<&str, &str>) -> TrailLine {
    let private = matches!(
        entry.action.as_str(),
        "report.file" | "context.approved" | "context.declined" | "direct.send" | "direct.refuse"
    );
    let actor = match people.get(entry.actor.as_str()) {
        _ if private => visit.t("operator-somebody"),
        Some(name) => (*name).to_owned(),
        None => entry.actor.clone(),
    };
    TrailLine { at: times::moment(entry.at, visit.japanese()), actor, action: entry.action.clone() }
}
