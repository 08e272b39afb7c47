//! Trying what waits, and noting how it went.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::{StreamExt, stream};
use noroshi_outlet::i18n::Texts;
use noroshi_store::Tx;

use super::mail::{Letter, Server};
use super::webhook::Call;
use super::words::{Known, Words, words};
use super::{Passed, Settings};
use crate::case::profile::{self, Profile};
use crate::error::HubError;
use crate::hub::Hub;
use crate::vault::members;
use crate::vault::reminders::{self, MessageRow, Tried};

/// Most messages tried in one pass.
const LIMIT: i64 = 200;
/// Webhooks called at a time.
const AT_ONCE: usize = 8;
/// Pause after the first failure, in microseconds; it doubles with each.
const FIRST_PAUSE: i64 = 60_000_000;
/// The longest pause: a server that comes back is found within the hour.
const LONGEST_PAUSE: i64 = 3_600_000_000;

/// Why a message could not be sent. Its name is all that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// No connection.
    Unreachable,
    /// No answer in time.
    Timeout,
    /// No TLS, or a certificate that is not trusted.
    Tls,
    /// The server spoke something else than it should.
    Server,
    /// The hub's own account is not taken.
    SignIn,
    /// The server takes it later, perhaps.
    RefusedForNow,
    /// The server never takes it.
    Refused,
    /// The operator's configuration cannot be used, or there is none any more.
    NotSetUp,
    /// The address lies where the hub does not call.
    NotAllowed,
    /// It answered with a redirect, which is not followed.
    Redirect,
    /// 410: nobody wants it any more.
    Gone,
    /// Another status than 2xx.
    Status(u16),
}

impl Trouble {
    /// Stable name in the vault, on pages and in counts.
    pub(super) fn name(self) -> String {
        match self {
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::Server => "server",
            Self::SignIn => "sign-in",
            Self::RefusedForNow => "refused-for-now",
            Self::Refused => "refused",
            Self::NotSetUp => "not-set-up",
            Self::NotAllowed => "not-allowed",
            Self::Redirect => "redirect",
            Self::Gone => "gone",
            Self::Status(status) => return format!("http-{status}"),
        }
        .to_owned()
    }

    /// Whether another attempt could not go better.
    fn is_final(self) -> bool {
        matches!(self, Self::Refused | Self::Gone | Self::NotAllowed)
    }

    /// Whether every other mail would meet the same. What the server speaks may be about one letter.
    fn is_of_the_server(self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::Timeout | Self::Tls | Self::SignIn | Self::NotSetUp
        )
    }
}

/// A message, how it went, and whether it was tried itself.
type Outcome = (MessageRow, Result<(), Trouble>, bool);

