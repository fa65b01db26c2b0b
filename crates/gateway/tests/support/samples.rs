//! Requests as our client sends them, in the order of Microsoft's schema.

#![allow(dead_code, reason = "each test binary uses its part")]

pub const MAILBOX: &str = "anna.akesson@konsult.example";
pub const OTHER: &str = "bo.ek@konsult.example";

/// An envelope around one operation, for the given mailbox.
pub fn envelope(mailbox: &str, operation: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages">
  <soap:Header>
    <t:RequestServerVersion Version="Exchange2013"/>
    <t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>{mailbox}</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>
    <t:TimeZoneContext><t:TimeZoneDefinition Id="UTC"/></t:TimeZoneContext>
  </soap:Header>
  <soap:Body>{operation}</soap:Body>
</soap:Envelope>"#
    )
}

pub fn get_folder(mailbox: &str) -> String {
    envelope(
        mailbox,
        &format!(
            r#"<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>{mailbox}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:FolderIds></m:GetFolder>"#
        ),
    )
}

/// At least one of each operation on the list, and each form in which our client sends it.
pub fn all() -> Vec<(&'static str, String)> {
    let operations = [
        ("GetFolder", GET_FOLDER),
        ("GetFolder", GET_FOLDER_BY_ID),
        ("FindFolder", FIND_FOLDER),
        ("CreateFolder", CREATE_FOLDER),
        ("SyncFolderItems", SYNC_FOLDER_ITEMS),
        ("SyncFolderItems", SYNC_FOLDER_ITEMS_NEXT),
        ("GetItem", GET_ITEM),
        ("GetItem", GET_ITEM_WITH_ALL_FIELDS),
        ("FindItem", FIND_ITEM_BY_MARKER),
        ("FindItem", FIND_ITEM_UNFINISHED),
        ("FindItem", FIND_ITEM_IN_VIEW),
        ("CreateItem", CREATE_ITEM),
        ("CreateItem", CREATE_ITEM_IN_FOLDER),
        ("CreateItem", CREATE_SERIES),
        ("UpdateItem", UPDATE_ITEM),
        ("UpdateItem", UPDATE_OCCURRENCE),
        ("UpdateItem", UPDATE_DELETING_FIELDS),
        ("DeleteItem", DELETE_ITEM),
        ("DeleteItem", DELETE_OCCURRENCE),
        ("GetServerTimeZones", GET_SERVER_TIME_ZONES),
        ("GetServerTimeZones", GET_ALL_SERVER_TIME_ZONES),
    ];
    let whole = operations.into_iter().map(|(name, operation)| (name, envelope(MAILBOX, operation)));
    whole.chain(each_version()).chain(each_recurrence()).collect()
}

/// The versions that our client may ask for.
fn each_version() -> impl Iterator<Item = (&'static str, String)> {
    let asking = |version| envelope(MAILBOX, GET_ITEM).replace("\"Exchange2013\"", &format!("\"{version}\""));
    ["Exchange2010_SP2", "Exchange2016"].into_iter().map(move |version| ("GetItem", asking(version)))
}

/// Each pattern with each range, in a new series and in one that is changed.
fn each_recurrence() -> impl Iterator<Item = (&'static str, String)> {
    PATTERNS.iter().flat_map(|pattern| RANGES.iter().map(move |range| format!("{pattern}{range}"))).flat_map(|rule| {
        let recurrence = format!("<t:Recurrence>{rule}</t:Recurrence>");
        let create = CREATE_SERIES.split_once("<t:Recurrence>").and_then(|(before, rest)| {
            let (_, after) = rest.split_once("</t:Recurrence>")?;
            Some(format!("{before}{recurrence}{after}"))
        });
        let set = format!(
            "<t:SetItemField><t:FieldURI FieldURI=\"calendar:Recurrence\"/><t:CalendarItem>{recurrence}</t:CalendarItem></t:SetItemField>"
        );
        let update = UPDATE_ITEM.replace("<t:Updates>", &format!("<t:Updates>{set}"));
        let create = create.expect("the sample repeats");
        [("CreateItem", envelope(MAILBOX, &create)), ("UpdateItem", envelope(MAILBOX, &update))]
    })
}

