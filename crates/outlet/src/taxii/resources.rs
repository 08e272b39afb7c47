//! Discovery, the API root and its collections (sections 4.1, 4.2, 5.1 and 5.2).

use noroshi_stix::taxii::{
    ApiRoot, CollectionInfo, Collections, Discovery, STIX_MEDIA, TAXII_MEDIA,
};

use super::request::Asked;
use super::{Answer, resource};
use crate::collection::{Collection, INBOX_ALIAS, INBOX_ID};
use crate::problem::Problem;
use crate::reader::Scope;

/// A collection that the caller may know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// One on the shelf, and how much of it may be read.
    Shelf(Collection, Scope),
    /// The inbox, which is only written to.
    Inbox,
}

/// `GET /taxii2/`
pub(crate) async fn discover(Asked { state, headers, .. }: Asked) -> Answer {
    let root = format!("{}{API_ROOT}", state.public_url(&headers));
    Ok(resource(&Discovery {
        title: state.0.config.title.clone(),
        description: Some("Releases of a noroshi hub: indicators of attacks, no victims".into()),
        contact: None,
        default: Some(root.clone()),
        api_roots: vec![root],
    }))
}

/// `GET /taxii2/noroshi/`
pub(crate) async fn api_root(Asked { state, .. }: Asked) -> Answer {
    Ok(resource(&ApiRoot {
        title: state.0.config.title.clone(),
        description: None,
        versions: vec![TAXII_MEDIA.to_owned()],
        max_content_length: u64::try_from(state.0.config.max_body).unwrap_or(u64::MAX),
    }))
}

/// `GET /taxii2/noroshi/collections/`
pub(crate) async fn collections(asked: Asked) -> Answer {
    let collections = Known::all(&asked).map(|known| known.info(&asked)).collect();
    Ok(resource(&Collections { collections }))
}

/// `GET /taxii2/noroshi/collections/{collection}/`
pub(crate) async fn collection(asked: Asked) -> Answer {
    Ok(resource(&Known::find(&asked)?.info(&asked)))
}

impl Known {
    /// Every collection that the caller may read or write.
    fn all(asked: &Asked) -> impl Iterator<Item = Self> + use<> {
        let (grant, hub) = (&asked.grant, &asked.state.0);
        let inbox = (grant.write_inbox && hub.inbox.is_some()).then_some(Self::Inbox);
        let writes = may_post_to_partners(asked);
        let shelf = Collection::ALL.map(|c| Self::Shelf(c, grant.reads(c)));
        let known = move |known: &Self| match known {
            Self::Shelf(_, Scope::Nothing) => {
                matches!(known, Self::Shelf(Collection::Partners, _)) && writes
            }
            _ => true,
        };
        shelf.into_iter().chain(inbox).filter(known)
    }

    /// The collection that a path names, by id or alias.
    ///
    /// # Errors
    /// 404 for one that is not there or that the caller may not know of.
    pub(super) fn find(asked: &Asked) -> Result<Self, Problem> {
        let name = asked.params.segment("collection");
        let names = |known: &Self| match known {
            Self::Shelf(collection, _) => Collection::find(name) == Some(*collection),
            Self::Inbox => name == INBOX_ALIAS || name.eq_ignore_ascii_case(INBOX_ID),
        };
        Self::all(asked).find(names).ok_or_else(Problem::not_found)
    }

    /// The collection that a path names, for reading: whether only what is marked TLP:CLEAR.
    ///
    /// # Errors
    /// 404 where the caller may not read it.
    pub(super) fn find_to_read(asked: &Asked) -> Result<(Collection, bool), Problem> {
        match Self::find(asked)? {
            Self::Shelf(collection, Scope::All) => Ok((collection, false)),
            Self::Shelf(collection, Scope::Clear) => Ok((collection, true)),
            Self::Shelf(_, Scope::Nothing) | Self::Inbox => Err(Problem::not_found()),
        }
    }

    fn info(self, asked: &Asked) -> CollectionInfo {
        let (id, alias, title, description) = match self {
            Self::Shelf(c, _) => (c.id(), c.alias(), c.title(), c.description()),
            Self::Inbox => (INBOX_ID, INBOX_ALIAS, "Inbox", INBOX_DESCRIPTION),
        };
        CollectionInfo {
            id: id.to_owned(),
            title: title.to_owned(),
            description: Some(description.to_owned()),
            alias: Some(alias.to_owned()),
            can_read: matches!(self, Self::Shelf(_, Scope::Clear | Scope::All)),
            can_write: match self {
                Self::Shelf(Collection::Partners, _) => may_post_to_partners(asked),
                Self::Shelf(..) => false,
                Self::Inbox => true,
            },
            media_types: vec![STIX_MEDIA.to_owned()],
        }
    }
}

/// Whether the caller has a name to post to `partners` under, and somebody here can sign.
fn may_post_to_partners(asked: &Asked) -> bool {
    asked.grant.contributor.is_some() && asked.state.0.signer.is_some()
}

const API_ROOT: &str = "/taxii2/noroshi/";
const INBOX_DESCRIPTION: &str = "Report attacks by machine: what is posted here is filed as a \
     report of your organisation, checked like every report, and can be read by nobody.";
