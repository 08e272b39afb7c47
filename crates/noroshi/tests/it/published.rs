//! A hub's published history under a known key: two batches of context releases on a shelf, served
//! by the real program.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use noroshi_anonymity::Register;
use noroshi_anonymity::policy::{
    Attestation, Candidates, Certificate, Decision, EarlierLabel, Facets, Flag, Hit, Moment,
    Origin, Parameters, PublicRecord, PublishedFlag, PublishedRegister, Record, RecordSchema,
    RecordedLabel, Roster, Tree, TreeName, case_number, decide,
};
use noroshi_outlet::{
    Credential, ReleasedObject, Rights, Shelf, SignedBatch, SignedDocument, Trust,
};
use noroshi_seal::{
    ApiKey, BatchHead, SeededEntropy, SigningKey, key_pepper, leaf_hash, random_bytes,
};
use noroshi_stix::{StixId, Timestamp, canonical_json};
use noroshi_store::Address;
use serde_json::json;
use tempfile::TempDir;

use crate::site::noroshi;

const SEED: [u8; 32] = [7; 32];
const CREATOR: &str = "identity--7f0c5f0e-5d0b-4a58-9b0e-6e6f1b6d7a01";
const CLEAR: &str = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487";

pub(crate) fn day(n: i64) -> Timestamp {
    "2026-11-23T00:00:00Z".parse::<Timestamp>().unwrap().plus_days(n)
}

/// What a hub knows and has published.
pub(crate) struct Hub {
    pub(crate) key: SigningKey,
    roster: Roster,
    parameters: Parameters,
    tree: Tree,
    hits: Vec<Hit>,
    earlier: Vec<EarlierLabel>,
    flags: Vec<Flag>,
    pub(crate) records: Vec<Record>,
    pub(crate) certificates: Vec<Certificate>,
    /// What the first release left of the first case.
    candidates: Option<Candidates>,
    forgets: bool,
    /// Release ids and the members they are about.
    pub(crate) truth: Vec<(String, String)>,
}

/// A report object with this id.
fn report(id: &str) -> Vec<u8> {
    let at = day(0).to_string();
    canonical_json(&json!({
        "created": at, "created_by_ref": CREATOR, "id": id, "modified": at, "name": "A member",
        "object_marking_refs": [CLEAR], "object_refs": [CREATOR], "published": at,
        "spec_version": "2.1", "type": "report",
    }))
}

impl Hub {
    pub(crate) fn new() -> Self {
        let register = include_str!("../../../../reference/demo-register.toml");
        let roster = Roster::of(&Register::from_toml(register).unwrap());
        let parameters = Parameters::default();
        let tree = Tree::make(&roster, &parameters, day(0));
        Self {
            key: SigningKey::from_seed(SEED),
            roster,
            parameters,
            tree,
            hits: vec![],
            earlier: vec![],
            flags: vec![],
            records: vec![],
            certificates: vec![],
            candidates: None,
            forgets: false,
            truth: vec![],
        }
    }

    /// Three releases; a week later, with somebody in the news, more, the last of them again about
    /// the first case.
    pub(crate) fn with_history() -> Self {
        let mut hub = Self::new();
        hub.batch(day(0), &[(0, false), (5, false), (30, false)]);
        hub.flags.push(Flag { member: hub.roster.member(0).unwrap().clone(), since: day(3) });
        hub.batch(day(7), &[(8, false), (33, false), (30, true)]);
        assert_eq!(hub.certificates.len(), 6);
        hub
    }

    /// Takes a second report for one about the case of the first, and does not look what it said
    /// about that: each certificate is right for itself.
    pub(crate) fn forgetful() -> Self {
        let mut hub = Self::new();
        hub.forgets = true;
        hub.batch(day(0), &[(0, false), (5, false), (30, false)]);
        hub.batch(day(7), &[(0, true)]);
        hub
    }

    /// A batch of releases about the members at these positions; with `true`, about the case of
    /// before.
    fn batch(&mut self, at: Timestamp, about: &[(usize, bool)]) {
        let number = u32::try_from(self.records.len()).unwrap() + 1;
        let earlier = self.earlier.clone();
        let name = TreeName::of(&self.roster, &self.parameters, &self.tree);
        let mut releases = Vec::new();
        for (i, (position, again)) in about.iter().enumerate() {
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
            let known = self.candidates.as_ref().filter(|_| *again && !self.forgets);
            let decision = decide(&moment, known, Origin::Member(*position), None);
            let Decision::Publish(label) = decision else {
                panic!("member {position} of batch {number}: {decision:?}");
            };
            if *position == 30 {
                self.candidates = Some(label.candidates().clone());
            }
            let again = again.then(|| self.certificates[2].release_id.clone());
            let release_id = again.unwrap_or_else(|| {
                format!("report--00000000-0000-4000-8000-00000000{number:02}{i:02}")
            });
            let node = label.node_hash().to_string();
            let attestation = Attestation {
                release_id: release_id.clone(),
                record: number,
                gate_version: "1".into(),
                harness_run_id: None,
            };
            self.certificates.push(Certificate::of(&label, attestation));
            self.hits.push(label.hit(Some(case_number(&release_id))));
            self.earlier.push(EarlierLabel {
                at,
                release_id: release_id.clone(),
                node: node.clone(),
                tree: name.clone(),
            });
            let member = self.roster.member(*position).unwrap().expose().to_owned();
            self.truth.push((release_id.clone(), member));
            releases.push(RecordedLabel { release_id, node });
        }
        let flag =
            |f: &Flag| PublishedFlag { member: f.member.expose().to_owned(), since: f.since };
        self.records.push(Record {
            schema: RecordSchema::One,
            number,
            previous: self.records.last().map_or_else(|| "0".repeat(64), Record::hash_text),
            at,
            tree: name,
            flags: self.flags.iter().map(flag).collect(),
            earlier,
            releases,
        });
    }

