//! What may be said to Exchange through this gateway: a positive list, and the list is the whole of it.
//!
//! The core's reader is deliberately tolerant, because servers differ and no event may be lost. This is the opposite:
//! it stands between a browser and an account that may impersonate everybody, so what is not written here is refused,
//! unseen. A calendar synchronisation needs ten operations and no mail, no attendees, no other folders than calendars.
//! New kinds of request begin with a line in this table.
//!
//! One line per element, in the prefixes `s` (SOAP), `m` (messages) and `t` (types):
//!
//! - attributes: `Name`, `Name!` (must be there), `Name=a|b` (only these values), both: `Name!=a`
//! - children: at most one each, `t:Name*` any number, `t:Name!` exactly one; in the order of the list, which is the
//!   schema's, or after a `~` in any order
//! - `#text` instead of children: text; `#text=Value`: only that; `#mailbox`: the token's mailbox and no other
//! - `parent/child` is the line of a child that is stricter inside that parent; `grandparent/parent/child` goes before
//!
//! Names and nesting are those of Microsoft's schema (types.xsd, messages.xsd):
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/ews-xml-elements-in-exchange>

use std::collections::HashMap;
use std::sync::LazyLock;

type Line = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const TABLE: &[Line] = &[
    // The envelope. One header, one impersonation, by the SMTP address alone: SID, PrincipalName and SmtpAddress name
    // people in ways that the token does not. No ManagementRole, no SerializedSecurityContext, no OpenAsAdmin.
    ("s:Envelope", "", "s:Header! s:Body!"),
    ("s:Header", "", "~ t:RequestServerVersion t:ExchangeImpersonation! t:TimeZoneContext"),
    ("t:RequestServerVersion", "Version!=Exchange2010_SP2|Exchange2013|Exchange2016", ""),
    ("t:ExchangeImpersonation", "", "t:ConnectingSID!"),
    ("t:ConnectingSID", "", "t:PrimarySmtpAddress!"),
    ("t:PrimarySmtpAddress", "", "#mailbox"),
    ("t:TimeZoneContext", "", "t:TimeZoneDefinition!"),
    ("s:Body", "", "~ m:GetFolder m:FindFolder m:CreateFolder m:SyncFolderItems m:GetItem m:FindItem m:CreateItem \
        m:UpdateItem m:DeleteItem m:GetServerTimeZones"),

    // Reading. Hidden (associated) items and deleted ones are nobody's business here.
    ("m:GetFolder", "", "m:FolderShape! m:FolderIds!"),
    ("m:SyncFolderItems", "", "m:ItemShape! m:SyncFolderId! m:SyncState m:Ignore m:MaxChangesReturned! m:SyncScope"),
    ("m:GetItem", "", "m:ItemShape! m:ItemIds!"),
    ("m:FindItem", "Traversal!=Shallow",
        "m:ItemShape! m:IndexedPageItemView m:CalendarView m:Restriction m:SortOrder m:ParentFolderIds!"),

    // Writing. Nobody gets mail: the attribute that decides it must be there, and has one value. An absent one would
    // leave the decision to the server.
    ("m:CreateItem", "SendMeetingInvitations!=SendToNone MessageDisposition=SaveOnly", "m:SavedItemFolderId m:Items!"),
    ("m:UpdateItem", "ConflictResolution! SendMeetingInvitationsOrCancellations!=SendToNone \
        MessageDisposition=SaveOnly SuppressReadReceipts", "m:ItemChanges!"),
    ("m:DeleteItem", "DeleteType! SendMeetingCancellations!=SendToNone SuppressReadReceipts", "m:ItemIds!"),

    // Which calendar: FindFolder lists those under the mailbox's root, and must say that it wants calendars alone, so
    // that the id of the inbox is never told. CreateFolder makes one calendar, with no permissions for anybody.
    ("m:FindFolder", "Traversal!=Shallow|Deep",
        "m:FolderShape! m:IndexedPageFolderView m:Restriction! m:ParentFolderIds!"),
    ("m:FindFolder/m:Restriction", "", "t:IsEqualTo!"),
    ("m:FindFolder/m:Restriction/t:IsEqualTo", "", "t:FieldURI! t:FieldURIOrConstant!"),
    ("m:FindFolder/m:Restriction/t:IsEqualTo/t:FieldURI", "FieldURI!=folder:FolderClass", ""),
    ("m:FindFolder/m:Restriction/t:IsEqualTo/t:FieldURIOrConstant", "", "t:Constant!"),
    ("m:FindFolder/m:Restriction/t:IsEqualTo/t:FieldURIOrConstant/t:Constant", "Value!=IPF.Appointment", ""),
    ("m:FindFolder/m:ParentFolderIds", "", "t:DistinguishedFolderId!"),
    ("m:FindFolder/m:ParentFolderIds/t:DistinguishedFolderId", "Id!=msgfolderroot", "t:Mailbox"),
    ("m:IndexedPageFolderView", "MaxEntriesReturned Offset! BasePoint!", ""),
    ("m:CreateFolder", "", "m:ParentFolderId! m:Folders!"),
    ("m:ParentFolderId", "", "t:DistinguishedFolderId!"),
    ("m:ParentFolderId/t:DistinguishedFolderId", "Id!=msgfolderroot|calendar", "t:Mailbox"),
    ("m:Folders", "", "t:CalendarFolder!"),
    ("t:CalendarFolder", "", "t:FolderClass t:DisplayName!"),
    ("t:FolderClass", "", "#text=IPF.Appointment"),
    ("t:DisplayName", "", "#text"),

    // Folders: the calendar, of this mailbox. An opaque FolderId is only ever learnt from Exchange as this user.
    ("m:FolderIds", "", "~ t:FolderId* t:DistinguishedFolderId*"),
    ("m:ParentFolderIds", "", "~ t:FolderId* t:DistinguishedFolderId*"),
    ("m:SyncFolderId", "", "t:FolderId t:DistinguishedFolderId"),
    ("m:SavedItemFolderId", "", "t:FolderId t:DistinguishedFolderId"),
    ("t:FolderId", "Id! ChangeKey", ""),
    ("t:DistinguishedFolderId", "Id!=calendar ChangeKey", "t:Mailbox"),
    ("t:Mailbox", "", "t:EmailAddress!"),
    ("t:EmailAddress", "", "#mailbox"),

    // Shapes: which properties to read. Reading any property of an own calendar item is harmless. Of a folder it is not:
    // some hold the entry ids of other folders (PidTagAdditionalRenEntryIds).
    ("m:FolderShape", "", "t:BaseShape! t:AdditionalProperties"),
    ("m:FolderShape/t:AdditionalProperties", "", "t:FieldURI*"),
    ("m:ItemShape", "", "t:BaseShape! t:IncludeMimeContent t:BodyType t:UniqueBodyType t:NormalizedBodyType \
        t:FilterHtmlContent t:ConvertHtmlCodePageToUTF8 t:MaximumBodySize t:AdditionalProperties"),
    ("t:BaseShape", "", "#text"),
    ("t:IncludeMimeContent", "", "#text=false"),
    ("t:BodyType", "", "#text"),
    ("t:UniqueBodyType", "", "#text"),
    ("t:NormalizedBodyType", "", "#text"),
    ("t:FilterHtmlContent", "", "#text"),
    ("t:ConvertHtmlCodePageToUTF8", "", "#text"),
    ("t:MaximumBodySize", "", "#text"),
    ("t:AdditionalProperties", "", "~ t:FieldURI* t:ExtendedFieldURI*"),
    ("t:FieldURI", "FieldURI!", ""),
    ("t:ExtendedFieldURI",
        "DistinguishedPropertySetId PropertySetId PropertyTag PropertyName PropertyId PropertyType!", ""),

    // SyncFolderItems and FindItem.
    ("m:SyncState", "", "#text"),
    ("m:Ignore", "", "~ t:ItemId* t:OccurrenceItemId* t:RecurringMasterItemId*"),
    ("m:MaxChangesReturned", "", "#text"),
    ("m:SyncScope", "", "#text=NormalItems"),
    ("m:IndexedPageItemView", "MaxEntriesReturned Offset! BasePoint!", ""),
    ("m:CalendarView", "MaxEntriesReturned StartDate! EndDate!", ""),
    ("m:SortOrder", "", "t:FieldOrder*"),
    ("t:FieldOrder", "Order!", "t:FieldURI t:ExtendedFieldURI"),
    ("m:Restriction", "", "$search"),
    ("t:And", "", "~ $searches"),
    ("t:Or", "", "~ $searches"),
    ("t:Not", "", "$search"),
    ("t:Exists", "", "t:FieldURI t:ExtendedFieldURI"),
    ("t:IsEqualTo", "", "$comparison"),
    ("t:IsNotEqualTo", "", "$comparison"),
    ("t:IsGreaterThan", "", "$comparison"),
    ("t:IsGreaterThanOrEqualTo", "", "$comparison"),
    ("t:IsLessThan", "", "$comparison"),
    ("t:IsLessThanOrEqualTo", "", "$comparison"),
    ("t:FieldURIOrConstant", "", "t:FieldURI t:Constant"),
    ("t:Constant", "Value!", ""),

    // Items by id.
    ("m:ItemIds", "", "~ t:ItemId* t:OccurrenceItemId* t:RecurringMasterItemId*"),
    ("t:ItemId", "Id! ChangeKey", ""),
    ("t:OccurrenceItemId", "RecurringMasterId! ChangeKey InstanceIndex!", ""),
    ("t:RecurringMasterItemId", "OccurrenceId! ChangeKey", ""),

    // What an item may be given: a calendar item, and of it what one person writes in an appointment of their own. No
    // attendees, no organizer, no attachments, no ItemClass, and no MimeContent, through which an iCalendar text
    // would bring them all.
    ("m:Items", "", "t:CalendarItem*"),
    ("t:CalendarItem", "", "t:Subject t:Sensitivity t:Body t:Categories t:Importance t:ReminderDueBy t:ReminderIsSet \
        t:ReminderMinutesBeforeStart t:ExtendedProperty* t:Culture t:UID t:Start t:End t:IsAllDayEvent \
        t:LegacyFreeBusyStatus t:Location t:IsResponseRequested t:Recurrence t:StartTimeZone t:EndTimeZone \
        t:AllowNewTimeProposal"),
    ("t:Subject", "", "#text"),
    ("t:Sensitivity", "", "#text"),
    ("t:Body", "BodyType!", "#text"),
    ("t:Categories", "", "t:String*"),
    ("t:String", "", "#text"),
    ("t:Importance", "", "#text"),
    ("t:ReminderDueBy", "", "#text"),
    ("t:ReminderIsSet", "", "#text"),
    ("t:ReminderMinutesBeforeStart", "", "#text"),
    ("t:Culture", "", "#text"),
    ("t:UID", "", "#text"),
    ("t:Start", "", "#text"),
    ("t:End", "", "#text"),
    ("t:IsAllDayEvent", "", "#text"),
    ("t:LegacyFreeBusyStatus", "", "#text"),
    ("t:Location", "", "#text"),
    ("t:IsResponseRequested", "", "#text"),
    ("t:AllowNewTimeProposal", "", "#text"),

    // Our own properties are written, by name, in the set that is ours (`MarkerField` of the core). In other sets and
    // by number or tag one reaches Exchange's own, among them those that make a meeting of an appointment.
    ("t:ExtendedProperty", "", "t:ExtendedFieldURI! t:Value t:Values"),
    ("t:ExtendedProperty/t:ExtendedFieldURI", "$named", ""),
    ("t:Value", "", "#text"),
    ("t:Values", "", "t:Value*"),

    // UpdateItem: one property at a time, set or deleted.
    ("m:ItemChanges", "", "t:ItemChange*"),
    ("t:ItemChange", "", "t:ItemId t:OccurrenceItemId t:RecurringMasterItemId t:Updates!"),
    ("t:Updates", "", "~ t:SetItemField* t:DeleteItemField*"),
    ("t:SetItemField", "", "t:FieldURI t:ExtendedFieldURI t:CalendarItem!"),
    ("t:SetItemField/t:FieldURI", "$writable", ""),
    ("t:SetItemField/t:ExtendedFieldURI", "$named", ""),
    ("t:DeleteItemField", "", "t:FieldURI t:ExtendedFieldURI"),
    ("t:DeleteItemField/t:FieldURI", "$writable", ""),
    ("t:DeleteItemField/t:ExtendedFieldURI", "$named", ""),

    // Series.
    ("t:Recurrence", "", "t:RelativeYearlyRecurrence t:AbsoluteYearlyRecurrence t:RelativeMonthlyRecurrence \
        t:AbsoluteMonthlyRecurrence t:WeeklyRecurrence t:DailyRecurrence \
        t:NoEndRecurrence t:EndDateRecurrence t:NumberedRecurrence"),
    ("t:RelativeYearlyRecurrence", "", "t:DaysOfWeek! t:DayOfWeekIndex! t:Month!"),
    ("t:AbsoluteYearlyRecurrence", "", "t:DayOfMonth! t:Month!"),
    ("t:RelativeMonthlyRecurrence", "", "t:Interval! t:DaysOfWeek! t:DayOfWeekIndex!"),
    ("t:AbsoluteMonthlyRecurrence", "", "t:Interval! t:DayOfMonth!"),
    ("t:WeeklyRecurrence", "", "t:Interval! t:DaysOfWeek! t:FirstDayOfWeek"),
    ("t:DailyRecurrence", "", "t:Interval!"),
    ("t:NoEndRecurrence", "", "t:StartDate!"),
    ("t:EndDateRecurrence", "", "t:StartDate! t:EndDate!"),
    ("t:NumberedRecurrence", "", "t:StartDate! t:NumberOfOccurrences!"),
    ("t:Interval", "", "#text"),
    ("t:DaysOfWeek", "", "#text"),
    ("t:DayOfWeekIndex", "", "#text"),
    ("t:DayOfMonth", "", "#text"),
    ("t:Month", "", "#text"),
    ("t:FirstDayOfWeek", "", "#text"),
    ("t:StartDate", "", "#text"),
    ("t:EndDate", "", "#text"),
    ("t:NumberOfOccurrences", "", "#text"),

    // Time zones, by id or written out; and the server's list of them, which is the same for everybody.
    ("m:GetServerTimeZones", "ReturnFullTimeZoneData", "m:Ids"),
    ("m:Ids", "", "t:Id*"),
    ("t:Id", "", "#text"),
    ("t:TimeZoneDefinition", "Id Name", "t:Periods t:TransitionsGroups t:Transitions"),
    ("t:StartTimeZone", "Id Name", "t:Periods t:TransitionsGroups t:Transitions"),
    ("t:EndTimeZone", "Id Name", "t:Periods t:TransitionsGroups t:Transitions"),
    ("t:Periods", "", "t:Period*"),
    ("t:Period", "Bias Name Id", ""),
    ("t:TransitionsGroups", "", "t:TransitionsGroup*"),
    ("t:TransitionsGroup", "Id", "~ $transitions"),
    ("t:Transitions", "Id", "~ $transitions"),
    ("t:Transition", "", "t:To!"),
    ("t:AbsoluteDateTransition", "", "t:To! t:DateTime!"),
    ("t:RecurringDayTransition", "", "t:To! t:TimeOffset! t:Month! t:DayOfWeek! t:Occurrence!"),
    ("t:RecurringDateTransition", "", "t:To! t:TimeOffset! t:Month! t:Day!"),
    ("t:To", "Kind!", "#text"),
    ("t:DateTime", "", "#text"),
    ("t:TimeOffset", "", "#text"),
    ("t:Day", "", "#text"),
    ("t:DayOfWeek", "", "#text"),
    ("t:Occurrence", "", "#text"),
];

