//! One report as the desk sees it: who, what, the text with its marks, what else is of the same
//! attacker, what was asked, what was decided.

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use noroshi_anonymity::Group;
use noroshi_intake::Facts;
use noroshi_stix::Timestamp;

use super::acts::{self, Presence};
use super::compose::{self, Compose};
use super::find;
use super::keys::{self, Keys};
use super::original::{self, FIRST_BYTES, Original};
use super::people::People;
use super::queue::span;
use super::related::{self, Panel};
use super::texts::named;
use crate::api::views;
use crate::context;
use crate::desk_queue::{HOUR, LEVELS, SOON_HOURS};
use crate::desk_review::{self, HOLD_HOURS, HOLD_REASONS};
use crate::error::HubError;
use crate::intake::facts_from_json;
use crate::vault::audit::Entry;
use crate::vault::contexts::{self, ContextRow};
use crate::vault::desk_now;
use crate::vault::desk_reports::{self, DeskRow};
use crate::vault::direct as direct_rows;
use crate::vault::direct::DirectRow;
use crate::vault::reports::{self as rows, ContextState, DropRow, ItemRow, ReportRow};
use crate::web::direct::{self, DirectLine};
use crate::web::frame::Frame;
use crate::web::look::{self, Dropped, Item, SHOWN};
use crate::web::mailbox::{self, AskLine, QuestionLine};
use crate::web::outlook::{self, OutlookView};
use crate::web::report::{Words, public_words, summary};
use crate::web::small_form::SmallForm;
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;

/// Most files shown; the others are on pages of their own.
const FILES: usize = 3;
/// Indicators shown unasked.
const FEW: usize = 40;
/// Most lines of the history.
const HISTORY: i64 = 100;

#[derive(Template)]
#[template(path = "desk_report.html")]
struct Page {
    frame: Frame,
    csrf: String,
    keys: Keys,
    here: String,
    presence: String,
    id: String,
    member: String,
    title: String,
    accepted: Moment,
    age: String,
    hold_until: Option<Moment>,
    summary: String,
    facts: Vec<(String, String)>,
    state: State,
    items: Vec<Item>,
    more: usize,
    dropped: Vec<Dropped>,
    originals: Vec<Original>,
    panel: Panel,
    context: String,
    /// State the context's forms were made from.
    context_from: &'static str,
    outlook: Option<OutlookView>,
    words: Option<Words>,
    proposed: bool,
    /// Whether the desk said yes and may still say no.
    agreed: bool,
    compose: Option<Compose>,
    certificate: Option<String>,
    /// Whether a release of the case is out and can be taken back.
    out: bool,
    questions: Vec<QuestionLine>,
    /// Whether an answer is to be read.
    answers: bool,
    /// What can be asked.
    asks: Vec<AskLine>,
    direct: Vec<DirectLine>,
    /// Whether there is anything a direct release could say.
    can_direct: bool,
    /// Members that may receive one: id, name.
    recipients: Vec<(String, String)>,
    history: Vec<(Moment, String, String)>,
}

/// What the address asks for.
struct Asked {
    /// A starting point of what would be said.
    template: Option<String>,
    /// All indicators.
    all: bool,
}

