//! CreateFolder: a calendar of our own, for whoever wants Blikk's events apart from their own.
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/createfolder-operation>

use super::find_folder::CALENDAR_CLASS;
use super::get_folder::{Folder, read_folders};
use super::{FolderRef, Operation, sealed};
use crate::ews::envelope::RequestVersion;
use crate::ews::xml::{Element, Writer};

/// The request.
#[derive(Clone, Debug)]
pub struct CreateFolder {
    pub parent: FolderRef,
    pub name: String,
}

impl sealed::Sealed for CreateFolder {}

impl Operation for CreateFolder {
    const NAME: &'static str = "CreateFolder";
    const ONLY_READS: bool = false;
    /// The new folder's id.
    type Outcome = Vec<Folder>;

    fn write(&self, _: RequestVersion, xml: &mut Writer) {
        xml.element("m:CreateFolder", &[], |xml| {
            xml.element("m:ParentFolderId", &[], |xml| self.parent.write(xml));
            xml.element("m:Folders", &[], |xml| {
                xml.element("t:CalendarFolder", &[], |xml| {
                    xml.text("t:FolderClass", &[], CALENDAR_CLASS);
                    xml.text("t:DisplayName", &[], &self.name);
                });
            });
        });
    }

    fn read(part: Element<'_, '_>, folders: &mut Vec<Folder>) {
        if part.name() == "Folders" {
            read_folders(part, folders);
        }
    }
}
