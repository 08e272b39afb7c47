//! Passwords, sessions, and what the operator's pages look up.

/// Whoever was signed in signs in again: a session now has a name, and says when it was used last.
pub(super) const ACCOUNTS: &str = "
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
