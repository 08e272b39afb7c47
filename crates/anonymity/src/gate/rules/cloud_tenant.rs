//! Names that organisations have at cloud services.

use noroshi_stix::Observable;

use super::super::reason::{Confidence, Severity};
use super::super::shapes;
use super::super::subject::Subject;
use super::{GateRule, Reason, RuleText};

/// Tenants (`kaku.sharepoint.com`, `kaku.onmicrosoft.com`, Okta, Workspace) and storage
/// (`kaku-backup.s3.amazonaws.com`, `s3.amazonaws.com/kaku-backup`, Azure accounts, Google
/// buckets), as hosts and written in other values.
///
/// Attackers rent such names too, and also send from those of an earlier victim; neither can be
/// told from outside, so the desk looks.
pub(super) struct CloudTenant;

static TENANT: RuleText = RuleText {
    code: "cloud-tenant",
    severity: Severity::High,
    confidence: Confidence::Medium,
    releasable: true,
    ja: "クラウドサービス上の組織名(テナント)が含まれています。被害組織または他の被害者のものでないか確認します。",
    en: "It holds the name an organisation has at a cloud service; the desk checks that it is not a victim's.",
};

static BUCKET: RuleText = RuleText {
    code: "cloud-storage",
    severity: Severity::Medium,
    confidence: Confidence::Low,
    releasable: true,
    ja: "クラウドストレージの名前(バケット、アカウント)が含まれています。被害組織のものでないか確認します。",
    en: "It holds the name of a bucket or account of cloud storage; the desk checks that it is not a victim's.",
};

/// Below these stands an organisation's own name.
const TENANTS: [&str; 36] = [
    "sharepoint.com",
    "sharepoint.cn",
    "sharepoint.us",
    "onmicrosoft.com",
    "onmicrosoft.us",
    "b2clogin.com",
    "ciamlogin.com",
    "crm.dynamics.com",
    "crm7.dynamics.com",
    "visualstudio.com",
    "okta.com",
    "okta-emea.com",
    "oktapreview.com",
    "onelogin.com",
    "auth0.com",
    "jp.auth0.com",
    "awsapps.com",
    "signin.aws.amazon.com",
    "my.salesforce.com",
    "lightning.force.com",
    "my.site.com",
    "service-now.com",
    "atlassian.net",
    "slack.com",
    "zendesk.com",
    "workday.com",
    "myworkday.com",
    "myworkdayjobs.com",
    "ent.box.com",
    "app.box.com",
    "cybozu.com",
    "kintone.com",
    "backlog.jp",
    "backlog.com",
    "esa.io",
    "webex.com",
];

/// Names of the services themselves below [`TENANTS`].
const OWN: [&str; 16] = [
    "www",
    "login",
    "api",
    "app",
    "status",
    "support",
    "help",
    "cdn",
    "static",
    "docs",
    "developer",
    "blog",
    "trust",
    "edge",
    "files",
    "download",
];

/// Below these stands the name of a bucket or an account.
const STORAGE: [&str; 12] = [
    "blob.core.windows.net",
    "file.core.windows.net",
    "queue.core.windows.net",
    "table.core.windows.net",
    "dfs.core.windows.net",
    "web.core.windows.net",
    "vault.azure.net",
    "database.windows.net",
    "storage.googleapis.com",
    "digitaloceanspaces.com",
    "wasabisys.com",
    "backblazeb2.com",
];

/// At these the first step of the path names the bucket.
const STORAGE_BY_PATH: [&str; 4] = [
    "storage.googleapis.com",
    "storage.cloud.google.com",
    "commondatastorage.googleapis.com",
    "s3.wasabisys.com",
];

impl GateRule for CloudTenant {
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>) {
        // Names stand in other names and between other words, so texts are searched, not parsed.
        let lower = |text: &String| text.to_lowercase();
        let texts: Vec<String> =
            subject.host_text.iter().chain(&subject.texts).map(lower).collect();
        if texts.iter().any(|text| is_tenant(text) || is_workspace(text)) {
            reasons.push(Reason::new(&TENANT));
        }
        let path = match subject.observable {
            Observable::Url(u) => is_path_style(u.host_str(), u.as_url().path()),
            _ => false,
        };
        if path || texts.iter().any(|text| is_bucket(text) || names_bucket(text)) {
            reasons.push(Reason::new(&BUCKET));
        }
    }
}

fn is_tenant(text: &str) -> bool {
    TENANTS.iter().flat_map(|s| shapes::labels_before(text, s)).any(|own| !OWN.contains(&own))
}

fn is_bucket(text: &str) -> bool {
    STORAGE.iter().any(|s| shapes::labels_before(text, s).next().is_some()) || is_amazon(text)
}

/// `bucket.s3.amazonaws.com`, `bucket.s3-ap-northeast-1...`, `bucket.s3.ap-northeast-1...`,
/// `bucket.s3-website-...`.
fn is_amazon(text: &str) -> bool {
    text.match_indices(".amazonaws.com").any(|(at, _)| {
        let before = shapes::tail(text.get(..at).unwrap_or_default());
        let name = before.rsplit(|c: char| !c.is_alphanumeric() && !"-._".contains(c)).next();
        let mut labels = name.unwrap_or_default().split('.').skip(1);
        labels.any(|label| label == "s3" || label.starts_with("s3-"))
    })
}

/// `https://s3.region.amazonaws.com/bucket/...`.
fn is_path_style(host: &str, path: &str) -> bool {
    let amazon =
        host.ends_with(".amazonaws.com") && (host.starts_with("s3.") || host.starts_with("s3-"));
    let first = path.split('/').nth(1).unwrap_or_default();
    (amazon || STORAGE_BY_PATH.contains(&host)) && !first.is_empty()
}

/// `s3://bucket/`, `gs://bucket/`, `arn:aws:s3:::bucket`, an Amazon account in a resource name.
fn names_bucket(text: &str) -> bool {
    ["s3://", "s3a://", "s3n://", "gs://", "wasb://", "wasbs://", "abfs://", "abfss://", "arn:aws"]
        .iter()
        .any(|scheme| text.contains(scheme))
}

/// A customer of Google Workspace: the number single sign-on shows (`idpid=C0...`), or the domain
/// behind `/a/` that old addresses have.
fn is_workspace(text: &str) -> bool {
    if text.contains("idpid=c0") {
        return true;
    }
    text.starts_with("/a/")
        && text.get(3..).is_some_and(|rest| rest.split('/').next().is_some_and(|d| d.contains('.')))
}
