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
    <t:RequestServerVersion Version="Exchange2013_SP1"/>
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

/// One of each operation on the list, some with more in them than a first version sends.
pub fn all() -> Vec<(&'static str, String)> {
    let operations = [
        ("GetFolder", GET_FOLDER),
        ("SyncFolderItems", SYNC_FOLDER_ITEMS),
        ("SyncFolderItems", SYNC_FOLDER_ITEMS_NEXT),
        ("GetItem", GET_ITEM),
        ("FindItem", FIND_ITEM_BY_MARKER),
        ("FindItem", FIND_ITEM_IN_VIEW),
        ("CreateItem", CREATE_ITEM),
        ("CreateItem", CREATE_SERIES),
        ("UpdateItem", UPDATE_ITEM),
        ("DeleteItem", DELETE_ITEM),
    ];
    operations.map(|(name, operation)| (name, envelope(MAILBOX, operation))).to_vec()
}

pub const GET_FOLDER: &str = r#"<m:GetFolder>
  <m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="folder:TotalCount"/><t:FieldURI FieldURI="folder:DisplayName"/></t:AdditionalProperties></m:FolderShape>
  <m:FolderIds><t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>Anna.Akesson@Konsult.Example</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:FolderIds>
</m:GetFolder>"#;

pub const SYNC_FOLDER_ITEMS: &str = r#"<m:SyncFolderItems>
  <m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="calendar:Start"/><t:FieldURI FieldURI="calendar:CalendarItemType"/><t:ExtendedFieldURI PropertySetId="c11ff724-aa03-4555-9952-8fa248a11c3e" PropertyName="blikkLink" PropertyType="String"/></t:AdditionalProperties></m:ItemShape>
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
  <m:Restriction><t:And><t:Exists><t:FieldURI FieldURI="calendar:UID"/></t:Exists><t:IsEqualTo><t:ExtendedFieldURI PropertySetId="c11ff724-aa03-4555-9952-8fa248a11c3e" PropertyName="blikkLink" PropertyType="String"/><t:FieldURIOrConstant><t:Constant Value="5f0c&lt;1&gt;&quot;&amp;"/></t:FieldURIOrConstant></t:IsEqualTo></t:And></m:Restriction>
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
    <t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="c11ff724-aa03-4555-9952-8fa248a11c3e" PropertyName="blikkLink" PropertyType="String"/><t:Value>l-1042</t:Value></t:ExtendedProperty>
    <t:ExtendedProperty><t:ExtendedFieldURI DistinguishedPropertySetId="PublicStrings" PropertyName="blikkIds" PropertyType="StringArray"/><t:Values><t:Value>1042</t:Value></t:Values></t:ExtendedProperty>
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
      <t:SetItemField><t:ExtendedFieldURI PropertySetId="c11ff724-aa03-4555-9952-8fa248a11c3e" PropertyName="blikkLink" PropertyType="String"/><t:CalendarItem><t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="c11ff724-aa03-4555-9952-8fa248a11c3e" PropertyName="blikkLink" PropertyType="String"/><t:Value>l-1</t:Value></t:ExtendedProperty></t:CalendarItem></t:SetItemField>
      <t:DeleteItemField><t:FieldURI FieldURI="calendar:Location"/></t:DeleteItemField>
    </t:Updates>
  </t:ItemChange></m:ItemChanges>
</m:UpdateItem>"#;

pub const DELETE_ITEM: &str = r#"<m:DeleteItem DeleteType="MoveToDeletedItems" SendMeetingCancellations="SendToNone"><m:ItemIds><t:ItemId Id="AAMkAGE=" ChangeKey="DwAAABYA"/></m:ItemIds></m:DeleteItem>"#;
