//! What the hub does by itself, and how the feeds are.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use noroshi_stix::Timestamp;
use noroshi_store::Tx;

use super::Desk;
use crate::admin;
use crate::hub::Hub;
use crate::jobs::Job;
use crate::vault::secrets;
use crate::web::frame::Frame;
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;

/// Microseconds of a day and of an hour.
const DAY: i64 = 24 * HOUR;
const HOUR: i64 = 3_600_000_000;

#[derive(Template)]
#[template(path = "operator_jobs.html")]
struct JobsPage {
    frame: Frame,
    desk: Desk,
    jobs: Vec<JobLine>,
}

struct JobLine {
    name: String,
    what: String,
    last: Option<Moment>,
    /// When it last failed, and why.
    failed: Option<(Moment, String)>,
    failing: bool,
    next: Option<Moment>,
    runs: u64,
    failures: u64,
}

#[derive(Template)]
#[template(path = "operator_feeds.html")]
struct FeedsPage {
    frame: Frame,
    desk: Desk,
    rejected: u64,
    of_partners: u64,
    releases: u64,
    batches_waiting: i64,
    documents_waiting: i64,
    readers: i64,
    collections: Vec<CollectionLine>,
}

struct CollectionLine {
    name: &'static str,
    batches: i64,
    newest: Option<Moment>,
}

/// `GET /operator/jobs`
pub(crate) async fn list(visit: Visit) -> Response {
    let result = async {
        let hub = &visit.app.hub;
        let read = |tx: &mut Tx<'_>| secrets::counter(tx, secrets::CONTEXT_BATCH);
        let begun = hub.vault().read("operator.context_batch", read).await?;
        let page = JobsPage {
            frame: visit.frame(visit.t("operator-tab-jobs")),
            desk: Desk::new(&visit, "/operator/jobs"),
            jobs: Job::ALL.map(|job| line(&visit, hub, job, begun)).into_iter().collect(),
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

fn line(visit: &Visit, hub: &Hub, job: Job, context_begun: i64) -> JobLine {
    let state = hub.jobs().state(job);
    JobLine {
        name: visit.t(texts(job).0),
        what: visit.t(texts(job).1),
        last: state.last.map(|t| times::moment(t, visit)),
        failed: state.failed.map(|(t, why)| (times::moment(t, visit), why)),
        failing: state.failing,
        next: next(hub, job, context_begun).map(|t| times::moment(t, visit)),
        runs: state.runs,
        failures: state.failures,
    }
}

/// What a job is called, and what it does.
pub(super) const fn texts(job: Job) -> (&'static str, &'static str) {
    match job {
        Job::Tick => ("job-tick", "job-tick-what"),
        Job::Delivery => ("job-delivery", "job-delivery-what"),
        Job::Documents => ("job-documents", "job-documents-what"),
        Job::Days => ("job-days", "job-days-what"),
        Job::Mailbox => ("job-mailbox", "job-mailbox-what"),
        Job::Context => ("job-context", "job-context-what"),
        Job::Backup => ("job-backup", "job-backup-what"),
    }
}

/// When a job is due next; `None` for what is asked for.
fn next(hub: &Hub, job: Job, context_begun: i64) -> Option<Timestamp> {
    let now = hub.now();
    let after = |period: i64| now.floor_to(period).plus_micros(period);
    match job {
        Job::Tick | Job::Delivery | Job::Documents | Job::Mailbox => Some(after(hub.tick_micros())),
        Job::Days => Some(after(DAY)),
        Job::Context => {
            let period = i64::from(hub.config().context.batch_hours) * HOUR;
            let due = Timestamp::from_micros(context_begun + period);
            Some(due.max(after(hub.tick_micros())))
        }
        Job::Backup => None,
    }
}

/// `GET /operator/feeds`
pub(crate) async fn feeds(visit: Visit) -> Response {
    let result = async {
        let found = admin::feeds(&visit.app.hub).await?;
        let collections = found.collections.into_iter().map(|(name, batches, newest)| {
            CollectionLine { name, batches, newest: newest.map(|t| times::moment(t, &visit)) }
        });
        let page = FeedsPage {
            frame: visit.frame(visit.t("operator-tab-feeds")),
            desk: Desk::new(&visit, "/operator/feeds"),
            rejected: found.health.rejected,
            releases: found.health.releases,
            of_partners: found.health.verified.saturating_sub(found.health.releases),
            batches_waiting: found.waiting.0,
            documents_waiting: found.waiting.1,
            readers: found.readers,
            collections: collections.collect(),
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}
