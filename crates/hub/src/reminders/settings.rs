//! What a member wants to be told, where, and how much of it.

use data_encoding::BASE64;
use noroshi_outlet::problem::Problem;
use noroshi_seal::random_bytes;
use noroshi_store::Tx;

use super::Mark;
use super::target::{self, NoMail, NoUrl};
use crate::config::Config;
use crate::error::HubError;
use crate::hub::Hub;
use crate::ids;
use crate::vault::audit;
use crate::vault::reminders::{self, MessageRow, SettingRow};

/// Most mail addresses of a member.
const MAX_MAILS: usize = 5;
/// Messages a member sees.
const RECENT: i64 = 100;
/// Rounds of trial messages in a day: addresses are not proven, so nobody is bombed with them.
const MAX_TRIALS: usize = 5;
/// Between two rounds, in microseconds.
const TRIAL_PAUSE: i64 = 10 * 60 * 1_000_000;
/// A day, in microseconds.
const DAY: i64 = 86_400_000_000;

/// The language of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Japanese.
    Ja,
    /// English.
    En,
    /// Both in one message.
    #[default]
    Both,
}

impl Language {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Both, Self::Ja, Self::En];

    /// Stable name in tables and APIs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
            Self::Both => "both",
        }
    }

    /// The choice of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.as_str() == name)
    }
}

/// What a member wants. Attributed: prints nothing.
#[derive(Clone)]
pub struct Settings {
    /// The language of messages.
    pub language: Language,
    /// Whether a message names obligation and deadline.
    pub detailed: bool,
    /// When.
    pub marks: Vec<Mark>,
    /// Mail addresses.
    pub mails: Vec<String>,
    /// Where to call; empty for nowhere.
    pub webhook: String,
    /// What calls are signed with.
    pub(super) secret: Vec<u8>,
}

/// The same as somebody typed it.
#[derive(Clone, Default)]
pub struct Wish {
    /// `ja`, `en` or `both`.
    pub language: String,
    /// Whether a message names obligation and deadline.
    pub detailed: bool,
    /// Names of marks.
    pub marks: Vec<String>,
    /// Mail addresses.
    pub mails: Vec<String>,
    /// Where to call; empty for nowhere.
    pub webhook: String,
}

impl Settings {
    /// What a member has that said nothing: every mark of the hub, to nowhere.
    fn usual(config: &Config) -> Self {
        Self {
            language: Language::default(),
            detailed: false,
            marks: offered(config),
            mails: Vec::new(),
            webhook: String::new(),
            secret: Vec::new(),
        }
    }

    pub(super) fn read(row: SettingRow) -> Self {
        Self {
            language: Language::from_name(&row.language).unwrap_or_default(),
            detailed: row.detailed,
            marks: row.marks.split_whitespace().filter_map(Mark::parse).collect(),
            mails: row.mails.lines().map(str::to_owned).collect(),
            webhook: row.webhook,
            secret: row.secret,
        }
    }

    fn row(&self) -> SettingRow {
        let marks: Vec<String> = self.marks.iter().map(|m| m.name()).collect();
        SettingRow {
            language: self.language.as_str().to_owned(),
            detailed: self.detailed,
            marks: marks.join(" "),
            mails: self.mails.join("\n"),
            webhook: self.webhook.clone(),
            secret: self.secret.clone(),
        }
    }

    /// Channel and address of everything a reminder goes to.
    pub(super) fn targets(&self) -> Vec<(&'static str, String)> {
        let mails = self.mails.iter().map(|m| ("mail", m.clone()));
        let hook = Some(self.webhook.clone()).filter(|w| !w.is_empty()).map(|w| ("webhook", w));
        mails.chain(hook).collect()
    }

    /// The secret in the form of Standard Webhooks.
    fn exposed(&self) -> String {
        format!("whsec_{}", BASE64.encode(&self.secret))
    }
}

