//! Who comes to a meeting, as the synchronisation tells it (pure).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::problem::Refusal;
use super::value::{Text, list_of, missing, object, one_of, yes_or_no};

const LONGEST_NAME: Text = Text::line(0, 1000);
const LONGEST_URL: Text = Text::line(0, 10_000);
const MOST_PARTICIPANTS: usize = 1000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    pub is_mine: bool,
    pub organizer: Option<Person>,
    pub participants: Vec<Participant>,
    pub my_answer: Answer,
    pub is_cancelled: bool,
    pub online_url: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub name: String,
    pub email: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    pub name: String,
    pub email: String,
    pub role: Attendance,
    pub answer: Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Attendance {
    Required,
    Optional,
    Resource,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    NotAnswered,
    Organizer,
    Accepted,
    Tentative,
    Declined,
}

pub(super) fn meeting_of(json: &Value) -> Result<Option<Meeting>, Refusal> {
    if json.is_null() {
        return Ok(None);
    }
    let members = object("meeting", json)?;
    let member = |name: &str| {
        let path = format!("meeting.{name}");
        members.get(name).map(|value| (path.clone(), value)).ok_or_else(|| missing(&path))
    };
    let (at, is_mine) = member("isMine")?;
    let is_mine = yes_or_no(&at, is_mine)?;
    let (at, organizer) = member("organizer")?;
    let organizer = if organizer.is_null() { None } else { Some(person_of(&at, organizer)?) };
    let (at, participants) = member("participants")?;
    let participants = list_of(&at, participants, MOST_PARTICIPANTS, participant_of)?;
    let (at, my_answer) = member("myAnswer")?;
    let my_answer = one_of(&at, my_answer)?;
    let (at, is_cancelled) = member("isCancelled")?;
    let is_cancelled = yes_or_no(&at, is_cancelled)?;
    let (at, url) = member("onlineUrl")?;
    let online_url = if url.is_null() { None } else { Some(LONGEST_URL.of(&at, url)?) };
    Ok(Some(Meeting { is_mine, organizer, participants, my_answer, is_cancelled, online_url }))
}

fn person_of(at: &str, json: &Value) -> Result<Person, Refusal> {
    let members = object(at, json)?;
    let text = |name: &str| {
        let path = format!("{at}.{name}");
        LONGEST_NAME.of(&path, members.get(name).ok_or_else(|| missing(&path))?)
    };
    Ok(Person { name: text("name")?, email: text("email")? })
}

fn participant_of(at: &str, json: &Value) -> Result<Participant, Refusal> {
    let Person { name, email } = person_of(at, json)?;
    let role = one_of(&format!("{at}.role"), &json["role"])?;
    Ok(Participant { name, email, role, answer: one_of(&format!("{at}.answer"), &json["answer"])? })
}
