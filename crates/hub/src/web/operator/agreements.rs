//! The sharing agreement: its versions, a new one, who signed when.

use askama::Template;
use axum::body::Body;
use axum::extract::{RawQuery, Request};
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::HEXLOWER;
use noroshi_stix::Timestamp;
use sha2::{Digest, Sha256};

use super::{Desk, PAGE, acting, cut, done, query, read};
use crate::admin;
use crate::error::HubError;
use crate::vault::agreements::{Agreement, Listed};
use crate::web::frame::Frame;
use crate::web::small_form::SmallForm;
use crate::web::times::{self, Moment};
use crate::web::trouble;
use crate::web::visit::Visit;

const PLACE: &str = "/operator/agreements";
/// Letters of one text that are shown; all versions together stay a page.
const SHOWN: usize = 20_000;

#[derive(Template)]
#[template(path = "operator_agreements.html")]
struct Page {
    frame: Frame,
    desk: Desk,
    versions: Vec<VersionLine>,
    signatures: Vec<Line>,
    next: Option<String>,
    problem: Option<String>,
    typed: (String, String),
}

struct VersionLine {
    version: String,
    published: Moment,
    digest: String,
    /// Empty for old versions of a long history: their text is not shown here.
    text: String,
    cut: bool,
}

struct Line {
    member: String,
    name: String,
    version: String,
    signer: String,
    signed: Moment,
    expires: Moment,
    withdrawn: Option<Moment>,
}

/// `GET /operator/agreements`
pub(crate) async fn list(visit: Visit, RawQuery(asked): RawQuery) -> Response {
    let page = page(&visit, asked.as_deref(), None, Default::default()).await;
    visit.answer(page.map(|page| visit.show(StatusCode::OK, &page)))
}

/// `POST /operator/agreements`: publishes a version.
pub(crate) async fn publish(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let form = read(&visit, request).await?;
        let version: String = form.text("version").chars().take(100).collect();
        let text = form.text("text").replace("\r\n", "\n");
        match admin::publish_agreement(&acting(&visit), &version, &text).await {
            Ok(()) => Ok(done(&form, PLACE)),
            Err(e) if e.problem().status().is_client_error() => {
                let (status, why) = (e.problem().status(), trouble::explain(&visit, &e));
                let page = page(&visit, None, Some(why), (version, text)).await?;
                Ok(visit.show(status, &page))
            }
            Err(e) => Err(e),
        }
    };
    visit.answer(result.await)
}

async fn page(
    visit: &Visit,
    asked: Option<&str>,
    problem: Option<String>,
    typed: (String, String),
) -> Result<Page, HubError> {
    let form = SmallForm::of_query(asked);
    let before = form.text("before").parse().ok().map(Timestamp::from_micros);
    let before = before.map(|at| (at, form.text("id").to_owned()));
    let (mut versions, signatures) =
        admin::signatures_page(&visit.app.hub, before, PAGE + 1).await?;
    versions.reverse();
    let (signatures, more) = cut(signatures);
    let next = signatures.last().filter(|_| more).map(|l| {
        let at = l.signature.signed.as_micros().to_string();
        format!("{PLACE}{}", query(&[("before", &at), ("id", &l.id)]))
    });
    let mut room = SHOWN;
    Ok(Page {
        frame: visit.frame(visit.t("operator-tab-agreements")),
        desk: Desk::new(visit, PLACE),
        versions: versions.iter().map(|v| version_line(visit, v, &mut room)).collect(),
        signatures: signatures.into_iter().map(|l| line(visit, l)).collect(),
        next,
        problem,
        typed,
    })
}

fn version_line(visit: &Visit, v: &Agreement, room: &mut usize) -> VersionLine {
    let text: String = v.text.chars().take(*room).collect();
    *room = room.saturating_sub(text.chars().count());
    VersionLine {
        version: v.version.clone(),
        published: times::moment(v.published, visit),
        digest: HEXLOWER.encode(&Sha256::digest(v.text.as_bytes())),
        cut: text.len() < v.text.len(),
        text,
    }
}

fn line(visit: &Visit, listed: Listed) -> Line {
    let Listed { signature, names, .. } = listed;
    Line {
        name: if visit.japanese() { names.0 } else { names.1 },
        member: signature.member,
        version: signature.agreement,
        signer: signature.signer,
        signed: times::day(signature.signed),
        expires: times::day(signature.expires),
        withdrawn: signature.withdrawn.map(times::day),
    }
}
