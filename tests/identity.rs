//! Author and committer against `git var`: a table of names, mails and dates from every place that
//! git takes them from. Equal to git's, or refused with the true reason; where git ends with an
//! error, so do we.

mod support;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use git_rally::git::{Environment, GitError, Identity, IdentityError, Repo};
use support::{Clone, Sandbox};

type Bytes = Vec<u8>;

/// One row: what the files hold and what the environment adds.
#[derive(Clone, Debug, Default)]
struct Row {
    global: Bytes,
    xdg: Bytes,
    local: Bytes,
    included: Bytes,
    variables: BTreeMap<String, Bytes>,
}

/// A clone with a home, written anew for every row.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let place = Place { dir };
        for folder in ["home/.config/git", "work"] {
            fs::create_dir_all(place.path(folder)).expect("folder");
        }
        let done = (place.git(&Row::default()))
            .args(["init", "-q", "-b", "topic/x"])
            .status();
        assert!(done.expect("git runs").success());
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().canonicalize().expect("real").join(name)
    }

    fn environment(&self, row: &Row) -> BTreeMap<OsString, OsString> {
        let mut found: BTreeMap<OsString, OsString> = BTreeMap::new();
        found.insert("HOME".into(), self.path("home").into());
        found.insert("GIT_CONFIG_NOSYSTEM".into(), "1".into());
        found.insert("PATH".into(), std::env::var_os("PATH").expect("PATH"));
        if let Some(zone) = std::env::var_os("TZ") {
            found.insert("TZ".into(), zone);
        }
        for (key, value) in &row.variables {
            found.insert(key.into(), OsString::from_vec(self.filled(value)));
        }
        found
    }

    /// Returns the text with the place's own folder in it.
    fn filled(&self, text: &[u8]) -> Bytes {
        let mut found = Vec::new();
        let mut rest = text;
        let mark = b"@DIR@";
        while let Some(at) = rest.windows(mark.len()).position(|part| part == mark) {
            found.extend_from_slice(&rest[..at]);
            found.extend_from_slice(self.path("").as_os_str().as_bytes());
            rest = &rest[at + mark.len()..];
        }
        found.extend_from_slice(rest);
        found
    }

    fn lay_out(&self, row: &Row) {
        let core = b"[core]\n\trepositoryformatversion = 0\n\tbare = false\n".to_vec();
        let local = [core, row.local.clone()].concat();
        for (file, text) in [
            ("home/.gitconfig", &row.global),
            ("home/.config/git/config", &row.xdg),
            ("work/.git/config", &local),
            ("home/included", &row.included),
        ] {
            fs::write(self.path(file), self.filled(text)).expect("file");
        }
    }

    fn git(&self, row: &Row) -> Command {
        let mut command = Command::new("git");
        command.env_clear().envs(self.environment(row));
        command.current_dir(self.path("work"));
        command
    }

    fn var(&self, row: &Row, variable: &str) -> Option<Bytes> {
        let output = self.git(row).args(["var", variable]).output();
        let output = output.expect("git runs");
        let line = output.stdout.strip_suffix(b"\n").map(<[u8]>::to_vec);
        line.filter(|_| output.status.success())
    }

    fn ours(&self, row: &Row) -> Result<Identity, GitError> {
        let env: Environment = self.environment(row).into_iter().collect();
        let repo = Repo::open(Some(&self.path("work")), &env)?;
        Ok(Identity::resolve(&repo.settings(&env)?, &env)?)
    }
}

/// What the installed git does otherwise than the one that is followed.
struct Version {
    /// Before 2.42: a dot at either end of a name is taken off.
    strips_dots: bool,
    /// Before 2.45: every blank within a value becomes a space.
    makes_spaces: bool,
}

fn version() -> Version {
    let output = Command::new("git").arg("version").output().expect("git");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let mut parts = text.split(' ').nth(2).expect("a version").split('.');
    let mut next = || {
        parts
            .next()
            .and_then(|n| n.trim().parse().ok())
            .unwrap_or(0)
    };
    let version: (u32, u32) = (next(), next());
    Version {
        strips_dots: version < (2, 42),
        makes_spaces: version < (2, 45),
    }
}

impl Version {
    /// Returns the line as a git before the changes would have it; of a line of its own that is
    /// itself.
    fn folded(&self, line: &[u8]) -> Bytes {
        let mut line = line.to_vec();
        if self.makes_spaces {
            for byte in &mut line {
                if b"\t\r".contains(byte) {
                    *byte = b' ';
                }
            }
        }
        if !self.strips_dots {
            return line;
        }
        let text = String::from_utf8_lossy(&line).into_owned();
        let (name, rest) = text.split_once(" <").expect("a mail");
        let (mail, date) = rest.split_once("> ").expect("a date");
        let crud = |c: char| c <= ' ' || ".,:;<>\"\\'".contains(c);
        let (name, mail) = (name.trim_matches(crud), mail.trim_matches(crud));
        format!("{name} <{mail}> {date}").into_bytes()
    }

