//! The rows themselves.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::body::{Body, Kind};
use super::super::id::{self, Named};
use super::super::item::{Attendee, Item, Person};
use super::super::series::Kind as ItemKind;
use super::super::xml::Element;
use super::super::zone::Zone;
use super::Shape::{AllProperties, Asked, Default, IdOnly};
use super::Write::{Never, OnCreate, Set, SetOrDelete};
use super::{BodyChoice, Field, Shape, Value, View, Write, format_duration, format_time, write};

const fn row(name: &'static str, uri: &'static str, shape: Shape, read: fn(&View) -> Value, write: Write) -> Field {
    Field { name, uri, shape, found: true, read, write }
}

const fn fetched(name: &'static str, uri: &'static str, shape: Shape, read: fn(&View) -> Value, write: Write) -> Field {
    Field { name, uri, shape, found: false, read, write }
}

#[rustfmt::skip]
pub static FIELDS: &[Field] = &[
    row("ItemId", "item:ItemId", IdOnly, item_id, Never),
    row("ParentFolderId", "item:ParentFolderId", AllProperties, parent_folder_id, Never),
    row("ItemClass", "item:ItemClass", AllProperties, |v| text(&v.content().item_class), OnCreate(write::item_class)),
    row("Subject", "item:Subject", Default, |v| maybe(&v.content().subject), SetOrDelete(write::subject, |c| c.subject = None)),
    row("Sensitivity", "item:Sensitivity", AllProperties, |v| text(&v.content().sensitivity), Set(write::sensitivity)),
    fetched("Body", "item:Body", AllProperties, body, SetOrDelete(write::body, |c| c.body = None)),
    fetched("Attachments", "item:Attachments", AllProperties, attachments, Never),
    row("DateTimeReceived", "item:DateTimeReceived", AllProperties, |v| Value::Time(v.item.created), Never),
    row("Size", "item:Size", AllProperties, size, Never),
    row("Categories", "item:Categories", AllProperties, categories, SetOrDelete(write::categories, |c| c.categories.clear())),
    row("Importance", "item:Importance", AllProperties, |v| text(&v.content().importance), Set(write::importance)),
    row("IsSubmitted", "item:IsSubmitted", AllProperties, |_| Value::Flag(false), Never),
    row("IsDraft", "item:IsDraft", AllProperties, |_| Value::Flag(false), Never),
    row("IsFromMe", "item:IsFromMe", AllProperties, |_| Value::Flag(false), Never),
    row("IsResend", "item:IsResend", AllProperties, |_| Value::Flag(false), Never),
    row("IsUnmodified", "item:IsUnmodified", AllProperties, |_| Value::Flag(false), Never),
    row("DateTimeSent", "item:DateTimeSent", AllProperties, |v| Value::Time(v.item.created), Never),
    row("DateTimeCreated", "item:DateTimeCreated", AllProperties, |v| Value::Time(v.item.created), Never),
    fetched("ResponseObjects", "item:ResponseObjects", Default, response_objects, Never),
    row("ReminderDueBy", "item:ReminderDueBy", AllProperties, |v| Value::Time(v.content().start()), Never),
    row("ReminderIsSet", "item:ReminderIsSet", AllProperties, |v| Value::Flag(v.content().reminder_is_set), Set(write::reminder_is_set)),
    row("ReminderMinutesBeforeStart", "item:ReminderMinutesBeforeStart", AllProperties, |v| Value::Number(v.content().reminder_minutes.into()), Set(write::reminder_minutes)),
    row("DisplayCc", "item:DisplayCc", AllProperties, |v| names(&v.content().optional), Never),
    row("DisplayTo", "item:DisplayTo", AllProperties, |v| names(&v.content().required), Never),
    row("HasAttachments", "item:HasAttachments", Default, |v| Value::Flag(!v.content().attachments.is_empty()), Never),
    // Has no URI of its own: shown for the paths that were asked for.
    row("ExtendedProperty", "", IdOnly, extended, Never),
    row("Culture", "item:Culture", AllProperties, |_| Value::Text("sv-SE".to_owned()), Never),
    fetched("EffectiveRights", "item:EffectiveRights", AllProperties, effective_rights, Never),
    row("LastModifiedName", "item:LastModifiedName", AllProperties, |v| text(&v.item.modified_by), Never),
    row("LastModifiedTime", "item:LastModifiedTime", AllProperties, |v| Value::Time(v.item.modified), Never),
    row("IsAssociated", "item:IsAssociated", AllProperties, |_| Value::Flag(false), Never),
    row("WebClientReadFormQueryString", "item:WebClientReadFormQueryString", AllProperties, |v| web_form(v, "ICalendarItemDetailsViewModelFactory"), Never),
    row("WebClientEditFormQueryString", "item:WebClientEditFormQueryString", Asked, |v| web_form(v, "ICalendarItemDetailsEditViewModelFactory"), Never),
    row("ConversationId", "item:ConversationId", AllProperties, conversation_id, Never),
    fetched("TextBody", "item:TextBody", Asked, |v| shown_body("t:TextBody", &v.content().body, BodyChoice::Text), Never),
    row("UID", "calendar:UID", AllProperties, |v| maybe(&v.content().uid), OnCreate(write::uid)),
    row("RecurrenceId", "calendar:RecurrenceId", AllProperties, original_start, Never),
    row("DateTimeStamp", "calendar:DateTimeStamp", AllProperties, |v| Value::Time(v.item.modified), Never),
    row("Start", "calendar:Start", Default, |v| Value::Time(v.content().start()), Set(write::start)),
    row("End", "calendar:End", Default, |v| Value::Time(v.content().end()), Set(write::end)),
    row("OriginalStart", "calendar:OriginalStart", AllProperties, original_start, Never),
    row("IsAllDayEvent", "calendar:IsAllDayEvent", AllProperties, |v| Value::Flag(v.content().all_day), Set(write::all_day)),
    row("LegacyFreeBusyStatus", "calendar:LegacyFreeBusyStatus", Default, free_busy, Set(write::free_busy)),
    row("Location", "calendar:Location", Default, |v| maybe(&v.content().place), SetOrDelete(write::place, |c| c.place = None)),
    row("IsMeeting", "calendar:IsMeeting", AllProperties, |v| Value::Flag(v.content().is_meeting()), Never),
    row("IsCancelled", "calendar:IsCancelled", AllProperties, |v| Value::Flag(v.content().is_cancelled), Never),
    // True for occurrences only: a master says false (seen in `../shared/ews-samples`).
    row("IsRecurring", "calendar:IsRecurring", AllProperties, |v| Value::Flag(v.item.instance.is_some()), Never),
    row("MeetingRequestWasSent", "calendar:MeetingRequestWasSent", AllProperties, |v| Value::Flag(v.content().invitations_sent), Never),
    row("IsResponseRequested", "calendar:IsResponseRequested", AllProperties, |v| Value::Flag(v.content().response_requested), Set(write::response_requested)),
    row("CalendarItemType", "calendar:CalendarItemType", Default, item_type, Never),
    row("MyResponseType", "calendar:MyResponseType", AllProperties, my_response, Never),
    row("Organizer", "calendar:Organizer", Default, organizer, Never),
    fetched("RequiredAttendees", "calendar:RequiredAttendees", AllProperties, |v| attendees("t:RequiredAttendees", &v.content().required), SetOrDelete(write::required, |c| c.required.clear())),
    fetched("OptionalAttendees", "calendar:OptionalAttendees", AllProperties, |v| attendees("t:OptionalAttendees", &v.content().optional), SetOrDelete(write::optional, |c| c.optional.clear())),
    fetched("Resources", "calendar:Resources", AllProperties, |v| attendees("t:Resources", &v.content().resources), SetOrDelete(write::resources, |c| c.resources.clear())),
    row("Duration", "calendar:Duration", AllProperties, |v| Value::Text(format_duration(v.content().end() - v.content().start())), Never),
    row("TimeZone", "calendar:TimeZone", AllProperties, |v| Value::Text(v.content().start_zone().title()), Never),
    row("AppointmentReplyTime", "calendar:AppointmentReplyTime", AllProperties, reply_time, Never),
    row("AppointmentSequenceNumber", "calendar:AppointmentSequenceNumber", AllProperties, |v| Value::Number(v.content().sequence.into()), Never),
    row("AppointmentState", "calendar:AppointmentState", AllProperties, appointment_state, Never),
    fetched("Recurrence", "calendar:Recurrence", AllProperties, recurrence, SetOrDelete(write::recurrence, |c| c.recurrence = None)),
    fetched("FirstOccurrence", "calendar:FirstOccurrence", AllProperties, |v| occurrence_info(v, "t:FirstOccurrence", v.item.first_instance()), Never),
    fetched("LastOccurrence", "calendar:LastOccurrence", AllProperties, |v| occurrence_info(v, "t:LastOccurrence", v.item.last_instance()), Never),
    // Read-only (R18).
    fetched("ModifiedOccurrences", "calendar:ModifiedOccurrences", AllProperties, modified_occurrences, Never),
    fetched("DeletedOccurrences", "calendar:DeletedOccurrences", AllProperties, deleted_occurrences, Never),
    fetched("MeetingTimeZone", "calendar:MeetingTimeZone", Asked, |_| Value::Missing, Set(write::meeting_zone)),
    fetched("StartTimeZone", "calendar:StartTimeZone", AllProperties, |v| one(v.content().start_zone().to_element("t:StartTimeZone")), Set(write::start_zone)),
    fetched("EndTimeZone", "calendar:EndTimeZone", AllProperties, |v| one(v.content().end_zone().to_element("t:EndTimeZone")), Set(write::end_zone)),
    row("ConferenceType", "calendar:ConferenceType", AllProperties, |_| Value::Number(0), Never),
    row("AllowNewTimeProposal", "calendar:AllowNewTimeProposal", AllProperties, |v| Value::Flag(v.content().allow_new_time), Set(write::allow_new_time)),
    row("IsOnlineMeeting", "calendar:IsOnlineMeeting", AllProperties, |v| Value::Flag(v.content().online_url.is_some()), Never),
    fetched("EnhancedLocation", "calendar:EnhancedLocation", Asked, enhanced_location, Never),
    fetched("StartWallClock", "calendar:StartWallClock", AllProperties, |v| wall_clock(v.content().start(), v.content().start_zone()), Never),
    fetched("EndWallClock", "calendar:EndWallClock", AllProperties, |v| wall_clock(v.content().end(), v.content().end_zone()), Never),
    fetched("StartTimeZoneId", "calendar:StartTimeZoneId", AllProperties, |v| Value::Text(v.content().start_zone().id().to_owned()), Never),
    fetched("EndTimeZoneId", "calendar:EndTimeZoneId", AllProperties, |v| Value::Text(v.content().end_zone().id().to_owned()), Never),
    fetched("JoinOnlineMeetingUrl", "calendar:JoinOnlineMeetingUrl", AllProperties, |v| maybe(&v.content().online_url), Never),
    row("IsOrganizer", "calendar:IsOrganizer", AllProperties, |v| Value::Flag(v.content().organizer.is_none()), Never),
];

