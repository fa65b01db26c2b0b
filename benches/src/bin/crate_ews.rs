//! The crate `ews`, Thunderbird's. It knows the fields of mail, and reads those of a calendar item too.

use std::error::Error;

use bench_ews::turns::{Task, take};
use bench_ews::{ITEMS, data, fixture};
use ews::get_item::GetItemResponse;
use ews::response::ResponseClass;
use ews::soap::Envelope;

fn main() -> Result<(), Box<dyn Error>> {
    let answer = data::with_one_category(&fixture::get_item_answer(ITEMS));
    let read = || Ok(Envelope::<GetItemResponse>::from_xml_document(answer.as_bytes())?);
    let hello = serde_json::json!({
        "version": "0.1.2",
        "digest": digest(&read()?),
    });
    take(&hello, vec![Task::new("read", read)])
}

/// As `bench_ews::digest`, but for the lists, which are another kind of data here.
fn digest(envelope: &Envelope<GetItemResponse>) -> [usize; 4] {
    let length = |text: Option<&str>| text.unwrap_or_default().encode_utf16().count();
    let mut digest = [0; 4];
    for message in &envelope.body.response_messages.response_messages {
        let ResponseClass::Success(message) = message else { continue };
        for item in message.items.inner.iter().map(|item| item.inner_message()) {
            let link = item
                .extended_property
                .iter()
                .flatten()
                .find(|property| property.extended_field_URI.property_name.as_deref() == Some("BlikkLinkId"));
            digest[0] += 1;
            digest[1] += length(item.subject.as_deref());
            digest[2] += length(item.body.as_ref().and_then(|body| body.content.as_deref()));
            digest[3] += length(link.map(|property| property.value.as_str()));
        }
    }
    digest
}
