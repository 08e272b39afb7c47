//! Where published documents come from: a hub, or a folder that `noroshi verify fetch` filled.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use noroshi_outlet::{InclusionProof, SIGNATURE_HEADER, SignedDocument};
use noroshi_seal::VerifyingKey;
use noroshi_stix::StixId;
use serde::Deserialize;

use super::History;
use crate::client::{Answer, Client};
use crate::objects::parts;
use crate::outlet::read_key;

/// Where to read, and whom to believe.
#[derive(clap::Args)]
pub(crate) struct SourceArgs {
    /// Address of the hub
    #[arg(long, env = "NOROSHI_HUB", default_value = "http://127.0.0.1:8844", value_name = "URL")]
    hub: String,
    /// Read what `noroshi verify fetch` saved instead of asking a hub
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The hub's public key in hexadecimal; once for each key it has had
    #[arg(
        long,
        env = "NOROSHI_HUB_KEY",
        value_name = "HEX",
        value_delimiter = ',',
        required = true
    )]
    hub_key: Vec<String>,
    /// API key that may read releases; without one, what anybody may read
    #[arg(long, env = "NOROSHI_KEY", hide_env_values = true, value_name = "KEY")]
    key: Option<String>,
    /// File that holds the API key
    #[arg(long, conflicts_with = "key", value_name = "FILE")]
    key_file: Option<PathBuf>,
}

impl SourceArgs {
    /// The hub's address.
    pub(crate) fn url(&self) -> &str {
        &self.hub
    }

    /// What is to be checked.
    pub(crate) fn history(&self) -> Result<History> {
        let source = match &self.folder {
            Some(folder) => Source::folder(folder)?,
            None => Source::hub(&self.hub, self.key.as_deref(), self.key_file.as_deref())?,
        };
        Ok(History::new(source, read_keys(&self.hub_key)?))
    }
}

/// Public keys as the hub prints them.
pub(crate) fn read_keys(texts: &[String]) -> Result<Vec<VerifyingKey>> {
    texts.iter().map(|text| read_key(text)).collect()
}

/// A hub, or a folder.
pub(crate) enum Source {
    Hub(Client),
    Folder(PathBuf),
}

impl Source {
    /// A hub, with a key where one is given.
    pub(crate) fn hub(url: &str, key: Option<&str>, key_file: Option<&Path>) -> Result<Self> {
        let key = match (key, key_file) {
            (Some(key), _) => Some(key.trim().to_owned()),
            (None, Some(file)) => {
                let text = std::fs::read_to_string(file)
                    .with_context(|| format!("the key file {} cannot be read", file.display()))?;
                Some(text.trim().to_owned())
            }
            (None, None) => None,
        };
        Ok(Self::Hub(match key {
            Some(key) => Client::with_key(url, &key),
            None => Client::new(url, Vec::new()),
        }))
    }

    /// A folder that was filled by [`Source::save`].
    pub(crate) fn folder(path: &Path) -> Result<Self> {
        if !path.is_dir() {
            bail!("{} is no folder; fill one with: noroshi verify fetch --to DIR", path.display());
        }
        Ok(Self::Folder(path.to_owned()))
    }

    /// Names of all documents, in order.
    pub(crate) fn names(&self) -> Result<Vec<String>> {
        #[derive(Deserialize)]
        struct Index {
            documents: Vec<String>,
        }
        match self {
            Self::Hub(client) => {
                let answer = client.get("/anonymity/", JSON)?.success()?;
                let index: Index = serde_json::from_slice(&answer.body)
                    .context("the index of published documents cannot be read")?;
                // They become names of files: whoever runs the hub shall not choose where.
                if index.documents.iter().any(|name| !SignedDocument::is_name(name)) {
                    bail!("the hub lists a document under a name that no document can have");
                }
                Ok(index.documents)
            }
            Self::Folder(folder) => saved_names(folder),
        }
    }

    /// A document, its signature not checked yet; `None` where there is none of this name.
    pub(crate) fn document(&self, name: &str) -> Result<Option<SignedDocument>> {
        let damaged = || format!("{name} comes without a readable signature");
        match self {
            Self::Hub(client) => {
                let Some(answer) = found(client.get(&format!("/anonymity/{name}"), JSON)?)? else {
                    return Ok(None);
                };
                let header = answer.header(SIGNATURE_HEADER).to_owned();
                let read = SignedDocument::from_answer(name, answer.body, &header);
                read.map(Some).with_context(damaged)
            }
            Self::Folder(folder) => {
                let Some(body) = saved(&folder.join(format!("{name}.json")))? else {
                    return Ok(None);
                };
                let header = saved(&folder.join(format!("{name}.signature")))?.unwrap_or_default();
                let header = String::from_utf8_lossy(&header).into_owned();
                let read = SignedDocument::from_answer(name, body, header.trim());
                read.map(Some).with_context(damaged)
            }
        }
    }

