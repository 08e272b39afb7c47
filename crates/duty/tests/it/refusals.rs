//! Inconsistent data and contradicting moments are refused, with the place.

use noroshi_duty::{ClockError, Files, Reference};

use crate::builtin;

const OBLIGATIONS: &str = include_str!("../../../../reference/obligations.toml");
const SECTORS: &str = include_str!("../../../../reference/sectors.toml");
const FIELDS: &str = include_str!("../../../../reference/report-fields.toml");
const JP: &str = include_str!("../../../../reference/holidays-jp.toml");
const US: &str = include_str!("../../../../reference/holidays-us.toml");
const EU: &str = include_str!("../../../../reference/holidays-eu.toml");

fn load(texts: [&str; 4]) -> Result<Reference, String> {
    let [obligations, sectors, fields, jp] = texts;
    Reference::load(&Files {
        obligations: ("obligations.toml", obligations),
        sectors: ("sectors.toml", sectors),
        fields: ("report-fields.toml", fields),
        holidays: &[("jp.toml", jp), ("us.toml", US), ("eu.toml", EU)],
        ..Files::builtin()
    })
    .map_err(|e| e.to_string())
}

/// Changes the first `from` behind `marker` in one file and expects `message` and, where given, the
/// text that stands in the line it names.
fn refused(file: usize, marker: &str, from: &str, to: &str, message: &str, line_has: &str) {
    let mut texts = [OBLIGATIONS, SECTORS, FIELDS, JP];
    let text = texts[file];
    let at = text.find(marker).unwrap_or_else(|| panic!("no {marker}"));
    let (head, tail) = text.split_at(at);
    let changed = format!("{head}{}", tail.replacen(from, to, 1));
    assert_ne!(changed, text, "{marker}: no {from}");
    texts[file] = &changed;
    let error = load(texts).err().unwrap_or_else(|| panic!("{marker}: {from} -> {to} was taken"));
    assert!(error.contains(message), "{error}\nexpected: {message}");
    let line: usize = error.split(':').nth(1).unwrap().parse().unwrap();
    let found = changed.lines().nth(line - 1).unwrap_or_default();
    assert!(found.contains(line_has), "{error}\nline {line} is: {found}");
}

#[test]
fn inconsistent_obligations_are_refused_with_their_line() {
    let cases = [
        ("id = \"eu-gdpr\"", "PT72H", "PT72M", "no period such as", "id = \"notification\""),
        (
            "id = \"eu-gdpr\"",
            "\"awareness\"",
            "\"awarenes\"",
            "no clock \"awarenes\"",
            "notification",
        ),
        (
            "id = \"eu-gdpr\"",
            "\"elapsed-hours\"",
            "\"calendar-days\"",
            "unit of deadline",
            "notification",
        ),
        (
            "id = \"eu-gdpr\"",
            "\"statutory\"",
            "\"qualitative\"",
            "qualitative, yet",
            "notification",
        ),
        ("id = \"eu-gdpr\"", "deadline = \"PT72H\"\n", "", "statutory, yet", "notification"),
        ("id = \"eu-gdpr\"", "\"statutory\"", "\"proposed\"", "go together", "notification"),
        ("id = \"eu-gdpr\"", "\"EU\"", "\"XX\"", "no jurisdiction \"XX\"", "eu-gdpr"),
        ("id = \"eu-gdpr\"", "\"eu-gdpr\"", "\"eu-dora\"", "defined twice", "eu-dora"),
        ("id = \"eu-gdpr\"", "trigger =", "tirgger =", "unknown field `tirgger`", "tirgger"),
        (
            "id = \"eu-gdpr\"",
            "seen = \"text\"",
            "seen = \"heard\"",
            "unknown variant `heard`",
            "heard",
        ),
        (
            "id = \"eu-nis2\"",
            "after_stage = \"notification\"",
            "after_stage = \"final\"",
            "no earlier stage",
            "progress",
        ),
        (
            "id = \"eu-nis2\"",
            "once_filed = \"progress\"",
            "once_filed = \"early-warning\"",
            "no earlier stage under a condition",
            "final",
        ),
        ("id = \"eu-nis2\"", "  once_anchor = \"handled\"\n", "", "go together", "final"),
        ("id = \"eu-nis2\"", "\"handled\"", "\"gong\"", "no clock \"gong\"", "final"),
        (
            "id = \"eu-nis2\"",
            "  after_stage = \"notification\"\n",
            "",
            "needs after_stage",
            "progress",
        ),
        (
            "id = \"eu-nis2-digital\"",
            "\"eu-nis2\"",
            "\"eu-nis3\"",
            "no \"eu-nis3\"",
            "eu-nis2-digital",
        ),
        ("id = \"eu-dora\"", "cap_anchor = \"awareness\"\n", "", "cap needs", "initial"),
        ("id = \"eu-dora\"", "\"next-working-day\"", "\"next-day\"", "no rollover_rule", "initial"),
        (
            "id = \"jp-appi\"",
            "deadline_min = \"P3D\"",
            "deadline_min = \"P6D\"",
            "deadline_min",
            "first",
        ),
        (
            "id = \"jp-acd\"",
            "who_list = \"jp-espa\"",
            "who_list = \"jp-esp\"",
            "\"jp-esp\" is not in",
            "jp-acd",
        ),
        ("id = \"jp-acd\"", "2026-10-01", "2025-01-01", "before it was promulgated", "jp-acd"),
        ("id = \"jp-acd\"", "form = \"jp-common-form\"", "form = \"x\"", "no form \"x\"", "jp-acd"),
        (
            "id = \"us-sec-8k\"",
            "business_days = true",
            "business_days = false",
            "contradicts",
            "filing",
        ),
        (
            "id = \"us-circia-ransom\"",
            "status_checked = 2026-03-10\n",
            "",
            "status_checked",
            "us-circia-ransom",
        ),
        ("id = \"JP\"", "Asia/Tokyo", "Asia/Edo", "no time zone", "id = \"JP\""),
        ("id = \"JP\"", "holidays = \"JP\"\n", "", "working days need", "final"),
        (
            "id = \"EU\"",
            "holidays = \"EU\"",
            "holidays = \"FR\"",
            "no file of holidays",
            "holidays = \"FR\"",
        ),
        ("id = \"jp-appi\"", "notes_ja =", "#", "notes and notes_ja go together", "jp-appi"),
        ("[meta]", "obligations/1", "obligations/2", "schema", "schema"),
    ];
    for (marker, from, to, message, line) in cases {
        refused(0, marker, from, to, message, line);
    }
}

