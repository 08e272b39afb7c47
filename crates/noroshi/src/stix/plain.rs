//! Foreign text on a terminal: nothing that moves the cursor, turns the direction or never ends.

/// The text without characters that control a terminal or the direction of writing.
pub(super) fn text(foreign: &str) -> String {
    foreign.chars().map(|c| if controls(c) { '\u{fffd}' } else { c }).collect()
}

/// The same, at most `longest` characters of it.
pub(super) fn clipped(foreign: &str, longest: usize) -> String {
    let mut out: String =
        foreign.chars().take(longest).map(|c| if controls(c) { ' ' } else { c }).collect();
    if foreign.chars().nth(longest).is_some() {
        out.push('…');
    }
    out
}

fn controls(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_do_not_reach_the_terminal() {
        assert_eq!(text("a\u{1b}[31mb\u{202e}c"), "a\u{fffd}[31mb\u{fffd}c");
        assert_eq!(clipped("a\nb", 5), "a b");
        assert_eq!(clipped("日本語", 2), "日本…");
        assert_eq!(clipped("日本", 2), "日本");
    }
}
