//! UpdateItem: fields, and two people writing at once.

use standins::exchange::Exchange;

use crate::support::*;

fn update(exchange: &Exchange, resolution: &str, id: &Id, updates: &str) -> String {
    ask(exchange, ANNA, &update_request(resolution, &id.xml(), updates))
}

fn subject(title: &str) -> String {
    set_field("item:Subject", &format!("<t:Subject>{title}</t:Subject>"))
}

fn place(place: &str) -> String {
    set_field("calendar:Location", &format!("<t:Location>{place}</t:Location>"))
}

#[test]
fn a_write_moves_the_change_key_and_only_the_written_fields() {
    let exchange = server();
    let id = create_titled(&exchange, ANNA, "Före");
    let answer = update(&exchange, "NeverOverwrite", &id, &format!("{}{}", subject("Efter"), place("Malmö")));
    assert_eq!(codes(&answer), ["NoError"]);
    let new = Id::first_of(&answer);
    assert_eq!(new.id, id.id);
    assert_ne!(new.change_key, id.change_key);
    let item = get(&exchange, ANNA, ALL, &[&new]);
    assert_eq!((text(&item, "Subject"), text(&item, "Location")), ("Efter".into(), "Malmö".into()));
    assert_eq!(text(&item, "Start"), "2027-03-01T08:00:00Z");
    assert_eq!(Id::first_of(&item), new);
}

#[test]
fn never_overwrite_refuses_a_stale_change_key() {
    let exchange = server();
    let id = create_titled(&exchange, ANNA, "Ett");
    let newer = Id::first_of(&update(&exchange, "NeverOverwrite", &id, &subject("Två")));
    assert_eq!(codes(&update(&exchange, "NeverOverwrite", &id, &place("Umeå"))), ["ErrorIrresolvableConflict"]);
    assert_eq!(codes(&update(&exchange, "NeverOverwrite", &newer, &place("Umeå"))), ["NoError"]);
}

#[test]
fn auto_resolve_merges_different_fields_and_refuses_the_same_one() {
    let exchange = server();
    let id = create_titled(&exchange, ANNA, "Ett");
    update(&exchange, "AutoResolve", &id, &subject("Två"));
    assert_eq!(codes(&update(&exchange, "AutoResolve", &id, &place("Umeå"))), ["NoError"]);
    assert_eq!(codes(&update(&exchange, "AutoResolve", &id, &subject("Tre"))), ["ErrorIrresolvableConflict"]);
    let item = get(&exchange, ANNA, ALL, &[&id]);
    assert_eq!((text(&item, "Subject"), text(&item, "Location")), ("Två".into(), "Umeå".into()));
}

#[test]
fn an_edit_in_outlook_counts_as_a_write_of_what_it_changed() {
    let exchange = server();
    let id = create_titled(&exchange, ANNA, "Ett");
    let edit = serde_json::json!({ "title": "I Outlook" });
    assert_eq!(json(&exchange, "PUT", &event_path(ANNA, &id.id), &edit).0, 200);
    assert_eq!(codes(&update(&exchange, "AutoResolve", &id, &subject("Här"))), ["ErrorIrresolvableConflict"]);
    assert_eq!(codes(&update(&exchange, "AutoResolve", &id, &place("Umeå"))), ["NoError"]);
}

#[test]
fn always_overwrite_needs_no_change_key_and_the_others_do() {
    let exchange = server();
    let id = create_titled(&exchange, ANNA, "Ett");
    let keyless = format!("<t:ItemId Id=\"{}\"/>", id.id);
    let with = |resolution| codes(&ask(&exchange, ANNA, &update_request(resolution, &keyless, &subject("Två"))));
    assert_eq!(with("NeverOverwrite"), ["ErrorChangeKeyRequiredForWriteOperations"]);
    assert_eq!(with("AutoResolve"), ["ErrorChangeKeyRequiredForWriteOperations"]);
    assert_eq!(with("AlwaysOverwrite"), ["NoError"]);
    let garbage = Id { change_key: "CQAAABYAAAA=".into(), ..id };
    assert_eq!(codes(&update(&exchange, "AutoResolve", &garbage, &subject("Tre"))), ["ErrorInvalidChangeKey"]);
}

