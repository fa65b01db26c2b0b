//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/getfolder-operation>

use roxmltree::Node;

use super::super::id::{Folder, Named};
use super::super::store::Mailbox;
use super::super::xml::{self, Element};
use super::{Call, asked_for, error, success};

pub fn answer(request: Node, call: &mut Call) -> Vec<Element> {
    let shape = xml::child(request, "FolderShape");
    let base = shape.and_then(|shape| xml::child_text(shape, "BaseShape")).unwrap_or_default();
    let additional: Vec<&str> = shape
        .and_then(|shape| xml::child(shape, "AdditionalProperties"))
        .into_iter()
        .flat_map(xml::elements)
        .filter_map(|path| path.attribute("FieldURI"))
        .collect();
    asked_for(request)
        .map(|id| match call.caller.folder(call.state, id) {
            Ok((address, folder)) => {
                let shown = call.state.mailbox(&address).map(|mailbox| show(mailbox, folder, base.trim(), &additional));
                success("GetFolder").child(Element::new("m:Folders").children(shown))
            }
            Err(refusal) => error("GetFolder", &refusal),
        })
        .collect()
}

fn show(mailbox: &Mailbox, folder: Folder, base: &str, additional: &[&str]) -> Element {
    let mailbox_guid = mailbox.owner.guid;
    let id = |name: &'static str, folder: Folder| {
        let id = Named::Folder { mailbox: mailbox_guid, folder }.encode();
        Element::new(name).attribute("Id", id).attribute("ChangeKey", "AgAAABYAAAA=")
    };
    let (kind, class, title, items, children) = match folder {
        Folder::Root => ("t:Folder", "IPF.Note", "Root", 0, 1),
        Folder::MessageRoot => ("t:Folder", "IPF.Note", "Början av informationsarkivet", 0, 1),
        Folder::Calendar => ("t:CalendarFolder", "IPF.Appointment", "Kalender", mailbox.items.len(), 0),
    };
    let text = |name: &'static str, text: &str| Element::new(name).text(text);
    // In the order of BaseFolderType in types.xsd, with the smallest shape that shows each.
    let fields = [
        ("folder:FolderId", "IdOnly", id("t:FolderId", folder)),
        ("folder:ParentFolderId", "AllProperties", id("t:ParentFolderId", folder.parent())),
        ("folder:FolderClass", "AllProperties", text("t:FolderClass", class)),
        ("folder:DisplayName", "Default", text("t:DisplayName", title)),
        ("folder:TotalCount", "Default", text("t:TotalCount", &items.to_string())),
        ("folder:ChildFolderCount", "Default", text("t:ChildFolderCount", &children.to_string())),
        ("folder:EffectiveRights", "AllProperties", rights()),
        ("folder:DistinguishedFolderId", "AllProperties", text("t:DistinguishedFolderId", folder.distinguished())),
    ];
    let shown = fields.into_iter().filter(|(uri, shape, _)| {
        *shape == "IdOnly" || base == "AllProperties" || base == *shape || additional.contains(uri)
    });
    Element::new(kind).children(shown.map(|(_, _, element)| element))
}

fn rights() -> Element {
    let rights = ["CreateAssociated", "CreateContents", "CreateHierarchy", "Delete", "Modify", "Read"];
    Element::new("t:EffectiveRights").children(rights.map(|right| Element::new(format!("t:{right}")).text("true")))
}
