//! Who may do what: roles, actions and their matrix.
//!
//! Every route names one action; the router asks [`may`] before a handler runs. The matrix is a
//! golden text, so that a change of rights is a change somebody sees in review.

mod attempts;
mod credentials;
mod login;
mod password;
mod principal;
mod proof;
mod sessions;
mod sign_in;
mod totp;

pub use credentials::{Change, Enrolment, Standing, begin_enrolment, change, standing};
pub use login::{Login, MAX_LOGIN};
pub use password::{MAX_PASSWORD, MIN_PASSWORD, Password};
pub use principal::{
    PLAIN_COOKIE, Principal, SECURE_COOKIE, authenticate, cookie, session_cookie, session_token,
};
pub use proof::{Again, Attempt, Tries, prove_again, sign_in};
pub use sessions::{
    NewSession, SESSION_MICROS, end_other_sessions, end_own_session, end_session, is_fresh,
    list_hub_sessions, list_sessions,
};
pub use sign_in::{create_link, link_holds, use_link};
pub use totp::code_now;

/// What a person or key is to the hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Nobody we know.
    Anonymous,
    /// Acts for one member.
    Member,
    /// A program of a partner CERT: reads and writes the outlet's `partners`, nothing of the hub.
    Partner,
    /// An analyst of the hub.
    Desk,
    /// Acts for one authority: sees the filings sealed to it, nothing else.
    Authority,
    /// Runs the installation: members, agreements, keys. Sees no report.
    Operator,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 6] =
        [Role::Anonymous, Role::Member, Role::Partner, Role::Desk, Role::Authority, Role::Operator];

    /// Stable name in tables and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Role::Anonymous => "anonymous",
            Role::Member => "member",
            Role::Partner => "partner",
            Role::Desk => "desk",
            Role::Authority => "authority",
            Role::Operator => "operator",
        }
    }

    /// The role of this name that somebody can be given.
    pub fn from_name(name: &str) -> Option<Self> {
        [Role::Member, Role::Desk, Role::Authority, Role::Operator]
            .into_iter()
            .find(|r| r.as_str() == name)
    }
}

/// Something a route does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Read what says nothing about anybody: the API's description, the sign-in page.
    ReadPublic,
    /// Sign in, sign out.
    SignIn,
    /// See and change how one signs in oneself: sessions, password, phone, language. People only.
    OwnAccount,
    /// File a report, or see beforehand what others would see of it.
    FileReport,
    /// Read one's own member's reports and decide on their context.
    OwnReports,
    /// Answer a question of the desk with a report's words, without saying who one is.
    AnswerMailbox,
    /// Read attributed reports, decide on quarantined items, approve context.
    Review,
    /// Fetch and answer the filings sealed to one's own authority.
    ReadFilings,
    /// See members, agreements, keys, accounts and the audit trail; never a report.
    Operate,
}

impl Action {
    /// Every action.
    pub const ALL: [Action; 9] = [
        Action::ReadPublic,
        Action::SignIn,
        Action::OwnAccount,
        Action::FileReport,
        Action::OwnReports,
        Action::AnswerMailbox,
        Action::Review,
        Action::ReadFilings,
        Action::Operate,
    ];

    /// Stable name in the matrix.
    pub const fn as_str(self) -> &'static str {
        match self {
            Action::ReadPublic => "read-public",
            Action::SignIn => "sign-in",
            Action::OwnAccount => "own-account",
            Action::FileReport => "file-report",
            Action::OwnReports => "own-reports",
            Action::AnswerMailbox => "answer-mailbox",
            Action::Review => "review",
            Action::ReadFilings => "read-filings",
            Action::Operate => "operate",
        }
    }
}

/// Whether `role` may do `action`.
pub const fn may(role: Role, action: Action) -> bool {
    match action {
        Action::ReadPublic | Action::SignIn | Action::AnswerMailbox => true,
        Action::OwnAccount => !matches!(role, Role::Anonymous | Role::Partner),
        Action::FileReport | Action::OwnReports => matches!(role, Role::Member),
        Action::Review => matches!(role, Role::Desk),
        Action::ReadFilings => matches!(role, Role::Authority),
        Action::Operate => matches!(role, Role::Operator),
    }
}
