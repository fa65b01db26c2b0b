//! FindFolder: the calendars of a mailbox, wherever in it they lie.
//!
//! <https://learn.microsoft.com/exchange/client-developer/web-service-reference/findfolder-operation>

use super::get_folder::{Folder, read_folders, write_shape};
use super::{FolderRef, Operation, sealed};
use crate::ews::envelope::RequestVersion;
use crate::ews::xml::{Element, Writer};

/// The class of a calendar: Outlook's name for what lies in it.
pub(super) const CALENDAR_CLASS: &str = "IPF.Appointment";

/// The request.
#[derive(Clone, Debug)]
pub struct FindFolder {
    /// Below which folder, at any depth.
    pub below: FolderRef,
}

impl sealed::Sealed for FindFolder {}

impl Operation for FindFolder {
    const NAME: &'static str = "FindFolder";
    const ONLY_READS: bool = true;
    /// Calendars alone, even from a server that does not know the restriction.
    type Outcome = Vec<Folder>;

    fn write(&self, _: RequestVersion, xml: &mut Writer) {
        xml.element("m:FindFolder", &[("Traversal", "Deep")], |xml| {
            write_shape(xml);
            xml.element("m:Restriction", &[], |xml| {
                xml.element("t:IsEqualTo", &[], |xml| {
                    xml.empty("t:FieldURI", &[("FieldURI", "folder:FolderClass")]);
                    xml.element("t:FieldURIOrConstant", &[], |xml| {
                        xml.empty("t:Constant", &[("Value", CALENDAR_CLASS)]);
                    });
                });
            });
            xml.element("m:ParentFolderIds", &[], |xml| self.below.write(xml));
        });
    }

    fn read(mut part: Element<'_, '_>, folders: &mut Vec<Folder>) {
        if part.name() == "RootFolder" {
            while let Some(list) = part.child() {
                if list.name() == "Folders" {
                    read_folders(list, folders);
                }
            }
            folders.retain(|folder| folder.class.as_deref() == Some(CALENDAR_CLASS));
        }
    }
}