/// Lists that stand on more than one line of the table.
#[rustfmt::skip]
const LISTS: &[(&str, &str)] = &[
    ("$searches", "t:And* t:Or* t:Not* t:Exists* t:IsEqualTo* t:IsNotEqualTo* t:IsGreaterThan* \
        t:IsGreaterThanOrEqualTo* t:IsLessThan* t:IsLessThanOrEqualTo*"),
    ("$search", "t:And t:Or t:Not t:Exists t:IsEqualTo t:IsNotEqualTo t:IsGreaterThan \
        t:IsGreaterThanOrEqualTo t:IsLessThan t:IsLessThanOrEqualTo"),
    ("$comparison", "t:FieldURI t:ExtendedFieldURI t:FieldURIOrConstant!"),
    ("$transitions", "t:Transition* t:AbsoluteDateTransition* t:RecurringDayTransition* t:RecurringDateTransition*"),
    ("$named", "PropertySetId!=6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4 PropertyName! PropertyType!"),
    ("$writable", "FieldURI!=item:Subject|item:Sensitivity|item:Body|item:Categories|item:Importance|\
        item:ReminderDueBy|item:ReminderIsSet|item:ReminderMinutesBeforeStart|item:Culture|calendar:UID|\
        calendar:Start|calendar:End|calendar:IsAllDayEvent|calendar:LegacyFreeBusyStatus|calendar:Location|\
        calendar:IsResponseRequested|calendar:Recurrence|calendar:StartTimeZone|calendar:EndTimeZone|\
        calendar:AllowNewTimeProposal"),
];

