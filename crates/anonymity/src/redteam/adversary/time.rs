//! A-time: matches the public time of a release with what was to be noticed at firms.

use super::{Adversary, words};
use crate::Words;
use crate::redteam::view::{Needs, View};

/// Traffic, uploads and outages are seen at all firms all the time; a victim often shows something
/// shortly before it reports. The more precise a release's time, the fewer firms fit.
pub struct Time<A>(pub A);

/// How often something is to be noticed at a firm, per day.
pub const NOTICED_PER_DAY: f64 = 1.0 / 3.0;
/// How often something is to be noticed at a victim just before its report.
pub const NOTICED_AT_VICTIM: f64 = 0.5;
/// How long before its report, in days: five minutes.
pub const SHORTLY: f64 = 5.0 / 1440.0;

impl<A: Adversary> Adversary for Time<A> {
    fn name(&self) -> &'static str {
        "A-time"
    }

    fn describe(&self) -> Words {
        words(
            "公開時刻を、各会員で外から観測された出来事の時刻と突き合わせる",
            "matches release times with what was to be noticed at each member",
        )
    }

    fn needs(&self) -> Needs {
        Needs { activity: true, ..self.0.needs() }
    }

    fn likelihood(&self, view: &View<'_>, release: usize) -> Vec<f64> {
        let mut likelihood = self.0.likelihood(view, release);
        let (Some(message), Some(activity)) = (view.messages.get(release), view.activity) else {
            return likelihood;
        };
        // The report was made in the period that ends at the public time.
        let (from, to) = (message.at - message.precision - SHORTLY, message.at);
        let expected = NOTICED_PER_DAY * (to - from);
        for (l, days) in likelihood.iter_mut().zip(activity) {
            let noticed = days.iter().filter(|d| from <= **d && **d <= to).count();
            let noticed = crate::redteam::world::index(noticed);
            *l *= 1.0 - NOTICED_AT_VICTIM + NOTICED_AT_VICTIM * noticed / expected;
        }
        likelihood
    }
}
