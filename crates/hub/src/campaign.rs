//! Campaigns: the desk holds several reports for the work of one attacker.
//!
//! A campaign is for the desk alone and changes nothing that leaves. Said outside, it would join the
//! groups of members that several labels fit and narrow each of them down (THREATS).

use noroshi_store::Tx;

use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::campaigns::{self, CampaignRow};
use crate::vault::{audit, reports};

/// Most reports added in one step.
pub const MAX_ADDED: usize = 100;

/// What campaigns are called: weather and light. A campaign's number chooses the word; no word names
/// anybody, and the desk types none.
const NAMES: [(&str, &str); 24] = [
    ("朝凪", "Morning Calm"),
    ("春雷", "Spring Thunder"),
    ("夕立", "Evening Shower"),
    ("初霜", "First Frost"),
    ("北風", "North Wind"),
    ("朧月", "Hazy Moon"),
    ("秋雨", "Autumn Rain"),
    ("霧氷", "Rime"),
    ("南風", "South Wind"),
    ("虹", "Rainbow"),
    ("吹雪", "Blizzard"),
    ("陽炎", "Heat Haze"),
    ("入道雲", "Thunderhead"),
    ("夜霧", "Night Fog"),
    ("稲妻", "Lightning"),
    ("薄氷", "Thin Ice"),
    ("東雲", "Daybreak"),
    ("木枯らし", "Cold Blast"),
    ("細雪", "Light Snow"),
    ("夕焼け", "Sunset Glow"),
    ("潮騒", "Sound of Tide"),
    ("小春", "Mild Winter Day"),
    ("五月雨", "Early Summer Rain"),
    ("月影", "Moonlight"),
];

/// The name of the campaign with this number, such as `7 Hazy Moon`.
pub fn name(number: i64, japanese: bool) -> String {
    let at = usize::try_from(number.saturating_sub(1)).unwrap_or(0) % NAMES.len();
    let (ja, en) = NAMES.get(at).copied().unwrap_or_default();
    format!("{number} {}", if japanese { ja } else { en })
}

/// Puts reports into a campaign, a new one where `campaign` is `None`. Reports that belong to another
/// stay there. Returns the campaign, and how many were added.
///
/// # Errors
/// 404 where there is no such campaign or report, 422 without any report or with too many.
pub async fn group(
    hub: &Hub,
    campaign: Option<&str>,
    members: &[String],
    actor: &str,
) -> Result<(CampaignRow, usize), HubError> {
    if members.is_empty() || members.len() > MAX_ADDED {
        return Err(HubError::bad("no-reports", "Choose 1 to 100 reports."));
    }
    let (now, fresh) = (hub.now(), ids::fresh("c", hub.entropy()));
    let audits: Vec<String> = (0..=members.len()).map(|_| ids::fresh("a", hub.entropy())).collect();
    let (campaign, members, actor) =
        (campaign.map(str::to_owned), members.to_vec(), actor.to_owned());
    let write = move |tx: &mut Tx<'_>| {
        for report in &members {
            if reports::one(tx, report)?.is_none() {
                return Ok(None);
            }
        }
        let mut audits = audits.iter();
        let mut note = |tx: &mut Tx<'_>, action: &str, subject: &str| match audits.next() {
            Some(id) => audit::note(tx, id, now, &actor, action, subject),
            None => Ok(()),
        };
        let id = match &campaign {
            Some(id) => id.clone(),
            None => {
                campaigns::open(tx, &fresh, now, &actor)?;
                note(tx, "campaign.open", &fresh)?;
                fresh.clone()
            }
        };
        if campaigns::one(tx, &id)?.is_none() {
            return Ok(None);
        }
        let mut added = 0;
        for report in &members {
            if campaigns::add(tx, &id, report, now, &actor)? {
                note(tx, "campaign.add", report)?;
                added += 1;
            }
        }
        Ok(campaigns::one(tx, &id)?.map(|row| (row, added)))
    };
    hub.vault().write("campaign.group", write).await?.ok_or_else(HubError::not_found)
}

/// Takes a report out of a campaign.
///
/// # Errors
/// 409 where it is not in it.
pub async fn part(hub: &Hub, campaign: &str, report: &str, actor: &str) -> Result<(), HubError> {
    let entry = audit::Entry::new(hub.now(), actor, "campaign.remove", report);
    let audit_id = ids::fresh("a", hub.entropy());
    let (campaign, report) = (campaign.to_owned(), report.to_owned());
    let write = move |tx: &mut Tx<'_>| {
        let done = campaigns::remove(tx, &campaign, &report)?;
        if done {
            audit::append(tx, &audit_id, &entry)?;
        }
        Ok(done)
    };
    let done = hub.vault().write("campaign.part", write).await?;
    let gone = || HubError::conflict("This report is not in this campaign any more.");
    if done { Ok(()) } else { Err(gone()) }
}

/// Closes a campaign, or opens it again.
///
/// # Errors
/// 409 where it stands so already or there is none.
pub async fn close(hub: &Hub, id: &str, closed: bool, actor: &str) -> Result<(), HubError> {
    let action = if closed { "campaign.close" } else { "campaign.reopen" };
    let entry = audit::Entry::new(hub.now(), actor, action, id);
    let (audit_id, id) = (ids::fresh("a", hub.entropy()), id.to_owned());
    let write = move |tx: &mut Tx<'_>| {
        let done = campaigns::close(tx, &id, closed.then_some(entry.at))?;
        if done {
            audit::append(tx, &audit_id, &entry)?;
        }
        Ok(done)
    };
    let done = hub.vault().write("campaign.close", write).await?;
    let before = || HubError::conflict("Somebody changed this campaign first. Load it again.");
    if done { Ok(()) } else { Err(before()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbered_and_repeat_only_their_word() {
        assert_eq!(name(1, false), "1 Morning Calm");
        assert_eq!(name(25, true), "25 朝凪");
        let names: std::collections::BTreeSet<_> = (1..=100).map(|n| name(n, true)).collect();
        assert_eq!(names.len(), 100);
    }
}