/// One element of the table, ready to be checked against.
#[derive(Debug)]
pub(crate) struct Rule {
    /// With our own prefix: `t:Subject`.
    pub name: &'static str,
    pub attributes: Vec<AttributeRule>,
    pub content: Content,
}

#[derive(Debug)]
pub(crate) enum Content {
    Children { in_order: bool, list: Vec<ChildRule> },
    Text(TextRule),
}

#[derive(Debug)]
pub(crate) struct ChildRule {
    pub name: &'static str,
    pub many: bool,
    pub required: bool,
    rule: usize,
}

#[derive(Debug)]
pub(crate) struct AttributeRule {
    pub name: &'static str,
    pub required: bool,
    /// Empty: any value.
    pub values: Vec<&'static str>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum TextRule {
    Any,
    Only(&'static str),
    Mailbox,
}

/// The rule of the root element.
pub(crate) fn envelope() -> &'static Rule {
    &RULES[0]
}

impl ChildRule {
    /// What is allowed inside this child.
    pub fn rule(&self) -> &'static Rule {
        &RULES[self.rule]
    }
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let index: HashMap<&str, usize> = TABLE.iter().enumerate().map(|(at, line)| (line.0, at)).collect();
    TABLE.iter().map(|line| rule(line, &index)).collect()
});

