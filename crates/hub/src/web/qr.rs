//! A text as a QR code, drawn with one path.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// White modules around the code, as readers want them (ISO/IEC 18004).
const QUIET: i32 = 4;

/// A QR code for an inline `<svg>`.
pub(super) struct Drawing {
    /// Modules of one side, the white edge included.
    pub(super) size: i32,
    /// The dark modules, as path data.
    pub(super) path: String,
}

/// Draws a text; `None` where it is too long for a code.
pub(super) fn draw(text: &str) -> Option<Drawing> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET).ok()?;
        }
    }
    Some(Drawing { size: code.size() + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_nothing_else_in_them() {
        let drawing = draw("otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQ&issuer=a").unwrap();
        let last = drawing.size - QUIET - 1;
        for (x, y) in [(QUIET, QUIET), (last, QUIET), (QUIET, last)] {
            assert!(drawing.path.contains(&format!("M{x},{y}h1")), "{x} {y}");
        }
        assert!(!drawing.path.contains(&format!("M{},{}h1", QUIET + 1, QUIET + 1)));
        assert!(drawing.path.bytes().all(|b| b.is_ascii_digit() || b"Mhvz,-".contains(&b)));
        assert!(draw(&"x".repeat(5000)).is_none());
    }
}
