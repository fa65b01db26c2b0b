//! Time zones: the server's own with their rules, and those that people bring along (R05).

use serde_json::{Value, json as value};
use standins::exchange::Exchange;

use crate::support::*;

fn zones(attributes: &str, ids: &[&str]) -> String {
    let ids: String = ids.iter().map(|id| format!("<t:Id>{id}</t:Id>")).collect();
    let ids = if ids.is_empty() { String::new() } else { format!("<m:Ids>{ids}</m:Ids>") };
    ask(&server(), ANNA, &format!("<m:GetServerTimeZones {attributes}>{ids}</m:GetServerTimeZones>"))
}

#[test]
fn the_server_lists_its_zones_with_or_without_their_rules() {
    let all = zones("ReturnFullTimeZoneData=\"false\"", &[]);
    assert!(attributes(&all, "TimeZoneDefinition", "Id").len() > 100);
    assert!(!all.contains("Period"));
    let two = zones("ReturnFullTimeZoneData=\"true\"", &["W. Europe Standard Time", "Nowhere", "Tokyo Standard Time"]);
    assert_eq!(
        attributes(&two, "TimeZoneDefinition", "Id"),
        ["W. Europe Standard Time", "Tokyo Standard Time"],
        "what it does not know is left out"
    );
    assert_eq!(attributes(&two, "Period", "Bias"), ["-PT1H", "-PT2H", "-PT9H"]);
    let expected = [("TimeOffset", "PT2H"), ("Month", "3"), ("DayOfWeek", "Sunday"), ("Occurrence", "-1")];
    for (name, first) in expected {
        assert_eq!(text(&two, name), first, "{name}");
    }
}

/// An hour before UTC in winter; in summer, which begins on 10 April at midnight, two.
fn custom(zone: &str, id: &str) -> String {
    format!(
        "<t:{zone} {id} Name=\"Hemmagjord\"><t:Periods><t:Period Bias=\"-PT60M\" Name=\"Standard\" Id=\"v\"/>\
         <t:Period Bias=\"-PT2H\" Name=\"Daylight\" Id=\"s\"/></t:Periods><t:TransitionsGroups><t:TransitionsGroup Id=\"0\">\
         <t:RecurringDateTransition><t:To Kind=\"Period\">s</t:To><t:TimeOffset>PT0S</t:TimeOffset><t:Month>4</t:Month>\
         <t:Day>10</t:Day></t:RecurringDateTransition><t:RecurringDayTransition><t:To Kind=\"Period\">v</t:To>\
         <t:TimeOffset>PT3H</t:TimeOffset><t:Month>10</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>-1\
         </t:Occurrence></t:RecurringDayTransition></t:TransitionsGroup></t:TransitionsGroups><t:Transitions>\
         <t:Transition><t:To Kind=\"Group\">0</t:To></t:Transition></t:Transitions></t:{zone}>"
    )
}

#[test]
fn a_zone_with_rules_of_its_own_is_kept_with_them_and_moves_a_series_by_them() {
    let exchange = server();
    let item = series("Serie", MONDAYS, FOR_EVER);
    let (before, _) = item.split_once("<t:StartTimeZone").expect("zones");
    let zone = custom("StartTimeZone", "Id=\"Customized Time Zone\"");
    let master = create(&exchange, ANNA, &format!("{before}{zone}"));
    let answer = get(&exchange, ANNA, ALL, &[&master]);
    assert_eq!(attributes(&answer, "StartTimeZone", "Id"), ["Customized Time Zone"]);
    assert_eq!(attributes(&answer, "EndTimeZone", "Name"), ["Hemmagjord"]);
    assert_eq!(attributes(&answer, "Period", "Bias"), ["-PT1H", "-PT2H", "-PT1H", "-PT2H"], "start and end");
    assert_eq!(texts(&answer, "Day"), ["10", "10"]);
    assert_eq!(
        view(&exchange, "2027-04-01", "2027-04-20"),
        ["Occurrence 2027-04-05T08:00:00Z", "Occurrence 2027-04-12T07:00:00Z", "Occurrence 2027-04-19T07:00:00Z"]
    );
}

#[test]
fn rules_that_lead_nowhere_and_names_that_say_nothing_are_refused() {
    let with = |zone: String| {
        let item = format!("<t:CalendarItem>{zone}</t:CalendarItem>");
        codes(&ask(&server(), ANNA, &create_request(&item))).remove(0)
    };
    let good = custom("StartTimeZone", "");
    #[rustfmt::skip]
    let cases = [
        (good.clone(), "NoError"),
        (good.replace("Kind=\"Period\">s<", "Kind=\"Period\">x<"), "ErrorCalendarInvalidTimeZone"),
        (good.replace("Kind=\"Group\">0<", "Kind=\"Group\">7<"), "ErrorCalendarInvalidTimeZone"),
        (good.replace("-PT60M", "en timme"), "ErrorCalendarInvalidTimeZone"),
        (good.replace("<t:Month>4<", "<t:Month>13<"), "ErrorCalendarInvalidTimeZone"),
        ("<t:StartTimeZone Id=\"Europe/Stockholm\"/>".into(), "ErrorTimeZone"),
        ("<t:StartTimeZone Id=\"w. europe standard time\"/>".into(), "NoError"),
    ];
    for (zone, code) in cases {
        assert_eq!(with(zone.clone()), code, "{zone}");
    }
}

fn created(exchange: &Exchange, zone: Value) -> String {
    let event = value!({
        "title": "Avstämning",
        "start": { "dateTime": "2027-07-01T09:00:00", "timeZone": "Europe/Berlin" },
        "end": { "dateTime": "2027-07-01T10:00:00", "timeZone": "Europe/Berlin" },
        "foreignZone": zone,
    });
    let (status, event) = json(exchange, "POST", &format!("/people/{ANNA}/events"), &event);
    assert_eq!(status, 201, "{event}");
    let id = Id { id: event["id"].as_str().expect("an id").into(), change_key: String::new() };
    get(exchange, ANNA, ALL, &[&id])
}

#[test]
fn people_use_programs_that_call_zones_what_they_like() {
    let exchange = server();
    let cases = [
        (value!({ "id": "Mitteleuropäische Zeit" }), "Mitteleuropäische Zeit", 0),
        (value!({ "id": "Europe/Stockholm", "name": "Europe/Stockholm" }), "Europe/Stockholm", 0),
        (
            value!({ "id": "Customized Time Zone", "name": "(UTC+01:00) Någonstans", "withRules": true }),
            "Customized Time Zone",
            4,
        ),
    ];
    for (zone, id, periods) in cases {
        let item = created(&exchange, zone);
        assert_eq!(attributes(&item, "StartTimeZone", "Id"), [id]);
        assert_eq!(attributes(&item, "Period", "Bias").len(), periods, "{id}");
        assert_eq!(text(&item, "Start"), "2027-07-01T07:00:00Z", "{id}");
        assert_eq!(text(&item, "StartTimeZoneId"), id);
    }
}
