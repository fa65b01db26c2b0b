//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/getservertimezones-operation>
//!
//! Ids that this server does not know are left out, as Exchange does it; all of them when none are asked for.

use roxmltree::Node;

use super::super::xml::{self, Element};
use super::super::zone::Zone;
use super::{Call, success};

pub fn answer(request: Node, _: &mut Call) -> Vec<Element> {
    let is_full = !request.attribute("ReturnFullTimeZoneData").is_some_and(|flag| matches!(flag, "false" | "0"));
    let zones: Vec<Zone> = match xml::child(request, "Ids") {
        Some(ids) => xml::elements(ids).filter_map(|id| Zone::from_windows(xml::text(id).trim())).collect(),
        None => Zone::all().collect(),
    };
    let definitions = zones.into_iter().map(|zone| {
        let element = Element::new("t:TimeZoneDefinition").attribute("Id", zone.id()).attribute("Name", zone.title());
        if is_full { element.children(zone.definition().to_elements()) } else { element }
    });
    let definitions = Element::new("m:TimeZoneDefinitions").children(definitions);
    vec![success("GetServerTimeZones").child(definitions)]
}
