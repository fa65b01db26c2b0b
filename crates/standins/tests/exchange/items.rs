//! Items as they are written, kept and shown.

use crate::support::*;

#[test]
fn an_item_comes_back_with_all_that_was_written() {
    let exchange = server();
    let id = create(
        &exchange,
        ANNA,
        &format!(
            "<t:Subject>Budget &amp; \"fika\" &lt;Q2&gt; å ä ö 🎉</t:Subject><t:Sensitivity>Private</t:Sensitivity>\
             <t:Body BodyType=\"Text\">Rad 1\nRad 2</t:Body>\
             <t:Categories><t:String>Kund</t:String><t:String>Röd</t:String></t:Categories>\
             <t:ReminderIsSet>true</t:ReminderIsSet><t:ReminderMinutesBeforeStart>30</t:ReminderMinutesBeforeStart>\
             <t:ExtendedProperty>{MARKER}<t:Value>länk-1</t:Value></t:ExtendedProperty>\
             <t:Start>2027-03-01T08:00:00Z</t:Start><t:End>2027-03-01T09:30:00Z</t:End>\
             <t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus><t:Location>Rum Öresund</t:Location>\
             <t:StartTimeZone Id=\"W. Europe Standard Time\"/><t:EndTimeZone Id=\"W. Europe Standard Time\"/>"
        ),
    );
    let shape = format!("{ALL_AS_TEXT}<t:AdditionalProperties>{MARKER}</t:AdditionalProperties>");
    let answer = get(&exchange, ANNA, &shape, &[&id]);
    let expected = [
        ("Subject", "Budget & \"fika\" <Q2> å ä ö 🎉"),
        ("Sensitivity", "Private"),
        ("ReminderIsSet", "true"),
        ("ReminderMinutesBeforeStart", "30"),
        ("Value", "länk-1"),
        ("Start", "2027-03-01T08:00:00Z"),
        ("End", "2027-03-01T09:30:00Z"),
        ("Duration", "PT1H30M"),
        ("IsAllDayEvent", "false"),
        ("LegacyFreeBusyStatus", "OOF"),
        ("Location", "Rum Öresund"),
        ("StartWallClock", "2027-03-01T09:00:00+01:00"),
        ("CalendarItemType", "Single"),
        ("IsMeeting", "false"),
        ("MyResponseType", "Organizer"),
        ("ItemClass", "IPM.Appointment"),
        ("EmailAddress", ANNA),
        ("Name", "Anna Åkesson"),
        ("LastModifiedTime", "2027-02-15T07:30:00Z"),
    ];
    for (name, value) in expected {
        assert_eq!(text(&answer, name), value, "{name}");
    }
    assert_eq!(body_of(&answer), "Rad 1\r\nRad 2\r\n", "CRLF and one more line end");
    assert_eq!(texts(&answer, "String"), ["Kund", "Röd"]);
    assert_eq!(attributes(&answer, "StartTimeZone", "Id"), ["W. Europe Standard Time"]);
    assert!(text(&answer, "UID").starts_with("040000008200E00074C5B7101A82E008"));
    assert_eq!(Id::first_of(&answer), id);
}

#[test]
fn what_nobody_wrote_has_exchanges_defaults() {
    let exchange = server();
    let id = create(&exchange, ANNA, "");
    let answer = get(&exchange, ANNA, ALL, &[&id]);
    assert_eq!(texts(&answer, "Subject"), Vec::<String>::new());
    assert_eq!(texts(&answer, "Location"), Vec::<String>::new());
    assert_eq!(text(&answer, "Start"), "2027-02-15T07:30:00Z", "the next half hour");
    assert_eq!(text(&answer, "End"), "2027-02-15T08:00:00Z");
    assert_eq!(text(&answer, "ReminderMinutesBeforeStart"), "15");
    assert_eq!(attributes(&answer, "StartTimeZone", "Id"), ["UTC"]);
}

