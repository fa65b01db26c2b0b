//! `<t:Recurrence>`: a pattern and a range, to and from [`Recurrence`].
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/recurrence-recurrencetype>
//!
//! Both are choices told by the element's name (`WeeklyRecurrence`, `EndDateRecurrence`). The range's StartDate is read
//! only to be ignored: servers write it with an offset, as a dateTime, or as another day than the first occurrence's
//! (R26), while the item's own Start says plainly when the first one is.

use chrono::NaiveDate;

use crate::ews::item::values;
use crate::ews::xml::{Element, Writer};
use crate::recurrence::{
    Count, DayInterval, DayOfMonth, DayOfWeek, Interval, Month, Pattern, Range, Recurrence, WeekDays, WeekIndex,
    Weekday,
};
use crate::rfc3339::date_text;

/// Reads the element; `Err` names the part that Exchange has never documented, or that says nothing possible.
pub(super) fn read(mut element: Element<'_, '_>) -> Result<Recurrence, String> {
    let (mut pattern, mut range) = (None, None);
    while let Some(part) = element.child() {
        let name = part.name().to_owned();
        let parts = Parts::read(part);
        if name.ends_with("Recurrence") && ["NoEnd", "EndDate", "Numbered"].iter().any(|kind| name.starts_with(kind)) {
            range = Some(range_of(&name, &parts).ok_or(name)?);
        } else {
            pattern = Some(pattern_of(&name, &parts).ok_or(name)?);
        }
    }
    // Without a range it goes on: a server that leaves the element out means that nothing ends it.
    let pattern = pattern.ok_or_else(|| "Recurrence without a pattern".to_owned())?;
    Ok(Recurrence { pattern, range: range.unwrap_or(Range::NoEnd) })
}

/// The texts inside a pattern or a range, whatever their order.
#[derive(Default)]
struct Parts {
    interval: Option<String>,
    days: Option<String>,
    index: Option<String>,
    first_day: Option<String>,
    day_of_month: Option<String>,
    month: Option<String>,
    end: Option<String>,
    count: Option<String>,
}

impl Parts {
    fn read(mut element: Element<'_, '_>) -> Self {
        let mut parts = Parts::default();
        while let Some(part) = element.child() {
            let place = match part.name() {
                "Interval" => &mut parts.interval,
                "DaysOfWeek" => &mut parts.days,
                "DayOfWeekIndex" => &mut parts.index,
                "FirstDayOfWeek" => &mut parts.first_day,
                "DayOfMonth" => &mut parts.day_of_month,
                "Month" => &mut parts.month,
                "EndDate" => &mut parts.end,
                "NumberOfOccurrences" => &mut parts.count,
                _ => continue,
            };
            *place = Some(part.text().trim().to_owned());
        }
        parts
    }

    /// Left out, it is 1.
    fn every<T>(&self, new: fn(u32) -> Option<T>) -> Option<T> {
        self.interval.as_ref().map_or(Some(1), |text| text.parse().ok()).and_then(new)
    }

    fn day_of_month(&self) -> Option<DayOfMonth> {
        DayOfMonth::new(self.day_of_month.as_ref()?.parse().ok()?)
    }

    fn month(&self) -> Option<Month> {
        named(&MONTHS, self.month.as_ref()?).and_then(|place| Month::ALL.get(place).copied())
    }

    fn index(&self) -> Option<WeekIndex> {
        named(&INDEXES, self.index.as_ref()?).and_then(|place| WeekIndex::ALL.get(place).copied())
    }

    /// One kind of day that is counted.
    fn day(&self) -> Option<DayOfWeek> {
        named(&DAYS, self.days.as_ref()?).and_then(|place| DayOfWeek::ALL.get(place).copied())
    }

    /// Several days; `Day`, `Weekday` and `WeekendDay` are several too.
    fn days(&self) -> Option<WeekDays> {
        let places = self.days.as_ref()?.split_whitespace().map(|name| named(&DAYS, name));
        let kinds: Option<Vec<DayOfWeek>> = places.map(|place| DayOfWeek::ALL.get(place?).copied()).collect();
        WeekDays::new(kinds?.into_iter().flat_map(|kind| kind.days().iter().collect::<Vec<_>>()))
    }

