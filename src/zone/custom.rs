//! The rules of a zone as an item spells them out, for a zone that has no name we know (R05).
//!
//! Exchange describes a zone by *periods* (a name and a bias), *groups* of yearly transitions between them, and dates
//! from which a group holds ([`TimeZoneDefinition`]). Exchange 2007 knew one pair of transitions only
//! ([`MeetingTimeZone`], and [`TimeZone`] in free/busy answers). All three become [`CustomRules`]:
//!
//! | Exchange | here |
//! |---|---|
//! | a group of one plain `Transition`, or a period as its own target | [`Clock::Fixed`] |
//! | a group of `RecurringDayTransition` and `RecurringDateTransition` | [`Clock::Yearly`], a [`Change`] each |
//! | the first of the `Transitions` | [`CustomRules::new`] |
//! | an `AbsoluteDateTransition` to a group or period | [`CustomRules::then`] |
//! | `MeetingTimeZone`, free/busy's `TimeZone` | [`CustomRules::standard_and_daylight`] |
//!
//! Such rules are for finding the zone that they describe ([`resolve`](super::resolve)), not for computing with it: an
//! event needs a zone that Blikk, browsers and people know too.
//!
//! [`TimeZoneDefinition`]: https://learn.microsoft.com/exchange/client-developer/web-service-reference/timezonedefinition
//! [`MeetingTimeZone`]: https://learn.microsoft.com/exchange/client-developer/web-service-reference/meetingtimezone
//! [`TimeZone`]: https://learn.microsoft.com/exchange/client-developer/web-service-reference/timezone-availability

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};

/// Seconds east of UTC, as everywhere here, from Microsoft's *bias*, which counts to the west: `-PT1H` is Stockholm.
/// A difference (`Standard`'s or `Daylight`'s own bias) is added to the zone's bias first.
pub fn offset_of_bias(seconds_west: i32) -> i32 {
    seconds_west.saturating_neg()
}

/// What a zone's clock does: from the beginning of time, and then differently from certain moments on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRules {
    first: Clock,
    /// By their beginning.
    later: Vec<(DateTime<Utc>, Clock)>,
}

/// What a zone's clock does in one era.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clock {
    /// It stays at one offset (seconds east of UTC).
    Fixed(i32),
    /// It is changed on these days, every year. Before the first change of a year, the last one of the year before
    /// still holds, also in the era's first year: so a southern summer goes on over New Year.
    Yearly(Changes),
}

/// At least one [`Change`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes(Vec<Change>);

impl Changes {
    /// `None` when there is none.
    pub fn new(changes: Vec<Change>) -> Option<Self> {
        if changes.is_empty() { None } else { Some(Changes(changes)) }
    }
}

/// A change of the clock, every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub day: YearDay,
    /// Seconds after midnight, on the clock as it is before the change (`TimeOffset`, `Time`).
    pub time: i32,
    /// What the clock is changed to: seconds east of UTC.
    pub offset: i32,
}

/// A day of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearDay {
    /// 1 to 12.
    month: u32,
    day: MonthDay,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MonthDay {
    Date(u32),
    /// The `n`th, counted from 1.
    Nth(u8, Weekday),
    Last(Weekday),
}

impl YearDay {
    /// The `day`th of a month (`RecurringDateTransition`); `None` where no year has that date.
    pub fn date(month: i32, day: i32) -> Option<Self> {
        let (month, day) = (u32::try_from(month).ok()?, u32::try_from(day).ok()?);
        // In a leap year: 29 February is a date.
        NaiveDate::from_ymd_opt(2000, month, day)?;
        Some(YearDay { month, day: MonthDay::Date(day) })
    }

    /// "The second Sunday in March": the weekday's `occurrence` (`RecurringDayTransition`). -1 is the last, and so is
    /// 5 where Windows' own structures count (`DayOrder`); `None` for what is no month or no occurrence.
    pub fn weekday(month: i32, weekday: Weekday, occurrence: i32) -> Option<Self> {
        let month = u32::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
        let day = match occurrence {
            1..=4 => MonthDay::Nth(occurrence as u8, weekday),
            -1 | 5 => MonthDay::Last(weekday),
            _ => return None,
        };
        Some(YearDay { month, day })
    }

