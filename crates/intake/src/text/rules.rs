//! Detection rules in a text: recognised as a whole, kept opaque, nothing in them is an indicator.

use std::ops::Range;

use noroshi_stix::{Rule, RuleLanguage};

/// A rule and the bytes it takes.
pub(super) struct Block {
    pub(super) range: Range<usize>,
    pub(super) rule: Rule,
}

/// The rules of a text, in order, without overlap.
pub(super) fn find(text: &[u8]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let has = |needle: &[u8]| memchr::memmem::find(text, needle).is_some();
    let condition = has(b"condition");
    let sid = has(b"sid:");
    if !condition && !sid {
        return blocks;
    }
    let mut failures = 0;
    let mut at = 0;
    while at < text.len() && failures < MAX_FAILURES {
        let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |n| at + n + 1);
        let line = &text[at..end];
        let mut tried = false;
        let found = if sid && is_suricata(line) {
            Some((RuleLanguage::Suricata, end))
        } else if condition && is_yara_head(line) {
            tried = true;
            yara_end(text, at).map(|e| (RuleLanguage::Yara, e))
        } else if condition && line.starts_with(b"title:") {
            tried = true;
            sigma_end(text, at).map(|e| (RuleLanguage::Sigma, e))
        } else {
            None
        };
        let rule = found.and_then(|(language, stop)| {
            let body = std::str::from_utf8(text.get(at..stop)?).ok()?;
            Some((Rule::new(language, body.trim())?, stop))
        });
        match rule {
            Some((rule, stop)) => {
                blocks.push(Block { range: at..stop, rule });
                at = stop;
            }
            None => {
                failures += usize::from(tried);
                at = end;
            }
        }
    }
    blocks
}

/// Beginnings of rules without an end after which no more are looked for: each costs a look at up
/// to [`MAX_RULE`] bytes.
const MAX_FAILURES: usize = 64;

/// Longest rule looked for, in bytes.
const MAX_RULE: usize = 256 * 1024;

fn is_suricata(line: &[u8]) -> bool {
    const ACTIONS: [&[u8]; 6] = [b"alert ", b"drop ", b"reject ", b"pass ", b"log ", b"block "];
    const PROTOCOLS: [&[u8]; 16] = [
        b"tcp",
        b"udp",
        b"icmp",
        b"ip",
        b"http",
        b"http2",
        b"dns",
        b"tls",
        b"ssh",
        b"ftp",
        b"smb",
        b"smtp",
        b"tcp-pkt",
        b"ftp-data",
        b"quic",
        b"dhcp",
    ];
    let line = line.trim_ascii();
    let Some(rest) = ACTIONS.iter().find_map(|a| line.strip_prefix(*a)) else { return false };
    let protocol = rest.split(|b| *b == b' ').next().unwrap_or_default();
    PROTOCOLS.contains(&protocol)
        && line.ends_with(b")")
        && memchr::memmem::find(line, b"(").is_some()
        && memchr::memmem::find(line, b"sid:").is_some()
}

fn is_yara_head(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let line = line.strip_prefix(b"private ").unwrap_or(line);
    let line = line.strip_prefix(b"global ").unwrap_or(line);
    let Some(name) = line.strip_prefix(b"rule ") else { return false };
    let name = name.trim_ascii();
    let identifier = name.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let rest = name.get(identifier..).unwrap_or_default().trim_ascii();
    identifier > 0 && (rest.is_empty() || rest.starts_with(b":") || rest.starts_with(b"{"))
}

/// End of the rule: the closing brace after `condition:`, braces in texts not counted.
fn yara_end(text: &[u8], start: usize) -> Option<usize> {
    let body = &text[start..text.len().min(start + MAX_RULE)];
    let mut depth = 0_usize;
    let mut condition = false;
    let mut at = 0;
    while at < body.len() {
        match body[at] {
            b'"' => at = text_end(body, at + 1),
            b'{' => depth += 1,
            b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return condition.then_some(start + at + 1);
                }
            }
            b'c' if depth == 1 && body[at..].starts_with(b"condition") => condition = true,
            _ => {}
        }
        at += 1;
    }
    None
}

fn text_end(body: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < body.len() && body[at] != b'"' && body[at] != b'\n' {
        at += if body[at] == b'\\' { 2 } else { 1 };
    }
    at
}

/// End of the YAML document that begins with `title:`, if it is a rule.
fn sigma_end(text: &[u8], start: usize) -> Option<usize> {
    let body = &text[start..text.len().min(start + MAX_RULE)];
    let mut end = 0;
    let (mut detection, mut source) = (false, false);
    for line in body.split_inclusive(|b| *b == b'\n') {
        let bare = line.trim_ascii_end();
        let inside = bare.first().is_some_and(|b| matches!(b, b' ' | b'\t' | b'-' | b'#'));
        let key = bare.iter().take_while(|b| b.is_ascii_lowercase() || **b == b'_').count();
        let is_key = key > 0 && bare.get(key) == Some(&b':');
        if bare == b"---" || !(inside || is_key) {
            break;
        }
        detection |= bare.starts_with(b"detection:");
        source |= bare.starts_with(b"logsource:");
        end += line.len();
    }
    (detection && source).then_some(start + end)
}
