//! One row of the queue: what it is, why it stands where it stands, and what can be done about it.

use std::collections::HashMap;

use noroshi_anonymity::Group;
use noroshi_outlet::i18n;
use noroshi_stix::Timestamp;
use noroshi_store::{StoreError, Tx};

use super::queue::span;
use super::texts::named;
use crate::direct;
use crate::intake::facts_from_json;
use crate::mailbox::forms;
use crate::vault::desk_reports::{self, DeskRow};
use crate::vault::desk_work::{Kind, Work};
use crate::vault::direct::{self as direct_rows, DirectRow};
use crate::vault::mailbox::{self, QuestionRow};
use crate::vault::reports::{self, ItemRow, ReportRow};
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;

/// Most characters of a title.
const TITLE_CHARS: usize = 120;

/// What the vault says about a row.
pub(super) struct Facts {
    report: Option<ReportRow>,
    desk: Option<DeskRow>,
    item: Option<ItemRow>,
    question: Option<QuestionRow>,
    direct: Option<DirectRow>,
    /// The first value that says something, for reports that nobody gave a title.
    first: Option<String>,
}

/// A row of the queue.
pub(super) struct Row {
    pub(super) kind_label: String,
    pub(super) href: String,
    pub(super) title: String,
    /// The value, in the row of one.
    pub(super) value: Option<String>,
    pub(super) detail: Vec<String>,
    pub(super) member: String,
    pub(super) rank: i64,
    pub(super) urgency: String,
    pub(super) why: Vec<String>,
    pub(super) since: Moment,
    pub(super) age: String,
    pub(super) due: Option<String>,
    pub(super) assignee: Option<String>,
    pub(super) acts: Vec<Act>,
}

/// Something that can be done without opening the row.
pub(super) struct Act {
    /// The key that does it.
    pub(super) key: &'static str,
    pub(super) label: String,
    /// Where its form goes.
    pub(super) action: String,
    /// Hidden fields.
    pub(super) fields: Vec<(&'static str, String)>,
    /// A link instead of a form: a page asks again.
    pub(super) link: bool,
}

/// Reads what a row shows.
pub(super) fn read(tx: &mut Tx<'_>, work: &Work) -> Result<Facts, StoreError> {
    let of_value = matches!(work.kind, Kind::Value);
    let print = || data_encoding::HEXLOWER.decode(work.subject.as_bytes()).unwrap_or_default();
    let item = match work.kind {
        Kind::Value => reports::waiting_of_value(tx, &print(), 1)?.into_iter().next(),
        Kind::Recall => reports::item_of_value(tx, &print())?,
        _ => None,
    };
    let report = match &item {
        Some(item) if of_value => item.report.clone(),
        _ => work.report.clone(),
    };
    let row = reports::one(tx, &report)?;
    let first = match work.kind {
        Kind::Report | Kind::Context if row.as_ref().is_some_and(|r| said_title(r).is_none()) => {
            reports::linking(tx, &report, 1)?.into_iter().next().map(|(.., value)| value)
        }
        _ => None,
    };
    Ok(Facts {
        desk: desk_reports::one(tx, &report)?,
        report: row,
        first,
        item,
        question: match work.kind {
            Kind::Answer => mailbox::one(tx, &work.subject)?,
            _ => None,
        },
        direct: match work.kind {
            Kind::Direct => direct_rows::one(tx, &work.subject)?,
            _ => None,
        },
    })
}

/// The row of a piece of work.
pub(super) fn row(
    visit: &Visit,
    work: &Work,
    found: &Facts,
    names: &HashMap<String, String>,
    now: Timestamp,
) -> Row {
    let policy = visit.app.hub.policy();
    let member = found.report.as_ref().map(|r| policy.name_of(&r.member, visit.japanese()));
    let (title, value, detail) = said(visit, work, found);
    let anchor = match work.kind {
        Kind::Report => "",
        Kind::Context => "#context",
        Kind::Value | Kind::Recall => "#indicators",
        Kind::Answer => "#questions",
        Kind::Direct => "#direct",
    };
    let report = found.report.as_ref().map_or(work.report.as_str(), |r| &r.id);
    let codes = found.desk.as_ref().map(|d| d.why.as_slice()).unwrap_or_default();
    Row {
        kind_label: named(visit, "queue-one", work.kind.as_str()),
        href: format!("/desk/reports/{report}{anchor}"),
        title,
        value,
        detail,
        member: member.unwrap_or_default(),
        rank: work.rank,
        urgency: named(visit, "urgency", &work.rank.to_string()),
        why: codes.iter().map(|c| named(visit, "why", c)).collect(),
        since: times::moment(work.since, visit),
        age: span(visit, work.since, now),
        due: due(visit, work, found, now),
        assignee: found.desk.as_ref().and_then(|d| {
            let account = d.assignee.as_ref()?;
            let mine = account == visit.who.actor();
            Some(if mine { visit.t("queue-me") } else { names.get(account).cloned()? })
        }),
        acts: acts(visit, work, found),
    }
}

/// Title, value and details of a row.
fn said(visit: &Visit, work: &Work, found: &Facts) -> (String, Option<String>, Vec<String>) {
    let japanese = visit.japanese();
    match work.kind {
        Kind::Report | Kind::Context => (report_title(visit, found), None, Vec::new()),
        Kind::Value | Kind::Recall => {
            let Some(item) = &found.item else { return Default::default() };
            let why = |w: &reports::Why| if japanese { w.ja.clone() } else { w.en.clone() };
            let mut detail: Vec<String> = item.reasons.iter().take(3).map(why).collect();
            if work.reports > 1 {
                let count = usize::try_from(work.reports).unwrap_or_default();
                detail.insert(0, visit.count("queue-in-reports", count));
            }
            (i18n::kind_label(item.kind, &visit.say), Some(item.value.clone()), detail)
        }
        Kind::Answer => {
            let Some(q) = &found.question else { return Default::default() };
            let form = forms::forms().ok().and_then(|all| all.get(&q.form));
            let asked = match form {
                Some(f) => {
                    if japanese {
                        f.ja.clone()
                    } else {
                        f.en.clone()
                    }
                }
                None => q.text.clone().unwrap_or_default(),
            };
            let answer = forms::words_of(&q.form, q.answer.as_deref().unwrap_or_default());
            let answer = if japanese { answer.ja } else { answer.en };
            (short(&asked), None, vec![short(&answer)])
        }
        Kind::Direct => {
            let Some(d) = &found.direct else { return Default::default() };
            let text = direct::text_of(d);
            let title = text.map(|t| if japanese { t.title_ja } else { t.title_en });
            let to = visit.count("queue-recipients", d.recipients.len());
            (title.unwrap_or_default(), None, vec![to])
        }
    }
}

/// What the reporter called it, else the subject of the mail, else the kind of attack.
pub(super) fn title_of(visit: &Visit, report: &ReportRow) -> String {
    if let Some(title) = said_title(report) {
        return title;
    }
    let facts = facts_from_json(&report.facts);
    let policy = visit.app.hub.policy();
    let kind = facts.attack_type.and_then(|a| policy.vocabulary.term(Group::AttackType, &a));
    kind.map_or_else(|| visit.t("queue-untitled"), |t| t.text(visit.language()).to_owned())
}

/// A subject is the attacker's, but nobody calls such a report anything else.
fn said_title(report: &ReportRow) -> Option<String> {
    let facts = facts_from_json(&report.facts);
    let said = [facts.title, facts.mail_subject, facts.narrative];
    said.into_iter().flatten().find(|t| !t.trim().is_empty()).map(|t| short(t.trim()))
}

fn report_title(visit: &Visit, found: &Facts) -> String {
    let title = found.report.as_ref().map(|r| title_of(visit, r)).unwrap_or_default();
    match &found.first {
        Some(value) => format!("{title}: {}", short(value)),
        None => title,
    }
}

fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(TITLE_CHARS) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line.to_owned(),
    }
}

