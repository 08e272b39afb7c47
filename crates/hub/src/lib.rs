//! Receive, review, decide, release: vault, intake, desk, members, sign-in, access, audit.
