//! The design's worked example: the 37 members of 2011 under three settings.

use noroshi_anonymity::Language;
use noroshi_anonymity::policy::{
    Decision, Exposure, Facet, Facets, Flag, Hit, HoldReason, MergeOrder, Moment, Neighbour,
    Origin, Parameters, PublicRecord, Roster, Settings, Tree, decide,
};
use noroshi_anonymity::{MemberId, Words};
use noroshi_stix::Timestamp;

use crate::support::REGISTER;

struct Hub {
    roster: Roster,
    parameters: Parameters,
    facets: Facets,
    hits: Vec<Hit>,
    flags: Vec<Flag>,
}

fn at() -> Timestamp {
    "2011-09-01T00:00:00Z".parse().unwrap()
}

fn member(name: &str) -> MemberId {
    let found = REGISTER.members().iter().find(|m| m.name(Language::En).starts_with(name));
    found.unwrap_or_else(|| panic!("{name}")).id.clone()
}

impl Hub {
    fn new(k: u32, c: u32, p_max: &str) -> Self {
        let roster = Roster::of(&REGISTER);
        let order = ["heavy", "auto", "electronics", "energy", "transport"].map(str::to_owned);
        let parameters = Parameters::new(Settings {
            k,
            c,
            p_max: p_max.parse().unwrap(),
            merge: MergeOrder { with: Neighbour::Nearest, order: order.to_vec() },
            ..Settings::default()
        })
        .unwrap();
        let owners = [member("Mitsubishi"), member("Kawasaki")].into();
        let rare = Facet {
            id: "rare".into(),
            words: Words { ja: "希少製品".into(), en: "rare product".into() },
            exposure: Exposure::Members(owners),
        };
        let common = Facet {
            id: "common".into(),
            words: Words { ja: "普及製品".into(), en: "common product".into() },
            exposure: Exposure::Members(REGISTER.members().iter().map(|m| m.id.clone()).collect()),
        };
        let facets = Facets::new(&roster, vec![rare, common]).unwrap();
        Self { roster, parameters, facets, hits: Vec::new(), flags: Vec::new() }
    }

    /// Label, candidates and the best guess, or why it is held.
    fn report(
        &mut self,
        name: &str,
        facet: Option<&str>,
    ) -> Result<(String, usize, String), HoldReason> {
        let tree = Tree::make(&self.roster, &self.parameters, at());
        let moment = Moment::new(PublicRecord {
            roster: &self.roster,
            parameters: &self.parameters,
            tree: &tree,
            facets: &self.facets,
            hits: &self.hits,
            flags: &self.flags,
            at: at(),
        });
        let origin = Origin::Member(self.roster.position(&member(name)).unwrap());
        match decide(&moment, None, origin, facet) {
            Decision::Hold(reason) => Err(reason),
            Decision::Publish(label) => {
                self.hits.push(label.hit(None));
                let guess = label.best_guess().to_string();
                let facet = label.facet().map_or(String::new(), |(id, _)| format!(" + {id}"));
                let words = format!("{}{facet}", label.words().en);
                Ok((words, label.candidates().len(), guess))
            }
        }
    }
}

fn said(
    words: &str,
    candidates: usize,
    guess: &str,
) -> Result<(String, usize, String), HoldReason> {
    Ok((words.to_owned(), candidates, guess.to_owned()))
}

#[test]
fn three_of_eleven_then_manufacturing() {
    let mut hub = Hub::new(5, 1, "1/4");
    for name in ["Mitsubishi", "IHI", "Kawasaki"] {
        assert_eq!(
            hub.report(name, None),
            said("heavy industry or automotive", 11, "1/8"),
            "{name}"
        );
    }
    assert_eq!(hub.report("Hitachi", None), said("manufacturing", 19, "1/13"));
}

#[test]
fn a_weak_setting_names_the_five_once() {
    let mut hub = Hub::new(3, 0, "1/2");
    assert_eq!(hub.report("Mitsubishi", None), said("heavy industry", 5, "1/4"));
    assert_eq!(hub.report("IHI", None), said("manufacturing", 19, "1/13"));
}

#[test]
fn a_strong_setting_knows_two_groups() {
    let mut hub = Hub::new(8, 1, "1/5");
    assert_eq!(hub.report("Kawasaki", None), said("manufacturing", 19, "1/13"));
    let power = REGISTER.members().iter().find(|m| m.label_path[0] == "energy").unwrap();
    let name = power.name(Language::En).to_owned();
    assert_eq!(hub.report(&name, None).unwrap().0, "energy or transport");
}

#[test]
fn a_product_two_have_is_left_out_and_one_all_have_is_kept() {
    let mut hub = Hub::new(5, 1, "1/4");
    // Nothing else would be left out now, so the absence says "one of the two": held.
    assert_eq!(hub.report("Kawasaki", Some("rare")), Err(HoldReason::TooFew));
    let kept = hub.report("Kawasaki", Some("common"));
    assert_eq!(kept, said("heavy industry or automotive + common", 11, "1/8"));
}

#[test]
fn a_case_in_the_news_holds_its_cell_and_nobody_else() {
    let mut hub = Hub::new(5, 1, "1/4");
    hub.flags.push(Flag { member: member("Mitsubishi"), since: at() });
    // A second, contradictory entry about the same cell changes nothing.
    hub.flags.push(Flag { member: member("IHI"), since: at().plus_days(-400) });
    assert_eq!(hub.report("IHI", None), Err(HoldReason::Quarantine));
    assert_eq!(hub.report("NEC", None), said("electronics", 8, "1/5"));
}

#[test]
fn registers_too_small_for_any_label_hold_everything() {
    for size in [1, 3, 5] {
        let rows = crate::support::file(
            &(0..size)
                .map(|i| crate::support::entry(&format!("m{i}"), "Nagoya Works"))
                .collect::<Vec<_>>(),
        );
        let roster = Roster::of(&noroshi_anonymity::Register::from_toml(&rows).unwrap());
        let parameters = Parameters::default();
        let tree = Tree::make(&roster, &parameters, at());
        let facets = Facets::none(&roster);
        let moment = Moment::new(PublicRecord {
            roster: &roster,
            parameters: &parameters,
            tree: &tree,
            facets: &facets,
            hits: &[],
            flags: &[],
            at: at(),
        });
        let decision = decide(&moment, None, Origin::Member(0), None);
        assert!(matches!(decision, Decision::Hold(HoldReason::TooFew)), "{size}: {decision:?}");
    }
}

#[test]
fn a_register_of_a_hundred_thousand_is_decided() {
    use noroshi_anonymity::policy::RosterRow;
    let row = |i: usize| RosterRow {
        id: format!("m{i}"),
        path: vec![format!("s{}", i % 9), format!("t{}", i / 9 % 6)],
        weight: 1 + u32::try_from(i % 3).unwrap(),
        joined: at(),
        left: None,
    };
    let roster = Roster::from_rows((0..100_000).map(row), Default::default()).unwrap();
    let parameters = Parameters::default();
    let tree = Tree::make(&roster, &parameters, at());
    let facets = Facets::none(&roster);
    let moment = Moment::new(PublicRecord {
        roster: &roster,
        parameters: &parameters,
        tree: &tree,
        facets: &facets,
        hits: &[],
        flags: &[],
        at: at(),
    });
    let Decision::Publish(label) = decide(&moment, None, Origin::Member(77), None) else {
        panic!("held")
    };
    assert_eq!(label.replay().replayed, label.candidates().len() as u64);
    assert!(label.candidates().len() > 1000 && !label.is_root());
}
