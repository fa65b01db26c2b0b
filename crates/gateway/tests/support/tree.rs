//! What an envelope says, by an independent reader (roxmltree's DOM): names with namespaces, attributes, texts.

use roxmltree::{Document, Node};

/// One line per element, depth first; equal for two documents that say the same.
pub fn of(xml: &str) -> Vec<String> {
    let document = Document::parse(xml).unwrap_or_else(|error| panic!("{error}\n{xml}"));
    document.descendants().filter(Node::is_element).map(|node| line(&node)).collect()
}

fn line(node: &Node<'_, '_>) -> String {
    let tag = node.tag_name();
    let mut attributes: Vec<_> = node.attributes().map(|it| format!("{}={:?}", it.name(), it.value())).collect();
    attributes.sort();
    let parents = node.ancestors().count();
    let leaf = !node.children().any(|child| child.is_element());
    let text: String = if leaf { node.children().filter_map(|child| child.text()).collect() } else { String::new() };
    // White space alone says something only where text is expected, which the guard's table knows and a DOM does not.
    let text = if text.trim_matches([' ', '\t', '\r', '\n']).is_empty() { "" } else { text.as_str() };
    format!("{parents} {{{}}}{} {attributes:?} {text:?}", tag.namespace().unwrap_or_default(), tag.name())
}

/// Every address or id of a person or mailbox, wherever it stands.
#[allow(dead_code, reason = "used by the property tests alone")]
pub fn mailboxes(xml: &str) -> Result<Vec<String>, roxmltree::Error> {
    let named = ["PrimarySmtpAddress", "SmtpAddress", "PrincipalName", "SID", "EmailAddress"];
    let document = Document::parse(xml)?;
    let people = document.descendants().filter(|node| named.contains(&node.tag_name().name()));
    Ok(people.map(|node| node.children().filter_map(|child| child.text()).collect()).collect())
}

/// What must stand in no request, said without the guard's table: who would get mail, whose folder would be read, what
/// would be more than a calendar.
#[allow(dead_code, reason = "used by the property tests alone")]
pub fn forbidden(xml: &str) -> Result<Vec<String>, roxmltree::Error> {
    let document = Document::parse(xml)?;
    Ok(document.descendants().filter(Node::is_element).filter_map(|node| what_is_wrong(&node)).collect())
}

fn what_is_wrong(node: &Node<'_, '_>) -> Option<String> {
    let (name, attribute) = (node.tag_name().name(), |name| node.attribute(name));
    let silent = |name| attribute(name) == Some("SendToNone");
    let inside = |name| node.ancestors().any(|above| above.tag_name().name() == name);
    let is_sound = match name {
        "CreateItem" => silent("SendMeetingInvitations"),
        "UpdateItem" => silent("SendMeetingInvitationsOrCancellations"),
        "DeleteItem" => silent("SendMeetingCancellations"),
        "FindFolder" => node.descendants().any(|below| below.attribute("Value") == Some("IPF.Appointment")),
        "DistinguishedFolderId" => match attribute("Id") {
            Some("calendar") => true,
            Some("msgfolderroot") => inside("FindFolder") || inside("CreateFolder"),
            _ => false,
        },
        "FolderClass" => node.text() == Some("IPF.Appointment"),
        "SetItemField" | "Items" => node.children().all(|child| !matches!(child.tag_name().name(), "Message" | "Item")),
        _ => {
            !(name.contains("Attendee")
                || name.contains("MimeContent") && node.text() != Some("false")
                || name.starts_with("Send"))
        }
    };
    (!is_sound).then(|| format!("{name} {:?}", node.attributes().collect::<Vec<_>>()))
}
