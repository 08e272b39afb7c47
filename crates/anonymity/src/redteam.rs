//! The attacks, as programs: what an adversary can find out about who was hit.

pub mod register;
pub mod twister;
pub mod world;
