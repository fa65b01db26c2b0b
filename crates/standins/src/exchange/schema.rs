//! Whether a request is what messages.xsd and types.xsd allow, as far as this server understands requests at all.
//!
//! Exchange validates before it does anything, and one element out of order costs the whole request
//! (ErrorSchemaValidation). The content models below are those of the two schemas for the operations that are answered
//! here, one line per element, in a notation of DTDs: `A? (B|C) D*`.

use roxmltree::Node;

use super::code::Refusal;
use super::field;
use super::recurrence::{MONTHS, WEEK};
use super::server::Schema;
use super::xml::{self, Element, MESSAGES, TYPES};

/// # Errors
/// The SOAP fault for the first violation in document order.
pub fn validate(operation: Node, newest: Schema) -> Result<(), Refusal> {
    check(operation, newest)
}

/// `newest`: what came later stands in no schema of this server.
fn check(node: Node, newest: Schema) -> Result<(), Refusal> {
    check_age(node, newest)?;
    check_attributes(node)?;
    check_value(node)?;
    if let Some((_, model)) = MODELS.iter().find(|(name, _)| *name == node.tag_name().name()) {
        check_order(node, model)?;
    }
    xml::elements(node).try_for_each(|child| check(child, newest))
}

fn check_age(node: Node, newest: Schema) -> Result<(), Refusal> {
    let element = node.tag_name().name();
    if !newest.has(element) {
        return Err(unexpected(node, "those of an older schema"));
    }
    if element == "FieldURI" && !newest.has(node.attribute("FieldURI").unwrap_or_default()) {
        return Err(violation(node, "The 'FieldURI' attribute is invalid - The Enumeration constraint failed.".into()));
    }
    if element == "LegacyFreeBusyStatus" && !newest.has(xml::text(node).trim()) {
        return Err(violation(node, "The 'LegacyFreeBusyStatus' element is invalid according to its datatype.".into()));
    }
    Ok(())
}

fn check_order(node: Node, model: &str) -> Result<(), Refusal> {
    let mut slots = model.split_ascii_whitespace().map(Slot::parse).collect::<Vec<_>>().into_iter().peekable();
    let mut taken = false;
    for child in xml::elements(node) {
        let name = child.tag_name().name();
        let in_namespace = matches!(child.tag_name().namespace(), Some(MESSAGES | TYPES));
        loop {
            let Some(slot) = slots.peek() else { return Err(unexpected(child, "nothing more")) };
            if in_namespace && slot.names.contains(&name) {
                taken = slot.many;
                if !slot.many {
                    slots.next();
                }
                break;
            }
            if !(slot.optional || taken) {
                return Err(unexpected(child, &slot.names.join(", ")));
            }
            taken = false;
            slots.next();
        }
    }
    let left = slots.skip(taken.into());
    match left.into_iter().find(|slot| !slot.optional) {
        Some(slot) => Err(incomplete(node, &slot.names.join(", "))),
        None => Ok(()),
    }
}

/// `Name`, `Name?`, `Name*`, `Name+`, `(A|B)?`...
struct Slot<'a> {
    names: Vec<&'a str>,
    optional: bool,
    many: bool,
}

impl<'a> Slot<'a> {
    fn parse(text: &'a str) -> Self {
        let names = text.trim_end_matches(['?', '*', '+']);
        Slot {
            names: names.trim_matches(['(', ')']).split('|').collect(),
            optional: text.ends_with(['?', '*']),
            many: text.ends_with(['*', '+']),
        }
    }
}

fn check_attributes(node: Node) -> Result<(), Refusal> {
    let element = node.tag_name().name();
    for rule in ATTRIBUTES.iter().filter(|rule| rule.element == element) {
        match node.attribute(rule.name) {
            None if rule.required => {
                return Err(violation(node, format!("The required attribute '{}' is missing.", rule.name)));
            }
            Some(value) if !rule.values.is_empty() && !rule.values.contains(&value) => {
                return Err(violation(
                    node,
                    format!(
                        "The '{}' attribute is invalid - The value '{value}' is invalid according to its datatype - \
                         The Enumeration constraint failed.",
                        rule.name
                    ),
                ));
            }
            _ => {}
        }
    }
    if element == "FieldURI" && !field::uri_is_known(node.attribute("FieldURI").unwrap_or_default()) {
        return Err(violation(node, "The 'FieldURI' attribute is invalid - The Enumeration constraint failed.".into()));
    }
    Ok(())
}

