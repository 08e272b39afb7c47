//! From what a hub publishes alone: each certificate of two batches is checked by a stranger.

use noroshi_anonymity::policy::{
    Attestation, Certificate, Checked, Decision, EarlierLabel, Facets, Flag, Hit, Moment, Origin,
    Parameters, PublicDocuments, PublicRecord, PublishedFlag, PublishedRegister, Record,
    RecordSchema, RecordedLabel, Roster, SignedRecord, Tree, TreeName, case_number, decide,
};
use noroshi_seal::SigningKey;
use noroshi_stix::Timestamp;

use crate::support::REGISTER;

/// A hub's side of the story: what it knows and what it has published.
struct Hub {
    roster: Roster,
    parameters: Parameters,
    tree: Tree,
    hits: Vec<Hit>,
    earlier: Vec<EarlierLabel>,
    flags: Vec<Flag>,
    records: Vec<Record>,
}

fn day(n: i64) -> Timestamp {
    "2026-11-23T00:00:00Z".parse::<Timestamp>().unwrap().plus_days(n)
}

impl Hub {
    fn new() -> Self {
        let (roster, parameters) = (Roster::of(&REGISTER), Parameters::default());
        let tree = Tree::make(&roster, &parameters, day(0));
        Self {
            roster,
            parameters,
            tree,
            hits: vec![],
            earlier: vec![],
            flags: vec![],
            records: vec![],
        }
    }

    /// Releases about the members at these positions in one batch.
    fn batch(&mut self, at: Timestamp, positions: &[usize]) -> Vec<Certificate> {
        let number = u32::try_from(self.records.len()).unwrap() + 1;
        let earlier = self.earlier.clone();
        let name = TreeName::of(&self.roster, &self.parameters, &self.tree);
        let (mut releases, mut certificates) = (Vec::new(), Vec::new());
        for (i, position) in positions.iter().enumerate() {
            let facets = Facets::none(&self.roster);
            let moment = Moment::new(PublicRecord {
                roster: &self.roster,
                parameters: &self.parameters,
                tree: &self.tree,
                facets: &facets,
                hits: &self.hits,
                flags: &self.flags,
                at,
            });
            let Decision::Publish(label) = decide(&moment, None, Origin::Member(*position), None)
            else {
                continue;
            };
            let release_id = format!("report--{number}-{i}");
            let node = label.node_hash().to_string();
            certificates.push(Certificate::of(
                &label,
                Attestation {
                    release_id: release_id.clone(),
                    record: number,
                    gate_version: "1".into(),
                    harness_run_id: None,
                },
            ));
            self.hits.push(label.hit(Some(case_number(&release_id))));
            self.earlier.push(EarlierLabel {
                at,
                release_id: release_id.clone(),
                node: node.clone(),
                tree: name.clone(),
            });
            releases.push(RecordedLabel { release_id, node });
        }
        self.records.push(Record {
            schema: RecordSchema::One,
            number,
            previous: self.records.last().map_or_else(|| "0".repeat(64), Record::hash_text),
            at,
            tree: name,
            flags: self
                .flags
                .iter()
                .map(|f| PublishedFlag { member: f.member.expose().to_owned(), since: f.since })
                .collect(),
            earlier,
            releases,
        });
        certificates
    }

    fn documents(&self) -> PublicDocuments {
        let mut documents = PublicDocuments::new();
        documents.add_register(&PublishedRegister::of(&self.roster).to_bytes()).unwrap();
        documents.add_parameters(&self.parameters.to_bytes()).unwrap();
        documents
    }
}

#[test]
fn a_stranger_recomputes_every_certificate_of_two_batches() {
    let mut hub = Hub::new();
    let first = hub.batch(day(0), &[0, 5, 9]);
    // Somebody is in the news in between.
    hub.flags.push(Flag { member: hub.roster.member(0).unwrap().clone(), since: day(3) });
    let second = hub.batch(day(7), &[20, 12, 30, 8]);
    assert!(first.len() == 3 && second.len() >= 2, "{} {}", first.len(), second.len());
    let documents = hub.documents();
    for (record, certificates) in hub.records.iter().zip([&first, &second]) {
        assert!(documents.missing(record).registers.is_empty());
        for certificate in certificates {
            let checked = documents.check(certificate, record);
            assert_eq!(checked, Ok(Checked::Everything), "{}", certificate.release_id);
        }
    }
    // A record that hides the flag or a label of before, or that moves a release, is found out.
    let good = &hub.records[1];
    let changes: [fn(&mut Record); 5] = [
        |r| r.flags.clear(),
        |r| r.releases.remove(0).node.clear(),
        |r| r.at = day(8),
        |r| r.tree.made = day(1),
        |r| r.number = 1,
    ];
    for (i, change) in changes.into_iter().enumerate() {
        let mut bad = good.clone();
        change(&mut bad);
        let refused = second.iter().any(|c| documents.check(c, &bad).is_err());
        assert!(refused, "{i}");
    }
    assert_eq!(good.previous, hub.records[0].hash_text());
}

#[test]
fn a_record_is_signed_and_names_what_is_missing() {
    let mut hub = Hub::new();
    hub.batch(day(0), &[0]);
    let key = SigningKey::from_seed([7; 32]);
    let signed = hub.records[0].clone().sign(&key);
    let read = SignedRecord::from_bytes(&signed.to_bytes()).unwrap();
    let record = read.verify(&key.verifying_key()).unwrap();
    assert!(read.verify(&SigningKey::from_seed([8; 32]).verifying_key()).is_err());
    let text = String::from_utf8(signed.to_bytes()).unwrap().replace("report--1-0", "report--1-1");
    let changed = SignedRecord::from_bytes(text.as_bytes()).unwrap();
    assert!(changed.verify(&key.verifying_key()).is_err());
    let missing = PublicDocuments::new().missing(record);
    assert_eq!((missing.registers.len(), missing.parameters.len()), (1, 1));
    // The published register is the roster, to the last bit, and names nobody.
    let bytes = PublishedRegister::of(&hub.roster).to_bytes();
    let again = PublishedRegister::from_bytes(&bytes).unwrap().roster().unwrap();
    assert_eq!(again.hash(), hub.roster.hash());
    assert!(!String::from_utf8(bytes).unwrap().contains("三菱"));
}
