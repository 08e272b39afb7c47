//! The built-in data files are well formed.

use noroshi_anonymity::{Gate, Register, Vocabulary, WarningLists};

#[test]
fn every_line_of_the_warning_lists_is_read() {
    let lists = WarningLists::builtin();
    assert_eq!(lists.rejected(), &[] as &[String]);
    assert!(lists.len() > 300, "{}", lists.len());
}

#[test]
fn the_vocabulary_reads() {
    Vocabulary::builtin().unwrap();
}

#[test]
fn the_demo_register_reads() {
    let text = include_str!("../../../../reference/demo-register.toml");
    let register = Register::from_toml(text).unwrap();
    assert_eq!(register.members().len(), 37);
    assert_eq!(register.notes(), []);
    Gate::new(&register, &WarningLists::builtin()).unwrap();
}
