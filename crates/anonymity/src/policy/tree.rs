//! The label tree: which kinds of victim may be spoken of at all.
//!
//! It is made from public data alone (the roster, the parameters, a date), so anyone can make it
//! again. Leaves are *base cells*: the smallest groups that are safe when everybody in them may be
//! the victim. A node is known by the hash of its members, whatever tree it stands in.

mod build;
mod label;

use noroshi_seal::Hash;
use noroshi_stix::Timestamp;

use super::member_set::MemberSet;
use super::parameters::Parameters;
use super::roster::Roster;
use super::{digest, hex};
use crate::Words;

/// A node of one tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

impl NodeId {
    pub(super) fn index(self) -> usize {
        self.0
    }
}

/// What a node is called in public: a hash of who is in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeHash(Hash);

impl NodeHash {
    fn of(roster: &Roster, members: &MemberSet) -> Self {
        let ids = members.iter().filter_map(|i| roster.member(i));
        let mut ids: Vec<&[u8]> = ids.map(|id| id.expose().as_bytes()).collect();
        ids.sort_unstable();
        Self(digest("noroshi/1/node", ids))
    }
}

impl std::fmt::Display for NodeHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl std::fmt::Debug for NodeHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// One group of members that a label may name.
#[derive(Clone)]
pub struct Node {
    members: MemberSet,
    children: Vec<NodeId>,
    depth: usize,
    parts: Vec<Vec<String>>,
    words: Words,
    hash: NodeHash,
}

impl Node {
    /// Who is in it.
    pub fn members(&self) -> &MemberSet {
        &self.members
    }

    /// The nodes it is split into; none for a base cell.
    pub fn children(&self) -> &[NodeId] {
        &self.children
    }

    /// How far below the root: 0 for the root.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The label paths it stands for, several after a merge; the empty path for the root.
    pub fn parts(&self) -> &[Vec<String>] {
        &self.parts
    }

    /// What it is called: "heavy industry or automotive".
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// Its public name.
    pub fn hash(&self) -> NodeHash {
        self.hash
    }
}

/// A tree over everybody who was a member when it was made.
#[derive(Clone)]
pub struct Tree {
    /// In preorder: parents before children, the root first.
    nodes: Vec<Node>,
    made: Timestamp,
    cells: Vec<Option<NodeId>>,
    hash: Hash,
}

impl Tree {
    /// Makes the tree of the members at `made`. Do so at most twice a year: each new tree cuts the
    /// groups anew.
    pub fn make(roster: &Roster, parameters: &Parameters, made: Timestamp) -> Self {
        let drawn = build::draw(roster, parameters, &roster.active(made));
        let mut nodes = Vec::new();
        flatten(roster, drawn, 0, &mut nodes);
        let mut cells = vec![None; roster.len()];
        for (i, node) in nodes.iter().enumerate().filter(|(_, node)| node.children.is_empty()) {
            for member in node.members.iter() {
                if let Some(cell) = cells.get_mut(member) {
                    *cell = Some(NodeId(i));
                }
            }
        }
        let rows = nodes.iter().map(|n| {
            let children: Vec<usize> = n.children.iter().map(|c| c.0).collect();
            let row = (n.hash.to_string(), children, &n.parts, &n.words.ja, &n.words.en);
            serde_json::to_vec(&row).unwrap_or_default()
        });
        let head = serde_json::to_vec(&(made, hex(roster.hash()))).unwrap_or_default();
        let hash = digest("noroshi/1/label-tree", std::iter::once(head).chain(rows));
        Self { nodes, made, cells, hash }
    }

    /// The node everybody is in.
    pub const ROOT: NodeId = NodeId(0);

    /// When it was made.
    pub fn made(&self) -> Timestamp {
        self.made
    }

    /// What certificates cite.
    pub fn hash(&self) -> &Hash {
        &self.hash
    }

    /// Every node with its id, parents first.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(i, node)| (NodeId(i), node))
    }

    /// A node of this tree; `None` for an id of another tree that has no such node here.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0)
    }

    /// The node that is called so in public.
    pub fn node_called(&self, hash: &str) -> Option<(NodeId, &Node)> {
        self.nodes().find(|(_, node)| node.hash.to_string() == hash)
    }

    /// The base cell of the member at a position, if it was one when the tree was made.
    pub fn cell(&self, position: usize) -> Option<NodeId> {
        self.cells.get(position).copied().flatten()
    }

    /// Everybody in the tree.
    pub fn members(&self) -> &MemberSet {
        static NOBODY: std::sync::LazyLock<MemberSet> =
            std::sync::LazyLock::new(MemberSet::default);
        self.nodes.first().map_or(&NOBODY, |root| &root.members)
    }
}

/// Appends the drawing in preorder and gives the id of its top.
fn flatten(roster: &Roster, drawn: build::Drawn, depth: usize, nodes: &mut Vec<Node>) -> NodeId {
    let id = NodeId(nodes.len());
    let hash = NodeHash::of(roster, &drawn.members);
    let words = label::words(roster, &drawn.parts);
    nodes.push(Node {
        members: drawn.members,
        children: Vec::new(),
        depth,
        parts: drawn.parts,
        words,
        hash,
    });
    let children: Vec<NodeId> =
        drawn.children.into_iter().map(|c| flatten(roster, c, depth + 1, nodes)).collect();
    if let Some(node) = nodes.get_mut(id.0) {
        node.children = children;
    }
    id
}
