//! `cargo run --example read_ews -- FILE...`: reads stored answers of Exchange and prints what is in them as JSON, one
//! object a file: every item with the event that it is, or why it is none, and every error.
//!
//! An answer to an operation that we do not use is said to be one. The exit status tells whether every file was an
//! answer at all; an error *inside* an answer is its content.

use std::io::Write;
use std::process::ExitCode;

use blikk_calendar_sync::ews::envelope::{self, NoAnswer};
use blikk_calendar_sync::ews::error::ResponseError;
use blikk_calendar_sync::ews::item::{CalendarItem, ItemElement};
use blikk_calendar_sync::ews::mapping::{Place, event_of};
use blikk_calendar_sync::ews::operation::create_item::CreateItem;
use blikk_calendar_sync::ews::operation::delete_item::DeleteItem;
use blikk_calendar_sync::ews::operation::find_item::FindItem;
use blikk_calendar_sync::ews::operation::get_folder::{Folder, GetFolder};
use blikk_calendar_sync::ews::operation::get_item::GetItem;
use blikk_calendar_sync::ews::operation::sync_folder_items::{ItemChange, SyncFolderItems, SyncPage};
use blikk_calendar_sync::ews::operation::update_item::UpdateItem;
use blikk_calendar_sync::ews::operation::{FolderId, Operation};
use blikk_calendar_sync::problem::Problem;
use blikk_calendar_sync::zone::{IanaRules, ZoneId};
use serde_json::{Map, Value, json};

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        eprintln!("usage: cargo run --example read_ews -- FILE...");
        return ExitCode::FAILURE;
    }
    let mut all_well = true;
    for file in files {
        let read = match std::fs::read(&file) {
            Ok(bytes) => describe(&bytes),
            Err(error) => Err(json!({ "cannotRead": error.to_string() })),
        };
        all_well &= read.is_ok();
        let (Ok(mut said) | Err(mut said)) = read;
        said["file"] = file.into();
        // A closed pipe (`| head`) is no reason to fail.
        if writeln!(std::io::stdout(), "{said:#}").is_err() {
            break;
        }
    }
    if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What a file holds; `Err` when it is no answer.
fn describe(body: &[u8]) -> Result<Value, Value> {
    match envelope::operation_answered(body) {
        Ok(operation) => match operation.as_str() {
            "GetFolder" => answer::<GetFolder>(body, |folders| folders.iter().map(folder).collect()),
            "SyncFolderItems" => answer::<SyncFolderItems>(body, sync_page),
            "GetItem" => answer::<GetItem>(body, items),
            "FindItem" => answer::<FindItem>(body, |found| items(found.items)),
            "CreateItem" => answer::<CreateItem<'_>>(body, items),
            "UpdateItem" => answer::<UpdateItem<'_>>(body, items),
            "DeleteItem" => answer::<DeleteItem>(body, |()| Value::Null),
            other => Ok(json!({ "notOurs": other })),
        },
        Err(NoAnswer::Fault(fault)) => Ok(json!({ "fault": error(&fault, &fault.of_request()) })),
        Err(no_answer) => Err(json!({ "noAnswer": Problem::from(&no_answer) })),
    }
}

fn answer<O: Operation>(body: &[u8], describe: impl Fn(O::Outcome) -> Value) -> Result<Value, Value> {
    let answer = envelope::read::<O>(body).map_err(|no_answer| json!({ "noAnswer": Problem::from(&no_answer) }))?;
    let messages = answer.messages.into_iter().map(|message| match message {
        Ok(outcome) => describe(outcome),
        Err(one) => json!({ "error": error(&one, &one.of_item()) }),
    });
    let messages: Vec<Value> = messages.collect();
    Ok(json!({ "operation": O::NAME, "server": answer.server_version, "messages": messages }))
}

fn error(error: &ResponseError, problem: &Problem) -> Value {
    json!({
        "responseCode": error.code.as_str(),
        "message": error.message,
        "class": format!("{:?}", error.code.class()),
        "problem": problem,
    })
}

fn folder(folder: &Folder) -> Value {
    json!({ "id": folder.id.as_ref().map(FolderId::as_str), "name": folder.name, "items": folder.item_count })
}

fn sync_page(page: SyncPage) -> Value {
    let changes = page.changes.into_iter().map(|change| {
        let (kind, changed) = match change {
            ItemChange::Created(item) => ("created", item),
            ItemChange::Updated(item) => ("updated", item),
            ItemChange::Deleted(item) => ("deleted", item),
            ItemChange::Other(item) => ("other", item),
        };
        json!({ kind: identity(&changed) })
    });
    let changes: Vec<Value> = changes.collect();
    json!({ "syncState": page.state, "isLast": page.is_last, "changes": changes })
}

fn items(items: Vec<CalendarItem>) -> Value {
    items.into_iter().map(item).collect()
}

fn item(mut item: CalendarItem) -> Value {
    let mut said = identity(&item);
    let own_zone = ZoneId::new("Europe/Stockholm");
    match event_of(&mut item, Vec::new(), &Place { own_zone: &own_zone, rules: &IanaRules }) {
        Ok(event) => said.insert("event".into(), json!(event)),
        Err(problem) => said.insert("notSynchronised".into(), json!(problem)),
    };
    Value::Object(said)
}

/// What an item is known by, whatever it is; of the rest only what the answer told.
fn identity(item: &CalendarItem) -> Map<String, Value> {
    let element = match &item.element {
        ItemElement::CalendarItem => "CalendarItem",
        ItemElement::Other(name) => name,
    };
    let said = [
        ("element", json!(element)),
        ("id", json!(item.id.as_ref().map(|id| id.as_str()))),
        ("changeKey", json!(item.change_key.as_ref().map(|key| key.as_str()))),
        ("subject", json!(Some(&item.subject).filter(|subject| !subject.is_empty()))),
        ("start", json!(item.start)),
        ("end", json!(item.end)),
        ("uid", json!(item.uid)),
        ("linkId", json!(item.link_id)),
        ("blikkId", json!(item.blikk_id)),
    ];
    said.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.to_owned(), value)).collect()
}