    /// Left out, it is Sunday: so says Exchange 2007, which did not know the element.
    fn first_day(&self) -> Option<Weekday> {
        let Some(name) = &self.first_day else { return Some(Weekday::Sunday) };
        named(&DAYS, name).and_then(|place| Weekday::ALL.get(place).copied())
    }
}

fn named(names: &[&str], name: &str) -> Option<usize> {
    names.iter().position(|known| known.eq_ignore_ascii_case(name))
}

fn pattern_of(name: &str, parts: &Parts) -> Option<Pattern> {
    Some(match name {
        "DailyRecurrence" => Pattern::Daily { interval: parts.every(DayInterval::new)? },
        "WeeklyRecurrence" => Pattern::Weekly {
            interval: parts.every(Interval::new)?,
            days: parts.days()?,
            first_day_of_week: parts.first_day()?,
        },
        "AbsoluteMonthlyRecurrence" => {
            Pattern::AbsoluteMonthly { interval: parts.every(Interval::new)?, day_of_month: parts.day_of_month()? }
        }
        "RelativeMonthlyRecurrence" => {
            Pattern::RelativeMonthly { interval: parts.every(Interval::new)?, day: parts.day()?, index: parts.index()? }
        }
        "AbsoluteYearlyRecurrence" => {
            Pattern::AbsoluteYearly { month: parts.month()?, day_of_month: parts.day_of_month()? }
        }
        "RelativeYearlyRecurrence" => {
            Pattern::RelativeYearly { month: parts.month()?, day: parts.day()?, index: parts.index()? }
        }
        _ => return None,
    })
}

fn range_of(name: &str, parts: &Parts) -> Option<Range> {
    Some(match name {
        "NoEndRecurrence" => Range::NoEnd,
        "EndDateRecurrence" => Range::EndDate(values::date(parts.end.as_ref()?)?),
        "NumberedRecurrence" => Range::Numbered(Count::new(parts.count.as_ref()?.parse().ok()?)?),
        _ => return None,
    })
}

/// Writes what is inside the element: the pattern, then the range, in the schema's order. `first` is the first
/// occurrence's date.
pub(super) fn write(recurrence: &Recurrence, first: NaiveDate, xml: &mut Writer) {
    write_pattern(&recurrence.pattern, xml);
    let first = date_text(first);
    match recurrence.range {
        Range::NoEnd => xml.element("t:NoEndRecurrence", &[], |xml| xml.text("t:StartDate", &[], &first)),
        Range::EndDate(last) => xml.element("t:EndDateRecurrence", &[], |xml| {
            xml.text("t:StartDate", &[], &first);
            xml.text("t:EndDate", &[], &date_text(last));
        }),
        Range::Numbered(count) => xml.element("t:NumberedRecurrence", &[], |xml| {
            xml.text("t:StartDate", &[], &first);
            xml.text("t:NumberOfOccurrences", &[], &count.get().to_string());
        }),
    }
}

