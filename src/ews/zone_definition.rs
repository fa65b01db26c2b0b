//! A time zone with its rules, as a server tells it: in GetServerTimeZones, and in an item's StartTimeZone.
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/timezonedefinition>
//!
//! # What it means
//!
//! A [`Period`] is a time with one offset, standard or daylight. Its *bias* is what is added to the wall clock to get
//! UTC, so it is the offset with the sign turned round: `PT5H` in New York, `-PT1H` in Stockholm.
//!
//! A [`TransitionsGroup`] is how a year goes: to daylight time on the last Sunday of March at 02:00, back on the last
//! Sunday of October at 03:00. Each of its transitions leads to a period and is told by the wall clock that shows
//! *before* it. A group with one transition of kind [`Moment::Always`] is a year without changes.
//!
//! The definition's own *transitions* say which group applies, and since when; they lead to groups (a simple zone's
//! lead to its only period). The first is [`Moment::Always`]: from the beginning of time. The others are
//! [`Moment::On`] a date, again by the wall clock: since 2007, New York goes by other Sundays.
//!
//! ```text
//! transitions   always -> group 0            2007-01-01 -> group 1
//! group 0       first Sunday of April -> 2006-Daylight      last Sunday of October -> 2006-Standard
//! group 1       second Sunday of March -> 2007-Daylight     first Sunday of November -> 2007-Standard
//! periods       2006-Standard PT5H     2006-Daylight PT4H     2007-Standard PT5H     2007-Daylight PT4H
//! ```

use chrono::{NaiveDateTime, Weekday};

use crate::ews::xml::{Element, Writer};
use crate::rfc3339::{instant_from, instant_text};
use crate::zone::seconds_of_duration;

/// A `t:TimeZoneDefinition`, or what stands in the place of one (`t:StartTimeZone`).
///
/// The rules are there as a whole or not at all. One part that makes no sense empties all three lists, because half
/// of a zone's rules would give wrong times that nobody notices (R05).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ZoneDefinition {
    /// A Windows zone id, usually; also `Customized Time Zone`, an IANA id, a name in somebody's language (R05).
    pub id: String,
    /// For people: `(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien`. Often empty.
    pub name: String,
    /// Empty where the server told no rules.
    pub periods: Vec<Period>,
    pub groups: Vec<TransitionsGroup>,
    pub transitions: Vec<Transition>,
}

/// A time with one offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    pub id: String,
    /// `Standard`, `Daylight`, or anything else.
    pub name: String,
    /// UTC = wall clock + bias.
    pub bias_seconds: i32,
}

/// How a year goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransitionsGroup {
    pub id: String,
    /// In no particular order.
    pub transitions: Vec<Transition>,
}

/// From one offset, or one set of rules, to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    pub to: Target,
    pub moment: Moment,
}

/// Where a transition leads, by id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Period(String),
    Group(String),
}

/// When a transition happens, by the wall clock that shows before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// `Transition`: from the beginning, or all the time.
    Always,
    /// `AbsoluteDateTransition`: once.
    On(NaiveDateTime),
    /// `RecurringDayTransition`: every year on the `occurrence`th such weekday of the month (1 to 5), or counted from
    /// its end (-1 is the last). A fifth that does not exist is the last.
    EveryYearOnDay { month: u32, weekday: Weekday, occurrence: i32, seconds: i32 },
    /// `RecurringDateTransition`: every year on this date.
    EveryYearOnDate { month: u32, day: u32, seconds: i32 },
}