fn check_value(node: Node) -> Result<(), Refusal> {
    let element = node.tag_name().name();
    let Some((_, kind)) = VALUES.iter().find(|(name, _)| *name == element) else { return Ok(()) };
    let value = xml::text(node);
    let value = value.trim();
    let valid = match kind {
        Value::Boolean => matches!(value, "true" | "false" | "0" | "1"),
        Value::Time => field::parse_time(value, super::zone::Zone::UTC).is_some(),
        Value::Number(least, most) => value.parse::<i64>().is_ok_and(|number| (*least..=*most).contains(&number)),
        Value::OneOf(names) => names.contains(&value),
        Value::NotEmpty => !value.is_empty(),
        Value::Int => value.parse::<i32>().is_ok(),
        Value::Date => xml::parse_date(value).is_some(),
        Value::DaysOfWeek => days_fit(node, value),
        // A month by its name in a pattern, by its number in a transition of a time zone.
        Value::Month if parent_is(node, "Recurrence") => MONTHS.contains(&value),
        Value::Month => value.parse::<i32>().is_ok(),
    };
    if valid {
        return Ok(());
    }
    Err(violation(
        node,
        format!("The '{element}' element is invalid - The value '{value}' is invalid according to its datatype."),
    ))
}

/// DaysOfWeekType is a list in a weekly pattern; everywhere else it is one DayOfWeekType.
fn days_fit(node: Node, value: &str) -> bool {
    let is_day = |name: &str| WEEK.contains(&name) || matches!(name, "Day" | "Weekday" | "WeekendDay");
    let mut names = value.split_ascii_whitespace();
    if parent_is(node, "WeeklyRecurrence") { names.all(is_day) } else { is_day(value) }
}

fn parent_is(node: Node, ending: &str) -> bool {
    node.parent().is_some_and(|parent| parent.tag_name().name().ends_with(ending))
}

fn unexpected(child: Node, expected: &str) -> Refusal {
    let parent = child.parent().map_or("", |parent| parent.tag_name().name());
    let name = child.tag_name().name();
    violation(
        child,
        format!(
            "The element '{parent}' has invalid child element '{name}'. List of possible elements expected: '{expected}'."
        ),
    )
}

fn incomplete(node: Node, expected: &str) -> Refusal {
    let name = node.tag_name().name();
    violation(
        node,
        format!("The element '{name}' has incomplete content. List of possible elements expected: '{expected}'."),
    )
}

fn violation(node: Node, text: String) -> Refusal {
    let at = node.document().text_pos_at(node.range().start);
    Refusal::saying("ErrorSchemaValidation", format!("The request failed schema validation: {text}"))
        .with_detail(Element::new("t:LineNumber").text(at.row.to_string()))
        .with_detail(Element::new("t:LinePosition").text(at.col.to_string()))
        .with_detail(Element::new("t:Violation").text(text))
}

