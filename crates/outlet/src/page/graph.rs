//! The picture of what an object is connected with: three columns of boxes, drawn here as SVG.
//!
//! It says nothing that the list below it does not say, so whoever cannot see it misses nothing.

use super::related::Related;

/// Size of a box and distances, in units of the picture.
const WIDTH: usize = 230;
const HEIGHT: usize = 46;
const GAP: usize = 12;
const COLUMN: usize = 300;
/// Characters of a text that fit into a box, a wide one counting twice.
const FITS: usize = 26;

/// A picture.
pub(crate) struct Graph {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) nodes: Vec<Node>,
    pub(crate) edges: Vec<Edge>,
}

/// A box.
pub(crate) struct Node {
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) kind: String,
    pub(crate) text: String,
    /// In full, for whoever hears it.
    pub(crate) whole: String,
    /// Where it leads; the object itself leads nowhere.
    pub(crate) href: Option<String>,
    pub(crate) revoked: bool,
}

/// A line from the right side of one box to the left side of another.
pub(crate) struct Edge {
    pub(crate) x1: usize,
    pub(crate) y1: usize,
    pub(crate) x2: usize,
    pub(crate) y2: usize,
}

impl Graph {
    /// The picture of an object and what is around it; `None` where there is nothing.
    pub(crate) fn of(shown: &str, kind: &str, related: &[Related]) -> Option<Self> {
        if related.is_empty() {
            return None;
        }
        let near = related.iter().filter(|r| r.through.is_none()).count();
        let far = related.len() - near;
        let rows = near.max(far).max(1);
        let height = rows * (HEIGHT + GAP) - GAP + 2;
        let width = if far > 0 { 2 * COLUMN } else { COLUMN } + WIDTH + 2;
        let y_of = |at: usize, count: usize| {
            let column = count * (HEIGHT + GAP) - GAP;
            1 + (height.saturating_sub(2).saturating_sub(column)) / 2 + at * (HEIGHT + GAP)
        };
        let own_y = y_of(0, 1);
        let mut graph = Self { width, height, nodes: Vec::new(), edges: Vec::new() };
        graph.nodes.push(Node {
            x: 1,
            y: own_y,
            kind: kind.to_owned(),
            text: cut(shown),
            whole: shown.to_owned(),
            href: None,
            revoked: false,
        });
        let (mut at_near, mut at_far) = (0, 0);
        for other in related {
            let (x, y, from) = match other.through {
                None => {
                    let y = y_of(at_near, near);
                    at_near += 1;
                    (COLUMN, y, (1 + WIDTH, own_y))
                }
                Some(number) => {
                    let y = y_of(at_far, far);
                    at_far += 1;
                    (
                        2 * COLUMN,
                        y,
                        (COLUMN + WIDTH, y_of(number.min(near.saturating_sub(1)), near)),
                    )
                }
            };
            let (x1, y1) = (from.0, from.1 + HEIGHT / 2);
            graph.edges.push(Edge { x1, y1, x2: x, y2: y + HEIGHT / 2 });
            graph.nodes.push(Node {
                x,
                y,
                kind: other.kind_label.clone(),
                text: cut(&other.shown),
                whole: format!("{}: {}", other.kind_label, other.shown),
                href: Some(other.href.clone()),
                revoked: other.revoked,
            });
        }
        Some(graph)
    }
}

/// As much of a text as fits into a box.
fn cut(text: &str) -> String {
    let (mut out, mut taken) = (String::new(), 0);
    for letter in text.chars() {
        taken += if letter.is_ascii() { 1 } else { 2 };
        if taken > FITS {
            out.push('…');
            break;
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(through: Option<usize>) -> Related {
        Related {
            href: "/objects/x".into(),
            kind_label: "Report".into(),
            shown: "架空の報告".repeat(9),
            tlp: "TLP:GREEN",
            tlp_class: "tlp green",
            revoked: false,
            through,
            how: String::new(),
        }
    }

    #[test]
    fn boxes_stand_inside_the_picture_and_lines_end_at_boxes() {
        for (near, far) in [(1, 0), (3, 0), (2, 7), (24, 16)] {
            let mut all: Vec<Related> = (0..near).map(|_| other(None)).collect();
            all.extend((0..far).map(|n| other(Some(n % near))));
            let graph = Graph::of("45[.]83[.]22[.]109", "IPv4", &all).unwrap();
            assert_eq!((graph.nodes.len(), graph.edges.len()), (1 + near + far, near + far));
            for node in &graph.nodes {
                assert!(node.x + WIDTH < graph.width && node.y + HEIGHT < graph.height);
                assert!(node.text.chars().count() <= FITS + 1);
            }
            for edge in &graph.edges {
                let starts = |n: &Node| n.x + WIDTH == edge.x1 && n.y + HEIGHT / 2 == edge.y1;
                let ends = |n: &Node| n.x == edge.x2 && n.y + HEIGHT / 2 == edge.y2;
                assert!(graph.nodes.iter().any(starts) && graph.nodes.iter().any(ends));
            }
        }
        assert!(Graph::of("x", "y", &[]).is_none());
    }
}