fn write_pattern(pattern: &Pattern, xml: &mut Writer) {
    let number = |name: &str, value: u32, xml: &mut Writer| xml.text(name, &[], &value.to_string());
    let day = |day: DayOfWeek, xml: &mut Writer| xml.text("t:DaysOfWeek", &[], DAYS[day as usize]);
    let index = |index: WeekIndex, xml: &mut Writer| xml.text("t:DayOfWeekIndex", &[], INDEXES[index as usize]);
    let month = |month: Month, xml: &mut Writer| xml.text("t:Month", &[], MONTHS[month as usize]);
    match *pattern {
        Pattern::Daily { interval } => {
            xml.element("t:DailyRecurrence", &[], |xml| number("t:Interval", interval.get(), xml));
        }
        Pattern::Weekly { interval, days, first_day_of_week } => xml.element("t:WeeklyRecurrence", &[], |xml| {
            number("t:Interval", interval.get(), xml);
            let days: Vec<_> = days.iter().map(|day| DAYS[day as usize]).collect();
            xml.text("t:DaysOfWeek", &[], &days.join(" "));
            xml.text("t:FirstDayOfWeek", &[], DAYS[first_day_of_week as usize]);
        }),
        Pattern::AbsoluteMonthly { interval, day_of_month } => {
            xml.element("t:AbsoluteMonthlyRecurrence", &[], |xml| {
                number("t:Interval", interval.get(), xml);
                number("t:DayOfMonth", day_of_month.get(), xml);
            });
        }
        Pattern::RelativeMonthly { interval, day: kind, index: which } => {
            xml.element("t:RelativeMonthlyRecurrence", &[], |xml| {
                number("t:Interval", interval.get(), xml);
                day(kind, xml);
                index(which, xml);
            });
        }
        Pattern::AbsoluteYearly { month: which, day_of_month } => {
            xml.element("t:AbsoluteYearlyRecurrence", &[], |xml| {
                number("t:DayOfMonth", day_of_month.get(), xml);
                month(which, xml);
            });
        }
        Pattern::RelativeYearly { month: which_month, day: kind, index: which } => {
            xml.element("t:RelativeYearlyRecurrence", &[], |xml| {
                day(kind, xml);
                index(which, xml);
                month(which_month, xml);
            });
        }
    }
}

/// DayOfWeekType, in the order of [`DayOfWeek`] (and of [`Weekday`], which is its beginning).
const DAYS: [&str; 10] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Day", "Weekday", "WeekendDay"];

const INDEXES: [&str; 5] = ["First", "Second", "Third", "Fourth", "Last"];