/// The next thing that happens by itself.
fn due(visit: &Visit, work: &Work, found: &Facts, now: Timestamp) -> Option<String> {
    if let Some(until) = work.pause.filter(|p| *p > now) {
        if crate::desk_review::is_endless(until, now) {
            return Some(visit.t("queue-aside"));
        }
        let left = span(visit, now, until);
        return Some(visit.say.with("queue-aside-for", &[("span", left.into())]));
    }
    let at = work.due.filter(|d| *d > now)?;
    let is_clock = found.desk.as_ref().is_some_and(|d| d.clock == Some(at));
    let key = if is_clock { "queue-clock" } else { "queue-hold" };
    Some(visit.say.with(key, &[("span", span(visit, now, at).into())]))
}

fn acts(visit: &Visit, work: &Work, found: &Facts) -> Vec<Act> {
    let form = |key, label: &str, action: String, fields| Act {
        key,
        label: visit.t(label),
        action,
        fields,
        link: false,
    };
    let report = format!("/desk/reports/{}", work.report);
    let link =
        |key, label: &str, action| Act { link: true, ..form(key, label, action, Vec::new()) };
    match work.kind {
        Kind::Report => vec![form("a", "act-read", format!("{report}/act/review"), Vec::new())],
        Kind::Context => vec![link("a", "act-decide", format!("{report}#context"))],
        Kind::Answer => vec![form("a", "act-seen", format!("{report}/seen"), Vec::new())],
        Kind::Direct => vec![link("a", "act-decide", format!("{report}#direct"))],
        Kind::Value => {
            let action = || format!("/desk/values/{}", work.subject);
            vec![
                form("a", "desk-release", action(), vec![("ruling", "release".to_owned())]),
                form("h", "desk-refuse", action(), vec![("ruling", "refuse".to_owned())]),
            ]
        }
        Kind::Recall => match &found.item {
            Some(item) => vec![link("r", "desk-revoke", super::confirm::address(item))],
            None => Vec::new(),
        },
    }
}