#[test]
fn a_field_is_deleted_when_it_can_do_without() {
    let exchange = server();
    let id = create(
        &exchange,
        ANNA,
        &format!(
            "<t:Subject>x</t:Subject><t:Body BodyType=\"Text\">y</t:Body>\
         <t:ExtendedProperty>{MARKER}<t:Value>m</t:Value></t:ExtendedProperty><t:Location>z</t:Location>"
        ),
    );
    let delete = |uri: &str| format!("<t:DeleteItemField><t:FieldURI FieldURI=\"{uri}\"/></t:DeleteItemField>");
    let updates = format!(
        "{}{}<t:DeleteItemField>{MARKER}</t:DeleteItemField>",
        delete("item:Body"),
        delete("calendar:Location")
    );
    assert_eq!(codes(&update(&exchange, "AlwaysOverwrite", &id, &updates)), ["NoError"]);
    let shape = format!("{ALL}<t:AdditionalProperties>{MARKER}</t:AdditionalProperties>");
    let item = get(&exchange, ANNA, &shape, &[&id]);
    assert_eq!(body_of(&item), "");
    assert!(!item.contains("t:Location>") && !item.contains("ExtendedProperty"), "{item}");
    let start = update(&exchange, "AlwaysOverwrite", &id, &delete("calendar:Start"));
    assert_eq!(codes(&start), ["ErrorInvalidPropertyDelete"]);
}

#[test]
fn half_a_move_past_the_end_is_refused_and_nothing_of_it_is_kept() {
    let exchange = server();
    let id = create_titled(&exchange, ANNA, "Flyttas");
    let start = set_field("calendar:Start", "<t:Start>2027-03-02T08:00:00Z</t:Start>");
    let end = set_field("calendar:End", "<t:End>2027-03-02T09:00:00Z</t:End>");
    let half = format!("{}{start}", subject("Halv"));
    assert_eq!(codes(&update(&exchange, "AutoResolve", &id, &half)), ["ErrorCalendarEndDateIsEarlierThanStartDate"]);
    assert_eq!(text(&get(&exchange, ANNA, ALL, &[&id]), "Subject"), "Flyttas");
    assert_eq!(codes(&update(&exchange, "AutoResolve", &id, &format!("{start}{end}"))), ["NoError"]);
}

#[test]
fn an_update_that_makes_no_sense_is_told_which_kind_of_nonsense_it_is() {
    let exchange = server();
    let id = create_titled(&exchange, ANNA, "Ett");
    let cases = [
        (set_field("item:Subject", ""), "ErrorIncorrectUpdatePropertyCount"),
        (
            set_field("item:Subject", "<t:Subject>a</t:Subject><t:Location>b</t:Location>"),
            "ErrorIncorrectUpdatePropertyCount",
        ),
        (set_field("item:Subject", "<t:Location>b</t:Location>"), "ErrorUpdatePropertyMismatch"),
        (set_field("calendar:IsMeeting", "<t:IsMeeting>true</t:IsMeeting>"), "ErrorInvalidPropertySet"),
        (set_field("calendar:UID", "<t:UID>min</t:UID>"), "ErrorInvalidPropertySet"),
        (subject("a").replace("SetItemField", "AppendToItemField"), "ErrorInvalidPropertyAppend"),
    ];
    for (updates, code) in cases {
        assert_eq!(codes(&update(&exchange, "AlwaysOverwrite", &id, &updates)), [code], "{updates}");
    }
    assert_eq!(Id::first_of(&get(&exchange, ANNA, ALL, &[&id])), id, "nothing was written");
}

#[test]
fn the_zone_set_first_gives_later_times_without_an_offset_their_meaning() {
    let exchange = server();
    let id = create_titled(&exchange, ANNA, "Ett");
    let zone = set_field("calendar:StartTimeZone", "<t:StartTimeZone Id=\"W. Europe Standard Time\"/>");
    let start = set_field("calendar:Start", "<t:Start>2027-07-01T09:00:00</t:Start>");
    let end = set_field("calendar:End", "<t:End>2027-07-01T11:00:00+02:00</t:End>");
    assert_eq!(codes(&update(&exchange, "AutoResolve", &id, &format!("{zone}{start}{end}"))), ["NoError"]);
    let item = get(&exchange, ANNA, ALL, &[&id]);
    assert_eq!(
        (text(&item, "Start"), text(&item, "End")),
        ("2027-07-01T07:00:00Z".into(), "2027-07-01T09:00:00Z".into())
    );
}