impl ZoneDefinition {
    /// Reads the element, whatever its name.
    pub fn read(mut element: Element<'_, '_>) -> Self {
        let attribute = |element: &Element<'_, '_>, name| element.attribute(name).unwrap_or_default().trim().to_owned();
        let mut zone = ZoneDefinition {
            id: attribute(&element, "Id"),
            name: attribute(&element, "Name"),
            ..ZoneDefinition::default()
        };
        let mut makes_sense = true;
        while let Some(mut part) = element.child() {
            match part.name() {
                "Periods" => {
                    while let Some(period) = part.child() {
                        let bias_seconds = period.attribute("Bias").and_then(|bias| seconds_of_duration(&bias));
                        makes_sense &= bias_seconds.is_some();
                        zone.periods.push(Period {
                            id: attribute(&period, "Id"),
                            name: attribute(&period, "Name"),
                            bias_seconds: bias_seconds.unwrap_or_default(),
                        });
                    }
                }
                "TransitionsGroups" => {
                    while let Some(group) = part.child() {
                        let id = attribute(&group, "Id");
                        let transitions = read_transitions(group, &mut makes_sense);
                        zone.groups.push(TransitionsGroup { id, transitions });
                    }
                }
                "Transitions" => zone.transitions = read_transitions(part, &mut makes_sense),
                _ => {}
            }
        }
        if !(makes_sense && zone.is_closed()) {
            zone.periods.clear();
            zone.groups.clear();
            zone.transitions.clear();
        }
        zone
    }

    /// Whether every transition leads to something that is there.
    fn is_closed(&self) -> bool {
        let mut all = self.groups.iter().flat_map(|group| &group.transitions).chain(&self.transitions);
        all.all(|transition| match &transition.to {
            Target::Period(id) => self.periods.iter().any(|period| period.id == *id),
            Target::Group(id) => self.groups.iter().any(|group| group.id == *id),
        })
    }

    /// Writes the definition as an element of that name, with its rules if it has any: a zone whose id the server does
    /// not know can be given only so.
    pub fn write(&self, name: &str, xml: &mut Writer) {
        let attributes = [("Id", self.id.as_str()), ("Name", self.name.as_str())];
        if self.periods.is_empty() {
            return xml.empty(name, &attributes);
        }
        xml.element(name, &attributes, |xml| {
            xml.element("t:Periods", &[], |xml| {
                for Period { id, name, bias_seconds } in &self.periods {
                    xml.empty("t:Period", &[("Bias", &duration(*bias_seconds)), ("Name", name), ("Id", id)]);
                }
            });
            if !self.groups.is_empty() {
                xml.element("t:TransitionsGroups", &[], |xml| {
                    for group in &self.groups {
                        let id = [("Id", group.id.as_str())];
                        xml.element("t:TransitionsGroup", &id, |xml| write_transitions(&group.transitions, xml));
                    }
                });
            }
            if !self.transitions.is_empty() {
                xml.element("t:Transitions", &[], |xml| write_transitions(&self.transitions, xml));
            }
        });
    }
}

fn read_transitions(mut list: Element<'_, '_>, make_sense: &mut bool) -> Vec<Transition> {
    let mut transitions = Vec::new();
    while let Some(element) = list.child() {
        match read_transition(element) {
            Some(transition) => transitions.push(transition),
            None => *make_sense = false,
        }
    }
    transitions
}

fn read_transition(mut element: Element<'_, '_>) -> Option<Transition> {
    let kind = element.name().to_owned();
    let (mut to, mut date_time, mut seconds, mut month, mut day, mut weekday, mut occurrence) = Default::default();
    while let Some(part) = element.child() {
        match part.name() {
            "To" => {
                let target = if part.attribute("Kind")? == "Group" { Target::Group } else { Target::Period };
                to = Some(target(part.text().trim().to_owned()));
            }
            "DateTime" => date_time = clock(part.text().trim()),
            "TimeOffset" => seconds = seconds_of_duration(&part.text()),
            "Month" => month = part.text().trim().parse().ok().filter(|month| (1..=12).contains(month)),
            "Day" => day = part.text().trim().parse().ok().filter(|day| (1..=31).contains(day)),
            "DayOfWeek" => weekday = weekday_named(part.text().trim()),
            "Occurrence" => {
                occurrence = part.text().trim().parse().ok().filter(|nth: &i32| (1..=5).contains(&nth.abs()));
            }
            _ => {}
        }
    }
    let moment = match kind.as_str() {
        "Transition" => Moment::Always,
        "AbsoluteDateTransition" => Moment::On(date_time?),
        "RecurringDayTransition" => {
            Moment::EveryYearOnDay { month: month?, weekday: weekday?, occurrence: occurrence?, seconds: seconds? }
        }
        "RecurringDateTransition" => Moment::EveryYearOnDate { month: month?, day: day?, seconds: seconds? },
        _ => return None,
    };
    Some(Transition { to: to?, moment })
}