/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/recurrence-recurrencetype>
const PATTERNS: [&str; 6] = [
    "<t:RelativeYearlyRecurrence><t:DaysOfWeek>Thursday</t:DaysOfWeek><t:DayOfWeekIndex>Last</t:DayOfWeekIndex><t:Month>November</t:Month></t:RelativeYearlyRecurrence>",
    "<t:AbsoluteYearlyRecurrence><t:DayOfMonth>29</t:DayOfMonth><t:Month>February</t:Month></t:AbsoluteYearlyRecurrence>",
    "<t:RelativeMonthlyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Weekday</t:DaysOfWeek><t:DayOfWeekIndex>First</t:DayOfWeekIndex></t:RelativeMonthlyRecurrence>",
    "<t:AbsoluteMonthlyRecurrence><t:Interval>1</t:Interval><t:DayOfMonth>31</t:DayOfMonth></t:AbsoluteMonthlyRecurrence>",
    "<t:WeeklyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Monday Friday</t:DaysOfWeek><t:FirstDayOfWeek>Monday</t:FirstDayOfWeek></t:WeeklyRecurrence>",
    "<t:DailyRecurrence><t:Interval>3</t:Interval></t:DailyRecurrence>",
];

const RANGES: [&str; 3] = [
    "<t:NoEndRecurrence><t:StartDate>2027-03-01</t:StartDate></t:NoEndRecurrence>",
    "<t:EndDateRecurrence><t:StartDate>2027-03-01</t:StartDate><t:EndDate>2027-12-31</t:EndDate></t:EndDateRecurrence>",
    "<t:NumberedRecurrence><t:StartDate>2027-03-01</t:StartDate><t:NumberOfOccurrences>10</t:NumberOfOccurrences></t:NumberedRecurrence>",
];

pub const GET_FOLDER: &str = r#"<m:GetFolder>
  <m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="folder:TotalCount"/><t:FieldURI FieldURI="folder:DisplayName"/></t:AdditionalProperties></m:FolderShape>
  <m:FolderIds><t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>Anna.Akesson@Konsult.Example</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:FolderIds>
</m:GetFolder>"#;

pub const SYNC_FOLDER_ITEMS: &str = r#"<m:SyncFolderItems>
  <m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="calendar:Start"/><t:FieldURI FieldURI="calendar:CalendarItemType"/><t:ExtendedFieldURI PropertySetId="6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4" PropertyName="BlikkLinkId" PropertyType="String"/></t:AdditionalProperties></m:ItemShape>
  <m:SyncFolderId><t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>anna.akesson@konsult.example</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:SyncFolderId>
  <m:MaxChangesReturned>512</m:MaxChangesReturned>
  <m:SyncScope>NormalItems</m:SyncScope>
</m:SyncFolderItems>"#;

pub const SYNC_FOLDER_ITEMS_NEXT: &str = r#"<m:SyncFolderItems>
  <m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>
  <m:SyncFolderId><t:FolderId Id="AAMkADk=" ChangeKey="AgAAABYAAAA="/></m:SyncFolderId>
  <m:SyncState>H4sIAAAAAAAEAGNgYGcAAotqE0tHE2NTA11DMyNjXRMDY0ddR0dHZ10TC2NnJwMTNxMDQwA=</m:SyncState>
  <m:Ignore><t:ItemId Id="AAMkAGE="/></m:Ignore>
  <m:MaxChangesReturned>100</m:MaxChangesReturned>
</m:SyncFolderItems>"#;

pub const GET_ITEM: &str = r#"<m:GetItem>
  <m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:IncludeMimeContent>false</t:IncludeMimeContent><t:BodyType>Text</t:BodyType><t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/><t:FieldURI FieldURI="item:Body"/><t:FieldURI FieldURI="calendar:RequiredAttendees"/><t:ExtendedFieldURI PropertyTag="0x0e69" PropertyType="Boolean"/></t:AdditionalProperties></m:ItemShape>
  <m:ItemIds><t:ItemId Id="AAMkAGE=" ChangeKey="DwAAABYA"/><t:ItemId Id="AAMkAGI="/><t:OccurrenceItemId RecurringMasterId="AAMkAGM=" InstanceIndex="3"/><t:RecurringMasterItemId OccurrenceId="AAMkAGQ="/></m:ItemIds>
</m:GetItem>"#;

