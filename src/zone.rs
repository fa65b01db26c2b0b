//! Time zones.
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// An IANA time zone id, such as `Europe/Stockholm`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct ZoneId(String);

impl ZoneId {
    pub fn new(id: impl Into<String>) -> Self {
        ZoneId(id.into())
    }
    pub fn utc() -> Self {
        ZoneId("UTC".into())
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The Windows id that has this zone, if CLDR knows one.
    pub fn windows(&self) -> Option<&'static str> {
        None
    }
    /// The IANA zone of a Windows id: `prefer` where that lies in it, else CLDR's zone for the whole territory.
    pub fn from_windows(_windows: &str, _prefer: &ZoneId) -> Option<ZoneId> {
        None
    }
}

/// The port for the rules of zones: the browser's Intl in Wasm, chrono-tz natively.
pub trait ZoneRules {
    /// Seconds east of UTC in that zone at that instant; `None` for an unknown zone.
    fn offset_at(&self, zone: &ZoneId, instant: DateTime<Utc>) -> Option<i32>;
}

/// The date on the wall in `zone`.
pub fn date_at(rules: &dyn ZoneRules, zone: &ZoneId, instant: DateTime<Utc>) -> Option<NaiveDate> {
    let offset = rules.offset_at(zone, instant)?;
    Some((instant.naive_utc() + chrono::TimeDelta::seconds(offset.into())).date())
}

/// The first instant of that date in `zone`.
pub fn start_of_day(_rules: &dyn ZoneRules, _zone: &ZoneId, _date: NaiveDate) -> Option<DateTime<Utc>> {
    None
}
