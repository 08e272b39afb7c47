//! Labels with certificates.

/// `case_id` is empty where a report is a case of its own: its id is the case then.
pub(super) const LABELS: &str = "
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
