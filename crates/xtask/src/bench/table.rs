//! From times to what a person reads.

use std::collections::BTreeMap;

use crate::bundle::Size;

/// A line of the table: who does what, and what it is compared with.
pub struct Row {
    pub contestant: &'static str,
    pub task: &'static str,
    text: &'static str,
    over: Option<Over>,
}

/// The row's time is divided by that one's.
struct Over {
    contestant: &'static str,
    task: &'static str,
    text: &'static str,
    aim: Aim,
}

/// What the quotient should be.
#[derive(Clone, Copy)]
pub enum Aim {
    None,
    AtMost(f64),
    AtLeast(f64),
}

impl Row {
    pub const fn new(contestant: &'static str, task: &'static str, text: &'static str) -> Self {
        Row { contestant, task, text, over: None }
    }

    pub const fn over(self, contestant: &'static str, task: &'static str, text: &'static str, aim: Aim) -> Self {
        Row { over: Some(Over { contestant, task, text, aim }), ..self }
    }
}

impl Aim {
    fn judge(self, quotient: f64) -> String {
        let (words, aim, is_met) = match self {
            Aim::None => return String::new(),
            Aim::AtMost(aim) => ("at most", aim, quotient <= aim),
            Aim::AtLeast(aim) => ("at least", aim, quotient >= aim),
        };
        let missed = if is_met { "" } else { ": MISSED" };
        format!("; aim: {words} {aim}{missed}")
    }
}

/// The milliseconds of every round, or what else is measured in each.
#[derive(Default)]
pub struct Times(BTreeMap<(&'static str, &'static str), Vec<f64>>);

impl Times {
    pub fn add(&mut self, contestant: &'static str, task: &'static str, milliseconds: f64) {
        self.0.entry((contestant, task)).or_default().push(milliseconds);
    }

    pub fn print(&self, title: &str, unit: &str, rows: &[Row]) {
        println!("\n{title:<46} {unit:>8}");
        for row in rows {
            let Some(times) = self.0.get(&(row.contestant, row.task)) else { continue };
            let [low, median, high] = spread(times);
            let quotient = row.over.as_ref().map_or_else(String::new, |over| self.quotient(times, over));
            println!("{:<46} {median:>8.1} {:<17} {quotient}", row.text, format!("({low:.1}-{high:.1})"));
        }
    }

    /// The quotient within each round, and of those the median: both contestants of a round met the same machine.
    fn quotient(&self, times: &[f64], over: &Over) -> String {
        let Some(reference) = self.0.get(&(over.contestant, over.task)) else { return String::new() };
        let quotients: Vec<f64> = times.iter().zip(reference).map(|(time, reference)| time / reference).collect();
        let [low, median, high] = spread(&quotients);
        format!("{median:.1} x {} ({low:.1}-{high:.1}){}", over.text, over.aim.judge(median))
    }
}

/// The median, between the ends of the middle 80 %.
fn spread(numbers: &[f64]) -> [f64; 3] {
    [0.1, 0.5, 0.9].map(|share| quantile(numbers, share))
}

fn quantile(numbers: &[f64], share: f64) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len().saturating_sub(1) as f64 * share).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

pub fn print_sizes(sizes: &[Size]) {
    println!("\n{:<52} {:>9} {:>9}", "the plugin, in bytes", "raw", "brotli");
    let sum = |kind: &str, of: fn(&Size) -> u64| -> u64 {
        sizes.iter().filter(|size| size.file.ends_with(kind)).map(of).sum()
    };
    for (name, kind) in
        [("Wasm", ".wasm"), ("JavaScript", ".js"), ("CSS", ".css"), ("together (aim: at most 150,000 brotli)", "")]
    {
        println!("{name:<52} {:>9} {:>9}", sum(kind, |size| size.raw), sum(kind, |size| size.brotli));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_stands_in_the_middle_of_the_sorted_rounds() {
        assert_eq!(quantile(&[9.0, 1.0, 5.0, 3.0, 7.0], 0.5), 5.0);
        assert_eq!(quantile(&[9.0, 1.0, 5.0, 3.0, 7.0], 0.9), 9.0);
    }

    #[test]
    fn a_quotient_is_taken_within_each_round() {
        let mut times = Times::default();
        // The machine was three times as slow in the second round, for both.
        for (own, reference) in [(20.0, 10.0), (60.0, 30.0), (20.0, 10.0)] {
            times.add("us", "read", own);
            times.add("them", "read", reference);
        }
        let row = Row::new("us", "read", "").over("them", "read", "theirs", Aim::AtMost(1.5));
        let quotient = times.quotient(&times.0[&("us", "read")], &row.over.unwrap());
        assert_eq!(quotient, "2.0 x theirs (2.0-2.0); aim: at most 1.5: MISSED");
    }
}