pub const FIND_ITEM_BY_MARKER: &str = r#"<m:FindItem Traversal="Shallow">
  <m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>
  <m:IndexedPageItemView MaxEntriesReturned="10" Offset="0" BasePoint="Beginning"/>
  <m:Restriction><t:And><t:Exists><t:FieldURI FieldURI="calendar:UID"/></t:Exists><t:IsEqualTo><t:ExtendedFieldURI PropertySetId="6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4" PropertyName="BlikkLinkId" PropertyType="String"/><t:FieldURIOrConstant><t:Constant Value="5f0c&lt;1&gt;&quot;&amp;"/></t:FieldURIOrConstant></t:IsEqualTo></t:And></m:Restriction>
  <m:SortOrder><t:FieldOrder Order="Ascending"><t:FieldURI FieldURI="calendar:Start"/></t:FieldOrder></m:SortOrder>
  <m:ParentFolderIds><t:DistinguishedFolderId Id="calendar"/></m:ParentFolderIds>
</m:FindItem>"#;

pub const FIND_ITEM_IN_VIEW: &str = r#"<m:FindItem Traversal="Shallow">
  <m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>
  <m:CalendarView MaxEntriesReturned="1000" StartDate="2027-03-01T00:00:00Z" EndDate="2027-04-01T00:00:00Z"/>
  <m:ParentFolderIds><t:FolderId Id="AAMkADk="/></m:ParentFolderIds>
</m:FindItem>"#;

pub const CREATE_ITEM: &str = r#"<m:CreateItem MessageDisposition="SaveOnly" SendMeetingInvitations="SendToNone">
  <m:SavedItemFolderId><t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>anna.akesson@konsult.example</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:SavedItemFolderId>
  <m:Items><t:CalendarItem>
    <t:Subject>Möte &amp; lunch &lt;Åsa&gt; "5 &lt; 6"? 🎉</t:Subject>
    <t:Sensitivity>Private</t:Sensitivity>
    <t:Body BodyType="Text">Rad ett&#13;
rad två	tabb &#x1F600;</t:Body>
    <t:Categories><t:String>Kund</t:String><t:String>Resa &amp; hotell</t:String></t:Categories>
    <t:ReminderIsSet>true</t:ReminderIsSet>
    <t:ReminderMinutesBeforeStart>15</t:ReminderMinutesBeforeStart>
    <t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4" PropertyName="BlikkLinkId" PropertyType="String"/><t:Value>l-1042</t:Value></t:ExtendedProperty>
    <t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4" PropertyName="BlikkEventId" PropertyType="StringArray"/><t:Values><t:Value>1042</t:Value></t:Values></t:ExtendedProperty>
    <t:UID>blikk-1042@blikk.example</t:UID>
    <t:Start>2027-03-28T00:30:00Z</t:Start>
    <t:End>2027-03-28T02:30:00Z</t:End>
    <t:IsAllDayEvent>false</t:IsAllDayEvent>
    <t:LegacyFreeBusyStatus>Busy</t:LegacyFreeBusyStatus>
    <t:Location>Sal "Mälaren"</t:Location>
    <t:StartTimeZone Id="W. Europe Standard Time"/>
    <t:EndTimeZone Id="W. Europe Standard Time"/>
  </t:CalendarItem><t:CalendarItem><t:Subject/><t:Start>2027-03-02T09:00:00Z</t:Start><t:End>2027-03-02T10:00:00Z</t:End></t:CalendarItem></m:Items>
</m:CreateItem>"#;

pub const CREATE_SERIES: &str = r#"<m:CreateItem SendMeetingInvitations="SendToNone">
  <m:Items><t:CalendarItem>
    <t:Subject>Veckomöte</t:Subject>
    <t:Start>2027-03-01T08:00:00Z</t:Start>
    <t:End>2027-03-01T09:00:00Z</t:End>
    <t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek><t:FirstDayOfWeek>Monday</t:FirstDayOfWeek></t:WeeklyRecurrence><t:NumberedRecurrence><t:StartDate>2027-03-01</t:StartDate><t:NumberOfOccurrences>10</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>
    <t:StartTimeZone Id="Custom" Name="(GMT+01:00)"><t:Periods><t:Period Bias="-PT60M" Name="Standard" Id="s"/><t:Period Bias="-PT120M" Name="Daylight" Id="d"/></t:Periods><t:TransitionsGroups><t:TransitionsGroup Id="0"><t:RecurringDayTransition><t:To Kind="Period">d</t:To><t:TimeOffset>PT120M</t:TimeOffset><t:Month>3</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>-1</t:Occurrence></t:RecurringDayTransition></t:TransitionsGroup></t:TransitionsGroups><t:Transitions><t:Transition><t:To Kind="Group">0</t:To></t:Transition></t:Transitions></t:StartTimeZone>
  </t:CalendarItem></m:Items>
