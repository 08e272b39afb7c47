//! Every field of a report and every column of both databases is declared in `disclosure.toml`, and
//! nothing else is.

use std::collections::BTreeSet;

use noroshi_hub::intake::facts_to_json;
use noroshi_intake::{Facts, REPORT_FIELDS, Stage};
use serde::Deserialize;

use crate::place::Place;
use crate::world::World;

crate::on_both_engines![the_live_schemas_are_declared];

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../disclosure.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    outside: Outside,
    why: String,
}

#[derive(Deserialize, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
enum Outside {
    Private,
    Generalised,
    Public,
}

type Table = std::collections::BTreeMap<String, Entry>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Disclosure {
    report: Table,
    /// Compared with `report-fields.toml` in the tests of `duty`.
    answers: Table,
    vault: std::collections::BTreeMap<String, Table>,
    shelf: std::collections::BTreeMap<String, Table>,
}

fn disclosure() -> Disclosure {
    toml::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap()
}

fn names(tables: &std::collections::BTreeMap<String, Table>) -> BTreeSet<(String, String)> {
    let of = |t: &String, c: &Table| c.keys().map(|c| (t.clone(), c.clone())).collect::<Vec<_>>();
    tables.iter().flat_map(|(t, c)| of(t, c)).collect()
}

async fn the_live_schemas_are_declared(place: &Place) {
    let w = World::new(place).await;
    let declared = disclosure();
    let live = [
        ("vault", w.hub.vault().columns().await.unwrap(), names(&declared.vault)),
        ("shelf", w.hub.shelf().store().columns().await.unwrap(), names(&declared.shelf)),
    ];
    for (name, columns, declared) in live {
        let columns: BTreeSet<_> = columns.into_iter().collect();
        assert!(columns.len() > 10, "{name}: the schema was not read");
        let missing: Vec<_> = columns.difference(&declared).collect();
        assert!(
            missing.is_empty(),
            "{name}: say in disclosure.toml what these become: {missing:?}"
        );
        let gone: Vec<_> = declared.difference(&columns).collect();
        assert!(gone.is_empty(), "{name}: disclosure.toml declares what is not there: {gone:?}");
    }
}

#[test]
fn every_report_field_is_declared() {
    let declared = disclosure();
    let mut fields: BTreeSet<String> = REPORT_FIELDS.iter().map(|f| (*f).to_owned()).collect();
    // What other formats fill, a mail for instance, is kept under these names.
    let text = || Some("x".to_owned());
    let time = Some(noroshi_stix::Timestamp::from_micros(1));
    let full = Facts {
        title: text(),
        narrative: text(),
        attack_type: text(),
        occurred_at: time,
        detected_at: time,
        affected_hosts: Some(1),
        techniques: vec!["T1566".to_owned()],
        initial_access: text(),
        impact: text(),
        course_of_action: text(),
        product: text(),
        stage: Some(Stage::Early),
        mandatory: true,
        hold_until: time,
        mail_subject: text(),
        mail_recipients: vec!["x".to_owned()],
    };
    let kept: serde_json::Value = serde_json::from_str(&facts_to_json(&full)).unwrap();
    fields.extend(kept.as_object().unwrap().keys().cloned());
    let names: BTreeSet<String> = declared.report.keys().cloned().collect();
    assert_eq!(fields, names);
}

#[test]
fn every_line_has_a_reason_and_the_shelf_holds_nothing_private_that_is_served() {
    let declared = disclosure();
    let tables = declared.vault.values().chain(declared.shelf.values());
    for (name, entry) in tables.flatten().chain(&declared.report).chain(&declared.answers) {
        assert!(entry.why.len() >= 6, "{name}: say why");
    }
    for (table, columns) in &declared.shelf {
        for (column, entry) in columns {
            // Keys, under which opaque name a partner posts, in which order documents came: looked
            // at, never served.
            let unserved = matches!(
                (table.as_str(), column.as_str()),
                ("credential" | "posting", _) | ("segment", "contributor") | ("document", "number")
            );
            assert!(
                unserved || entry.outside != Outside::Private,
                "{table}.{column} is on the shelf and private"
            );
        }
    }
    // Free text of a report may never be anything but private.
    for field in ["title", "narrative", "product", "mail_subject", "mail_recipients", "text"] {
        assert_eq!(declared.report[field].outside, Outside::Private, "{field}");
    }
}
