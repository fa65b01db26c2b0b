//! Recurrence of a series: six patterns, three ranges, and the dates that follow from them.
//!
//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/recurrence-recurrencetype>
//!
//! A pattern says dates; the time of day is the master's. Where a month is too short, Exchange takes its last day
//! ([MS-OXOCAL] 2.2.1.44.1: MonthNth and Month patterns). Intervals are counted from the day, week, month or year in
//! which the range starts. `read` reads requests and refuses what Exchange refuses; here everything is valid.

use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};

use super::field::Dialect;
use super::xml::Element;
use super::zone::Zone;

mod read;

pub use read::read;

/// Pattern and range of a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    pub pattern: Pattern,
    /// Where the range starts. Once an item is kept, this is the date of its first occurrence (R26).
    pub start: NaiveDate,
    pub end: End,
}

/// RecurrencePatternTypes of types.xsd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    Daily { interval: u32 },
    Weekly { interval: u32, days: Vec<Weekday>, first_day: Weekday },
    AbsoluteMonthly { interval: u32, day: u32 },
    RelativeMonthly { interval: u32, days: DaySet, nth: Nth },
    AbsoluteYearly { month: u32, day: u32 },
    RelativeYearly { month: u32, days: DaySet, nth: Nth },
}

/// RecurrenceRangeTypes of types.xsd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Never,
    On(NaiveDate),
    After(u32),
}

/// A day of the week, or one of the three words for several of them (DayOfWeekType of types.xsd).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaySet {
    One(Weekday),
    Day,
    Weekday,
    WeekendDay,
}

/// DayOfWeekIndexType of types.xsd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nth {
    /// 0: the first one.
    FromStart(usize),
    Last,
}

/// One place of a series in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// InstanceIndex: from 1, counting deleted ones too (R17).
    pub index: u32,
    pub date: NaiveDate,
}

impl Recurrence {
    /// All dates, deleted ones included; without end where the range has none.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        let dates = (0..).map_while(|period| self.dates_of_period(period)).flatten();
        let dates = dates.skip_while(|date| *date < self.start);
        let slots = dates.zip(1..).map(|(date, index)| Slot { index, date });
        slots.take_while(|slot| match self.end {
            End::Never => true,
            End::On(last) => slot.date <= last,
            End::After(times) => slot.index <= times,
        })
    }

    /// The dates of the day, week, month or year that lies `period` intervals after the start, in order; `None` where
    /// the calendar ends.
    fn dates_of_period(&self, period: u32) -> Option<Vec<NaiveDate>> {
        let month_at = |interval: u32| {
            let first = self.start.with_day(1)?;
            first.checked_add_months(Months::new(interval.checked_mul(period)?))
        };
        let year_at = |month| NaiveDate::from_ymd_opt(self.start.year() + i32::try_from(period).ok()?, month, 1);
        Some(match &self.pattern {
            Pattern::Daily { interval } => {
                vec![self.start.checked_add_days(Days::new(u64::from(*interval) * u64::from(period)))?]
            }
            Pattern::Weekly { interval, days, first_day } => {
                let week = self.start.week(*first_day).first_day();
                let week = week.checked_add_days(Days::new(7 * u64::from(*interval) * u64::from(period)))?;
                week.iter_days().take(7).filter(|date| days.contains(&date.weekday())).collect()
            }
            Pattern::AbsoluteMonthly { interval, day } => vec![clamped(month_at(*interval)?, *day)],
            Pattern::RelativeMonthly { interval, days, nth } => vec![days.nth(month_at(*interval)?, *nth)?],
            Pattern::AbsoluteYearly { month, day } => vec![clamped(year_at(*month)?, *day)],
            Pattern::RelativeYearly { month, days, nth } => vec![days.nth(year_at(*month)?, *nth)?],
        })
    }

    /// The same pattern from another date, with the days that follow from it moved along.
    #[must_use]
    pub fn moved_to(mut self, date: NaiveDate) -> Self {
        let days = (date - self.start).num_days().rem_euclid(7);
        let moved = |day: Weekday| (0..days).fold(day, |day, _| day.succ());
        match &mut self.pattern {
            Pattern::Weekly { days, .. } => days.iter_mut().for_each(|day| *day = moved(*day)),
            Pattern::AbsoluteMonthly { day, .. } => *day = date.day(),
            Pattern::AbsoluteYearly { month, day } => (*month, *day) = (date.month(), date.day()),
            _ => {}
        }
        self.start = date;
        self
    }

    /// The least number of days from one occurrence to the next. Patterns repeat within a few periods; sixty show
    /// every gap that months of different lengths can make.
    pub fn least_gap(&self) -> Option<i64> {
        let dates: Vec<NaiveDate> = self.slots().take(60).map(|slot| slot.date).collect();
        dates.windows(2).map(|pair| (pair[1] - pair[0]).num_days()).min()
    }

    /// As GetItem shows it: dates carry the offset of the series' zone (seen in `../shared/ews-samples`).
    pub fn to_element(&self, zone: Zone, dialect: Dialect) -> Element {
        let text = |name: &'static str, text: String| Element::new(name).text(text);
        let date = |name: &'static str, date: NaiveDate| {
            let offset = zone.wall_with_offset(zone.midnight(date)).format("%:z").to_string();
            let offset = if offset == "+00:00" { "Z" } else { &offset };
            let time = if dialect.is_grommunio { "T00:00:00" } else { "" };
            Element::new(name).text(format!("{date}{time}{offset}"))
        };
        let start = date("t:StartDate", self.start);
        let range = match self.end {
            End::Never => Element::new("t:NoEndRecurrence").child(start),
            End::On(last) => Element::new("t:EndDateRecurrence").child(start).child(date("t:EndDate", last)),
            End::After(times) => {
                let times = text("t:NumberOfOccurrences", times.to_string());
                Element::new("t:NumberedRecurrence").child(start).child(times)
            }
        };
        Element::new("t:Recurrence").child(self.pattern.to_element(dialect)).child(range)
    }
}

