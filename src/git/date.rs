//! Dates in the forms of git.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use regex_lite::{Captures, Regex};

/// A moment, with the zone it is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Minutes east of UTC.
    pub offset: i32,
}

impl When {
    /// Returns the date as git stores it: `1782000000 +0200`.
    pub fn raw(self) -> String {
        format!("{} {}", self.seconds, self.zone())
    }

    /// Returns the zone: `+0200`.
    pub fn zone(self) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs();
        format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
    }

    /// Returns the day in its own zone: `2026-08-21`.
    pub fn day(self) -> String {
        let local = self.seconds + i64::from(self.offset) * 60;
        jiff::Timestamp::from_second(local)
            .map_or_else(|_| self.raw(), |time| time.strftime("%Y-%m-%d").to_string())
    }
}

/// Returns this moment in the machine's time zone. libgit2 asks the C library for the zone, which
/// costs a tenth of reading a time zone database.
pub(super) fn now() -> When {
    let now = git2::Signature::now("now", "now").map(|signature| signature.when());
    now.map_or_else(
        |_| of_zoned(&jiff::Zoned::now()),
        |time| When {
            seconds: time.seconds(),
            offset: time.offset_minutes(),
        },
    )
}

/// 2100-01-01: git reads no later date but `@SECONDS ZONE`.
const YEAR_2100: i64 = 4_102_444_800;

/// Returns a date in one of the forms that git documents: `@SECONDS ZONE`, RFC 2822, or ISO 8601.
/// Git reads many others, and none of before 1970. Without a zone, the machine's holds.
pub(super) fn parse(text: &str) -> Option<When> {
    let when = seconds(text).or_else(|| calendar(text))?;
    (when.seconds >= 0).then_some(when)
}

/// Returns `@1782000000 +0200`; without the `@` or the zone, of nine digits at least.
fn seconds(text: &str) -> Option<When> {
    let (rest, is_marked) = match text.strip_prefix('@') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let (digits, zone) = match rest.split_once(' ') {
        Some((digits, zone)) => (digits, Some(zone)),
        None => (rest, None),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let seconds: i64 = digits.parse().ok()?;
    let is_exact = is_marked && zone.is_some();
    if !is_exact && !(100_000_000..YEAR_2100).contains(&seconds) {
        return None;
    }
    let offset = match zone {
        Some(zone) => zone_minutes(zone)?,
        None => {
            let utc = jiff::Timestamp::from_second(seconds).ok()?;
            let as_local = utc.to_zoned(TimeZone::UTC).datetime();
            of_zoned(&as_local.to_zoned(TimeZone::system()).ok()?).offset
        }
    };
    Some(When { seconds, offset })
}

fn zone_minutes(zone: &str) -> Option<i32> {
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let plain = digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit());
    let number: i32 = plain.then(|| digits.parse().ok())??;
    // No place on earth is further from Greenwich.
    (number <= 1400 && number % 100 < 60).then_some(sign * (number / 100 * 60 + number % 100))
}

const ISO: &str = r"^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))? ?(Z|[+-]\d\d:?\d\d)?$";
const MAIL: &str = concat!(
    r"^(?:[A-Z][a-z][a-z], )?(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})",
    r" (\d\d):(\d\d)(?::(\d\d))? (GMT|[+-]\d{4})$"
);

fn calendar(text: &str) -> Option<When> {
    let (local, zone) = iso(text).or_else(|| mail(text))?;
    if !(1970..2100).contains(&local.year()) {
        return None;
    }
    let offset = match zone.as_deref() {
        None => return Some(of_zoned(&local.to_zoned(TimeZone::system()).ok()?)),
        Some("Z" | "GMT") => 0,
        Some(zone) => zone_minutes(&zone.replace(':', ""))?,
    };
    let utc = local.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    let seconds = utc - i64::from(offset) * 60;
    (seconds < YEAR_2100).then_some(When { seconds, offset })
}

/// Returns date and time as written, and the zone if there is one.
fn iso(text: &str) -> Option<(DateTime, Option<String>)> {
    let found = Regex::new(ISO).ok()?.captures(text)?;
    let month = found.get(2)?.as_str().parse().ok()?;
    Some((local(&found, [1, 3], month)?, word(&found, 7)))
}

fn mail(text: &str) -> Option<(DateTime, Option<String>)> {
    let found = Regex::new(MAIL).ok()?.captures(text)?;
    let names = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let month = names.find(found.get(2)?.as_str())? / 3 + 1;
    let month = i8::try_from(month).ok()?;
    Some((local(&found, [3, 1], month)?, word(&found, 7)))
}

/// Returns the date of the groups `year` and `day`, with the time of the groups 4 to 6.
fn local(found: &Captures<'_>, [year, day]: [usize; 2], month: i8) -> Option<DateTime> {
    let number = |group| word(found, group).map_or(Some(0), |digits| digits.parse().ok());
    let year: i16 = word(found, year)?.parse().ok()?;
    let (hour, minute, second) = (number(4)?, number(5)?, number(6)?);
    DateTime::new(year, month, number(day)?, hour, minute, second, 0).ok()
}

fn word(found: &Captures<'_>, group: usize) -> Option<String> {
    Some(found.get(group)?.as_str().to_owned())
}

fn of_zoned(zoned: &jiff::Zoned) -> When {
    When {
        seconds: zoned.timestamp().as_second(),
        offset: zoned.offset().seconds() / 60,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_the_forms_of_git() {
        let at = |seconds, offset| Some(When { seconds, offset });
        for (text, wanted) in [
            ("@1782000000 +0200", at(1_782_000_000, 120)),
            ("@5 +0000", at(5, 0)),
            ("1782000000 -0330", at(1_782_000_000, -210)),
            ("Sun, 21 Jun 2026 00:00:00 +0000", at(1_782_000_000, 0)),
            ("2026-06-21T00:00:00Z", at(1_782_000_000, 0)),
            ("2026-06-21 02:00:00 +0200", at(1_782_000_000, 120)),
            ("2026-06-21T02:00+02:00", at(1_782_000_000, 120)),
            ("@1782000000 +9999", None),
            ("@1782000000 +1401", None),
            ("@-5 +0000", None),
            ("1969-12-31T23:59:59Z", None),
            ("1970-01-01T00:30:00+0100", None),
            ("2100-01-01T00:00:00Z", None),
            ("12345", None),
            ("tomorrow", None),
        ] {
            assert_eq!(parse(text), wanted, "{text}");
        }
    }
}
