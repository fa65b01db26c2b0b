//! Instants and dates as text: RFC 3339 for instants, `YYYY-MM-DD` for dates.
//!
//! Both services, the stored state and the page write time so. chrono can do it too, with a general parser and a
//! general formatter that weigh 9 kB of the plugin after compression; these two forms need neither.
//!
//! The modules [`instant`], [`some_instant`] and [`date`] are for serde's `with`.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

/// In UTC and whole seconds.
///
/// ```
/// # use blikk_calendar_sync::rfc3339::{instant_from, instant_text};
/// let summer = instant_from("2027-07-01T09:00:00.25+02:00").unwrap();
/// assert_eq!(instant_text(summer), "2027-07-01T07:00:00Z");
/// ```
pub fn instant_text(instant: DateTime<Utc>) -> String {
    let (hour, minute, second) = (instant.hour(), instant.minute(), instant.second());
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", date_text(instant.date_naive()))
}

/// An instant with its offset (`Z` or `+hh:mm`). Fractions of a second are read and dropped: neither side keeps them.
pub fn instant_from(text: &str) -> Option<DateTime<Utc>> {
    let (date, time) = text.split_at_checked(10)?;
    let date = date_from(date)?;
    let time = time.strip_prefix(['T', 't', ' '])?;
    let (clock, rest) = time.split_at_checked(8)?;
    let [hour, minute, second] = numbers(clock, b':')?;
    // A leap second is the second before it.
    let clock = NaiveTime::from_hms_opt(hour, minute, second.min(59)).filter(|_| second <= 60)?;
    let offset = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|digit: char| digit.is_ascii_digit()),
        None => rest,
    };
    let east = match offset.as_bytes() {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), ..] => {
            let [hours, minutes] = numbers(&offset[1..], b':')?;
            let seconds = i64::from(hours * 3600 + minutes * 60);
            if *sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    date.and_time(clock).and_utc().checked_sub_signed(TimeDelta::seconds(east))
}

/// `YYYY-MM-DD`.
pub fn date_text(date: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

pub fn date_from(text: &str) -> Option<NaiveDate> {
    if text.len() != 10 {
        return None;
    }
    let [year, month, day] = numbers(text, b'-')?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// `N` numbers of at most four digits with `separator` between them.
fn numbers<const N: usize>(text: &str, separator: u8) -> Option<[u32; N]> {
    let mut numbers = [0; N];
    let (mut at, mut digits) = (0, 0);
    for &byte in text.as_bytes() {
        match byte {
            b'0'..=b'9' if digits < 4 => {
                numbers[at] = numbers[at] * 10 + u32::from(byte - b'0');
                digits += 1;
            }
            _ if byte == separator && digits > 0 && at + 1 < N => (at, digits) = (at + 1, 0),
            _ => return None,
        }
    }
    (at + 1 == N && digits > 0).then_some(numbers)
}

macro_rules! with {
    ($(#[$doc:meta])* $module:ident, $type:ty, $from:expr, $text:expr) => {
        $(#[$doc])*
        pub mod $module {
            use super::*;
            use serde::{Deserialize, Deserializer, Serializer, de::Error};

            #[allow(clippy::missing_errors_doc, reason = "serde's own contract")]
            pub fn serialize<S: Serializer>(value: &$type, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&$text(*value))
            }

            #[allow(clippy::missing_errors_doc, reason = "serde's own contract")]
            pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                $from(&String::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("not a time"))
            }
        }
    };
}

with!(/** An instant. */ instant, DateTime<Utc>, instant_from, instant_text);
with!(/** A date. */ date, NaiveDate, date_from, date_text);

/// An instant or nothing.
pub mod some_instant {
    use super::*;
    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::missing_errors_doc, reason = "serde's own contract")]
    pub fn serialize<S: Serializer>(value: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(instant) => serializer.serialize_str(&instant_text(*instant)),
            None => serializer.serialize_none(),
        }
    }

    #[allow(clippy::missing_errors_doc, reason = "serde's own contract")]
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.as_deref().and_then(instant_from))
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "2027",
            "2027-02-30T00:00:00Z",
            "2027-02-01T24:00:00Z",
            "2027-02-01T00:00:00",
            "2027-02-01T00:00:00+1",
            "2027-02-01T00:00:00+01:00:00",
            "2027-02-01X00:00:00Z",
            "20270201T000000Z",
            "å027-02-01T00:00:00Z",
            "2027-02-01T0å:00:00Z",
        ] {
            assert_eq!(instant_from(text), None, "{text}");
        }
        for text in ["", "2027-2-01", "2027-02-29", "2027-02-001", "+027-02-01"] {
            assert_eq!(date_from(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn times_read_as_chrono_reads_them(seconds in -60_000_000_000i64..250_000_000_000, offset in -1439i32..1440) {
            let instant = DateTime::from_timestamp(seconds, 0).unwrap();
            prop_assert_eq!(instant_text(instant), instant.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
            let zoned = instant.with_timezone(&chrono::FixedOffset::east_opt(offset * 60).unwrap());
            prop_assert_eq!(instant_from(&zoned.to_rfc3339()), Some(instant));
            prop_assert_eq!(date_from(&date_text(instant.date_naive())), Some(instant.date_naive()));
        }
    }
}
