//! Certificates of the harness, checked the way a member would.

use crate::policy::{Attestation, Certificate, CertifiedLabel, PublicRecord, verify_certificate};

/// Whether the certificate of a label follows from the public record.
pub(super) fn follows(record: &PublicRecord<'_>, label: &CertifiedLabel) -> bool {
    let attestation = Attestation {
        record: 1,
        release_id: String::new(),
        gate_version: String::new(),
        harness_run_id: None,
    };
    verify_certificate(record, &Certificate::of(label, attestation)).is_ok()
}