</m:CreateItem>"#;

pub const UPDATE_ITEM: &str = r#"<m:UpdateItem ConflictResolution="NeverOverwrite" MessageDisposition="SaveOnly" SendMeetingInvitationsOrCancellations="SendToNone">
  <m:ItemChanges><t:ItemChange>
    <t:ItemId Id="AAMkAGE=" ChangeKey="DwAAABYA"/>
    <t:Updates>
      <t:SetItemField><t:FieldURI FieldURI="calendar:StartTimeZone"/><t:CalendarItem><t:StartTimeZone Id="W. Europe Standard Time"/></t:CalendarItem></t:SetItemField>
      <t:SetItemField><t:FieldURI FieldURI="calendar:Start"/><t:CalendarItem><t:Start>2027-03-02T09:00:00Z</t:Start></t:CalendarItem></t:SetItemField>
      <t:SetItemField><t:ExtendedFieldURI PropertySetId="6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4" PropertyName="BlikkLinkId" PropertyType="String"/><t:CalendarItem><t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4" PropertyName="BlikkLinkId" PropertyType="String"/><t:Value>l-1</t:Value></t:ExtendedProperty></t:CalendarItem></t:SetItemField>
      <t:DeleteItemField><t:FieldURI FieldURI="calendar:Location"/></t:DeleteItemField>
    </t:Updates>
  </t:ItemChange></m:ItemChanges>
</m:UpdateItem>"#;

pub const DELETE_ITEM: &str = r#"<m:DeleteItem DeleteType="MoveToDeletedItems" SendMeetingCancellations="SendToNone"><m:ItemIds><t:ItemId Id="AAMkAGE=" ChangeKey="DwAAABYA"/></m:ItemIds></m:DeleteItem>"#;

pub const GET_FOLDER_BY_ID: &str = r#"<m:GetFolder>
  <m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>
  <m:FolderIds><t:FolderId Id="AAMkADk=" ChangeKey="AgAAABYAAAA="/></m:FolderIds>
</m:GetFolder>"#;

pub const FIND_FOLDER: &str = r#"<m:FindFolder Traversal="Deep">
  <m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="folder:DisplayName"/><t:FieldURI FieldURI="folder:FolderClass"/></t:AdditionalProperties></m:FolderShape>
  <m:IndexedPageFolderView MaxEntriesReturned="200" Offset="0" BasePoint="Beginning"/>
  <m:Restriction><t:IsEqualTo><t:FieldURI FieldURI="folder:FolderClass"/><t:FieldURIOrConstant><t:Constant Value="IPF.Appointment"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction>
  <m:ParentFolderIds><t:DistinguishedFolderId Id="msgfolderroot"><t:Mailbox><t:EmailAddress>anna.akesson@konsult.example</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:ParentFolderIds>
</m:FindFolder>"#;

pub const CREATE_FOLDER: &str = r#"<m:CreateFolder>
  <m:ParentFolderId><t:DistinguishedFolderId Id="msgfolderroot"><t:Mailbox><t:EmailAddress>anna.akesson@konsult.example</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:ParentFolderId>
  <m:Folders><t:CalendarFolder><t:FolderClass>IPF.Appointment</t:FolderClass><t:DisplayName>Blikk</t:DisplayName></t:CalendarFolder></m:Folders>
</m:CreateFolder>"#;

