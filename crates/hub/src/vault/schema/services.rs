//! The status of services.

/// What the desk tells everybody about services; no firm is in it. And an index without which a
/// member's list of reports sorts all it ever filed.
pub(super) const SERVICES: &str = "
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
