//! A request's Recurrence, read and judged as Exchange judges it.
//!
//! The limits are Microsoft's: <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/interval>
//! (999 days, 99 weeks or months), .../numberofoccurrences (999), .../responsecode (what each code means).

use chrono::{NaiveDate, Weekday};
use roxmltree::Node;

use super::super::code::Refusal;
use super::super::xml;
use super::{DaySet, End, MONTHS, Nth, Pattern, Recurrence, day_from_name};

/// # Errors
/// Exchange's code for what is wrong with it. The schema has already seen to it that all elements are there.
pub fn read(node: Node) -> Result<Recurrence, Refusal> {
    let mut parts = xml::elements(node);
    let (pattern, range) = (parts.next(), parts.next());
    let pattern = pattern.ok_or_else(|| invalid("the pattern is missing"))?;
    let range = range.ok_or_else(|| invalid("the range is missing"))?;
    let (start, end) = read_range(range)?;
    Ok(Recurrence { pattern: read_pattern(pattern)?, start, end })
}

fn read_pattern(node: Node) -> Result<Pattern, Refusal> {
    let interval = |most| number(node, "Interval", most);
    Ok(match node.tag_name().name() {
        "DailyRecurrence" => Pattern::Daily { interval: interval(999)? },
        "WeeklyRecurrence" => Pattern::Weekly {
            interval: interval(99)?,
            days: days_of_weekly(node)?,
            // Exchange takes the first day from the culture of the request; without MailboxCulture that is en-US.
            first_day: word(node, "FirstDayOfWeek").map_or(Ok(Weekday::Sun), |name| one_day(&name))?,
        },
        "AbsoluteMonthlyRecurrence" => {
            Pattern::AbsoluteMonthly { interval: interval(99)?, day: number(node, "DayOfMonth", 31)? }
        }
        "RelativeMonthlyRecurrence" => {
            Pattern::RelativeMonthly { interval: interval(99)?, days: days(node)?, nth: nth(node)? }
        }
        "AbsoluteYearlyRecurrence" => {
            let (month, day) = (month(node)?, number(node, "DayOfMonth", 31)?);
            // 2028 is a leap year: 29 February is a day of a year, 30 February is none.
            NaiveDate::from_ymd_opt(2028, month, day).ok_or_else(|| invalid("there is no such day in that month"))?;
            Pattern::AbsoluteYearly { month, day }
        }
        "RelativeYearlyRecurrence" => {
            Pattern::RelativeYearly { month: month(node)?, days: days(node)?, nth: nth(node)? }
        }
        other => return Err(invalid(&format!("{other} is no pattern of a calendar item"))),
    })
}

fn read_range(node: Node) -> Result<(NaiveDate, End), Refusal> {
    let start = date(node, "StartDate")?;
    let end = match node.tag_name().name() {
        "NumberedRecurrence" => End::After(number(node, "NumberOfOccurrences", 999)?),
        "EndDateRecurrence" => {
            let end = date(node, "EndDate")?;
            if end < start {
                return Err(Refusal::new("ErrorCalendarEndDateIsEarlierThanStartDate").about_field(FIELD));
            }
            // [MS-OXOCAL] 2.2.1.44.1: the calendar ends on 31 August 4500.
            if Some(end) > NaiveDate::from_ymd_opt(4500, 9, 1) {
                return Err(Refusal::new("ErrorRecurrenceEndDateTooBig").about_field(FIELD));
            }
            End::On(end)
        }
        _ => End::Never,
    };
    Ok((start, end))
}

const FIELD: &str = "calendar:Recurrence";

fn invalid(why: &str) -> Refusal {
    let message = format!("The recurrence pattern was not valid: {why}.");
    Refusal::saying("ErrorCalendarInvalidRecurrence", message).about_field(FIELD)
}

fn word(node: Node, name: &str) -> Option<String> {
    xml::child_text(node, name).map(|text| text.trim().to_owned())
}

fn number(node: Node, name: &str, most: u32) -> Result<u32, Refusal> {
    let number = word(node, name).and_then(|text| text.parse::<u32>().ok());
    let within = number.filter(|number| (1..=most).contains(number));
    within.ok_or_else(|| Refusal::new("ErrorCalendarOutOfRange").about_field(FIELD))
}

fn date(node: Node, name: &str) -> Result<NaiveDate, Refusal> {
    word(node, name).and_then(|text| xml::parse_date(&text)).ok_or_else(|| invalid(&format!("{name} is no date")))
}

fn month(node: Node) -> Result<u32, Refusal> {
    let name = word(node, "Month").unwrap_or_default();
    let place = MONTHS.iter().position(|known| *known == name).and_then(|place| u32::try_from(place).ok());
    place.map(|place| place + 1).ok_or_else(|| invalid("Month is no month"))
}

fn nth(node: Node) -> Result<Nth, Refusal> {
    Nth::from_name(&word(node, "DayOfWeekIndex").unwrap_or_default()).ok_or_else(|| invalid("there is no such index"))
}

fn days(node: Node) -> Result<DaySet, Refusal> {
    DaySet::from_name(&word(node, "DaysOfWeek").unwrap_or_default()).ok_or_else(|| invalid("there are no such days"))
}

/// In the order of the week, each once, as Exchange gives them back.
fn days_of_weekly(node: Node) -> Result<Vec<Weekday>, Refusal> {
    let names = word(node, "DaysOfWeek").unwrap_or_default();
    let mut days = names.split_ascii_whitespace().map(one_day).collect::<Result<Vec<_>, _>>()?;
    days.sort_by_key(Weekday::num_days_from_sunday);
    days.dedup();
    if days.is_empty() { Err(invalid("there is no day of the week")) } else { Ok(days) }
}

/// A week has no day that is called Day, Weekday or WeekendDay.
fn one_day(name: &str) -> Result<Weekday, Refusal> {
    day_from_name(name).ok_or_else(|| Refusal::new("ErrorCalendarInvalidDayForWeeklyRecurrence").about_field(FIELD))
}
