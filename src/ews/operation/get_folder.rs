//! GetFolder: what a calendar is called and how many items lie in it; in effect, whether we get there.
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/getfolder-operation>

use super::{FolderId, FolderRef, Operation, sealed};
use crate::ews::envelope::RequestVersion;
use crate::ews::xml::{Element, Writer};

/// The request.
#[derive(Clone, Debug)]
pub struct GetFolder {
    pub folder: FolderRef,
}

/// A folder of an answer.
/// <https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendarfolder>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    pub id: Option<FolderId>,
    /// In which folder it lies.
    pub parent: Option<FolderId>,
    pub name: String,
    pub item_count: Option<u32>,
    /// `IPF.Appointment` for a calendar; what follows another dot is a special one (birthdays), which nobody writes to.
    pub class: Option<String>,
}

impl sealed::Sealed for GetFolder {}

impl Operation for GetFolder {
    const NAME: &'static str = "GetFolder";
    const ONLY_READS: bool = true;
    type Outcome = Vec<Folder>;

    fn write(&self, _: RequestVersion, xml: &mut Writer) {
        xml.element("m:GetFolder", &[], |xml| {
            write_shape(xml);
            xml.element("m:FolderIds", &[], |xml| self.folder.write(xml));
        });
    }

    fn read(part: Element<'_, '_>, folders: &mut Vec<Folder>) {
        if part.name() == "Folders" {
            read_folders(part, folders);
        }
    }
}

/// What of a folder is wanted: all that [`Folder`] holds.
pub(super) fn write_shape(xml: &mut Writer) {
    xml.element("m:FolderShape", &[], |xml| {
        xml.text("t:BaseShape", &[], "Default");
        xml.element("t:AdditionalProperties", &[], |xml| {
            for uri in ["folder:ParentFolderId", "folder:FolderClass"] {
                xml.empty("t:FieldURI", &[("FieldURI", uri)]);
            }
        });
    });
}

/// The folders in an `m:Folders` or `t:Folders`.
pub(super) fn read_folders(mut list: Element<'_, '_>, folders: &mut Vec<Folder>) {
    while let Some(folder) = list.child() {
        folders.push(read_folder(folder));
    }
}

fn read_folder(mut element: Element<'_, '_>) -> Folder {
    let id = |part: &Element<'_, '_>| part.attribute("Id").filter(|id| !id.is_empty()).map(FolderId::new);
    let mut folder = Folder::default();
    while let Some(part) = element.child() {
        match part.name() {
            "FolderId" => folder.id = id(&part),
            "ParentFolderId" => folder.parent = id(&part),
            "FolderClass" => folder.class = Some(part.text().trim().to_owned()),
            "DisplayName" => folder.name = part.text().into_owned(),
            "TotalCount" => folder.item_count = part.text().trim().parse().ok(),
            _ => {}
        }
    }
    folder
}
