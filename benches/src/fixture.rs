//! The data that all contestants get: a GetItem answer with full calendar items, the same on every machine.
//!
//! The items look like those of an Exchange 2016 that was asked for everything: all the elements that we do not read
//! stand between those that we do, and every third item is a meeting with a list of people.

use std::fmt::Write as _;

const SENTENCES: [&str; 8] = [
    "Vi går igenom läget i projektet och beslutar om nästa steg.",
    "Ta gärna med dig siffrorna för förra månaden &amp; prognosen.",
    "Lokalen är bokad från kl. 9; kaffe och smörgås finns på plats.",
    "Åsa visar den nya lösningen för tidrapportering (version 2 &lt; 3).",
    "Anmäl om du behöver delta på distans, så skickar vi en länk.",
    "Kunden vill ha ett besked före påsk, annars skjuts starten upp.",
    "Frågor som vi inte hinner med tar vi på fredag 🙂.",
    "Protokollet läggs på den vanliga platsen samma dag.",
];

const TITLES: [&str; 6] = [
    "Projektmöte",
    "Avstämning &amp; prognos",
    "Kundbesök hos Ångström AB",
    "Planering",
    "Sprintåterblick",
    "Semester",
];

/// A whole SOAP answer with that many items.
pub fn get_item_answer(items: usize) -> String {
    let mut xml = String::with_capacity(items * 4_000);
    xml += concat!(
        r#"<?xml version="1.0" encoding="utf-8"?>"#,
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>"#,
        r#"<h:ServerVersionInfo MajorVersion="15" MinorVersion="1" MajorBuildNumber="2507" MinorBuildNumber="6" "#,
        r#"Version="V2017_07_11" xmlns:h="http://schemas.microsoft.com/exchange/services/2006/types"/></s:Header>"#,
        r#"<s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">"#,
        r#"<m:GetItemResponse xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" "#,
        r#"xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><m:ResponseMessages>"#,
    );
    for number in 0..items {
        xml += r#"<m:GetItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:Items>"#;
        item(number, &mut xml);
        xml += "</m:Items></m:GetItemResponseMessage>";
    }
    xml + "</m:ResponseMessages></m:GetItemResponse></s:Body></s:Envelope>"
}