    /// Returns whether the difference is one that these versions make by themselves: a name of dots.
    fn is_own(&self, line: &[u8]) -> bool {
        let folded = self.folded(line);
        self.strips_dots && (folded.starts_with(b" <") || folded.windows(3).any(|w| w == b" <>"))
    }
}

/// What came of a row.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Equal,
    BothRefuse,
    /// Git takes it; the reason that we give for refusing is true.
    OnlyWeRefuse,
    Wrong(String),
}

fn judge(place: &Place, row: &Row, version: &Version) -> Outcome {
    place.lay_out(row);
    let theirs = (
        place.var(row, "GIT_AUTHOR_IDENT"),
        place.var(row, "GIT_COMMITTER_IDENT"),
    );
    let show = |line: &Option<Bytes>| {
        line.as_ref()
            .map(|l| String::from_utf8_lossy(l).into_owned())
    };
    let shown = format!("git: {:?}, {:?}", show(&theirs.0), show(&theirs.1));
    let own = |who: &Identity| [who.author.ident(), who.committer.ident()];
    let wrong = |ours: String| Outcome::Wrong(format!("ours: {ours}, {shown}\n{}", described(row)));
    match (place.ours(row), theirs) {
        (Ok(ours), (Some(author), Some(committer))) => {
            let same = (own(&ours).iter().zip([author, committer]))
                .all(|(own, git)| version.folded(own.as_bytes()) == version.folded(&git));
            match same {
                true => Outcome::Equal,
                false => wrong(format!("{:?}", own(&ours))),
            }
        }
        (Ok(ours), _) => match own(&ours).iter().any(|l| version.is_own(l.as_bytes())) {
            true => Outcome::Equal,
            false => wrong(format!("{:?}", own(&ours))),
        },
        (Err(_), (None, _) | (_, None)) => Outcome::BothRefuse,
        (Err(error), (Some(author), Some(committer))) => {
            match reason_is_true(place, row, &error, &[author, committer]) {
                true => Outcome::OnlyWeRefuse,
                false => wrong(error.to_string()),
            }
        }
    }
}

/// Returns whether what is refused, though git takes it, is as the reason says.
fn reason_is_true(place: &Place, row: &Row, error: &GitError, git: &[Bytes]) -> bool {
    let GitError::Identity(error) = error else {
        return false;
    };
    match error {
        // Git makes one of the user's name and the host's, which it does no more where it must not.
        IdentityError::Missing { .. } => {
            let mut strict = row.clone();
            strict.variables.remove("EMAIL");
            strict
                .local
                .extend_from_slice(b"\n[user]\n\tuseConfigOnly = true\n");
            place.lay_out(&strict);
            let var = |name| place.var(&strict, name);
            let (author, committer) = (var("GIT_AUTHOR_IDENT"), var("GIT_COMMITTER_IDENT"));
            let is_empty = |line: Option<Bytes>| {
                line.is_none_or(|line| line.windows(3).any(|part| part == b" <>"))
            };
            is_empty(author) || is_empty(committer)
        }
        IdentityError::Empty { .. } => {
            let empty = |line: &Bytes| line.windows(3).any(|part| part == b" <>");
            git.iter().any(empty)
        }
        IdentityError::Control { .. } => git
            .iter()
            .any(|line| String::from_utf8_lossy(line).contains(char::is_control)),
        IdentityError::NotUtf8 { .. } => git.iter().any(|l| std::str::from_utf8(l).is_err()),
        IdentityError::Date { variable, text } => {
            let value = row.variables.get(variable.as_str());
            value.is_some_and(|value| String::from_utf8_lossy(value) == text.as_str())
                && LOOSE_DATES.contains(&text.as_str())
        }
        IdentityError::Include { include } => include.starts_with("includeif.worktree"),
        _ => false,
    }
}

/// Dates that git takes and that are in none of the documented forms.
const LOOSE_DATES: &[&str] = &[
    "1 Jan 2020",
    "2026-06-21",
    "2026/06/21 10:00:00 +0000",
    "21.06.2026 10:00:00 +0000",
    "Sun Jun 21 10:00:00 2026 +0200",
    "@1782000000 +9959",
    "@1782000000 +1500",
    "@12345",
    "2026-06-21T10:00:00.5Z",
    "2026-06-21T10:00:00 EST",
    "noon yesterday",
    "@1782000000 +0260",
    "1970-01-01T00:30:00+0100",
    "@1782000000 +02",
    "2026-02-30T00:00:00Z",
    " @1782000000 +0200",
];

