//! Recorded and documented answers of Exchange, read by us and, independently, as a DOM by roxmltree: item by item, the
//! same ids, ChangeKeys, subjects, times and response codes, in the same order, and none lost.

#![cfg(not(target_arch = "wasm32"))]

use std::path::{Path, PathBuf};

use blikk_calendar_sync::ews::envelope::{self, NoAnswer};
use blikk_calendar_sync::ews::item::CalendarItem;
use blikk_calendar_sync::ews::operation::create_folder::CreateFolder;
use blikk_calendar_sync::ews::operation::create_item::CreateItem;
use blikk_calendar_sync::ews::operation::delete_item::DeleteItem;
use blikk_calendar_sync::ews::operation::find_folder::FindFolder;
use blikk_calendar_sync::ews::operation::find_item::FindItem;
use blikk_calendar_sync::ews::operation::get_folder::{Folder, GetFolder};
use blikk_calendar_sync::ews::operation::get_item::GetItem;
use blikk_calendar_sync::ews::operation::sync_folder_items::SyncFolderItems;
use blikk_calendar_sync::ews::operation::update_item::UpdateItem;
use blikk_calendar_sync::ews::operation::{FolderId, Operation};
use chrono::{DateTime, Utc};
use roxmltree::{Document, Node};

const OURS: [&str; 9] = [
    "GetFolder",
    "FindFolder",
    "CreateFolder",
    "SyncFolderItems",
    "GetItem",
    "FindItem",
    "CreateItem",
    "UpdateItem",
    "DeleteItem",
];

/// One message of an answer, as both readers can tell it: a line for the code of an error, or one for each item.
type Said = Vec<String>;

#[test]
fn every_recorded_answer_is_read_to_the_last_item() {
    let Some(files) = samples() else {
        println!("skipped: every_recorded_answer_is_read_to_the_last_item, because shared/ is not here");
        return;
    };
    let (mut answers, mut items) = (0, 0);
    for (name, text) in &files {
        let Some(operation) = operation_in(text) else { continue };
        let expected = by_dom(&mended(text), &operation);
        let found = by_us(text.as_bytes(), &operation).unwrap_or_else(|no_answer| panic!("{name}: {no_answer:?}"));
        assert_eq!(found, expected, "{name}");
        answers += 1;
        items += found.iter().flatten().count();
    }
    println!("{answers} answers with {items} items and errors");
    assert!(answers >= 90 && items >= 110, "{answers} answers with {items} items: where are the samples?");
}

#[test]
fn every_recorded_fault_is_one_and_tells_its_code() {
    let Some(files) = samples() else {
        println!("skipped: every_recorded_fault_is_one_and_tells_its_code, because shared/ is not here");
        return;
    };
    let mut faults = 0;
    for (name, text) in files.iter().filter(|(_, text)| text.contains(":Fault>") && text.contains("<detail>")) {
        let document = Document::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        // The oldest servers give no ResponseCode: then SOAP's own faultcode is all there is.
        let named = |name: &str| document.descendants().find(|node| node.tag_name().name() == name)?.text();
        let expected = named("ResponseCode").or_else(|| named("faultcode")?.rsplit(':').next());
        match envelope::operation_answered(text.as_bytes()) {
            Err(NoAnswer::Fault(fault)) => assert_eq!(Some(fault.code.as_str()), expected, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
        faults += 1;
    }
    assert!(faults >= 8, "{faults} faults: where are the samples?");
}

#[test]
fn an_answer_cut_anywhere_is_never_taken_for_a_whole_one() {
    let Some(files) = samples() else {
        println!("skipped: an_answer_cut_anywhere_is_never_taken_for_a_whole_one, because shared/ is not here");
        return;
    };
    for (name, text) in &files {
        let Some(operation) = operation_in(text) else { continue };
        let whole = text.trim_end().len();
        for end in (0..whole).step_by(97).chain([whole - 1]) {
            let cut = &text.as_bytes()[..end];
            assert!(by_us(cut, &operation).is_err(), "{name} cut at {end}");
        }
    }
}

#[test]
fn an_answer_with_any_byte_changed_is_survived() {
    let Some(files) = samples() else {
        println!("skipped: an_answer_with_any_byte_changed_is_survived, because shared/ is not here");
        return;
    };
    for (_, text) in &files {
        let Some(operation) = operation_in(text) else { continue };
        for at in (0..text.len()).step_by(41) {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = [b'<', b'>', b'&', b'"', b'/', 0, 0xFF][at % 7];
            // Whatever it says, it says something: a panic or an endless loop would be the failure.
            let _ = by_us(&bytes, &operation);
        }
    }
}

fn by_us(body: &[u8], operation: &str) -> Result<Vec<Said>, NoAnswer> {
    fn said<O: Operation>(body: &[u8], items: impl Fn(O::Outcome) -> Said) -> Result<Vec<Said>, NoAnswer> {
        let messages = envelope::read::<O>(body)?.messages.into_iter();
        Ok(messages
            .map(|message| match message {
                Ok(outcome) => items(outcome),
                Err(error) => vec![format!("error {}", error.code.as_str())],
            })
            .collect())
    }
    let items = |items: Vec<CalendarItem>| items.iter().map(item_by_us).collect();
    let folder = |folder: &Folder| {
        format!(
            "{} {} {:?}",
            folder.id.as_ref().map(FolderId::as_str).unwrap_or_default(),
            folder.name,
            folder.item_count
        )
    };
    let folders = |folders: Vec<Folder>| folders.iter().map(folder).collect();
    match operation {
        "GetFolder" => said::<GetFolder>(body, folders),
        "FindFolder" => said::<FindFolder>(body, folders),
        "CreateFolder" => said::<CreateFolder>(body, folders),
        "SyncFolderItems" => {
            said::<SyncFolderItems>(body, |page| page.changes.iter().map(|change| item_by_us(change.item())).collect())
        }
        "GetItem" => said::<GetItem>(body, items),
        "FindItem" => said::<FindItem>(body, |found| items(found.items)),
        "CreateItem" => said::<CreateItem<'_>>(body, items),
        "UpdateItem" => said::<UpdateItem<'_>>(body, items),
        _ => said::<DeleteItem>(body, |()| Vec::new()),
    }
}

fn item_by_us(item: &CalendarItem) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        item.id.as_ref().map(|id| id.as_str()).unwrap_or_default(),
        item.change_key.as_ref().map(|key| key.as_str()).unwrap_or_default(),
        item.subject,
        item.start,
        item.end,
        item.uid.as_deref().unwrap_or_default(),
    )
}

