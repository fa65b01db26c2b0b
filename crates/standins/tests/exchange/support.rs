//! A server with two mailboxes, and short ways to ask it things.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use roxmltree::{Document, Node};
use standins::exchange::{Account, Exchange, Reply, Request};

pub const ANNA: &str = "anna.akesson@konsult.example";
pub const BJORN: &str = "bjorn.ostlund@konsult.example";

pub const MARKER: &str = "<t:ExtendedFieldURI PropertySetId=\"c11ff724-aa03-4555-9952-8fa248a11c3e\" \
                          PropertyName=\"Marker\" PropertyType=\"String\"/>";

pub fn now() -> DateTime<Utc> {
    "2027-02-15T07:30:00Z".parse().expect("an instant")
}

pub fn server() -> Exchange {
    let account = Account { user: "servicekonto@konsult.example".into(), password: "hemligt".into() };
    let exchange = Exchange::new(account, 42);
    exchange.add_mailbox(ANNA, "Anna Åkesson");
    exchange.add_mailbox(BJORN, "Björn Östlund");
    exchange
}

/// A request with the service account's credential, impersonating `mailbox` if there is one.
pub fn request(mailbox: Option<&str>, operation: &str) -> Request {
    request_in("Exchange2013_SP1", mailbox, operation)
}

/// The same, of another version.
pub fn request_in(version: &str, mailbox: Option<&str>, operation: &str) -> Request {
    let impersonation = mailbox.map_or_else(String::new, |mailbox| {
        format!(
            "<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>{mailbox}</t:PrimarySmtpAddress>\
             </t:ConnectingSID></t:ExchangeImpersonation>"
        )
    });
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\" \
         xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\">\
         <s:Header><t:RequestServerVersion Version=\"{version}\"/>{impersonation}</s:Header>\
         <s:Body>{operation}</s:Body></s:Envelope>"
    );
    let credential = STANDARD.encode("servicekonto@konsult.example:hemligt");
    Request {
        method: "POST".into(),
        path: "/EWS/Exchange.asmx".into(),
        headers: vec![
            ("Authorization".into(), format!("Basic {credential}")),
            ("Content-Type".into(), "text/xml; charset=utf-8".into()),
        ],
        body: body.into_bytes(),
    }
}

pub fn send(exchange: &Exchange, mailbox: &str, operation: &str) -> Reply {
    exchange.answer(&request(Some(mailbox), operation), now())
}

/// The answer's XML; the request must have been carried out.
pub fn ask(exchange: &Exchange, mailbox: &str, operation: &str) -> String {
    let reply = send(exchange, mailbox, operation);
    let body = String::from_utf8(reply.answer.body).expect("UTF-8");
    assert_eq!(reply.answer.status, 200, "{body}");
    body
}

/// The answer to a request of another version, with its status.
pub fn ask_in(version: &str, exchange: &Exchange, operation: &str) -> (u16, String) {
    let answer = exchange.answer(&request_in(version, Some(ANNA), operation), now()).answer;
    (answer.status, String::from_utf8(answer.body).expect("UTF-8"))
}

/// Texts of all elements of that name, in document order.
pub fn texts(xml: &str, name: &str) -> Vec<String> {
    let document = Document::parse(xml).expect("well-formed");
    let found = document.descendants().filter(|node| node.tag_name().name() == name);
    found.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

pub fn text(xml: &str, name: &str) -> String {
    texts(xml, name).into_iter().next().unwrap_or_else(|| panic!("no {name} in {xml}"))
}

/// The text of an item's body, which has its name in common with SOAP's.
pub fn body_of(xml: &str) -> String {
    texts(xml, "Body").pop().unwrap_or_else(|| panic!("no Body in {xml}"))
}

/// An attribute of all elements of that name.
pub fn attributes(xml: &str, name: &str, attribute: &str) -> Vec<String> {
    let document = Document::parse(xml).expect("well-formed");
    let found = document.descendants().filter(|node| node.tag_name().name() == name);
    found.filter_map(|node| node.attribute(attribute).map(str::to_owned)).collect()
}

/// Names of the elements inside the first CalendarItem.
pub fn fields(xml: &str) -> Vec<String> {
    let document = Document::parse(xml).expect("well-formed");
    let item = document.descendants().find(|node| node.tag_name().name() == "CalendarItem").expect("an item");
    item.children().filter(Node::is_element).map(|node| node.tag_name().name().to_owned()).collect()
}

/// The response codes, one per item asked for.
pub fn codes(xml: &str) -> Vec<String> {
    texts(xml, "ResponseCode")
}

/// An ItemId with its ChangeKey, as XML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id {
    pub id: String,
    pub change_key: String,
}

