//! People who sign in: as a list, one by one, and adding people of the hub.

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, RawQuery, Request};
use axum::http::StatusCode;
use axum::response::Response;

use super::member::sure;
use super::sessions::{self, SessionLine};
use super::{
    Asked, Desk, LINK, PAGE, Shown, acting, cut, done, filter, no_such_button, once, read,
};
use crate::access::{self, Login, Role};
use crate::admin::{self, NewAccount};
use crate::error::HubError;
use crate::vault::accounts::{Listed, Wanted};
use crate::web::frame::{Frame, role_label};
use crate::web::small_form::SmallForm;
use crate::web::times::{self, Moment};
use crate::web::trouble;
use crate::web::visit::Visit;

const PLACE: &str = "/operator/accounts";
const FILTERS: [(&str, &str); 5] = [
    ("", "accounts-all"),
    ("operator", "hub-role-operator"),
    ("desk", "hub-role-desk"),
    ("authority", "hub-role-authority"),
    ("member", "hub-role-member"),
];

#[derive(Template)]
#[template(path = "operator_accounts.html")]
struct ListPage {
    frame: Frame,
    desk: Desk,
    search: String,
    filters: Vec<Shown>,
    accounts: Vec<AccountLine>,
    next: Option<String>,
    /// Whose people can be added here: id and name.
    authorities: Vec<(String, String)>,
    problem: Option<String>,
    typed: String,
}

#[derive(Template)]
#[template(path = "operator_account.html")]
struct OnePage {
    frame: Frame,
    desk: Desk,
    here: String,
    account: AccountLine,
    /// `None` for people of members.
    sessions: Option<Vec<SessionLine>>,
    problem: Option<String>,
    own: bool,
}

/// An account in a list.
pub(super) struct AccountLine {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) member: Option<(String, String)>,
    pub(super) login: Option<String>,
    pub(super) password: Option<Moment>,
    pub(super) disabled: bool,
}

/// `GET /operator/accounts`
pub(crate) async fn list(visit: Visit, RawQuery(asked): RawQuery) -> Response {
    let page = list_page(&visit, asked.as_deref(), None, String::new()).await;
    visit.answer(page.map(|page| visit.show(StatusCode::OK, &page)))
}

/// `POST /operator/accounts`: adds somebody of the hub or of an authority.
pub(crate) async fn add(visit: Visit, request: Request<Body>) -> Response {
    let result = async {
        let form = read(&visit, request).await?;
        let hub = &acting(&visit);
        let name: String = form.text("name").chars().take(200).collect();
        let made = match form.text("role") {
            _ if name.is_empty() => Err(HubError::unprocessable("no-name", "Say who it is.")),
            "desk" => admin::add_account(hub, new(Role::Desk, &name)).await,
            "operator" => admin::add_account(hub, new(Role::Operator, &name)).await,
            authority => admin::add_authority_account(hub, authority, &name).await,
        };
        match made {
            Ok(id) => {
                let link = admin::sign_in_link(hub, &id).await?;
                Ok(once(&visit, PLACE, LINK, &link, &format!("{PLACE}/{id}")))
            }
            Err(e) if e.problem().status().is_client_error() => {
                let (status, why) = (e.problem().status(), trouble::explain(&visit, &e));
                let page = list_page(&visit, None, Some(why), name).await?;
                Ok(visit.show(status, &page))
            }
            Err(e) => Err(e),
        }
    };
    visit.answer(result.await)
}

fn new(role: Role, name: &str) -> NewAccount {
    NewAccount { role, member: None, name: name.to_owned() }
}

