//! A time-zone definition: periods, groups of transitions, and when which group is in force.
//!
//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/timezonedefinition>
//!
//! A transition says its time on the wall as it is before the clock is changed.

use chrono::{
    DateTime, Datelike as _, Days, FixedOffset, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday,
};

use super::super::recurrence::day_name;
use super::super::xml::Element;

mod read;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    pub periods: Vec<Period>,
    pub groups: Vec<Group>,
    /// In order; the first one is in force from the beginning.
    pub turns: Vec<Turn>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    pub id: String,
    pub name: String,
    /// Seconds to the east of UTC: the opposite of Exchange's Bias.
    pub offset: i32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: String,
    pub transitions: Vec<Transition>,
}

/// From when on a group, or one period for good, is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// On the wall; `None`: from the beginning.
    pub at: Option<NaiveDateTime>,
    pub to: Target,
}

/// Places in `groups` and `periods`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Group(usize),
    Period(usize),
}

/// When, each year, a period begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// A place in `periods`.
    pub to: usize,
    pub when: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Always,
    /// RecurringDayTransition: the first to fourth such day of the month, or -1 for the last one.
    Day {
        month: u32,
        weekday: Weekday,
        nth: i32,
        seconds: i64,
    },
    /// RecurringDateTransition
    Date {
        month: u32,
        day: u32,
        seconds: i64,
    },
}

impl When {
    fn in_year(self, year: i32) -> Option<NaiveDateTime> {
        let (date, seconds) = match self {
            When::Always => (NaiveDate::from_ymd_opt(year, 1, 1)?, 0),
            When::Date { month, day, seconds } => (NaiveDate::from_ymd_opt(year, month, day)?, seconds),
            When::Day { month, weekday, nth, seconds } => (nth_weekday(year, month, weekday, nth)?, seconds),
        };
        Some(date.and_time(NaiveTime::MIN) + TimeDelta::seconds(seconds))
    }
}

/// The last one where the month has no fifth.
fn nth_weekday(year: i32, month: u32, weekday: Weekday, nth: i32) -> Option<NaiveDate> {
    let found = u8::try_from(nth).ok().and_then(|nth| NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth));
    found.or_else(|| {
        let next = NaiveDate::from_ymd_opt(year, month, 1)? + Months::new(1);
        (1..=7).map(|days| next - Days::new(days)).find(|date| date.weekday() == weekday)
    })
}

impl Definition {
    pub fn offset(&self, instant: DateTime<Utc>) -> FixedOffset {
        let year = instant.year();
        let from = NaiveDate::from_ymd_opt(year - 1, 1, 1).unwrap_or_default().and_time(NaiveTime::MIN);
        let mut changes: Vec<(NaiveDateTime, usize)> =
            (year - 1..=year + 1).flat_map(|year| self.changes(year)).collect();
        changes.sort();
        let mut offset = self.offset_of(self.period_on(from));
        for (wall, period) in changes {
            if wall - TimeDelta::seconds(offset.into()) > instant.naive_utc() {
                break;
            }
            offset = self.offset_of(period);
        }
        FixedOffset::east_opt(offset).unwrap_or_else(|| chrono::Offset::fix(&Utc))
    }

    fn offset_of(&self, period: usize) -> i32 {
        self.periods.get(period).map_or(0, |period| period.offset)
    }

    /// Everything that happens to the clock in a year.
    fn changes(&self, year: i32) -> Vec<(NaiveDateTime, usize)> {
        let turns = self.turns.iter().filter_map(|turn| turn.at).filter(|at| at.year() == year);
        let turns = turns.map(|at| (at, self.period_on(at)));
        let groups = self.groups.iter().enumerate().flat_map(|(place, group)| {
            let transitions = group.transitions.iter();
            let changes = transitions.filter_map(move |change| change.when.in_year(year).map(|at| (at, change.to)));
            changes.filter(move |(at, _)| self.in_force(*at) == Some(Target::Group(place)))
        });
        turns.chain(groups).collect()
    }