fn write_transitions(transitions: &[Transition], xml: &mut Writer) {
    for Transition { to, moment } in transitions {
        let name = match moment {
            Moment::Always => "t:Transition",
            Moment::On(_) => "t:AbsoluteDateTransition",
            Moment::EveryYearOnDay { .. } => "t:RecurringDayTransition",
            Moment::EveryYearOnDate { .. } => "t:RecurringDateTransition",
        };
        xml.element(name, &[], |xml| {
            let (kind, id) = match to {
                Target::Period(id) => ("Period", id),
                Target::Group(id) => ("Group", id),
            };
            xml.text("t:To", &[("Kind", kind)], id);
            write_moment(*moment, xml);
        });
    }
}

fn write_moment(moment: Moment, xml: &mut Writer) {
    match moment {
        Moment::Always => {}
        Moment::On(clock) => {
            xml.text("t:DateTime", &[], instant_text(clock.and_utc()).trim_end_matches('Z'));
        }
        Moment::EveryYearOnDay { month, weekday, occurrence, seconds } => {
            xml.text("t:TimeOffset", &[], &duration(seconds));
            xml.text("t:Month", &[], &month.to_string());
            xml.text("t:DayOfWeek", &[], WEEKDAYS[weekday.num_days_from_sunday() as usize].0);
            xml.text("t:Occurrence", &[], &occurrence.to_string());
        }
        Moment::EveryYearOnDate { month, day, seconds } => {
            xml.text("t:TimeOffset", &[], &duration(seconds));
            xml.text("t:Month", &[], &month.to_string());
            xml.text("t:Day", &[], &day.to_string());
        }
    }
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Sunday", Weekday::Sun),
    ("Monday", Weekday::Mon),
    ("Tuesday", Weekday::Tue),
    ("Wednesday", Weekday::Wed),
    ("Thursday", Weekday::Thu),
    ("Friday", Weekday::Fri),
    ("Saturday", Weekday::Sat),
];

fn weekday_named(name: &str) -> Option<Weekday> {
    WEEKDAYS.iter().find(|(known, _)| *known == name).map(|(_, weekday)| *weekday)
}

/// What the wall clock shows, whatever zone the text claims to be in: servers write it with and without a `Z`.
fn clock(text: &str) -> Option<NaiveDateTime> {
    let local = text.get(..19)?;
    instant_from(&[local, "Z"].concat()).map(|instant| instant.naive_utc())
}

