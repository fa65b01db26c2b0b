//! What takes place on which day: series as their occurrences, in Blikk's week view and in Outlook's.

use blikk_calendar_sync::http::Json as _;
use serde::{Deserialize, Serialize};

use super::shown::Time;
use super::town::{Net, Person, encoded};

/// One thing that takes place.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub place: String,
    pub start: Time,
    pub end: Time,
    #[serde(default)]
    series_id: Option<String>,
}

impl Seen {
    /// `2027-03-01T08:00:00Z Planering @ Rum 2`; a date where it lasts whole days.
    pub fn line(&self) -> String {
        let place = if self.place.is_empty() { String::new() } else { format!(" @ {}", self.place) };
        format!("{} {}{place}", self.start.written(), self.title)
    }
}

#[derive(Deserialize)]
struct Items {
    items: Vec<Seen>,
}

/// What a person changes about one occurrence in Outlook.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Edit {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Time>,
}

impl Edit {
    pub fn titled(title: &'static str) -> Self {
        Edit { title: Some(title), ..Edit::default() }
    }

    pub fn moved(start: &str, end: &str) -> Self {
        let at = |text| Some(Time::at(text, "Europe/Stockholm"));
        Edit { start: at(start), end: at(end), ..Edit::default() }
    }
}

/// A whole year, which is as much as Blikk's week view takes.
const YEAR: [&str; 2] = ["2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"];

impl<N: Net> Person<N> {
    /// Her Outlook of 2027.
    pub async fn year_in_outlook(&self) -> Vec<Seen> {
        let [from, to] = YEAR;
        let items: Items = self.call_for("GET", &self.outlook(&format!("?from={from}&to={to}")), &[]).await;
        items.items
    }

    /// Both calendars show the same in 2027, each thing once; the lines of it.
    pub async fn sees_the_same_year_on_both_sides(&self) -> Vec<String> {
        let [from, to] = YEAR;
        let url = self.blikk(&format!("/v1/calendar/occurrences?filter.from={from}&filter.to={to}"));
        let blikk: Items = self.call_for("GET", &url, &[]).await;
        let lines = |seen: &[Seen]| {
            let mut lines: Vec<String> =
                seen.iter().map(|one| format!("{} until {}", one.line(), one.end.written())).collect();
            lines.sort();
            lines
        };
        let outlook = self.year_in_outlook().await;
        assert_eq!(lines(&blikk.items), lines(&outlook), "left: Blikk, right: Outlook");
        let mut lines: Vec<String> = outlook.iter().map(Seen::line).collect();
        lines.sort();
        lines
    }

    /// The one that begins on this day, in Outlook.
    async fn occurrence(&self, title: &str, day: &str) -> Seen {
        let all = self.year_in_outlook().await;
        let found = all.into_iter().find(|one| one.title == title && one.start.written().starts_with(day));
        found.unwrap_or_else(|| panic!("{title} takes place on {day}"))
    }

    /// Opens one occurrence in Outlook and edits it.
    pub async fn edits_occurrence(&self, title: &str, day: &str, edit: &Edit) {
        let one = self.occurrence(title, day).await;
        let body = self.ports.print(edit).expect("JSON");
        self.call("PUT", &self.outlook(&format!("/{}", encoded(&one.id))), &[], &body).await;
        self.stirs(&one).await;
    }

    /// Deletes one occurrence in Outlook.
    pub async fn cancels_occurrence(&self, title: &str, day: &str) {
        let one = self.occurrence(title, day).await;
        self.call("DELETE", &self.outlook(&format!("/{}", encoded(&one.id))), &[], &[]).await;
        self.stirs(&one).await;
    }

    /// "This and following", from this day on.
    pub async fn edits_this_and_following(&self, title: &str, day: &str, edit: &Edit) {
        let one = self.occurrence(title, day).await;
        let body = self.ports.print(edit).expect("JSON");
        self.call("POST", &self.outlook(&format!("/{}/following", encoded(&one.id))), &[], &body).await;
    }

    /// "This and following" are deleted.
    pub async fn cancels_this_and_following(&self, title: &str, day: &str) {
        let one = self.occurrence(title, day).await;
        self.call("DELETE", &self.outlook(&format!("/{}/following", encoded(&one.id))), &[], &[]).await;
    }

    /// Something about it that nobody sees: it gets a new ChangeKey.
    pub async fn touches(&self, id: &str) {
        self.call("POST", &self.outlook(&format!("/{}/touch", encoded(id))), &[], &[]).await;
    }

    /// Where Exchange does not tell of an occurrence, it is heard of with the next thing that happens to its series.
    async fn stirs(&self, occurrence: &Seen) {
        if let (false, Some(series)) = (self.hears_of_occurrences, &occurrence.series_id) {
            self.touches(series).await;
        }
    }
}