/// The content models. Elements that do not stand here are not looked into by this server.
const MODELS: &[(&str, &str)] = &[
    ("GetFolder", "FolderShape FolderIds"),
    ("FolderShape", "BaseShape AdditionalProperties?"),
    ("FolderIds", "(FolderId|DistinguishedFolderId|AddressListId)+"),
    ("ParentFolderIds", "(FolderId|DistinguishedFolderId|AddressListId)+"),
    ("DistinguishedFolderId", "Mailbox?"),
    ("FindFolder", "FolderShape (IndexedPageFolderView|FractionalPageFolderView)? Restriction? ParentFolderIds"),
    ("CreateFolder", "ParentFolderId Folders"),
    ("Folders", "(Folder|CalendarFolder|ContactsFolder|SearchFolder|TasksFolder)+"),
    ("CalendarFolder", FOLDER),
    ("Folder", FOLDER),
    ("SyncFolderItems", "ItemShape SyncFolderId SyncState? Ignore? MaxChangesReturned SyncScope?"),
    ("SyncFolderId", "(FolderId|DistinguishedFolderId|AddressListId)"),
    ("Ignore", "ItemId*"),
    ("GetItem", "ItemShape ItemIds"),
    (
        "ItemShape",
        "BaseShape IncludeMimeContent? BodyType? UniqueBodyType? NormalizedBodyType? FilterHtmlContent? \
         ConvertHtmlCodePageToUTF8? InlineImageUrlTemplate? BlockExternalImages? AddBlankTargetToLinks? \
         MaximumBodySize? AdditionalProperties?",
    ),
    ("AdditionalProperties", "(FieldURI|IndexedFieldURI|ExtendedFieldURI)+"),
    ("ItemIds", "(ItemId|OccurrenceItemId|RecurringMasterItemId|RecurringMasterItemIdRanges)+"),
    (
        "FindItem",
        "ItemShape (IndexedPageItemView|FractionalPageItemView|SeekToConditionPageItemView|CalendarView|ContactsView)? \
         (GroupBy|DistinguishedGroupBy)? Restriction? SortOrder? ParentFolderIds QueryString?",
    ),
    ("SortOrder", "FieldOrder+"),
    ("FieldOrder", "(FieldURI|IndexedFieldURI|ExtendedFieldURI)"),
    ("IsEqualTo", "(FieldURI|IndexedFieldURI|ExtendedFieldURI) FieldURIOrConstant"),
    ("IsNotEqualTo", "(FieldURI|IndexedFieldURI|ExtendedFieldURI) FieldURIOrConstant"),
    ("IsGreaterThan", "(FieldURI|IndexedFieldURI|ExtendedFieldURI) FieldURIOrConstant"),
    ("IsGreaterThanOrEqualTo", "(FieldURI|IndexedFieldURI|ExtendedFieldURI) FieldURIOrConstant"),
    ("IsLessThan", "(FieldURI|IndexedFieldURI|ExtendedFieldURI) FieldURIOrConstant"),
    ("IsLessThanOrEqualTo", "(FieldURI|IndexedFieldURI|ExtendedFieldURI) FieldURIOrConstant"),
    ("FieldURIOrConstant", "(FieldURI|IndexedFieldURI|ExtendedFieldURI|Constant)"),
    ("CreateItem", "SavedItemFolderId? Items"),
    ("SavedItemFolderId", "(FolderId|DistinguishedFolderId|AddressListId)"),
    ("UpdateItem", "SavedItemFolderId? ItemChanges"),
    ("ItemChanges", "ItemChange+"),
    ("ItemChange", "(ItemId|OccurrenceItemId|RecurringMasterItemId) Updates CalendarActivityData?"),
    ("Updates", "(AppendToItemField|SetItemField|DeleteItemField)+"),
    ("DeleteItemField", "(FieldURI|IndexedFieldURI|ExtendedFieldURI)"),
    ("DeleteItem", "ItemIds"),
    ("GetServerTimeZones", "Ids?"),
    ("Ids", "Id+"),
    ("TimeZoneDefinition", "Periods? TransitionsGroups? Transitions?"),
    ("StartTimeZone", "Periods? TransitionsGroups? Transitions?"),
    ("EndTimeZone", "Periods? TransitionsGroups? Transitions?"),
    ("Periods", "Period+"),
    ("TransitionsGroups", "TransitionsGroup+"),
    ("TransitionsGroup", TRANSITIONS),
    ("Transitions", TRANSITIONS),
    ("Transition", "To"),
    ("AbsoluteDateTransition", "To DateTime"),
    ("RecurringDayTransition", "To TimeOffset Month DayOfWeek Occurrence"),
    ("RecurringDateTransition", "To TimeOffset Month Day"),
    ("Mailbox", "Name? EmailAddress? RoutingType? MailboxType? ItemId? OriginalDisplayName?"),
    ("RequiredAttendees", "Attendee+"),
    ("OptionalAttendees", "Attendee+"),
    ("Resources", "Attendee+"),
    ("Attendee", "Mailbox ResponseType? LastResponseTime? ProposedStart? ProposedEnd?"),
    ("ExtendedProperty", "ExtendedFieldURI (Value|Values)"),
    ("Categories", "String*"),
    (
        "Recurrence",
        "(RelativeYearlyRecurrence|AbsoluteYearlyRecurrence|RelativeMonthlyRecurrence|AbsoluteMonthlyRecurrence|\
         WeeklyRecurrence|DailyRecurrence) (NoEndRecurrence|EndDateRecurrence|NumberedRecurrence)",
    ),
    ("RelativeYearlyRecurrence", "DaysOfWeek DayOfWeekIndex Month"),
    ("AbsoluteYearlyRecurrence", "DayOfMonth Month"),
    ("RelativeMonthlyRecurrence", "Interval DaysOfWeek DayOfWeekIndex"),
    ("AbsoluteMonthlyRecurrence", "Interval DayOfMonth"),
    ("WeeklyRecurrence", "Interval DaysOfWeek FirstDayOfWeek?"),
    ("DailyRecurrence", "Interval"),
    ("NoEndRecurrence", "StartDate"),
    ("EndDateRecurrence", "StartDate EndDate"),
    ("NumberedRecurrence", "StartDate NumberOfOccurrences"),
    ("Items", ITEMS_MANY),
    ("SetItemField", SET_FIELD),
    ("AppendToItemField", SET_FIELD),
    ("CalendarItem", CALENDAR_ITEM),
];

