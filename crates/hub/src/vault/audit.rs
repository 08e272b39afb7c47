//! Who did what, append-only. Subjects are ids, never contents.

use noroshi_stix::Timestamp;
use noroshi_store::{Row, StoreError, Tx};

super::statements! {
    INSERT = "INSERT INTO audit (id, at, actor, action, subject) VALUES ($1, $2, $3, $4, $5)";
    LAST_OF = "SELECT at, actor, action, subject FROM audit
        WHERE subject = $1 AND action = $2 ORDER BY at DESC, id LIMIT 1";
    OF_SUBJECT = "SELECT at, actor, action, subject FROM audit
        WHERE subject = $1 ORDER BY at, id";
    RECENT = "SELECT at, actor, action, subject FROM audit ORDER BY at DESC, id LIMIT $1";
    SHOWN = "SELECT at, actor, action, subject, id FROM audit
        WHERE at >= $1 AND at < $2 AND (at, id) < ($3, $4)
            AND ($5 = '' OR actor = $5) AND ($6 = '' OR action = $6) AND ($7 = '' OR subject = $7)
            AND (action IN ('account.add', 'account.disable', 'account.enable', 'account.link',
                    'account.login', 'account.reset', 'agreement.publish', 'agreement.sign', 'agreement.withdraw', 'authority.key',
                    'authority.remove', 'backup.make', 'key.create', 'key.revoke', 'key.rotate',
                    'label.words', 'member.add', 'member.asset.add', 'member.asset.remove',
                    'member.change', 'member.leave', 'partner.add', 'partner.key.create',
                    'partner.remove', 'session.revoke', 'trail.export')
                OR (action IN ('credential.codes', 'credential.password', 'credential.phone',
                    'credential.set', 'session.end', 'session.end-others', 'sign-in',
                    'sign-in.refused')
                    AND NOT EXISTS (SELECT 1 FROM account a
                        WHERE a.id = audit.subject AND a.role = 'member')))
        ORDER BY at DESC, id DESC LIMIT $8";
}

/// What the operator is shown: administration, and how people who are of no member sign in. Whatever
/// is not named here is not shown, so that a new action of the reports' side stays there. When somebody
/// of a member signs in would tell, beside the time of a release, who reported.
pub const SHOWN_ACTIONS: [&str; 34] = [
    "account.add",
    "account.disable",
    "account.enable",
    "account.link",
    "account.login",
    "account.reset",
    "agreement.publish",
    "agreement.sign",
    "agreement.withdraw",
    "authority.key",
    "authority.remove",
    "backup.make",
    "credential.codes",
    "credential.password",
    "credential.phone",
    "credential.set",
    "key.create",
    "key.revoke",
    "key.rotate",
    "label.words",
    "member.add",
    "member.asset.add",
    "member.asset.remove",
    "member.change",
    "member.leave",
    "partner.add",
    "partner.key.create",
    "partner.remove",
    "session.end",
    "session.end-others",
    "session.revoke",
    "sign-in",
    "sign-in.refused",
    "trail.export",
];

/// Which lines of the trail the operator wants; empty texts choose all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Not before.
    pub from: Timestamp,
    /// Before.
    pub to: Timestamp,
    /// Who did it.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// The id it was done to.
    pub subject: String,
    /// Older than this line: its time and id. `None`: from the newest on.
    pub before: Option<(Timestamp, String)>,
    /// At most so many.
    pub limit: i64,
}

/// A line and its id.
pub type Line = (Entry, String);

/// The newest lines that the operator may see, newest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn shown(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<Vec<Line>, StoreError> {
    let (at, id) = match &wanted.before {
        Some((at, id)) => (at.as_micros(), id.as_str()),
        None => (i64::MAX, ""),
    };
    let params = [
        wanted.from.as_micros().into(),
        wanted.to.as_micros().into(),
        at.into(),
        id.into(),
        (&wanted.actor).into(),
        (&wanted.action).into(),
        (&wanted.subject).into(),
        wanted.limit.into(),
    ];
    tx.query(SHOWN, &params, |r| Ok((row(r)?, r.text(4)?)))
}

/// One line of the trail.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Account or key id, or `hub`.
    pub actor: String,
    /// What, such as `quarantine.release`.
    pub action: String,
    /// The id it was done to.
    pub subject: String,
}

impl Entry {
    /// One line.
    pub fn new(at: Timestamp, actor: &str, action: &str, subject: &str) -> Self {
        let [actor, action, subject] = [actor, action, subject].map(str::to_owned);
        Self { at, actor, action, subject }
    }
}

/// Appends a line under `id` (random).
///
/// # Errors
/// When the vault cannot be written.
pub fn append(tx: &mut Tx<'_>, id: &str, e: &Entry) -> Result<(), StoreError> {
    let params = [
        id.into(),
        e.at.as_micros().into(),
        (&e.actor).into(),
        (&e.action).into(),
        (&e.subject).into(),
    ];
    tx.execute(INSERT, &params).map(drop)
}

/// Appends a line made of these parts under `id` (random).
///
/// # Errors
/// When the vault cannot be written.
pub fn note(
    tx: &mut Tx<'_>,
    id: &str,
    at: Timestamp,
    actor: &str,
    action: &str,
    subject: &str,
) -> Result<(), StoreError> {
    append(tx, id, &Entry::new(at, actor, action, subject))
}

/// The newest lines first, at most `limit`.
///
/// # Errors
/// When the vault cannot be read.
pub fn recent(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Entry>, StoreError> {
    tx.query(RECENT, &[limit.into()], row)
}

/// The last time something was done to a subject.
///
/// # Errors
/// When the vault cannot be read.
pub fn last_of(tx: &mut Tx<'_>, subject: &str, action: &str) -> Result<Option<Entry>, StoreError> {
    tx.query_one(LAST_OF, &[subject.into(), action.into()], row)
}

/// Everything that was done to a subject, oldest first.
///
/// # Errors
/// When the vault cannot be read.
pub fn of_subject(tx: &mut Tx<'_>, subject: &str) -> Result<Vec<Entry>, StoreError> {
    tx.query(OF_SUBJECT, &[subject.into()], row)
}

fn row(r: &Row<'_>) -> Result<Entry, StoreError> {
    Ok(Entry {
        at: Timestamp::from_micros(r.int(0)?),
        actor: r.text(1)?,
        action: r.text(2)?,
        subject: r.text(3)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_and_the_statement_name_the_same_actions() {
        let quoted = |text: &str| SHOWN.contains(&format!("'{text}'"));
        assert!(SHOWN_ACTIONS.iter().all(|a| quoted(a)));
        assert!(SHOWN_ACTIONS.is_sorted());
        // Every quoted text but the four empty ones and the role is an action of the list.
        let texts =
            SHOWN.split('\'').skip(1).step_by(2).filter(|t| !t.is_empty() && *t != "member");
        assert_eq!(texts.count(), SHOWN_ACTIONS.len());
        for hidden in ["report.file", "context.approved", "question.answer", "case.", "member.name"]
        {
            assert!(!SHOWN.contains(hidden), "{hidden}");
        }
    }
}