/// How the desk stands to the report.
struct State {
    rank: i64,
    urgency: String,
    why: Vec<String>,
    due: Option<String>,
    /// Who read it when.
    reviewed: Option<String>,
    /// Who took it; empty for nobody.
    from: String,
    assignee: Option<String>,
    mine: bool,
    /// Why and how long it is put aside.
    hold: Option<String>,
    hold_note: String,
    hold_from: i64,
    reasons: Vec<(&'static str, String)>,
    hours: Vec<(i64, String)>,
}

/// What the vault gives in one transaction.
struct Stored {
    items: Vec<ItemRow>,
    drops: Vec<DropRow>,
    originals: Vec<(String, Vec<u8>)>,
    release: Option<ContextRow>,
    direct: Vec<DirectRow>,
    desk: Option<DeskRow>,
    history: Vec<Entry>,
    answers: bool,
}

/// `GET /desk/reports/{id}`
pub(crate) async fn report(
    visit: Visit,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let result = async {
        let row = find(&visit, &id).await?;
        let query = SmallForm::query(uri.query());
        let asked = Asked {
            template: query.get("template").map(str::to_owned),
            all: query.get("all").is_some(),
        };
        let page = page(&visit, row, keys::of(&headers), &asked).await?;
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

async fn stored(visit: &Visit, row: &ReportRow) -> Result<Stored, HubError> {
    let (id, case) = (row.id.clone(), row.case().to_owned());
    let read = move |tx: &mut noroshi_store::Tx<'_>| {
        let work = crate::vault::desk_work::of_report(tx, &id)?;
        Ok(Stored {
            items: rows::items(tx, &id)?,
            drops: rows::drops(tx, &id)?,
            originals: rows::originals(tx, &id)?,
            release: contexts::of_case(tx, &case)?,
            direct: direct_rows::of_report(tx, &id)?,
            desk: desk_reports::one(tx, &id)?,
            history: desk_now::trail(tx, &id, HISTORY)?,
            answers: work.iter().any(|w| w.kind == crate::vault::desk_work::Kind::Answer),
        })
    };
    Ok(visit.app.hub.vault().read("web.desk_items", read).await?)
}

async fn page(visit: &Visit, row: ReportRow, keys: Keys, asked: &Asked) -> Result<Page, HubError> {
    let hub = &visit.app.hub;
    let now = hub.now();
    let Stored { mut items, drops, originals, release, direct, desk, history, answers } =
        stored(visit, &row).await?;
    let release = release.map(|r| views::release(&r));
    let prospect = context::prospect(hub, &row).await?;
    let people = People::read(visit).await?;
    let presence = acts::look(visit, &row.id).await?;
    let known = original::known(visit, &row, items.clone()).await?;
    let summary = summary(visit, &items);
    // What can be decided comes first; the rest is a page away.
    items.sort_by_key(|i| !crate::quarantine::waits(i));
    let most = if asked.all { SHOWN } else { FEW };
    let more = items.len().saturating_sub(most);
    items.truncate(most);
    let japanese = visit.japanese();
    let file = |(at, (name, bytes)): (usize, &(String, Vec<u8>))| {
        let address = format!("/desk/reports/{}/originals/{at}", row.id);
        original::original(visit, &known, (name, bytes), (0, FIRST_BYTES), &address)
    };
    Ok(Page {
        frame: visit.frame(visit.t("desk-report-title")),
        csrf: visit.csrf(),
        keys,
        here: format!("/desk/reports/{}", row.id),
        presence: shown(&presence)?,
        member: hub.policy().name_of(&row.member, japanese),
        title: super::rows::title_of(visit, &row),
        accepted: times::moment(row.accepted, visit),
        age: span(visit, row.accepted, now),
        hold_until: row.hold_until.map(|t| times::moment(t, visit)),
        summary,
        facts: facts(visit, &facts_from_json(&row.facts)),
        state: state(visit, desk.as_ref(), &people, now),
        items: look::stored(visit, items).await?,
        more,
        dropped: drops
            .iter()
            .take(most)
            .map(|d| look::dropped(visit, &d.text, &d.reason, &d.origin))
            .collect(),
        originals: originals.iter().enumerate().take(FILES).map(file).collect(),
        panel: related::panel(visit, &row).await?,
        context: look::context(row.context, &visit.say),
        context_from: row.context.as_str(),
        outlook: prospect.map(|p| outlook::view(visit, &p)),
        words: public_words(visit, &row),
        compose: compose::form(visit, &row, asked.template.as_deref())?,
        out: release.as_ref().is_some_and(|r| r.state == "out"),
        certificate: release.map(|r| r.certificate),
        questions: mailbox::lines(visit, &row.id, false).await?,
        answers,
        asks: mailbox::list(visit)?,
        direct: direct::lines(visit, &direct),
        can_direct: crate::direct::wording(&hub.policy(), &row).is_some(),
        recipients: recipients(visit, &row),
        proposed: row.context == ContextState::Proposed,
        agreed: matches!(row.context, ContextState::DeskApproved | ContextState::Approved),
        history: history.iter().map(|e| told(visit, &people, e)).collect(),
        id: row.id,
    })
}

fn shown(presence: &Presence) -> Result<String, HubError> {
    presence.render().map_err(|e| HubError::Register(e.to_string()))
}

fn told(visit: &Visit, people: &People, e: &Entry) -> (Moment, String, String) {
    (times::moment(e.at, visit), people.name(visit, e), people.deed(visit, &e.action))
}

fn state(visit: &Visit, desk: Option<&DeskRow>, people: &People, now: Timestamp) -> State {
    let hold = desk.and_then(|d| d.hold.as_ref()).filter(|h| h.until > now);
    let from = desk.and_then(|d| d.assignee.clone()).unwrap_or_default();
    let due = desk.and_then(|d| d.due.filter(|t| *t > now).map(|t| (t, d.clock == Some(t))));
    // As the queue puts it: what becomes due soon is urgent.
    let soon = now.plus_micros(SOON_HOURS * HOUR);
    let is_soon = due.is_some_and(|(at, _)| at <= soon);
    let rank = if is_soon { 0 } else { desk.map_or(LEVELS - 1, |d| d.rank) };
    let name = |account: &str| match account {
        "hub" => visit.t("who-hub"),
        _ => people.colleague(account).unwrap_or_default().to_owned(),
    };
    State {
        rank,
        urgency: named(visit, "urgency", &rank.to_string()),
        why: desk
            .map(|d| d.why.as_slice())
            .unwrap_or_default()
            .iter()
            .map(|c| named(visit, "why", c))
            .collect(),
        due: due.map(|(at, is_clock)| {
            let key = if is_clock { "queue-clock" } else { "queue-hold" };
            visit.say.with(key, &[("span", span(visit, now, at).into())])
        }),
        reviewed: desk.and_then(|d| d.reviewed.as_ref()).map(|(at, by)| {
            let when = times::moment(*at, visit).people;
            visit.say.with("state-read", &[("name", name(by).into()), ("when", when.into())])
        }),
        mine: !from.is_empty() && from == visit.who.actor(),
        assignee: (!from.is_empty()).then(|| name(&from)),
        from,
        hold: hold.map(|h| {
            let length = match desk_review::is_endless(h.until, now) {
                true => visit.t("hold-0"),
                false => span(visit, now, h.until),
            };
            let reason = named(visit, "hold", &h.reason);
            visit.say.with(
                "state-hold",
                &[("name", name(&h.by).into()), ("reason", reason.into()), ("span", length.into())],
            )
        }),
        hold_note: hold.map(|h| h.note.clone()).unwrap_or_default(),
        hold_from: desk.and_then(|d| d.hold.as_ref()).map_or(0, |h| h.until.as_micros()),
        reasons: HOLD_REASONS.into_iter().map(|r| (r, named(visit, "hold", r))).collect(),
        hours: HOLD_HOURS.into_iter().map(|h| (h, named(visit, "hold", &h.to_string()))).collect(),
    }
}

/// Everybody but the reporter, by name.
fn recipients(visit: &Visit, row: &ReportRow) -> Vec<(String, String)> {
    let policy = visit.app.hub.policy();
    let others = policy.members.values().filter(|m| m.left.is_none() && m.id != row.member);
    let named = others.map(|m| (m.id.clone(), m.name(visit.japanese()).to_owned()));
    let mut all: Vec<(String, String)> = named.collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

/// The filled fields, each with its name; terms of the vocabulary in the reader's words.
fn facts(visit: &Visit, facts: &Facts) -> Vec<(String, String)> {
    let policy = visit.app.hub.policy();
    let term = |group: Group, id: &Option<String>| {
        let id = id.as_ref()?;
        let known = policy.vocabulary.term(group, id);
        Some(known.map_or_else(|| id.clone(), |t| t.text(visit.language()).to_owned()))
    };
    let time = |at: Option<noroshi_stix::Timestamp>| at.map(|t| times::moment(t, visit).people);
    let list = |items: &[String]| (!items.is_empty()).then(|| items.join(", "));
    let all = [
        (visit.t("fact-title"), facts.title.clone()),
        (visit.t("fact-narrative"), facts.narrative.clone()),
        (visit.t("fact-attack-type"), term(Group::AttackType, &facts.attack_type)),
        (visit.t("fact-initial-access"), term(Group::InitialAccess, &facts.initial_access)),
        (visit.t("fact-impact"), term(Group::Impact, &facts.impact)),
        (visit.t("fact-course-of-action"), term(Group::CourseOfAction, &facts.course_of_action)),
        (visit.t("fact-techniques"), list(&facts.techniques)),
        (visit.t("fact-affected-hosts"), facts.affected_hosts.map(|n| n.to_string())),
        (visit.t("fact-product"), facts.product.clone()),
        (visit.t("fact-occurred"), time(facts.occurred_at)),
        (visit.t("fact-detected"), time(facts.detected_at)),
        (visit.t("fact-mail-subject"), facts.mail_subject.clone()),
        (visit.t("fact-mail-recipients"), list(&facts.mail_recipients)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
