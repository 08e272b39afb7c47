//! Filings: every stage of every obligation, forms that agree with the fields, versions, PDF.

use noroshi_duty::{
    Answers, Draft, Files, Filing, FilingError, Incident, Lang, Reference, show_filing,
};

use crate::builtin;

const POWER: &str = include_str!("../data/power.toml");

pub(crate) fn fill(
    case: &str,
    obligation: &str,
    stage: &str,
    form: Option<&str>,
    at: &str,
) -> Filing {
    let reference = builtin();
    let answers = Answers::from_toml(reference, "case.toml", case).unwrap();
    let at: jiff::Timestamp = at.parse().unwrap();
    let mut incident = Incident::default();
    // What was known when it was filed.
    for event in Incident::from_toml("case.toml", case).unwrap().events() {
        if event.at() < at {
            incident.add(event.clone());
        }
    }
    let obligation = reference.obligation(obligation).unwrap();
    Filing::fill(&Draft {
        reference,
        obligation,
        stage: obligation.stage(stage).unwrap(),
        form,
        answers: &answers,
        incident: Some(&incident),
        at,
        lang: None,
    })
    .unwrap()
}

#[test]
fn every_stage_of_every_obligation_can_be_filed() {
    let reference = builtin();
    for obligation in reference.obligations() {
        for stage in &obligation.stages {
            let at = "2026-10-20T00:00:00Z";
            let filing = fill(POWER, &obligation.id, &stage.id, None, at);
            let label = format!("{}/{}", obligation.id, stage.id);
            assert!(filing.items.iter().any(|i| i.field == "org_name"), "{label}");
            assert!(filing.items.iter().any(|i| i.mandatory), "{label}");
            assert!(!filing.sources.is_empty(), "{label}");
            for item in &filing.items {
                assert_eq!(item.value.is_some(), item.from.is_some(), "{label}: {}", item.field);
                let missing = filing.missing.contains(&item.field);
                assert_eq!(missing, item.mandatory && item.value.is_none(), "{label}");
            }
            // Stored and read it is the same.
            let again = Filing::from_json(&filing.to_json()).unwrap();
            assert!(again == filing, "{label}");
        }
    }
}

#[test]
fn later_stages_ask_no_less() {
    for obligation in builtin().obligations() {
        let forms = builtin().forms_for(obligation);
        for form in forms {
            for item in &form.items {
                assert!(item.must.is_none_or(|m| m >= item.from), "{} {}", form.id, item.field);
            }
        }
    }
}

#[test]
fn any_form_can_be_used_and_a_wrong_one_is_named() {
    let at = "2026-10-20T00:00:00Z";
    let fire = fill(POWER, "jp-acd", "first", Some("fire"), at);
    let item = fire.items.iter().find(|i| i.field == "contact").unwrap();
    assert_eq!(item.places, ["17", "18", "19", "20", "21", "22", "23", "24"]);
    let common = fill(POWER, "jp-fsa-guidelines", "first", None, at);
    assert_eq!(common.form, "jp-common-ransomware", "the variant the answers name");
    let reference = builtin();
    let answers = Answers::new("Asia/Tokyo").unwrap();
    let obligation = reference.obligation("jp-acd").unwrap();
    let result = Filing::fill(&Draft {
        reference,
        obligation,
        stage: &obligation.stages[0],
        form: Some("eu-dora"),
        answers: &answers,
        incident: None,
        at: at.parse().unwrap(),
        lang: None,
    });
    let Err(FilingError::UnknownForm(..)) = result else { panic!("a form of others was taken") };
    let text = result.err().unwrap().to_string();
    assert!(text.contains("it can be filed with jp-acd, jp-common-ddos"), "{text}");
}

#[test]
fn a_place_from_memory_is_marked() {
    for form in builtin().filing_forms() {
        for item in &form.items {
            let field = builtin().field(&item.field).unwrap();
            let map = field.maps.iter().find(|m| Some(&m.form) == form.maps.as_ref());
            if map.is_some_and(|m| m.from_memory) && !item.places.is_empty() {
                assert_eq!(item.seen.name(), "memory", "{} {}", form.id, item.field);
            }
        }
    }
    let filing = fill(POWER, "us-circia-incident", "report", None, "2026-10-20T00:00:00Z");
    assert!(show_filing(&filing, Lang::En).contains("identity? Legal name"));
}

