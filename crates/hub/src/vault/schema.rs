//! The vault's tables. What each column may become outside is written down in `disclosure.toml`.
//!
//! No table has an ordinal key, a row id that is shown, or a default time: order and time of
//! arrival are facts about a member (ANONYMITY, "traps").

use noroshi_store::{Durability, Migration, Schema};

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
        Migration { version: 11, name: "the desk", sql: super::desk_schema::DESK, postgres: "" },
        Migration {
            version: 12,
            name: "counts by the hour",
            sql: super::desk_schema::DESK_NOW,
            postgres: "",
        },
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

/// `case_id` is empty where a report is a case of its own: its id is the case then.
const LABELS: &str = "
ALTER TABLE report ADD COLUMN case_id TEXT;
CREATE TABLE label_words (
    step TEXT PRIMARY KEY,
    ja TEXT NOT NULL,
    en TEXT NOT NULL
);
CREATE TABLE label_tree (
    made BIGINT PRIMARY KEY
);
CREATE TABLE published_label (
    record BIGINT NOT NULL,
    place BIGINT NOT NULL,
    at BIGINT NOT NULL,
    release_id TEXT NOT NULL,
    node TEXT NOT NULL,
    register_hash TEXT NOT NULL,
    parameters_hash TEXT NOT NULL,
    tree_made BIGINT NOT NULL,
    PRIMARY KEY (record, place)
);
CREATE INDEX published_label_at ON published_label (at);
CREATE TABLE case_candidates (
    case_id TEXT PRIMARY KEY,
    members TEXT NOT NULL
);
CREATE TABLE publicity_flag (
    id TEXT PRIMARY KEY,
    member TEXT NOT NULL REFERENCES member (id),
    since BIGINT NOT NULL,
    basis TEXT NOT NULL,
    entered BIGINT NOT NULL,
    entered_by TEXT NOT NULL,
    withdrawn BIGINT
);
CREATE TABLE context_offer (
    report TEXT PRIMARY KEY REFERENCES report (id),
    offered BIGINT NOT NULL,
    members TEXT NOT NULL
);
CREATE TABLE context_release (
    case_id TEXT PRIMARY KEY,
    report TEXT NOT NULL REFERENCES report (id),
    release_id TEXT NOT NULL,
    objects BYTEA NOT NULL,
    versions BIGINT NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX context_release_state ON context_release (state);
CREATE TABLE document (
    name TEXT PRIMARY KEY,
    clear BIGINT NOT NULL,
    body BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    published BIGINT NOT NULL
);
CREATE INDEX document_published ON document (published);
CREATE TABLE direct_release (
    id TEXT PRIMARY KEY,
    logged BIGINT,
    report TEXT NOT NULL REFERENCES report (id),
    at BIGINT NOT NULL,
    recipients TEXT NOT NULL,
    body TEXT NOT NULL,
    ground TEXT NOT NULL,
    basis TEXT NOT NULL,
    first_officer TEXT NOT NULL,
    second_officer TEXT,
    state TEXT NOT NULL
);
CREATE INDEX direct_release_report ON direct_release (report);
";

/// Answers and events of a case are only ever added: a filing can be explained years later.
const CASES: &str = "
CREATE TABLE case_answers (
    case_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    body TEXT NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (case_id, version)
);
CREATE TABLE case_event (
    case_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (case_id, number)
);
CREATE TABLE member_duty_profile (
    member TEXT PRIMARY KEY REFERENCES member (id),
    at BIGINT NOT NULL,
    zone TEXT NOT NULL,
    facts TEXT NOT NULL,
    contracts TEXT NOT NULL
);
CREATE TABLE authority (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    statement TEXT NOT NULL,
    obligations TEXT NOT NULL,
    added BIGINT NOT NULL,
    removed BIGINT
);
CREATE TABLE authority_account (
    account TEXT PRIMARY KEY REFERENCES account (id),
    authority TEXT NOT NULL REFERENCES authority (id)
);
CREATE TABLE filing (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    obligation TEXT NOT NULL,
    stage TEXT NOT NULL,
    form TEXT NOT NULL,
    language TEXT NOT NULL,
    version BIGINT NOT NULL,
    answers BIGINT NOT NULL,
    at BIGINT NOT NULL,
    filed BIGINT NOT NULL,
    pass_on TEXT NOT NULL,
    body TEXT,
    authority TEXT REFERENCES authority (id),
    envelope BYTEA,
    UNIQUE (case_id, number)
);
CREATE INDEX filing_authority ON filing (authority);
CREATE TABLE filing_event (
    filing TEXT NOT NULL REFERENCES filing (id),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    event TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (filing, number)
);
";

/// `mail_item` is what everybody downloads: it names neither report nor question. `desk_question`
/// names the item it was sealed into; an item without a question is there so that nobody can count.
const MAILBOX: &str = "
CREATE TABLE receipt_day (
    day BIGINT PRIMARY KEY,
    head BYTEA NOT NULL,
    leaves BYTEA NOT NULL
);
CREATE TABLE reporter_key (
    report TEXT PRIMARY KEY REFERENCES report (id),
    report_key BYTEA NOT NULL,
    mailbox_key BYTEA NOT NULL
);
CREATE TABLE mail_item (
    id TEXT PRIMARY KEY,
    tick BIGINT NOT NULL,
    ciphertext BYTEA NOT NULL
);
CREATE TABLE desk_question (
    id TEXT PRIMARY KEY,
    report TEXT NOT NULL REFERENCES report (id),
    form TEXT NOT NULL,
    text TEXT,
    item TEXT,
    reference BYTEA,
    asked BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    answer TEXT,
    answered BIGINT
);
CREATE INDEX desk_question_report ON desk_question (report);
CREATE INDEX desk_question_reference ON desk_question (reference);
";

/// `reminder` is what was decided: one row for each mark of each deadline, however often the hub
/// starts. `reminder_message` is what it takes to tell it: one row for each address.
const REMINDERS: &str = "
CREATE TABLE reminder_setting (
    member TEXT PRIMARY KEY REFERENCES member (id),
    at BIGINT NOT NULL,
    language TEXT NOT NULL,
    detailed BIGINT NOT NULL,
    marks TEXT NOT NULL,
    mails TEXT NOT NULL,
    webhook TEXT NOT NULL,
    secret BYTEA NOT NULL,
    look BIGINT NOT NULL
);
CREATE INDEX reminder_setting_look ON reminder_setting (look);
CREATE TABLE reminder (
    id TEXT PRIMARY KEY,
    member TEXT NOT NULL REFERENCES member (id),
    case_id TEXT NOT NULL,
    obligation TEXT NOT NULL,
    stage TEXT NOT NULL,
    due BIGINT NOT NULL,
    mark TEXT NOT NULL,
    UNIQUE (case_id, obligation, stage, due, mark)
);
CREATE TABLE reminder_message (
    id TEXT PRIMARY KEY,
    member TEXT NOT NULL REFERENCES member (id),
    reminder TEXT REFERENCES reminder (id),
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    queued BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt BIGINT NOT NULL,
    trouble TEXT NOT NULL,
    done BIGINT
);
CREATE INDEX reminder_message_next ON reminder_message (state, next_attempt);
CREATE INDEX reminder_message_member ON reminder_message (member, state);
";

/// Whoever was signed in signs in again: a session now has a name, and says when it was used last.
const ACCOUNTS: &str = "
ALTER TABLE account ADD COLUMN language TEXT;
ALTER TABLE account ADD COLUMN zone TEXT;
CREATE TABLE account_login (
    login TEXT PRIMARY KEY,
    account TEXT NOT NULL UNIQUE REFERENCES account (id)
);
CREATE TABLE account_password (
    account TEXT PRIMARY KEY REFERENCES account (id),
    password TEXT NOT NULL,
    totp BYTEA NOT NULL,
    totp_step BIGINT NOT NULL,
    changed BIGINT NOT NULL
);
CREATE TABLE recovery_code (
    account TEXT NOT NULL REFERENCES account (id),
    digest BYTEA NOT NULL,
    PRIMARY KEY (account, digest)
);
CREATE TABLE sign_in_attempt (
    name BYTEA PRIMARY KEY,
    failures BIGINT NOT NULL,
    last BIGINT NOT NULL
);
CREATE INDEX sign_in_attempt_last ON sign_in_attempt (last);
DROP TABLE session;
CREATE TABLE session (
    digest BYTEA PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES account (id),
    csrf TEXT NOT NULL,
    means TEXT NOT NULL,
    started BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    proved BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    pending BYTEA
);
CREATE INDEX session_account ON session (account);
CREATE INDEX account_name ON account (name, id);
CREATE INDEX account_member ON account (member);
CREATE INDEX member_name ON member (name_en, id);
CREATE INDEX api_key_member ON api_key (member);
CREATE INDEX agreement_signature_signed ON agreement_signature (signed, id);
CREATE INDEX agreement_signature_end ON agreement_signature (member, expires, signed, withdrawn);
";

/// A `filing_copy` is there only where its reporter said so: without consent no such envelope exists.
const CONSENT: &str = "
ALTER TABLE authority ADD COLUMN kind TEXT NOT NULL DEFAULT 'addressee';
CREATE TABLE filing_copy (
    id TEXT PRIMARY KEY,
    filing TEXT NOT NULL REFERENCES filing (id),
    authority TEXT NOT NULL REFERENCES authority (id),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    envelope BYTEA NOT NULL,
    acknowledged BIGINT,
    UNIQUE (filing, authority)
);
CREATE INDEX filing_copy_authority ON filing_copy (authority);
";

/// What somebody is still writing. A name is unique within its account only.
const DRAFTS: &str = "
CREATE TABLE report_draft (
    account TEXT NOT NULL REFERENCES account (id),
    id TEXT NOT NULL,
    saved BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    happened TEXT NOT NULL,
    glimpse TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, id)
);
CREATE INDEX report_draft_saved ON report_draft (saved);
CREATE TABLE report_draft_file (
    account TEXT NOT NULL,
    draft TEXT NOT NULL,
    id TEXT NOT NULL,
    place BIGINT NOT NULL,
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (account, draft, id),
    FOREIGN KEY (account, draft) REFERENCES report_draft (account, id)
);
";

/// What the desk tells everybody about services; no firm is in it. And an index without which a
/// member's list of reports sorts all it ever filed.
const SERVICES: &str = "
CREATE TABLE service_status (
    service TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    area TEXT NOT NULL,
    note_ja TEXT NOT NULL,
    note_en TEXT NOT NULL,
    at BIGINT NOT NULL,
    set_by TEXT NOT NULL
);
CREATE INDEX report_member ON report (member, accepted);
";