fn rule(&(key, attributes, content): &Line, index: &HashMap<&str, usize>) -> Rule {
    let name = key.rsplit('/').next().unwrap_or(key);
    let content = match content {
        "#text" => Content::Text(TextRule::Any),
        "#mailbox" => Content::Text(TextRule::Mailbox),
        text if text.starts_with("#text=") => Content::Text(TextRule::Only(&text["#text=".len()..])),
        cell => {
            let (in_order, cell) = cell.strip_prefix("~ ").map_or((true, cell), |cell| (false, cell));
            Content::Children { in_order, list: words(cell).map(|word| child(key, word, index)).collect() }
        }
    };
    Rule { name, attributes: words(attributes).map(attribute).collect(), content }
}

/// A child on the line of `parent`, which is itself a name or a path: its own line is the one with the longest path.
fn child(parent: &str, word: &'static str, index: &HashMap<&str, usize>) -> ChildRule {
    let name = word.trim_end_matches(['*', '!']);
    let path = format!("{parent}/{name}");
    let ends = std::iter::once(path.as_str()).chain(path.match_indices('/').map(|(at, _)| &path[at + 1..]));
    let rule = ends.filter_map(|end| index.get(end)).next().copied();
    let rule = rule.unwrap_or_else(|| panic!("the table has no line for {name}, a child of {parent}"));
    ChildRule { name, many: word.ends_with('*'), required: word.ends_with('!'), rule }
}

