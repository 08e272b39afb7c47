//! Folders of one machine or one project.

use noroshi_stix::Observable;

use super::super::reason::{Confidence, Severity};
use super::super::shapes;
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// Paths with a drive letter outside the folders that every Windows has, and paths of debugging
/// symbols (`D:\work\project\x.pdb`): what people call their drives' folders tells where they work
/// and at what.
pub(super) struct LocalPath;

static TEXT: RuleText = RuleText {
    code: "local-path",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "特定の端末のフォルダーやデバッグ情報(PDB)のパスが含まれています。組織名やプロジェクト名を示すものでないか確認します。",
    en: "It holds a path of one machine or of debugging symbols; the desk checks that it names no organisation or project.",
};

/// First folders that every machine has.
const EVERYWHERE: [&str; 9] = [
    "windows",
    "program files",
    "program files (x86)",
    "programdata",
    "users",
    "temp",
    "tmp",
    "perflogs",
    "$recycle.bin",
];

impl GateRule for LocalPath {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        let url = matches!(subject.observable, Observable::Url(_));
        let found = subject.texts.iter().any(|text| {
            let low = shapes::with_backslashes(text).to_lowercase();
            has_drive(&low) || (!url && has_symbols(&low))
        });
        if found {
            reasons.push(Reason::new(&TEXT));
        }
    }
}

/// `d:\work\...`, `d:/work/...`: a letter that belongs to no longer word, and a folder of one's own.
fn has_drive(text: &str) -> bool {
    [":\\", ":/"].iter().any(|sign| {
        text.match_indices(sign).any(|(at, _)| {
            let mut before = text.get(..at).unwrap_or_default().chars().rev();
            let letter = before.next().is_some_and(|c| c.is_ascii_lowercase());
            let alone = before.next().is_none_or(|c| !c.is_alphanumeric());
            let rest =
                text.get(at + sign.len()..).unwrap_or_default().trim_start_matches(['\\', '/']);
            let mut steps = rest.split(['\\', '/']);
            let folder = steps.next().unwrap_or_default().trim();
            letter
                && alone
                && steps.next().is_some()
                && !folder.is_empty()
                && !EVERYWHERE.contains(&folder)
        })
    })
}

/// Folders before a `.pdb`.
fn has_symbols(text: &str) -> bool {
    let folder = text.find(['\\', '/']);
    folder.is_some_and(|at| text.get(at..).unwrap_or_default().contains(".pdb"))
}