const MONTHS: [&str; 12] = [
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

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::ews::xml::Document;

    fn read_text(inside: &str) -> Result<Recurrence, String> {
        let text = format!("<t:Recurrence>{inside}</t:Recurrence>");
        let mut document = Document::new(&text);
        let recurrence = read(document.root().expect("an element"));
        assert_eq!(document.finish(), Ok(()));
        recurrence
    }

    fn written(recurrence: &Recurrence) -> String {
        let mut xml = Writer::default();
        write(recurrence, NaiveDate::from_ymd_opt(2027, 1, 11).unwrap(), &mut xml);
        String::from_utf8(xml.into_bytes()).unwrap()
    }

    #[test]
    fn each_pattern_and_each_range_is_written_in_the_schemas_order_and_read_back() {
        let (interval, every) = (Interval::new(2).unwrap(), DayInterval::new(3).unwrap());
        let day_of_month = DayOfMonth::new(31).unwrap();
        let (day, index, month) = (DayOfWeek::WeekendDay, WeekIndex::Last, Month::May);
        let days = WeekDays::new([Weekday::Friday, Weekday::Monday]).unwrap();
        #[rustfmt::skip]
        let patterns = [
            (Pattern::Daily { interval: every },
             "<t:DailyRecurrence><t:Interval>3</t:Interval></t:DailyRecurrence>"),
            (Pattern::Weekly { interval, days, first_day_of_week: Weekday::Sunday },
             "<t:WeeklyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Monday Friday</t:DaysOfWeek><t:FirstDayOfWeek>Sunday</t:FirstDayOfWeek></t:WeeklyRecurrence>"),
            (Pattern::AbsoluteMonthly { interval, day_of_month },
             "<t:AbsoluteMonthlyRecurrence><t:Interval>2</t:Interval><t:DayOfMonth>31</t:DayOfMonth></t:AbsoluteMonthlyRecurrence>"),
            (Pattern::RelativeMonthly { interval, day, index },
             "<t:RelativeMonthlyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>WeekendDay</t:DaysOfWeek><t:DayOfWeekIndex>Last</t:DayOfWeekIndex></t:RelativeMonthlyRecurrence>"),
            (Pattern::AbsoluteYearly { month, day_of_month },
             "<t:AbsoluteYearlyRecurrence><t:DayOfMonth>31</t:DayOfMonth><t:Month>May</t:Month></t:AbsoluteYearlyRecurrence>"),
            (Pattern::RelativeYearly { month, day, index },
             "<t:RelativeYearlyRecurrence><t:DaysOfWeek>WeekendDay</t:DaysOfWeek><t:DayOfWeekIndex>Last</t:DayOfWeekIndex><t:Month>May</t:Month></t:RelativeYearlyRecurrence>"),
        ];
        let last = NaiveDate::from_ymd_opt(2028, 2, 29).unwrap();
        #[rustfmt::skip]
        let ranges = [
            (Range::NoEnd,                              "<t:NoEndRecurrence><t:StartDate>2027-01-11</t:StartDate></t:NoEndRecurrence>"),
            (Range::EndDate(last),                      "<t:EndDateRecurrence><t:StartDate>2027-01-11</t:StartDate><t:EndDate>2028-02-29</t:EndDate></t:EndDateRecurrence>"),
            (Range::Numbered(Count::new(7).unwrap()),   "<t:NumberedRecurrence><t:StartDate>2027-01-11</t:StartDate><t:NumberOfOccurrences>7</t:NumberOfOccurrences></t:NumberedRecurrence>"),
        ];
        for (pattern, pattern_text) in patterns {
            for (range, range_text) in ranges {
                let recurrence = Recurrence { pattern, range };
                let text = format!("{pattern_text}{range_text}");
                assert_eq!(written(&recurrence), text);
                assert_eq!(read_text(&text), Ok(recurrence));
            }
        }
    }

    #[test]
    fn what_servers_write_otherwise_is_understood_all_the_same() {
        let weekly = |first_day_of_week| Recurrence {
            pattern: Pattern::Weekly {
                interval: Interval::new(1).unwrap(),
                days: WeekDays::WEEKDAYS,
                first_day_of_week,
            },
            range: Range::EndDate(NaiveDate::from_ymd_opt(2027, 6, 30).unwrap()),
        };
        #[rustfmt::skip]
        let cases = [
            // the range first, a dateTime where a date belongs, no first day
            ("<EndDateRecurrence><StartDate>2027-01-11T00:00:00</StartDate><EndDate>2027-06-30T00:00:00</EndDate></EndDateRecurrence>\
              <WeeklyRecurrence><DaysOfWeek>Monday Tuesday Wednesday Thursday Friday</DaysOfWeek><Interval>1</Interval></WeeklyRecurrence>",
             Weekday::Sunday),
            // a date with an offset, several days by one name, small letters
            ("<WeeklyRecurrence><Interval> 1 </Interval><DaysOfWeek>Weekday</DaysOfWeek><FirstDayOfWeek>monday</FirstDayOfWeek></WeeklyRecurrence>\
              <EndDateRecurrence><EndDate>2027-06-30+01:00</EndDate></EndDateRecurrence>",
             Weekday::Monday),
            ("<WeeklyRecurrence><DaysOfWeek>Weekday</DaysOfWeek></WeeklyRecurrence><EndDateRecurrence><EndDate>2027-06-30Z</EndDate></EndDateRecurrence>",
             Weekday::Sunday),
        ];
        for (text, first_day) in cases {
            assert_eq!(read_text(text), Ok(weekly(first_day)), "{text}");
        }
    }

    #[test]
    fn what_no_exchange_says_is_refused_by_name() {
        #[rustfmt::skip]
        let cases = [
            ("",                                                                                    "Recurrence without a pattern"),
            ("<DailyRegeneration><Interval>1</Interval></DailyRegeneration><NoEndRecurrence/>",     "DailyRegeneration"),
            ("<DailyRecurrence><Interval>0</Interval></DailyRecurrence><NoEndRecurrence/>",         "DailyRecurrence"),
            ("<WeeklyRecurrence><Interval>1</Interval></WeeklyRecurrence><NoEndRecurrence/>",       "WeeklyRecurrence"),
            ("<DailyRecurrence/><NumberedRecurrence/>",                                             "NumberedRecurrence"),
            ("<LunarRecurrence><Month>Nisan</Month></LunarRecurrence><NoEndRecurrence/>",           "LunarRecurrence"),
        ];
        for (text, expected) in cases {
            assert_eq!(read_text(text), Err(expected.to_owned()), "{text}");
        }
    }
}