/// Fields of `item:` and `calendar:` in types.xsd that this server knows by name and never has a value for.
#[rustfmt::skip]
pub const NOT_KEPT: &[&str] = &[
    "MimeContent", "InReplyTo", "InternetMessageHeaders", "ReminderNextTime", "DisplayBcc",
    "UniqueBody", "Flag", "StoreEntryId", "InstanceKey", "NormalizedBody", "EntityExtractionResult", "PolicyTag",
    "ArchiveTag", "RetentionDate", "Preview", "PredictedActionReasons", "IsClutter", "RightsManagementLicenseData",
    "BlockStatus", "HasBlockedImages", "IconIndex", "MimeContentUTF8", "Mentions", "MentionedMe", "MentionsPreview",
    "MentionsEx", "Hashtags", "AppliedHashtags", "AppliedHashtagsPreview", "Likes", "LikesPreview",
    "PendingSocialActivityTagIds", "AtAllMention", "CanDelete", "InferenceClassification", "FirstBody",
    "When", "ConflictingMeetingCount", "AdjacentMeetingCount", "ConflictingMeetings",
    "AdjacentMeetings", "InboxReminders", "MeetingWorkspaceUrl", "NetShowUrl",
    "OnlineMeetingSettings", "CalendarActivityData", "DoNotForwardMeeting",
];

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn maybe(text: &Option<String>) -> Value {
    text.clone().map_or(Value::Missing, Value::Text)
}

