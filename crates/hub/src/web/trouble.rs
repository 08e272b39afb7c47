//! What went wrong, in the reader's language, and what to do.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use noroshi_outlet::problem::Problem;

use super::frame::Frame;
use super::sign_in::SignInForm;
use super::visit::Visit;
use crate::error::HubError;

#[derive(Template)]
#[template(path = "trouble.html")]
struct Page {
    frame: Frame,
    title: String,
    text: String,
    code: &'static str,
    /// Shown where the reader has to sign in first.
    sign_in: Option<SignInForm>,
}

/// The page of a failure, with its status.
pub(super) fn page(visit: &Visit, error: &HubError) -> Response {
    let problem = error.problem();
    let status = problem.status();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        tracing::error!(%error, "a page could not be shown");
    }
    let title = match status {
        StatusCode::NOT_FOUND => visit.t("trouble-nothing-here"),
        StatusCode::UNAUTHORIZED => visit.t("trouble-sign-in"),
        _ => visit.t("trouble-title"),
    };
    let page = Page {
        frame: visit.frame(title.clone()),
        title,
        text: explain(visit, error),
        code: problem.code(),
        sign_in: (status == StatusCode::UNAUTHORIZED).then(|| SignInForm::empty(visit)),
    };
    visit.show(status, &page)
}

/// One sentence about a failure that says what to do.
pub(super) fn explain(visit: &Visit, error: &HubError) -> String {
    let problem = error.problem();
    match problem.code() {
        "not-found" => visit.t("error-not-found"),
        "unauthorized" => visit.t("error-unauthorized"),
        "password-short" => visit.t("error-password-short"),
        "password-long" => visit.t("error-password-long"),
        "password-weak" => visit.t("error-password-weak"),
        "password-differs" => visit.t("error-password-differs"),
        "bad-login" => visit.t("error-bad-login"),
        "login-taken" => visit.t("error-login-taken"),
        "code-wrong" => visit.t("error-code-wrong"),
        "prove-first" => visit.t("error-prove-first"),
        "unknown-zone" => visit.t("error-unknown-zone"),
        "forged-form" => visit.t("error-forged-form"),
        "wrong-origin" => visit.t("error-wrong-origin"),
        "too-early" => visit.t("error-too-early"),
        "no-proof" => visit.t("error-no-proof"),
        "day-closed" => visit.t("error-day-closed"),
        "hold-unreadable" => visit.t("error-hold-unreadable"),
        "hold-passed" => visit.t("error-hold-passed"),
        "noticed-unreadable" => visit.t("error-noticed-unreadable"),
        "noticed-ahead" => visit.t("error-noticed-ahead"),
        "other-person" => visit.t("error-other-person"),
        "draft-elsewhere" => visit.t("error-draft-elsewhere"),
        "files-gone" => visit.t("error-files-gone"),
        "too-many-drafts" => visit.t("error-too-many-drafts"),
        "conflict" => visit.t("error-conflict"),
        "no-agreement" => visit.t("error-no-agreement"),
        "unavailable" => visit.t("error-unavailable"),
        "empty" | "nothing-understood" => visit.t("error-nothing"),
        "too-large" => visit.say.with(
            "error-too-large",
            &[("mebibytes", (visit.app.hub.config().limits.report_bytes / (1024 * 1024)).into())],
        ),
        "too-many-files" => visit.t("error-too-many-files"),
        "wording-changed" => visit.t("error-wording-changed"),
        "everyday-name" => visit.t("error-everyday-name"),
        "bad-name" => visit.t("error-bad-name"),
        "too-many-names" => visit.t("error-too-many-names"),
        "bad-answer" => in_language(visit, error, &problem),
        "not-sealed" => visit.t("error-not-sealed"),
        "mail-not-ascii" => visit.t("error-mail-not-ascii"),
        "too-many-trials" => visit.t("error-too-many-trials"),
        "no-mail-address" => visit.t("error-no-mail-address"),
        "too-many-addresses" => visit.t("error-too-many-addresses"),
        "no-mail-here" => visit.t("error-no-mail-here"),
        "no-webhooks-here" => visit.t("error-no-webhooks-here"),
        "no-url" => visit.t("error-no-url"),
        "not-https" => visit.t("error-not-https"),
        "private-address" => visit.t("error-private-address"),
        "no-mark" => visit.t("error-no-mark"),
        "no-language" => visit.t("error-no-language"),
        "recipients-changed" => visit.t("error-recipients-changed"),
        "recipient-key-expired" => visit.t("error-recipient-key"),
        "passed-on" => visit.t("error-passed-on"),
        "no-basis" => visit.t("error-no-basis"),
        "no-day" => visit.t("error-no-day"),
        "not-yet-public" => visit.t("error-not-yet-public"),
        "no-circle" => visit.t("error-no-circle"),
        "no-such-report" => visit.t("error-no-such-report"),
        "body-cut-off" | "broken-form" => visit.t("error-cut-off"),
        "too-deep" | "too-many-values" => visit.t("error-too-much"),
        "json-truncated" => placed(visit, "error-json-truncated", error),
        "json-syntax" | "toml-syntax" | "unknown-field" | "missing-field" | "wrong-type"
        | "wrong-value" => placed(visit, "error-json-wrong", error),
        "missing-fields" => listed(visit, "error-missing-fields", "fields", &problem, "missing"),
        "look-first" => listed(visit, "error-look-first", "problems", &problem, "problems"),
        "authority-key-expired" => visit.t("error-authority-key"),
        "not-utf8" | "mail-unreadable" | "unknown-shape" | "unsupported-format" => {
            placed(visit, "error-unreadable", error)
        }
        code => match OPERATORS.iter().find(|(known, _)| *known == code) {
            Some((_, key)) => visit.t(key),
            None => error.to_string(),
        },
    }
}

