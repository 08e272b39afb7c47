//! A filing on paper: A4, one entry a row, with where each value came from.

use krilla::metadata::{DateTime, Metadata};
use krilla::{Document, SerializeSettings};
use page::{Ink, Pages};

use super::{Filing, FilingError, FilingItem};
use crate::{Lang, Text, Trust};

mod page;

/// Writes the whole document.
pub(super) fn write(filing: &Filing, lang: Lang) -> Result<Vec<u8>, FilingError> {
    let mut pages = Pages::new().ok_or_else(|| FilingError::Pdf("no font".to_owned()))?;
    let words = |en: &'static str, ja: &'static str| if lang == Lang::En { en } else { ja };
    let say = |text: &Text| text.lang(lang).to_owned();
    pages.text(&say(&filing.form_name), 14.0, Ink::Black);
    let title = format!("{} / {}", filing.obligation_name.lang(lang), say(&filing.stage_name));
    pages.text(&title, 11.0, Ink::Black);
    pages.space(4.0);
    let offices: Vec<&str> = filing.recipients.iter().map(|r| r.lang(lang)).collect();
    let due = match &filing.due_local {
        Some(due) => due.clone(),
        None => words("not known or no number", "未確定又は数値の定めなし").to_owned(),
    };
    let mut head = vec![
        (words("To", "提出先"), offices.join(words("; ", "、"))),
        (words("Law", "根拠"), filing.instrument(lang).to_owned()),
        (words("Made", "作成日時"), filing.made_local.clone()),
        (words("Version", "版"), filing.version.to_string()),
        (words("Due", "期限"), due),
        (words("Rule", "期限の根拠"), say(&filing.rule)),
    ];
    if let Some(note) = &filing.form_note {
        head.push((words("Note", "注"), say(note)));
    }
    for (label, text) in head {
        pages.row("", label, &text, None);
    }
    for (is, text) in [
        (filing.late, words("LATE: the deadline has passed", "期限を過ぎています")),
        (
            filing.public,
            words("PUBLIC: this report is published", "公開されます(匿名ではなくなります)"),
        ),
    ] {
        if is {
            pages.text(text, 10.0, Ink::Red);
        }
    }
    pages.heading(words("Entries", "記載事項"));
    for item in &filing.items {
        entry(&mut pages, item, lang);
    }
    if !filing.missing.is_empty() {
        pages.heading(words("Missing although mandatory", "必須であるのに記入のない項目"));
        let name = |id: &String| filing.items.iter().find(|i| i.field == *id);
        for item in filing.missing.iter().filter_map(name) {
            let places = item.places.join(", ");
            pages.row(&places, item.name.lang(lang), &item.field, None);
        }
    }
    if !filing.problems.is_empty() {
        pages.heading(words("To be checked before sending", "提出前に確認すること"));
        for problem in &filing.problems {
            pages.text(problem.lang(lang), 9.0, Ink::Red);
        }
    }
    pages.heading(words("Sources and how far they were verified", "出典と確認の程度"));
    let label = |name: &String| {
        let known = [Trust::Memory, Trust::Secondary, Trust::Official, Trust::Text];
        let found = known.into_iter().find(|t| t.name() == name);
        found.map_or_else(|| name.clone(), |t| t.label().lang(lang).to_owned())
    };
    let [places, needs] = filing.trust.each_ref().map(label);
    let trust = match lang {
        Lang::En => format!("places in the form: {places}; what a stage needs: {needs}"),
        Lang::Ja => format!("様式の欄: {places}、段階ごとの要否: {needs}"),
    };
    pages.text(&trust, 8.0, Ink::Grey);
    let unsure = words(
        "A place with ? is from memory, an entry with - is not known to be one of the form's.",
        "欄の ? は記憶による(未確認)、- は様式の欄であると確認していない項目。",
    );
    pages.text(unsure, 8.0, Ink::Grey);
    for source in &filing.sources {
        pages.text(source, 8.0, Ink::Grey);
    }
    pages.text(words("Not legal advice.", "法的助言ではありません。"), 8.0, Ink::Grey);

    let settings = SerializeSettings { xmp_metadata: false, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    let footer = format!("{}/{} v{}", filing.obligation, filing.stage, filing.version);
    pages.draw(&mut document, &footer);
    let mut metadata = Metadata::new()
        .title(title)
        .language(if lang == Lang::Ja { "ja" } else { "en" }.to_owned())
        .producer("noroshi".to_owned());
    if let Some(made) = date(&filing.made) {
        metadata = metadata.creation_date(made);
    }
    document.set_metadata(metadata);
    document.finish().map_err(|e| FilingError::Pdf(format!("{e:?}")))
}

fn entry(pages: &mut Pages, item: &FilingItem, lang: Lang) {
    let words = |en: &'static str, ja: &'static str| if lang == Lang::En { en } else { ja };
    let place = match (item.places.join(", "), item.trust.as_str()) {
        (place, _) if place.is_empty() => "-".to_owned(),
        (place, "memory") => format!("{place} ?"),
        (place, _) => place,
    };
    let (value, from) = match (&item.shown, &item.from) {
        (Some(shown), Some(from)) => (shown.lang(lang).to_owned(), Some(from.text())),
        (Some(shown), None) => (shown.lang(lang).to_owned(), None),
        _ if item.mandatory => (words("(missing)", "(未記入・必須)").to_owned(), None),
        _ => (words("(not known yet)", "(未確認)").to_owned(), None),
    };
    pages.row(&place, item.name.lang(lang), &value, from.as_ref().map(|f| f.lang(lang)));
}

/// `2026-11-23T00:00:00Z` as the date of a document.
fn date(made: &str) -> Option<DateTime> {
    let at: jiff::Timestamp = made.parse().ok()?;
    let at = at.to_zoned(jiff::tz::TimeZone::UTC);
    let small = |n: i8| u8::try_from(n).ok();
    let day = DateTime::new(u16::try_from(at.year()).ok()?);
    let day = day.month(small(at.month())?).day(small(at.day())?);
    let time = day.hour(small(at.hour())?).minute(small(at.minute())?).second(small(at.second())?);
    Some(time.utc_offset_hour(0).utc_offset_minute(0))
}