const DATES: &[&str] = &[
    "@1782000000 +0200",
    "1782000000 -0330",
    "@0 +0000",
    "@5 -0000",
    "@1782000000",
    "1782000000",
    "@4102444800 +0000",
    "Sun, 21 Jun 2026 00:00:00 +0000",
    "1 Jan 2020 05:06:07 -1130",
    "Sun, 21 Jun 2026 00:00:00 GMT",
    "2026-06-21T00:00:00Z",
    "2026-06-21T00:00:00",
    "2026-06-21 02:00:00 +0200",
    "2026-06-21T02:00:00+02:00",
    "2026-06-21 02:00 +0530",
    "2000-02-29T23:59:59-1200",
    "2099-12-31T12:00:00Z",
    "2100-01-01T00:00:00Z",
    "4102444800 +0000",
    "1970-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "1960-01-01T00:00:00Z",
    "@-5 +0000",
    "-5 +0000",
    "@99999999999999999999 +0000",
    "tomorrow",
    "",
];

const NAMES: &[&str] = &[
    "Jane Doe",
    "John Doe Jr.",
    "..dots..",
    ".",
    "J\u{f6}rg M\u{fc}ller",
    "\u{5c71}\u{7530}",
    " spaces at both ends ",
    "<Jane>",
    "Jane <jane@example.org>",
    "O'Brien",
    "\"Quoted, Name\"",
    "back\\slash",
    "a;b:c",
    ";:,",
    "",
    " ",
    "tab\there",
    "line\nfeed",
    "bell\u{7}",
    "\u{a0}nbsp\u{a0}",
    "a # b",
    "x=y",
    "'",
    "-",
    "~",
];

const MAILS: &[&str] = &[
    "jane@example.org",
    "a@x.org.",
    "<b@example.org>",
    "no-at-sign",
    "",
    "<>",
    "J\u{f6}rg@example.org",
    "a b@example.org",
    "\"quoted\"@example.org",
    "c@example.org,",
    ".d@example.org",
    "trailing@example.org ",
];