impl Id {
    pub fn first_of(xml: &str) -> Self {
        Id::all_of(xml).into_iter().next().unwrap_or_else(|| panic!("no ItemId in {xml}"))
    }

    pub fn all_of(xml: &str) -> Vec<Self> {
        let ids = attributes(xml, "ItemId", "Id").into_iter().zip(attributes(xml, "ItemId", "ChangeKey"));
        ids.map(|(id, change_key)| Id { id, change_key }).collect()
    }

    pub fn xml(&self) -> String {
        format!("<t:ItemId Id=\"{}\" ChangeKey=\"{}\"/>", self.id, self.change_key)
    }
}

pub fn create_request(items: &str) -> String {
    format!(
        "<m:CreateItem SendMeetingInvitations=\"SendToNone\"><m:SavedItemFolderId>\
         <t:DistinguishedFolderId Id=\"calendar\"/></m:SavedItemFolderId><m:Items>{items}</m:Items></m:CreateItem>"
    )
}

/// Creates one item from what stands inside CalendarItem.
pub fn create(exchange: &Exchange, mailbox: &str, inside: &str) -> Id {
    let item = format!("<t:CalendarItem>{inside}</t:CalendarItem>");
    let answer = ask(exchange, mailbox, &create_request(&item));
    assert_eq!(codes(&answer), ["NoError"], "{answer}");
    Id::first_of(&answer)
}

/// One with a title, Monday 1 March 2027 at nine.
pub fn create_titled(exchange: &Exchange, mailbox: &str, title: &str) -> Id {
    let times = "<t:Start>2027-03-01T08:00:00Z</t:Start><t:End>2027-03-01T09:00:00Z</t:End>";
    create(exchange, mailbox, &format!("<t:Subject>{title}</t:Subject>{times}"))
}

/// From one Monday in March 2027 at nine in Stockholm for an hour, by a pattern and a range.
pub fn series(title: &str, pattern: &str, range: &str) -> String {
    format!(
        "<t:Subject>{title}</t:Subject><t:Start>2027-03-01T08:00:00Z</t:Start><t:End>2027-03-01T09:00:00Z</t:End>\
         <t:Recurrence>{pattern}{range}</t:Recurrence><t:StartTimeZone Id=\"W. Europe Standard Time\"/>\
         <t:EndTimeZone Id=\"W. Europe Standard Time\"/>"
    )
}

pub const DAILY: &str = "<t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence>";
pub const MONDAYS: &str =
    "<t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek></t:WeeklyRecurrence>";
pub const FOR_EVER: &str = "<t:NoEndRecurrence><t:StartDate>2027-03-01</t:StartDate></t:NoEndRecurrence>";

pub fn times(count: u32) -> String {
    format!(
        "<t:NumberedRecurrence><t:StartDate>2027-03-01</t:StartDate><t:NumberOfOccurrences>{count}\
         </t:NumberOfOccurrences></t:NumberedRecurrence>"
    )
}

/// The occurrence with that InstanceIndex.
pub fn nth(master: &Id, index: i32) -> String {
    format!("<t:OccurrenceItemId RecurringMasterId=\"{}\" InstanceIndex=\"{index}\"/>", master.id)
}

