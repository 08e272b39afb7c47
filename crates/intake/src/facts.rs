//! What a report says about the attack besides its indicators. Attributed data: private.

use std::fmt;

use noroshi_stix::Timestamp;

/// The structured fields of a report, all optional. Field names follow `report-fields.toml` where
/// one exists. Lives in the vault only: no `Serialize`, and `Debug` says which fields are filled,
/// not with what.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// One line that names the case to the reporter.
    pub title: Option<String>,
    /// The story in the reporter's words.
    pub narrative: Option<String>,
    /// Kind of attack, such as `malicious-code/c2-server`.
    pub attack_type: Option<String>,
    /// When the attack happened.
    pub occurred_at: Option<Timestamp>,
    /// When it was noticed.
    pub detected_at: Option<Timestamp>,
    /// How many machines are affected.
    pub affected_hosts: Option<u64>,
    /// MITRE ATT&CK technique ids, such as `T1566.001`.
    pub techniques: Vec<String>,
    /// How the attacker came in.
    pub initial_access: Option<String>,
    /// What it did to the organisation.
    pub impact: Option<String>,
    /// What others can do against it.
    pub course_of_action: Option<String>,
    /// The product that was attacked.
    pub product: Option<String>,
    /// Which submission of the case this is.
    pub stage: Option<Stage>,
    /// Whether a law asks for the report.
    pub mandatory: bool,
    /// Not to be shared before this instant.
    pub hold_until: Option<Timestamp>,
    /// Subject of a mail: often names the victim.
    pub mail_subject: Option<String>,
    /// Recipients of a mail: the victim's own people.
    pub mail_recipients: Vec<String>,
}

/// Which submission of a case a report is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The first warning.
    Early,
    /// The first full report.
    Initial,
    /// An update.
    Intermediate,
    /// The last report.
    Final,
}

impl Stage {
    /// The stable machine name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Early => "early",
            Self::Initial => "initial",
            Self::Intermediate => "intermediate",
            Self::Final => "final",
        }
    }

    /// The stage of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Early, Self::Initial, Self::Intermediate, Self::Final]
            .into_iter()
            .find(|s| s.as_str() == name)
    }
}

impl Facts {
    /// Notes an ATT&CK id once; at most a few hundred are kept.
    pub(crate) fn note_technique(&mut self, id: &str) {
        if self.techniques.len() < 500 && !self.techniques.iter().any(|t| t == id) {
            self.techniques.push(id.to_owned());
        }
    }

    /// Fills the gaps of `self` from `other`: the first document that answers a question wins.
    pub(crate) fn fill_from(&mut self, other: Facts) {
        fn keep<T>(mine: &mut Option<T>, theirs: Option<T>) {
            if mine.is_none() {
                *mine = theirs;
            }
        }
        keep(&mut self.title, other.title);
        keep(&mut self.narrative, other.narrative);
        keep(&mut self.attack_type, other.attack_type);
        keep(&mut self.occurred_at, other.occurred_at);
        keep(&mut self.detected_at, other.detected_at);
        keep(&mut self.affected_hosts, other.affected_hosts);
        keep(&mut self.initial_access, other.initial_access);
        keep(&mut self.impact, other.impact);
        keep(&mut self.course_of_action, other.course_of_action);
        keep(&mut self.product, other.product);
        keep(&mut self.stage, other.stage);
        // A hold is a promise to the reporter: the later one binds.
        self.hold_until = self.hold_until.max(other.hold_until);
        keep(&mut self.mail_subject, other.mail_subject);
        self.mandatory |= other.mandatory;
        append_new(&mut self.techniques, other.techniques);
        append_new(&mut self.mail_recipients, other.mail_recipients);
    }
}

fn append_new(mine: &mut Vec<String>, theirs: Vec<String>) {
    for item in theirs {
        if !mine.contains(&item) {
            mine.push(item);
        }
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let filled = [
            self.title.is_some(),
            self.narrative.is_some(),
            self.attack_type.is_some(),
            self.occurred_at.is_some(),
            self.detected_at.is_some(),
            self.affected_hosts.is_some(),
            !self.techniques.is_empty(),
            self.initial_access.is_some(),
            self.impact.is_some(),
            self.course_of_action.is_some(),
            self.product.is_some(),
            self.stage.is_some(),
            self.hold_until.is_some(),
            self.mail_subject.is_some(),
            !self.mail_recipients.is_empty(),
        ];
        write!(f, "Facts({} filled)", filled.iter().filter(|x| **x).count())
    }
}