fn one(element: Element) -> Value {
    Value::Elements(vec![element])
}

fn item_id(view: &View) -> Value {
    one(id_of(view, view.item))
}

fn id_of(view: &View, item: &Item) -> Element {
    let mailbox = view.mailbox.guid;
    let change_key = id::change_key(&mailbox, item.version());
    Element::new("t:ItemId").attribute("Id", item.named(mailbox).encode()).attribute("ChangeKey", change_key)
}

fn parent_folder_id(view: &View) -> Value {
    let id = Named::Folder { mailbox: view.mailbox.guid, folder: view.item.folder }.encode();
    one(Element::new("t:ParentFolderId").attribute("Id", id).attribute("ChangeKey", "AQAAAA=="))
}

fn body(view: &View) -> Value {
    shown_body("t:Body", &view.content().body, view.body)
}

fn shown_body(name: &'static str, body: &Option<Body>, choice: BodyChoice) -> Value {
    let kind = match (choice, body) {
        (BodyChoice::Text, _) => Kind::Text,
        (BodyChoice::Html, _) => Kind::Html,
        (BodyChoice::Best, body) => body.as_ref().map_or(Kind::Text, |body| body.kind),
    };
    let shown = body.as_ref().map(|body| match kind {
        Kind::Text => body.as_text(),
        Kind::Html => body.as_html(),
    });
    let element = Element::new(name).attribute("BodyType", kind.name());
    one(match shown.filter(|shown| !shown.is_empty()) {
        Some(shown) => element.text(shown),
        None => element,
    })
}

