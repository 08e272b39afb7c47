//! The API's own description, OpenAPI 3.1.

use axum::Json;
use utoipa::OpenApi;

/// Everything under `/api/v1/`.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "noroshi",
        description = "File a report and follow it; review and release. Errors are problem+json (RFC 9457) with a stable `code`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    paths(
        super::reports::preview,
        super::reports::file,
        super::reports::list,
        super::reports::one,
        super::reports::proof,
        super::reports::decide_context,
        super::desk::reports,
        super::desk::report,
        super::desk::decide_context,
        super::desk::quarantine,
        super::desk::decide,
        super::desk::groups,
        super::desk::revoke,
        super::desk::revoke_context,
        super::flags::list,
        super::flags::enter,
        super::flags::withdraw,
        super::direct::list,
        super::direct::propose,
        super::direct::answer,
        super::direct::consent,
        super::direct::received,
        super::case::answers,
        super::case::answer,
        super::case::duties,
        super::case::event,
        super::filings::make,
        super::filings::list,
        super::filings::one,
        super::filings::consent,
        super::filings::recipients,
        super::authority::list,
        super::authority::envelope,
        super::authority::answer,
        super::duties::profile,
        super::duties::set_profile,
        super::duties::calendar,
        super::reminders::settings,
        super::reminders::set,
        super::reminders::new_secret,
        super::reminders::try_out,
        super::reminders::again,
        super::mailbox::own,
        super::mailbox::answer,
        super::mailbox::asked,
        super::mailbox::ask,
        super::mailbox::take,
    )
)]
pub struct ApiDoc;

/// The document.
pub async fn document() -> Json<utoipa::openapi::OpenApi> {
    Json(ApiDoc::openapi())
}
