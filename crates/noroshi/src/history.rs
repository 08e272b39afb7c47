//! What a hub has published about its context releases, fetched from it or read from a folder, and
//! believed only as far as its signatures reach.

mod chain;
mod source;

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context, Result, bail};
pub(crate) use chain::Chain;
use noroshi_anonymity::AnonymityError;
use noroshi_anonymity::MemberId;
use noroshi_anonymity::policy::{
    Certificate, Checked, Facets, Flag, Moment, Parameters, PublicDocuments, PublicRecord,
    PublishedFlag, PublishedRegister, Record, Roster, SignedCertificate, SignedRecord, Tree,
    TreeName,
};
use noroshi_outlet::SignedDocument;
use noroshi_outlet::i18n::{Speech, Value};
use noroshi_seal::VerifyingKey;
pub(crate) use source::{Source, SourceArgs, plain_id, read_keys};

/// Why something that was published cannot be relied on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The end of the text's name; also what programs read.
    pub(crate) code: &'static str,
    /// What it is about: the name of a document, a number, a statement.
    pub(crate) subject: String,
}

impl Refusal {
    pub(crate) fn new(code: &'static str, subject: impl Into<String>) -> Self {
        Self { code, subject: subject.into() }
    }

    /// The sentence for people.
    pub(crate) fn explain(&self, say: &Speech) -> String {
        let subject = [("subject", Value::from(self.subject.as_str()))];
        say.with(&format!("verify-no-{}", self.code), &subject)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.subject)
    }
}

impl std::error::Error for Refusal {}

/// The first version's certificate is named after the release, later ones say which.
fn certificate_name(release_id: &str, version: u32) -> String {
    match version {
        1 => format!("certificates/{release_id}"),
        n => format!("certificates/{release_id}-v{n}"),
    }
}

/// Public ids of members with their weights.
pub(crate) type Weights = BTreeMap<String, u32>;

/// Everything that was read and whose signatures are good.
pub(crate) struct History {
    source: Source,
    keys: Vec<VerifyingKey>,
    documents: PublicDocuments,
    rosters: BTreeMap<String, Roster>,
    parameters: BTreeMap<String, Parameters>,
    trees: BTreeMap<TreeName, Tree>,
}

impl History {
    /// What this source has, signed with one of these keys.
    pub(crate) fn new(source: Source, keys: Vec<VerifyingKey>) -> Self {
        let (rosters, parameters, trees) = Default::default();
        Self { source, keys, documents: PublicDocuments::new(), rosters, parameters, trees }
    }

    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    pub(crate) fn keys(&self) -> &[VerifyingKey] {
        &self.keys
    }

    /// A document whose signature is good.
    pub(crate) fn document(&self, name: &str) -> Result<SignedDocument> {
        let Some(document) = self.source.document(name)? else {
            bail!(Refusal::new("missing", name));
        };
        if !document.verify(&self.keys) {
            bail!(Refusal::new("document-signature", name));
        }
        Ok(document)
    }

    /// The certificates of all versions of a release, oldest first.
    pub(crate) fn certificates(&self, release_id: &str) -> Result<Vec<Certificate>> {
        let mut all = vec![self.certificate(release_id, 1)?];
        for version in 2.. {
            if self.source.document(&certificate_name(release_id, version))?.is_none() {
                break;
            }
            all.push(self.certificate(release_id, version)?);
        }
        Ok(all)
    }

    /// The certificate of one version of a release, both its signatures checked.
    fn certificate(&self, release_id: &str, version: u32) -> Result<Certificate> {
        let name = certificate_name(release_id, version);
        let signed = SignedCertificate::from_bytes(&self.document(&name)?.body);
        let signed = signed.map_err(|_| Refusal::new("unreadable", &name))?;
        let certificate = self.keys.iter().find_map(|key| signed.verify(key).ok());
        match certificate {
            Some(certificate) if certificate.release_id == release_id => Ok(certificate.clone()),
            Some(_) => bail!(Refusal::new("other", name)),
            None => bail!(Refusal::new("certificate-signature", name)),
        }
    }

    /// A record, both its signatures checked.
    pub(crate) fn record(&self, number: u32) -> Result<Record> {
        let name = format!("records/{number}");
        let signed = SignedRecord::from_bytes(&self.document(&name)?.body);
        let signed = signed.map_err(|_| Refusal::new("unreadable", &name))?;
        let record = self.keys.iter().find_map(|key| signed.verify(key).ok());
        match record {
            Some(record) if record.number == number => Ok(record.clone()),
            Some(_) => bail!(Refusal::new("other", name)),
            None => bail!(Refusal::new("record-signature", name)),
        }
    }