pub fn get_by(exchange: &Exchange, mailbox: &str, ids: &str) -> String {
    let get = format!("<m:GetItem><m:ItemShape>{ALL_AS_TEXT}</m:ItemShape><m:ItemIds>{ids}</m:ItemIds></m:GetItem>");
    ask(exchange, mailbox, &get)
}

/// Titles and starts of what a calendar view from `from` to `to` (dates) shows.
pub fn view(exchange: &Exchange, from: &str, to: &str) -> Vec<String> {
    let find = format!(
        "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>\
         <m:CalendarView StartDate=\"{from}T00:00:00Z\" EndDate=\"{to}T00:00:00Z\"/>\
         <m:ParentFolderIds><t:DistinguishedFolderId Id=\"calendar\"/></m:ParentFolderIds></m:FindItem>"
    );
    let answer = ask(exchange, ANNA, &find);
    let (kinds, starts) = (texts(&answer, "CalendarItemType"), texts(&answer, "Start"));
    kinds.iter().zip(starts).map(|(kind, start)| format!("{kind} {start}")).collect()
}

pub fn get(exchange: &Exchange, mailbox: &str, shape: &str, ids: &[&Id]) -> String {
    let ids: String = ids.iter().map(|id| id.xml()).collect();
    let get = format!("<m:GetItem><m:ItemShape>{shape}</m:ItemShape><m:ItemIds>{ids}</m:ItemIds></m:GetItem>");
    ask(exchange, mailbox, &get)
}

pub const ALL: &str = "<t:BaseShape>AllProperties</t:BaseShape>";
pub const ALL_AS_TEXT: &str = "<t:BaseShape>AllProperties</t:BaseShape><t:BodyType>Text</t:BodyType>";

pub fn update_request(resolution: &str, id: &str, updates: &str) -> String {
    format!(
        "<m:UpdateItem ConflictResolution=\"{resolution}\" SendMeetingInvitationsOrCancellations=\"SendToNone\">\
         <m:ItemChanges><t:ItemChange>{id}<t:Updates>{updates}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>"
    )
}

pub fn set_field(uri: &str, element: &str) -> String {
    format!(
        "<t:SetItemField><t:FieldURI FieldURI=\"{uri}\"/><t:CalendarItem>{element}</t:CalendarItem></t:SetItemField>"
    )
}

pub fn delete_request(ids: &str) -> String {
    format!(
        "<m:DeleteItem DeleteType=\"HardDelete\" SendMeetingCancellations=\"SendToNone\"><m:ItemIds>{ids}</m:ItemIds>\
         </m:DeleteItem>"
    )
}

pub fn sync_request(state: &str, limit: usize) -> String {
    let state = if state.is_empty() { String::new() } else { format!("<m:SyncState>{state}</m:SyncState>") };
    format!(
        "<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>\
         <t:FieldURI FieldURI=\"item:Subject\"/><t:FieldURI FieldURI=\"calendar:CalendarItemType\"/>{MARKER}\
         </t:AdditionalProperties></m:ItemShape><m:SyncFolderId><t:DistinguishedFolderId Id=\"calendar\"/>\
         </m:SyncFolderId>{state}<m:MaxChangesReturned>{limit}</m:MaxChangesReturned></m:SyncFolderItems>"
    )
}

/// A request of the people's or the control interface, with its answer.
pub fn json(exchange: &Exchange, method: &str, path: &str, body: &serde_json::Value) -> (u16, serde_json::Value) {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let request = Request { method: method.into(), path: path.into(), headers: Vec::new(), body };
    let answer = exchange.answer(&request, now()).answer;
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}

/// The path of an event in a mailbox.
pub fn event_path(mailbox: &str, id: &str) -> String {
    let id = id.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    format!("/people/{mailbox}/events/{id}")
}
