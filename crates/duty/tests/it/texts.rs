//! The texts people read.

use jiff::Timestamp;
use noroshi_duty::{Lang, deadlines, explain};

use crate::builtin;

#[test]
fn rules_read_as_sentences() {
    let reference = builtin();
    let clocks = reference.clocks("Asia/Tokyo", []).unwrap();
    let rule = |obligation: &str, stage: &str| {
        let obligation = reference.obligation(obligation).unwrap();
        let all = deadlines(obligation, &clocks, reference.calendar());
        all.into_iter().find(|d| d.stage == stage).unwrap().rule
    };
    let cases = [
        (
            rule("eu-nis2", "early-warning"),
            "within 24 hours of becoming aware of the incident (in the law)",
            "事案を認知した時から24時間以内(法令による)",
        ),
        (
            rule("jp-acd", "first"),
            "\"速やかに\" after becoming aware of the incident (no number in the law)",
            "事案を認知した時から「速やかに」(数値の定めなし)",
        ),
        (
            rule("jp-acd", "detailed"),
            "by the end of day 30, the day after becoming aware of the incident being day 1; \
             days of Asia/Tokyo (in the law)",
            "事案を認知した日の翌日を1日目として30日目の終わりまで。日付はAsia/Tokyo(法令による)",
        ),
        (
            rule("eu-dora", "initial"),
            "within 4 hours of classifying the incident as major, and within 24 hours of becoming \
             aware of the incident unless that has passed by then (in the law)",
            "事案を重大と分類した時から4時間以内。かつ事案を認知した時から24時間以内\
             (既に過ぎている場合を除く)(法令による)",
        ),
        (
            rule("eu-dora", "final"),
            "by the end of the day 1 month after submitting \"Intermediate report\"; on a day off, \
             12:00 of the next working day (in the law)",
            "「中間報告」を提出した日から1か月後の日の終わりまで。休日に当たるときは\
             次の営業日の12:00(法令による)",
        ),
        (
            rule("us-sec-8k", "filing"),
            "by 17:30 of business day 4 after the day of determining that the incident is \
             material; days of America/New_York (in the law)",
            "事案を重要と判断した日の翌日以降の4営業日目の17:30まで。\
             日付はAmerica/New_York(法令による)",
        ),
    ];
    for (rule, en, ja) in cases {
        assert_eq!((rule.en.as_str(), rule.ja.as_str()), (en, ja));
    }
}

#[test]
fn explanations_name_law_source_and_doubt_in_both_languages() {
    let reference = builtin();
    for obligation in reference.obligations() {
        for (lang, verified) in [(Lang::En, "verified: "), (Lang::Ja, "確認の程度: ")] {
            let text = explain(obligation, lang);
            assert!(text.contains(obligation.instrument(lang)), "{text}");
            assert!(text.contains(obligation.name.lang(lang)), "{text}");
            assert_eq!(text.matches(verified).count(), obligation.stages.len(), "{text}");
            assert!(obligation.sources.iter().all(|s| text.contains(&s.url)), "{text}");
        }
        assert!(!obligation.name.ja.is_ascii(), "{}", obligation.id);
    }
    let public = explain(reference.obligation("us-sec-8k").unwrap(), Lang::En);
    assert!(public.contains("it ends your anonymity"));
    let proposal = explain(reference.obligation("us-circia-incident").unwrap(), Lang::Ja);
    assert!(proposal.contains("案の段階で拘束力なし(2026-03-10時点)"));
}

#[test]
fn a_deadline_shows_local_time_and_lateness() {
    let reference = builtin();
    let given = ["awareness=2026-11-20T15:00:00+09:00", "filed:notification=2026-11-24T00:00:00Z"];
    let clocks = reference.clocks("Asia/Tokyo", given).unwrap();
    let all = deadlines(reference.obligation("uk-nis").unwrap(), &clocks, reference.calendar());
    let [found] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!(found.local.as_deref(), Some("2026-11-23 15:00:00 +09:00 (Asia/Tokyo)"));
    assert_eq!(
        found.authority_local.as_deref(),
        Some("2026-11-23 06:00:00 +00:00 (Europe/London)")
    );
    let before: Timestamp = "2026-11-21T00:00:00Z".parse().unwrap();
    assert_eq!(found.is_late(before), Some(true), "what was filed late stays late");
}

#[test]
fn a_deadline_is_told_to_programs_in_full() {
    let reference = builtin();
    let given = ["awareness=2026-10-24T10:00:00+09:00"];
    let clocks = reference.clocks("Asia/Tokyo", given).unwrap();
    let all = deadlines(reference.obligation("jp-appi").unwrap(), &clocks, reference.calendar());
    let json = serde_json::to_value(&all).unwrap();
    let last = &json[1];
    assert_eq!(last["stage"], "final");
    assert_eq!(last["standing"], "due");
    assert_eq!(last["due"], "2026-11-22T14:59:59Z");
    assert_eq!(last["extension"]["due"], "2026-11-24T14:59:59Z");
    assert_eq!(last["trust"], "memory", "holidays are from memory");
    assert_eq!(last["condition"]["ja"], "規則第7条第1号、第2号、第4号");
    let waiting = deadlines(
        reference.obligation("eu-nis2").unwrap(),
        &reference.clocks("Asia/Tokyo", []).unwrap(),
        reference.calendar(),
    );
    let json = serde_json::to_value(&waiting).unwrap();
    assert_eq!(json[0]["standing"]["waiting"], "awareness");
    assert_eq!(json[0]["due"], serde_json::Value::Null);
    assert_eq!(json[3]["standing"]["waiting"], "filed:notification");
}

#[test]
fn japanese_explanations_hold_no_english_sentence() {
    let reference = builtin();
    for obligation in reference.obligations() {
        let text = explain(obligation, Lang::Ja);
        // Citations of laws, addresses and metrics stay as they are.
        let lines = text.lines().filter(|l| {
            !["根拠: ", "出典: ", "基準: "].iter().any(|label| l.trim_start().starts_with(label))
        });
        for line in lines {
            let words = line.split_whitespace().filter(|w| w.len() > 3 && w.is_ascii()).count();
            assert!(words < 6, "{}: {line}", obligation.id);
        }
    }
}
