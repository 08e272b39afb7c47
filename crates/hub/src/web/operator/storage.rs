//! How large the databases are, and backups.

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Desk, acting, done, read};
use crate::admin;
use crate::jobs::Job;
use crate::web::frame::Frame;
use crate::web::times::{self, Moment};
use crate::web::visit::Visit;

const PLACE: &str = "/operator/storage";

#[derive(Template)]
#[template(path = "operator_storage.html")]
struct Page {
    frame: Frame,
    desk: Desk,
    databases: Vec<DatabaseLine>,
    rows: Vec<(String, String)>,
    last_backup: Option<Moment>,
    /// Where backups go that are asked for here.
    folder: Option<String>,
    failed: Option<String>,
}

struct DatabaseLine {
    name: &'static str,
    place: String,
    size: String,
}

/// `GET /operator/storage`
pub(crate) async fn show(visit: Visit) -> Response {
    let result = async {
        let hub = &visit.app.hub;
        let found = admin::storage(hub).await?;
        let state = hub.jobs().state(Job::Backup);
        let databases = found.databases.into_iter().map(|(name, place, bytes)| DatabaseLine {
            name,
            place,
            size: bytes.map_or_else(|| visit.t("storage-by-server"), mebibytes),
        });
        let page = Page {
            frame: visit.frame(visit.t("operator-tab-storage")),
            desk: Desk::new(&visit, PLACE),
            databases: databases.collect(),
            rows: found.rows.into_iter().map(|(t, n)| (t.to_owned(), n)).collect(),
            last_backup: found.last_backup.map(|t| times::moment(t, &visit)),
            folder: found.folder.map(|f| f.display().to_string()),
            failed: state.failed.filter(|_| state.failing).map(|(_, why)| why),
        };
        Ok(visit.show(StatusCode::OK, &page))
    };
    visit.answer(result.await)
}

/// `POST /operator/storage`: begins a backup.
pub(crate) async fn backup(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let form = read(&visit, request).await?;
        admin::backup_in_background(&acting(&visit))?;
        Ok(done(&form, PLACE))
    };
    visit.answer(result.await)
}

/// Whole mebibytes, so that nobody reads arrivals from the size.
fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes.div_ceil(1024 * 1024))
}