#[test]
fn inconsistent_sectors_fields_and_holidays_are_refused() {
    refused(1, "id = \"jp-nco\"", "count = 15", "count = 16", "says it has 16", "jp-nco");
    refused(1, "id = \"jp-nco/it\"", "\"mic\"", "\"mci\"", "no authority \"mci\"", "jp-nco/it");
    refused(1, "id = \"jp-nco/gas\"", "jp-espa/gas", "jp-espa/gaz", "no sector", "jp-nco/gas");
    refused(
        2,
        "id = \"org_name\"",
        "\"identity\"",
        "\"quasi\"",
        "generalise goes with",
        "org_name",
    );
    refused(2, "id = \"org_name\"", "dora =", "dore =", "no form_source \"dore\"", "org_name");
    refused(2, "id = \"org_size\"", "\"size_band\"", "\"size\"", "no enum \"size\"", "org_size");
    refused(3, "[[holiday]]", "2026-01-01", "2025-01-01", "none of the years", "2025-01-01");
    refused(3, "[[holiday]]", "2026-01-01", "2026-01-12", "listed twice", "2026-01-12");
    refused(3, "[[closure]]", "12-29", "12-32", "a day such as", "12-32");
}

#[test]
fn moments_that_cannot_be_read_are_named() {
    let reference = builtin();
    let read = |zone: &str, text: &str| reference.clocks(zone, [text]).map(|_| ()).unwrap_err();
    let noon = "2026-11-23T12:00:00+09:00";
    assert!(matches!(read("Asia/Edo", "x"), ClockError::UnknownZone(z) if z == "Asia/Edo"));
    assert!(matches!(read("UTC", "awareness"), ClockError::NoAssignment(_)));
    assert!(matches!(read("UTC", "awareness=today"), ClockError::BadMoment(_)));
    assert!(matches!(read("UTC", "awareness=2026-11-23T12:00:00"), ClockError::BadMoment(_)));
    assert!(matches!(
        read("UTC", "awareness=2026-11-23T12:00:00+01:00[Asia/Tokyo]"),
        ClockError::BadMoment(_)
    ));
    let unknown = read("UTC", &format!("awarenes={noon}"));
    assert!(unknown.to_string().contains("awareness"), "{unknown}");
    assert!(matches!(read("UTC", &format!("prior-stage={noon}")), ClockError::UnknownClock(..)));
    assert!(matches!(read("UTC", &format!("filed:x={noon}")), ClockError::UnknownStage(_)));
    let twice = [format!("awareness={noon}"), format!("awareness={noon}")];
    let twice = reference.clocks("UTC", twice.iter().map(String::as_str)).unwrap_err();
    assert!(matches!(twice, ClockError::Twice(_)));
}

#[test]
fn moments_out_of_order_are_told() {
    let reference = builtin();
    let clocks = reference
        .clocks(
            "Asia/Tokyo",
            [
                "occurrence=2026-11-23T12:00:00+09:00",
                "awareness=2026-11-23T11:00:00+09:00",
                "filed:first=2026-11-22T11:00:00+09:00",
            ],
        )
        .unwrap();
    let found: Vec<(String, String)> =
        clocks.contradictions().into_iter().map(|c| (c.earlier, c.later)).collect();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        found,
        [
            pair("occurrence", "awareness"),
            pair("occurrence", "filed:first"),
            pair("awareness", "filed:first"),
        ]
    );
}
