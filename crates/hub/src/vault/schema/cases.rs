//! Cases and their duties: answers, events, filings, reminders, consent.

/// Answers and events of a case are only ever added: a filing can be explained years later.
pub(super) const CASES: &str = "
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

/// `reminder` is what was decided: one row for each mark of each deadline, however often the hub
/// starts. `reminder_message` is what it takes to tell it: one row for each address.
pub(super) const REMINDERS: &str = "
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

/// A `filing_copy` is there only where its reporter said so: without consent no such envelope exists.
pub(super) const CONSENT: &str = "
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
