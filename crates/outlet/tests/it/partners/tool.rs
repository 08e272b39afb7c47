//! An object that partners post.

use serde_json::{Value, json};

/// A version of a tool.
pub(crate) fn tool(n: u32, version: u32) -> Value {
    json!({"type": "tool", "spec_version": "2.1", "name": format!("tool {n}, version {version}"),
        "id": format!("tool--00000000-0000-4000-8000-{n:012}"),
        "created": "2026-01-01T00:00:00.000Z",
        "modified": format!("2026-01-01T00:00:{version:02}.000Z")})
}
