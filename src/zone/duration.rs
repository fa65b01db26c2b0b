//! Durations and times of day as XML Schema writes them (`xs:duration`, `xs:time`), in whole seconds.

/// Seconds of an `xs:duration`: `PT1H`, `-PT60M`, `P0DT2H0M0.0S`. Microsoft writes a zone's bias and the time of its
/// changes so. `None` for what is no duration, and for years and months, which have no length.
///
/// A fraction is rounded: Windows says `PT23H59M59.999S` where it means midnight.
///
/// ```
/// # use blikk_calendar_sync::zone::seconds_of_duration;
/// assert_eq!(seconds_of_duration("-PT1H"), Some(-3600));
/// assert_eq!(seconds_of_duration("P0DT2H0M0.0S"), Some(7200));
/// assert_eq!(seconds_of_duration("P1M"), None);
/// ```
pub fn seconds_of_duration(text: &str) -> Option<i32> {
    let text = text.trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (days, time) = match text.strip_prefix('P')?.split_once('T') {
        // "Shall not end with T".
        Some((_, "")) => return None,
        Some((days, time)) => (days, time),
        None => (text.strip_prefix('P')?, ""),
    };
    let date = sum(days, &[(b'Y', 0), (b'M', 0), (b'D', 86_400)])?;
    let time = sum(time, &[(b'H', 3600), (b'M', 60), (b'S', 1)])?;
    (text.len() > 1).then_some(())?;
    date.checked_add(time)?.checked_mul(sign)
}

/// Seconds after midnight of an `xs:time` without zone: `02:00:00`, `02:00:00.0000000`.
pub fn seconds_of_time(text: &str) -> Option<i32> {
    let mut parts = text.trim().splitn(3, ':');
    let mut part = |unit: i32, below: i32| {
        let (number, rest) = rounded(parts.next()?)?;
        (rest.is_empty() && number < below).then_some(number * unit)
    };
    // 24:00:00 is the midnight at the end of the day; 23:59:59.999 rounds to it.
    let seconds = part(3600, 25)? + part(60, 60)? + part(1, 61)?;
    (seconds <= 86_400).then_some(seconds)
}

/// The sum of the components in `text`: each a number and its letter, in the order of `units`, each at most once.
fn sum(mut text: &str, units: &[(u8, i32)]) -> Option<i32> {
    let mut units = units.iter();
    let mut seconds: i32 = 0;
    while !text.is_empty() {
        let (number, rest) = rounded(text)?;
        let letter = *rest.as_bytes().first()?;
        let (_, unit) = units.find(|(known, _)| *known == letter)?;
        // A year or a month has no length, but zero of them has.
        if *unit == 0 && number != 0 {
            return None;
        }
        seconds = number.checked_mul(*unit)?.checked_add(seconds)?;
        text = &rest[1..];
    }
    Some(seconds)
}

/// The number at the beginning of `text`, rounded to a whole, and what follows it.
fn rounded(text: &str) -> Option<(i32, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = text.split_at(digits(text));
    let number: i32 = whole.parse().ok()?;
    let Some(fraction) = rest.strip_prefix('.') else { return Some((number, rest)) };
    let (fraction, rest) = fraction.split_at(digits(fraction));
    let up = fraction.bytes().next()? >= b'5';
    Some((number.checked_add(up.into())?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_in_all_the_ways_servers_write_it() {
        #[rustfmt::skip]
        let cases = [
            ("PT0S",             Some(0)),
            ("PT1H",             Some(3600)),
            ("-PT1H",            Some(-3600)),
            ("-PT60M",           Some(-3600)),
            ("PT360M",           Some(21_600)),
            ("-PT5H30M",         Some(-19_800)),
            ("-PT5H45M",         Some(-20_700)),
            ("P0DT8H0M0.0S",     Some(28_800)),
            ("P0Y0M0DT1H0M0S",   Some(3600)),
            ("P1D",              Some(86_400)),
            ("P1DT1S",           Some(86_401)),
            ("PT23H59M59.999S",  Some(86_400)),  // Windows' midnight
            ("PT59.4S",          Some(59)),
            (" PT2H ",           Some(7200)),
            ("",                 None),
            ("P",                None),
            ("PT",               None),
            ("-P",               None),
            ("P1DT",             None),
            ("PT1",              None),
            ("PTH",              None),
            ("PT-1H",            None),
            ("+PT1H",            None),
            ("1H",               None),
            ("PT1M1H",           None),           // in this order only
            ("PT1H1H",           None),
            ("P1Y",              None),           // how long is a year?
            ("P1M",              None),
            ("P1W",              None),
            ("PT1,5S",           None),
            ("PT1.S",            None),
            ("PT9999999999H",    None),
            ("P2000000D",        None),
            ("PT1Hé",            None),
        ];
        for (text, seconds) in cases {
            assert_eq!(seconds_of_duration(text), seconds, "{text}");
        }
    }

    #[test]
    fn a_time_of_day_is_read_to_the_second() {
        #[rustfmt::skip]
        let cases = [
            ("00:00:00",          Some(0)),
            ("02:00:00",          Some(7200)),
            ("02:00:00.0000000",  Some(7200)),
            ("23:59:59.999",      Some(86_400)),
            ("24:00:00",          Some(86_400)),
            ("24:00:01",          None),
            ("02:60:00",          None),
            ("02:00",             None),
            ("2",                 None),
            ("02:00:00Z",         None),
            ("-2:00:00",          None),
            ("",                  None),
        ];
        for (text, seconds) in cases {
            assert_eq!(seconds_of_time(text), seconds, "{text}");
        }
    }
}