/// Roughly what the store would count.
fn size(view: &View) -> Value {
    let content = view.content();
    let body = content.body.as_ref().map_or(0, |body| body.content.len());
    let subject = content.subject.as_ref().map_or(0, String::len);
    Value::Number(i64::try_from(2_900 + 2 * (body + subject)).unwrap_or(i64::MAX))
}

fn categories(view: &View) -> Value {
    let categories = &view.content().categories;
    if categories.is_empty() {
        return Value::Missing;
    }
    let strings = categories.iter().map(|category| Element::new("t:String").text(category.clone()));
    one(Element::new("t:Categories").children(strings))
}

fn response_objects(view: &View) -> Value {
    let content = view.content();
    let offered: &[&str] = if content.organizer.is_some() {
        &["AcceptItem", "TentativelyAcceptItem", "DeclineItem", "ReplyToItem", "ReplyAllToItem", "ForwardItem"]
    } else if content.is_meeting() {
        &["CancelCalendarItem", "ForwardItem"]
    } else {
        &["ForwardItem"]
    };
    one(Element::new("t:ResponseObjects").children(offered.iter().map(|name| Element::new(format!("t:{name}")))))
}

/// `""` and not nothing when there are none, as Exchange has it.
fn names(attendees: &[Attendee]) -> Value {
    let names: Vec<&str> = attendees.iter().map(|attendee| attendee.person.name.as_str()).collect();
    Value::Text(names.join("; "))
}

