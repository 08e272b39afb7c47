//! What a message says. Whoever carries mail reads it: it names no organisation and nothing of a
//! report; obligation and deadline only where the member asked for it.

use noroshi_duty::{Lang, Reference};
use noroshi_outlet::i18n::{Locale, Speech, Texts};
use noroshi_stix::Timestamp;
use serde_json::{Value, json};

use super::{Language, Mark, Settings};
use crate::case::jiff_of;
use crate::vault::reminders::{About, MessageRow};

/// A message before it is put into an envelope.
pub(super) struct Words {
    /// One line.
    pub(super) subject: String,
    /// Plain text.
    pub(super) text: String,
    /// What a webhook gets.
    pub(super) json: Value,
}

/// What is known of the deadline beside the message.
pub(super) struct Known<'a> {
    pub(super) reference: &'a Reference,
    /// The zone of the member's people.
    pub(super) zone: &'a str,
    /// The hub's address, without a final slash.
    pub(super) hub: &'a str,
    pub(super) now: Timestamp,
}

pub(super) fn words(
    texts: &Texts,
    settings: &Settings,
    message: &MessageRow,
    known: &Known<'_>,
) -> Words {
    let locales: &[Locale] = match settings.language {
        Language::Ja => &[Locale::Ja],
        Language::En => &[Locale::En],
        Language::Both => &[Locale::Ja, Locale::En],
    };
    let speeches: Vec<Speech> = locales.iter().map(|l| texts.speak(*l)).collect();
    let each = |tell: &dyn Fn(&Speech) -> String, between: &str| {
        speeches.iter().map(tell).collect::<Vec<_>>().join(between)
    };
    let Some(about) = &message.about else {
        return Words {
            subject: each(&|s| s.t("reminder-trial-subject"), " / "),
            text: each(&|s| s.t("reminder-trial-text"), "\n\n") + "\n",
            json: json!({ "type": "deadline.trial", "timestamp": known.now.to_string(), "data": {} }),
        };
    };
    let late = known.now > about.due;
    let link = format!("{}/reports/{}#deadlines", known.hub, about.case);
    let subject = if late { "reminder-subject-late" } else { "reminder-subject" };
    let paragraph = |say: &Speech| {
        let mut lines = vec![how_far(say, about, late)];
        if settings.detailed {
            lines.extend(detail(say, about, known));
        }
        lines.push(say.with("reminder-where", &[("link", link.clone().into())]));
        lines.join("\n")
    };
    let foot = |s: &Speech| {
        s.with("reminder-foot", &[("link", format!("{}/duties/reminders", known.hub).into())])
    };
    let mut data = json!({ "report": about.case, "url": link, "mark": about.mark, "late": late });
    if settings.detailed {
        let name = |lang| name_of(about, known.reference, lang);
        data["obligation"] = json!(about.obligation);
        data["obligation_name"] = json!({ "en": name(Lang::En).0, "ja": name(Lang::Ja).0 });
        data["stage"] = json!(about.stage);
        data["stage_name"] = json!({ "en": name(Lang::En).1, "ja": name(Lang::Ja).1 });
        data["due"] = json!(about.due.to_string());
    }
    Words {
        subject: each(&|s| s.t(subject), " / "),
        text: format!("{}\n\n-- \n{}\n", each(&paragraph, "\n\n"), each(&foot, "\n")),
        json: json!({ "type": "deadline.reminder", "timestamp": known.now.to_string(), "data": data }),
    }
}

/// How much of the time is gone. What was queued in time and leaves late says that it is late.
fn how_far(say: &Speech, about: &About, late: bool) -> String {
    match (Mark::parse(&about.mark), late) {
        (_, true) => say.t("reminder-late"),
        (Some(Mark::Percent(percent)), false) => {
            say.with("reminder-share", &[("percent", u32::from(percent).into())])
        }
        _ => say.t("reminder-near"),
    }
}

fn detail(say: &Speech, about: &About, known: &Known<'_>) -> [String; 3] {
    let lang = if say.locale() == Locale::Ja { Lang::Ja } else { Lang::En };
    let (obligation, stage) = name_of(about, known.reference, lang);
    let at = jiff_of(about.due);
    let local = at
        .in_tz(known.zone)
        .map_or_else(|_| at.to_string(), |z| z.strftime("%Y-%m-%d %H:%M:%S %:z").to_string());
    [
        say.with("reminder-obligation", &[("name", obligation.into())]),
        say.with("reminder-stage", &[("name", stage.into())]),
        say.with("reminder-due", &[("at", local.into())]),
    ]
}

/// Names of obligation and stage. A clause was named by the member itself, perhaps after its customer.
fn name_of(about: &About, reference: &Reference, lang: Lang) -> (String, String) {
    let contract = match lang {
        Lang::Ja => "契約上の報告",
        Lang::En => "Report under a contract",
    };
    if about.obligation.starts_with("contract-") {
        return (contract.to_owned(), about.stage.clone());
    }
    match reference.obligation(&about.obligation) {
        Some(o) => {
            let stage = o.stage(&about.stage).map(|s| s.name.lang(lang).to_owned());
            (o.name.lang(lang).to_owned(), stage.unwrap_or_else(|| about.stage.clone()))
        }
        None => (about.obligation.clone(), about.stage.clone()),
    }
}
