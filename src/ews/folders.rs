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

    /// A calendar of that name: a new one below the first, or the one that is there already.
    ///
    /// # Errors
    /// As [`Ews::call`].
    pub async fn create_calendar(&self, name: &str) -> Result<FolderId, Problem> {
        let create = CreateFolder { parent: self.first_calendar(), name: name.to_owned() };
        let created = match self.call(&create).await?.messages.pop() {
            Some(Ok(created)) => created.into_iter().next(),
            // Made in another tab, or by a call whose answer was lost. If it is none of the calendars, the name is taken.
            Some(Err(error)) if error.code.as_str() == "ErrorFolderExists" => {
                let there = self.calendars().await?.into_iter().find(|folder| folder.name == name);
                Some(there.ok_or_else(|| error.of_request())?)
            }
            Some(Err(error)) => return Err(error.of_request()),
            None => None,
        };
        let id = created.and_then(|folder| folder.id);
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

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::ews::script::{Script, failure, soap, success};
    use crate::http::{HttpFault, HttpResponse};

    fn folder(id: &str, parent: &str, name: &str, class: &str) -> String {
        format!(
            "<t:CalendarFolder><t:FolderId Id='{id}' ChangeKey='k'/><t:ParentFolderId Id='{parent}'/>\
             <t:FolderClass>{class}</t:FolderClass><t:DisplayName>{name}</t:DisplayName></t:CalendarFolder>"
        )
    }

    fn first() -> Result<HttpResponse, HttpFault> {
        let folder = folder("cal", "root", "Kalender", "IPF.Appointment");
        soap("GetFolder", &success(&format!("<m:Folders>{folder}</m:Folders>")))
    }

    fn found(folders: &[String]) -> Result<HttpResponse, HttpFault> {
        let folders = folders.concat();
        let root =
            format!("<m:RootFolder IncludesLastItemInRange='true'><t:Folders>{folders}</t:Folders></m:RootFolder>");
        soap("FindFolder", &success(&root))
    }

    fn ews(script: &Script) -> Ews<&Script> {
        Ews::new(script, "anna@konsult.example")
    }

    #[tokio::test]
    async fn the_calendars_that_a_person_sees_are_offered_and_no_others() {
        let calendar = "IPF.Appointment";
        let script = Script::answering([
            first(),
            found(&[
                folder("below-below", "below", "Team 2", calendar),
                folder("below", "cal", "Team", calendar),
                folder("cal", "root", "Kalender", calendar),
                folder("beside", "root", "Blikk", calendar),
                folder("deleted", "bin", "Gammal", calendar),
                folder("in-deleted", "deleted", "Äldre", calendar),
                folder("birthdays", "cal", "Födelsedagar", "IPF.Appointment.Birthday"),
                folder("tasks", "root", "Uppgifter", "IPF.Task"),
            ]),
        ]);
        let calendars = ews(&script).calendars().await.unwrap();
        let names: Vec<&str> = calendars.iter().map(|folder| folder.name.as_str()).collect();
        assert_eq!(names, ["Kalender", "Team", "Blikk", "Team 2"]);
        assert!(script.body(1).contains("<t:DistinguishedFolderId Id=\"msgfolderroot\"><t:Mailbox>"));
    }

    #[tokio::test]
    async fn a_calendar_is_made_once() {
        let new =
            success("<m:Folders><t:CalendarFolder><t:FolderId Id='new' ChangeKey='k'/></t:CalendarFolder></m:Folders>");
        let script = Script::answering([soap("CreateFolder", &new)]);
        assert_eq!(ews(&script).create_calendar("Blikk").await, Ok(FolderId::new("new")));

        let there = found(&[folder("there", "cal", "Blikk", "IPF.Appointment")]);
        let script = Script::answering([soap("CreateFolder", &failure("ErrorFolderExists")), first(), there]);
        assert_eq!(ews(&script).create_calendar("Blikk").await, Ok(FolderId::new("there")));

        // Exists, but is no calendar, or lies in the bin.
        let script = Script::answering([soap("CreateFolder", &failure("ErrorFolderExists")), first(), found(&[])]);
        assert_eq!(ews(&script).create_calendar("Blikk").await.unwrap_err().code, Code::ExchangeRefused);
        let script = Script::answering([soap("CreateFolder", &failure("ErrorCreateSubfolderAccessDenied"))]);
        assert_eq!(ews(&script).create_calendar("Blikk").await.unwrap_err().code, Code::ExchangeForbidden);
    }

    #[tokio::test]
    async fn a_chosen_calendar_that_is_not_there_any_more_is_the_persons_matter() {
        let script = Script::answering([soap("GetFolder", &failure("ErrorFolderNotFound"))]);
        let problem = ews(&script).with_folder(FolderId::new("gone")).folder().await.unwrap_err();
        assert_eq!(problem.code, Code::ExchangeFolderGone);
    }
}
