//! A reproducible stream of random numbers: the Mersenne Twister MT19937 (Matsumoto and Nishimura
//! 1998), drawn from in the way of Python's `random` module.
//!
//! The figures the design quotes were measured on worlds made with that module. With the same
//! stream the harness attacks the very same worlds, so its results can be compared to the digit.
//! Not for secrets: whoever sees 624 numbers knows the rest.

const STATE: usize = 624;
const SHIFT: usize = 397;

/// The generator.
#[derive(Clone)]
pub struct Twister {
    state: [u32; STATE],
    next: usize,
    spare_gauss: Option<f64>,
}

impl Twister {
    /// Starts at a seed.
    pub fn new(seed: u32) -> Self {
        let mut state = [0_u32; STATE];
        let mut last = 19_650_218_u32;
        for (i, (slot, n)) in state.iter_mut().zip(0_u32..).enumerate() {
            if i > 0 {
                last = 1_812_433_253_u32.wrapping_mul(last ^ (last >> 30)).wrapping_add(n);
            }
            *slot = last;
        }
        let mut twister = Self { state, next: STATE, spare_gauss: None };
        twister.mix(seed);
        twister
    }

    /// The published initialisation by an array, here of one word.
    fn mix(&mut self, key: u32) {
        let mut i = 1;
        for _ in 0..STATE {
            let before = self.word(i - 1);
            let mixed = (before ^ (before >> 30)).wrapping_mul(1_664_525);
            self.set(i, (self.word(i) ^ mixed).wrapping_add(key));
            i = self.step(i);
        }
        for _ in 0..STATE - 1 {
            let before = self.word(i - 1);
            let mixed = (before ^ (before >> 30)).wrapping_mul(1_566_083_941);
            let index = u32::try_from(i).unwrap_or(0);
            self.set(i, (self.word(i) ^ mixed).wrapping_sub(index));
            i = self.step(i);
        }
        self.set(0, 0x8000_0000);
    }

    fn step(&mut self, i: usize) -> usize {
        if i + 1 < STATE {
            return i + 1;
        }
        self.set(0, self.word(STATE - 1));
        1
    }

    fn word(&self, i: usize) -> u32 {
        self.state.get(i).copied().unwrap_or(0)
    }

    fn set(&mut self, i: usize, value: u32) {
        if let Some(slot) = self.state.get_mut(i) {
            *slot = value;
        }
    }

    fn refill(&mut self) {
        for i in 0..STATE {
            let y = (self.word(i) & 0x8000_0000) | (self.word((i + 1) % STATE) & 0x7fff_ffff);
            let twist = if y & 1 == 1 { 0x9908_b0df } else { 0 };
            self.set(i, self.word((i + SHIFT) % STATE) ^ (y >> 1) ^ twist);
        }
        self.next = 0;
    }

    /// 32 random bits.
    pub fn bits32(&mut self) -> u32 {
        if self.next >= STATE {
            self.refill();
        }
        let mut y = self.word(self.next);
        self.next += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    /// Uniform in `[0, 1)`, with 53 bits.
    pub fn unit(&mut self) -> f64 {
        let (a, b) = (self.bits32() >> 5, self.bits32() >> 6);
        (f64::from(a) * 67_108_864.0 + f64::from(b)) / 9_007_199_254_740_992.0
    }

    /// Uniform in `[from, to)`.
    pub fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    /// Uniform in `0..n`; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        let Ok(limit) = u32::try_from(n) else { return 0 };
        if limit == 0 {
            return 0;
        }
        let shift = limit.leading_zeros();
        loop {
            let draw = self.bits32() >> shift;
            if draw < limit {
                return draw as usize;
            }
        }
    }

    /// A position, with chances in proportion to `weights`; 0 where there are none.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut sum = 0.0;
        let sums: Vec<f64> = weights
            .iter()
            .map(|w| {
                sum += w;
                sum
            })
            .collect();
        let draw = self.unit() * sum;
        sums.partition_point(|s| *s <= draw).min(weights.len().saturating_sub(1))
    }

    /// Waiting time of a process with `rate` events per unit of time.
    pub fn exponential(&mut self, rate: f64) -> f64 {
        -(1.0 - self.unit()).ln() / rate
    }

    /// Normally distributed (Box and Muller, both values used).
    pub fn gauss(&mut self, mean: f64, deviation: f64) -> f64 {
        let z = self.spare_gauss.take().unwrap_or_else(|| {
            let angle = self.unit() * std::f64::consts::TAU;
            let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
            self.spare_gauss = Some(angle.sin() * radius);
            angle.cos() * radius
        });
        mean + z * deviation
    }

    /// Two different positions below `n`, in the order they were drawn. `n` is above 21, where
    /// Python draws again instead of shuffling.
    pub fn two_of(&mut self, n: usize) -> [usize; 2] {
        let first = self.below(n);
        loop {
            let second = self.below(n);
            if second != first || n < 2 {
                return [first, second];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_what_python_draws() {
        // random.Random(1): [random() for _ in range(3)], then randrange(10) five times,
        // gauss(0, 1) twice, expovariate(2), choices("abc", [1, 2, 3]).
        let mut t = Twister::new(1);
        let units = [t.unit(), t.unit(), t.unit()];
        assert_eq!(units, UNITS);
        assert_eq!([(); 5].map(|()| t.below(10)), BELOW);
        assert_eq!([t.gauss(0.0, 1.0), t.gauss(0.0, 1.0)], GAUSS);
        assert_eq!(t.exponential(2.0), EXPONENTIAL);
        assert_eq!(t.weighted(&[1.0, 2.0, 3.0]), WEIGHTED);
    }

    const UNITS: [f64; 3] = [0.13436424411240122, 0.8474337369372327, 0.763774618976614];
    const BELOW: [usize; 5] = [4, 1, 7, 7, 7];
    const GAUSS: [f64; 2] = [-1.022103170010873, -1.4368294451025299];
    const EXPONENTIAL: f64 = 0.04928050173107774;
    const WEIGHTED: usize = 0;
}
