//! The built-in data files are well formed.

use noroshi_anonymity::{Group, Language, Vocabulary, WarningLists};

use crate::support::REGISTER;

#[test]
fn every_line_of_the_warning_lists_is_read() {
    let lists = WarningLists::builtin();
    assert_eq!(lists.rejected(), &[] as &[String]);
    assert!(lists.len() > 700, "{}", lists.len());
}

#[test]
fn a_broken_list_is_refused_and_a_broken_line_is_skipped() {
    let mut lists = WarningLists::default();
    lists.add("8.8.8.8\n");
    assert_eq!(lists.rejected(), ["a warning list has no `# list:` line"]);
    let mut lists = WarningLists::default();
    lists.add(
        "# list: mine\n# what-ja: 例\n# what-en: mine\n# match: address\n# releasable: yes\n1.2.3\n93.184.216.0/24\n",
    );
    assert_eq!(lists.len(), 1);
    assert_eq!(lists.rejected(), ["mine line 6: \"1.2.3\""]);
}

#[test]
fn the_vocabulary_has_both_languages() {
    let vocabulary = Vocabulary::builtin().unwrap();
    for group in Group::ALL {
        assert!(vocabulary.terms(group).count() >= 10, "{group:?}");
        for term in vocabulary.terms(group) {
            assert!(!term.text(Language::Ja).is_ascii(), "{}", term.id());
            assert!(term.text(Language::En).is_ascii(), "{}", term.id());
        }
    }
    assert!(vocabulary.techniques().count() > 100);
    for technique in vocabulary.techniques() {
        let (head, tail) = technique.id().split_at(5);
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        assert!(head.strip_prefix('T').is_some_and(digits), "{}", technique.id());
        let sub = tail.strip_prefix('.').is_some_and(|s| s.len() == 3 && digits(s));
        assert!(tail.is_empty() || sub, "{}", technique.id());
    }
}

#[test]
fn terms_are_found_by_id_and_by_word() {
    let vocabulary = Vocabulary::builtin().unwrap();
    let find = |text| vocabulary.term(Group::AttackType, text).map(|t| t.id().to_owned());
    for text in [
        "targeted-mail",
        "Targeted Mail",
        "標的型メール攻撃",
        "ｔａｒｇｅｔｅｄ＿ｍａｉｌ",
        "spear phishing",
    ] {
        assert_eq!(find(text).as_deref(), Some("targeted-mail"), "{text}");
    }
    assert_eq!(find("the firm's own words"), None);
    assert_eq!(vocabulary.term(Group::Impact, "targeted-mail"), None);
    let technique = |id| vocabulary.technique(id).map(|t| t.id().to_owned());
    assert_eq!(technique("t1566.001").as_deref(), Some("T1566.001"));
    assert_eq!(technique("T1566.099").as_deref(), Some("T1566"));
    assert_eq!(technique("T9999"), None);
}

#[test]
fn the_demo_register_is_that_of_the_2011_case() {
    assert_eq!(REGISTER.members().len(), 37);
    assert_eq!(REGISTER.notes(), []);
    let count = |sub: &str| {
        let of = REGISTER.members().iter().filter(|m| m.label_path.iter().any(|s| s == sub));
        (of.clone().count(), of.map(|m| m.weight).sum::<u32>())
    };
    // Members and weights as in the worked example of the anonymity design.
    assert_eq!(count("defence-shipbuilding"), (3, 8));
    assert_eq!(count("heavy-electric"), (2, 8));
    assert_eq!(count("ict"), (8, 20));
    assert_eq!(count("car-makers"), (6, 16));
    assert_eq!(count("utilities"), (10, 26));
    assert_eq!(count("railways"), (8, 22));
    for member in REGISTER.members() {
        for step in &member.label_path {
            assert!(REGISTER.label(step).is_some(), "{step}");
        }
        assert!(!member.name(Language::Ja).is_ascii());
        assert!(member.name(Language::En).is_ascii());
    }
}
