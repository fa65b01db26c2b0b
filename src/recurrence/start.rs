//! Where a series begins, and the way between an occurrence's date and its instant.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use crate::zone::{ZoneId, ZoneRules, instant_of, wall_clock};

/// The first start of a series: what DTSTART is in RFC 5545, and StartDate with the item's Start in EWS.
///
/// ```
/// use blikk_calendar_sync::recurrence::SeriesStart;
/// use blikk_calendar_sync::zone::{IanaRules, ZoneId};
///
/// let stand_up = SeriesStart::Timed {
///     local: "2027-01-04T09:00:00".parse().unwrap(),
///     zone: ZoneId::new("Europe/Stockholm"),
/// };
/// // 09:00 stays 09:00 when summer comes, so the instant moves and the date does not.
/// let in_july = "2027-07-05T07:00:00Z".parse().unwrap();
/// let date = "2027-07-05".parse().unwrap();
/// assert_eq!(stand_up.instant_on(&IanaRules, date), Some(in_july));
/// assert_eq!(stand_up.date_of(&IanaRules, in_july), Some(date));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SeriesStart {
    /// Whole days, in no zone.
    AllDay(NaiveDate),
    /// What the wall clock shows in the zone of the series.
    Timed { local: NaiveDateTime, zone: ZoneId },
}

impl SeriesStart {
    /// The start of a timed series from its first instant; `None` for a zone without rules.
    pub fn timed(rules: &impl ZoneRules, zone: &ZoneId, instant: DateTime<Utc>) -> Option<Self> {
        Some(SeriesStart::Timed { local: wall_clock(rules, zone, instant)?, zone: zone.clone() })
    }

    /// The first date of the series, from which its [`Recurrence`](super::Recurrence) is laid out.
    pub fn date(&self) -> NaiveDate {
        match self {
            SeriesStart::AllDay(date) => *date,
            SeriesStart::Timed { local, .. } => local.date(),
        }
    }

    /// When an occurrence with this original date begins. `None` for an all-day series, which has dates and no
    /// instants, and for a zone without rules.
    pub fn instant_on(&self, rules: &impl ZoneRules, date: NaiveDate) -> Option<DateTime<Utc>> {
        match self {
            SeriesStart::AllDay(_) => None,
            SeriesStart::Timed { local, zone } => instant_of(rules, zone, date.and_time(local.time())),
        }
    }

    /// The other way: the original date of an occurrence that originally begins at `instant` (RECURRENCE-ID,
    /// OriginalStart, an EXDATE). `None` when the series has no occurrence that could begin then.
    ///
    /// The date on the wall is the answer, except that an occurrence whose time falls into a gap begins later on the
    /// wall than it says, perhaps on the next date. (Where a zone once left out a whole day, as Samoa did with
    /// 30 December 2011, two dates begin at the same instant; then it is the one that was on the wall.)
    pub fn date_of(&self, rules: &impl ZoneRules, instant: DateTime<Utc>) -> Option<NaiveDate> {
        let SeriesStart::Timed { zone, .. } = self else { return None };
        let on_the_wall = wall_clock(rules, zone, instant)?.date();
        [Some(on_the_wall), on_the_wall.pred_opt()]
            .into_iter()
            .flatten()
            .find(|date| self.instant_on(rules, *date) == Some(instant))
    }

    /// The last date whose occurrence begins at `instant` or earlier: what an UNTIL in UTC means.
    pub(super) fn last_date_until(&self, rules: &impl ZoneRules, instant: DateTime<Utc>) -> Option<NaiveDate> {
        let SeriesStart::Timed { zone, .. } = self else { return None };
        let on_the_wall = wall_clock(rules, zone, instant)?.date();
        let has_begun = |date: &NaiveDate| self.instant_on(rules, *date).is_some_and(|begins| begins <= instant);
        // The first of a fold may have been while the wall showed it for the second time, on the date before.
        [on_the_wall.succ_opt(), Some(on_the_wall), on_the_wall.pred_opt()].into_iter().flatten().find(has_begun)
    }
}