#[test]
fn the_shapes_show_more_and_more() {
    let exchange = server();
    let id = create_titled(&exchange, ANNA, "Demo");
    let shape = |shape: &str| fields(&get(&exchange, ANNA, shape, &[&id]));
    assert_eq!(shape("<t:BaseShape>IdOnly</t:BaseShape>"), ["ItemId"]);
    let default = shape("<t:BaseShape>Default</t:BaseShape>");
    assert!(default.contains(&"Start".to_owned()) && !default.contains(&"Body".to_owned()), "{default:?}");
    let additional = "<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI \
                      FieldURI=\"calendar:UID\"/><t:FieldURI FieldURI=\"item:Subject\"/></t:AdditionalProperties>";
    assert_eq!(shape(additional), ["ItemId", "Subject", "UID"], "in the schema's order, not the request's");
    assert!(shape(ALL).len() > 50);
}

#[test]
fn an_item_with_all_fields_is_about_as_long_as_a_real_one() {
    let exchange = server();
    let id = create(
        &exchange,
        ANNA,
        "<t:Subject>Avstämning med kunden</t:Subject><t:Body BodyType=\"Text\">Kort läge och nästa steg.</t:Body>\
         <t:Start>2027-03-01T08:00:00Z</t:Start><t:End>2027-03-01T09:00:00Z</t:End><t:Location>Rum Öresund</t:Location>",
    );
    let length = get(&exchange, ANNA, ALL, &[&id]).len();
    assert!((3_500..4_700).contains(&length), "{length} bytes with the envelope");
}

#[test]
fn html_is_kept_and_shown_as_text_when_text_is_asked_for() {
    let exchange = server();
    let id = create(
        &exchange,
        ANNA,
        "<t:Body BodyType=\"HTML\">&lt;html&gt;&lt;body&gt;&lt;p&gt;Hej &amp;amp; hå&lt;/p&gt;&lt;/body&gt;&lt;/html&gt;</t:Body>",
    );
    let body = |shape: &str| body_of(&get(&exchange, ANNA, shape, &[&id]));
    assert_eq!(body(ALL_AS_TEXT), "Hej & hå\r\n");
    let html = body(ALL);
    assert!(html.contains("<body><p>Hej &amp; hå</p></body></html>"), "best is the kind that was written: {html}");
    assert!(html.contains("charset=utf-8"), "and Exchange's own (scenario 10): {html}");
}

#[test]
fn an_all_day_event_is_stretched_to_the_midnights_of_its_own_zone() {
    let exchange = server();
    let id = create(
        &exchange,
        ANNA,
        "<t:Start>2027-03-28T07:00:00Z</t:Start><t:End>2027-03-28T15:00:00Z</t:End><t:IsAllDayEvent>true</t:IsAllDayEvent>\
         <t:StartTimeZone Id=\"W. Europe Standard Time\"/><t:EndTimeZone Id=\"W. Europe Standard Time\"/>",
    );
    let answer = get(&exchange, ANNA, ALL, &[&id]);
    assert_eq!(text(&answer, "Start"), "2027-03-27T23:00:00Z");
    assert_eq!(text(&answer, "End"), "2027-03-28T22:00:00Z", "the day the clock is set forward has 23 hours");
}

#[test]
fn a_time_without_an_offset_is_the_wall_clock_of_the_items_zone() {
    let exchange = server();
    let id = create(
        &exchange,
        ANNA,
        "<t:Start>2027-07-01T09:00:00</t:Start><t:End>2027-07-01T10:00:00</t:End>\
         <t:StartTimeZone Id=\"W. Europe Standard Time\"/>",
    );
    assert_eq!(text(&get(&exchange, ANNA, ALL, &[&id]), "Start"), "2027-07-01T07:00:00Z");
}