    fn in_year(self, year: i32) -> Option<NaiveDate> {
        let nth = |weekday, n| NaiveDate::from_weekday_of_month_opt(year, self.month, weekday, n);
        match self.day {
            MonthDay::Date(day) => NaiveDate::from_ymd_opt(year, self.month, day),
            MonthDay::Nth(n, weekday) => nth(weekday, n),
            MonthDay::Last(weekday) => nth(weekday, 5).or_else(|| nth(weekday, 4)),
        }
    }
}

impl Change {
    /// The wall clock, as it is before the change, in `year`.
    fn in_year(&self, year: i32) -> Option<NaiveDateTime> {
        let midnight = self.day.in_year(year)?.and_time(NaiveTime::MIN);
        midnight.checked_add_signed(TimeDelta::seconds(self.time.into()))
    }
}

/// From when an era holds (`AbsoluteDateTransition`'s `DateTime`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onset {
    /// Written with `Z` or an offset.
    Instant(DateTime<Utc>),
    /// Written without, which Exchange itself does: the zone's own clock, as it is before.
    WallClock(NaiveDateTime),
}

impl CustomRules {
    /// Rules that have always held.
    ///
    /// ```
    /// # use blikk_calendar_sync::zone::*;
    /// // Moscow: +04:00 until the autumn of 2014, and +03:00 since.
    /// let autumn = Onset::WallClock("2014-10-26T02:00:00".parse().unwrap());
    /// let moscow = CustomRules::new(Clock::Fixed(4 * 3600)).then(autumn, Clock::Fixed(3 * 3600)).unwrap();
    /// assert_eq!(moscow.offset_at("2027-07-01T12:00:00Z".parse().unwrap()), 3 * 3600);
    /// ```
    pub fn new(first: Clock) -> Self {
        CustomRules { first, later: Vec::new() }
    }

    /// The same rules until `onset`, and `clock` from then on. Eras come in the order of time; one that begins before
    /// its predecessor makes the definition a contradiction, `None`.
    #[must_use]
    pub fn then(mut self, onset: Onset, clock: Clock) -> Option<Self> {
        let from = match onset {
            Onset::Instant(instant) => instant,
            Onset::WallClock(local) => {
                let at = |offset: i32| local.and_utc().checked_sub_signed(TimeDelta::seconds(offset.into()));
                // How the clock stands just before: from within a day, and then to the second.
                let roughly = at(self.offset_at(local.and_utc()))?;
                at(self.offset_at(roughly.checked_sub_signed(TimeDelta::seconds(1))?))?
            }
        };
        if self.later.last().is_some_and(|(begun, _)| *begun >= from) {
            return None;
        }
        self.later.push((from, clock));
        Some(self)
    }

    /// One pair of changes, every year: `MeetingTimeZone`, and `TimeZone` in free/busy answers. Each has a bias of its
    /// own, a difference from the zone's. (A zone without changes has neither, or month 0, and is a [`Clock::Fixed`].)
    ///
    /// ```
    /// # use blikk_calendar_sync::zone::*;
    /// # use chrono::Weekday::Sun;
    /// // <BaseOffset>PT360M</BaseOffset>, and in <Daylight> the Offset, second Sunday of March, 02:00:00:
    /// let bias = seconds_of_duration("PT360M").unwrap();
    /// let daylight = bias + seconds_of_duration("-PT60M").unwrap();
    /// let two = seconds_of_time("02:00:00").unwrap();
    /// let chicago = CustomRules::standard_and_daylight(
    ///     Change { day: YearDay::weekday(11, Sun, 1).unwrap(), time: two, offset: offset_of_bias(bias) },
    ///     Change { day: YearDay::weekday(3, Sun, 2).unwrap(), time: two, offset: offset_of_bias(daylight) },
    /// );
    /// assert_eq!(chicago.offset_at("2027-07-01T12:00:00Z".parse().unwrap()), -5 * 3600);
    /// ```
    pub fn standard_and_daylight(to_standard: Change, to_daylight: Change) -> Self {
        CustomRules::new(Clock::Yearly(Changes(vec![to_standard, to_daylight])))
    }

