//! Everything this crate reads is what it would have written, byte for byte: nobody can give the
//! same key, token or head two faces.

use noroshi_seal::{ApiKey, KeyId, Receipt, Signature, SignedBatchHead, Token, VerifyingKey};

/// The first byte selects the format.
pub(super) fn check(bytes: &[u8]) {
    let Some((selector, rest)) = bytes.split_first() else { return };
    let text = str::from_utf8(rest);
    match (selector % 7, text) {
        (0, _) => {
            if let Ok(head) = SignedBatchHead::from_bytes(rest) {
                assert_eq!(head.to_bytes(), rest);
            }
        }
        (1, Ok(text)) => receipt(text),
        (2, Ok(text)) => {
            if let Ok(key) = ApiKey::parse(text) {
                assert_eq!(key.expose(), text);
                assert!(text.contains(key.id()) && key.id().len() == 12);
            }
        }
        (3, Ok(text)) => {
            if let Ok(token) = Token::parse(text) {
                assert_eq!(token.expose().as_str(), text);
            }
        }
        // Hexadecimal digits may come in either case.
        (4, Ok(text)) => {
            if let Ok(id) = text.parse::<KeyId>() {
                assert!(id.to_string().eq_ignore_ascii_case(text));
            }
        }
        (5, Ok(text)) => {
            if let Ok(signature) = text.parse::<Signature>() {
                assert!(signature.to_string().eq_ignore_ascii_case(text));
            }
        }
        (6, Ok(text)) => {
            if let Ok(key) = text.parse::<VerifyingKey>() {
                assert!(key.to_string().eq_ignore_ascii_case(text));
            }
        }
        _ => {}
    }
}

/// A receipt may stand in a mail; printed again, it is the same receipt.
fn receipt(text: &str) {
    let Ok(receipt) = Receipt::parse(text) else { return };
    let printed = receipt.to_text();
    let again = Receipt::parse(&printed);
    assert!(again.as_ref() == Ok(&receipt), "a receipt reads back");
    assert_eq!(receipt.leaf(), again.map(|r| r.leaf()).unwrap_or_default());
}
