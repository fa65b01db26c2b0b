//! Who comes: carried from Exchange to be seen in Blikk, and never the other way (R16).

use crate::blikk::wire;
use crate::event::{Answer, Attendance, Meeting, Participant, Person};

pub(super) fn meeting_of(meeting: &wire::Meeting) -> Meeting {
    Meeting {
        is_mine: meeting.is_mine,
        organizer: meeting.organizer.as_ref().map(|person| person_of(&person.name, &person.email)),
        participants: meeting.participants.iter().map(participant_of).collect(),
        my_answer: answer_of(meeting.my_answer),
        is_cancelled: meeting.is_cancelled,
        online_url: meeting.online_url.clone(),
    }
}

pub(super) fn wire_meeting(meeting: &Meeting) -> wire::Meeting {
    let organizer = meeting.organizer.as_ref();
    wire::Meeting {
        is_mine: meeting.is_mine,
        organizer: organizer
            .map(|Person { name, address }| wire::Person { name: name.clone(), email: address.clone() }),
        participants: meeting.participants.iter().map(wire_participant).collect(),
        my_answer: wire_answer(meeting.my_answer),
        is_cancelled: meeting.is_cancelled,
        online_url: meeting.online_url.clone(),
    }
}

fn person_of(name: &str, email: &str) -> Person {
    Person { name: name.to_owned(), address: email.to_owned() }
}

fn participant_of(participant: &wire::Participant) -> Participant {
    Participant {
        person: person_of(&participant.name, &participant.email),
        attendance: match participant.role {
            wire::Role::Required | wire::Role::Unknown => Attendance::Required,
            wire::Role::Optional => Attendance::Optional,
            wire::Role::Resource => Attendance::Resource,
        },
        answer: answer_of(participant.answer),
    }
}

fn wire_participant(participant: &Participant) -> wire::Participant {
    wire::Participant {
        name: participant.person.name.clone(),
        email: participant.person.address.clone(),
        role: match participant.attendance {
            Attendance::Required => wire::Role::Required,
            Attendance::Optional => wire::Role::Optional,
            Attendance::Resource => wire::Role::Resource,
        },
        answer: wire_answer(participant.answer),
    }
}

fn answer_of(answer: wire::Answer) -> Answer {
    match answer {
        wire::Answer::NotAnswered | wire::Answer::Unknown => Answer::NotAnswered,
        wire::Answer::Organizer => Answer::Organizer,
        wire::Answer::Accepted => Answer::Accepted,
        wire::Answer::Tentative => Answer::Tentative,
        wire::Answer::Declined => Answer::Declined,
    }
}

fn wire_answer(answer: Answer) -> wire::Answer {
    match answer {
        Answer::NotAnswered => wire::Answer::NotAnswered,
        Answer::Organizer => wire::Answer::Organizer,
        Answer::Accepted => wire::Answer::Accepted,
        Answer::Tentative => wire::Answer::Tentative,
        Answer::Declined => wire::Answer::Declined,
    }
}