/// The marks the operator offers, the first first.
pub(crate) fn offered(config: &Config) -> Vec<Mark> {
    let mut all: Vec<Mark> = config.reminders.percent.iter().map(|p| Mark::Percent(*p)).collect();
    all.extend(config.reminders.overdue_hours.iter().map(|h| Mark::Over(*h)));
    all.sort();
    all.dedup();
    all
}

/// What a member wants; what it would have, where it said nothing.
///
/// # Errors
/// When the vault cannot be read.
pub async fn of(hub: &Hub, member: &str) -> Result<Settings, HubError> {
    let member = member.to_owned();
    let row = hub.vault().read("reminders.of", move |tx| reminders::setting(tx, &member)).await?;
    Ok(row.map_or_else(|| Settings::usual(hub.config()), Settings::read))
}

/// Replaces what a member wants. Answers with the secret of the webhook where there is a new one: it
/// is shown this once.
///
/// # Errors
/// 422 with the `field` that is wrong; nothing is changed then.
pub async fn set(
    hub: &Hub,
    member: &str,
    actor: &str,
    wish: &Wish,
) -> Result<Option<String>, HubError> {
    let before = of(hub, member).await?;
    let mut new = check(hub.config(), wish)?;
    let fresh = !new.webhook.is_empty() && new.webhook != before.webhook;
    new.secret = match (new.webhook.is_empty(), fresh) {
        (true, _) => Vec::new(),
        (false, true) => random_bytes::<32>(hub.entropy()).to_vec(),
        (false, false) => before.secret,
    };
    store(hub, member, actor, &new, "reminder.set").await?;
    Ok(fresh.then(|| new.exposed()))
}

/// Makes a new secret for the webhook and answers with it.
///
/// # Errors
/// 404 where there is no webhook.
pub async fn renew_secret(hub: &Hub, member: &str, actor: &str) -> Result<String, HubError> {
    let mut settings = of(hub, member).await?;
    if settings.webhook.is_empty() {
        return Err(HubError::not_found());
    }
    settings.secret = random_bytes::<32>(hub.entropy()).to_vec();
    store(hub, member, actor, &settings, "reminder.secret").await?;
    Ok(settings.exposed())
}

/// Queues a trial message to everything the member named, and answers with how many.
///
/// # Errors
/// 429 `too-many-trials` within ten minutes of the last round and after five in a day.
pub async fn try_out(hub: &Hub, member: &str, actor: &str) -> Result<usize, HubError> {
    let targets = of(hub, member).await?.targets();
    let count = targets.len();
    let rows: Vec<_> = targets
        .into_iter()
        .map(|(channel, address)| (ids::fresh("n", hub.entropy()), channel, address))
        .collect();
    let now = hub.now();
    let entry = audit::Entry::new(now, actor, "reminder.try", member);
    let (audit_id, member) = (ids::fresh("a", hub.entropy()), member.to_owned());
    let done = hub
        .vault()
        .write("reminders.try", move |tx| {
            let trials = reminders::trials(tx, &member, now.plus_micros(-DAY))?;
            let soon = trials.first().is_some_and(|at| at.plus_micros(TRIAL_PAUSE) > now);
            if soon || trials.len() >= MAX_TRIALS {
                return Ok(false);
            }
            for (id, channel, address) in &rows {
                reminders::queue(tx, id, &member, None, (channel, address), now)?;
            }
            audit::append(tx, &audit_id, &entry)?;
            Ok(true)
        })
        .await?;
    if done {
        return Ok(count);
    }
    Err(HubError::Request {
        status: axum::http::StatusCode::TOO_MANY_REQUESTS,
        code: "too-many-trials",
        detail: "Trial messages go out once in ten minutes, at most five times a day. See what \
                 became of the last ones, and try again later."
            .to_owned(),
    })
}

/// Tries a message anew that was given up.
///
/// # Errors
/// 404 where the member has none of this id that was given up.
pub async fn again(hub: &Hub, member: &str, id: &str) -> Result<(), HubError> {
    let (member, id, now) = (member.to_owned(), id.to_owned(), hub.now());
    let again = move |tx: &mut Tx<'_>| reminders::again(tx, &id, &member, now);
    let done = hub.vault().write("reminders.again", again).await?;
    if done { Ok(()) } else { Err(HubError::not_found()) }
}

