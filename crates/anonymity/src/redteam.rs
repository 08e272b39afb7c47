//! The attacks, as programs: what an adversary can find out about who was hit.
//!
//! ```text
//! World (seed) --System--> messages, objects, statistics --Adversary--> belief --Score--> top-1, ...
//!    |                                                                               |
//!    +-- truth: who was hit, for the scorer only ------------------------------------+
//! ```
//!
//! Worlds are synthetic and reproducible; systems are models of what others do and the policy of
//! this crate, also with deliberate faults, because a harness that finds nothing in a broken policy
//! says nothing about a sound one. All of it is deterministic.

pub mod adversary;
mod attack;
mod audit;
mod evidence;
mod layers;
pub mod leakage;
mod limit;
mod practice;
pub mod register;
mod score;
mod specimen;
pub mod system;
pub mod twister;
pub mod view;
pub mod world;

pub use attack::{Outcome, Terms, attack};
pub use limit::{Breach, breaches};
pub use practice::{Extent, Practice};
pub use score::Score;
pub use specimen::Handling;

/// What the adversary with this name does.
pub fn describe(name: &str) -> Option<crate::Words> {
    use adversary::{
        Adversary, Believed, Bytes, Coalition, Difference, Hit, Join, Link, Minimality, Prior,
        Text, Time,
    };
    let min = Minimality::default;
    let all: [Box<dyn Adversary>; 12] = [
        Box::new(Prior),
        Box::new(Link { knows_inventories: false }),
        Box::new(Minimality::with_inventories()),
        Box::new(min()),
        Box::new(Join(min())),
        Box::new(Believed(min())),
        Box::new(Coalition(min())),
        Box::new(Hit(min())),
        Box::new(Time(min())),
        Box::new(Difference(min())),
        Box::new(Bytes(min())),
        Box::new(Text),
    ];
    all.iter().find(|a| a.name() == name).map(|a| a.describe())
}

/// The week of a day of the world.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a day of the world is neither negative nor large"
)]
fn week(day: f64) -> usize {
    (day.max(0.0) / 7.0) as usize
}
