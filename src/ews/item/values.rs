//! The values that fields hold, to and from EWS's text. Unknown text is never an error: each function says what it
//! takes it for.

use chrono::{DateTime, NaiveDate, Utc};

use crate::event::{Answer, FreeBusy, Importance, Reminder, Sensitivity};
use crate::ews::envelope::RequestVersion;
use crate::ews::item::CalendarItemType;
use crate::rfc3339::{date_from, instant_from};

/// The longest that the schema allows (`ReminderMinutesBeforeStartType`): five years.
const LONGEST_REMINDER: u32 = 2_629_800;

/// In place of minutes, this number means "as long before as is usual", which is Outlook's 15 minutes ([MS-OXPROPS],
/// PidLidReminderDelta).
const USUAL_REMINDER: u32 = 0x5AE9_80E1;

/// `xs:boolean`; servers send `True` too.
pub(super) fn boolean(text: &str) -> bool {
    let text = text.trim();
    text == "1" || text.eq_ignore_ascii_case("true")
}

/// `xs:dateTime`. Without an offset it is UTC, which is what a request without a `TimeZoneContext` gets; a bare date
/// is its midnight.
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    instant_from(text)
        .or_else(|| instant_from(&format!("{text}Z")))
        .or_else(|| instant_from(&format!("{text}T00:00:00Z")))
}

/// `xs:date`, which servers write with an offset (`2027-01-11+01:00`) or as a dateTime, too: the date is what stands
/// there, whatever follows it.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    date_from(text.trim().get(..10)?)
}

/// Something unknown that hides is taken for something that hides.
pub(super) fn sensitivity(text: &str) -> Sensitivity {
    match text.trim() {
        "Normal" | "" => Sensitivity::Normal,
        "Personal" => Sensitivity::Personal,
        "Confidential" => Sensitivity::Confidential,
        _ => Sensitivity::Private,
    }
}

pub(super) fn sensitivity_name(sensitivity: Sensitivity) -> &'static str {
    match sensitivity {
        Sensitivity::Normal => "Normal",
        Sensitivity::Personal => "Personal",
        Sensitivity::Private => "Private",
        Sensitivity::Confidential => "Confidential",
    }
}

/// `NoData` and what is unknown block the time, as Exchange's own default does.
pub(super) fn free_busy(text: &str) -> FreeBusy {
    match text.trim() {
        "Free" => FreeBusy::Free,
        "Tentative" => FreeBusy::Tentative,
        "OOF" => FreeBusy::OutOfOffice,
        "WorkingElsewhere" => FreeBusy::WorkingElsewhere,
        _ => FreeBusy::Busy,
    }
}

/// Exchange 2010 does not know "working elsewhere" and would refuse the batch; it calls such a time free.
pub(super) fn free_busy_name(free_busy: FreeBusy, version: RequestVersion) -> &'static str {
    match free_busy {
        FreeBusy::WorkingElsewhere if version < RequestVersion::Exchange2013 => "Free",
        FreeBusy::Free => "Free",
        FreeBusy::Tentative => "Tentative",
        FreeBusy::Busy => "Busy",
        FreeBusy::OutOfOffice => "OOF",
        FreeBusy::WorkingElsewhere => "WorkingElsewhere",
    }
}

pub(super) fn importance(text: &str) -> Importance {
    match text.trim() {
        "Low" => Importance::Low,
        "High" => Importance::High,
        _ => Importance::Normal,
    }
}

pub(super) fn importance_name(importance: Importance) -> &'static str {
    match importance {
        Importance::Low => "Low",
        Importance::Normal => "Normal",
        Importance::High => "High",
    }
}

pub(super) fn item_type(text: &str) -> Option<CalendarItemType> {
    match text.trim() {
        "Single" => Some(CalendarItemType::Single),
        "Occurrence" => Some(CalendarItemType::Occurrence),
        "Exception" => Some(CalendarItemType::Exception),
        "RecurringMaster" => Some(CalendarItemType::RecurringMaster),
        _ => None,
    }
}

pub(super) fn answer(text: &str) -> Answer {
    match text.trim() {
        "Organizer" => Answer::Organizer,
        "Accept" => Answer::Accepted,
        "Tentative" => Answer::Tentative,
        "Decline" => Answer::Declined,
        _ => Answer::NotAnswered,
    }
}

pub(super) fn reminder_minutes(text: &str) -> Option<u32> {
    match text.trim().parse::<i64>().ok()? {
        minutes if minutes == i64::from(USUAL_REMINDER) => Some(15),
        minutes => u32::try_from(minutes.max(0)).ok(),
    }
}

/// Cut to what Exchange takes: one reminder out of bounds would make it refuse the whole batch.
pub(super) fn reminder_text(reminder: Reminder) -> String {
    reminder.minutes_before_start.min(LONGEST_REMINDER).to_string()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_every_form_that_servers_send() {
        #[rustfmt::skip]
        let cases = [
            ("2027-03-01T08:00:00Z",           Some("2027-03-01T08:00:00Z")),
            (" 2027-03-01T09:00:00+01:00\n",   Some("2027-03-01T08:00:00Z")),
            ("2027-03-01T08:00:00.1234567Z",   Some("2027-03-01T08:00:00Z")),
            ("2027-03-01T08:00:00",            Some("2027-03-01T08:00:00Z")),
            ("2027-03-01",                     Some("2027-03-01T00:00:00Z")),
            ("2027-02-30T08:00:00Z",           None),
            ("i morgon",                       None),
            ("",                               None),
        ];
        for (text, expected) in cases {
            assert_eq!(instant(text).map(crate::rfc3339::instant_text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn names_come_back_as_what_they_were() {
        use {FreeBusy::*, Sensitivity::*};
        for one in [Free, Tentative, Busy, OutOfOffice, WorkingElsewhere] {
            assert_eq!(free_busy(free_busy_name(one, RequestVersion::Exchange2013)), one);
        }
        for one in [Importance::Low, Importance::Normal, Importance::High] {
            assert_eq!(importance(importance_name(one)), one);
        }
        for one in [Normal, Personal, Private, Confidential] {
            assert_eq!(sensitivity(sensitivity_name(one)), one);
        }
    }

    #[test]
    fn unknown_names_are_taken_for_the_careful_choice() {
        assert_eq!(sensitivity("TopSecret"), Sensitivity::Private);
        assert_eq!(free_busy("NoData"), FreeBusy::Busy);
        assert_eq!(answer("NoResponseReceived"), Answer::NotAnswered);
        assert_eq!(item_type("Hologram"), None);
    }

    #[test]
    fn minutes_out_of_bounds_never_reach_the_server() {
        #[rustfmt::skip]
        let read = [("15", Some(15)), ("-5", Some(0)), ("1525252321", Some(15)), ("x", None), ("9999999999", None)];
        for (text, expected) in read {
            assert_eq!(reminder_minutes(text), expected, "{text}");
        }
        assert_eq!(reminder_text(Reminder { minutes_before_start: u32::MAX }), "2629800");
    }
}