/// `xs:duration` in seconds alone, which is as good as any: `-PT3600S`.
fn duration(seconds: i32) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    [sign, "PT", &seconds.unsigned_abs().to_string(), "S"].concat()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::ews::xml::Document;

    const STOCKHOLM: &str = "<t:StartTimeZone Id='Customized Time Zone' Name='Mitteleuropäische Zeit'><t:Periods>\
        <t:Period Bias='-PT60M' Name='Standard' Id='std'/><t:Period Bias='-PT2H' Name='Daylight' Id='dlt'/></t:Periods>\
        <t:TransitionsGroups><t:TransitionsGroup Id='0'>\
        <t:RecurringDayTransition><t:To Kind='Period'>dlt</t:To><t:TimeOffset>P0DT2H0M0.0S</t:TimeOffset><t:Month>3</t:Month>\
        <t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>-1</t:Occurrence></t:RecurringDayTransition>\
        <t:RecurringDateTransition><t:To Kind='Period'>std</t:To><t:TimeOffset>PT3H</t:TimeOffset><t:Month>10</t:Month>\
        <t:Day>25</t:Day></t:RecurringDateTransition></t:TransitionsGroup></t:TransitionsGroups>\
        <t:Transitions><t:Transition><t:To Kind='Period'>std</t:To></t:Transition>\
        <t:AbsoluteDateTransition><t:To Kind='Group'>0</t:To><t:DateTime>1980-04-06T00:00:00Z</t:DateTime>\
        </t:AbsoluteDateTransition></t:Transitions></t:StartTimeZone>";

    fn read(text: &str) -> ZoneDefinition {
        let mut document = Document::new(text);
        let zone = ZoneDefinition::read(document.root().unwrap());
        assert_eq!(document.finish(), Ok(()));
        zone
    }

    fn stockholm() -> ZoneDefinition {
        let (std, dlt) = (|| Target::Period("std".into()), || Target::Period("dlt".into()));
        let period = |id: &str, name: &str, bias_seconds| Period { id: id.into(), name: name.into(), bias_seconds };
        let spring = Moment::EveryYearOnDay { month: 3, weekday: Weekday::Sun, occurrence: -1, seconds: 7200 };
        let autumn = Moment::EveryYearOnDate { month: 10, day: 25, seconds: 10_800 };
        let since = Moment::On("1980-04-06T00:00:00".parse().unwrap());
        ZoneDefinition {
            id: "Customized Time Zone".into(),
            name: "Mitteleuropäische Zeit".into(),
            periods: vec![period("std", "Standard", -3600), period("dlt", "Daylight", -7200)],
            groups: vec![TransitionsGroup {
                id: "0".into(),
                transitions: vec![Transition { to: dlt(), moment: spring }, Transition { to: std(), moment: autumn }],
            }],
            transitions: vec![
                Transition { to: std(), moment: Moment::Always },
                Transition { to: Target::Group("0".into()), moment: since },
            ],
        }
    }

    #[test]
    fn r05_the_rules_of_a_zone_are_read_in_every_form_of_the_schema() {
        assert_eq!(read(STOCKHOLM), stockholm());
    }

    #[test]
    fn what_is_written_is_read_back() {
        for zone in [stockholm(), ZoneDefinition { id: "UTC".into(), ..ZoneDefinition::default() }] {
            let mut xml = Writer::default();
            zone.write("t:EndTimeZone", &mut xml);
            assert_eq!(read(&String::from_utf8(xml.into_bytes()).unwrap()), zone);
        }
    }

    #[test]
    fn r05_a_zone_whose_rules_make_no_sense_is_only_a_name() {
        let name_only = ZoneDefinition {
            id: "Customized Time Zone".into(),
            name: "Mitteleuropäische Zeit".into(),
            ..Default::default()
        };
        #[rustfmt::skip]
        let cases = [
            ("-PT60M",                                    "an hour"),
            ("Sunday",                                    "Solday"),
            ("Sunday",                                    "WeekendDay"),
            ("-1<",                                       "0<"),
            ("-1<",                                       "six<"),
            ("<t:Month>3<",                               "<t:Month>13<"),
            ("<t:Day>25<",                                "<t:Day>0<"),
            ("<t:TimeOffset>PT3H</t:TimeOffset>",         ""),
            ("1980-04-06T",                               "April"),
            ("<t:To Kind='Period'>dlt</t:To>",            "<t:To Kind='Period'>nowhere</t:To>"),
            ("<t:To Kind='Group'>0</t:To>",               "<t:To Kind='Group'>1</t:To>"),
            ("<t:To Kind='Group'>0</t:To>",               ""),
            ("t:Transition>",                             "t:LunarTransition>"),
        ];
        for (good, bad) in cases {
            assert!(STOCKHOLM.contains(good), "{good}");
            assert_eq!(read(&STOCKHOLM.replace(good, bad)), name_only, "{good} -> {bad}");
        }
    }
}