pub const GET_ITEM_WITH_ALL_FIELDS: &str = r#"<m:GetItem>
  <m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:BodyType>HTML</t:BodyType><t:AdditionalProperties>
    <t:FieldURI FieldURI="item:Subject"/>
    <t:FieldURI FieldURI="item:Body"/>
    <t:FieldURI FieldURI="item:Culture"/>
    <t:FieldURI FieldURI="item:Importance"/>
    <t:FieldURI FieldURI="item:HasAttachments"/>
    <t:FieldURI FieldURI="item:Attachments"/>
    <t:FieldURI FieldURI="item:Sensitivity"/>
    <t:FieldURI FieldURI="item:Categories"/>
    <t:FieldURI FieldURI="item:ReminderIsSet"/>
    <t:FieldURI FieldURI="item:ReminderMinutesBeforeStart"/>
    <t:FieldURI FieldURI="calendar:UID"/>
    <t:FieldURI FieldURI="calendar:Start"/>
    <t:FieldURI FieldURI="calendar:End"/>
    <t:FieldURI FieldURI="calendar:OriginalStart"/>
    <t:FieldURI FieldURI="calendar:RecurrenceId"/>
    <t:FieldURI FieldURI="calendar:IsAllDayEvent"/>
    <t:FieldURI FieldURI="calendar:LegacyFreeBusyStatus"/>
    <t:FieldURI FieldURI="calendar:Location"/>
    <t:FieldURI FieldURI="calendar:CalendarItemType"/>
    <t:FieldURI FieldURI="calendar:IsCancelled"/>
    <t:FieldURI FieldURI="calendar:MyResponseType"/>
    <t:FieldURI FieldURI="calendar:IsOrganizer"/>
    <t:FieldURI FieldURI="calendar:AppointmentState"/>
    <t:FieldURI FieldURI="calendar:Organizer"/>
    <t:FieldURI FieldURI="calendar:RequiredAttendees"/>
    <t:FieldURI FieldURI="calendar:OptionalAttendees"/>
    <t:FieldURI FieldURI="calendar:Resources"/>
    <t:FieldURI FieldURI="calendar:Recurrence"/>
    <t:FieldURI FieldURI="calendar:FirstOccurrence"/>
    <t:FieldURI FieldURI="calendar:LastOccurrence"/>
    <t:FieldURI FieldURI="calendar:ModifiedOccurrences"/>
    <t:FieldURI FieldURI="calendar:DeletedOccurrences"/>
    <t:FieldURI FieldURI="calendar:StartTimeZone"/>
    <t:FieldURI FieldURI="calendar:EndTimeZone"/>
    <t:FieldURI FieldURI="calendar:MeetingTimeZone"/>
    <t:FieldURI FieldURI="calendar:IsOnlineMeeting"/>
    <t:FieldURI FieldURI="calendar:JoinOnlineMeetingUrl"/>
    <t:FieldURI FieldURI="calendar:NetShowUrl"/>
    <t:ExtendedFieldURI PropertySetId="6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4" PropertyName="BlikkUnfinished" PropertyType="String"/>
  </t:AdditionalProperties></m:ItemShape>
  <m:ItemIds><t:OccurrenceItemId RecurringMasterId="AAMkAGM=" ChangeKey="DwAAABYA" InstanceIndex="3"/></m:ItemIds>
</m:GetItem>"#;

pub const FIND_ITEM_UNFINISHED: &str = r#"<m:FindItem Traversal="Shallow">
  <m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:ExtendedFieldURI PropertySetId="6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4" PropertyName="BlikkUnfinished" PropertyType="String"/></t:AdditionalProperties></m:ItemShape>
  <m:IndexedPageItemView MaxEntriesReturned="1000" Offset="1000" BasePoint="Beginning"/>
  <m:Restriction><t:Exists><t:ExtendedFieldURI PropertySetId="6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4" PropertyName="BlikkUnfinished" PropertyType="String"/></t:Exists></m:Restriction>
  <m:ParentFolderIds><t:FolderId Id="AAMkADk="/></m:ParentFolderIds>
</m:FindItem>"#;

