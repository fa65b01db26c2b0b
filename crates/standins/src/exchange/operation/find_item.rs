//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/finditem-operation>

use std::borrow::Cow;

use chrono::TimeDelta;
use roxmltree::Node;

use super::super::code::Refusal;
use super::super::extended::ExtendedPath;
use super::super::field::{self, BodyChoice, Dialect, Owner, Value, View};
use super::super::id;
use super::super::item::Item;
use super::super::page::Page;
use super::super::restriction;
use super::super::series::Kind;
use super::super::server::Server;
use super::super::shape::{ItemShape, Through};
use super::super::xml::{self, Element};
use super::super::zone::Zone;
use super::{Call, asked_for, each, success};

pub fn answer(request: Node, call: &mut Call) -> Vec<Element> {
    each("FindItem", asked_for(request), call, |folder, call| find(request, folder, call))
}

fn find(request: Node, folder: Node, call: &Call) -> Result<Element, Refusal> {
    let shape = ItemShape::read(xml::child(request, "ItemShape"), call.dialect())?;
    let view = xml::child(request, "CalendarView");
    let no_calendar = view.map_or("ErrorInvalidOperation", |_| "ErrorCalendarFolderIsInvalidForCalendarView");
    let (address, folder) = call.caller.calendar(call.state, folder, no_calendar)?;
    let mailbox = call.state.mailbox(&address).ok_or_else(|| Refusal::new("ErrorFolderNotFound"))?;
    let owner = &mailbox.owner;
    if xml::child(request, "GroupBy").or_else(|| xml::child(request, "DistinguishedGroupBy")).is_some() {
        return Err(Refusal::saying("ErrorInvalidOperation", "This server does not group what it finds."));
    }
    let mut found: Vec<Found> = match request.attribute("Traversal") {
        Some("Shallow") => mailbox.items_in(folder).map(Cow::Borrowed).collect(),
        // Nothing is kept there.
        _ => Vec::new(),
    };
    let restriction = xml::child(request, "Restriction").and_then(|restriction| xml::elements(restriction).next());
    let order = xml::child(request, "SortOrder");
    let page = match view {
        Some(_) if restriction.is_some() || order.is_some() => {
            let message = "Restrictions and sort order may not be specified for a CalendarView.";
            return Err(Refusal::saying("ErrorInvalidRequest", message));
        }
        Some(view) => in_view(found, view, &call.state.server)?,
        None => {
            if let Some(condition) = restriction {
                found = matching(condition, found, owner)?;
            }
            sort(&mut found, order, owner)?;
            Page::of(found, xml::child(request, "IndexedPageItemView"), call.state.server.find_count_limit)
        }
    };
    let root = page.to_element("t:Items", |item| shape.show(item, owner, Through::Find));
    Ok(success("FindItem").child(root))
}

/// What the store holds, or an instance that was computed from it.
type Found<'a> = Cow<'a, Item>;

/// Single events and the occurrences and exceptions of series that touch the view, by start; the masters are not in it
/// (.../web-service-reference/calendarview).
fn in_view<'a>(found: Vec<Found<'a>>, view: Node, server: &Server) -> Result<Page<Found<'a>>, Refusal> {
    let time = |name| view.attribute(name).and_then(|text| field::parse_time(text.trim(), Zone::UTC));
    let (Some(from), Some(to)) = (time("StartDate"), time("EndDate")) else {
        return Err(Refusal::saying("ErrorInvalidRequest", "StartDate and EndDate are needed."));
    };
    if to < from {
        return Err(Refusal::new("ErrorCalendarEndDateIsEarlierThanStartDate"));
    }
    if to - from > TimeDelta::days(731) {
        return Err(Refusal::new("ErrorCalendarViewRangeTooBig"));
    }
    let mut items: Vec<Found> = found
        .into_iter()
        .flat_map(|item| match item.kind() {
            Kind::RecurringMaster if server.is_grommunio() => {
                let has_one = !item.instances_between(from, to).is_empty();
                Some(item).filter(|_| has_one).into_iter().collect()
            }
            Kind::RecurringMaster => item.instances_between(from, to).into_iter().map(Cow::Owned).collect(),
            _ if item.content.touches(from, to) => vec![item],
            _ => Vec::new(),
        })
        .collect();
    items.sort_by_key(|item| (item.content.start(), item.key));
    let limit = view.attribute("MaxEntriesReturned").and_then(|text| text.trim().parse::<usize>().ok());
    let most = server.find_count_limit;
    if items.len().min(limit.unwrap_or(usize::MAX)) > most {
        return Err(Refusal::new("ErrorExceededFindCountLimit"));
    }
    let total = items.len();
    items.truncate(limit.unwrap_or(most));
    Ok(Page { is_last: items.len() == total, found: items, total, next_offset: None })
}

fn matching<'a>(condition: Node, found: Vec<Found<'a>>, owner: &Owner) -> Result<Vec<Found<'a>>, Refusal> {
    let mut matching = Vec::new();
    for item in found {
        if restriction::holds(condition, &|path| value_at(path, &item, owner))? {
            matching.push(item);
        }
    }
    Ok(matching)
}

fn sort(found: &mut Vec<Found>, order: Option<Node>, owner: &Owner) -> Result<(), Refusal> {
    let orders: Vec<Node> = order.into_iter().flat_map(xml::elements).collect();
    // The last one first: sorting is stable.
    for order in orders.into_iter().rev() {
        let path = xml::elements(order).next().ok_or_else(|| Refusal::new("ErrorUnsupportedPathForSortGroup"))?;
        let mut keyed = Vec::new();
        for item in found.drain(..) {
            keyed.push((value_at(path, &item, owner)?, item));
        }
        keyed.sort_by(|(one, _), (other, _)| match order.attribute("Order") {
            Some("Descending") => other.order(one),
            _ => one.order(other),
        });
        found.extend(keyed.into_iter().map(|(_, item)| item));
    }
    Ok(())
}

/// The value that a path of a restriction or a sort order leads to.
fn value_at(path: Node, item: &Item, owner: &Owner) -> Result<Value, Refusal> {
    match path.tag_name().name() {
        "FieldURI" => {
            let field = path.attribute("FieldURI").and_then(field::by_uri);
            let field = field.ok_or_else(|| Refusal::new("ErrorUnsupportedPathForQuery"))?;
            let view = View { item, mailbox: owner, body: BodyChoice::Text, extended: &[], dialect: Dialect::NEWEST };
            Ok((field.read)(&view))
        }
        "ExtendedFieldURI" => {
            let path = ExtendedPath::read(path)?;
            if path == ExtendedPath::global_object_id() {
                return Ok(item
                    .content
                    .uid
                    .as_deref()
                    .map_or(Value::Missing, |uid| Value::Text(id::global_object_id(uid))));
            }
            let property = item.content.extended.iter().find(|property| property.path == path);
            Ok(match property.map(|property| (path.kind.as_str(), property.values.as_slice())) {
                None => Value::Missing,
                Some(("Integer" | "Short" | "Long", [value])) => value.parse().map_or(Value::Missing, Value::Number),
                Some(("Boolean", [value])) => Value::Flag(matches!(value.as_str(), "true" | "1")),
                Some(("SystemTime", [value])) => {
                    field::parse_time(value, Zone::UTC).map_or(Value::Missing, Value::Time)
                }
                Some((_, values)) => Value::Text(values.join("\n")),
            })
        }
        _ => Err(Refusal::new("ErrorUnsupportedPathForQuery")),
    }
}
