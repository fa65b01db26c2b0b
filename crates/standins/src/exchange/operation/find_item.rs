//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/finditem-operation>

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::TimeDelta;
use roxmltree::Node;

use super::super::code::Refusal;
use super::super::extended::ExtendedPath;
use super::super::field::{self, BodyChoice, Dialect, Owner, Value, View};
use super::super::item::Item;
use super::super::series::Kind;
use super::super::server::Server;
use super::super::shape::{ItemShape, Through};
use super::super::xml::{self, Element};
use super::super::zone::Zone;
use super::{Call, asked_for, error, success};

pub fn answer(request: Node, call: &mut Call) -> Vec<Element> {
    let folders = asked_for(request);
    folders.map(|folder| find(request, folder, call).unwrap_or_else(|refusal| error("FindItem", &refusal))).collect()
}

fn find(request: Node, folder: Node, call: &Call) -> Result<Element, Refusal> {
    let shape = ItemShape::read(xml::child(request, "ItemShape"), call.dialect())?;
    let address = call.caller.calendar(call.state, folder)?;
    let mailbox = call.state.mailbox(&address).ok_or_else(|| Refusal::new("ErrorFolderNotFound"))?;
    let owner = &mailbox.owner;
    if xml::child(request, "GroupBy").or_else(|| xml::child(request, "DistinguishedGroupBy")).is_some() {
        return Err(Refusal::saying("ErrorInvalidOperation", "This server does not group what it finds."));
    }
    let mut found: Vec<Found> = match request.attribute("Traversal") {
        Some("Shallow") => mailbox.items.values().map(Cow::Borrowed).collect(),
        // Nothing is kept there.
        _ => Vec::new(),
    };
    let restriction = xml::child(request, "Restriction").and_then(|restriction| xml::elements(restriction).next());
    let order = xml::child(request, "SortOrder");
    let page = match xml::child(request, "CalendarView") {
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
            page_of(found, xml::child(request, "IndexedPageItemView"), call.state.server.find_count_limit)
        }
    };
    let items = page.items.iter().map(|item| shape.show(item, owner, Through::Find));
    let mut root = Element::new("m:RootFolder");
    if let Some(offset) = page.next_offset {
        root = root.attribute("IndexedPagingOffset", offset.to_string());
    }
    let root = root
        .attribute("TotalItemsInView", page.total.to_string())
        .attribute("IncludesLastItemInRange", page.is_last.to_string())
        .child(Element::new("t:Items").children(items));
    Ok(success("FindItem").child(root))
}

/// What the store holds, or an instance that was computed from it.
type Found<'a> = Cow<'a, Item>;

struct Page<'a> {
    items: Vec<Found<'a>>,
    total: usize,
    next_offset: Option<usize>,
    is_last: bool,
}

fn page_of<'a>(found: Vec<Found<'a>>, view: Option<Node>, most: usize) -> Page<'a> {
    let number = |name| view.and_then(|view| view.attribute(name)).and_then(|text| text.trim().parse::<usize>().ok());
    let limit = number("MaxEntriesReturned").unwrap_or(most).min(most);
    let offset = number("Offset").unwrap_or(0).min(found.len());
    let total = found.len();
    let items: Vec<Found> = match view.and_then(|view| view.attribute("BasePoint")) {
        Some("End") => {
            let mut items: Vec<Found> = found.into_iter().rev().skip(offset).take(limit).collect();
            items.reverse();
            items
        }
        _ => found.into_iter().skip(offset).take(limit).collect(),
    };
    let next = offset + items.len();
    Page { items, total, next_offset: Some(next), is_last: next >= total }
}

/// Single events and the occurrences and exceptions of series that touch the view, by start; the masters are not in it
/// (.../web-service-reference/calendarview).
fn in_view<'a>(found: Vec<Found<'a>>, view: Node, server: &Server) -> Result<Page<'a>, Refusal> {
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
    Ok(Page { is_last: items.len() == total, items, total, next_offset: None })
}

fn matching<'a>(condition: Node, found: Vec<Found<'a>>, owner: &Owner) -> Result<Vec<Found<'a>>, Refusal> {
    let mut matching = Vec::new();
    for item in found {
        if matches(condition, &item, owner)? {
            matching.push(item);
        }
    }
    Ok(matching)
}

fn matches(condition: Node, item: &Item, owner: &Owner) -> Result<bool, Refusal> {
    let inner = || xml::elements(condition).next().ok_or_else(|| Refusal::new("ErrorInvalidRestriction"));
    match condition.tag_name().name() {
        "And" => xml::elements(condition).try_fold(true, |all, inner| Ok(all && matches(inner, item, owner)?)),
        "Or" => xml::elements(condition).try_fold(false, |any, inner| Ok(any || matches(inner, item, owner)?)),
        "Not" => Ok(!matches(inner()?, item, owner)?),
        "Exists" => Ok(value_at(inner()?, item, owner)? != Value::Missing),
        "Contains" => contains(condition, &value_at(inner()?, item, owner)?),
        comparison => {
            let value = value_at(inner()?, item, owner)?;
            let constant = xml::descend(condition, &["FieldURIOrConstant", "Constant"]);
            let constant = constant.and_then(|constant| constant.attribute("Value"));
            let constant = constant.ok_or_else(|| {
                Refusal::saying("ErrorUnsupportedQueryFilter", "Only comparisons with a constant are understood here.")
            })?;
            let order = value.compare(constant);
            Ok(match comparison {
                "IsEqualTo" => order == Some(Ordering::Equal),
                "IsNotEqualTo" => order != Some(Ordering::Equal),
                "IsGreaterThan" => order == Some(Ordering::Greater),
                "IsGreaterThanOrEqualTo" => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
                "IsLessThan" => order == Some(Ordering::Less),
                "IsLessThanOrEqualTo" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
                _ => {
                    return Err(Refusal::saying(
                        "ErrorUnsupportedQueryFilter",
                        format!("{comparison} is not understood here."),
                    ));
                }
            })
        }
    }
}

fn contains(condition: Node, value: &Value) -> Result<bool, Refusal> {
    let constant = xml::child(condition, "Constant").and_then(|constant| constant.attribute("Value"));
    let constant = constant.ok_or_else(|| Refusal::new("ErrorInvalidRestriction"))?;
    let Value::Text(text) = value else { return Ok(false) };
    let ignore_case =
        condition.attribute("ContainmentComparison").is_some_and(|comparison| comparison.contains("IgnoreCase"));
    let fold = |text: &str| if ignore_case { text.to_lowercase() } else { text.to_owned() };
    let (text, constant) = (fold(text), fold(constant));
    Ok(match condition.attribute("ContainmentMode") {
        Some("FullString") => text == constant,
        Some("Prefixed") => text.starts_with(&constant),
        _ => text.contains(&constant),
    })
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
