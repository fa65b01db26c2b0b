//! FindItem: restrictions, pages, orders, and the calendar view.

use standins::exchange::Exchange;

use crate::support::*;

fn find(exchange: &Exchange, view: &str, after_view: &str) -> String {
    let find = format!(
        "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>\
         <t:FieldURI FieldURI=\"item:Subject\"/></t:AdditionalProperties></m:ItemShape>{view}{after_view}\
         <m:ParentFolderIds><t:DistinguishedFolderId Id=\"calendar\"/></m:ParentFolderIds></m:FindItem>"
    );
    ask(exchange, ANNA, &find)
}

fn compare(operator: &str, path: &str, constant: &str) -> String {
    format!(
        "<m:Restriction><t:{operator}>{path}<t:FieldURIOrConstant><t:Constant Value=\"{constant}\"/>\
         </t:FieldURIOrConstant></t:{operator}></m:Restriction>"
    )
}

#[test]
fn an_item_is_found_again_by_its_marker() {
    let exchange = server();
    for (title, marker) in [("Ett", "länk-1"), ("Två", "länk-2")] {
        create(
            &exchange,
            ANNA,
            &format!(
                "<t:Subject>{title}</t:Subject><t:ExtendedProperty>{MARKER}<t:Value>{marker}</t:Value></t:ExtendedProperty>"
            ),
        );
    }
    create_titled(&exchange, ANNA, "Omärkt");
    let titles = |restriction: &str| texts(&find(&exchange, "", restriction), "Subject");
    assert_eq!(titles(&compare("IsEqualTo", MARKER, "länk-2")), ["Två"]);
    assert_eq!(titles(&compare("IsEqualTo", MARKER, "länk-3")), Vec::<String>::new());
    assert_eq!(titles(&format!("<m:Restriction><t:Exists>{MARKER}</t:Exists></m:Restriction>")), ["Ett", "Två"]);
    assert_eq!(
        titles(&format!("<m:Restriction><t:Not><t:Exists>{MARKER}</t:Exists></t:Not></m:Restriction>")),
        ["Omärkt"]
    );
}

#[test]
fn known_fields_can_be_compared_too() {
    let exchange = server();
    create_titled(&exchange, ANNA, "Ett");
    create(
        &exchange,
        ANNA,
        "<t:Subject>Sen</t:Subject><t:Start>2027-05-01T08:00:00Z</t:Start><t:End>2027-05-01T08:30:00Z</t:End>",
    );
    let titles = |operator, uri: &str, constant| {
        let path = format!("<t:FieldURI FieldURI=\"{uri}\"/>");
        texts(&find(&exchange, "", &compare(operator, &path, constant)), "Subject")
    };
    assert_eq!(titles("IsEqualTo", "item:Subject", "ETT"), ["Ett"], "without regard to case");
    assert_eq!(titles("IsGreaterThan", "calendar:Start", "2027-04-01T00:00:00+02:00"), ["Sen"]);
    assert_eq!(titles("IsLessThanOrEqualTo", "calendar:Start", "2027-03-01T08:00:00Z"), ["Ett"]);
    assert_eq!(titles("IsEqualTo", "item:ReminderIsSet", "false"), Vec::<String>::new());
    let both = "<m:Restriction><t:Or><t:Contains ContainmentMode=\"Substring\" ContainmentComparison=\"IgnoreCase\">\
                <t:FieldURI FieldURI=\"item:Subject\"/><t:Constant Value=\"EN\"/></t:Contains>\
                <t:IsEqualTo><t:FieldURI FieldURI=\"item:Subject\"/><t:FieldURIOrConstant><t:Constant Value=\"Ett\"/>\
                </t:FieldURIOrConstant></t:IsEqualTo></t:Or></m:Restriction>";
    assert_eq!(texts(&find(&exchange, "", both), "Subject"), ["Ett", "Sen"]);
}