    pub(crate) fn key_text(&self) -> String {
        self.key.verifying_key().to_string()
    }

    /// Everything it publishes beside releases; what concerns the register is not for everybody.
    pub(crate) fn documents(&self) -> Vec<SignedDocument> {
        let name = TreeName::of(&self.roster, &self.parameters, &self.tree);
        let sign = |name: String, clear, body| SignedDocument::sign(name, clear, body, &self.key);
        let mut all = vec![
            sign(
                format!("registers/{}", name.register),
                true,
                PublishedRegister::of(&self.roster).to_bytes(),
            ),
            sign(format!("parameters/{}", name.parameters), true, self.parameters.to_bytes()),
        ];
        for record in &self.records {
            let body = record.clone().sign(&self.key).to_bytes();
            all.push(sign(format!("records/{}", record.number), true, body.clone()));
            all.push(sign("records/latest".into(), true, body));
        }
        for certificate in &self.certificates {
            let body = certificate.clone().sign(&self.key).to_bytes();
            let mut name = format!("certificates/{}", certificate.release_id);
            if all.iter().any(|d: &SignedDocument| d.name == name) {
                name.push_str("-v2");
            }
            all.push(sign(name, true, body));
        }
        all
    }

    /// Puts all of it on a shelf and serves that.
    pub(crate) fn serve(&self) -> Served {
        self.serve_with(self.documents(), true)
    }

    pub(crate) fn serve_with(&self, documents: Vec<SignedDocument>, open: bool) -> Served {
        let folder = tempfile::tempdir().unwrap();
        let shelf = folder.path().join("shelf.db");
        let trust = Trust {
            keys: vec![self.key.verifying_key()],
            creator: CREATOR.parse::<StixId>().unwrap(),
        };
        let entropy = SeededEntropy::new(3);
        let key = ApiKey::generate(&entropy);
        let credential = Credential {
            key_id: key.id().to_owned(),
            digest: *key.digest(&key_pepper(&self.key.verifying_key())).as_bytes(),
            expires_micros: i64::MAX,
            rights: Rights { read_releases: true, ..Rights::default() },
        };
        let ids: BTreeSet<_> = self.certificates.iter().map(|c| &c.release_id).collect();
        let reports = ids.into_iter().map(|id| report(id));
        let objects: Vec<_> = reports.map(|bytes| ReleasedObject { bytes }).collect();
        let leaves: Vec<_> = objects.iter().map(|o| leaf_hash(&o.bytes)).collect();
        let id = random_bytes(&entropy);
        let head = BatchHead::over(id, "context", day(7).as_micros(), &leaves, [0; 32]).unwrap();
        let batch = SignedBatch { head: head.sign(&self.key), objects };
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let address = Address::Sqlite(shelf.clone());
            let shelf = Shelf::open(&address, trust).await.unwrap();
            shelf.publish(batch).await.unwrap();
            shelf.upsert_credential(credential).await.unwrap();
            shelf.put_documents(documents).await.unwrap();
        });
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = format!("127.0.0.1:{port}");
        let key_text = self.key_text();
        let shelf = shelf.to_str().unwrap();
        let mut args = vec!["outlet", "--shelf", shelf, "--hub-key", &key_text];
        args.extend(["--hub-identity", CREATOR, "--listen", &listen]);
        if open {
            args.push("--public-clear");
        }
        let mut command = noroshi(folder.path(), &args);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let key = key.expose().to_owned();
        let mut served = Served { folder, base: format!("http://{listen}"), key, child };
        served.wait();
        served
    }
}

/// A running outlet.
pub(crate) struct Served {
    pub(crate) folder: TempDir,
    pub(crate) base: String,
    /// A key that reads releases.
    pub(crate) key: String,
    child: Child,
}

impl Served {
    fn wait(&mut self) {
        let end = Instant::now() + Duration::from_secs(60);
        while ureq::get(format!("{}/readyz", self.base)).call().is_err() {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none() && Instant::now() < end, "the outlet did not start");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
