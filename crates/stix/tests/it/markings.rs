//! TLP as the reference file beside the checkout has it, where it is at hand.

use std::path::Path;

use noroshi_stix::{Pap, Tlp, tlp_marking_definition};
use serde_json::{Value, json};

#[test]
fn tlp_is_that_of_the_reference_file() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/markings.toml");
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let reference: Value = toml::from_str(&text).unwrap();
    let labels = reference["tlp"]["label"].as_array().unwrap();
    assert_eq!(labels.len(), Tlp::ALL.len());
    for label in labels {
        let tlp = Tlp::from_label(label["id"].as_str().unwrap()).unwrap();
        assert_eq!(json!(tlp.rank()), label["rank"]);
        assert_eq!(json!(tlp.stix_id()), label["stix"]);
        assert_eq!(json!(tlp.stix_id_tlp1()), *label.get("stix_tlp1").unwrap_or(&Value::Null));
        assert_eq!(json!(tlp.colour()), label["colour"]);
        let definition = tlp_marking_definition(tlp);
        assert_eq!(definition["created"], reference["tlp"]["stix_created"]);
        let extension = reference["tlp"]["stix_extension"].as_str().unwrap();
        let extension = &definition["extensions"][extension];
        assert_eq!(extension["extension_type"], reference["tlp"]["stix_extension_type"]);
        assert_eq!(extension["tlp_2_0"], label["tlp_2_0"]);
    }
    for label in reference["pap"]["label"].as_array().unwrap() {
        let pap = Pap::from_label(label["id"].as_str().unwrap()).unwrap();
        assert_eq!(json!(pap.rank()), label["rank"]);
    }
}