/// A small generator of numbers, always the same ones.
struct Dice(u64);

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
fn quoted(value: &[u8]) -> Bytes {
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

/// Conditions that hold here, that do not, and that no git knows.
const CONDITIONS: &[&str] = &[
    "gitdir:@DIR@work/.git",
    "gitdir:@DIR@work/",
    "gitdir:@DIR@",
    "gitdir:@DIR@work",
    "gitdir:work/",
    "gitdir:work/.git",
    "gitdir:wor?/",
    "gitdir:*/.git",
    "gitdir:**/w[a-z]rk/**",
    "gitdir:**/w[!a-z]rk/**",
    "gitdir:~/",
    "gitdir:~/../work/",
    "gitdir:./../work/",
    "gitdir:./work/",
    "gitdir:./*/",
    "gitdir:WORK/",
    "gitdir/i:WORK/",
    "gitdir/i:**/Work/.GIT",
    "onbranch:topic/x",
    "onbranch:topic/",
    "onbranch:topic/*",
    "onbranch:*",
    "onbranch:**",
    "onbranch:**/x",
    "onbranch:TOPIC/x",
    "hasconfig:remote.*.url:https://review.opendev.org/**",
    "hasconfig:remote.*.url:https://*/openstack/nova",
    "hasconfig:remote.*.url:**",
    "hasconfig:remote.*.url:git@*:**",
    "hasconfig:user.name:Jane",
    "nonsense:yes",
    "gitdir",
];

fn row(dice: &mut Dice) -> Row {
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

/// How many rows there are, and on how many threads.
const ROWS: usize = 1200;
const THREADS: usize = 3;

#[test]
fn a_generated_table_against_git_var() {
    let mut dice = Dice(0x5eed_1f08_abcd_0001);
    let rows: Vec<Row> = (0..ROWS).map(|_| row(&mut dice)).collect();
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let threads: Vec<_> = (rows.chunks(ROWS.div_ceil(THREADS)))
            .map(|part| {
                scope.spawn(move || {
                    let (place, version) = (Place::new(), version());
                    (part.iter())
                        .map(|row| judge(&place, row, &version))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        (threads.into_iter())
            .flat_map(|thread| thread.join().expect("a thread"))
            .collect()
    });
    none_wrong(&outcomes);
    let count = |wanted| outcomes.iter().filter(|found| **found == wanted).count();
    let counts = [
        count(Outcome::Equal),
        count(Outcome::BothRefuse),
        count(Outcome::OnlyWeRefuse),
    ];
    assert!(
        counts[0] >= 600 && counts[1] >= 100,
        "equal, refused by both, refused by us: {counts:?}"
    );
}

fn none_wrong(outcomes: &[Outcome]) {
    let wrong: Vec<&str> = (outcomes.iter())
        .filter_map(|outcome| match outcome {
            Outcome::Wrong(why) => Some(why.as_str()),
            _ => None,
        })
        .collect();
    let (some, all) = (wrong.len(), outcomes.len());
    assert!(wrong.is_empty(), "{some} of {all}:\n{}", wrong.join("\n"));
}

fn described(row: &Row) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let variables: Vec<String> = (row.variables.iter())
        .map(|(key, value)| format!("{key}={:?}", text(value)))
        .collect();
    format!(
        "  global {:?}\n  xdg {:?}\n  local {:?}\n  included {:?}\n  {}\n",
        text(&row.global),
        text(&row.xdg),
        text(&row.local),
        text(&row.included),
        variables.join(" ")
    )
}

/// Every name, mail and date by itself, so that none is left out by chance.
#[test]
fn every_name_mail_and_date_against_git_var() {
    let (place, version) = (Place::new(), version());
    let mut rows = Vec::new();
    for (list, part) in [(NAMES, "name"), (MAILS, "email")] {
        for value in list {
            let mut row = Row {
                global: b"[user]\n\tname = Base\n\temail = base@example.org\n".to_vec(),
                ..Row::default()
            };
            let text = format!("[user]\n\t{part} = ");
            row.local = [text.as_bytes(), &quoted(value.as_bytes()), b"\n"].concat();
            rows.push(row);
        }
    }
    for date in DATES
        .iter()
        .chain(LOOSE_DATES)
        .filter(|date| !date.is_empty())
    {
        let mut row = Row {
            global: b"[user]\n\tname = Base\n\temail = base@example.org\n".to_vec(),
            ..Row::default()
        };
        row.variables
            .insert("GIT_AUTHOR_DATE".to_owned(), date.as_bytes().to_vec());
        rows.push(row);
    }
    for row in &mut rows {
        for variable in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
            (row.variables.entry(variable.to_owned()))
                .or_insert_with(|| b"@1782000000 +0200".to_vec());
        }
    }
    let outcomes: Vec<Outcome> = (rows.iter())
        .map(|row| judge(&place, row, &version))
        .collect();
    none_wrong(&outcomes);
}

/// The rest needs the program itself: the real `git -c`, a link that leads to the clone, a zone.
#[test]
fn as_a_subcommand_of_git() {
    let mut sandbox = Sandbox::new();
    let bin = Path::new(env!("CARGO_BIN_EXE_git-rally"));
    let bin = bin.parent().expect("bin").display();
    let path = format!("{bin}:{}", sandbox.env["PATH"]);
    sandbox.set("PATH", &path);
    sandbox.env.remove("GIT_AUTHOR_DATE");
    sandbox.env.remove("GIT_COMMITTER_DATE");
    let clone = sandbox.clone_of("nova");
    let work = sandbox.path("home/work");
    fs::write(&work, "[user]\n\temail = work@example.org\n").expect("file");
    let work = work.display().to_string();
    let link = sandbox.path("link");
    std::os::unix::fs::symlink(&clone.path, &link).expect("link");
    let include = format!("include.path={work}");
    let by_link = format!("includeIf.gitdir:{}/.path={work}", link.display());
    let by_real = format!("includeIf.gitdir:{}/.path={work}", clone.path.display());
    let by_url = format!("includeIf.hasconfig:remote.*.url:**/upstream-nova.path={work}");
    for (dir, setting, zone, date) in [
        (&clone.path, &include, "UTC", "2026-06-21T00:00:00"),
        (&clone.path, &by_link, "Asia/Kolkata", "2026-06-21T00:00:00"),
        (
            &clone.path,
            &by_real,
            "CET-1CEST,M3.5.0,M10.5.0/3",
            "2026-07-21 00:00:00",
        ),
        (
            &link,
            &by_link,
            "CET-1CEST,M3.5.0,M10.5.0/3",
            "2026-01-21 00:00:00",
        ),
        (&link, &by_real, "America/St_Johns", "1782000000"),
        (&clone.path, &by_url, "Pacific/Chatham", "@1782000000"),
    ] {
        let run = |args: &[&str]| {
            let output = (sandbox.command("git", dir))
                .env("PWD", dir)
                .env("TZ", zone)
                .env("GIT_AUTHOR_DATE", date)
                .args(["-c", setting])
                .args(args)
                .output()
                .expect("git runs");
            assert!(output.status.success(), "{args:?}: {output:?}");
            String::from_utf8(output.stdout).expect("UTF-8")
        };
        let wanted = run(&["var", "GIT_AUTHOR_IDENT"]);
        run(&["rally", "commit", "--branch", "by-us"]);
        let found = author(&clone);
        assert_eq!(found, wanted.trim_end(), "{setting} {zone} {date}");
        clone.git(&["branch", "-D", "by-us"]);
    }
}

fn author(clone: &Clone<'_>) -> String {
    let format = "--format=%an <%ae> %ad";
    clone.git(&["log", "-1", "--date=raw", format, "by-us"])
}
