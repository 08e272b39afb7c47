//! Consent to pass a filing on. It is no note to the authority that has it: the hub seals the same
//! filing to the key of each authority the reporter named, and to nobody else's. Without consent no
//! such envelope exists, so nobody, the operator included, can widen it.

use data_encoding::BASE64;
use noroshi_duty::Filing;
use noroshi_outlet::problem::Problem;
use noroshi_seal::{Purpose, SealError, SealingKey, seal};
use noroshi_stix::Timestamp;
use noroshi_store::Tx;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::Case;
use super::filings::{self, PassOn};
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::audit;
use crate::vault::authorities::{self, AuthorityRow};
use crate::vault::filings::{self as rows, FilingRow, NewCopy};

/// A reporter's word on whom a filing may be passed on to.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// To whom.
    pub pass_on: PassOn,
    /// Ids of the authorities that were shown, so that one that came meanwhile gets nothing; without
    /// it, those there are.
    #[serde(default)]
    pub named: Option<Vec<String>>,
}

impl PassOn {
    /// Whether a filing goes to an authority of this kind.
    fn reaches(self, kind: &str) -> bool {
        match self {
            Self::None => false,
            Self::NationalOffice => kind == "national-office",
            Self::Partners => kind == "national-office" || kind == "partner",
        }
    }

    /// The choice of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == name)
    }
}

/// The authorities that filings can be passed on to.
///
/// # Errors
/// When the vault cannot be read.
pub async fn recipients(hub: &Hub, scope: PassOn) -> Result<Vec<AuthorityRow>, HubError> {
    let mut all = hub.vault().read("filing.recipients", authorities::list).await?;
    all.retain(|a| scope.reaches(&a.kind));
    Ok(all)
}

/// Those of them a reporter named.
///
/// # Errors
/// 409 `recipients-changed` where one of them is none any more.
pub(super) async fn named(hub: &Hub, consent: &Consent) -> Result<Vec<AuthorityRow>, HubError> {
    let mut all = recipients(hub, consent.pass_on).await?;
    let Some(named) = &consent.named else { return Ok(all) };
    if named.iter().any(|id| !all.iter().any(|a| a.id == *id)) {
        let status = axum::http::StatusCode::CONFLICT;
        let title = "The authorities have changed";
        let problem = Problem::new(status, "recipients-changed", title).detail(
            "An authority you were shown is none any more. Open the page again and look to whom it \
             would go; nothing was sent.",
        );
        return Err(HubError::Detailed(Box::new(problem)));
    }
    all.retain(|a| named.contains(&a.id));
    Ok(all)
}

/// A filing sealed to each of these authorities; those whose key does not hold are left out.
pub(super) fn copies(
    hub: &Hub,
    row: &FilingRow,
    scope: PassOn,
    filing: &Filing,
    to: &[AuthorityRow],
    now: Timestamp,
) -> Vec<NewCopy> {
    let mut all = Vec::new();
    for authority in to.iter().filter(|a| row.authority.as_deref() != Some(&a.id)) {
        let id = ids::fresh("k", hub.entropy());
        let sealed = filings::sealing_key(authority, now)
            .and_then(|key| envelope(hub, &key, &id, scope, filing, true));
        match sealed {
            Ok(envelope) => all.push(NewCopy { id, authority: authority.id.clone(), envelope }),
            Err(error) => tracing::warn!(%error, "a filing could not be passed on to an authority"),
        }
    }
    all
}

/// The envelope of a filing: the form as data, and as the document people read.
pub(super) fn envelope(
    hub: &Hub,
    key: &SealingKey,
    id: &str,
    scope: PassOn,
    filing: &Filing,
    passed_on: bool,
) -> Result<Vec<u8>, SealError> {
    // A character no font has must not keep back the form itself.
    let pdf = filing.pdf(filing.lang()).map(|pdf| BASE64.encode(&pdf)).ok();
    let payload = json!({
        "schema": "noroshi-sealed-filing/2",
        "id": id,
        "pass_on": scope.as_str(),
        "passed_on_by_consent": passed_on,
        "filing": filing,
        "pdf": pdf,
    });
    seal(key, Purpose::Filing, b"", payload.to_string().as_bytes(), hub.entropy())
        .map(|e| e.to_bytes())
}

/// Consents for a filing that was made earlier.
///
/// # Errors
/// 404 where there is none of this number, 422 where it is a draft or the consent says no more than
/// before, 409 where no envelope could be made.
pub async fn later(
    hub: &Hub,
    case: &Case,
    actor: &str,
    number: i64,
    consent: &Consent,
) -> Result<(), HubError> {
    let kept = filings::of_case(hub, &case.id).await?;
    let kept = kept.into_iter().find(|k| k.row.number == number).ok_or_else(HubError::not_found)?;
    let row = &kept.row;
    let wrong = |en, ja| super::profile::wrong_in("pass_on", en, ja);
    if !row.filed {
        let ja = "下書きです。先に提出し、そのあとで渡す相手を選んでください。";
        return Err(wrong("It is a draft: file it first, and say then to whom.", ja));
    }
    let before = PassOn::from_name(&row.pass_on).unwrap_or_default();
    if consent.pass_on < before || consent.pass_on == PassOn::None {
        let text =
            "What was sealed to an authority cannot be taken back; consent can only be added.";
        let ja = "一度渡したものは取り消せません。渡す相手を増やすことだけができます。";
        return Err(wrong(text, ja));
    }
    let now = hub.now();
    let has = |a: &AuthorityRow| kept.copies.iter().any(|c| c.authority == a.id);
    let mut to = named(hub, consent).await?;
    to.retain(|a| !has(a) && row.authority.as_deref() != Some(&a.id));
    if to.is_empty() && consent.pass_on == before {
        let ja = "登録されている当局には、すべて渡してあります。";
        return Err(wrong("There is no authority that does not have it already.", ja));
    }
    let filing = filings::content(hub, case, row).await?;
    let copies = copies(hub, row, consent.pass_on, &filing, &to, now);
    if copies.is_empty() && !to.is_empty() {
        let status = axum::http::StatusCode::CONFLICT;
        let title = "The key of the authority does not hold";
        let problem = Problem::new(status, "recipient-key-expired", title)
            .detail("Nothing was passed on: its key does not hold today. Tell the hub's operator.");
        return Err(HubError::Detailed(Box::new(problem)));
    }
    let entry = audit::Entry::new(now, actor, "filing.consent", &row.id);
    let (id, scope) = (row.id.clone(), consent.pass_on.as_str());
    let (audit_id, actor) = (ids::fresh("a", hub.entropy()), actor.to_owned());
    let write = move |tx: &mut Tx<'_>| {
        rows::scope(tx, &id, scope)?;
        for copy in &copies {
            rows::add_copy(tx, &id, &actor, now, copy)?;
        }
        audit::append(tx, &audit_id, &entry)
    };
    Ok(hub.vault().write("filing.consent", write).await?)
}