impl Pattern {
    fn to_element(&self, dialect: Dialect) -> Element {
        let text = |name: &'static str, text: String| Element::new(name).text(text);
        let interval = |interval: &u32| text("t:Interval", interval.to_string());
        let day_of_month = |day: &u32| text("t:DayOfMonth", day.to_string());
        let days_of_week = |days: &DaySet| text("t:DaysOfWeek", days.name().to_owned());
        let index = |nth: &Nth| text("t:DayOfWeekIndex", nth.name().to_owned());
        let month_name = |month: &u32| text("t:Month", MONTHS[(*month as usize + 11) % 12].to_owned());
        match self {
            Pattern::Daily { interval: n } => Element::new("t:DailyRecurrence").child(interval(n)),
            Pattern::Weekly { interval: n, days, first_day } => {
                let names: Vec<&str> = days.iter().map(|day| day_name(*day)).collect();
                let first_day = text("t:FirstDayOfWeek", day_name(*first_day).to_owned());
                Element::new("t:WeeklyRecurrence")
                    .child(interval(n))
                    .child(text("t:DaysOfWeek", names.join(" ")))
                    .children(Some(first_day).filter(|_| dialect.schema.has("FirstDayOfWeek")))
            }
            Pattern::AbsoluteMonthly { interval: n, day } => {
                Element::new("t:AbsoluteMonthlyRecurrence").child(interval(n)).child(day_of_month(day))
            }
            Pattern::RelativeMonthly { interval: n, days, nth } => Element::new("t:RelativeMonthlyRecurrence")
                .child(interval(n))
                .child(days_of_week(days))
                .child(index(nth)),
            Pattern::AbsoluteYearly { month, day } => {
                Element::new("t:AbsoluteYearlyRecurrence").child(day_of_month(day)).child(month_name(month))
            }
            Pattern::RelativeYearly { month, days, nth } => Element::new("t:RelativeYearlyRecurrence")
                .child(days_of_week(days))
                .child(index(nth))
                .child(month_name(month)),
        }
    }
}

impl DaySet {
    fn contain(self, day: Weekday) -> bool {
        let is_weekend = matches!(day, Weekday::Sat | Weekday::Sun);
        match self {
            DaySet::One(one) => one == day,
            DaySet::Day => true,
            DaySet::Weekday => !is_weekend,
            DaySet::WeekendDay => is_weekend,
        }
    }

    /// The first, second, third, fourth or last such day of the month that begins there.
    fn nth(self, month: NaiveDate, nth: Nth) -> Option<NaiveDate> {
        let in_month = |date: &NaiveDate| date.month() == month.month();
        let mut days = month.iter_days().take_while(in_month).filter(|date| self.contain(date.weekday()));
        match nth {
            Nth::FromStart(index) => days.nth(index),
            Nth::Last => days.last(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            DaySet::One(day) => day_name(day),
            DaySet::Day => "Day",
            DaySet::Weekday => "Weekday",
            DaySet::WeekendDay => "WeekendDay",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "Day" => Some(DaySet::Day),
            "Weekday" => Some(DaySet::Weekday),
            "WeekendDay" => Some(DaySet::WeekendDay),
            _ => day_from_name(name).map(DaySet::One),
        }
    }
}

impl Nth {
    const NAMES: [&str; 4] = ["First", "Second", "Third", "Fourth"];

    fn name(self) -> &'static str {
        match self {
            Nth::FromStart(index) => Nth::NAMES.get(index).copied().unwrap_or("Last"),
            Nth::Last => "Last",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        let nth = Nth::NAMES.iter().position(|known| *known == name).map(Nth::FromStart);
        nth.or_else(|| (name == "Last").then_some(Nth::Last))
    }
}

/// That day of the month, or its last one when it is shorter.
fn clamped(month: NaiveDate, day: u32) -> NaiveDate {
    (1..=day).rev().find_map(|day| month.with_day(day)).unwrap_or(month)
}

pub const WEEK: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub fn day_name(day: Weekday) -> &'static str {
    WEEK[day.num_days_from_monday() as usize]
}