/// BaseFolderType, and what CalendarFolderType and FolderType have beside it.
const FOLDER: &str = "FolderId? ParentFolderId? FolderClass? DisplayName? TotalCount? ChildFolderCount? \
     ExtendedProperty* ManagedFolderInformation? EffectiveRights? DistinguishedFolderId? PolicyTag? ArchiveTag? \
     ReplicaList? SharingEffectiveRights? PermissionSet? UnreadCount?";
const TRANSITIONS: &str = "(Transition|AbsoluteDateTransition|RecurringDayTransition|RecurringDateTransition)+";
const ITEMS_MANY: &str = "(Item|Message|CalendarItem|Contact|DistributionList|MeetingMessage|MeetingRequest|\
     MeetingResponse|MeetingCancellation|Task|PostItem)+";
const SET_FIELD: &str = "(FieldURI|IndexedFieldURI|ExtendedFieldURI) (Item|Message|CalendarItem|Contact|\
     DistributionList|MeetingMessage|MeetingRequest|MeetingResponse|MeetingCancellation|Task|PostItem)";

/// ItemType, then CalendarItemType.
pub const CALENDAR_ITEM: &str = "MimeContent? ItemId? ParentFolderId? ItemClass? Subject? Sensitivity? Body? Attachments? \
     DateTimeReceived? Size? Categories? Importance? InReplyTo? IsSubmitted? IsDraft? IsFromMe? IsResend? \
     IsUnmodified? InternetMessageHeaders? DateTimeSent? DateTimeCreated? ResponseObjects? ReminderDueBy? \
     ReminderIsSet? ReminderNextTime? ReminderMinutesBeforeStart? DisplayCc? DisplayTo? DisplayBcc? HasAttachments? \
     ExtendedProperty* Culture? EffectiveRights? LastModifiedName? LastModifiedTime? IsAssociated? \
     WebClientReadFormQueryString? WebClientEditFormQueryString? ConversationId? UniqueBody? Flag? StoreEntryId? \
     InstanceKey? NormalizedBody? EntityExtractionResult? PolicyTag? ArchiveTag? RetentionDate? Preview? \
     RightsManagementLicenseData? PredictedActionReasons? IsClutter? BlockStatus? HasBlockedImages? TextBody? \
     IconIndex? SearchKey? SortKey? Hashtags? Mentions? MentionedMe? MentionsPreview? MentionsEx? AppliedHashtags? \
     AppliedHashtagsPreview? Likes? LikesPreview? PendingSocialActivityTagIds? AtAllMention? CanDelete? \
     InferenceClassification? UID? RecurrenceId? DateTimeStamp? Start? End? OriginalStart? IsAllDayEvent? \
     LegacyFreeBusyStatus? Location? When? IsMeeting? IsCancelled? IsRecurring? MeetingRequestWasSent? \
     IsResponseRequested? CalendarItemType? MyResponseType? Organizer? RequiredAttendees? OptionalAttendees? \
     Resources? InboxReminders? ConflictingMeetingCount? AdjacentMeetingCount? ConflictingMeetings? \
     AdjacentMeetings? Duration? TimeZone? AppointmentReplyTime? AppointmentSequenceNumber? AppointmentState? \
     Recurrence? FirstOccurrence? LastOccurrence? ModifiedOccurrences? DeletedOccurrences? MeetingTimeZone? \
     StartTimeZone? EndTimeZone? ConferenceType? AllowNewTimeProposal? IsOnlineMeeting? MeetingWorkspaceUrl? \
     NetShowUrl? EnhancedLocation? StartWallClock? EndWallClock? StartTimeZoneId? EndTimeZoneId? \
     IntendedFreeBusyStatus? JoinOnlineMeetingUrl? OnlineMeetingSettings? IsOrganizer? CalendarActivityData? \
     DoNotForwardMeeting?";

