//! What every page has around its content.

use noroshi_outlet::NavLink;
use noroshi_outlet::i18n::{Locale, Speech};

use super::assets;
use crate::access::{Principal, Role};

/// Head, navigation and foot of a page.
pub(crate) struct Frame {
    pub(crate) say: Speech,
    pub(crate) title: String,
    pub(crate) nav: Vec<Link>,
    pub(crate) languages: Vec<Language>,
    /// The signed-in person: name and role.
    pub(crate) person: Option<(String, String)>,
    pub(crate) csrf: String,
    pub(crate) css: String,
}

/// One link of the navigation.
pub(crate) struct Link {
    pub(crate) href: &'static str,
    pub(crate) label: String,
    pub(crate) here: bool,
}

/// One language of the switch.
pub(crate) struct Language {
    pub(crate) tag: &'static str,
    pub(crate) name: &'static str,
    pub(crate) current: bool,
    pub(crate) href: String,
}

impl Frame {
    /// The address of one of the hub's own files, for templates.
    pub(crate) fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    pub(super) fn new(say: &Speech, who: &Principal, path: &str, title: String) -> Self {
        let nav = links(who.role(), say).into_iter().map(|(href, label)| Link {
            href,
            label,
            here: href == path,
        });
        let languages = Locale::ALL.into_iter().map(|l| Language {
            tag: l.tag(),
            name: l.name(),
            current: l == say.locale(),
            href: format!("{path}?lang={}", l.tag()),
        });
        let person =
            who.session().map(|s| (s.account.name.clone(), role_label(s.account.role, say)));
        Self {
            nav: nav.collect(),
            languages: languages.collect(),
            person,
            csrf: who.session().map(|s| s.csrf.clone()).unwrap_or_default(),
            css: assets::address("hub.css"),
            say: say.clone(),
            title,
        }
    }
}

/// Where somebody of this role goes, also from the outlet's page.
pub(super) fn nav_links(role: Role, say: &Speech) -> Vec<NavLink> {
    let mut links = links(role, say);
    links.retain(|(href, _)| *href != "/");
    if !matches!(role, Role::Anonymous | Role::Partner) {
        links.push(("/account", say.t("account-title")));
    }
    let links = links.into_iter();
    links.map(|(href, label)| NavLink { href: href.to_owned(), label }).collect()
}

fn links(role: Role, say: &Speech) -> Vec<(&'static str, String)> {
    let mut links = match role {
        Role::Anonymous | Role::Partner => Vec::new(),
        Role::Member => {
            vec![
                ("/report", say.t("hub-nav-report")),
                ("/reports", say.t("hub-nav-reports")),
                ("/duties", say.t("hub-nav-duties")),
                ("/direct", say.t("hub-nav-direct")),
                ("/names", say.t("hub-nav-names")),
            ]
        }
        Role::Desk => {
            vec![("/desk", say.t("hub-nav-desk")), ("/desk/flags", say.t("hub-nav-flags"))]
        }
        Role::Authority => vec![("/authority", say.t("hub-nav-authority"))],
        Role::Operator => vec![("/operator", say.t("hub-nav-operator"))],
    };
    if role == Role::Desk {
        links.push(("/desk/services", say.t("hub-nav-services")));
    }
    if !matches!(role, Role::Anonymous | Role::Partner) {
        links.push(("/situation", say.t("hub-nav-situation")));
    }
    links.push(("/", say.t("hub-nav-feed")));
    links
}

/// What a role is called.
pub(super) fn role_label(role: Role, say: &Speech) -> String {
    match role {
        Role::Anonymous => say.t("hub-role-anonymous"),
        Role::Member => say.t("hub-role-member"),
        Role::Partner => say.t("hub-role-partner"),
        Role::Desk => say.t("hub-role-desk"),
        Role::Authority => say.t("hub-role-authority"),
        Role::Operator => say.t("hub-role-operator"),
    }
}