pub const CREATE_ITEM_IN_FOLDER: &str = r#"<m:CreateItem SendMeetingInvitations="SendToNone">
  <m:SavedItemFolderId><t:FolderId Id="AAMkADk="/></m:SavedItemFolderId>
  <m:Items><t:CalendarItem>
    <t:Subject>Budget</t:Subject>
    <t:Body BodyType="HTML">&lt;p&gt;Hej&lt;/p&gt;</t:Body>
    <t:Importance>High</t:Importance>
    <t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4" PropertyName="BlikkUnfinished" PropertyType="String"/><t:Value>1</t:Value></t:ExtendedProperty>
    <t:Start>2027-03-02T09:00:00Z</t:Start>
    <t:End>2027-03-02T10:00:00Z</t:End>
    <t:LegacyFreeBusyStatus>WorkingElsewhere</t:LegacyFreeBusyStatus>
    <t:StartTimeZone Id="W. Europe Standard Time" Name="(UTC+01:00) Amsterdam, Berlin"><t:Periods><t:Period Bias="-PT1H" Name="Standard" Id="trule:Microsoft/Registry/W. Europe Standard Time/1-Standard"/><t:Period Bias="-PT2H" Name="Daylight" Id="trule:Microsoft/Registry/W. Europe Standard Time/1-Daylight"/></t:Periods><t:TransitionsGroups><t:TransitionsGroup Id="0"><t:RecurringDayTransition><t:To Kind="Period">trule:Microsoft/Registry/W. Europe Standard Time/1-Daylight</t:To><t:TimeOffset>PT2H</t:TimeOffset><t:Month>3</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>-1</t:Occurrence></t:RecurringDayTransition><t:RecurringDateTransition><t:To Kind="Period">trule:Microsoft/Registry/W. Europe Standard Time/1-Standard</t:To><t:TimeOffset>PT3H</t:TimeOffset><t:Month>10</t:Month><t:Day>31</t:Day></t:RecurringDateTransition></t:TransitionsGroup></t:TransitionsGroups><t:Transitions><t:Transition><t:To Kind="Group">0</t:To></t:Transition><t:AbsoluteDateTransition><t:To Kind="Group">0</t:To><t:DateTime>2007-01-01T00:00:00</t:DateTime></t:AbsoluteDateTransition></t:Transitions></t:StartTimeZone>
    <t:EndTimeZone Id="W. Europe Standard Time"/>
  </t:CalendarItem></m:Items>
</m:CreateItem>"#;

pub const UPDATE_OCCURRENCE: &str = r#"<m:UpdateItem ConflictResolution="AlwaysOverwrite" SendMeetingInvitationsOrCancellations="SendToNone">
  <m:ItemChanges><t:ItemChange>
    <t:OccurrenceItemId RecurringMasterId="AAMkAGM=" ChangeKey="DwAAABYA" InstanceIndex="3"/>
    <t:Updates>
      <t:DeleteItemField><t:FieldURI FieldURI="calendar:Location"/></t:DeleteItemField>
      <t:SetItemField><t:FieldURI FieldURI="item:Importance"/><t:CalendarItem><t:Importance>Low</t:Importance></t:CalendarItem></t:SetItemField>
      <t:SetItemField><t:FieldURI FieldURI="calendar:Start"/><t:CalendarItem><t:Start>2027-03-15T10:00:00Z</t:Start></t:CalendarItem></t:SetItemField>
      <t:SetItemField><t:FieldURI FieldURI="calendar:End"/><t:CalendarItem><t:End>2027-03-15T11:00:00Z</t:End></t:CalendarItem></t:SetItemField>
    </t:Updates>
  </t:ItemChange></m:ItemChanges>
</m:UpdateItem>"#;

pub const UPDATE_DELETING_FIELDS: &str = r#"<m:UpdateItem ConflictResolution="NeverOverwrite" SendMeetingInvitationsOrCancellations="SendToNone">
  <m:ItemChanges><t:ItemChange>
    <t:ItemId Id="AAMkAGE=" ChangeKey="DwAAABYA"/>
    <t:Updates>
      <t:DeleteItemField><t:FieldURI FieldURI="calendar:Recurrence"/></t:DeleteItemField>
      <t:DeleteItemField><t:FieldURI FieldURI="item:Body"/></t:DeleteItemField>
      <t:DeleteItemField><t:FieldURI FieldURI="item:Categories"/></t:DeleteItemField>
      <t:DeleteItemField><t:ExtendedFieldURI PropertySetId="6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4" PropertyName="BlikkLinkId" PropertyType="String"/></t:DeleteItemField>
      <t:DeleteItemField><t:ExtendedFieldURI PropertySetId="6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4" PropertyName="BlikkUnfinished" PropertyType="String"/></t:DeleteItemField>
    </t:Updates>
  </t:ItemChange></m:ItemChanges>
</m:UpdateItem>"#;

pub const DELETE_OCCURRENCE: &str = r#"<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds><t:OccurrenceItemId RecurringMasterId="AAMkAGM=" ChangeKey="DwAAABYA" InstanceIndex="12"/></m:ItemIds></m:DeleteItem>"#;

pub const GET_SERVER_TIME_ZONES: &str = r#"<m:GetServerTimeZones ReturnFullTimeZoneData="true"><m:Ids><t:Id>W. Europe Standard Time</t:Id><t:Id>UTC</t:Id></m:Ids></m:GetServerTimeZones>"#;

pub const GET_ALL_SERVER_TIME_ZONES: &str = r#"<m:GetServerTimeZones ReturnFullTimeZoneData="false"/>"#;
