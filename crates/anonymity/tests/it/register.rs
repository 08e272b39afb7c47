//! Which registers are refused, and with which words.

use noroshi_anonymity::{AnonymityError, Gate, Language, Register, RegisterNote, WarningLists};
use noroshi_stix::Kind;

use crate::support::{codes_of, entry, file};

fn refused(entries: &[String]) -> String {
    Register::from_toml(&file(entries)).err().map(|e| e.to_string()).unwrap_or_default()
}

#[test]
fn bad_entries_are_refused_by_position() {
    let good = entry("a", "Alpha");
    let cases = [
        (entry("a", "Beta"), "repeats the id"),
        (entry("b c", "Beta"), "no usable id"),
        (entry("", "Beta"), "no usable id"),
        (entry("b", " "), "no name"),
        (entry("b", "B"), "cannot be looked for"),
        (entry("b", "Beta").replace("weight = 1", "weight = 0"), "weight 0"),
        (entry("b", "Beta").replace("[\"x\"]", "[]"), "no label path"),
        (entry("b", "Beta").replace("[\"x\"]", "[\"x\", \"\"]"), "no label path"),
        (entry("b", "Beta") + "left = \"2010-01-01T00:00:00Z\"\n", "left before it joined"),
        (entry("b", "Beta") + "domains = [\"co.jp\"]\n", "\"co.jp\" is not a domain"),
        (entry("b", "Beta") + "domains = [\"nodot\"]\n", "\"nodot\" is not a domain"),
        (entry("b", "Beta") + "networks = [\"1.2.3\"]\n", "\"1.2.3\" is not an address"),
        (entry("b", "Beta") + "brands = [\"-\"]\n", "cannot be looked for"),
    ];
    for (bad, words) in cases {
        let error = refused(&[good.clone(), bad]);
        assert!(error.contains("entry 2") && error.contains(words), "{error}");
    }
}

#[test]
fn a_file_of_another_shape_is_unreadable() {
    for text in [
        "",
        "schema = \"noroshi-register/2\"",
        "schema = \"noroshi-register/1\"\nmembers = []",
        "schema = \"noroshi-register/1\"\n[[member]]\nid = \"a\"",
        &file(&[entry("a", "Alpha") + "region = \"Kanto\"\n"]),
        &file(&[entry("a", "Alpha").replace("2011-04-01T00:00:00Z", "yesterday")]),
    ] {
        let error = Register::from_toml(text).err();
        assert!(
            matches!(error, Some(AnonymityError::Unreadable { what: "register", .. })),
            "{text}: {error:?}"
        );
    }
}

#[test]
fn overlaps_are_allowed_and_noted() {
    let text = file(&[
        entry("a", "Alpha")
            + "domains = [\"alpha-group.jp\"]\nnetworks = [\"93.184.0.0/16\", \"93.184.1.0/24\"]\n",
        entry("b", "Beta")
            + "domains = [\"beta.alpha-group.jp\", \"alpha-group.jp\"]\nnetworks = [\"93.184.216.0/24\"]\n",
        entry("c", "Gamma") + "domains = [\"notalpha-group.jp\"]\nnetworks = [\"93.185.0.0/16\"]\n",
    ]);
    let register = Register::from_toml(&text).unwrap();
    let shared: Vec<&RegisterNote> = register.notes().iter().collect();
    assert_eq!(shared.len(), 3, "{shared:?}");
    for note in &shared {
        assert!(note.explain(Language::En).starts_with("Entries 1 and 2 both claim "));
        assert!(note.explain(Language::Ja).contains("1 番目と 2 番目"));
    }
    let gate = Gate::new(&register, &WarningLists::default()).unwrap();
    assert_eq!(codes_of(&gate, Kind::Ipv4, "93.184.216.34"), ["member-network"]);
}

#[test]
fn an_empty_register_still_gates() {
    let register = Register::new(Vec::new()).unwrap();
    let gate = Gate::new(&register, &WarningLists::default()).unwrap();
    assert_eq!(codes_of(&gate, Kind::Ipv4, "10.0.0.1"), ["special-address"]);
    assert!(codes_of(&gate, Kind::Ipv4, "93.184.216.34").is_empty());
    assert!(codes_of(&gate, Kind::FileName, "三菱.exe").is_empty());
}

#[test]
fn former_members_stay_protected_and_ids_do_not_print() {
    let text = file(&[entry("secret-id", "Formerly Known")
        + "left = \"2012-01-01T00:00:00Z\"\ndomains = [\"formerly.jp\"]\n"]);
    let register = Register::from_toml(&text).unwrap();
    let member = &register.members()[0];
    assert!(member.is_active("2011-12-31T00:00:00Z".parse().unwrap()));
    assert!(!member.is_active("2012-01-01T00:00:00Z".parse().unwrap()));
    let gate = Gate::new(&register, &WarningLists::default()).unwrap();
    assert!(codes_of(&gate, Kind::Host, "www.formerly.jp").contains(&"member-domain"));
    assert!(!format!("{member:?} {:?}", member.id).contains("secret"));
}
