//! Streams: cut anywhere, the same hits; lines counted.

use noroshi_scan::{LineScanner, MAX_LINE, Matcher};
use noroshi_stix::Kind;
use proptest::prelude::*;

use crate::observable;

fn matcher() -> Matcher {
    Matcher::new([
        (observable(Kind::Domain, "evil.example"), 1),
        (observable(Kind::Ipv4, "198.51.100.0/24"), 2),
        (observable(Kind::Url, "http://evil.example/a?b"), 3),
    ])
}

type Found = (u32, u64, Vec<u8>, usize, usize);

fn stream(chunks: &[&[u8]]) -> (Vec<Found>, u64) {
    let matcher = matcher();
    let mut scanner = LineScanner::new(&matcher);
    let mut found = Vec::new();
    let mut sink = |h: noroshi_scan::LineHit<'_>| {
        found.push((h.id, h.number, h.line.to_vec(), h.start, h.end))
    };
    for chunk in chunks {
        scanner.push(chunk, &mut sink);
    }
    scanner.finish(&mut sink);
    let lines = scanner.lines();
    (found, lines)
}

#[test]
fn lines_have_numbers_and_text() {
    let (found, lines) = stream(&[b"a\r\nb evil.ex", b"ample 198.51.100.7\r\n\nevil.example"]);
    assert_eq!(lines, 4);
    assert_eq!(
        found,
        [
            (1, 2, b"b evil.example 198.51.100.7".to_vec(), 2, 14),
            (2, 2, b"b evil.example 198.51.100.7".to_vec(), 15, 27),
            (1, 4, b"evil.example".to_vec(), 0, 12),
        ]
    );
}

#[test]
fn an_endless_line_is_searched_in_pieces() {
    let mut line = b"x ".repeat(MAX_LINE);
    line.extend_from_slice(b"evil.example ");
    line.extend_from_slice(&b"y".repeat(2 * MAX_LINE));
    let chunks: Vec<&[u8]> = line.chunks(100_000).collect();
    let (found, lines) = stream(&chunks);
    assert_eq!((found.len(), lines), (1, 1));
    assert_eq!(found[0].1, 1);
}

#[test]
fn blocks_do_not_hide_hits() {
    let mut text = Vec::new();
    for i in 0..20_000 {
        text.extend_from_slice(
            format!("{i} GET http://evil.example/a?b from 198.51.100.7\n").as_bytes(),
        );
    }
    let mut hits = 0;
    matcher().scan(&text, &mut |_| hits += 1);
    assert_eq!(hits, 60_000);
    let one_line: Vec<u8> = text.iter().map(|b| if *b == b'\n' { b' ' } else { *b }).collect();
    let mut hits = 0;
    matcher().scan(&one_line, &mut |_| hits += 1);
    assert_eq!(hits, 60_000);
}

proptest! {
    #[test]
    fn chunks_do_not_matter(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just("evil.example"), Just("198.51.100.7"), Just("\n"), Just("\r\n"), Just(" "),
                Just("http://evil.example/a?b"), Just("x"), Just("."), Just("日本"),
            ], 0..60),
        cuts in proptest::collection::vec(1usize..12, 1..40),
    ) {
        let text = pieces.concat().into_bytes();
        let mut chunks = Vec::new();
        let mut rest = text.as_slice();
        for cut in cuts.iter().cycle() {
            if rest.is_empty() { break }
            let (head, tail) = rest.split_at((*cut).min(rest.len()));
            chunks.push(head);
            rest = tail;
        }
        prop_assert_eq!(stream(&chunks), stream(&[&text]));
        let mut whole = Vec::new();
        matcher().scan(&text, &mut |h| whole.push(h.id));
        prop_assert_eq!(stream(&chunks).0.len(), whole.len());
    }
}
