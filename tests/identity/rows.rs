//! Rows of the table, made by chance, and always the same ones.

use crate::place::{Bytes, Row};
use crate::values::{CONDITIONS, DATES, LOOSE_DATES, MAILS, NAMES};

pub(crate) fn row(dice: &mut Dice) -> Row {
    let mut row = Row::default();
    let base = b"[user]\n\tname = Base\n\temail = base@example.org\n".to_vec();
    if dice.chance(85) {
        row.global = base;
    }
    for file in [&mut row.global, &mut row.local, &mut row.xdg] {
        if dice.chance(35) {
            file.extend(dice.file());
        }
    }
    row.included = dice.file();
    if dice.chance(60) {
        include(dice, &mut row);
    }
    if dice.chance(30) {
        let settings: Vec<_> = (0..1 + dice.below(2)).map(|_| dice.setting()).collect();
        match dice.below(3) {
            0 => row.variables.extend(counted(&settings)),
            form => {
                let text = parameters(&settings, form == 1);
                row.variables
                    .insert("GIT_CONFIG_PARAMETERS".to_owned(), text);
            }
        }
    }
    if dice.chance(30) {
        for variable in [
            "AUTHOR_NAME",
            "AUTHOR_EMAIL",
            "COMMITTER_NAME",
            "COMMITTER_EMAIL",
        ] {
            if dice.chance(40) {
                let list = if variable.ends_with("NAME") {
                    NAMES
                } else {
                    MAILS
                };
                row.variables
                    .insert(format!("GIT_{variable}"), dice.text(list));
            }
        }
    }
    if dice.chance(15) {
        row.variables.insert("EMAIL".to_owned(), dice.text(MAILS));
    }
    for variable in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
        let list = match dice.below(100) {
            0..3 => LOOSE_DATES,
            3..7 => DATES,
            _ => &DATES[..16],
        };
        row.variables
            .insert(variable.to_owned(), dice.one_of(list).as_bytes().to_vec());
    }
    // Without a date both take this moment, and that may be two.
    row.variables
        .retain(|key, value| !key.ends_with("_DATE") || !value.is_empty());
    for variable in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
        row.variables
            .entry(variable.to_owned())
            .or_insert_with(|| b"@1782000000 +0200".to_vec());
    }
    row
}

/// Adds an include, by a file or by the command, with a condition or without.
fn include(dice: &mut Dice, row: &mut Row) {
    let url = dice.one_of(&[
        "https://review.opendev.org/openstack/nova",
        "git@example.org:nova",
        "/srv/nova",
    ]);
    let text = format!("[remote \"gerrit\"]\n\turl = {url}\n");
    row.local.extend_from_slice(text.as_bytes());
    let condition = dice.one_of(CONDITIONS);
    let path = dice.one_of(&["@DIR@home/included", "~/included", "included", "missing"]);
    let (key, section) = match dice.chance(25) {
        true => ("include.path".to_owned(), "include".to_owned()),
        false => (
            format!("includeIf.{condition}.path"),
            format!("includeIf \"{condition}\""),
        ),
    };
    if dice.chance(5) {
        row.included
            .extend_from_slice(b"[remote \"x\"]\n\turl = https://x\n");
    }
    match dice.below(5) {
        0 | 1 => {
            let text = format!("[{section}]\n\tpath = {path}\n");
            row.global.extend_from_slice(text.as_bytes());
        }
        2 => {
            let text = format!("[{section}]\n\tpath = {path}\n");
            row.local.extend_from_slice(text.as_bytes());
        }
        3 => {
            let text = parameters(&[(key, path.as_bytes().to_vec())], false);
            row.variables
                .insert("GIT_CONFIG_PARAMETERS".to_owned(), text);
        }
        _ => row
            .variables
            .extend(counted(&[(key, path.as_bytes().to_vec())])),
    }
}

