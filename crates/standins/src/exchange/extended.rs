//! Extended properties: MAPI properties by tag or by name, which clients may invent.
//!
//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/extendedfielduri>

use roxmltree::Node;

use super::code::Refusal;
use super::xml::{self, Element};

/// What names a property. Two paths are equal when they name the same one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExtendedPath {
    name: Name,
    /// MapiPropertyTypeType of types.xsd.
    pub kind: String,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Tag(String),
    Named { set: Set, name: String },
    Numbered { set: Set, id: i32 },
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Set {
    Distinguished(String),
    Guid(String),
}

/// A property with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedProperty {
    pub path: ExtendedPath,
    pub values: Vec<String>,
}

impl ExtendedPath {
    /// # Errors
    /// ErrorInvalidExtendedProperty: attributes that together name nothing.
    pub fn read(uri: Node) -> Result<Self, Refusal> {
        let attribute = |name| uri.attribute(name).map(str::to_owned);
        let invalid = || {
            Refusal::saying("ErrorInvalidExtendedProperty", "The extended property attribute combination is invalid.")
        };
        let set = match (attribute("DistinguishedPropertySetId"), attribute("PropertySetId")) {
            (Some(set), None) => Some(Set::Distinguished(set)),
            (None, Some(guid)) => Some(Set::Guid(guid.to_ascii_lowercase())),
            (None, None) => None,
            (Some(_), Some(_)) => return Err(invalid()),
        };
        let id = attribute("PropertyId").map(|id| id.trim().parse::<i32>()).transpose().map_err(|_| invalid())?;
        let name = match (attribute("PropertyTag"), set, attribute("PropertyName"), id) {
            (Some(tag), None, None, None) => Name::Tag(tag.to_ascii_lowercase()),
            (None, Some(set), Some(name), None) => Name::Named { set, name },
            (None, Some(set), None, Some(id)) => Name::Numbered { set, id },
            _ => return Err(invalid()),
        };
        let kind = attribute("PropertyType").ok_or_else(invalid)?;
        Ok(ExtendedPath { name, kind })
    }

    /// What an item's UID is called in MAPI ([MS-OXOCAL] 2.2.1.27).
    pub fn global_object_id() -> Self {
        ExtendedPath {
            name: Name::Numbered { set: Set::Distinguished("Meeting".to_owned()), id: 3 },
            kind: "Binary".to_owned(),
        }
    }

    pub fn to_element(&self) -> Element {
        let uri = Element::new("t:ExtendedFieldURI");
        let in_set = |uri: Element, set: &Set| match set {
            Set::Distinguished(set) => uri.attribute("DistinguishedPropertySetId", set.clone()),
            Set::Guid(guid) => uri.attribute("PropertySetId", guid.clone()),
        };
        let uri = match &self.name {
            Name::Tag(tag) => uri.attribute("PropertyTag", tag.clone()),
            Name::Named { set, name } => in_set(uri, set).attribute("PropertyName", name.clone()),
            Name::Numbered { set, id } => in_set(uri, set).attribute("PropertyId", id.to_string()),
        };
        uri.attribute("PropertyType", self.kind.clone())
    }
}

impl ExtendedProperty {
    /// # Errors
    /// ErrorInvalidExtendedProperty, or ErrorInvalidExtendedPropertyValue for a value of another type.
    pub fn read(property: Node) -> Result<Self, Refusal> {
        let uri =
            xml::child(property, "ExtendedFieldURI").ok_or_else(|| Refusal::new("ErrorInvalidExtendedProperty"))?;
        let path = ExtendedPath::read(uri)?;
        let values: Vec<String> = match xml::child(property, "Values") {
            Some(values) => xml::elements(values).map(xml::text).collect(),
            None => xml::child_text(property, "Value").into_iter().collect(),
        };
        let is_array = path.kind.ends_with("Array");
        let wrong_shape = !is_array && values.len() != 1;
        if wrong_shape || !values.iter().all(|value| value_fits(path.kind.trim_end_matches("Array"), value)) {
            return Err(Refusal::saying(
                "ErrorInvalidExtendedPropertyValue",
                format!("The extended property value does not match the property type {}.", path.kind),
            )
            .with_detail(path.to_element()));
        }
        Ok(ExtendedProperty { path, values })
    }

    pub fn to_element(&self) -> Element {
        let element = Element::new("t:ExtendedProperty").child(self.path.to_element());
        let value = |value: &String| Element::new("t:Value").text(value.clone());
        if self.path.kind.ends_with("Array") {
            element.child(Element::new("t:Values").children(self.values.iter().map(value)))
        } else {
            element.children(self.values.iter().map(value))
        }
    }
}

fn value_fits(kind: &str, value: &str) -> bool {
    use base64::Engine as _;
    match kind {
        "Boolean" => matches!(value, "true" | "false" | "0" | "1"),
        "Integer" => value.parse::<i32>().is_ok(),
        "Short" => value.parse::<i16>().is_ok(),
        "Long" | "Currency" => value.parse::<i64>().is_ok(),
        "Double" | "Float" | "ApplicationTime" => value.parse::<f64>().is_ok(),
        "Binary" => base64::engine::general_purpose::STANDARD.decode(value).is_ok(),
        "SystemTime" => super::field::parse_time(value, super::zone::Zone::UTC).is_some(),
        "CLSID" => value.trim_matches(['{', '}']).len() == 36,
        "String" => true,
        // Error, Null and Object cannot be written.
        _ => false,
    }
}
