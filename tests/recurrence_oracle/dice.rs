//! Dice that fall the same way every time.

use chrono::{Days, NaiveDate, NaiveTime};

/// SplitMix64: enough randomness to choose with, in three lines.
#[derive(Clone, Debug)]
pub struct Dice {
    state: u64,
    /// Which rule of which seed this is, for the message when it fails.
    pub name: (u64, u64),
}

impl Dice {
    pub fn new(seed: u64, rule: u64) -> Self {
        Dice {
            state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ rule.wrapping_mul(0xd134_2543_de82_ef95),
            name: (seed, rule),
        }
    }

    fn roll(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `least` to `most`, both included.
    pub fn between(&mut self, least: u32, most: u32) -> u32 {
        least + (self.roll() % u64::from(most - least + 1)) as u32
    }

    /// One time in so many.
    pub fn one_in(&mut self, times: u32) -> bool {
        self.between(1, times) == 1
    }

    pub fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.between(0, of.len() as u32 - 1) as usize].clone()
    }

    /// Small as a rule, and now and then anything.
    pub fn interval(&mut self, most: u32) -> u32 {
        let most_this_time = self.one_of(&[1, 2, 4, 12, most]);
        self.between(1, most_this_time)
    }

    pub fn date(&mut self) -> NaiveDate {
        // Every third is close to where months and leap years end.
        let date = NaiveDate::from_ymd_opt(1996, 1, 1).unwrap() + Days::new(self.between(0, 365 * 44).into());
        let turns = ["2027-01-31", "2027-02-28", "2028-02-29", "2027-12-31", "2027-03-28", "2027-10-31", "2099-02-28"];
        if self.one_in(3) { self.one_of(&turns).parse().unwrap() } else { date }
    }

    /// Every other one is a time that some zone skips or repeats.
    pub fn time(&mut self) -> NaiveTime {
        let risky = ["00:00:00", "00:30:00", "01:30:00", "02:00:00", "02:30:00", "03:00:00", "23:30:00"];
        let (minute, second) = (self.between(0, 59), self.one_of(&[0, 0, 59]));
        let any = NaiveTime::from_hms_opt(self.between(0, 23), minute, second).unwrap();
        if self.one_in(2) { self.one_of(&risky).parse().unwrap() } else { any }
    }
}
