//! The tables of the desk: what waits, what was decided about a report beside its releases, who looks
//! at what, and which reports are one campaign.
//!
//! `desk_work` follows from the other tables and is kept by the functions that change them; it is
//! there so that the queue is one index. `rank` is 0 for "now" to 3 for "when there is time".

/// Migration of the desk.
pub(super) const DESK: &str = "
ALTER TABLE report ADD COLUMN composed TEXT;
CREATE TABLE desk_report (
    report TEXT PRIMARY KEY REFERENCES report (id),
    rank BIGINT NOT NULL,
    why TEXT NOT NULL,
    attack_type TEXT NOT NULL,
    due BIGINT,
    clock BIGINT,
    clocked BIGINT NOT NULL,
    reviewed BIGINT,
    reviewed_by TEXT,
    assignee TEXT,
    pause BIGINT,
    hold_reason TEXT,
    hold_note TEXT,
    held_by TEXT
);
CREATE INDEX desk_report_assignee ON desk_report (assignee);
CREATE INDEX desk_report_unclocked ON desk_report (report) WHERE clocked = 0;
CREATE TABLE desk_work (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    report TEXT NOT NULL REFERENCES report (id),
    rank BIGINT NOT NULL,
    since BIGINT NOT NULL,
    due BIGINT,
    pause BIGINT,
    reports BIGINT NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE INDEX desk_work_order ON desk_work (rank, since, subject, kind);
CREATE INDEX desk_work_kind ON desk_work (kind, rank, since, subject);
CREATE INDEX desk_work_count ON desk_work (kind, rank, pause);
CREATE INDEX desk_work_report ON desk_work (report);
CREATE INDEX desk_work_due ON desk_work (due) WHERE due IS NOT NULL AND rank > 0;
CREATE TABLE desk_trait (
    trait TEXT NOT NULL,
    report TEXT NOT NULL REFERENCES report (id),
    accepted BIGINT NOT NULL,
    PRIMARY KEY (trait, accepted, report)
);
CREATE INDEX desk_trait_report ON desk_trait (report);
CREATE TABLE desk_look (
    report TEXT NOT NULL REFERENCES report (id),
    account TEXT NOT NULL REFERENCES account (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (report, account)
);
CREATE INDEX desk_look_at ON desk_look (at);
CREATE TABLE campaign (
    id TEXT PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    opened BIGINT NOT NULL,
    opened_by TEXT NOT NULL,
    closed BIGINT
);
CREATE TABLE campaign_report (
    report TEXT PRIMARY KEY REFERENCES report (id),
    campaign TEXT NOT NULL REFERENCES campaign (id),
    added BIGINT NOT NULL,
    added_by TEXT NOT NULL
);
CREATE INDEX campaign_report_campaign ON campaign_report (campaign);
CREATE INDEX report_item_waiting ON report_item (fingerprint, id) WHERE verdict = 'quarantined';
CREATE INDEX report_case ON report (case_id);
CREATE INDEX report_context ON report (context_state, accepted);
CREATE INDEX indicator_created ON indicator (created_tick);
CREATE INDEX outbox_tick ON outbox (tick);
CREATE INDEX audit_subject_at ON audit (subject, at);
";

/// Migration of what is counted by the hour: each count is read from indexes alone.
pub(super) const DESK_NOW: &str = "
CREATE INDEX report_accepted_id ON report (accepted, id);
CREATE INDEX report_item_kept ON report_item (report) WHERE verdict IN ('quarantined', 'refused');
";
