//! Names of kill chains and their phases.

use serde_json::Value;

use crate::validate::finding::Findings;
use crate::validate::subject::Subject;

/// Names are written small, with hyphens between words.
pub(super) fn check(subject: &Subject<'_>, out: &mut Findings) {
    let phases = subject.members.get("kill_chain_phases").and_then(Value::as_array);
    for (i, phase) in phases.into_iter().flatten().enumerate() {
        for key in ["kill_chain_name", "phase_name"] {
            let Some(name) = phase.get(key).and_then(Value::as_str) else { continue };
            if name.chars().any(|c| c.is_uppercase() || c.is_whitespace() || c == '_') {
                let path = format!("kill_chain_phases[{i}].{key}");
                let message = "the name should be in lower case, with hyphens between words";
                out.warning("kill-chain-name", path, message);
            }
        }
    }
}
