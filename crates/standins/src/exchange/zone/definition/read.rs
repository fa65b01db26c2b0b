//! A definition that a client brings along.

use chrono::NaiveDateTime;
use roxmltree::Node;

use super::super::super::code::Refusal;
use super::super::super::recurrence::day_from_name;
use super::super::super::xml;
use super::{Definition, Group, Period, Target, Transition, Turn, When};

impl Definition {
    /// From inside TimeZoneDefinition, StartTimeZone or EndTimeZone; `None` when there is nothing inside.
    ///
    /// # Errors
    /// ErrorCalendarInvalidTimeZone for rules that lead nowhere.
    pub fn read(node: Node) -> Result<Option<Self>, Refusal> {
        let Some(periods) = xml::child(node, "Periods") else { return Ok(None) };
        let read = read(node, periods);
        read.map(Some).ok_or_else(|| Refusal::new("ErrorCalendarInvalidTimeZone"))
    }
}

fn read(node: Node, periods: Node) -> Option<Definition> {
    let periods = xml::elements(periods).map(period).collect::<Option<Vec<_>>>()?;
    let groups = xml::child(node, "TransitionsGroups").into_iter().flat_map(xml::elements);
    let groups = groups.map(|node| group(node, &periods)).collect::<Option<Vec<_>>>()?;
    let turns = xml::child(node, "Transitions").into_iter().flat_map(xml::elements);
    let mut turns = turns.map(|node| turn(node, &periods, &groups)).collect::<Option<Vec<_>>>()?;
    if turns.is_empty() {
        turns.push(Turn { at: None, to: if groups.is_empty() { Target::Period(0) } else { Target::Group(0) } });
    }
    Some(Definition { periods, groups, turns })
}

fn period(node: Node) -> Option<Period> {
    let attribute = |name| node.attribute(name).unwrap_or_default().to_owned();
    let bias = seconds(&attribute("Bias")).filter(|bias| bias.abs() < 86_400)?;
    Some(Period { id: attribute("Id"), name: attribute("Name"), offset: i32::try_from(-bias).ok()? })
}

fn group(node: Node, periods: &[Period]) -> Option<Group> {
    let transitions = xml::elements(node).map(|node| transition(node, periods)).collect::<Option<Vec<_>>>()?;
    let id = node.attribute("Id").unwrap_or_default().to_owned();
    Some(Group { id, transitions }).filter(|group| !group.transitions.is_empty())
}

fn transition(node: Node, periods: &[Period]) -> Option<Transition> {
    let Target::Period(to) = target(node, periods, &[])? else { return None };
    let number = |name| xml::child_text(node, name)?.trim().parse::<i32>().ok();
    let positive = |name| number(name).and_then(|number| u32::try_from(number).ok());
    let offset = || seconds(xml::child_text(node, "TimeOffset")?.trim());
    let month = || positive("Month").filter(|month| (1..=12).contains(month));
    let when = match node.tag_name().name() {
        "Transition" => When::Always,
        "RecurringDayTransition" => When::Day {
            month: month()?,
            weekday: day_from_name(xml::child_text(node, "DayOfWeek")?.trim())?,
            nth: number("Occurrence").filter(|nth| matches!(nth, -1 | 1..=5))?,
            seconds: offset()?,
        },
        "RecurringDateTransition" => When::Date { month: month()?, day: positive("Day")?, seconds: offset()? },
        _ => return None,
    };
    Some(Transition { to, when })
}

fn turn(node: Node, periods: &[Period], groups: &[Group]) -> Option<Turn> {
    let to = target(node, periods, groups)?;
    let at = match xml::child_text(node, "DateTime") {
        Some(text) => {
            let text = text.trim().trim_end_matches('Z');
            Some(NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()?)
        }
        None => None,
    };
    Some(Turn { at, to })
}

fn target(node: Node, periods: &[Period], groups: &[Group]) -> Option<Target> {
    let to = xml::child(node, "To")?;
    let id = xml::text(to);
    match to.attribute("Kind")? {
        "Period" => periods.iter().position(|period| period.id == id).map(Target::Period),
        _ => groups.iter().position(|group| group.id == id).map(Target::Group),
    }
}

/// xs:duration, as far as hours, minutes and seconds go: `-PT5H30M`, `PT120M`.
fn seconds(text: &str) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let mut total = 0;
    let mut number = String::new();
    for character in text.strip_prefix("PT").or_else(|| text.strip_prefix("P0DT"))?.chars() {
        let unit = match character {
            'H' => 3600,
            'M' => 60,
            'S' => 1,
            digit => {
                number.push(digit);
                continue;
            }
        };
        // .NET may write a fraction of a second, and always a zero one.
        let whole = number.split('.').next().unwrap_or_default();
        total += whole.parse::<i64>().ok().filter(|number| *number < 100_000)? * unit;
        number.clear();
    }
    number.is_empty().then_some(sign * total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_dotnet_and_outlook_write_them() {
        let cases = [
            ("PT5H", Some(18_000)),
            ("-PT1H", Some(-3_600)),
            ("-PT5H30M", Some(-19_800)),
            ("PT120M", Some(7_200)),
            ("PT23H59M59.999S", Some(86_399)),
            ("P0DT2H", Some(7_200)),
            ("PT0S", Some(0)),
            ("5H", None),
            ("PTH", None),
            ("PT5", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
