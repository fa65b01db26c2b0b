//! Which calendars a mailbox has, and one more.

use std::ops::Deref;

use crate::ews::client::Ews;
use crate::ews::operation::create_folder::CreateFolder;
use crate::ews::operation::find_folder::FindFolder;
use crate::ews::operation::get_folder::{Folder, GetFolder};
use crate::ews::operation::{FolderId, FolderRef};
use crate::host::{Audience, Clock};
use crate::http::{Json, Transport};
use crate::problem::{Code, Problem};

impl<P> Ews<P>
where
    P: Deref<Target: Transport + Clock + Audience + Json>,
{
    /// The calendar that is synchronised.
    ///
    /// # Errors
    /// `exchange.folder_gone` when it was chosen once and is not there any more; else as [`Ews::call`].
    pub async fn folder(&self) -> Result<Folder, Problem> {
        self.get_folder(self.calendar()).await
    }

    async fn get_folder(&self, folder: FolderRef) -> Result<Folder, Problem> {
        let folders = self.call(&GetFolder { folder }).await?.only()?;
        folders
            .into_iter()
            .next()
            .ok_or_else(|| Problem::new(Code::ExchangeNotSoap).said("the answer lacks the folder"))
    }

    /// The calendars among which a person can choose, the first one first.
    ///
    /// # Errors
    /// As [`Ews::call`].
    pub async fn calendars(&self) -> Result<Vec<Folder>, Problem> {
        let first = self.get_folder(self.first_calendar()).await?;
        let others = self.call(&FindFolder { below: self.root() }).await?.only()?;
        Ok(offered(first, others))
    }

    /// A calendar of that name: a new one beside the first, or the one that is there already.
    ///
    /// # Errors
    /// As [`Ews::call`].
    pub async fn create_calendar(&self, name: &str) -> Result<FolderId, Problem> {
        let create = CreateFolder { parent: self.first_calendar(), name: name.to_owned() };
        let created = match self.call(&create).await?.messages.pop() {
            // Made in another tab, or by a call whose answer was lost.
            Some(Err(error)) if error.code.as_str() == "ErrorFolderExists" => self.calendars().await?,
            Some(result) => result.map_err(|error| error.of_request())?,
            None => Vec::new(),
        };
        // The answer to CreateFolder tells the id alone.
        let is_it = |folder: &Folder| folder.name.is_empty() || folder.name == name;
        let id = created.into_iter().find(is_it).and_then(|folder| folder.id);
        id.ok_or_else(|| Problem::new(Code::ExchangeNotSoap).said("the answer lacks the new folder"))
    }
}

/// Those that lie beside the first calendar, below it, or below another that is offered. What lies in any other folder
/// is left out: above all in *Deleted Items*.
fn offered(first: Folder, mut others: Vec<Folder>) -> Vec<Folder> {
    let beside = first.parent.clone();
    others.retain(|folder| folder.id.is_some() && folder.id != first.id);
    let mut offered = vec![first];
    loop {
        let is_near = |folder: &Folder| {
            folder.parent.is_none()
                || folder.parent == beside
                || offered.iter().any(|near| near.id.is_some() && near.id == folder.parent)
        };
        let (near, far): (Vec<Folder>, Vec<Folder>) = others.into_iter().partition(is_near);
        if near.is_empty() {
            return offered;
        }
        offered.extend(near);
        others = far;
    }
}
