//! Attacks by kind, sector group and week, counted from released reports.
//!
//! A released title says who and what in words of closed lists ("A member (heavy industry or
//! automotive) reported: ransomware"), so it can be counted without looking at any report. A sector
//! group is the first step of a label path; groups with fewer members than the label policy asks for
//! stand together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use noroshi_anonymity::policy::Roster;
use noroshi_anonymity::{Group, Language, Term, Vocabulary, Words};
use noroshi_outlet::Headline;
use noroshi_stix::Timestamp;

use super::suppress::{Cell, protect};

/// How many weeks are shown, the present one included.
pub const WEEKS: usize = 26;
/// Microseconds of a week.
const WEEK: i64 = 7 * 86_400_000_000;

/// The figures.
#[derive(Clone, Debug)]
pub struct Attacks {
    /// Mondays, microseconds, oldest first.
    pub weeks: Vec<i64>,
    /// Sector groups in the order of the columns.
    pub sectors: Vec<Words>,
    /// One line for each kind of attack of which anything is shown.
    pub kinds: Vec<Kind>,
}

/// One kind of attack.
#[derive(Clone, Debug)]
pub struct Kind {
    /// What it is called.
    pub words: Words,
    /// By week.
    pub weeks: Vec<Cell>,
    /// By sector group.
    pub sectors: Vec<Cell>,
}

/// What a title says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said<'t> {
    /// Words of the label; `None` for "A member".
    label: Option<&'t str>,
    kinds: Vec<&'t str>,
}

/// Counts released reports as of `now`. `k` is how many members a group must have at least.
pub fn count(
    headlines: &[Headline],
    roster: &Roster,
    vocabulary: &Vocabulary,
    k: usize,
    now: Timestamp,
) -> Attacks {
    let groups = Groups::of(roster, k, now);
    let this_week = monday(now.as_micros());
    let weeks: Vec<i64> =
        (0..WEEKS).rev().map(|n| this_week - i64::try_from(n).unwrap_or(0) * WEEK).collect();
    let first = weeks.first().copied().unwrap_or(this_week);
    let terms: Vec<Term> = vocabulary.terms(Group::AttackType).cloned().collect();
    let of_text: HashMap<&str, usize> =
        terms.iter().enumerate().map(|(at, term)| (term.text(Language::En), at)).collect();
    let mut tables: BTreeMap<Option<usize>, (Vec<u32>, Vec<u32>)> = BTreeMap::new();
    for headline in headlines {
        let Ok(at) = usize::try_from((monday(headline.published) - first).div_euclid(WEEK)) else {
            continue;
        };
        if at >= weeks.len() {
            continue;
        }
        let said = read(&headline.title);
        let sector = groups.find(said.label);
        let mut kinds: BTreeSet<Option<usize>> =
            said.kinds.iter().map(|kind| of_text.get(kind).copied()).collect();
        if kinds.is_empty() {
            kinds.insert(None);
        }
        for kind in kinds {
            let empty = || (vec![0; weeks.len()], vec![0; groups.words.len()]);
            let (by_week, by_sector) = tables.entry(kind).or_insert_with(empty);
            add(by_week, at);
            add(by_sector, sector);
        }
    }
    let kinds = tables.into_iter().filter_map(|(id, (by_week, by_sector))| {
        let (weeks, sectors) = protect(&by_week, &by_sector);
        let is_shown = weeks.iter().chain(&sectors).any(|c| c.shown().is_some());
        let words = match id {
            Some(at) => {
                let term = terms.get(at)?;
                let text = |language| term.text(language).to_owned();
                Words { ja: text(Language::Ja), en: text(Language::En) }
            }
            None => Words { ja: UNSAID.0.to_owned(), en: UNSAID.1.to_owned() },
        };
        is_shown.then_some(Kind { words, weeks, sectors })
    });
    let kinds = kinds.collect();
    Attacks { weeks, sectors: groups.words, kinds }
}

fn add(counts: &mut [u32], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count += 1;
    }
}

