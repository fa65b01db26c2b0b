//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/getfolder-operation>

use roxmltree::Node;

use super::super::code::Refusal;
use super::super::folder::FolderShape;
use super::super::xml::{self, Element};
use super::{Call, asked_for, each, success};

pub fn answer(request: Node, call: &mut Call) -> Vec<Element> {
    let shape = FolderShape::read(xml::child(request, "FolderShape"), call.schema);
    each("GetFolder", asked_for(request), call, |id, call| {
        let (address, folder) = call.caller.folder(call.state, id)?;
        let mailbox = call.state.mailbox(&address).ok_or_else(|| Refusal::new("ErrorFolderNotFound"))?;
        Ok(success("GetFolder").child(Element::new("m:Folders").child(shape.show(mailbox, folder))))
    })
}