struct Attribute {
    element: &'static str,
    name: &'static str,
    required: bool,
    values: &'static [&'static str],
}

const fn attribute(
    element: &'static str,
    name: &'static str,
    required: bool,
    values: &'static [&'static str],
) -> Attribute {
    Attribute { element, name, required, values }
}

const ATTRIBUTES: &[Attribute] = &[
    attribute("DistinguishedFolderId", "Id", true, DISTINGUISHED_FOLDERS),
    attribute("FolderId", "Id", true, &[]),
    attribute("ItemId", "Id", true, &[]),
    attribute("OccurrenceItemId", "RecurringMasterId", true, &[]),
    attribute("OccurrenceItemId", "InstanceIndex", true, &[]),
    attribute("RecurringMasterItemId", "OccurrenceId", true, &[]),
    attribute("RecurringMasterItemIdRanges", "Id", true, &[]),
    attribute("To", "Kind", true, &["Period", "Group"]),
    attribute("FieldURI", "FieldURI", true, &[]),
    attribute("ExtendedFieldURI", "PropertyType", true, PROPERTY_TYPES),
    attribute("ExtendedFieldURI", "DistinguishedPropertySetId", false, PROPERTY_SETS),
    attribute("FindItem", "Traversal", true, &["Shallow", "SoftDeleted", "Associated"]),
    attribute("FindFolder", "Traversal", true, &["Shallow", "Deep", "SoftDeleted"]),
    attribute("IndexedPageFolderView", "Offset", true, &[]),
    attribute("IndexedPageFolderView", "BasePoint", true, &["Beginning", "End"]),
    attribute("IndexedPageItemView", "Offset", true, &[]),
    attribute("IndexedPageItemView", "BasePoint", true, &["Beginning", "End"]),
    attribute("CalendarView", "StartDate", true, &[]),
    attribute("CalendarView", "EndDate", true, &[]),
    attribute("FieldOrder", "Order", true, &["Ascending", "Descending"]),
    attribute("Constant", "Value", true, &[]),
    attribute("CreateItem", "MessageDisposition", false, DISPOSITIONS),
    attribute("CreateItem", "SendMeetingInvitations", false, SEND),
    attribute("UpdateItem", "ConflictResolution", true, &["NeverOverwrite", "AutoResolve", "AlwaysOverwrite"]),
    attribute("UpdateItem", "MessageDisposition", false, DISPOSITIONS),
    attribute("UpdateItem", "SendMeetingInvitationsOrCancellations", false, SEND_UPDATE),
    attribute("DeleteItem", "DeleteType", true, &["HardDelete", "SoftDelete", "MoveToDeletedItems"]),
    attribute("DeleteItem", "SendMeetingCancellations", false, SEND),
    attribute("Body", "BodyType", true, &["HTML", "Text"]),
];

const DISPOSITIONS: &[&str] = &["SaveOnly", "SendOnly", "SendAndSaveCopy"];
const SEND: &[&str] = &["SendToNone", "SendOnlyToAll", "SendToAllAndSaveCopy"];
const SEND_UPDATE: &[&str] =
    &["SendToNone", "SendOnlyToAll", "SendOnlyToChanged", "SendToAllAndSaveCopy", "SendToChangedAndSaveCopy"];

enum Value {
    Boolean,
    Time,
    Number(i64, i64),
    OneOf(&'static [&'static str]),
    NotEmpty,
    Int,
    Date,
    DaysOfWeek,
    Month,
}

