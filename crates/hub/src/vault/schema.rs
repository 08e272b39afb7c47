//! The vault's tables. What each column may become outside is written down in `disclosure.toml`.
//!
//! No table has an ordinal key, a row id that is shown, or a default time: order and time of
//! arrival are facts about a member (ANONYMITY, "traps").

mod accounts;
mod cases;
mod desk;
mod labels;
mod reports;
mod services;

use noroshi_store::{Durability, Migration, Schema};

use accounts::ACCOUNTS;
use cases::{CASES, CONSENT, REMINDERS};
use labels::LABELS;
use reports::{DRAFTS, MAILBOX};
use services::SERVICES;

/// The vault: who reported what. Acknowledged reports survive a power cut.
pub const VAULT: Schema = Schema {
    name: "vault",
    migrations: &[
        Migration { version: 1, name: "the first fire", sql: FIRST, postgres: "" },
        Migration {
            version: 2,
            name: "partners, certificates, the inbox",
            sql: PARTNERS,
            postgres: "",
        },
        Migration { version: 3, name: "labels with certificates", sql: LABELS, postgres: "" },
        Migration { version: 4, name: "cases and their duties", sql: CASES, postgres: "" },
        Migration { version: 5, name: "mailbox", sql: MAILBOX, postgres: "" },
        Migration { version: 6, name: "reminders of deadlines", sql: REMINDERS, postgres: "" },
        Migration { version: 7, name: "passwords, sessions, pages", sql: ACCOUNTS, postgres: "" },
        Migration { version: 8, name: "consent to pass on", sql: CONSENT, postgres: "" },
        Migration { version: 9, name: "drafts of reports", sql: DRAFTS, postgres: "" },
        Migration { version: 10, name: "status of services", sql: SERVICES, postgres: "" },
        Migration { version: 11, name: "the desk", sql: desk::DESK, postgres: "" },
        Migration { version: 12, name: "counts by the hour", sql: desk::DESK_NOW, postgres: "" },
    ],
    statements: super::STATEMENTS,
    durability: Durability::Full,
};

const FIRST: &str = "
CREATE TABLE secret (
    name TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
CREATE TABLE member (
    id TEXT PRIMARY KEY,
    name_ja TEXT NOT NULL,
    name_en TEXT NOT NULL,
    label_path TEXT NOT NULL,
    weight BIGINT NOT NULL,
    joined BIGINT NOT NULL,
    left_at BIGINT
);
CREATE TABLE member_asset (
    member TEXT NOT NULL REFERENCES member (id),
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (member, kind, value)
);
CREATE TABLE agreement (
    version TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    published BIGINT NOT NULL
);
CREATE TABLE agreement_signature (
    id TEXT PRIMARY KEY,
    agreement TEXT NOT NULL REFERENCES agreement (version),
    member TEXT NOT NULL REFERENCES member (id),
    signer TEXT NOT NULL,
    signed BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    withdrawn BIGINT
);
CREATE INDEX agreement_signature_member ON agreement_signature (member);
CREATE TABLE api_key (
    id TEXT PRIMARY KEY,
    member TEXT NOT NULL REFERENCES member (id),
    label TEXT NOT NULL,
    digest BYTEA NOT NULL,
    may_read BIGINT NOT NULL,
    may_report BIGINT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    revoked BIGINT
);
CREATE TABLE account (
    id TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    member TEXT REFERENCES member (id),
    name TEXT NOT NULL,
    created BIGINT NOT NULL,
    disabled BIGINT
);
CREATE TABLE sign_in_link (
    digest BYTEA PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    expires BIGINT NOT NULL,
    used BIGINT
);
CREATE TABLE session (
    digest BYTEA PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    csrf TEXT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE TABLE report (
    id TEXT PRIMARY KEY,
    member TEXT NOT NULL REFERENCES member (id),
    idempotency TEXT,
    accepted BIGINT NOT NULL,
    hold_until BIGINT,
    content_hash BYTEA NOT NULL,
    facts TEXT NOT NULL,
    receipt TEXT NOT NULL,
    context_state TEXT NOT NULL,
    UNIQUE (member, idempotency)
);
CREATE INDEX report_accepted ON report (accepted);
CREATE TABLE report_original (
    report TEXT NOT NULL REFERENCES report (id),
    ordinal BIGINT NOT NULL,
    name TEXT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (report, ordinal)
);
CREATE TABLE report_item (
    id TEXT PRIMARY KEY,
    report TEXT NOT NULL REFERENCES report (id),
    ordinal BIGINT NOT NULL,
    fingerprint BYTEA NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    origin TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reasons TEXT NOT NULL,
    decided_by TEXT
);
CREATE INDEX report_item_report ON report_item (report);
CREATE INDEX report_item_fingerprint ON report_item (fingerprint);
CREATE INDEX report_item_verdict ON report_item (verdict);
CREATE TABLE report_drop (
    report TEXT NOT NULL REFERENCES report (id),
    ordinal BIGINT NOT NULL,
    text TEXT NOT NULL,
    reason TEXT NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY (report, ordinal)
);
CREATE TABLE indicator (
    fingerprint BYTEA PRIMARY KEY,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    state TEXT NOT NULL,
    due BIGINT NOT NULL,
    object_id TEXT,
    created_tick BIGINT,
    valid_until BIGINT,
    confidence BIGINT NOT NULL,
    reviewed BIGINT NOT NULL,
    touched BIGINT NOT NULL
);
CREATE INDEX indicator_due ON indicator (state, due);
CREATE INDEX indicator_touched ON indicator (fingerprint) WHERE touched = 1;
CREATE TABLE outbox (
    batch BYTEA PRIMARY KEY,
    collection TEXT NOT NULL,
    position BIGINT NOT NULL,
    tick BIGINT NOT NULL,
    body BYTEA NOT NULL,
    published BIGINT NOT NULL,
    UNIQUE (collection, position)
);
CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_subject ON audit (subject, action);
";

const PARTNERS: &str = "
ALTER TABLE api_key ADD COLUMN fingerprint BYTEA;
CREATE TABLE partner (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    contributor BYTEA NOT NULL,
    desk BIGINT NOT NULL,
    read_releases BIGINT NOT NULL,
    created BIGINT NOT NULL,
    left_at BIGINT
);
CREATE TABLE partner_key (
    id TEXT PRIMARY KEY,
    partner TEXT NOT NULL REFERENCES partner (id),
    label TEXT NOT NULL,
    digest BYTEA NOT NULL,
    fingerprint BYTEA,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    revoked BIGINT
);
CREATE INDEX partner_key_partner ON partner_key (partner);
CREATE TABLE inbox_status (
    id TEXT PRIMARY KEY,
    member TEXT NOT NULL REFERENCES member (id),
    report TEXT REFERENCES report (id),
    at BIGINT NOT NULL,
    status TEXT NOT NULL
);
CREATE INDEX inbox_status_report ON inbox_status (report);
CREATE INDEX inbox_status_at ON inbox_status (at);
";
