//! Content lines (RFC 5545 §3.1) and the times in them (§3.3.4, §3.3.5).

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use super::{Refusal, not_expressible, unreadable};

/// Longer text is refused unread. A thousand deleted occurrences take a quarter of it.
const MOST_BYTES: usize = 64 * 1024;

/// `NAME;PARAM=value:value`, of which only TZID among the parameters changes what the lines here mean.
pub(super) struct ContentLine<'a> {
    /// In capitals.
    pub name: String,
    /// TZID.
    pub zone: Option<&'a str>,
    pub value: &'a str,
}

/// A DATE or DATE-TIME.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stamp {
    Date(NaiveDate),
    /// On some wall: that of TZID, or of the series.
    Local(NaiveDateTime),
    Utc(DateTime<Utc>),
}

/// The lines as one text, one logical line a line: a line break before a blank is no line break.
pub(super) fn unfolded<L: AsRef<str>>(lines: &[L]) -> Result<String, Refusal> {
    if lines.iter().map(|line| line.as_ref().len() + 1).sum::<usize>() > MOST_BYTES {
        return Err(unreadable("too long"));
    }
    let mut text = String::new();
    for line in lines.iter().flat_map(|line| line.as_ref().lines()) {
        match line.strip_prefix([' ', '\t']) {
            Some(rest) if !text.is_empty() => text.push_str(rest),
            _ => {
                text.push('\n');
                text.push_str(line);
            }
        }
    }
    Ok(text)
}

pub(super) fn content_lines(unfolded: &str) -> impl Iterator<Item = Result<ContentLine<'_>, Refusal>> {
    unfolded.lines().map(str::trim).filter(|line| !line.is_empty()).map(content_line)
}

fn content_line(line: &str) -> Result<ContentLine<'_>, Refusal> {
    let (head, value) = split_outside_quotes(line, ':').ok_or_else(|| unreadable(line))?;
    let (name, mut parameters) = split_outside_quotes(head, ';').unwrap_or((head, ""));
    let mut read = ContentLine { name: name.trim().to_ascii_uppercase(), zone: None, value };
    while !parameters.is_empty() {
        let (parameter, rest) = split_outside_quotes(parameters, ';').unwrap_or((parameters, ""));
        parameters = rest;
        let (key, value) = parameter.split_once('=').ok_or_else(|| unreadable(parameter))?;
        let (key, value) = (key.trim(), value.trim().trim_matches('"'));
        if key.eq_ignore_ascii_case("TZID") {
            read.zone = Some(value);
        } else if key.eq_ignore_ascii_case("VALUE") && value.eq_ignore_ascii_case("PERIOD") {
            return Err(not_expressible("VALUE=PERIOD"));
        }
    }
    Ok(read)
}

fn split_outside_quotes(text: &str, separator: char) -> Option<(&str, &str)> {
    let mut quoted = false;
    let at = text.find(|char| {
        quoted ^= char == '"';
        char == separator && !quoted
    })?;
    Some((&text[..at], &text[at + separator.len_utf8()..]))
}

impl ContentLine<'_> {
    pub fn stamps(&self) -> impl Iterator<Item = Result<Stamp, Refusal>> {
        let texts = self.value.split(',').map(str::trim).filter(|text| !text.is_empty());
        texts.map(|text| Stamp::read(text).ok_or_else(|| unreadable(text)))
    }
}

impl Stamp {
    /// `19970714`, `19970714T083000` or `19970714T083000Z`.
    pub fn read(text: &str) -> Option<Stamp> {
        let (date, rest) = text.split_at_checked(8)?;
        let [year, month, day] = numbers(date, [4, 2, 2])?;
        let date = NaiveDate::from_ymd_opt(year.cast_signed(), month, day)?;
        if rest.is_empty() {
            return Some(Stamp::Date(date));
        }
        let (time, zulu) = rest.strip_prefix(['T', 't'])?.split_at_checked(6)?;
        let [hour, minute, second] = numbers(time, [2, 2, 2])?;
        // A leap second is the second before it.
        let clock = NaiveTime::from_hms_opt(hour, minute, second.min(59)).filter(|_| second <= 60)?;
        match zulu {
            "" => Some(Stamp::Local(date.and_time(clock))),
            "Z" | "z" => Some(Stamp::Utc(date.and_time(clock).and_utc())),
            _ => None,
        }
    }
}

/// Numbers of so many digits each, without anything between them.
fn numbers<const N: usize>(mut text: &str, lengths: [usize; N]) -> Option<[u32; N]> {
    let mut numbers = [0; N];
    for (number, length) in numbers.iter_mut().zip(lengths) {
        let (digits, rest) = text.split_at_checked(length)?;
        (*number, text) = (super::grammar::number(digits)?, rest);
    }
    Some(numbers)
}