const VALUES: &[(&str, Value)] = &[
    ("BaseShape", Value::OneOf(&["IdOnly", "Default", "AllProperties", "PcxPeopleSearch"])),
    ("IncludeMimeContent", Value::Boolean),
    ("BodyType", Value::OneOf(&["Best", "HTML", "Text"])),
    // MaxSyncChangesReturnedType.
    ("MaxChangesReturned", Value::Number(1, 512)),
    ("SyncScope", Value::OneOf(&["NormalItems", "NormalAndAssociatedItems"])),
    ("EmailAddress", Value::NotEmpty),
    ("Sensitivity", Value::OneOf(&["Normal", "Personal", "Private", "Confidential"])),
    ("Importance", Value::OneOf(&["Low", "Normal", "High"])),
    ("ReminderIsSet", Value::Boolean),
    // ReminderMinutesBeforeStartType.
    ("ReminderMinutesBeforeStart", Value::Number(0, 2_629_800)),
    ("Start", Value::Time),
    ("End", Value::Time),
    ("Interval", Value::Int),
    ("DayOfMonth", Value::Int),
    ("NumberOfOccurrences", Value::Int),
    ("DaysOfWeek", Value::DaysOfWeek),
    ("FirstDayOfWeek", Value::DaysOfWeek),
    ("DayOfWeekIndex", Value::OneOf(RECURRENCE_INDEXES)),
    ("Month", Value::Month),
    ("StartDate", Value::Date),
    ("EndDate", Value::Date),
    ("IsAllDayEvent", Value::Boolean),
    ("IsResponseRequested", Value::Boolean),
    ("AllowNewTimeProposal", Value::Boolean),
    ("LegacyFreeBusyStatus", Value::OneOf(&["Free", "Tentative", "Busy", "OOF", "WorkingElsewhere", "NoData"])),
    ("ResponseType", Value::OneOf(&["Unknown", "Organizer", "Tentative", "Accept", "Decline", "NoResponseReceived"])),
];

const RECURRENCE_INDEXES: &[&str] = &["First", "Second", "Third", "Fourth", "Last"];

const PROPERTY_SETS: &[&str] = &[
    "Meeting",
    "Appointment",
    "Common",
    "PublicStrings",
    "Address",
    "InternetHeaders",
    "CalendarAssistant",
    "UnifiedMessaging",
    "Task",
    "Sharing",
];

const PROPERTY_TYPES: &[&str] = &[
    "ApplicationTime",
    "ApplicationTimeArray",
    "Binary",
    "BinaryArray",
    "Boolean",
    "CLSID",
    "CLSIDArray",
    "Currency",
    "CurrencyArray",
    "Double",
    "DoubleArray",
    "Error",
    "Float",
    "FloatArray",
    "Integer",
    "IntegerArray",
    "Long",
    "LongArray",
    "Null",
    "Object",
    "ObjectArray",
    "Short",
    "ShortArray",
    "SystemTime",
    "SystemTimeArray",
    "String",
    "StringArray",
];

const DISTINGUISHED_FOLDERS: &[&str] = &[
    "calendar",
    "contacts",
    "deleteditems",
    "drafts",
    "inbox",
    "journal",
    "notes",
    "outbox",
    "sentitems",
    "tasks",
    "msgfolderroot",
    "publicfoldersroot",
    "root",
    "junkemail",
    "searchfolders",
    "voicemail",
    "recoverableitemsroot",
    "recoverableitemsdeletions",
    "recoverableitemsversions",
    "recoverableitemspurges",
    "recoverableitemsdiscoveryholds",
    "archiveroot",
    "archivemsgfolderroot",
    "archivedeleteditems",
    "archiveinbox",
    "archiverecoverableitemsroot",
    "archiverecoverableitemsdeletions",
    "archiverecoverableitemsversions",
    "archiverecoverableitemspurges",
    "archiverecoverableitemsdiscoveryholds",
    "syncissues",
    "conflicts",
    "localfailures",
    "serverfailures",
    "recipientcache",
    "quickcontacts",
    "conversationhistory",
    "adminauditlogs",
    "todosearch",
    "mycontacts",
    "directory",
    "imcontactlist",
    "peopleconnect",
    "favorites",
    "mecontact",
    "personmetadata",
    "scheduled",
    "archive",
];
