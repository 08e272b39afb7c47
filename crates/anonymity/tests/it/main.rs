//! The crate from outside: one file per rule of the gate, then the register, the typestate, and
//! the properties a release must have whatever came in.

mod lists;