#[test]
fn forms_that_disagree_with_the_fields_are_refused() {
    let files = Files::builtin();
    for (form, from, to, message) in [
        ("eu-dora", "places = [\"1.b\"]", "places = [\"1.z\"]", "knows another place"),
        ("eu-dora", "field = \"org_name\"", "field = \"org_nam\"", "no such field"),
        ("eu-dora", "field = \"org_ids\"", "field = \"org_name\"", "listed twice"),
        ("eu-dora", "initial = \"initial\"", "", "stage initial of eu-dora has no level"),
        ("eu-dora", "[\"eu-dora\"]", "[\"eu-dorado\"]", "no obligation \"eu-dorado\""),
        ("eu-gdpr", "[\"eu-gdpr\"]", "[]", "no form serves eu-gdpr"),
        (
            "us-circia",
            "seen = \"memory\"\n\n[[item]]",
            "seen = \"text\"\n\n[[item]]",
            "from memory",
        ),
        ("jp-acd", "places = [\"7\"]", "", "no form jp_acd holds remarks at 7"),
        ("plain", "from = \"initial\"", "from = \"initial\"\nmust = \"early\"", "mandatory before"),
    ] {
        let name = format!("reference/forms/{form}.toml");
        let mut forms = files.forms.to_vec();
        let place = forms.iter().position(|(n, _)| *n == name).unwrap();
        let changed = forms[place].1.replacen(from, to, 1);
        assert_ne!(changed, forms[place].1, "{form}: {from}");
        forms[place].1 = &changed;
        let error = Reference::load(&Files { forms: &forms, ..files }).err();
        let error = error.unwrap_or_else(|| panic!("{form}: {to} was taken"));
        assert!(error.message.contains(message), "{form}: {error}");
        assert!(error.file.starts_with("reference/") && error.line > 1, "{form}: {error}");
    }
}