/// Reads a title of a context release.
fn read(title: &str) -> Said<'_> {
    let (who, what) = match title.split_once(" reported: ") {
        Some((who, what)) => (who, what),
        None => (title.trim_end_matches(" reported an attack"), ""),
    };
    let label = who.split_once(" (").and_then(|(_, label)| label.strip_suffix(')'));
    Said { label, kinds: what.split("; ").filter(|k| !k.is_empty()).collect() }
}

/// Sector groups: the first steps of the label paths of the published register.
struct Groups {
    words: Vec<Words>,
    /// Which group the English words of a step belong to; `None` where to several.
    of_words: BTreeMap<String, Option<usize>>,
    several: usize,
}

impl Groups {
    fn of(roster: &Roster, k: usize, now: Timestamp) -> Self {
        let active = |left: Option<Timestamp>| left.is_none_or(|left| left > now);
        let rows: Vec<_> = roster.rows().filter(|r| active(r.left)).collect();
        let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &rows {
            if let Some(top) = row.path.first() {
                *sizes.entry(top).or_default() += 1;
            }
        }
        let (large, small): (Vec<_>, Vec<_>) = sizes.into_iter().partition(|(_, size)| *size >= k);
        let together: usize = small.iter().map(|(_, size)| size).sum();
        let mut words: Vec<Words> = large.iter().map(|(top, _)| roster.step_words(top)).collect();
        let mut group_of: BTreeMap<&str, usize> =
            large.iter().enumerate().map(|(at, (top, _))| (*top, at)).collect();
        // Small groups count as one; where even together they are too few, as of no sector.
        if together >= k {
            for (top, _) in &small {
                group_of.insert(top, words.len());
            }
            words.push(Words { ja: OTHERS.0.to_owned(), en: OTHERS.1.to_owned() });
        }
        let several = words.len();
        words.push(Words { ja: SEVERAL.0.to_owned(), en: SEVERAL.1.to_owned() });
        let mut of_words: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for row in &rows {
            let Some(top) = row.path.first() else { continue };
            let group = group_of.get(top.as_str()).copied();
            for step in &row.path {
                let known = of_words.entry(roster.step_words(step).en).or_insert(group);
                if *known != group {
                    *known = None;
                }
            }
        }
        Self { words, of_words, several }
    }

    /// The group a label names; the last one where it names several, or none.
    fn find(&self, label: Option<&str>) -> usize {
        let Some(label) = label else { return self.several };
        let whole = label.strip_prefix("other ").unwrap_or(label);
        if let Some(group) = self.of_words.get(whole) {
            return group.unwrap_or(self.several);
        }
        // "a, b or c", where a part may itself hold the word "or": the longest that is known counts.
        let mut found: BTreeSet<usize> = BTreeSet::new();
        let mut rest: Vec<&str> = whole.split(", ").flat_map(|p| p.split(" or ")).collect();
        rest.iter_mut().for_each(|part| *part = part.strip_prefix("other ").unwrap_or(part));
        for part in rest {
            match self.of_words.get(part) {
                Some(Some(group)) => {
                    found.insert(*group);
                }
                _ => return self.several,
            }
        }
        match found.len() {
            1 => found.first().copied().unwrap_or(self.several),
            _ => self.several,
        }
    }
}

/// Monday 00:00 UTC of the week of an instant; 1970-01-05 was the first Monday.
fn monday(micros: i64) -> i64 {
    const FIRST: i64 = 4 * 86_400_000_000;
    (micros - FIRST).div_euclid(WEEK) * WEEK + FIRST
}

const UNSAID: (&str, &str) = ("種別の記載なし", "kind not said");
const OTHERS: (&str, &str) = ("その他の分野", "other sectors");
const SEVERAL: (&str, &str) = ("分野を示さない報告", "no single sector said");

#[cfg(test)]
mod tests {
    use noroshi_anonymity::ContextFacts;
    use noroshi_anonymity::policy::RosterRow;

    use super::*;

