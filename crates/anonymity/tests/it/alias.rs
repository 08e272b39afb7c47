//! Aliases a register does not give, on the demo register and on firm names as they are built.

use noroshi_anonymity::{
    AliasEdits, AliasSource, DerivedAlias, Gate, Register, Strength, WarningLists, derive,
};
use noroshi_stix::{DomainName, Kind};

use crate::support::{REGISTER, codes_of, entry, file};

#[test]
fn everyday_words_are_no_names_to_look_for() {
    let lists = noroshi_anonymity::WarningLists::builtin();
    for word in ["com", "net", "Login", "php", "secure login", "Microsoft", "ihi", "www", "co.jp"] {
        assert!(noroshi_anonymity::is_everyday(word, &lists), "{word}");
    }
    for name in ["Tsukiyomi Works", "北星", "Hokusei", "kaku heavy", "Nagasaki Shipyard"] {
        assert!(!noroshi_anonymity::is_everyday(name, &lists), "{name}");
    }
}

fn of(names: &[&str], domains: &[&str]) -> Vec<DerivedAlias> {
    let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
    let domains: Vec<DomainName> = domains.iter().map(|d| DomainName::parse(d).unwrap()).collect();
    derive(&names, &domains)
}

/// A registered name and what else it must be found by; `?` before what is only proposed.
const FIRMS: [(&str, &[&str]); 42] = [
    ("北星製鋼株式会社", &["北星製鋼", "北星"]),
    ("株式会社北星", &["北星"]),
    ("（株）北星", &["北星"]),
    ("㈱北星電機", &["北星電機", "北星"]),
    ("北星ホールディングス株式会社", &["北星", "北星HD", "北星グループ", "北星ホールディングス"]),
    ("北星フィナンシャルグループ", &["北星", "北星グループ"]),
    ("株式会社北星グループ本社", &["北星", "北星グループ"]),
    ("有限会社みどり印刷", &["みどり印刷", "みどり", "Midori"]),
    ("合同会社カナタ", &["カナタ", "Kanata"]),
    ("医療法人社団青葉会", &["青葉会"]),
    ("学校法人霞大学", &["霞大学"]),
    ("一般社団法人日本電鋼連盟", &["日本電鋼連盟"]),
    ("国立研究開発法人海象研究所", &["海象研究所", "海象"]),
    ("青海重工業株式会社", &["青海重工業", "青海"]),
    ("株式会社青海製作所", &["青海製作所", "青海"]),
    ("青海自動車株式会社", &["青海自動車", "青海"]),
    ("青海旅客鉄道株式会社", &["青海旅客鉄道", "青海"]),
    ("青海電力株式会社", &["青海電力", "青海"]),
    ("株式会社青海銀行", &["青海銀行", "青海"]),
    ("青海信用金庫", &["青海"]),
    ("青海化学工業株式会社", &["青海化学工業", "青海"]),
    ("株式会社青海新聞社", &["青海新聞社", "青海"]),
    ("ホクセイ電子株式会社", &["ホクセイ電子", "ホクセイ", "Hokusei"]),
    ("株式会社トウセイシステムズ", &["トウセイシステムズ", "トウセイ", "Tosei"]),
    ("カガヤキ・ロジスティクス株式会社", &["カガヤキ"]),
    ("日本通運送株式会社", &["日本通運送"]),
    ("中央電機株式会社", &["中央電機", "?中央"]),
    ("東洋製紙株式会社", &["東洋製紙", "?東洋"]),
    ("株式会社未来システム", &["未来システム", "?未来"]),
    ("Hokusei Steel Co., Ltd.", &["Hokusei Steel", "Hokusei"]),
    ("Hokusei Steel Co.,Ltd.", &["Hokusei Steel"]),
    ("Hokusei Corporation", &["Hokusei"]),
    ("Hokusei Holdings, Inc.", &["Hokusei", "Hokusei Group", "Hokusei HD"]),
    ("Hokusei K.K.", &["Hokusei"]),
    ("Kabushiki Kaisha Hokusei", &[]),
    ("Aomi Heavy Industries, Ltd.", &["Aomi Heavy Industries", "Aomi", "?AHI"]),
    ("Aomi Motor Company Limited", &["Aomi Motor", "Aomi"]),
    ("Aomi Electric Power Company, Incorporated", &["Aomi Electric Power", "Aomi"]),
    ("Aomi Bank, Ltd.", &["Aomi Bank", "Aomi"]),
    ("Nordwind GmbH", &["Nordwind"]),
    ("Nordwind S.p.A.", &["Nordwind"]),
    ("Central Systems Inc.", &["Central Systems", "?Central"]),
];