fn extended(view: &View) -> Value {
    let wanted = view.content().extended.iter().filter(|property| view.extended.contains(&property.path));
    Value::Elements(wanted.map(super::super::extended::ExtendedProperty::to_element).collect())
}

fn effective_rights(_: &View) -> Value {
    let rights = [
        ("CreateAssociated", false),
        ("CreateContents", false),
        ("CreateHierarchy", false),
        ("Delete", true),
        ("Modify", true),
        ("Read", true),
        ("ViewPrivateItems", true),
    ];
    let rights = rights.map(|(name, right)| Element::new(format!("t:{name}")).text(right.to_string()));
    one(Element::new("t:EffectiveRights").children(rights))
}

fn web_form(view: &View, model: &str) -> Value {
    let id = view.item.named(view.mailbox.guid).encode();
    let id = utf8_percent_encode(&id, NON_ALPHANUMERIC);
    let (_, domain) = view.mailbox.address.rsplit_once('@').unwrap_or_default();
    Value::Text(format!("https://mail.{domain}/owa/?itemid={id}&exvsurl=1&path=/calendar/item&viewmodel={model}"))
}

fn conversation_id(view: &View) -> Value {
    let mut bytes = vec![0, 0, 9, 0x14];
    bytes.extend(view.mailbox.guid);
    bytes.extend(view.item.key.to_be_bytes());
    bytes.extend([0; 24]);
    one(Element::new("t:ConversationId").attribute("Id", STANDARD.encode(bytes)))
}

/// What an older schema calls a value that it does not have was not found out; it must be one that it has.
fn free_busy(view: &View) -> Value {
    let word = &view.content().free_busy;
    text(if view.dialect.schema.has(word) { word } else { "Free" })
}

fn item_type(view: &View) -> Value {
    text(match view.item.kind() {
        ItemKind::Single => "Single",
        ItemKind::Occurrence => "Occurrence",
        ItemKind::Exception => "Exception",
        ItemKind::RecurringMaster => "RecurringMaster",
    })
}

/// Of an all-day instance too it is an instant: midnight in the series' zone (R04).
fn original_start(view: &View) -> Value {
    view.item.instance.map_or(Value::Missing, |instance| Value::Time(instance.original))
}

fn recurrence(view: &View) -> Value {
    let content = view.content();
    Value::Elements(
        content.recurrence.iter().map(|recurrence| recurrence.to_element(content.start_zone(), view.dialect)).collect(),
    )
}

fn occurrence_info(view: &View, name: &'static str, instance: Option<Item>) -> Value {
    let Some((instance, place)) = instance.and_then(|instance| instance.instance.map(|place| (instance, place))) else {
        return Value::Missing;
    };
    let time = |name: &'static str, time| Element::new(name).text(format_time(time));
    one(Element::new(name)
        .child(id_of(view, &instance))
        .child(time("t:Start", instance.content.start()))
        .child(time("t:End", instance.content.end()))
        .child(time("t:OriginalStart", place.original)))
}

fn modified_occurrences(view: &View) -> Value {
    let changed = view.item.differences.changed.keys().filter_map(|date| view.item.instance_on(*date));
    let shown: Vec<Element> =
        changed.flat_map(|instance| occurrence_info(view, "t:Occurrence", Some(instance)).to_elements("")).collect();
    some("t:ModifiedOccurrences", shown)
}

fn deleted_occurrences(view: &View) -> Value {
    let starts = view.item.differences.deleted.iter().map(|date| format_time(view.item.original_start(*date)));
    let shown = starts.map(|start| Element::new("t:DeletedOccurrence").child(Element::new("t:Start").text(start)));
    some("t:DeletedOccurrences", shown.collect())
}

