//! Asking the implementations in Python.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::Value;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/agreement.py");

/// The answers to `questions`, in order; `None`, with a note, where no Python has what is needed.
pub(super) fn answers(questions: Vec<Value>) -> Option<Vec<Value>> {
    let Ok(python) = std::env::var("NOROSHI_TEST_PYTHON") else {
        let text = "\nSKIPPED: stix2-validator; set NOROSHI_TEST_PYTHON to a python that has it\n";
        std::io::stderr().write_all(text.as_bytes()).unwrap();
        return None;
    };
    let mut child = Command::new(python)
        .arg(SCRIPT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines: Vec<String> = questions.iter().map(Value::to_string).collect();
    let writer = std::thread::spawn(move || {
        for line in lines {
            input.write_all(line.as_bytes()).unwrap();
            input.write_all(b"\n").unwrap();
        }
    });
    let output = BufReader::new(child.stdout.take().unwrap());
    let mut read =
        output.lines().map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let first = read.next().unwrap();
    println!("compared with {first}");
    // Without its schemas it looks at little, and to agree with it would mean nothing.
    assert_eq!(first["schemas"], true, "this stix2-validator has no schemas of STIX 2.1");
    let answers: Vec<Value> = read.collect();
    writer.join().unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(answers.len(), questions.len());
    Some(answers)
}