/// Tries every message that is due. Mail goes over one server, one after the other; webhooks go side by
/// side, so that one that hangs keeps back no other.
pub(super) async fn deliver(hub: &Hub, texts: &Texts, passed: &mut Passed) -> Result<(), HubError> {
    let now = hub.now();
    let read = move |tx: &mut Tx<'_>| reminders::due(tx, now, LIMIT);
    let waiting = hub.vault().read("reminders.due", read).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let mut known: BTreeMap<String, (bool, Settings, Profile)> = BTreeMap::new();
    let (mut letters, mut calls) = (Vec::new(), Vec::new());
    for message in waiting {
        let member = message.member.clone();
        if !known.contains_key(&member) {
            let (settings, id) = (super::of(hub, &member).await?, member.clone());
            let read = move |tx: &mut Tx<'_>| members::one(tx, &id);
            let row = hub.vault().read("reminders.member", read).await?;
            let there = row.is_some_and(|m| m.left.is_none());
            let profile = profile::of(hub, &member).await?;
            known.insert(member.clone(), (there, settings, profile));
        }
        let Some((there, settings, profile)) = known.get(&member) else { continue };
        let aim = (message.channel.as_str(), message.address.as_str());
        // Of a member that left, or to an address that it removed meanwhile, trials too. What is called
        // is signed with the secret of the present webhook, so no other may be.
        if !there || !settings.targets().iter().any(|(c, a)| (*c, a.as_str()) == aim) {
            let end = move |tx: &mut Tx<'_>| reminders::end(tx, &message.id, "cancelled", now);
            hub.vault().write("reminders.unwanted", end).await?;
            continue;
        }
        let words = say(hub, texts, settings, profile, &message)?;
        if message.channel == "mail" {
            letters.push((letter(&message, words, hub), message));
        } else {
            calls.push((call(&message, &words, settings, hub), message));
        }
    }
    let outcomes = send_letters(hub, letters).await;
    for outcome in outcomes {
        note(hub, outcome, passed).await?;
    }
    let outcomes: Vec<Outcome> = stream::iter(calls)
        .map(|(call, message)| async move {
            let done = tokio::task::spawn_blocking(move || call.send()).await;
            (message, done.unwrap_or(Err(Trouble::Server)), true)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    for outcome in outcomes {
        note(hub, outcome, passed).await?;
    }
    Ok(())
}

fn say(
    hub: &Hub,
    texts: &Texts,
    settings: &Settings,
    profile: &Profile,
    message: &MessageRow,
) -> Result<Words, HubError> {
    // Clauses of contracts are not named, so the duties of law are enough.
    let known = Known {
        reference: crate::case::builtin()?,
        zone: &profile.zone,
        hub: &hub.config().public_url(),
        now: hub.now(),
    };
    Ok(words(texts, settings, message, &known))
}

fn letter(message: &MessageRow, words: Words, hub: &Hub) -> Letter {
    Letter {
        id: message.id.clone(),
        to: message.address.clone(),
        subject: words.subject,
        text: words.text,
        at: hub.now(),
    }
}

fn call(message: &MessageRow, words: &Words, settings: &Settings, hub: &Hub) -> Call {
    Call {
        id: message.id.clone(),
        url: message.address.clone(),
        body: words.json.to_string(),
        secret: settings.secret.clone(),
        at: hub.now(),
        private: hub.config().reminders.private_webhooks,
    }
}

/// Once two letters in a row find that the server cannot be spoken to, the others are not tried in this
/// pass: they would wait for the same time-out one by one. One alone says nothing about the others.
async fn send_letters(hub: &Hub, letters: Vec<(Letter, MessageRow)>) -> Vec<Outcome> {
    if letters.is_empty() {
        return Vec::new();
    }
    let config = Arc::new(hub.config().smtp.clone());
    let messages: Vec<MessageRow> = letters.iter().map(|(_, m)| m.clone()).collect();
    let sending = tokio::task::spawn_blocking(move || {
        let mut in_a_row = 0;
        let mut down = None;
        let server = match config.host.is_empty() {
            true => Err(Trouble::NotSetUp),
            false => Server::new(&config),
        };
        let mut outcomes = Vec::with_capacity(letters.len());
        for (letter, message) in letters {
            let (outcome, tried) = match (down, &server) {
                (Some(trouble), _) => (Err(trouble), false),
                (None, Err(trouble)) => (Err(*trouble), true),
                (None, Ok(server)) => (server.send(&letter), true),
            };
            let of_server = outcome.err().filter(|t| t.is_of_the_server());
            in_a_row = if of_server.is_some() { in_a_row + 1 } else { 0 };
            down = of_server.filter(|_| in_a_row >= 2);
            outcomes.push((message, outcome, tried));
        }
        outcomes
    });
    let lost = |m| (m, Err(Trouble::Server), false);
    sending.await.unwrap_or_else(|_| messages.into_iter().map(lost).collect())
}

async fn note(hub: &Hub, outcome: Outcome, passed: &mut Passed) -> Result<(), HubError> {
    let (message, outcome, tried) = outcome;
    let now = hub.now();
    let give_up = i64::from(hub.config().reminders.give_up_hours) * 3_600_000_000;
    let (state, trouble, next) = match outcome {
        Ok(()) => ("sent", String::new(), now),
        Err(trouble) => {
            let doubled = u32::try_from(message.attempts).unwrap_or(u32::MAX).min(10);
            let pause = (FIRST_PAUSE << doubled).min(LONGEST_PAUSE);
            let next = now.plus_micros(pause);
            // Nothing is given up for what became of another.
            let old = tried && next.as_micros() - message.queued.as_micros() > give_up;
            let state = if trouble.is_final() || old { "dead" } else { "waiting" };
            (state, trouble.name(), next)
        }
    };
    match state {
        "sent" => passed.sent += 1,
        "dead" => passed.dead += 1,
        _ => passed.failed += 1,
    }
    let done = (state != "waiting").then_some(now);
    let write = move |tx: &mut Tx<'_>| {
        let tried = Tried { state, next, trouble: &trouble, done };
        reminders::tried(tx, &message.id, &tried)
    };
    Ok(hub.vault().write("reminders.tried", write).await?)
}