/// The same, from a tree, by another library, in another way.
fn by_dom(text: &str, operation: &str) -> Vec<Said> {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{operation}: {error}"));
    let suffix = "ResponseMessage";
    let messages = document.descendants().filter(|node| {
        node.tag_name().name().strip_suffix(suffix) == Some(operation) && node.has_attribute("ResponseClass")
    });
    messages
        .map(|message| {
            let code = child(message, "ResponseCode").and_then(|code| code.text()).unwrap_or_default();
            if message.attribute("ResponseClass") == Some("Error") {
                return vec![format!("error {code}")];
            }
            assert_eq!(code, "NoError", "a success with a code that the tree reading does not know");
            match operation {
                "GetFolder" | "CreateFolder" => each_in(message, &["Folders"]).map(folder_by_dom).collect(),
                "FindFolder" => {
                    each_in(message, &["Folders"]).filter(|folder| is_calendar(*folder)).map(folder_by_dom).collect()
                }
                "SyncFolderItems" => each_in(message, &["Changes"]).map(change_by_dom).collect(),
                _ => each_in(message, &["Items"]).map(item_by_dom).collect(),
            }
        })
        .collect()
}

/// The children of every such element that does not lie inside an item itself.
fn each_in<'a>(message: Node<'a, 'a>, lists: &'a [&str]) -> impl Iterator<Item = Node<'a, 'a>> {
    message
        .descendants()
        .filter(|node| lists.contains(&node.tag_name().name()))
        .flat_map(|list| list.children().filter(Node::is_element))
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    node.children().find(|child| child.tag_name().name() == name)
}

fn text<'a>(node: Node<'a, 'a>, name: &str) -> &'a str {
    child(node, name).and_then(|child| child.text()).unwrap_or_default()
}

fn folder_by_dom(folder: Node<'_, '_>) -> String {
    let id = child(folder, "FolderId").and_then(|id| id.attribute("Id")).unwrap_or_default();
    let count: Option<u32> = text(folder, "TotalCount").parse().ok();
    format!("{id} {} {count:?}", text(folder, "DisplayName"))
}

fn is_calendar(folder: Node<'_, '_>) -> bool {
    text(folder, "FolderClass") == "IPF.Appointment"
}

/// An item stands inside a change, or its id stands there alone.
fn change_by_dom(change: Node<'_, '_>) -> String {
    match change.children().find(|node| node.is_element() && node.tag_name().name() != "ItemId") {
        Some(item) if item.tag_name().name() != "IsRead" => item_by_dom(item),
        _ => item_by_dom(change),
    }
}

fn item_by_dom(item: Node<'_, '_>) -> String {
    let id = child(item, "ItemId");
    let time = |name: &str| {
        let time = text(item, name);
        (!time.is_empty()).then(|| time.parse::<DateTime<Utc>>().unwrap_or_else(|error| panic!("{time:?}: {error}")))
    };
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        id.and_then(|id| id.attribute("Id")).unwrap_or_default(),
        id.and_then(|id| id.attribute("ChangeKey")).unwrap_or_default(),
        text(item, "Subject"),
        time("Start"),
        time("End"),
        text(item, "UID"),
    )
}

/// A tree needs well-formed XML; one recorded answer has blanks in an element's name.
fn mended(text: &str) -> String {
    text.replace("söme folder.folder type", "Folder")
}

/// Which of our operations a sample answers.
fn operation_in(text: &str) -> Option<String> {
    let answers = |operation: &str| {
        let answer = format!("{operation}Response");
        text.match_indices(&answer).any(|(at, _)| {
            let is_whole = !text[at + answer.len()..].starts_with(|next: char| next.is_alphanumeric());
            is_whole && text[..at].ends_with(['<', ':'])
        })
    };
    OURS.into_iter().find(|operation| answers(operation)).map(str::to_owned)
}

fn samples() -> Option<Vec<(String, String)>> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/ews-samples"));
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).ok()?.flatten() {
            let path: PathBuf = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "xml") {
                let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                files.push((path.display().to_string(), text));
            }
        }
    }
    files.sort();
    Some(files)
}
