//! Pauses that grow and vary.

use oos_clock::Entropy;
use std::time::Duration;

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(5);

/// Pauses that double up to a limit, each shortened at random by up to a half, so that many waits
/// that began together do not ask together.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    next: Duration,
    longest: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self::new(FIRST, LONGEST)
    }
}

impl Pace {
    /// A pause of nothing would ask without end at one moment.
    pub(crate) fn new(first: Duration, longest: Duration) -> Self {
        let longest = longest.max(Duration::from_millis(1));
        let next = first.clamp(Duration::from_millis(1), longest);
        Self { next, longest }
    }

    pub(crate) fn pause(&mut self, entropy: &dyn Entropy) -> Duration {
        let pause = self.next;
        self.next = pause.saturating_mul(2).min(self.longest);
        let [drawn, ..] = entropy.bytes16();
        pause.saturating_sub(pause / 512 * u32::from(drawn))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oos_clock::SeededEntropy;

    #[test]
    fn pauses_double_and_vary_below_their_limit() {
        let entropy = SeededEntropy::new(3);
        let mut pace = Pace::new(Duration::from_millis(100), Duration::from_millis(450));
        for full in [100, 200, 400, 450, 450] {
            let pause = pace.pause(&entropy).as_micros();
            let full = full * 1000;
            assert!(pause > full / 2 - 1 && pause <= full, "{pause} of {full}");
        }
        let mut none = Pace::new(Duration::ZERO, Duration::ZERO);
        assert!(!none.pause(&entropy).is_zero());
    }
}