    fn in_force(&self, wall: NaiveDateTime) -> Option<Target> {
        let begun = |turn: &&Turn| turn.at.is_none_or(|at| at <= wall);
        self.turns.iter().rfind(begun).or(self.turns.first()).map(|turn| turn.to)
    }

    /// The period at a time on the wall.
    fn period_on(&self, wall: NaiveDateTime) -> usize {
        let group = match self.in_force(wall) {
            Some(Target::Group(place)) => self.groups.get(place),
            Some(Target::Period(period)) => return period,
            None => None,
        };
        let changes_in = |year| {
            let transitions = group.into_iter().flat_map(|group| &group.transitions);
            transitions.filter_map(move |change| change.when.in_year(year).map(|at| (at, change.to)))
        };
        let changes = [wall.year() - 1, wall.year()].into_iter().flat_map(changes_in);
        changes.filter(|(at, _)| *at <= wall).max().map_or(0, |(_, period)| period)
    }

    /// What stands inside TimeZoneDefinition, StartTimeZone and EndTimeZone.
    pub fn to_elements(&self) -> Vec<Element> {
        let periods = self.periods.iter().map(|period| {
            Element::new("t:Period")
                .attribute("Bias", duration(-i64::from(period.offset)))
                .attribute("Name", period.name.clone())
                .attribute("Id", period.id.clone())
        });
        let groups = self.groups.iter().map(|group| {
            let transitions = group.transitions.iter().map(|transition| self.transition(transition));
            Element::new("t:TransitionsGroup").attribute("Id", group.id.clone()).children(transitions)
        });
        let turns = self.turns.iter().map(|turn| match turn.at {
            None => Element::new("t:Transition").child(self.target(turn.to)),
            Some(at) => Element::new("t:AbsoluteDateTransition")
                .child(self.target(turn.to))
                .child(Element::new("t:DateTime").text(at.format("%Y-%m-%dT%H:%M:%S").to_string())),
        });
        let groups = Some(Element::new("t:TransitionsGroups").children(groups)).filter(|_| !self.groups.is_empty());
        [Element::new("t:Periods").children(periods)]
            .into_iter()
            .chain(groups)
            .chain([Element::new("t:Transitions").children(turns)])
            .collect()
    }

    fn target(&self, target: Target) -> Element {
        let (kind, id) = match target {
            Target::Group(place) => ("Group", self.groups.get(place).map(|group| &group.id)),
            Target::Period(place) => ("Period", self.periods.get(place).map(|period| &period.id)),
        };
        Element::new("t:To").attribute("Kind", kind).text(id.cloned().unwrap_or_default())
    }

    fn transition(&self, transition: &Transition) -> Element {
        let to = self.target(Target::Period(transition.to));
        let text = |name: &'static str, text: String| Element::new(name).text(text);
        let at = |name: &'static str, seconds: i64, month: u32| {
            let offset = text("t:TimeOffset", duration(seconds));
            Element::new(name).child(to.clone()).child(offset).child(text("t:Month", month.to_string()))
        };
        match transition.when {
            When::Always => Element::new("t:Transition").child(to),
            When::Day { month, weekday, nth, seconds } => at("t:RecurringDayTransition", seconds, month)
                .child(text("t:DayOfWeek", day_name(weekday).to_owned()))
                .child(text("t:Occurrence", nth.to_string())),
            When::Date { month, day, seconds } => {
                at("t:RecurringDateTransition", seconds, month).child(text("t:Day", day.to_string()))
            }
        }
    }
}

/// xs:duration of less than a day, as .NET writes it: `-PT5H30M`, `PT0S`.
fn duration(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.abs();
    let part = |number: i64, unit: char| if number == 0 { String::new() } else { format!("{number}{unit}") };
    let clock = part(seconds / 3600, 'H') + &part(seconds / 60 % 60, 'M') + &part(seconds % 60, 'S');
    if clock.is_empty() { "PT0S".to_owned() } else { format!("{sign}PT{clock}") }
}
