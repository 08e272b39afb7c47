//! Markings that mark each other in a circle (STIX 2.1, section 7.2.1).

use std::collections::HashMap;

use serde_json::Value;

use super::{ObjectReport, text};
use crate::validate::finding::Findings;

/// Follows the markings of markings, each once: who is left when those are taken away that mark
/// nothing which is left, or are marked by nothing, stands in a circle or between two.
pub(super) fn check(objects: &[Value], reports: &mut [ObjectReport]) {
    let markings: Vec<usize> = objects
        .iter()
        .enumerate()
        .filter(|(_, object)| text(object, "type") == Some("marking-definition"))
        .map(|(index, _)| index)
        .collect();
    let places: HashMap<&str, usize> = markings
        .iter()
        .enumerate()
        .filter_map(|(place, index)| {
            Some((objects.get(*index).and_then(|o| text(o, "id"))?, place))
        })
        .collect();
    let marked_by = |place: usize| -> Vec<usize> {
        let Some(object) = markings.get(place).and_then(|index| objects.get(*index)) else {
            return Vec::new();
        };
        let list = |key: &str| object.get(key).and_then(Value::as_array).into_iter().flatten();
        let parts = list("granular_markings").filter_map(|m| m.get("marking_ref"));
        let all = list("object_marking_refs").chain(parts).filter_map(Value::as_str);
        // One that marks itself is found in the object alone.
        all.filter_map(|id| places.get(id).copied()).filter(|other| *other != place).collect()
    };
    let forward: Vec<Vec<usize>> = (0..markings.len()).map(marked_by).collect();
    let mut backward: Vec<Vec<usize>> = vec![Vec::new(); markings.len()];
    for (from, to) in
        forward.iter().enumerate().flat_map(|(f, all)| all.iter().map(move |t| (f, *t)))
    {
        backward.get_mut(to).into_iter().for_each(|list| list.push(from));
    }
    let mut left = vec![true; markings.len()];
    trim(&forward, &backward, &mut left);
    trim(&backward, &forward, &mut left);
    for (index, _) in markings.iter().zip(&left).filter(|(_, left)| **left) {
        let mut out = Findings::default();
        let message = "markings mark each other in a circle here";
        out.error("marking-circle", "object_marking_refs", message);
        if let Some(report) = reports.get_mut(*index) {
            report.add(out);
        }
    }
}

/// Takes away, again and again, what leads to nothing that is left.
fn trim(forward: &[Vec<usize>], backward: &[Vec<usize>], left: &mut [bool]) {
    let is_left = |left: &[bool], place: usize| left.get(place) == Some(&true);
    let mut open: Vec<usize> =
        forward.iter().map(|all| all.iter().filter(|to| is_left(left, **to)).count()).collect();
    let mut free: Vec<usize> =
        (0..open.len()).filter(|p| is_left(left, *p) && open.get(*p) == Some(&0)).collect();
    while let Some(place) = free.pop() {
        left.get_mut(place).into_iter().for_each(|l| *l = false);
        for from in backward.get(place).into_iter().flatten() {
            let Some(count) = open.get_mut(*from) else { continue };
            *count = count.saturating_sub(1);
            if *count == 0 && is_left(left, *from) {
                free.push(*from);
            }
        }
    }
}
