//! Who may do what: roles, actions and their matrix.
//!
//! Every route names one action; the router asks [`may`] before a handler runs. The matrix is a
//! golden text, so that a change of rights is a change somebody sees in review.

mod principal;
mod sign_in;

pub use principal::{
    PLAIN_COOKIE, Principal, SECURE_COOKIE, authenticate, session_cookie, session_token,
};
pub use sign_in::{NewSession, create_link, end_session, link_holds, use_link};

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
    /// Sign in with a one-time link, sign out.
    SignIn,
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
    pub const ALL: [Action; 8] = [
        Action::ReadPublic,
        Action::SignIn,
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
        Action::FileReport | Action::OwnReports => matches!(role, Role::Member),
        Action::Review => matches!(role, Role::Desk),
        Action::ReadFilings => matches!(role, Role::Authority),
        Action::Operate => matches!(role, Role::Operator),
    }
}