#[test]
fn one_bad_item_costs_only_itself() {
    let exchange = server();
    let good = "<t:CalendarItem><t:Subject>Bra</t:Subject></t:CalendarItem>";
    let backwards =
        "<t:CalendarItem><t:Start>2027-03-01T08:00:00Z</t:Start><t:End>2027-03-01T07:00:00Z</t:End></t:CalendarItem>";
    let nowhere = "<t:CalendarItem><t:StartTimeZone Id=\"Mitteleuropäische Zeit\"/></t:CalendarItem>";
    let long = format!("<t:CalendarItem><t:Subject>{}</t:Subject></t:CalendarItem>", "ö".repeat(256));
    let message = "<t:Message><t:Subject>Ett brev</t:Subject></t:Message>";
    let items = format!("{good}{backwards}{nowhere}{long}{message}{good}");
    let answer = ask(&exchange, ANNA, &create_request(&items));
    assert_eq!(
        codes(&answer),
        [
            "NoError",
            "ErrorCalendarEndDateIsEarlierThanStartDate",
            "ErrorTimeZone",
            "ErrorPropertyValidationFailure",
            "ErrorInvalidOperation",
            "NoError"
        ]
    );
    assert_eq!(Id::all_of(&answer).len(), 2);
}

#[test]
fn calendar_items_must_say_whether_anybody_is_to_get_mail() {
    let exchange = server();
    let create = create_request("<t:CalendarItem/>").replace(" SendMeetingInvitations=\"SendToNone\"", "");
    assert_eq!(codes(&ask(&exchange, ANNA, &create)), ["ErrorSendMeetingInvitationsRequired"]);
    let id = create_titled(&exchange, ANNA, "Demo");
    let update = update_request("AlwaysOverwrite", &id.xml(), &set_field("item:Subject", "<t:Subject>x</t:Subject>"));
    let update = update.replace(" SendMeetingInvitationsOrCancellations=\"SendToNone\"", "");
    assert_eq!(codes(&ask(&exchange, ANNA, &update)), ["ErrorSendMeetingInvitationsOrCancellationsRequired"]);
    let delete = delete_request(&id.xml()).replace(" SendMeetingCancellations=\"SendToNone\"", "");
    assert_eq!(codes(&ask(&exchange, ANNA, &delete)), ["ErrorSendMeetingCancellationsRequired"]);
}

const ATTENDEES: &str = "<t:RequiredAttendees><t:Attendee><t:Mailbox><t:Name>Björn</t:Name><t:EmailAddress>\
                         bjorn.ostlund@konsult.example</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>";

#[test]
fn mail_that_would_go_out_lands_in_the_outbox_and_none_for_send_to_none() {
    let exchange = server();
    let quiet = create(&exchange, ANNA, &format!("<t:Subject>Tyst</t:Subject>{ATTENDEES}"));
    ask(&exchange, ANNA, &delete_request(&quiet.xml()));
    assert_eq!(exchange.outbox(), []);

    let loud = create_request(&format!("<t:CalendarItem><t:Subject>Möte</t:Subject>{ATTENDEES}</t:CalendarItem>"));
    let loud = ask(&exchange, ANNA, &loud.replace("SendToNone", "SendToAllAndSaveCopy"));
    let id = Id::first_of(&loud);
    assert_eq!(text(&get(&exchange, ANNA, ALL, &[&id]), "MeetingRequestWasSent"), "true");
    let update =
        update_request("AlwaysOverwrite", &id.xml(), &set_field("item:Subject", "<t:Subject>Flyttat</t:Subject>"));
    ask(&exchange, ANNA, &update.replace("SendToNone", "SendOnlyToAll"));
    ask(&exchange, ANNA, &delete_request(&id.xml()).replace("SendToNone", "SendOnlyToAll"));

    let sent = serde_json::to_value(exchange.outbox()).expect("JSON");
    let kinds: Vec<&str> = sent.as_array().expect("a list").iter().filter_map(|mail| mail["kind"].as_str()).collect();
    assert_eq!(kinds, ["invitation", "update", "cancellation"]);
    assert_eq!(sent[0]["to"][0], BJORN);
    assert_eq!(sent[2]["subject"], "Flyttat");
}