/// A small generator of numbers, always the same ones.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("small")
    }

    fn one_of<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn text(&mut self, list: &[&str]) -> Bytes {
        if self.chance(3) {
            return b"J\xf6rg".to_vec();
        }
        if self.chance(50) {
            return format!("plain{}@example.org", self.below(100)).into_bytes();
        }
        if self.chance(70) {
            return self.one_of(list).as_bytes().to_vec();
        }
        let letters: Vec<char> = "ab.,:;<>\"'\\ \t\u{e9}#=@-_".chars().collect();
        let length = self.below(7);
        let text: String = (0..length)
            .map(|_| letters[self.below(letters.len())])
            .collect();
        text.into_bytes()
    }

    /// Returns `section.part` and a value for it.
    fn setting(&mut self) -> (String, Bytes) {
        let section = self.one_of(&["user", "user", "user", "author", "committer", "USER"]);
        let part = self.one_of(&["name", "email", "Email"]);
        let list = if part == "name" { NAMES } else { MAILS };
        (format!("{section}.{part}"), self.text(list))
    }

    /// Returns lines of a configuration file.
    fn file(&mut self) -> Bytes {
        let mut text = Vec::new();
        for _ in 0..1 + self.below(3) {
            let (key, value) = self.setting();
            let (section, part) = key.split_once('.').expect("a key");
            text.extend(format!("[{section}]\n\t{part} = ").bytes());
            match self.chance(75) {
                true => text.extend(quoted(&value)),
                false => text.extend(value.iter().filter(|b| **b != b'\n')),
            }
            text.push(b'\n');
        }
        if self.chance(8) {
            let odd = self.one_of(&[
                "[user]\n\tname\n",
                "[user]\n\tuseConfigOnly = yes\n",
                "[user]\n\tuseConfigOnly = maybe\n",
                "[user]\n\tuseConfigOnly = 0k\n",
                "[user] name = One ; comment\n",
                "[user]\n\temail = a\\\n  b@example.org # c\n",
                "[user]\n\tname = \"open\n",
                "[user]\n\tname = bad\\escape\n",
                "[user \"sub\"]\n\tname = Not This\n",
                "[user.sub]\n\tname = Nor This\n",
                "[USER]\r\n\tNAME = Carriage Return\r\n",
                "[user]\n\tna_me = x\n",
                "[]\n",
                "user.name = x\n",
                "[user]\n\tname = A \"  B  \" C   ; d\n",
                "[user]\n\tname = \"tab\\there\\b\"\n",
            ]);
            text.extend_from_slice(odd.as_bytes());
        }
        text
    }
}

/// Returns the value in the double quotes of a configuration file.
pub(crate) fn quoted(value: &[u8]) -> Bytes {
    let mut text = b"\"".to_vec();
    for byte in value {
        match byte {
            b'\n' => text.extend_from_slice(b"\\n"),
            b'"' | b'\\' => text.extend_from_slice(&[b'\\', *byte]),
            byte => text.push(*byte),
        }
    }
    text.push(b'"');
    text
}

/// Returns the word in the quotes of `GIT_CONFIG_PARAMETERS`.
fn in_single_quotes(word: &[u8]) -> Bytes {
    let mut text = b"'".to_vec();
    for byte in word {
        match byte {
            b'\'' | b'!' => text.extend_from_slice(&[b'\'', b'\\', *byte, b'\'']),
            byte => text.push(*byte),
        }
    }
    text.push(b'\'');
    text
}

/// Returns `GIT_CONFIG_PARAMETERS` as `git -c` writes it, in the old form or the new.
fn parameters(settings: &[(String, Bytes)], old: bool) -> Bytes {
    let one = |(key, value): &(String, Bytes)| match old {
        true => in_single_quotes(&[key.as_bytes(), b"=", value].concat()),
        false => [
            in_single_quotes(key.as_bytes()),
            b"=".to_vec(),
            in_single_quotes(value),
        ]
        .concat(),
    };
    settings.iter().map(one).collect::<Vec<_>>().join(&b' ')
}

fn counted(settings: &[(String, Bytes)]) -> impl Iterator<Item = (String, Bytes)> {
    let count = (
        "GIT_CONFIG_COUNT".to_owned(),
        settings.len().to_string().into_bytes(),
    );
    let pairs = settings.iter().enumerate().flat_map(|(n, (key, value))| {
        [
            (format!("GIT_CONFIG_KEY_{n}"), key.clone().into_bytes()),
            (format!("GIT_CONFIG_VALUE_{n}"), value.clone()),
        ]
    });
    std::iter::once(count).chain(pairs.collect::<Vec<_>>())
}
