//! Until when a certificate is good.

use noroshi_stix::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

/// The end of the certificate's validity (RFC 5280, section 4.1.2.5). `None` when the strict parser
/// does not take the certificate; whether it can be used is for the TLS library to say.
pub(super) fn not_after(der: &[u8]) -> Option<Timestamp> {
    let certificate = Certificate::from_der(der).ok()?;
    let end = certificate.tbs_certificate().validity().not_after.to_unix_duration();
    i64::try_from(end.as_micros()).ok().map(Timestamp::from_micros)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_end_is_read_from_a_certificate() {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["hub.example".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(2031, 2, 3);
        let certificate = params.self_signed(&key).unwrap();
        let end = not_after(certificate.der()).unwrap();
        assert_eq!(end.to_string(), "2031-02-03T00:00:00.000Z");
        assert_eq!(not_after(&certificate.der()[1..]), None);
    }

    proptest! {
        #[test]
        fn garbage_has_no_end(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(not_after(&bytes), None);
        }
    }
}
