//! The crate from outside: one file per rule of the gate, then the register, the two lanes, and
//! what must hold of a release whatever came in.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is how a test fails, in its helpers too"
)]

mod addressee;
mod alias;
mod certificate;
mod certificate_subject;
mod cloud_tenant;
mod company_number;
mod context;
mod detection_rule;
mod encoded_host;
mod encoded_mailbox;
mod fuzzed;
mod generalise;
mod hardware_number;
mod internal_host;
mod internal_name;
mod lists;
mod local_path;
mod mail_inside;
mod member_domain;
mod member_name;
mod member_network;
mod model;
mod own;
mod policy;
mod properties;
mod public_suffix;
mod publication;
mod quantity;
mod ransom_id;
mod reasons;
mod redteam;
mod register;
mod same_facts;
mod signals;
mod special_address;
mod spellings;
mod support;
mod user_name;
mod warning_list;
mod wide_network;
mod worked_example;
