//! Servers differ: versions, and a temper that is not Microsoft's.

use serde_json::json as value;
use standins::exchange::{Exchange, Server, ServerVersion, Temper};

use crate::support::*;

fn server_of(version: ServerVersion) -> Exchange {
    let exchange = server();
    exchange.become_server(Server { version, ..Server::default() });
    exchange
}

fn grommunio() -> Exchange {
    let exchange = server();
    exchange.become_server(Server { temper: Temper::Grommunio, ..Server::default() });
    exchange
}

#[test]
fn a_server_says_its_version_and_knows_no_newer_one() {
    use ServerVersion::{Exchange2010Sp2, Exchange2013, Exchange2016};
    #[rustfmt::skip]
    let cases = [
        (Exchange2010Sp2, "Exchange2010_SP2", "14", true),
        (Exchange2010Sp2, "Exchange2007_SP1", "14", true),
        (Exchange2010Sp2, "Exchange2013", "14", false),
        (Exchange2013, "Exchange2013_SP1", "15", true),
        (Exchange2013, "Exchange2010_SP2", "15", true),
        (Exchange2013, "Exchange2016", "15", false),
        (Exchange2016, "Exchange2016", "15", true),
        (Exchange2016, "V2017_07_11", "15", true),
        (Exchange2016, "Exchange2038", "15", false),
    ];
    for (version, asked, major, is_known) in cases {
        let (status, answer) = ask_in(asked, &server_of(version), &sync_request("", 5));
        let shown = format!("{version:?} asked in {asked}");
        assert_eq!(attributes(&answer, "ServerVersionInfo", "MajorVersion"), [major], "{shown}");
        let expected = if is_known { (200, "NoError") } else { (500, "ErrorInvalidServerVersion") };
        assert_eq!((status, codes(&answer).remove(0).as_str()), expected, "{shown}");
    }
}

#[test]
fn what_is_newer_than_the_request_is_not_shown_and_not_valid_in_it() {
    let exchange = server();
    let id = create(&exchange, ANNA, "<t:LegacyFreeBusyStatus>WorkingElsewhere</t:LegacyFreeBusyStatus>");
    let get = |shape: &str| {
        format!("<m:GetItem><m:ItemShape>{shape}</m:ItemShape><m:ItemIds>{}</m:ItemIds></m:GetItem>", id.xml())
    };
    let (_, newer) = ask_in("Exchange2013", &exchange, &get(ALL));
    assert_eq!(
        (text(&newer, "LegacyFreeBusyStatus"), text(&newer, "IsOrganizer")),
        ("WorkingElsewhere".into(), "true".into())
    );
    let (_, older) = ask_in("Exchange2010_SP2", &exchange, &get(ALL));
    assert_eq!(text(&older, "LegacyFreeBusyStatus"), "Free");
    for name in ["IsOrganizer", "StartWallClock", "StartTimeZoneId"] {
        assert_eq!(texts(&older, name), Vec::<String>::new(), "{name}");
    }
    let with = |uri: &str| {
        let more = format!("<t:AdditionalProperties><t:FieldURI FieldURI=\"{uri}\"/></t:AdditionalProperties>");
        get(&format!("<t:BaseShape>IdOnly</t:BaseShape>{more}"))
    };
    let elsewhere =
        set_field("calendar:LegacyFreeBusyStatus", "<t:LegacyFreeBusyStatus>WorkingElsewhere</t:LegacyFreeBusyStatus>");
    #[rustfmt::skip]
    let cases = [
        ("Exchange2010_SP2", with("calendar:IsOrganizer"), "ErrorInvalidPropertyRequest"),
        ("Exchange2010_SP2", with("calendar:JoinOnlineMeetingUrl"), "ErrorInvalidPropertyRequest"),
        ("Exchange2010_SP2", with("calendar:StartTimeZone"), "NoError"),
        ("Exchange2007_SP1", with("calendar:StartTimeZone"), "ErrorInvalidPropertyRequest"),
        ("Exchange2013", with("calendar:IsOrganizer"), "NoError"),
        ("Exchange2010_SP2", update_request("AlwaysOverwrite", &id.xml(), &elsewhere), "ErrorInvalidPropertyRequest"),
        ("Exchange2013", update_request("AlwaysOverwrite", &id.xml(), &elsewhere), "NoError"),
        ("Exchange2010_SP2", create_request("<t:CalendarItem><t:LegacyFreeBusyStatus>WorkingElsewhere</t:LegacyFreeBusyStatus></t:CalendarItem>"), "ErrorInvalidPropertyRequest"),
        ("Exchange2010_SP2", create_request("<t:CalendarItem><t:Subject>WorkingElsewhere</t:Subject></t:CalendarItem>"), "NoError"),
    ];
    for (version, request, code) in cases {
        assert_eq!(codes(&ask_in(version, &exchange, &request).1), [code], "{version} {request}");
    }
}

#[test]
fn what_is_newer_than_the_server_stands_in_no_schema_of_it() {
    let exchange = server_of(ServerVersion::Exchange2010Sp2);
    let elsewhere =
        "<t:CalendarItem><t:LegacyFreeBusyStatus>WorkingElsewhere</t:LegacyFreeBusyStatus></t:CalendarItem>";
    let organizer = sync_request("", 5).replace("item:Subject", "calendar:IsOrganizer");
    for request in [create_request(elsewhere), organizer] {
        let (status, answer) = ask_in("Exchange2010_SP2", &exchange, &request);
        assert_eq!((status, codes(&answer).remove(0).as_str()), (500, "ErrorSchemaValidation"), "{request}");
    }
}

