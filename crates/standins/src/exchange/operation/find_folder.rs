//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/findfolder-operation>

use roxmltree::Node;

use super::super::code::Refusal;
use super::super::folder::{self, FolderShape};
use super::super::id::Folder;
use super::super::page::Page;
use super::super::restriction;
use super::super::store::Mailbox;
use super::super::xml::{self, Element};
use super::{Call, asked_for, each, success};

pub fn answer(request: Node, call: &mut Call) -> Vec<Element> {
    each("FindFolder", asked_for(request), call, |parent, call| find(request, parent, call))
}

fn find(request: Node, parent: Node, call: &Call) -> Result<Element, Refusal> {
    let shape = FolderShape::read(xml::child(request, "FolderShape"), call.schema);
    let (address, parent) = call.caller.folder(call.state, parent)?;
    let mailbox = call.state.mailbox(&address).ok_or_else(|| Refusal::new("ErrorFolderNotFound"))?;
    let below = match request.attribute("Traversal") {
        Some("Shallow") => mailbox.children(parent),
        Some("Deep") => descendants(mailbox, parent),
        // No folder has been deleted.
        _ => Vec::new(),
    };
    let condition = xml::child(request, "Restriction").and_then(|restriction| xml::elements(restriction).next());
    let mut found = Vec::new();
    for folder in below {
        let value_at = |path: Node| folder::value_at(path, mailbox, folder);
        if condition.map_or(Ok(true), |condition| restriction::holds(condition, &value_at))? {
            found.push(folder);
        }
    }
    let view = xml::child(request, "IndexedPageFolderView");
    let page = Page::of(found, view, call.state.server.find_count_limit);
    Ok(success("FindFolder").child(page.to_element("t:Folders", |folder| shape.show(mailbox, *folder))))
}

fn descendants(mailbox: &Mailbox, parent: Folder) -> Vec<Folder> {
    let children = mailbox.children(parent);
    children.into_iter().flat_map(|child| [vec![child], descendants(mailbox, child)].concat()).collect()
}
