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
                // A server that does not say whether that was all has cut the list if it is as long as it may be.
                Ok(found) if found.is_last.unwrap_or(found.items.len() < MOST_ENTRIES as usize) => {
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

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::ews::script::{Script, failure, response, soap, success};
    use crate::http::{HttpFault, HttpResponse};
    use crate::rfc3339::{instant_from, instant_text};

    type Answer = Result<HttpResponse, HttpFault>;

    /// A page with these items, each `id` or `id@start`.
    fn page(attributes: &str, items: &[&str]) -> Answer {
        let item = |item: &&str| {
            let (id, start) = item.split_once('@').unwrap_or((item, ""));
            format!("<t:CalendarItem><t:ItemId Id='{id}'/><t:Start>{start}</t:Start></t:CalendarItem>")
        };
        let items: String = items.iter().map(item).collect();
        soap("FindItem", &success(&format!("<m:RootFolder {attributes}><t:Items>{items}</t:Items></m:RootFolder>")))
    }

    fn id(item: &CalendarItem) -> String {
        item.id.as_ref().unwrap().as_str().to_owned()
    }

    async fn all(script: &Script) -> Result<Vec<String>, Code> {
        let mut ids = Vec::new();
        let ews = Ews::new(script, "anna@konsult.example");
        let listed = ews.all_items(Shape::Known, &mut |item| ids.push(id(&item))).await;
        listed.map(|()| ids).map_err(|problem| problem.code)
    }

    async fn within(script: &Script, start: &str, end: &str) -> Result<Vec<String>, Code> {
        let (start, end) = (instant_from(start).unwrap(), instant_from(end).unwrap());
        let mut ids = Vec::new();
        let ews = Ews::new(script, "anna@konsult.example");
        let listed = ews.occurrences(Shape::Known, (start, end), &mut |item| ids.push(id(&item))).await;
        listed.map(|()| ids).map_err(|problem| problem.code)
    }

    /// What the requests ask for: `offset+count`, or `start/end`.
    fn asked(script: &Script) -> Vec<String> {
        let attribute = |body: &str, name: &str| {
            let (_, rest) = body.split_once(&format!("{name}=\"")).unwrap();
            rest.split_once('"').unwrap().0.to_owned()
        };
        let one = |index| {
            let body = script.body(index);
            if body.contains("CalendarView") {
                format!("{}/{}", attribute(&body, "StartDate"), attribute(&body, "EndDate"))
            } else {
                format!("{}+{}", attribute(&body, " Offset"), attribute(&body, "MaxEntriesReturned"))
            }
        };
        (0..script.sent.borrow().len()).map(one).collect()
    }

    #[tokio::test]
    async fn a_folder_is_listed_page_by_page_to_its_end() {
        let more = |next: u32| format!("IndexedPagingOffset='{next}' IncludesLastItemInRange='false'");
        let script = Script::answering([
            page(&more(2), &["a", "b"]),
            page(&more(4), &["c", "d"]),
            page("IndexedPagingOffset='5' TotalItemsInView='5' IncludesLastItemInRange='true'", &["e"]),
        ]);
        assert_eq!(all(&script).await.unwrap(), ["a", "b", "c", "d", "e"]);
        assert_eq!(asked(&script), ["0+1000", "2+1000", "4+1000"]);
    }

    #[tokio::test]
    async fn a_server_that_pages_oddly_is_still_read_to_its_end_and_not_for_ever() {
        #[rustfmt::skip]
        let cases = [
            // what each page says                                       asked for
            (["", "", ""],                                              vec!["0+1000", "1+1000", "2+1000"]),
            (["IndexedPagingOffset='0'", "IndexedPagingOffset='1'", ""], vec!["0+1000", "1+1000", "2+1000"]),
            (["IncludesLastItemInRange='maybe'", "", ""],               vec!["0+1000", "1+1000", "2+1000"]),
        ];
        for (says, expected) in cases {
            let script = Script::answering([page(says[0], &["a"]), page(says[1], &["b"]), page(says[2], &[])]);
            assert_eq!(
                (all(&script).await.unwrap(), asked(&script)),
                (vec!["a".into(), "b".into()], expected.iter().map(|text| (*text).to_owned()).collect())
            );
        }
    }

    #[tokio::test]
    async fn r14_a_page_that_is_too_long_is_halved() {
        let script = Script::answering([
            soap("FindItem", &failure("ErrorExceededFindCountLimit")),
            response(502, &[], "{\"error\":{\"code\":\"exchange.too_large\"}}"),
            page("IndexedPagingOffset='250'", &["a"]),
            page("IncludesLastItemInRange='true'", &["b"]),
        ]);
        assert_eq!(all(&script).await.unwrap(), ["a", "b"]);
        assert_eq!(asked(&script), ["0+1000", "0+500", "0+250", "250+250"]);
        let never = Script::answering(vec![soap("FindItem", &failure("ErrorExceededFindCountLimit")); 10]);
        assert_eq!(all(&never).await, Err(Code::ExchangeTooLarge), "not even one at a time");
    }

    #[tokio::test]
    async fn r14_a_window_that_is_too_much_is_halved_and_each_occurrence_told_once() {
        // Two days; the first is asked for in two halves. What began before a piece is told with the piece before.
        let script = Script::answering([
            soap("FindItem", &failure("ErrorCalendarViewRangeTooBig")),
            page("IncludesLastItemInRange='false'", &["a@2026-12-31T00:00:00Z"]),
            page("IncludesLastItemInRange='true'", &["a@2026-12-31T00:00:00Z", "b@2027-01-01T09:00:00Z"]),
            page("IncludesLastItemInRange='true'", &["b@2027-01-01T09:00:00Z", "c@2027-01-01T12:00:00Z"]),
            page("", &["c@2027-01-01T12:00:00Z", "d@2027-01-02T08:00:00Z", "e@"]),
        ]);
        let found = within(&script, "2027-01-01T00:00:00Z", "2027-01-03T00:00:00Z").await;
        assert_eq!(found.unwrap(), ["a", "b", "c", "d", "e"]);
        let asked = asked(&script).iter().map(|window| window.replace(":00:00Z", "")).collect::<Vec<_>>();
        let expected = [
            "2027-01-01T00/2027-01-03T00",
            "2027-01-01T00/2027-01-02T00",
            "2027-01-01T00/2027-01-01T12",
            "2027-01-01T12/2027-01-02T00",
            "2027-01-02T00/2027-01-03T00",
        ];
        assert_eq!(asked, expected);
    }

    #[tokio::test]
    async fn r14_no_window_is_longer_than_two_years_and_the_pieces_cover_it() {
        let script = Script::answering(vec![page("IncludesLastItemInRange='true'", &[]); 16]);
        within(&script, "2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z").await.unwrap();
        let mut at = instant_from("2020-01-01T00:00:00Z").unwrap();
        for window in asked(&script) {
            let (start, end) = window.split_once('/').unwrap();
            assert_eq!(start, instant_text(at));
            let end = instant_from(end).unwrap();
            assert!(end - at <= TimeDelta::days(730), "{window}");
            at = end;
        }
        assert_eq!(instant_text(at), "2030-01-01T00:00:00Z");
    }

    #[tokio::test]
    async fn r14_a_list_as_long_as_it_may_be_is_whole_only_if_the_server_says_so() {
        let full = vec!["a@2027-01-01T09:00:00Z"; 1000];
        for (says, requests) in [("", 3), ("IncludesLastItemInRange='true'", 1)] {
            let script = Script::answering([page(says, &full), page("", &["a"]), page("", &[])]);
            within(&script, "2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z").await.unwrap();
            assert_eq!(script.sent.borrow().len(), requests, "{says}");
        }
    }

    #[tokio::test]
    async fn r14_halving_ends() {
        for answer in
            [soap("FindItem", &failure("ErrorExceededFindCountLimit")), page("IncludesLastItemInRange='false'", &["a"])]
        {
            let script = Script::answering(vec![answer; 20]);
            let found = within(&script, "2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z").await;
            assert_eq!((found, script.sent.borrow().len()), (Err(Code::ExchangeTooLarge), 6));
        }
    }
}