#[test]
fn grommunio_looks_at_no_change_key() {
    let exchange = grommunio();
    let id = create_titled(&exchange, ANNA, "Ett");
    let titled = |title: &str| set_field("item:Subject", &format!("<t:Subject>{title}</t:Subject>"));
    for title in ["Två", "Tre"] {
        let update = update_request("NeverOverwrite", &id.xml(), &titled(title));
        assert_eq!(codes(&ask(&exchange, ANNA, &update)), ["NoError"], "a stale key, the second time");
    }
    let keyless = format!("<t:ItemId Id=\"{}\"/>", id.id);
    assert_eq!(codes(&ask(&exchange, ANNA, &update_request("AutoResolve", &keyless, &titled("Fyra")))), ["NoError"]);
}

#[test]
fn grommunio_tells_nothing_of_an_occurrence_and_shows_masters_in_a_view() {
    let exchange = grommunio();
    let master = create(&exchange, ANNA, &series("Serie", MONDAYS, FOR_EVER));
    let sync = text(&ask(&exchange, ANNA, &sync_request("", 512)), "SyncState");
    let title = set_field("item:Subject", "<t:Subject>Undantag</t:Subject>");
    assert_eq!(codes(&ask(&exchange, ANNA, &update_request("AutoResolve", &nth(&master, 2), &title))), ["NoError"]);
    assert_eq!(codes(&ask(&exchange, ANNA, &delete_request(&nth(&master, 3)))), ["NoError"]);
    assert_eq!(Id::all_of(&ask(&exchange, ANNA, &sync_request(&sync, 512))), []);
    let item = get(&exchange, ANNA, ALL, &[&master]);
    assert!(Id::all_of(&item).contains(&master), "the same ChangeKey");
    assert!(item.contains("ModifiedOccurrences") && item.contains("DeletedOccurrences"), "and still it has changed");
    assert_eq!(view(&exchange, "2027-03-08", "2027-03-30"), ["RecurringMaster 2027-03-01T08:00:00Z"]);
    assert_eq!(view(&exchange, "2027-03-02", "2027-03-05"), Vec::<String>::new());
}

#[test]
fn grommunio_writes_xml_in_its_own_way() {
    let exchange = grommunio();
    let master = create(&exchange, ANNA, &series("Serie", MONDAYS, FOR_EVER));
    let item = get(&exchange, ANNA, ALL, &[&master]);
    assert!(!item.contains("Header") && item.contains("NotInAnySchema"), "{item}");
    assert_eq!(text(&item, "StartDate"), "2027-03-01T00:00:00+01:00");
    let order = fields(&item);
    let place = |name: &str| order.iter().position(|field| field == name);
    assert!(place("Start") < place("Subject"), "{order:?}");
    let fault = String::from_utf8(send(&exchange, ANNA, "<m:SendItem/>").answer.body).expect("UTF-8");
    assert!(fault.contains("Fault") && !fault.contains("Header"), "{fault}");
}

#[test]
fn one_find_gives_as_many_as_the_server_bears() {
    let exchange = server();
    exchange.become_server(Server { find_count_limit: 3, ..Server::default() });
    create(&exchange, ANNA, &series("Serie", DAILY, FOR_EVER));
    assert_eq!(view(&exchange, "2027-03-01", "2027-03-04").len(), 3);
    let find = "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>\
                <m:CalendarView StartDate=\"2027-03-01T00:00:00Z\" EndDate=\"2027-03-09T00:00:00Z\"/>\
                <m:ParentFolderIds><t:DistinguishedFolderId Id=\"calendar\"/></m:ParentFolderIds></m:FindItem>";
    assert_eq!(codes(&ask(&exchange, ANNA, find)), ["ErrorExceededFindCountLimit"]);
    let two = ask(&exchange, ANNA, &find.replace("<m:CalendarView", "<m:CalendarView MaxEntriesReturned=\"2\""));
    let root = |name| attributes(&two, "RootFolder", name).remove(0);
    assert_eq!(
        (Id::all_of(&two).len(), root("TotalItemsInView"), root("IncludesLastItemInRange")),
        (2, "8".into(), "false".into())
    );
}

#[test]
fn a_server_is_changed_over_http_and_keeps_what_is_not_said() {
    let exchange = server();
    let control = |method: &str, body: serde_json::Value| json(&exchange, method, "/_control/server", &body);
    assert_eq!(control("POST", value!({ "temper": "grommunio" })).0, 200);
    let (_, server) = control("POST", value!({ "version": "Exchange2010_SP2", "findCountLimit": 7 }));
    assert_eq!(
        (&server["temper"], &server["version"], &server["findCountLimit"]),
        (&value!("grommunio"), &value!("Exchange2010_SP2"), &value!(7))
    );
    assert_eq!(control("POST", value!({ "version": "Exchange 4.0" })).0, 400);
    assert_eq!(control("POST", value!({ "vesrion": "Exchange2013" })).0, 400);
    assert_eq!(control("DELETE", serde_json::Value::Null).0, 204);
    assert_eq!(exchange.server(), Server::default());
}