fn item(number: usize, xml: &mut String) {
    let is_meeting = number % 3 == 1;
    let day = 1 + number % 28;
    let month = 1 + number / 28 % 12;
    let hour = 7 + number % 9;
    let minutes = if number.is_multiple_of(3) { 30 } else { 0 };
    let id = format!(
        "AAMkADc3ZjQ5{number:08x}LWE5YzEtNGM0Ny1iZjVhLTBmYTYyN2FhYmFjZQBGAAAAAADz{number:08x}vTZLRaBwDl3PAAAAAAENAAA="
    );
    let title = TITLES[number % TITLES.len()];
    let body = body(number);
    // Writing to a String does not fail.
    let _ = write!(
        xml,
        r#"<t:CalendarItem><t:ItemId Id="{id}" ChangeKey="DwAAABYAAADz{number:08x}vTZLRaBwDl3PAAAAAAFv"/>
<t:ParentFolderId Id="AAMkADc3ZjQ5LWE5YzEtNGM0Ny1iZjVhLTBmYTYyN2FhYmFjZQAuAAAAAADzvTZLRaBwDl3PAQAAAAENAAA=" ChangeKey="AQAAAA=="/>
<t:ItemClass>IPM.Appointment</t:ItemClass><t:Subject>{title} {number}</t:Subject><t:Sensitivity>Normal</t:Sensitivity>
<t:Body BodyType="Text" IsTruncated="false">{body}</t:Body><t:DateTimeReceived>2027-01-04T08:11:12Z</t:DateTimeReceived>
<t:Size>4711</t:Size><t:Categories><t:String>Projekt</t:String><t:String>Kund {customer}</t:String></t:Categories>
<t:Importance>Normal</t:Importance><t:IsSubmitted>false</t:IsSubmitted><t:IsDraft>false</t:IsDraft><t:IsFromMe>false</t:IsFromMe>
<t:IsResend>false</t:IsResend><t:IsUnmodified>false</t:IsUnmodified><t:DateTimeSent>2027-01-04T08:11:12Z</t:DateTimeSent>
<t:DateTimeCreated>2027-01-04T08:11:12Z</t:DateTimeCreated><t:ResponseObjects><t:ForwardItem/></t:ResponseObjects>
<t:ReminderIsSet>true</t:ReminderIsSet><t:ReminderMinutesBeforeStart>15</t:ReminderMinutesBeforeStart>
<t:HasAttachments>false</t:HasAttachments>
<t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4" PropertyName="BlikkLinkId" PropertyType="String"/><t:Value>{number:032x}</t:Value></t:ExtendedProperty>
<t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="6f1d2c0e-9b57-4c43-8a0e-3d5b7e21c9a4" PropertyName="BlikkEventId" PropertyType="String"/><t:Value>{number}</t:Value></t:ExtendedProperty>
<t:Culture>sv-SE</t:Culture>
<t:LastModifiedName>Anna Åkesson</t:LastModifiedName><t:LastModifiedTime>2027-01-05T09:00:00Z</t:LastModifiedTime>
<t:UID>040000008200E00074C5B7101A82E008{number:032X}</t:UID>
<t:Start>2027-{month:02}-{day:02}T{hour:02}:{minutes:02}:00Z</t:Start><t:End>2027-{month:02}-{day:02}T{end:02}:{minutes:02}:00Z</t:End>
<t:IsAllDayEvent>false</t:IsAllDayEvent><t:LegacyFreeBusyStatus>Busy</t:LegacyFreeBusyStatus><t:Location>Sal Mälaren, plan {floor}</t:Location>
<t:IsMeeting>{is_meeting}</t:IsMeeting><t:IsCancelled>false</t:IsCancelled><t:IsRecurring>false</t:IsRecurring>
<t:MeetingRequestWasSent>{is_meeting}</t:MeetingRequestWasSent><t:IsResponseRequested>true</t:IsResponseRequested>
<t:CalendarItemType>Single</t:CalendarItemType><t:MyResponseType>Organizer</t:MyResponseType>
<t:Organizer>{organizer}</t:Organizer>"#,
        customer = number % 40,
        end = hour + 1,
        floor = number % 7,
        organizer = mailbox("Anna Åkesson", "anna.akesson@konsult.example"),
    );
    if is_meeting {
        *xml += "<t:RequiredAttendees>";
        for (name, address) in [
            ("Björn Öberg", "bjorn.oberg@konsult.example"),
            ("Cecilia Ängström", "cecilia.angstrom@konsult.example"),
            ("David O&apos;Connor", "david.oconnor@kund.example"),
        ] {
            let mailbox = mailbox(name, address);
            let answer =
                "<t:ResponseType>Accept</t:ResponseType><t:LastResponseTime>2027-01-04T09:00:00Z</t:LastResponseTime>";
            let _ = write!(xml, "<t:Attendee>{mailbox}{answer}</t:Attendee>");
        }
        *xml += "</t:RequiredAttendees>";
    }
    *xml += r#"<t:ConflictingMeetingCount>0</t:ConflictingMeetingCount><t:AdjacentMeetingCount>0</t:AdjacentMeetingCount>
<t:Duration>PT1H</t:Duration><t:TimeZone>W. Europe Standard Time</t:TimeZone>
<t:StartTimeZone Name="(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien" Id="W. Europe Standard Time"/>
<t:EndTimeZone Name="(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien" Id="W. Europe Standard Time"/></t:CalendarItem>"#;
}

fn body(number: usize) -> String {
    (0..4).map(|line| SENTENCES[(number + line * 3) % SENTENCES.len()]).collect::<Vec<_>>().join("&#xD;\n")
}

fn mailbox(name: &str, address: &str) -> String {
    format!(
        "<t:Mailbox><t:Name>{name}</t:Name><t:EmailAddress>{address}</t:EmailAddress>\
         <t:RoutingType>SMTP</t:RoutingType><t:MailboxType>Mailbox</t:MailboxType></t:Mailbox>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_as_large_as_a_real_one() {
        let average = get_item_answer(1_000).len() / 1_000;
        assert!((3_600..3_800).contains(&average), "{average} bytes");
    }
}