#[test]
fn versions_are_compared_field_by_field() {
    let first = fill(POWER, "jp-acd", "first", None, "2026-10-09T05:00:00+09:00");
    assert_eq!(first.version, 1);
    let later = POWER
        .replace("severity = \"high\"", "severity = \"extreme\"")
        .replace("org_name = \"架空電力株式会社\"\n", "")
        .replace("count = 14", "count = 21")
        .replace("police =", "remarks = \"復旧は10月12日の見込み\"\npolice =");
    let second = fill(&later, "jp-acd", "first", None, "2026-10-16T05:00:00+09:00");
    assert_eq!(second.version, 3, "filed once and supplemented once");
    let diff = first.diff(&second);
    insta::assert_snapshot!(diff.text(Lang::Ja), @r"
    jp-acd/first v1 -> jp-acd/first v3
    - 事業者名 [org_name]: 架空電力株式会社
    ~ 被害を受けたシステム [systems]: count: 14; product: 汎用OS; role: 業務端末 | count: 3; product: 汎用OS; role: 配電監視の閲覧端末 -> count: 21; product: 汎用OS; role: 業務端末 | count: 3; product: 汎用OS; role: 配電監視の閲覧端末
    + その他 [remarks]: 復旧は10月12日の見込み
    新たに不足: org_name
    ");
    assert!(first.diff(&first).is_empty());
    assert!(first.diff(&first).text(Lang::En).ends_with("nothing changed\n"));
    assert!(Filing::from_json("{}").is_err());
    assert!(Filing::from_json(&first.to_json().replace("filing/1", "filing/9")).is_err());
}

#[test]
fn a_stage_out_of_order_or_after_the_end_is_told_in_the_filing() {
    let early =
        "zone = \"Asia/Tokyo\"\n[[event]]\nevent = \"opened\"\nat = 2026-10-09T02:35:00+09:00\n";
    let filing = fill(early, "jp-acd", "detailed", None, "2026-10-20T00:00:00Z");
    let en: Vec<&str> = filing.problems.iter().map(|p| p.en.as_str()).collect();
    assert_eq!(en, ["jp-acd: \"detailed\" was filed, but \"first\" before it was not"]);
    assert!(!filing.is_ready());
    let gone = format!(
        "{early}[[event]]\nevent = \"withdrawn\"\nat = 2026-10-09T03:00:00+09:00\nwhy = \"drill\"\n"
    );
    let filing = fill(&gone, "jp-acd", "first", None, "2026-10-20T00:00:00Z");
    assert!(filing.problems[0].en.contains("although the incident was withdrawn"));
}

#[test]
fn who_is_late_says_why() {
    let bank = include_str!("../data/bank.toml");
    let asks = |at: &str| {
        let filing = fill(bank, "eu-dora", "initial", None, at);
        (filing.late, filing.missing.contains(&"late_reason".to_owned()))
    };
    assert_eq!(asks("2026-11-04T17:00:00+01:00"), (false, false));
    assert_eq!(asks("2026-11-04T17:00:01+01:00"), (true, true));
}

#[test]
fn a_pdf_is_the_same_for_the_same_filing() {
    let filing = fill(POWER, "jp-acd", "detailed", None, "2026-10-20T00:00:00Z");
    let ja = filing.pdf(Lang::Ja).unwrap();
    assert!(ja.starts_with(b"%PDF-") && ja.len() > 5_000, "{}", ja.len());
    assert!(ja.len() < 200_000, "only the glyphs that are used: {}", ja.len());
    assert!(ja == filing.pdf(Lang::Ja).unwrap());
    assert!(ja != filing.pdf(Lang::En).unwrap());
    let later = fill(POWER, "jp-acd", "detailed", None, "2026-10-20T00:00:01Z");
    assert!(ja != later.pdf(Lang::Ja).unwrap(), "the time is in it");
}

/// Every stream of a PDF, inflated, as text.
fn streams(pdf: &[u8]) -> String {
    use std::io::Read as _;
    let find = |from: usize, word: &[u8]| {
        pdf[from..].windows(word.len()).position(|w| w == word).map(|at| from + at)
    };
    let (mut out, mut at) = (String::new(), 0);
    while let Some(start) = find(at, b"stream\n") {
        let start = start + b"stream\n".len();
        let end = find(start, b"endstream").unwrap();
        let mut bytes = Vec::new();
        if flate2::read::ZlibDecoder::new(&pdf[start..end]).read_to_end(&mut bytes).is_ok() {
            out.push_str(&String::from_utf8_lossy(&bytes));
        }
        at = end + b"endstream".len();
    }
    out
}

#[test]
fn the_text_of_a_pdf_can_be_copied_out() {
    let filing = fill(POWER, "jp-acd", "first", None, "2026-10-20T00:00:00Z");
    let streams = streams(&filing.pdf(Lang::Ja).unwrap()).to_uppercase();
    assert!(streams.contains("BEGINBFCHAR") || streams.contains("BEGINBFRANGE"));
    // The map from glyphs to characters holds the firm's name, and nothing that is not there.
    for c in "架空電力株式会社".chars() {
        assert!(streams.contains(&format!("<{:04X}>", u32::from(c))), "{c}");
    }
    assert!(!streams.contains(&format!("<{:04X}>", u32::from('鯨'))));
}

#[test]
fn a_pdf_takes_any_text() {
    let long = "あ".repeat(5_000);
    for text in ["", "a\u{0}\u{7}b", "🔥 𠮷野家 \u{202e}x", "\n\n\n", &long, &"x".repeat(3_000)]
    {
        let quoted = serde_json::to_string(text).unwrap();
        let case = format!("[answers]\ndescription = {}\n", quoted.replace("\\u0000", "\\u0001"));
        let filing = fill(&case, "jp-acd", "first", None, "2026-10-20T00:00:00Z");
        assert!(filing.pdf(Lang::Ja).unwrap().starts_with(b"%PDF-"), "{quoted}");
    }
}