/// A list that the schema wants not to be empty.
fn some(name: &'static str, elements: Vec<Element>) -> Value {
    if elements.is_empty() { Value::Missing } else { one(Element::new(name).children(elements)) }
}

fn my_response(view: &View) -> Value {
    let content = view.content();
    let unanswered = || if content.organizer.is_some() { "NoResponseReceived" } else { "Organizer" }.to_owned();
    Value::Text(content.my_response.clone().unwrap_or_else(unanswered))
}

fn organizer(view: &View) -> Value {
    let owner = || Person { name: view.mailbox.name.clone(), address: view.mailbox.address.clone() };
    let organizer = view.content().organizer.clone().unwrap_or_else(owner);
    one(Element::new("t:Organizer").child(mailbox(&organizer)))
}

fn attendees(name: &'static str, attendees: &[Attendee]) -> Value {
    if attendees.is_empty() {
        return Value::Missing;
    }
    one(Element::new(name).children(attendees.iter().map(|attendee| {
        let response = Element::new("t:ResponseType").text(attendee.response.clone());
        Element::new("t:Attendee").child(mailbox(&attendee.person)).child(response)
    })))
}

fn mailbox(person: &Person) -> Element {
    let part = |name: &'static str, text: &str| Element::new(name).text(text);
    Element::new("t:Mailbox")
        .child(part("t:Name", &person.name))
        .child(part("t:EmailAddress", &person.address))
        .child(part("t:RoutingType", "SMTP"))
        .child(part("t:MailboxType", "Mailbox"))
}

/// asfMeeting, asfReceived and asfCanceled of [MS-OXOCAL] 2.2.1.10.
fn appointment_state(view: &View) -> Value {
    let content = view.content();
    let meeting = i64::from(content.is_meeting());
    let received = if content.organizer.is_some() { 2 } else { 0 };
    Value::Number(meeting + received + if content.is_cancelled { 4 } else { 0 })
}

/// When the owner answered; this server knows no other time than that of the last change.
fn reply_time(view: &View) -> Value {
    let content = view.content();
    let has_answered = content.organizer.is_some()
        && content.my_response.as_ref().is_some_and(|response| response != "NoResponseReceived");
    if has_answered { Value::Time(view.item.modified) } else { Value::Missing }
}

/// What there is, and nothing of what is in it.
fn attachments(view: &View) -> Value {
    let id = view.item.named(view.mailbox.guid).encode();
    let files = view.content().attachments.iter().enumerate().map(|(place, name)| {
        let text = |name: &'static str, text: String| Element::new(name).text(text);
        let kind = match name.rsplit('.').next() {
            Some("pdf") => "application/pdf",
            Some("png") => "image/png",
            Some("txt") => "text/plain",
            _ => "application/octet-stream",
        };
        Element::new("t:FileAttachment")
            .child(Element::new("t:AttachmentId").attribute("Id", format!("{id}{place:04}")))
            .child(text("t:Name", name.clone()))
            .child(text("t:ContentType", kind.to_owned()))
            .child(text("t:Size", (1000 + name.len()).to_string()))
            .child(text("t:LastModifiedTime", format_time(view.item.modified)))
            .child(text("t:IsInline", "false".to_owned()))
    });
    some("t:Attachments", files.collect())
}

fn wall_clock(instant: chrono::DateTime<chrono::Utc>, zone: Zone) -> Value {
    Value::Text(zone.wall_with_offset(instant).to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

fn enhanced_location(view: &View) -> Value {
    let Some(place) = view.content().place.as_ref().filter(|place| !place.is_empty()) else { return Value::Missing };
    let source = Element::new("t:LocationSource").text("None");
    let address = Element::new("t:PostalAddress").child(Element::new("t:Type").text("Business")).child(source);
    one(Element::new("t:EnhancedLocation").child(Element::new("t:DisplayName").text(place.clone())).child(address))
}
