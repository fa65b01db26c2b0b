//! Restrictions of FindItem and FindFolder: conditions on values, whatever has them.
//!
//! <https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/restriction>

use std::cmp::Ordering;

use roxmltree::Node;

use super::code::Refusal;
use super::field::Value;
use super::xml;

/// Whether a condition holds; `value_at` looks up what a path leads to.
///
/// # Errors
/// For a condition that this server cannot look at.
pub fn holds(condition: Node, value_at: &dyn Fn(Node) -> Result<Value, Refusal>) -> Result<bool, Refusal> {
    let inner = || xml::elements(condition).next().ok_or_else(|| Refusal::new("ErrorInvalidRestriction"));
    let mut all = xml::elements(condition);
    match condition.tag_name().name() {
        "And" => all.try_fold(true, |all, inner| Ok(all && holds(inner, value_at)?)),
        "Or" => all.try_fold(false, |any, inner| Ok(any || holds(inner, value_at)?)),
        "Not" => Ok(!holds(inner()?, value_at)?),
        "Exists" => Ok(value_at(inner()?)? != Value::Missing),
        "Contains" => contains(condition, &value_at(inner()?)?),
        comparison => compare(condition, comparison, &value_at(inner()?)?),
    }
}

fn compare(condition: Node, comparison: &str, value: &Value) -> Result<bool, Refusal> {
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
            let message = format!("{comparison} is not understood here.");
            return Err(Refusal::saying("ErrorUnsupportedQueryFilter", message));
        }
    })
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
