//! The vault: everything that says who reported what. Nothing here is ever served to the public.
//!
//! Each file below holds the statements and row types of one subject. The functions take a
//! transaction, so that callers compose them into one atomic step.

pub mod accounts;
pub mod agreements;
pub mod attempts;
pub mod audit;
pub mod authorities;
pub mod campaigns;
pub mod cases;
pub mod contexts;
pub mod credentials;
pub mod days;
pub mod desk_looks;
pub mod desk_now;
pub mod desk_reports;
pub mod desk_work;
pub mod direct;
pub mod documents;
pub mod drafts;
pub mod filings;
pub mod flags;
pub mod indicators;
pub mod items;
pub mod keys;
pub mod labels;
pub mod mailbox;
pub mod members;
pub mod outbox;
pub mod partners;
pub mod reminders;
pub mod reporters;
pub mod reports;
mod schema;
pub mod secrets;
pub mod services;
pub mod sessions;
pub mod statuses;
pub mod upkeep;

pub use schema::VAULT;

/// Declares named SQL texts and `ALL`, the list a test prepares on both engines.
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$meta])* const $name: &str = $sql;)*
        /// Every statement of this file.
        pub(super) const ALL: &[&str] = &[$($name),*];
    };
}
use statements;

/// The `LIKE` pattern of everything that holds `text`, in lower case; empty for no text. What has a
/// meaning in patterns matches any one character.
fn contains(text: &str) -> String {
    match text.trim() {
        "" => String::new(),
        text => format!("%{}%", text.to_lowercase().replace(['%', '_', '\\'], "_")),
    }
}

const GROUPS: &[&[&str]] = &[
    accounts::ALL,
    agreements::ALL,
    attempts::ALL,
    audit::ALL,
    authorities::ALL,
    campaigns::ALL,
    cases::ALL,
    contexts::ALL,
    credentials::ALL,
    days::ALL,
    desk_looks::ALL,
    desk_now::ALL,
    desk_reports::ALL,
    desk_work::ALL,
    direct::ALL,
    documents::ALL,
    drafts::ALL,
    filings::ALL,
    flags::ALL,
    indicators::ALL,
    items::ALL,
    keys::ALL,
    labels::ALL,
    mailbox::ALL,
    members::ALL,
    outbox::ALL,
    partners::ALL,
    reminders::ALL,
    reporters::ALL,
    reports::ALL,
    secrets::ALL,
    sessions::ALL,
    services::ALL,
    statuses::ALL,
    upkeep::ALL,
];

/// Every statement the hub sends to the vault.
pub(crate) const STATEMENTS: &[&str] = &flatten::<{ count(GROUPS) }>(GROUPS);

const fn count(groups: &[&[&str]]) -> usize {
    let mut total = 0;
    let mut g = 0;
    while g < groups.len() {
        total += groups[g].len();
        g += 1;
    }
    total
}

const fn flatten<const N: usize>(groups: &[&[&'static str]]) -> [&'static str; N] {
    let mut out = [""; N];
    let (mut g, mut at) = (0, 0);
    while g < groups.len() {
        let mut i = 0;
        while i < groups[g].len() {
            out[at] = groups[g][i];
            at += 1;
            i += 1;
        }
        g += 1;
    }
    out
}