#[test]
fn a_series_is_a_recurring_master_and_says_its_dates_with_the_offset_of_its_zone() {
    let exchange = server();
    let recurrence = "<t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek>\
                      </t:WeeklyRecurrence><t:NoEndRecurrence><t:StartDate>2027-03-01</t:StartDate></t:NoEndRecurrence></t:Recurrence>";
    let times = "<t:Start>2027-03-01T08:00:00Z</t:Start><t:End>2027-03-01T09:00:00Z</t:End>";
    let zone = "<t:StartTimeZone Id=\"W. Europe Standard Time\"/>";
    let id = create(&exchange, ANNA, &format!("{times}{recurrence}{zone}"));
    let answer = get(&exchange, ANNA, ALL, &[&id]);
    assert_eq!(text(&answer, "CalendarItemType"), "RecurringMaster");
    let shown = recurrence
        .replace("</t:DaysOfWeek>", "</t:DaysOfWeek><t:FirstDayOfWeek>Sunday</t:FirstDayOfWeek>")
        .replace("2027-03-01<", "2027-03-01+01:00<");
    assert!(answer.contains(&shown), "{answer}");
}

#[test]
fn deleted_is_gone_whatever_the_change_key_says() {
    let exchange = server();
    let id = create_titled(&exchange, ANNA, "Bort");
    let stale = format!("<t:ItemId Id=\"{}\" ChangeKey=\"gammal\"/>", id.id);
    assert_eq!(codes(&ask(&exchange, ANNA, &delete_request(&stale))), ["NoError"]);
    assert_eq!(codes(&get(&exchange, ANNA, ALL, &[&id])), ["ErrorItemNotFound"]);
    assert_eq!(codes(&ask(&exchange, ANNA, &delete_request(&stale))), ["ErrorItemNotFound"]);
}

#[test]
fn ids_that_were_never_given_out_are_told_apart_from_ids_that_are_gone() {
    let exchange = server();
    let id = create_titled(&exchange, ANNA, "Kvar");
    let bent = Id { id: "AAMkADhhNjgx".into(), ..id.clone() };
    let empty = Id { id: String::new(), ..id.clone() };
    let answer = get(&exchange, ANNA, ALL, &[&bent, &empty, &id]);
    assert_eq!(codes(&answer), ["ErrorInvalidIdMalformed", "ErrorInvalidIdEmpty", "NoError"]);
}

#[test]
fn extended_properties_are_checked_and_come_back_only_when_asked_for() {
    let exchange = server();
    let property = |uri: &str, value: &str| {
        let property =
            format!("<t:ExtendedProperty><t:ExtendedFieldURI {uri}/><t:Value>{value}</t:Value></t:ExtendedProperty>");
        codes(&ask(&exchange, ANNA, &create_request(&format!("<t:CalendarItem>{property}</t:CalendarItem>"))))
    };
    let public = "DistinguishedPropertySetId=\"PublicStrings\"";
    assert_eq!(property(&format!("{public} PropertyName=\"N\" PropertyType=\"Integer\""), "12"), ["NoError"]);
    assert_eq!(
        property(&format!("{public} PropertyName=\"N\" PropertyType=\"Integer\""), "tolv"),
        ["ErrorInvalidExtendedPropertyValue"]
    );
    assert_eq!(property(&format!("{public} PropertyType=\"String\""), "x"), ["ErrorInvalidExtendedProperty"]);
    assert_eq!(
        property(&format!("{public} PropertyName=\"N\" PropertyTag=\"0x0037\" PropertyType=\"String\""), "x"),
        ["ErrorInvalidExtendedProperty"]
    );
    let marked =
        create(&exchange, ANNA, &format!("<t:ExtendedProperty>{MARKER}<t:Value>m</t:Value></t:ExtendedProperty>"));
    assert!(!get(&exchange, ANNA, ALL, &[&marked]).contains("ExtendedProperty"));
}