/// What the operator's forms may be refused for; the texts are in `operator.ftl`.
const OPERATORS: [(&str, &str); 13] = [
    ("unknown", "error-unknown"),
    ("bad-member", "error-bad-member"),
    ("bad-value", "error-bad-value"),
    ("bad-agreement", "error-bad-agreement"),
    ("bad-expiry", "error-bad-expiry"),
    ("no-agreement-text", "error-no-agreement-text"),
    ("bad-key", "error-bad-key"),
    ("bad-partner", "error-bad-partner"),
    ("partner-known", "error-partner-known"),
    ("not-sure", "error-not-sure"),
    ("no-signer", "error-no-signer"),
    ("no-name", "error-no-name"),
    ("no-backup-folder", "error-no-backup-folder"),
];

/// A sentence with what a member of the problem lists, by name in the reader's language.
fn listed(visit: &Visit, key: &str, variable: &str, problem: &Problem, member: &str) -> String {
    let json = problem.to_json();
    let language = if visit.japanese() { "ja" } else { "en" };
    let named = |item: &serde_json::Value| {
        let text = item.get("name").unwrap_or(item).get(language)?;
        text.as_str().map(str::to_owned)
    };
    let items = json.get(member).and_then(serde_json::Value::as_array);
    let names: Vec<String> = items.into_iter().flatten().filter_map(named).collect();
    visit.say.with(key, &[(variable, names.join("; ").into())])
}

/// The first sentence that the problem itself has in the reader's language.
fn in_language(visit: &Visit, error: &HubError, problem: &Problem) -> String {
    let language = if visit.japanese() { "ja" } else { "en" };
    let told = problem.to_json();
    let told = told.pointer("/errors/0").and_then(|e| e.get(language)).and_then(|t| t.as_str());
    told.map_or_else(|| error.to_string(), str::to_owned)
}

/// A sentence, with the place that the reading itself names.
fn placed(visit: &Visit, key: &str, error: &HubError) -> String {
    visit.say.with(key, &[("where", error.to_string().into())])
}
