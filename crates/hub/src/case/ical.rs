//! Deadlines as a calendar (RFC 5545): an event with alarms for each. What a calendar service sees is
//! the name of the obligation and the moment; nothing of a report, nobody's name.

use noroshi_duty::Lang;
use noroshi_stix::Timestamp;
use sha2::{Digest, Sha256};

use super::{Case, Duty, jiff_of};
use crate::error::HubError;

/// Longest line in octets, without its end (RFC 5545, 3.1).
const LINE: usize = 75;
/// How long before the deadline people are reminded.
const ALARMS: [&str; 2] = ["-P1D", "-PT4H"];

/// The open deadlines of these cases.
///
/// # Errors
/// As [`Case::duties`].
pub fn calendar(cases: &[Case], now: Timestamp, lang: Lang) -> Result<String, HubError> {
    let mut out = Lines(String::new());
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//noroshi//duties//EN"] {
        out.put(line);
    }
    for case in cases {
        for duty in case.duties(now)?.open {
            event(&mut out, case, &duty, now, lang);
        }
    }
    out.put("END:VCALENDAR");
    Ok(out.0)
}

fn event(out: &mut Lines, case: &Case, duty: &Duty<'_>, now: Timestamp, lang: Lang) {
    let Some(due) = duty.deadline.due else { return };
    let (obligation, stage) = (&duty.deadline.obligation, &duty.deadline.stage);
    // A clause is named by the member itself, perhaps after its customer.
    let name = match obligation.strip_prefix("contract-") {
        Some(_) => match lang {
            Lang::Ja => "契約上の報告",
            Lang::En => "Report under a contract",
        },
        None => duty.obligation.name.lang(lang),
    };
    let title = match obligation.starts_with("contract-") {
        true => name.to_owned(),
        false => format!("{name}: {}", duty.deadline.name.lang(lang)),
    };
    let title = escaped(&title);
    // The same deadline keeps its identity when it moves; the case cannot be read from it.
    let digest = Sha256::digest(format!("noroshi duty\0{}\0{obligation}\0{stage}", case.id));
    let uid = data_encoding::HEXLOWER.encode(digest.get(..16).unwrap_or_default());
    out.put("BEGIN:VEVENT");
    out.put(&format!("UID:{uid}@noroshi.invalid"));
    out.put(&format!("DTSTAMP:{}", utc(jiff_of(now))));
    out.put(&format!("DTSTART:{}", utc(due)));
    out.put(&format!("SUMMARY:{title}"));
    out.put("CLASS:CONFIDENTIAL");
    out.put("TRANSP:TRANSPARENT");
    for trigger in ALARMS {
        out.put("BEGIN:VALARM");
        out.put("ACTION:DISPLAY");
        out.put(&format!("DESCRIPTION:{title}"));
        out.put(&format!("TRIGGER:{trigger}"));
        out.put("END:VALARM");
    }
    out.put("END:VEVENT");
}

fn utc(at: jiff::Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A TEXT value (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Content lines, folded.
struct Lines(String);

impl Lines {
    fn put(&mut self, line: &str) {
        let mut length = 0;
        for c in line.chars() {
            if length + c.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(c);
            length += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters() {
        let mut lines = Lines(String::new());
        let text = format!("SUMMARY:{}", "狼煙;\\".repeat(40));
        lines.put(&text);
        for line in lines.0.trim_end().split("\r\n") {
            assert!(line.len() <= LINE && !line.contains(['\r', '\n']), "{line}");
        }
        assert_eq!(lines.0.replace("\r\n ", ""), format!("{text}\r\n"));
    }

    #[test]
    fn texts_are_escaped() {
        assert_eq!(escaped("a,b;c\\d\ne\rf"), "a\\,b\\;c\\\\d\\nef");
    }
}
