//! The crate stands on its own: it can be published without the rest of the workspace.

const MANIFEST: &str = include_str!("../../Cargo.toml");
const README: &str = include_str!("../../README.md");

#[test]
fn it_depends_on_no_crate_of_ours_and_says_what_it_is() {
    let ours = MANIFEST.lines().filter(|line| line.starts_with("noroshi-"));
    assert_eq!(ours.count(), 0);
    for key in
        ["description", "license", "readme", "keywords", "categories", "include", "publish = true"]
    {
        assert!(MANIFEST.contains(key), "{key}");
    }
    assert!(README.starts_with("# noroshi-stix"));
}