    fn roster() -> Roster {
        let paths: [(&[&str], usize); 4] = [
            (&["manufacturing", "heavy"], 4),
            (&["manufacturing", "auto"], 4),
            (&["energy", "electricity"], 6),
            (&["transport", "railway"], 2),
        ];
        let mut rows = Vec::new();
        for (path, number) in paths {
            for n in 0..number {
                rows.push(RosterRow {
                    id: format!("{}{n}", path.join("-")),
                    path: path.iter().map(|s| (*s).to_owned()).collect(),
                    weight: 1,
                    joined: Timestamp::from_micros(0),
                    left: None,
                });
            }
        }
        let words = |en: &str| Words { ja: format!("日本語{en}"), en: en.to_owned() };
        let steps = [
            ("manufacturing", "manufacturing"),
            ("heavy", "heavy industry"),
            ("auto", "automotive"),
            ("energy", "energy"),
            ("electricity", "electric power"),
        ];
        let steps = steps.map(|(step, en)| (step.to_owned(), words(en)));
        Roster::from_rows(rows, steps.into()).unwrap()
    }

    fn now() -> Timestamp {
        "2026-11-26T01:00:00Z".parse().unwrap()
    }

    #[test]
    fn titles_are_read_as_they_are_written() {
        let vocabulary = Vocabulary::builtin().unwrap();
        let mut facts = ContextFacts::new();
        assert!(facts.add(&vocabulary, Group::AttackType, "ransomware"));
        assert!(facts.add(&vocabulary, Group::AttackType, "phishing"));
        let (title, _) = facts.preview(Language::En);
        let said = read(&title);
        let kinds: BTreeSet<_> = said.kinds.iter().copied().collect();
        assert_eq!((said.label, kinds), (None, BTreeSet::from(["phishing", "ransomware"])));
        let said = read("A member (heavy industry or automotive) reported: ransomware");
        assert_eq!(said.label, Some("heavy industry or automotive"));
        let mut technique = ContextFacts::new();
        assert!(technique.add_technique(&vocabulary, "T1566"));
        let (title, _) = technique.preview(Language::En);
        assert_eq!(read(&title), Said { label: None, kinds: vec![] });
    }

    #[test]
    fn groups_of_too_few_members_are_no_groups() {
        let groups = Groups::of(&roster(), 5, now());
        let names: Vec<_> = groups.words.iter().map(|w| w.en.as_str()).collect();
        assert_eq!(names, ["energy", "manufacturing", SEVERAL.1]);
        for (label, group) in [
            (Some("heavy industry or automotive"), 1),
            (Some("manufacturing"), 1),
            (Some("other manufacturing"), 1),
            (Some("electric power"), 0),
            (Some("electric power or automotive"), 2),
            (Some("railway"), 2),
            (Some("something of an older register"), 2),
            (None, 2),
        ] {
            assert_eq!(groups.find(label), group, "{label:?}");
        }
    }

    #[test]
    fn reports_are_counted_by_week_and_group_and_small_numbers_are_not() {
        let vocabulary = Vocabulary::builtin().unwrap();
        let title = |label: &str| format!("A member ({label}) reported: ransomware");
        let mut all = Vec::new();
        for (label, number, weeks_ago) in [
            ("heavy industry", 4, 0),
            ("electric power", 5, 1),
            ("electric power", 1, 40),
            ("automotive", 1, 2),
        ] {
            for _ in 0..number {
                let published = now().as_micros() - weeks_ago * WEEK;
                all.push(Headline { title: title(label), published });
            }
        }
        let counted = count(&all, &roster(), &vocabulary, 5, now());
        assert_eq!((counted.weeks.len(), counted.kinds.len()), (WEEKS, 1));
        let ransomware = &counted.kinds[0];
        assert_eq!(ransomware.words.en, "ransomware");
        assert_eq!(ransomware.sectors, [Cell::Shown(5), Cell::Shown(5), Cell::Hidden]);
        assert_eq!(ransomware.weeks[WEEKS - 1], Cell::Shown(4));
        assert_eq!(ransomware.weeks[WEEKS - 2], Cell::Shown(5));
        assert_eq!(ransomware.weeks[WEEKS - 3], Cell::Hidden);
        let two = count(&all[..2], &roster(), &vocabulary, 5, now());
        assert!(two.kinds.is_empty());
    }
}
