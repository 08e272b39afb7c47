//! A certificate: signed, read back, recomputed, and refused after any change.

use noroshi_anonymity::policy::{
    Attestation, Certificate, CertificateLedger, CertifiedLabel, Checked, Decision, Facets, Hit,
    Moment, Origin, Parameters, PublicRecord, Roster, SignedCertificate, Tree, decide,
    verify_certificate,
};
use noroshi_anonymity::{
    AnonymityError, Approval, Consent, ContextEmission, ContextFacts, DeskApproval, Gate, Group,
    Language, MemberId, Report, ReporterApproval, Vocabulary, WarningLists,
};
use noroshi_seal::{SeededEntropy, SigningKey};
use noroshi_stix::{ObjectType, StixId, Timestamp, Tlp};

use crate::support::REGISTER;

struct Public {
    roster: Roster,
    parameters: Parameters,
    tree: Tree,
    facets: Facets,
    hits: Vec<Hit>,
}

fn at() -> Timestamp {
    "2026-11-23T00:00:00Z".parse().unwrap()
}

impl Public {
    fn new() -> Self {
        let (roster, parameters) = (Roster::of(&REGISTER), Parameters::default());
        let tree = Tree::make(&roster, &parameters, at());
        let facets = Facets::none(&roster);
        Self { roster, parameters, tree, facets, hits: Vec::new() }
    }

    fn record(&self) -> PublicRecord<'_> {
        PublicRecord {
            roster: &self.roster,
            parameters: &self.parameters,
            tree: &self.tree,
            facets: &self.facets,
            hits: &self.hits,
            flags: &[],
            at: at(),
        }
    }

    fn label(&self, position: usize) -> CertifiedLabel {
        let moment = Moment::new(self.record());
        match decide(&moment, None, Origin::Member(position), None) {
            Decision::Publish(label) => *label,
            Decision::Hold(reason) => panic!("{reason:?}"),
        }
    }
}

fn certificate(label: &CertifiedLabel) -> Certificate {
    Certificate::of(
        label,
        Attestation {
            release_id: "report--458897cc-c070-4537-9495-51cad69a5b46".into(),
            record: 1,
            gate_version: "1".into(),
            harness_run_id: None,
        },
    )
}

#[test]
fn is_signed_read_and_recomputed() {
    let public = Public::new();
    let key = SigningKey::from_seed([7; 32]);
    let signed = certificate(&public.label(0)).sign(&key);
    let read = SignedCertificate::from_bytes(&signed.to_bytes()).unwrap();
    assert_eq!(read, signed);
    let certificate = read.verify(&key.verifying_key()).unwrap();
    assert_eq!(verify_certificate(&public.record(), certificate), Ok(Checked::Everything));
    // Another key, or another byte.
    let other = SigningKey::from_seed([8; 32]).verifying_key();
    assert_eq!(read.verify(&other), Err(AnonymityError::BadCertificateSignature));
    let text = String::from_utf8(signed.to_bytes()).unwrap();
    let changed = text.replace("\"mismatches\":0", "\"mismatches\":1");
    let changed = SignedCertificate::from_bytes(changed.as_bytes()).unwrap();
    assert!(changed.verify(&key.verifying_key()).is_err());
    assert!(SignedCertificate::from_bytes(b"{}").is_err());
}

#[test]
fn every_statement_is_recomputed() {
    let public = Public::new();
    let good = certificate(&public.label(0));
    let changes: [fn(&mut Certificate); 13] = [
        |c| c.register_hash = c.tree_hash.clone(),
        |c| c.parameters_hash = c.tree_hash.clone(),
        |c| c.tree_hash = c.register_hash.clone(),
        |c| c.facets_hash = c.tree_hash.clone(),
        |c| c.closed_hash = c.tree_hash.clone(),
        |c| c.quarantine_hash = c.tree_hash.clone(),
        |c| c.node = c.tree_hash.clone(),
        |c| c.label.en = "a bank".into(),
        |c| c.candidates += 1,
        |c| c.candidates = 5,
        |c| c.mismatches = 1,
        |c| c.facet = Some("vpn".into()),
        |c| c.worst_posterior_after_coalition = "1/5".parse().unwrap(),
    ];
    assert!(verify_certificate(&public.record(), &good).is_ok());
    for (i, change) in changes.into_iter().enumerate() {
        let mut bad = good.clone();
        change(&mut bad);
        let refused = verify_certificate(&public.record(), &bad);
        assert!(
            matches!(refused, Err(AnonymityError::CertificateDiffers { .. })),
            "{i}: {refused:?}"
        );
    }
    // A hub that calls a first release a later one cannot state more than the cell holds.
    let mut later = Certificate { ledger: CertificateLedger::Later, ..good };
    assert_eq!(verify_certificate(&public.record(), &later), Ok(Checked::LabelOnly));
    later.candidates = 36;
    assert!(verify_certificate(&public.record(), &later).is_err());
}

#[test]
fn a_public_record_with_a_release_kept_back_is_another() {
    let mut public = Public::new();
    let first = public.label(0);
    // As many labels as close the cell: a certificate that ignores them does not follow.
    let stale = certificate(&first);
    for case in 0..12 {
        public.hits.push(first.hit(Some(case)));
    }
    let refused = verify_certificate(&public.record(), &stale).unwrap_err();
    assert!(refused.to_string().contains("closed_hash"), "{refused}");
}

#[test]
fn a_label_reaches_a_release_and_nothing_else_does() {
    let public = Public::new();
    let vocabulary = Vocabulary::builtin().unwrap();
    let gate = Gate::new(&REGISTER, &WarningLists::builtin()).unwrap();
    let creator = StixId::deterministic(ObjectType::new("identity").unwrap(), b"hub");
    let emission = ContextEmission { creator: &creator, at: at(), tlp: Tlp::Green, corrects: None };
    let entropy = SeededEntropy::new(3);
    let phishing = (Group::AttackType, "phishing-mail");
    let mut facts = ContextFacts::new();
    let known = Group::ALL.iter().any(|g| facts.add(&vocabulary, *g, phishing.1));
    assert!(known);
    let approved = || {
        let report = Report::new(MemberId::new("x"), [], facts.clone()).gate(&gate);
        let desk = DeskApproval { officer: "o".into(), at: at() };
        report.approve(Approval {
            desk,
            reporter: ReporterApproval { at: at(), consent: Consent::Given },
        })
    };
    let label = public.label(0);
    let release = approved().context(&label, &emission, &entropy).unwrap();
    let (title, text) = facts.preview_about(&label, Language::En);
    assert!(title.starts_with(&format!("A member ({})", label.words().en)), "{title}");
    assert!(text.starts_with(&format!("A member ({}) reported an attack.", label.words().en)));
    assert!(facts.preview_about(&label, Language::Ja).0.starts_with("会員("));
    let report = release.objects().iter().find(|o| Some(o.id()) == release.report_id()).unwrap();
    assert!(String::from_utf8_lossy(report.json()).contains(&title));
    assert_eq!(format!("{label:?}"), "CertifiedLabel(..)");
}