#[test]
fn firms_are_known_by_their_short_names() {
    for (name, expected) in FIRMS {
        let found = of(&[name], &[]);
        for alias in expected {
            let weak = alias.strip_prefix('?');
            let strength = if weak.is_some() { Strength::Weak } else { Strength::Strong };
            let alias = weak.unwrap_or(alias);
            let hit = found.iter().find(|f| f.text == alias);
            assert!(hit.is_some_and(|f| f.strength == strength), "{name}: {alias} in {found:?}");
        }
        assert!(!found.iter().any(|f| f.text == name), "{name} is given");
    }
}

#[test]
fn domains_vouch_for_initials() {
    let with = of(&["Aomi Heavy Industries, Ltd."], &["ahi.co.jp"]);
    let ahi = with.iter().find(|a| a.text.eq_ignore_ascii_case("AHI")).unwrap();
    assert_eq!(ahi.strength, Strength::Strong);
    let found = of(&[], &["hokusei-steel.co.jp"]);
    assert_eq!(found[0].text, "hokusei steel");
    assert_eq!(found[0].from, AliasSource::Domain);
    assert_eq!(of(&["AB"], &["x.com"]), []);
}

#[test]
fn the_demo_register_gets_its_brands() {
    for (id, expected) in [
        ("mitsubishi-heavy", vec!["Mitsubishi Heavy Industries", "三菱重工業", "MHI"]),
        ("ihi", vec!["IHI"]),
    ] {
        let member = REGISTER.members().iter().find(|m| m.id.expose() == id).unwrap();
        let found = derive(&member.names, &member.domains);
        for alias in expected {
            let hit = found.iter().find(|f| f.text.eq_ignore_ascii_case(alias));
            assert!(hit.is_some_and(|f| f.strength == Strength::Strong), "{alias} in {found:?}");
        }
    }
    for member in REGISTER.members() {
        for alias in derive(&member.names, &member.domains) {
            assert!(alias.text.chars().filter(|c| c.is_alphanumeric()).count() >= 2);
            assert!(!member.names.contains(&alias.text));
        }
    }
}

#[test]
fn edits_are_all_a_hub_keeps() {
    let derived = of(&["中央電機ホールディングス株式会社"], &[]);
    let texts = |edits: &AliasEdits| edits.apply(&derived);
    let plain = texts(&AliasEdits::default());
    assert!(plain.contains(&"中央電機".to_owned()) && !plain.contains(&"中央".to_owned()));
    let edits = AliasEdits {
        added: vec!["中央".to_owned(), " チュウデン ".to_owned(), "中央電機".to_owned()],
        removed: vec!["中央電機HD".to_owned(), "中央電機グループ".to_owned()],
    };
    let edited = texts(&edits);
    assert!(edited.contains(&"中央".to_owned()) && edited.contains(&"チュウデン".to_owned()));
    assert!(!edited.contains(&"中央電機HD".to_owned()));
    assert_eq!(edited.iter().filter(|n| *n == "中央電機").count(), 1);
    // In any width: who removes ｎｋｇ means NKG.
    let derived = of(&["Nova Kikai Group, Ltd."], &["nkg.co.jp"]);
    let removed = AliasEdits { added: Vec::new(), removed: vec!["ｎｋｇ".to_owned()] };
    assert!(!removed.apply(&derived).iter().any(|n| n.eq_ignore_ascii_case("nkg")));
}

#[test]
fn two_members_of_one_brand_are_both_protected() {
    let text = file(&[
        entry("a", "北星製鋼株式会社") + "brands = [\"Hokusei\"]\n",
        entry("b", "北星電機株式会社") + "brands = [\"Hokusei\"]\n",
    ]);
    let register = Register::from_toml(&text).unwrap();
    let gate = Gate::new(&register, &WarningLists::default()).unwrap();
    assert_eq!(codes_of(&gate, Kind::Domain, "hokusei-login.com"), ["member-name"]);
    let observable = crate::support::observable(Kind::Domain, "hokusei-login.com");
    let noroshi_anonymity::Verdict::Quarantine(reasons) = gate.judge(&observable) else {
        panic!("it passes")
    };
    let owners: Vec<&str> = reasons[0].owners().iter().map(|o| o.expose()).collect();
    assert_eq!(owners, ["a", "b"]);
}
