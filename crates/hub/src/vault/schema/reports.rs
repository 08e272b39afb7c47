//! What is around a report: words and questions before and after it, drafts before it.

/// `mail_item` is what everybody downloads: it names neither report nor question. `desk_question`
/// names the item it was sealed into; an item without a question is there so that nobody can count.
pub(super) const MAILBOX: &str = "
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

/// What somebody is still writing. A name is unique within its account only.
pub(super) const DRAFTS: &str = "
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
