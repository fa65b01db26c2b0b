//! Lists that are longer than a server gives at once (R14): pages, and windows that are halved.

use std::ops::Deref;

use chrono::{DateTime, TimeDelta, Utc};

use crate::ews::client::Ews;
use crate::ews::item::CalendarItem;
use crate::ews::operation::Shape;
use crate::ews::operation::find_item::{FindItem, FoundItems, MOST_ENTRIES, Which};
use crate::host::{Audience, Clock};
use crate::http::{Json, Transport};
use crate::problem::{Code, Problem};

/// The longest window of a CalendarView: two years, counted by the server in days.
/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendarview>
const LONGEST: TimeDelta = TimeDelta::days(730);

/// What is not halved any more. Whoever has a thousand events in an hour has another problem.
const SHORTEST: TimeDelta = TimeDelta::hours(1);

impl<P> Ews<P>
where
    P: Deref<Target: Transport + Clock + Audience + Json>,
{
    /// Every item of the calendar, series as one, whatever their number.
    ///
    /// # Errors
    /// As [`Ews::call`]; `each` may have been given some of them by then.
    pub async fn all_items(&self, shape: Shape, each: &mut dyn FnMut(CalendarItem)) -> Result<(), Problem> {
        let (mut offset, mut max_entries) = (0, MOST_ENTRIES);
        loop {
            match self.find(shape, Which::Page { offset, max_entries }).await {
                Ok(page) => {
                    let next = next_offset(offset, &page);
                    page.items.into_iter().for_each(&mut *each);
                    match next {
                        Some(next) => offset = next,
                        None => return Ok(()),
                    }
                }
                Err(problem) if problem.code == Code::ExchangeTooLarge && max_entries > 1 => max_entries /= 2,
                Err(problem) => return Err(problem),
            }
        }
    }

    /// What happens in a window, occurrences in the place of their series: from a server that lays them out. Each is
    /// told once, however the window was cut.
    ///
    /// # Errors
    /// As [`Ews::call`]; `each` may have been given some of them by then.
    pub async fn occurrences(
        &self,
        shape: Shape,
        window: (DateTime<Utc>, DateTime<Utc>),
        each: &mut dyn FnMut(CalendarItem),
    ) -> Result<(), Problem> {
        let mut windows = vec![window];
        while let Some((start, end)) = windows.pop() {
            let length = end - start;
            let found = if length > LONGEST {
                Err(Code::ExchangeTooLarge.into())
            } else {
                self.find(shape, Which::InWindow { start, end, max_entries: MOST_ENTRIES }).await
            };
            match found {
                Ok(found) if found.is_last != Some(false) => {
                    // What began before this piece was in the one before it.
                    let is_new =
                        |item: &CalendarItem| start == window.0 || item.start.is_none_or(|began| began >= start);
                    found.items.into_iter().filter(is_new).for_each(&mut *each);
                }
                Err(problem) if problem.code != Code::ExchangeTooLarge || length <= SHORTEST => return Err(problem),
                Ok(_) if length <= SHORTEST => return Err(Code::ExchangeTooLarge.into()),
                Ok(_) | Err(_) => {
                    let middle = start + TimeDelta::seconds(length.num_seconds() / 2);
                    windows.extend([(middle, end), (start, middle)]);
                }
            }
        }
        Ok(())
    }

    async fn find(&self, shape: Shape, which: Which) -> Result<FoundItems, Problem> {
        let find = FindItem { folder: self.calendar(), shape, which };
        self.call(&find).await?.only()
    }
}

/// Where the next page begins, `None` after the last. A server that does not say goes on until a page is empty, and one
/// that says that there is more, with nothing to show, is not asked for ever.
fn next_offset(offset: u32, page: &FoundItems) -> Option<u32> {
    if page.is_last == Some(true) || page.items.is_empty() {
        return None;
    }
    let counted = offset.saturating_add(u32::try_from(page.items.len()).unwrap_or(u32::MAX));
    Some(page.next_offset.filter(|&next| next > offset).unwrap_or(counted))
}
