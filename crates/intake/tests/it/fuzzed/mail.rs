//! Mails: nobody who received one becomes an indicator.

use noroshi_intake::{Hint, Limits, read};
use noroshi_stix::Observable;

/// Reads the bytes as a mail.
pub(super) fn check(bytes: &[u8]) {
    let Ok(draft) = read(bytes, Hint::file_name("x.eml"), &Limits::default()) else { return };
    for found in &draft.found {
        let again = Observable::parse(found.observable.kind(), &found.observable.value());
        assert_eq!(again.as_ref(), Ok(&found.observable));
        if let Observable::Email(address) = &found.observable {
            let recipients = &draft.facts.mail_recipients;
            let received = recipients.iter().any(|r| r.eq_ignore_ascii_case(address.as_str()));
            assert!(!received, "a recipient is no indicator");
        }
    }
}