pub fn day_from_name(name: &str) -> Option<Weekday> {
    let place = WEEK.iter().position(|known| *known == name)?;
    Weekday::try_from(u8::try_from(place).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn dates(pattern: Pattern, start: &str, end: End, most: usize) -> String {
        let recurrence = Recurrence { pattern, start: date(start), end };
        let dates: Vec<String> = recurrence.slots().take(most).map(|slot| slot.date.to_string()).collect();
        dates.join(" ")
    }

    #[test]
    fn each_pattern_gives_its_dates() {
        use Weekday::{Fri, Mon, Sun, Tue, Wed};
        let weekly =
            |interval, days: &[Weekday], first_day| Pattern::Weekly { interval, days: days.to_vec(), first_day };
        let (first, fourth) = (Nth::FromStart(0), Nth::FromStart(3));
        #[rustfmt::skip]
        let cases = [
            (Pattern::Daily { interval: 1 }, "2027-02-27", "2027-02-27 2027-02-28 2027-03-01"),
            (Pattern::Daily { interval: 20 }, "2028-02-20", "2028-02-20 2028-03-11 2028-03-31"),
            (weekly(1, &[Mon, Fri], Mon), "2027-03-05", "2027-03-05 2027-03-08 2027-03-12"),
            // The same rule, with the week starting on Sunday or on Monday (RFC 5545 3.3.10 has it as its example).
            (weekly(2, &[Tue, Sun], Mon), "1997-08-05", "1997-08-05 1997-08-10 1997-08-19"),
            (weekly(2, &[Tue, Sun], Sun), "1997-08-05", "1997-08-05 1997-08-17 1997-08-19"),
            // The range starts between two occurrences: the interval is counted from its week.
            (weekly(2, &[Wed], Mon), "2027-03-04", "2027-03-17 2027-03-31 2027-04-14"),
            (Pattern::AbsoluteMonthly { interval: 1, day: 31 }, "2027-01-31", "2027-01-31 2027-02-28 2027-03-31"),
            (Pattern::AbsoluteMonthly { interval: 2, day: 10 }, "2027-03-20", "2027-05-10 2027-07-10 2027-09-10"),
            (Pattern::RelativeMonthly { interval: 1, days: DaySet::One(Tue), nth: fourth }, "2027-02-01", "2027-02-23 2027-03-23 2027-04-27"),
            (Pattern::RelativeMonthly { interval: 1, days: DaySet::Weekday, nth: Nth::Last }, "2027-01-01", "2027-01-29 2027-02-26 2027-03-31"),
            (Pattern::RelativeMonthly { interval: 1, days: DaySet::WeekendDay, nth: first }, "2027-01-01", "2027-01-02 2027-02-06 2027-03-06"),
            (Pattern::RelativeMonthly { interval: 1, days: DaySet::Day, nth: Nth::Last }, "2028-01-01", "2028-01-31 2028-02-29 2028-03-31"),
            (Pattern::AbsoluteYearly { month: 2, day: 29 }, "2027-01-01", "2027-02-28 2028-02-29 2029-02-28"),
            (Pattern::AbsoluteYearly { month: 6, day: 6 }, "2027-06-07", "2028-06-06 2029-06-06 2030-06-06"),
            (Pattern::RelativeYearly { month: 6, days: DaySet::One(Fri), nth: Nth::Last }, "2027-01-01", "2027-06-25 2028-06-30 2029-06-29"),
        ];
        for (pattern, start, expected) in cases {
            let shown = format!("{pattern:?} from {start}");
            assert_eq!(dates(pattern, start, End::Never, 3), expected, "{shown}");
        }
    }

    #[test]
    fn ranges_end_where_they_say() {
        let daily = || Pattern::Daily { interval: 2 };
        assert_eq!(dates(daily(), "2027-03-01", End::After(2), 9), "2027-03-01 2027-03-03");
        assert_eq!(dates(daily(), "2027-03-01", End::On(date("2027-03-03")), 9), "2027-03-01 2027-03-03");
        assert_eq!(dates(daily(), "2027-03-01", End::On(date("2027-02-01")), 9), "");
    }

    #[test]
    fn the_least_gap_is_that_of_the_shortest_month() {
        let gap = |pattern| Recurrence { pattern, start: date("2027-01-01"), end: End::Never }.least_gap();
        assert_eq!(gap(Pattern::Daily { interval: 3 }), Some(3));
        assert_eq!(gap(Pattern::AbsoluteMonthly { interval: 1, day: 1 }), Some(28));
        let days = vec![Weekday::Mon, Weekday::Sun];
        assert_eq!(gap(Pattern::Weekly { interval: 1, days, first_day: Weekday::Mon }), Some(1));
    }
}
