//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/getfolder-operation>

use roxmltree::Node;

use super::super::id::Named;
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
        .map(|folder| match call.caller.calendar(call.state, folder) {
            Ok(address) => {
                let shown = call.state.mailbox(&address).map(|mailbox| show(mailbox, base.trim(), &additional));
                success("GetFolder").child(Element::new("m:Folders").children(shown))
            }
            Err(refusal) => error("GetFolder", &refusal),
        })
        .collect()
}

fn show(mailbox: &Mailbox, base: &str, additional: &[&str]) -> Element {
    let id = Named::CalendarFolder { mailbox: mailbox.owner.guid }.encode();
    let text = |name: &'static str, text: &str| Element::new(name).text(text);
    // In the order of BaseFolderType in types.xsd, with the smallest shape that shows each.
    let fields = [
        (
            "folder:FolderId",
            "IdOnly",
            Element::new("t:FolderId").attribute("Id", id).attribute("ChangeKey", "AgAAABYAAAA="),
        ),
        ("folder:FolderClass", "AllProperties", text("t:FolderClass", "IPF.Appointment")),
        ("folder:DisplayName", "Default", text("t:DisplayName", "Kalender")),
        ("folder:TotalCount", "Default", text("t:TotalCount", &mailbox.items.len().to_string())),
        ("folder:ChildFolderCount", "Default", text("t:ChildFolderCount", "0")),
        ("folder:EffectiveRights", "AllProperties", rights()),
        ("folder:DistinguishedFolderId", "AllProperties", text("t:DistinguishedFolderId", "calendar")),
    ];
    let shown = fields.into_iter().filter(|(uri, shape, _)| {
        *shape == "IdOnly" || base == "AllProperties" || base == *shape || additional.contains(uri)
    });
    Element::new("t:CalendarFolder").children(shown.map(|(_, _, element)| element))
}

fn rights() -> Element {
    let rights = ["CreateAssociated", "CreateContents", "CreateHierarchy", "Delete", "Modify", "Read"];
    Element::new("t:EffectiveRights").children(rights.map(|right| Element::new(format!("t:{right}")).text("true")))
}