fn attribute(word: &'static str) -> AttributeRule {
    let (name, values) = word.split_once('=').unwrap_or((word, ""));
    AttributeRule {
        name: name.trim_end_matches('!'),
        required: name.ends_with('!'),
        values: values.split('|').filter(|value| !value.is_empty()).collect(),
    }
}

/// The words of a cell, with the named lists put in.
fn words(cell: &'static str) -> impl Iterator<Item = &'static str> {
    let list = LISTS.iter().find(|(name, _)| *name == cell).map(|(_, list)| *list);
    list.unwrap_or(cell).split_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_reached_from_the_envelope() {
        let mut reached = vec![false; RULES.len()];
        let mut waiting = vec![0];
        while let Some(at) = waiting.pop() {
            if !std::mem::replace(&mut reached[at], true)
                && let Content::Children { list, .. } = &RULES[at].content
            {
                waiting.extend(list.iter().map(|child| child.rule));
            }
        }
        let idle: Vec<_> = TABLE.iter().zip(&reached).filter(|(_, reached)| !**reached).map(|(l, _)| l.0).collect();
        assert!(idle.is_empty(), "no request can reach {idle:?}");
    }

    /// The guard remembers which children it has seen in 64 bits.
    #[test]
    fn no_element_has_more_children_than_the_guard_can_count() {
        for rule in RULES.iter() {
            if let Content::Children { list, .. } = &rule.content {
                assert!(list.len() <= 64, "{}", rule.name);
            }
        }
    }

    /// The core draws the set's id and never changes it; this is the same one, or no marker could be written.
    #[test]
    fn the_set_of_properties_that_may_be_written_is_the_cores() {
        let core = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../src/ews/item.rs"));
        let (_, named) = LISTS.iter().find(|(name, _)| *name == "$named").expect("the list of our properties");
        let set = named.strip_prefix("PropertySetId!=").and_then(|rest| rest.split(' ').next()).expect("a set");
        assert!(core.contains(&format!("const SET: &str = \"{set}\";")), "{set}");
    }

    #[test]
    fn what_could_name_or_mail_another_person_has_no_line() {
        for name in [
            "t:Attendee",
            "t:Organizer",
            "t:RequiredAttendees",
            "t:OptionalAttendees",
            "t:Resources",
            "t:MimeContent",
            "t:PermissionSet",
            "t:SID",
            "t:SmtpAddress",
        ] {
            assert!(RULES.iter().all(|rule| rule.name != name), "{name}");
        }
    }
}
