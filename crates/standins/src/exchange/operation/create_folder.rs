//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/createfolder-operation>
//!
//! Calendars only: a CalendarFolder, or a Folder whose FolderClass says that it is one.

use roxmltree::Node;

use super::super::code::Refusal;
use super::super::folder::{CLASS, FolderShape};
use super::super::xml::{self, Element};
use super::{Call, each, success};

pub fn answer(request: Node, call: &mut Call) -> Vec<Element> {
    let parent = xml::child(request, "ParentFolderId").and_then(|parent| xml::elements(parent).next());
    let folders = xml::child(request, "Folders").into_iter().flat_map(xml::elements);
    each("CreateFolder", folders, call, |folder, call| {
        let created = create(folder, parent, call)?;
        Ok(success("CreateFolder").child(Element::new("m:Folders").child(created)))
    })
}

fn create(folder: Node, parent: Option<Node>, call: &mut Call) -> Result<Element, Refusal> {
    let parent = parent.ok_or_else(|| Refusal::new("ErrorParentFolderIdRequired"))?;
    let (address, parent) = call.caller.folder(call.state, parent).map_err(|refusal| match refusal.code.as_ref() {
        "ErrorFolderNotFound" => Refusal::new("ErrorParentFolderNotFound"),
        _ => refusal,
    })?;
    let word = |name| xml::child_text(folder, name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let class = word("FolderClass");
    let is_class = |class: &String| class == CLASS || class.starts_with(&format!("{CLASS}."));
    match (folder.tag_name().name(), &class) {
        ("CalendarFolder", Some(class)) if !is_class(class) => return Err(Refusal::new("ErrorObjectTypeChanged")),
        ("CalendarFolder", _) => {}
        ("Folder", Some(class)) if is_class(class) => {}
        _ => return Err(Refusal::saying("ErrorInvalidOperation", "This server makes calendars only.")),
    }
    let name = word("DisplayName").ok_or_else(|| Refusal::new("ErrorFolderSavePropertyError"))?;
    let mailbox = call.state.mailbox_mut(&address).ok_or_else(|| Refusal::new("ErrorParentFolderNotFound"))?;
    let made = mailbox.make_calendar(&name, parent).ok_or_else(|| Refusal::new("ErrorFolderExists"))?;
    Ok(FolderShape::ID_ONLY.show(mailbox, made))
}