    /// Number of the newest record there is.
    pub(crate) fn newest_record(&self) -> Result<u32> {
        let names = self.source.names()?;
        let numbers = names.iter().filter_map(|name| name.strip_prefix("records/")?.parse().ok());
        Ok(numbers.max().unwrap_or(0))
    }

    /// Reads the registers and parameters a record needs and makes its trees.
    pub(crate) fn prepare(&mut self, record: &Record) -> Result<()> {
        let missing = self.documents.missing(record);
        for hash in missing.registers {
            let name = format!("registers/{hash}");
            let body = self.document(&name)?.body;
            let unreadable = |_| Refusal::new("unreadable", &name);
            let roster = PublishedRegister::from_bytes(&body).and_then(|r| r.roster());
            let roster = roster.map_err(unreadable)?;
            if self.documents.add_register(&body).map_err(unreadable)? != hash {
                bail!(Refusal::new("other", name));
            }
            self.rosters.insert(hash, roster);
        }
        for hash in missing.parameters {
            let name = format!("parameters/{hash}");
            let body = self.document(&name)?.body;
            let unreadable = |_| Refusal::new("unreadable", &name);
            let parameters = Parameters::from_bytes(&body).map_err(unreadable)?;
            if self.documents.add_parameters(&body).map_err(unreadable)? != hash {
                bail!(Refusal::new("other", name));
            }
            self.parameters.insert(hash, parameters);
        }
        let names = std::iter::once(&record.tree).chain(record.earlier.iter().map(|e| &e.tree));
        for name in names {
            if let Some((roster, parameters)) = self.base(name)
                && !self.trees.contains_key(name)
            {
                let tree = Tree::make(roster, parameters, name.made);
                self.trees.insert(name.clone(), tree);
            }
        }
        Ok(())
    }

    /// Roster, parameters and tree of this name, once a record that names it was prepared.
    pub(crate) fn tree(&self, name: &TreeName) -> Option<(&Roster, &Parameters, &Tree)> {
        let (roster, parameters) = self.base(name)?;
        Some((roster, parameters, self.trees.get(name)?))
    }

    /// Who could be spoken of when a record was decided, with their weights. It was prepared.
    pub(crate) fn population(&self, record: &Record) -> Result<Weights> {
        let (roster, parameters, tree) = self.base_of(record)?;
        let flags: Vec<Flag> = record.flags.iter().map(PublishedFlag::to_flag).collect();
        let (facets, at) = (Facets::none(roster), record.at);
        let (facets, flags) = (&facets, flags.as_slice());
        let public = PublicRecord { roster, parameters, tree, facets, hits: &[], flags, at };
        let moment = Moment::new(public);
        let ids = moment.population().iter().filter_map(|i| Some((roster.member(i)?, i)));
        Ok(ids.map(|(id, i)| (id.expose().to_owned(), roster.weight(i))).collect())
    }

    /// Everybody a node of a record's tree names. The record was prepared.
    pub(crate) fn named(&self, record: &Record, node: &str) -> Result<Vec<MemberId>> {
        let (roster, _, tree) = self.base_of(record)?;
        let (_, node) = tree.node_called(node).ok_or_else(|| Refusal::new("differs", "node"))?;
        Ok(node.members().iter().filter_map(|i| roster.member(i).cloned()).collect())
    }

    /// Those of a population whom a node names.
    pub(crate) fn candidates(&self, record: &Record, node: &str) -> Result<Weights> {
        let (population, named) = (self.population(record)?, self.named(record, node)?);
        let weight = |id: &MemberId| population.get_key_value(id.expose());
        Ok(named.iter().filter_map(weight).map(|(id, weight)| (id.clone(), *weight)).collect())
    }

    fn base_of(&self, record: &Record) -> Result<(&Roster, &Parameters, &Tree)> {
        self.tree(&record.tree).context("the tree of a record cannot be made")
    }

    /// Recomputes a certificate from its record, which was prepared.
    pub(crate) fn check(&self, certificate: &Certificate, record: &Record) -> Result<Checked> {
        self.documents.check(certificate, record).map_err(|error| match error {
            AnonymityError::CertificateDiffers { what } => Refusal::new("differs", what).into(),
            other => other.into(),
        })
    }

    fn base(&self, name: &TreeName) -> Option<(&Roster, &Parameters)> {
        Some((self.rosters.get(&name.register)?, self.parameters.get(&name.parameters)?))
    }
}
