//! What happened to a report and its case so far, in the order it happened.

use noroshi_store::Tx;

use crate::case::Case;
use crate::case::filings;
use crate::error::HubError;
use crate::vault::audit::{self, Entry};
use crate::vault::mailbox as questions;
use crate::vault::reports::{self as rows, ReportRow};
use crate::web::duties;
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;

/// One step.
pub(crate) struct Step {
    pub(crate) at: Moment,
    pub(crate) what: String,
    /// Where to read more.
    pub(crate) link: Option<String>,
    /// Whether it is the report of this page being sent.
    pub(crate) here: bool,
}

/// The steps of a report's case, oldest first. Only what its reporter may see: nothing tells of a
/// question that only the report's words open.
///
/// # Errors
/// When the vault cannot be read.
pub(super) async fn steps(
    visit: &Visit,
    report: &ReportRow,
    known: &Case,
) -> Result<Vec<Step>, HubError> {
    let (case, member) = (known.id.clone(), report.member.clone());
    let read = move |tx: &mut Tx<'_>| {
        let mut reports = rows::of_case(tx, &case)?;
        reports.retain(|r| r.member == member);
        let mut trail = Vec::new();
        let mut asked = Vec::new();
        for report in &reports {
            trail.extend(audit::of_subject(tx, &report.id)?);
            asked.extend(questions::of_report(tx, &report.id)?);
        }
        Ok((reports, trail, asked))
    };
    let (reports, trail, asked) = visit.app.hub.vault().read("web.timeline", read).await?;
    let mut steps = Vec::new();
    for sent in &reports {
        let key = if sent.continues.is_some() { "step-added" } else { "step-sent" };
        let here = sent.id == report.id;
        let link = (!here).then(|| format!("/reports/{}", sent.id));
        steps.push((sent.accepted, visit.t(key), link, here));
    }
    let mut version = 0;
    for entry in &trail {
        let link = (entry.subject != report.id).then(|| format!("/reports/{}", entry.subject));
        if let Some(what) = step(visit, entry, &mut version) {
            let answers = matches!(entry.action.as_str(), "case.answer" | "case.clock");
            let old = format!("/reports/{}/answers/{version}", report.id);
            let link = if answers { Some(old) } else { link };
            steps.push((entry.at, what, link, false));
        }
    }
    for question in asked.iter().filter(|q| q.item.is_none()) {
        let link = Some(format!("/reports/{}#questions", question.report));
        steps.push((question.asked, visit.t("step-asked"), link.clone(), false));
        if let Some(at) = question.answered {
            steps.push((at, visit.t("step-answered"), link, false));
        }
    }
    let lang = duties::lang(visit);
    for kept in filings::of_case(&visit.app.hub, &known.id).await? {
        let law = known.reference.obligation(&kept.row.obligation);
        let law = law.map_or_else(|| kept.row.obligation.clone(), |o| o.name.lang(lang).to_owned());
        let link = Some(format!("/reports/{}#filings", report.id));
        let key = if kept.row.filed { "step-filed" } else { "step-filing-draft" };
        let said = |key: &str| visit.say.with(key, &[("law", law.clone().into())]);
        steps.push((kept.row.at, said(key), link.clone(), false));
        for event in &kept.events {
            let key = match event.event.as_str() {
                "acknowledged" => "step-acknowledged",
                _ => "step-supplement",
            };
            steps.push((event.at, said(key), link.clone(), false));
        }
    }
    steps.sort_by_key(|(at, ..)| *at);
    let shown = steps.into_iter().map(|(at, what, link, here)| Step {
        at: times::moment(at, visit),
        what,
        link,
        here,
    });
    Ok(shown.collect())
}

/// A line of the audit trail in words; `None` for what is no step or stands elsewhere.
fn step(visit: &Visit, entry: &Entry, version: &mut usize) -> Option<String> {
    let key = match entry.action.as_str() {
        "context.desk-approved" => "step-context-asked",
        "context.asked-again" => "step-context-again",
        "context.approved" => "step-context-approved",
        "context.declined" => "step-context-declined",
        "context.released" => "step-context-released",
        "context.revoke" => "step-context-revoked",
        "case.withdraw" => "step-withdrawn",
        "case.close" => "step-closed",
        "case.reclassify" => "step-reclassified",
        // Both write the answers anew.
        "case.answer" | "case.clock" => {
            *version += 1;
            return Some(visit.count("step-answers", *version));
        }
        _ => return None,
    };
    Some(visit.t(key))
}