    /// Seconds east of UTC at `instant`.
    pub fn offset_at(&self, instant: DateTime<Utc>) -> i32 {
        let era = self.later.iter().rev().find(|(from, _)| *from <= instant);
        era.map_or(&self.first, |(_, clock)| clock).offset_at(instant)
    }
}

impl Clock {
    fn offset_at(&self, instant: DateTime<Utc>) -> i32 {
        let changes = match self {
            Clock::Fixed(offset) => return *offset,
            Clock::Yearly(Changes(changes)) => changes,
        };
        // The change that holds was this year, last year, or on the other side of a New Year that comes earlier or
        // later than UTC's.
        let year = instant.year();
        let mut times: Vec<(NaiveDateTime, i32)> = Vec::new();
        for year in year - 1..=year + 1 {
            for change in changes {
                let Some(local) = change.in_year(year) else { continue };
                // A handful, nearly in order; the library's sort would weigh a kilobyte.
                let at = times.partition_point(|(earlier, _)| *earlier <= local);
                times.insert(at, (local, change.offset));
            }
        }
        let mut offset = times.last().map_or(0, |(_, offset)| *offset);
        for (local, next) in times {
            // Each change is read on the clock that it changes.
            let clock = instant.naive_utc().checked_add_signed(TimeDelta::seconds(offset.into()));
            if clock.is_none_or(|clock| clock < local) {
                break;
            }
            offset = next;
        }
        offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zone::{IanaRules, ZoneId, ZoneRules, seconds_of_duration};

    const HOUR: i32 = 3600;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn weekday(month: i32, weekday: Weekday, occurrence: i32, hour: i32, offset: i32) -> Change {
        Change { day: YearDay::weekday(month, weekday, occurrence).unwrap(), time: hour * HOUR, offset: offset * HOUR }
    }

    fn yearly(changes: Vec<Change>) -> Clock {
        Clock::Yearly(Changes::new(changes).unwrap())
    }

    /// What a "Mitteleuropäische Zeit" carries.
    fn western_europe() -> CustomRules {
        let bias = |text| offset_of_bias(seconds_of_duration(text).unwrap());
        let last_sunday = |month| YearDay::weekday(month, Weekday::Sun, -1).unwrap();
        CustomRules::standard_and_daylight(
            Change { day: last_sunday(10), time: 3 * HOUR, offset: bias("-PT1H") },
            Change { day: last_sunday(3), time: 2 * HOUR, offset: bias("-PT2H") },
        )
    }

    #[test]
    fn the_clock_changes_at_the_moment_that_the_rules_say() {
        #[rustfmt::skip]
        let cases = [
            ("2027-03-28T00:59:59Z", 1),
            ("2027-03-28T01:00:00Z", 2),
            ("2027-10-31T00:59:59Z", 2),
            ("2027-10-31T01:00:00Z", 1),
            ("2026-12-31T23:59:59Z", 1),
            ("2027-01-01T00:00:00Z", 1),
        ];
        for (at, hours) in cases {
            assert_eq!(western_europe().offset_at(instant(at)), hours * HOUR, "{at}");
        }
    }

    #[test]
    fn a_southern_summer_lasts_over_new_year() {
        // Sydney, and with it every day on which two years meet in two zones.
        let rules =
            CustomRules::new(yearly(vec![weekday(4, Weekday::Sun, 1, 3, 10), weekday(10, Weekday::Sun, 1, 2, 11)]));
        let sydney = ZoneId::new("Australia/Sydney");
        for hours in 0..3 * 366 * 24 {
            let at = instant("2026-01-01T00:00:00Z") + TimeDelta::hours(hours);
            assert_eq!(Some(rules.offset_at(at)), IanaRules.offset_at(&sydney, at), "{at}");
        }
    }

    #[test]
    fn eras_follow_each_other() {
        // Eastern Time as Exchange tells it: other Sundays since 2007.
        let rules =
            CustomRules::new(yearly(vec![weekday(4, Weekday::Sun, 1, 2, -4), weekday(10, Weekday::Sun, -1, 2, -5)]));
        let since_2007 = yearly(vec![weekday(3, Weekday::Sun, 2, 2, -4), weekday(11, Weekday::Sun, 1, 2, -5)]);
        let new_year = "2007-01-01T00:00:00".parse().unwrap();
        let rules = rules.then(Onset::WallClock(new_year), since_2007).unwrap();
        let new_york = ZoneId::new("America/New_York");
        for hours in 0..4 * 365 * 24 {
            let at = instant("2005-01-01T00:00:00Z") + TimeDelta::hours(hours);
            assert_eq!(Some(rules.offset_at(at)), IanaRules.offset_at(&new_york, at), "{at}");
        }
    }

    #[test]
    fn an_era_begins_by_the_clock_before_it_or_at_an_instant() {
        // Moscow stayed in summer from 27 March 2011, and in winter from 26 October 2014.
        let wall_clock = |text: &str| Onset::WallClock(text.parse().unwrap());
        let rules = CustomRules::new(Clock::Fixed(3 * HOUR))
            .then(wall_clock("2011-03-27T02:00:00"), Clock::Fixed(4 * HOUR))
            .and_then(|rules| rules.then(Onset::Instant(instant("2014-10-25T22:00:00Z")), Clock::Fixed(3 * HOUR)))
            .unwrap();
        #[rustfmt::skip]
        let cases = [
            ("2011-03-26T22:59:59Z", 3),
            ("2011-03-26T23:00:00Z", 4),
            ("2014-10-25T21:59:59Z", 4),
            ("2014-10-25T22:00:00Z", 3),
        ];
        for (at, hours) in cases {
            assert_eq!(rules.offset_at(instant(at)), hours * HOUR, "{at}");
        }
        assert_eq!(rules.then(wall_clock("2012-01-01T00:00:00"), Clock::Fixed(0)), None, "back in time");
    }

    #[test]
    fn a_day_of_the_year_is_found_in_each_year() {
        let date = |text: &str| text.parse::<NaiveDate>().ok();
        #[rustfmt::skip]
        let cases = [
            (YearDay::weekday(3, Weekday::Sun, -1), 2027, date("2027-03-28")),
            (YearDay::weekday(3, Weekday::Sun, 5),  2026, date("2026-03-29")),
            (YearDay::weekday(3, Weekday::Sun, 5),  2027, date("2027-03-28")),  // there are only four
            (YearDay::weekday(11, Weekday::Sun, 1), 2026, date("2026-11-01")),
            (YearDay::weekday(12, Weekday::Fri, -1), 2027, date("2027-12-31")),
            (YearDay::date(2, 29),                  2028, date("2028-02-29")),
            (YearDay::date(2, 29),                  2027, None),
        ];
        for (day, year, expected) in cases {
            assert_eq!(day.unwrap().in_year(year), expected, "{day:?} in {year}");
        }
        let impossible = [
            YearDay::date(2, 30),
            YearDay::date(13, 1),
            YearDay::date(-1, 1),
            YearDay::date(1, 0),
            YearDay::weekday(0, Weekday::Sun, 1),
            YearDay::weekday(3, Weekday::Sun, 0),
            YearDay::weekday(3, Weekday::Sun, 6),
            YearDay::weekday(3, Weekday::Sun, -2),
        ];
        assert_eq!(impossible, [None; 8]);
    }

    #[test]
    fn rules_at_the_ends_of_time_are_no_panic() {
        for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            western_europe().offset_at(at);
            let absurd = yearly(vec![weekday(1, Weekday::Mon, 1, i32::MAX / HOUR, i32::MAX / HOUR)]);
            CustomRules::new(absurd).offset_at(at);
            let rules = CustomRules::new(Clock::Fixed(i32::MIN));
            let _ = rules.then(Onset::WallClock(at.naive_utc()), Clock::Fixed(0));
        }
    }
}