#[test]
fn found_items_come_in_pages_and_in_the_order_asked_for() {
    let exchange = server();
    for title in ["b", "a", "d", "c", "e"] {
        create_titled(&exchange, ANNA, title);
    }
    let order = "<m:SortOrder><t:FieldOrder Order=\"Descending\"><t:FieldURI FieldURI=\"item:Subject\"/></t:FieldOrder></m:SortOrder>";
    let page = |offset: usize, base: &str| {
        let view =
            format!("<m:IndexedPageItemView MaxEntriesReturned=\"2\" Offset=\"{offset}\" BasePoint=\"{base}\"/>");
        let answer = find(&exchange, &view, order);
        let root = |name| attributes(&answer, "RootFolder", name).remove(0);
        (
            texts(&answer, "Subject").concat(),
            root("IndexedPagingOffset"),
            root("TotalItemsInView"),
            root("IncludesLastItemInRange"),
        )
    };
    let page_is =
        |titles: &str, next: &str, last: &str| (titles.to_owned(), next.to_owned(), "5".to_owned(), last.to_owned());
    assert_eq!(page(0, "Beginning"), page_is("ed", "2", "false"));
    assert_eq!(page(4, "Beginning"), page_is("a", "5", "true"));
    assert_eq!(page(0, "End"), page_is("ba", "2", "false"));
    assert_eq!(page(9, "Beginning"), page_is("", "5", "true"));
}

#[test]
fn a_calendar_view_gives_the_single_events_that_touch_it_by_start() {
    let exchange = server();
    let event = |title: &str, start: &str, end: &str| {
        create(
            &exchange,
            ANNA,
            &format!("<t:Subject>{title}</t:Subject><t:Start>{start}</t:Start><t:End>{end}</t:End>"),
        );
    };
    event("sent", "2027-03-03T08:00:00Z", "2027-03-03T09:00:00Z");
    event("in i", "2027-02-28T22:00:00Z", "2027-03-01T02:00:00Z");
    event("före", "2027-02-28T22:00:00Z", "2027-03-01T00:00:00Z");
    event("efter", "2027-03-08T00:00:00Z", "2027-03-08T01:00:00Z");
    let view =
        |from: &str, to: &str| find(&exchange, &format!("<m:CalendarView StartDate=\"{from}\" EndDate=\"{to}\"/>"), "");
    assert_eq!(texts(&view("2027-03-01T00:00:00Z", "2027-03-08T00:00:00Z"), "Subject"), ["in i", "sent"]);
    assert_eq!(codes(&view("2027-03-01T00:00:00Z", "2029-03-08T00:00:00Z")), ["ErrorCalendarViewRangeTooBig"]);
    assert_eq!(
        codes(&view("2027-03-01T00:00:00Z", "2027-02-08T00:00:00Z")),
        ["ErrorCalendarEndDateIsEarlierThanStartDate"]
    );
}

#[test]
fn without_a_view_a_series_is_found_once_and_restrictions_see_its_kind() {
    let exchange = server();
    create(&exchange, ANNA, &series("Serie", MONDAYS, FOR_EVER));
    create_titled(&exchange, ANNA, "Enstaka");
    let field = |uri: &str| format!("<t:FieldURI FieldURI=\"{uri}\"/>");
    let is_series = compare("IsEqualTo", &field("calendar:CalendarItemType"), "RecurringMaster");
    assert_eq!(texts(&find(&exchange, "", &is_series), "Subject"), ["Serie"]);
    let inner = |restriction: String| restriction.replace("<m:Restriction>", "").replace("</m:Restriction>", "");
    let both = format!(
        "<m:Restriction><t:And>{}<t:Not>{}</t:Not></t:And></m:Restriction>",
        inner(compare("IsGreaterThanOrEqualTo", &field("calendar:Start"), "2027-03-01T08:00:00Z")),
        inner(is_series),
    );
    assert_eq!(texts(&find(&exchange, "", &both), "Subject"), ["Enstaka"]);
}

#[test]
fn a_calendar_view_takes_no_restriction_and_no_order() {
    let exchange = server();
    let view = "<m:CalendarView StartDate=\"2027-03-01T00:00:00Z\" EndDate=\"2027-03-08T00:00:00Z\"/>";
    let exists = format!("<m:Restriction><t:Exists>{MARKER}</t:Exists></m:Restriction>");
    let order = "<m:SortOrder><t:FieldOrder Order=\"Ascending\"><t:FieldURI FieldURI=\"item:Subject\"/></t:FieldOrder></m:SortOrder>";
    for more in [exists.as_str(), order] {
        assert_eq!(codes(&find(&exchange, view, more)), ["ErrorInvalidRequest"], "{more}");
    }
}
