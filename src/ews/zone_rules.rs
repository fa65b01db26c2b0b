//! A zone's rules as Exchange tells them ([`ZoneDefinition`]), as the rules that [`crate::zone`] can compare with zones
//! that we know.

use crate::ews::zone_definition::{Moment, Target, Transition, ZoneDefinition};
use crate::zone::{Change, Changes, Clock, CustomRules, Onset, YearDay, offset_of_bias};

/// The definition's rules; `None` where it tells none, or none that fit together.
pub fn rules_of(zone: &ZoneDefinition) -> Option<CustomRules> {
    let mut rules: Option<CustomRules> = None;
    for transition in &zone.transitions {
        let clock = clock_of(zone, &transition.to)?;
        rules = Some(match (rules, transition.moment) {
            (None, _) => CustomRules::new(clock),
            (Some(rules), Moment::On(local)) => rules.then(Onset::WallClock(local), clock)?,
            (Some(_), _) => return None,
        });
    }
    // A server may tell one period and nothing else: then that is what always holds.
    match (rules, zone.periods.as_slice()) {
        (None, [only]) => Some(CustomRules::new(Clock::Fixed(offset_of_bias(only.bias_seconds)))),
        (rules, _) => rules,
    }
}

fn clock_of(zone: &ZoneDefinition, target: &Target) -> Option<Clock> {
    let group = match target {
        Target::Period(_) => return offset_at(zone, target).map(Clock::Fixed),
        Target::Group(id) => zone.groups.iter().find(|group| group.id == *id)?,
    };
    match group.transitions.as_slice() {
        [Transition { moment: Moment::Always | Moment::On(_), to }] => offset_at(zone, to).map(Clock::Fixed),
        yearly => {
            let changes: Option<Vec<Change>> = yearly.iter().map(|transition| change_of(zone, transition)).collect();
            Changes::new(changes?).map(Clock::Yearly)
        }
    }
}

fn change_of(zone: &ZoneDefinition, transition: &Transition) -> Option<Change> {
    let number = |number: u32| i32::try_from(number).ok();
    let (day, time) = match transition.moment {
        Moment::EveryYearOnDay { month, weekday, occurrence, seconds } => {
            (YearDay::weekday(number(month)?, weekday, occurrence)?, seconds)
        }
        Moment::EveryYearOnDate { month, day, seconds } => (YearDay::date(number(month)?, number(day)?)?, seconds),
        Moment::Always | Moment::On(_) => return None,
    };
    Some(Change { day, time, offset: offset_at(zone, &transition.to)? })
}

/// Seconds east of UTC in a period.
fn offset_at(zone: &ZoneDefinition, target: &Target) -> Option<i32> {
    let Target::Period(id) = target else { return None };
    let period = zone.periods.iter().find(|period| period.id == *id)?;
    Some(offset_of_bias(period.bias_seconds))
}
