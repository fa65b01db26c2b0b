//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/getitem-operation-calendar-item>

use chrono::{DateTime, Utc};
use roxmltree::Node;

use super::super::code::Refusal;
use super::super::field;
use super::super::item::Item;
use super::super::shape::{ItemShape, Through};
use super::super::xml::{self, Element};
use super::super::zone::Zone;
use super::{Call, asked_for, each, success};

pub fn answer(request: Node, call: &mut Call) -> Vec<Element> {
    let shape = ItemShape::read(xml::child(request, "ItemShape"), call.dialect());
    each("GetItem", asked_for(request), call, |id, call| {
        let items = get(id, shape.as_ref().map_err(Refusal::clone)?, call)?;
        Ok(success("GetItem").child(Element::new("m:Items").children(items)))
    })
}

fn get(id: Node, shape: &ItemShape, call: &Call) -> Result<Vec<Element>, Refusal> {
    let not_found = || Refusal::new("ErrorItemNotFound");
    let (address, place) = call.caller.item(call.state, id)?;
    let mailbox = call.state.mailbox(&address).ok_or_else(not_found)?;
    let item = mailbox.find(place).ok_or_else(not_found)?;
    if let Some(refusal) = call.state.poisoned("GetItem", &item.content) {
        return Err(refusal);
    }
    let show = |item: &Item| shape.show(item, &mailbox.owner, Through::Get);
    if id.tag_name().name() != "RecurringMasterItemIdRanges" {
        return Ok(vec![show(&item)]);
    }
    let ranges = xml::child(id, "Ranges").into_iter().flat_map(xml::elements);
    Ok(ranges.flat_map(|range| in_range(&item, range)).map(|instance| show(&instance)).collect())
}

/// <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/range>
///
/// Microsoft's page does not say in which order, nor whether the master comes along: here the instances come, by date.
fn in_range(series: &Item, range: Node) -> Vec<Item> {
    let time = |name| range.attribute(name).and_then(|text| field::parse_time(text.trim(), Zone::UTC));
    let (from, to) = (time("Start").unwrap_or(DateTime::UNIX_EPOCH), time("End").unwrap_or(DateTime::<Utc>::MAX_UTC));
    let by_original = range.attribute("CompareOriginalStartTime").is_some_and(|flag| matches!(flag, "true" | "1"));
    let start = |item: &Item| match (&item.instance, by_original) {
        (Some(instance), true) => instance.original,
        _ => item.content.start(),
    };
    let most = range.attribute("Count").and_then(|count| count.trim().parse().ok()).unwrap_or(1000);
    let begun = series.instances().take_while(|item| item.instance.is_some_and(|instance| instance.original <= to));
    begun.filter(|item| (from..=to).contains(&start(item))).take(most).collect()
}
