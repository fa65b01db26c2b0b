//! Every ResponseCode of Microsoft's schema stands in our table, and our table holds nothing else.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use blikk_calendar_sync::ews::error::{Class, ResponseCode, table};
use roxmltree::Document;

#[test]
fn every_response_code_of_the_schema_stands_in_the_table_once_and_no_other() {
    let Some(schema) = schema() else {
        println!(
            "skipped: every_response_code_of_the_schema_stands_in_the_table_once_and_no_other, because shared/ is not here"
        );
        return;
    };
    let mut ours: Vec<&str> = table().map(|(name, _, _)| name).collect();
    ours.sort_unstable();
    let theirs: Vec<&str> = schema.iter().map(String::as_str).filter(|name| *name != "NoError").collect();
    assert!(theirs.len() > 500, "{} codes: is this the schema?", theirs.len());
    assert_eq!(ours, theirs);
}

/// What the table is about, in numbers; and that no class is a mere name.
#[test]
fn every_class_has_its_codes() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (name, class, _) in table() {
        assert_eq!(ResponseCode::new(name).class(), class, "{name}");
        *counts.entry(format!("{class:?}")).or_default() += 1;
    }
    let classes = [
        Class::Wait,
        Class::Retry,
        Class::Resync,
        Class::Conflict,
        Class::Gone,
        Class::SetAside,
        Class::AskUser,
        Class::AskAdministrator,
        Class::OurBug,
    ];
    assert_eq!(counts.len(), classes.len(), "{counts:?}");
    println!("{counts:?}");
}

/// The values of `ResponseCodeType`, sorted.
fn schema() -> Option<BTreeSet<String>> {
    let file = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/ews-schema/messages.xsd"));
    let text = std::fs::read_to_string(file).ok()?;
    let document = Document::parse(&text).unwrap();
    let code_type = document.descendants().find(|node| node.attribute("name") == Some("ResponseCodeType")).unwrap();
    let values = code_type.descendants().filter(|node| node.tag_name().name() == "enumeration");
    Some(values.filter_map(|node| node.attribute("value")).map(str::to_owned).collect())
}
