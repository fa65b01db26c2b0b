//! FindItem with a restriction on our marker: which item carries this link, after an answer got lost (scenario 1).
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/finditem-operation>

use super::{FolderRef, Operation, Shape, read_items, sealed};
use crate::ews::envelope::RequestVersion;
use crate::ews::item::{CalendarItem, MarkerField};
use crate::ews::xml::{Element, Writer};

/// The request.
#[derive(Clone, Debug)]
pub struct FindItem {
    pub folder: FolderRef,
    pub field: MarkerField,
    pub is_equal_to: String,
}

/// A page of the answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundItems {
    pub items: Vec<CalendarItem>,
    pub is_last: Option<bool>,
}

impl sealed::Sealed for FindItem {}

impl Operation for FindItem {
    const NAME: &'static str = "FindItem";
    const ONLY_READS: bool = true;
    type Outcome = FoundItems;

    fn write(&self, version: RequestVersion, xml: &mut Writer) {
        xml.element("m:FindItem", &[("Traversal", "Shallow")], |xml| {
            Shape::Known.write(version, xml);
            xml.element("m:Restriction", &[], |xml| {
                xml.element("t:IsEqualTo", &[], |xml| {
                    self.field.write_uri(xml);
                    xml.element("t:FieldURIOrConstant", &[], |xml| {
                        xml.empty("t:Constant", &[("Value", &self.is_equal_to)]);
                    });
                });
            });
            xml.element("m:ParentFolderIds", &[], |xml| self.folder.write(xml));
        });
    }

    fn read(part: Element<'_, '_>, found: &mut FoundItems) {
        if part.name() == "RootFolder" {
            found.is_last =
                part.attribute("IncludesLastItemInRange").map(|value| value.trim().eq_ignore_ascii_case("true"));
            read_root(part, found);
        }
    }
}

/// Items side by side, or in groups of which each holds its items.
fn read_root(mut root: Element<'_, '_>, found: &mut FoundItems) {
    while let Some(part) = root.child() {
        match part.name() {
            "Items" => read_items(part, &mut found.items),
            "Groups" => read_groups(part, found),
            _ => {}
        }
    }
}

fn read_groups(mut groups: Element<'_, '_>, found: &mut FoundItems) {
    while let Some(mut group) = groups.child() {
        while let Some(part) = group.child() {
            if part.name() == "Items" {
                read_items(part, &mut found.items);
            }
        }
    }
}