    /// The proof that an object was released; `None` where there is none.
    pub(crate) fn proof(&self, id: &str, version: Option<&str>) -> Result<Option<InclusionProof>> {
        let bytes = match self {
            Self::Hub(client) => {
                let version = version.map(|v| format!("?version={v}")).unwrap_or_default();
                found(client.get(&format!("/proofs/{id}{version}"), JSON)?)?.map(|a| a.body)
            }
            Self::Folder(folder) => saved(&proof_file(folder, id))?,
        };
        let read = bytes.map(|bytes| serde_json::from_slice(&bytes));
        read.transpose().with_context(|| format!("the proof of {id} cannot be read"))
    }

    /// The bytes of the object that a proof is about; `None` where it is not there.
    pub(crate) fn object(&self, proof: &InclusionProof) -> Result<Option<Vec<u8>>> {
        match self {
            Self::Hub(client) => {
                let (collection, id, version) = (&proof.collection, &proof.id, proof.version);
                let path = format!(
                    "/taxii2/noroshi/collections/{collection}/objects/{id}/?match[version]={version}"
                );
                let Some(answer) = found(client.get(&path, TAXII)?)? else { return Ok(None) };
                Ok(parts(&answer.body).into_iter().next())
            }
            Self::Folder(folder) => saved(&object_file(folder, &proof.id)),
        }
    }

    /// Saves a document so that [`Source::document`] finds it.
    pub(crate) fn save(folder: &Path, document: &SignedDocument) -> Result<()> {
        let name = &document.name;
        write(&folder.join(format!("{name}.json")), &document.body)?;
        write(&folder.join(format!("{name}.signature")), document.header().as_bytes())
    }

    /// Saves an object with its proof.
    pub(crate) fn save_release(folder: &Path, object: &[u8], proof: &InclusionProof) -> Result<()> {
        write(&object_file(folder, &proof.id), object)?;
        write(&proof_file(folder, &proof.id), &serde_json::to_vec(proof)?)
    }
}

/// Ids are put into paths and file names: plain letters, digits and hyphens.
pub(crate) fn plain_id(text: &str) -> Result<String, String> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if text.bytes().all(plain) && text.parse::<StixId>().is_ok() {
        return Ok(text.to_owned());
    }
    Err("give the id of an object, such as report--458897cc-c070-4537-9495-51cad69a5b46".to_owned())
}

fn found(answer: Answer) -> Result<Option<Answer>> {
    if answer.status == 404 { Ok(None) } else { answer.success().map(Some) }
}

fn saved(file: &Path) -> Result<Option<Vec<u8>>> {
    match std::fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display())),
    }
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    let done = file.parent().map_or(Ok(()), std::fs::create_dir_all);
    done.and_then(|()| std::fs::write(file, bytes))
        .with_context(|| format!("{} cannot be written", file.display()))
}

fn saved_names(folder: &Path) -> Result<Vec<String>> {
    let entries = |folder: &Path| -> Result<Vec<std::fs::DirEntry>> {
        let unread = || format!("{} cannot be read", folder.display());
        let all: std::io::Result<Vec<_>> =
            std::fs::read_dir(folder).with_context(unread)?.collect();
        all.with_context(unread)
    };
    let mut names = Vec::new();
    for kind in entries(folder)?.iter().filter(|e| e.path().is_dir()) {
        for file in entries(&kind.path())? {
            let (kind, file) = (kind.file_name(), file.file_name());
            let stem = file.to_str().and_then(|name| name.strip_suffix(".json"));
            if let (Some(kind), Some(stem)) = (kind.to_str().filter(|k| *k != RELEASES), stem) {
                names.push(format!("{kind}/{stem}"));
            }
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn object_file(folder: &Path, id: &str) -> PathBuf {
    folder.join(RELEASES).join(format!("{id}.json"))
}

fn proof_file(folder: &Path, id: &str) -> PathBuf {
    folder.join(RELEASES).join(format!("{id}.proof.json"))
}

/// The folder of objects and proofs; no kind of document has this name.
const RELEASES: &str = "releases";
const JSON: &str = "application/json";
const TAXII: &str = "application/taxii+json;version=2.1";
