//! The program as people run it: started, asked, killed, restored.
#![cfg(test)]

mod admin;
mod authority;
mod console;
mod crash;
mod demo;
mod filing;
mod help;
mod mailbox;
mod published;
mod redteam;
mod replay;
mod report;
mod site;
mod start;
mod stix;
mod taxii2_client;
mod tls;
mod verify;
