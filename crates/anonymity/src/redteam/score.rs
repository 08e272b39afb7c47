//! What the attacks achieved, in numbers with their uncertainty.

/// Results over many targets.
#[derive(Clone, Debug, Default)]
pub struct Score {
    targets: usize,
    right: f64,
    sum_of_maxima: f64,
    worst: f64,
    unique: usize,
    surprise: f64,
    sizes: Vec<usize>,
}

/// Beliefs closer than this are ties.
const TIE: f64 = 1e-12;

impl Score {
    /// Adds what was believed about one target. Among equal favourites the guess is drawn, so each
    /// counts in part.
    pub fn add(&mut self, posterior: &[f64], is_victim: impl Fn(usize) -> bool) {
        self.targets += 1;
        let best = posterior.iter().copied().fold(0.0, f64::max);
        if best <= 0.0 {
            self.sizes.push(0);
            return;
        }
        let favourites: Vec<usize> = posterior
            .iter()
            .enumerate()
            .filter(|(_, p)| **p >= best - TIE)
            .map(|(i, _)| i)
            .collect();
        let hits = favourites.iter().filter(|i| is_victim(**i)).count();
        self.right += super::world::index(hits) / super::world::index(favourites.len());
        self.sum_of_maxima += best;
        self.worst = self.worst.max(best);
        self.surprise -= best.log2();
        let possible = posterior.iter().filter(|p| **p > 0.0).count();
        self.unique += usize::from(possible <= 1);
        self.sizes.push(possible);
    }

    /// Both together.
    pub fn merge(&mut self, other: &Self) {
        self.targets += other.targets;
        self.right += other.right;
        self.sum_of_maxima += other.sum_of_maxima;
        self.worst = self.worst.max(other.worst);
        self.unique += other.unique;
        self.surprise += other.surprise;
        self.sizes.extend(&other.sizes);
    }

    /// How many targets there were.
    pub fn targets(&self) -> usize {
        self.targets
    }

    /// Share of targets whose victim was the favourite.
    pub fn top1(&self) -> f64 {
        self.share(self.right)
    }

    /// Half the width of the 95 % interval of [`Score::top1`] (normal approximation).
    pub fn top1_margin(&self) -> f64 {
        let p = self.top1();
        let n = super::world::index(self.targets.max(1));
        1.96 * ((p * (1.0 - p)).max(1e-9) / n).sqrt()
    }

    /// The largest belief in any one firm, over all targets.
    pub fn worst_posterior(&self) -> f64 {
        self.worst
    }

    /// The mean over targets of the largest belief.
    pub fn mean_posterior(&self) -> f64 {
        self.share(self.sum_of_maxima)
    }

    /// Mean min-entropy of the belief, in bits.
    pub fn min_entropy(&self) -> f64 {
        self.share(self.surprise)
    }

    /// Share of targets with one possible firm or none.
    pub fn unique(&self) -> f64 {
        self.share(super::world::index(self.unique))
    }

    /// The size of the candidate set that a share of targets stays below.
    pub fn candidates_at(&self, percent: usize) -> usize {
        let mut sizes = self.sizes.clone();
        sizes.sort_unstable();
        sizes.get(sizes.len() * percent / 100).copied().unwrap_or(0)
    }

    fn share(&self, sum: f64) -> f64 {
        sum / super::world::index(self.targets.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::Score;

    #[test]
    fn counts_ties_in_part() {
        let mut score = Score::default();
        score.add(&[0.25, 0.25, 0.25, 0.25], |i| i == 2);
        score.add(&[0.0, 1.0], |i| i == 1);
        score.add(&[0.6, 0.4], |i| i == 1);
        assert!((score.top1() - 1.25 / 3.0).abs() < 1e-12);
        assert!((score.worst_posterior() - 1.0).abs() < 1e-12);
        assert!((score.unique() - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!((score.candidates_at(5), score.candidates_at(50)), (1, 2));
    }
}
