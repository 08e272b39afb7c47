//! The rules, one file each.
//!
//! A rule says what it looks for and why in its docstring, has one [`RuleText`] per code, and adds
//! a [`Reason`] where it objects. Order does not matter: every rule speaks, so that a reporter sees
//! all reasons at once.

mod addressee;
mod certificate_subject;
mod cloud_tenant;
mod company_number;
mod detection_rule;
mod encoded_host;
mod encoded_mailbox;
mod hardware_number;
mod internal_host;
mod internal_name;
mod local_path;
mod mail_inside;
mod member_domain;
mod member_name;
mod member_network;
mod public_suffix;
mod ransom_id;
mod special_address;
mod user_name;
mod warning_list;
mod wide_network;

use noroshi_stix::Observable;

use self::warning_list::WarningList;
use super::reason::{Reason, RuleText};
use super::subject::Subject;
use crate::AnonymityError;
use crate::register::Register;
use crate::warning::WarningLists;

/// One reason for keeping indicators back.
trait GateRule: Send + Sync {
    /// Adds a reason for everything about `subject` that this rule objects to.
    fn check(&self, subject: &Subject<'_>, reasons: &mut Vec<Reason>);
}

/// Which rules to ask.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// All.
    Everything,
    /// Those that know what members own and are called.
    MembersOnly,
    /// Those that look for a victim, whoever it is: members and the shapes of what is inside an
    /// organisation. Asked about pieces of URLs.
    Victims,
}

/// Every rule, ready to be asked.
pub(super) struct Rules {
    about_members: Vec<Box<dyn GateRule>>,
    about_victims: Vec<Box<dyn GateRule>>,
    about_everything: Vec<Box<dyn GateRule>>,
    warned: WarningList,
}

impl Rules {
    pub(super) fn new(register: &Register, lists: &WarningLists) -> Result<Self, AnonymityError> {
        Ok(Self {
            about_members: vec![
                Box::new(member_domain::MemberDomain::new(register)?),
                Box::new(member_network::MemberNetwork::new(register)),
                Box::new(member_name::MemberName::new(register)?),
            ],
            about_victims: vec![
                Box::new(user_name::UserName),
                Box::new(mail_inside::MailInside),
                Box::new(internal_host::InternalHost),
                Box::new(local_path::LocalPath),
                Box::new(certificate_subject::CertificateSubject),
                Box::new(cloud_tenant::CloudTenant),
                Box::new(ransom_id::RansomId),
                Box::new(hardware_number::HardwareNumber),
                Box::new(company_number::CompanyNumber),
                Box::new(addressee::Addressee),
            ],
            about_everything: vec![
                Box::new(special_address::SpecialAddress::new()),
                Box::new(wide_network::WideNetwork),
                Box::new(internal_name::InternalName),
                Box::new(public_suffix::PublicSuffix),
                Box::new(encoded_host::EncodedHost),
                Box::new(encoded_mailbox::EncodedMailbox),
                Box::new(detection_rule::DetectionRule),
            ],
            warned: WarningList::new(lists.clone()),
        })
    }

    /// Every objection to the subject, in a fixed order.
    pub(super) fn check(&self, subject: &Subject<'_>, target: Target) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for rule in &self.about_members {
            rule.check(subject, &mut reasons);
        }
        if target != Target::MembersOnly {
            for rule in &self.about_victims {
                rule.check(subject, &mut reasons);
            }
        }
        if target == Target::Everything {
            for rule in &self.about_everything {
                rule.check(subject, &mut reasons);
            }
            self.warned.check(subject, &mut reasons);
        }
        reasons
    }

    /// Whether the indicator stands on a warning list.
    pub(super) fn is_warned(&self, observable: &Observable) -> bool {
        !self.warned.lists(observable).is_empty()
    }
}