/// The newest messages of a member and what became of each.
///
/// # Errors
/// When the vault cannot be read.
pub async fn recent(hub: &Hub, member: &str) -> Result<Vec<MessageRow>, HubError> {
    let member = member.to_owned();
    let read = move |tx: &mut Tx<'_>| reminders::recent(tx, &member, RECENT);
    Ok(hub.vault().read("reminders.recent", read).await?)
}

async fn store(
    hub: &Hub,
    member: &str,
    actor: &str,
    settings: &Settings,
    action: &str,
) -> Result<(), HubError> {
    let (now, row) = (hub.now(), settings.row());
    let entry = audit::Entry::new(now, actor, action, member);
    let (audit_id, member) = (ids::fresh("a", hub.entropy()), member.to_owned());
    let write = move |tx: &mut Tx<'_>| {
        reminders::set(tx, &member, now, &row)?;
        audit::append(tx, &audit_id, &entry)
    };
    Ok(hub.vault().write("reminders.set", write).await?)
}

fn check(config: &Config, wish: &Wish) -> Result<Settings, HubError> {
    let mut new = Settings::usual(config);
    new.detailed = wish.detailed;
    new.language = Language::from_name(&wish.language)
        .ok_or_else(|| wrong("language", "no-language", "Choose ja, en or both."))?;
    let offered = offered(config);
    new.marks = wish
        .marks
        .iter()
        .map(|m| {
            let mark = Mark::parse(m).filter(|m| offered.contains(m));
            mark.ok_or_else(|| wrong("marks", "no-mark", "Choose among the marks this hub offers."))
        })
        .collect::<Result<_, _>>()?;
    new.marks.sort();
    new.marks.dedup();
    let typed = wish.mails.iter().map(|m| m.trim()).filter(|m| !m.is_empty());
    for text in typed {
        let address = target::mail(text).map_err(|e| match e {
            NoMail::Unreadable => {
                let text = "Write one mail address a line, such as soc@example.jp, without a name.";
                wrong("mails", "no-mail-address", text)
            }
            NoMail::NotAscii => {
                let text = "Many mail servers take no letters but a to z before the @. Name another \
                            address of this person.";
                wrong("mails", "mail-not-ascii", text)
            }
        })?;
        if !new.mails.iter().any(|m| m == <lettre::Address as AsRef<str>>::as_ref(&address)) {
            new.mails.push(address.to_string());
        }
    }
    if new.mails.len() > MAX_MAILS {
        return Err(wrong("mails", "too-many-addresses", "Name at most five addresses."));
    }
    if !new.mails.is_empty() && config.smtp.host.is_empty() {
        let text = "This hub sends no mail: its operator has not set [smtp]. Leave this empty.";
        return Err(wrong("mails", "no-mail-here", text));
    }
    let hook = wish.webhook.trim();
    if hook.is_empty() {
        return Ok(new);
    }
    if !config.reminders.webhooks {
        let text =
            "This hub calls no webhooks: its operator has not allowed them. Leave this empty.";
        return Err(wrong("webhook", "no-webhooks-here", text));
    }
    let url = target::webhook(hook, config.reminders.private_webhooks).map_err(|e| match e {
        NoUrl::Unreadable => {
            let text =
                "Write an address such as https://hooks.example.jp/noroshi, without a password.";
            wrong("webhook", "no-url", text)
        }
        NoUrl::NotHttps => wrong("webhook", "not-https", "The address must start with https://."),
        NoUrl::Private => {
            let text = "This address lies in a private network. Use one the internet can reach.";
            wrong("webhook", "private-address", text)
        }
    })?;
    new.webhook = url.to_string();
    Ok(new)
}

fn wrong(field: &'static str, code: &'static str, detail: &str) -> HubError {
    let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    let problem = Problem::new(status, code, "The reminders cannot be set like this");
    HubError::Detailed(Box::new(problem.detail(detail).member("field", field)))
}