async fn list_page(
    visit: &Visit,
    asked: Option<&str>,
    problem: Option<String>,
    typed: String,
) -> Result<ListPage, HubError> {
    let hub = &visit.app.hub;
    let asked = Asked::of(asked, &FILTERS.map(|f| f.0));
    let wanted = Wanted {
        role: asked.show.clone(),
        member: String::new(),
        search: asked.search.clone(),
        after: asked.after.clone(),
        limit: PAGE + 1,
    };
    let (found, more) = cut(admin::accounts_page(hub, wanted).await?);
    let last = found.last().filter(|_| more);
    let authorities = admin::list_authorities(hub).await?;
    Ok(ListPage {
        frame: visit.frame(visit.t("operator-tab-accounts")),
        desk: Desk::new(visit, PLACE),
        filters: filter(visit, &asked, &FILTERS),
        next: last.map(|l| asked.next(PLACE, (&l.account.name, &l.account.id))),
        accounts: found.into_iter().map(|a| line(visit, a)).collect(),
        search: asked.search,
        authorities: authorities.into_iter().map(|a| (a.id, a.name)).collect(),
        problem,
        typed,
    })
}

/// `GET /operator/accounts/{id}`
pub(crate) async fn one(visit: Visit, Path(id): Path<String>) -> Response {
    let page = one_page(&visit, &id, None).await;
    visit.answer(page.map(|page| visit.show(StatusCode::OK, &page)))
}

/// `POST /operator/accounts/{id}`
pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Response {
    let result = async {
        let form = read(&visit, request).await?;
        match act(&visit, &id, &form).await {
            Ok(response) => Ok(response),
            Err(e) if e.problem().status() == StatusCode::UNPROCESSABLE_ENTITY => {
                let page = one_page(&visit, &id, Some(trouble::explain(&visit, &e))).await?;
                Ok(visit.show(StatusCode::UNPROCESSABLE_ENTITY, &page))
            }
            Err(e) => Err(e),
        }
    };
    visit.answer(result.await)
}

async fn act(visit: &Visit, id: &str, form: &SmallForm) -> Result<Response, HubError> {
    let hub = &acting(visit);
    let here = format!("{PLACE}/{id}");
    let own = visit.who.actor() == id;
    match form.get("do").unwrap_or_default() {
        "login" => admin::set_login(hub, id, &Login::parse(form.text("login"))?).await?,
        "link" => {
            let link = admin::sign_in_link(hub, id).await?;
            return Ok(once(visit, PLACE, LINK, &link, &here));
        }
        // Whoever switches off or resets the account they sit at has locked themselves out.
        "reset" if !own => {
            sure(form)?;
            let link = admin::reset_account(hub, id).await?;
            return Ok(once(visit, PLACE, LINK, &link, &here));
        }
        "disable" if !own => {
            sure(form)?;
            admin::disable_account(hub, id).await?;
        }
        "enable" => admin::enable_account(hub, id).await?,
        "end" => admin::revoke_sessions(hub, id).await.map(drop)?,
        _ => return Err(no_such_button()),
    }
    Ok(done(form, &here))
}

async fn one_page(visit: &Visit, id: &str, problem: Option<String>) -> Result<OnePage, HubError> {
    let hub = &visit.app.hub;
    let wanted = Wanted { search: id.to_owned(), limit: PAGE, ..Wanted::default() };
    let found = admin::accounts_page(hub, wanted).await?;
    let found = found.into_iter().find(|a| a.account.id == id).ok_or_else(HubError::not_found)?;
    // Whether somebody of a member is signed in now is not the operator's to see.
    let open = match found.account.role {
        Role::Member => None,
        _ => Some(access::list_sessions(hub, id, Default::default(), PAGE).await?),
    };
    Ok(OnePage {
        frame: visit.frame(found.account.name.clone()),
        desk: Desk::new(visit, PLACE),
        here: format!("{PLACE}/{id}"),
        account: line(visit, found),
        sessions: open.map(|o| o.iter().map(|s| sessions::line(visit, s)).collect()),
        problem,
        own: visit.who.actor() == id,
    })
}

/// An account as a line.
pub(super) fn line(visit: &Visit, listed: Listed) -> AccountLine {
    let Listed { account, login, password, member } = listed;
    let name = |(ja, en): (String, String)| if visit.japanese() { ja } else { en };
    AccountLine {
        role: role_label(account.role, &visit.say),
        member: account.member.clone().zip(member.map(name)),
        login,
        password: password.map(times::day),
        disabled: account.disabled,
        id: account.id,
        name: account.name,
    }
}
