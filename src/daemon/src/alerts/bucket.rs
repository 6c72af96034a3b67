//! How often a channel may be spoken to: a bucket of tokens that fills with time.

use jiff::Timestamp;

/// A bucket. It begins with one token, not full, so that a daemon that is started over and over speaks no faster.
#[derive(Clone, Debug)]
pub struct Bucket {
    tokens: f64,
    most: f64,
    per_second: f64,
    at: Timestamp,
}

impl Bucket {
    /// That gives `per_hour` tokens an hour, and at most `burst` at once.
    pub fn new(per_hour: u32, burst: u32, now: Timestamp) -> Self {
        Self { tokens: 1.0, most: f64::from(burst), per_second: f64::from(per_hour) / 3600.0, at: now }
    }

    /// How many tokens there are.
    pub fn available(&mut self, now: Timestamp) -> u32 {
        // A clock that was set back gives nothing and takes nothing.
        let passed = now.duration_since(self.at).as_secs_f64().max(0.0);
        self.at = now;
        self.tokens = (self.tokens + passed * self.per_second).min(self.most);
        // What a rounding of floats left below one is one.
        (self.tokens + 1e-6) as u32
    }

    /// Takes one, if there is one.
    pub fn take(&mut self, now: Timestamp) -> bool {
        let there = self.available(now) > 0;
        if there {
            self.tokens = (self.tokens - 1.0).max(0.0);
        }
        there
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::Bucket;

    #[test]
    fn it_gives_no_more_than_its_rate_and_its_burst() {
        let start = Timestamp::UNIX_EPOCH;
        let mut bucket = Bucket::new(60, 5, start);
        assert!(bucket.take(start) && !bucket.take(start), "one to begin with");
        let taken = (1..=600).filter(|second| bucket.take(start + SignedDuration::from_secs(*second))).count();
        assert_eq!(taken, 10, "one a minute");
        let later = start + SignedDuration::from_hours(5);
        assert_eq!((bucket.available(later), (0..9).filter(|_| bucket.take(later)).count()), (5, 5), "no more than the burst");
    }

    #[test]
    fn a_clock_that_jumps_back_neither_fills_nor_empties_it() {
        let noon: Timestamp = "2026-11-01T12:00:00Z".parse().expect("a time");
        let mut bucket = Bucket::new(3600, 3, noon);
        assert!(bucket.take(noon));
        let earlier = noon - SignedDuration::from_hours(3);
        assert!(!bucket.take(earlier));
        assert!(bucket.take(earlier + SignedDuration::from_secs(1)));
    }
}
