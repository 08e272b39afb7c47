//! The TAXII inbox: STIX objects that a member's machine posts become one attributed report.
//!
//! The way is that of every report: understood, judged, stored in one transaction, acknowledged.
//! Nothing goes from here to the shelf. What is particular: each object is read and refused on its
//! own, and the answer is a status resource that says of each what became of it.

mod status;

use axum::http::HeaderMap;
use futures::future::BoxFuture;
use noroshi_intake::IntakeError;
use noroshi_outlet::problem::Problem;
use noroshi_outlet::{Asking, Caller, Inbox, PostedEnvelope};
use noroshi_seal::random_bytes;
use noroshi_stix::Timestamp;
use noroshi_stix::taxii::{Status, TAXII_MEDIA};

use crate::access::{Action, Principal, authenticate};
use crate::app::same_origin;
use crate::error::HubError;
use crate::hub::Hub;
use crate::intake::{Part, Submission, check_idempotency, file, understand_objects};
use crate::vault::agreements;
use crate::vault::statuses::{self, StatusRow};

/// Days a status can be asked for.
const STATUS_DAYS: i64 = 7;
/// Name under which the posted objects are kept with the report.
const FILE_NAME: &str = "taxii-envelope.json";

/// What was posted until this moment is forgotten at `now`; the reports stay.
pub(crate) fn oldest_status(now: Timestamp) -> Timestamp {
    now.plus_days(-STATUS_DAYS)
}

/// The inbox of a hub.
pub(crate) struct HubInbox(Hub);

impl HubInbox {
    pub(crate) fn new(hub: Hub) -> Self {
        Self(hub)
    }

    /// # Errors
    /// As filing a report: 401, 403, 404 for who may not, 400, 409, 413 for what cannot be taken.
    async fn take(&self, caller: Caller<'_>, sent: PostedEnvelope) -> Result<Status, HubError> {
        let hub = &self.0;
        let who = authenticate(hub, caller.headers, caller.certificate, Asking::Person).await?;
        who.allow(Action::FileReport)?;
        // A browser sends its cookie, and a certificate, wherever a page makes it post.
        same_origin(hub, caller.headers)?;
        who.check_form(header(caller.headers, "x-csrf-token"))?;
        let member = who.member().ok_or_else(HubError::not_found)?;
        let idempotency = header(caller.headers, "idempotency-key").map(str::to_owned);
        check_idempotency(idempotency.as_deref())?;
        let content = content(&sent);
        let limits = &hub.config().limits;
        if content.len() > limits.report_bytes {
            let (given, limit) = (content.len(), limits.report_bytes);
            return Err(IntakeError::TooLarge { given, limit }.into());
        }
        let (understood, read) = understand_objects(&hub.policy(), limits, sent.objects());
        let now = hub.now();
        let status = status::of(random_bytes(hub.entropy()), now, &read, &understood.items);
        let row = row(&status, member, now)?;
        if status.success_count == 0 {
            self.keep(row, None).await?;
            return Ok(status);
        }
        let part =
            Part { name: FILE_NAME.to_owned(), media: TAXII_MEDIA.to_owned(), bytes: content };
        let submission =
            Submission { parts: vec![part], idempotency, continues: None, reporter: None };
        let kept = Some(row.clone());
        let accepted = file(hub, member, who.actor(), submission, &understood, kept).await?;
        if !accepted.repeated {
            return Ok(status);
        }
        let (id, since) = (accepted.report.id.clone(), oldest_status(now));
        let read = move |tx: &mut noroshi_store::Tx<'_>| statuses::of_report(tx, &id, since);
        if let Some(earlier) = hub.vault().read("inbox.repeated", read).await? {
            return parse(&earlier);
        }
        self.keep(row, Some(accepted.report.id)).await?;
        Ok(status)
    }

    /// Keeps a status that no report is stored with.
    ///
    /// # Errors
    /// 403 where the member has not signed: then it is answered nothing but that.
    async fn keep(&self, row: StatusRow, report: Option<String>) -> Result<(), HubError> {
        let signed = self
            .0
            .vault()
            .write("inbox.keep_status", move |tx| {
                if agreements::valid_until(tx, &row.member, row.at)?.is_none() {
                    return Ok(false);
                }
                statuses::insert(tx, &row, report.as_deref())?;
                Ok(true)
            })
            .await?;
        if signed { Ok(()) } else { Err(HubError::no_agreement()) }
    }

    /// # Errors
    /// 401 for a key or certificate that does not hold.
    async fn find(&self, caller: Caller<'_>, id: &str) -> Result<Option<Status>, HubError> {
        let Caller { headers, certificate } = caller;
        let who = authenticate(&self.0, headers, certificate, Asking::Person).await?;
        // A status tells that its member reported something; see `Principal::allow`.
        let member = match (&who, who.member()) {
            (Principal::Key { may_report: false, .. }, _) | (_, None) => return Ok(None),
            (_, Some(member)) => member.to_owned(),
        };
        if uuid::Uuid::try_parse(id).is_err() {
            return Ok(None);
        }
        let (id, since) = (id.to_owned(), oldest_status(self.0.now()));
        let read = move |tx: &mut noroshi_store::Tx<'_>| statuses::one(tx, &id, &member, since);
        let found = self.0.vault().read("inbox.status", read).await?;
        found.map(|text| parse(&text)).transpose()
    }
}

impl Inbox for HubInbox {
    fn post<'a>(
        &'a self,
        caller: Caller<'a>,
        envelope: PostedEnvelope,
    ) -> BoxFuture<'a, Result<Status, Problem>> {
        Box::pin(async move { self.take(caller, envelope).await.map_err(told) })
    }

    fn status<'a>(
        &'a self,
        caller: Caller<'a>,
        id: &'a str,
    ) -> BoxFuture<'a, Result<Option<Status>, Problem>> {
        Box::pin(async move { self.find(caller, id).await.map_err(told) })
    }
}

/// What is kept and what the receipt is about: the objects to the letter, in an envelope of ours.
fn content(sent: &PostedEnvelope) -> Vec<u8> {
    let mut bytes = b"{\"objects\":[".to_vec();
    for (n, object) in sent.objects().enumerate() {
        if n > 0 {
            bytes.push(b',');
        }
        bytes.extend_from_slice(object);
    }
    bytes.extend_from_slice(b"]}");
    bytes
}

fn row(status: &Status, member: &str, at: Timestamp) -> Result<StatusRow, HubError> {
    let text = serde_json::to_string(status)
        .map_err(|_| HubError::Register("a status could not be written".to_owned()))?;
    Ok(StatusRow { id: status.id.clone(), member: member.to_owned(), at, status: text })
}

fn parse(text: &str) -> Result<Status, HubError> {
    serde_json::from_str(text)
        .map_err(|_| HubError::Register("a stored status cannot be read".to_owned()))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

fn told(error: HubError) -> Problem {
    let problem = error.problem();
    if problem.status().is_server_error() {
        tracing::error!(%error, "a post to the inbox could not be finished");
    }
    problem
}
