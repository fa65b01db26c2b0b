//! GetFolder: what the user's calendar is called and how many items lie in it; in effect, whether we get there.
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/getfolder-operation>

use super::{FolderRef, Operation, sealed};
use crate::ews::envelope::RequestVersion;
use crate::ews::xml::{Element, Writer};

/// The request.
#[derive(Clone, Debug)]
pub struct GetFolder {
    pub folder: FolderRef,
}

/// A folder of the answer.
/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendarfolder>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    pub id: String,
    pub name: String,
    pub item_count: Option<u32>,
}

impl sealed::Sealed for GetFolder {}

impl Operation for GetFolder {
    const NAME: &'static str = "GetFolder";
    const ONLY_READS: bool = true;
    type Outcome = Vec<Folder>;

    fn write(&self, _: RequestVersion, xml: &mut Writer) {
        xml.element("m:GetFolder", &[], |xml| {
            xml.element("m:FolderShape", &[], |xml| xml.text("t:BaseShape", &[], "Default"));
            xml.element("m:FolderIds", &[], |xml| self.folder.write(xml));
        });
    }

    fn read(mut part: Element<'_, '_>, folders: &mut Vec<Folder>) {
        if part.name() == "Folders" {
            while let Some(folder) = part.child() {
                folders.push(read_folder(folder));
            }
        }
    }
}

fn read_folder(mut element: Element<'_, '_>) -> Folder {
    let mut folder = Folder::default();
    while let Some(part) = element.child() {
        match part.name() {
            "FolderId" => folder.id = part.attribute("Id").unwrap_or_default().into_owned(),
            "DisplayName" => folder.name = part.text().into_owned(),
            "TotalCount" => folder.item_count = part.text().trim().parse().ok(),
            _ => {}
        }
    }
    folder
}
