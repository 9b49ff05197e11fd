//! The manual page and the completions that ship: made of the command line and of the pages in
//! `templates/manual`, so that none of them says what the program does not.

use std::fmt::Write;
use std::fs;

use clap::{Arg, Command, CommandFactory};
use clap_complete::Shell;
use git_rally::cli::Cli;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::support::{Sandbox, golden, manifest};

/// The pages, in the order of the manual.
const PAGES: [&str; 9] = [
    "options",
    "commit",
    "many",
    "updates",
    "limits",
    "check",
    "results",
    "exit-codes",
    "differences",
];

/// Where files are below the prefix of an installation.
const SHARE: &str = "templates/install/data/share";

#[test]
fn the_manual_and_the_completions_are_those_of_the_command_line() {
    let mut stale = Vec::new();
    let completions = [
        (Shell::Bash, "bash-completion/completions/git-rally"),
        (Shell::Zsh, "zsh/site-functions/_git-rally"),
        (Shell::Fish, "fish/vendor_completions.d/git-rally.fish"),
    ];
    let mut wanted = vec![("man/man1/git-rally.1", manual())];
    wanted.extend(completions.map(|(shell, path)| (path, completion(shell))));
    for (path, text) in wanted {
        let file = manifest(&format!("{SHARE}/{path}"));
        stale.extend(golden::file(&file, Some(text.as_bytes())).err());
    }
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}

#[test]
fn every_page_is_in_the_manual() {
    let names = fs::read_dir(manifest("templates/manual")).expect("the pages");
    let mut names: Vec<String> = names
        .map(|entry| {
            entry
                .expect("a page")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    names.sort();
    let mut pages = PAGES.map(|page| format!("{page}.md"));
    pages.sort();
    assert_eq!(names, pages);
}

fn completion(shell: Shell) -> String {
    let generated = |name: &str| {
        let mut bytes = Vec::new();
        // The program is called by its own name as well as by git.
        let mut command = Cli::command().bin_name(name.to_owned());
        clap_complete::generate(shell, &mut command, name, &mut bytes);
        String::from_utf8(bytes).expect("UTF-8")
    };
    match shell {
        // A dash in the name makes clap_complete 4.6 lose the options of every verb.
        Shell::Bash => {
            let text = generated("gitrally").replace(" gitrally\n", " git-rally\n");
            format!("{text}{OF_GIT}")
        }
        _ => generated("git-rally"),
    }
}

/// How git's own completion, which looks for this name, asks ours.
const OF_GIT: &str = r#"
# `git rally <TAB>`: git's completion calls this.
_git_rally() {
    local COMP_WORDS=(git-rally "${words[@]:$((__git_cmd_idx + 1))}")
    local COMP_CWORD=$((cword - __git_cmd_idx))
    _gitrally git-rally "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
}
"#;

/// Where Debian's git has its completion.
const COMPLETION_OF_GIT: &str = "/usr/share/bash-completion/completions/git";

#[test]
fn bash_completes_verbs_options_and_values() {
    let ours = manifest(&format!("{SHARE}/bash-completion/completions/git-rally"));
    let script = format!(
        r#"set -e
        source {COMPLETION_OF_GIT}
        source '{}'
        try() {{
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMPREPLY=()
            COMP_POINT=${{#COMP_LINE}}
            "$function" "$1" "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD - 1]}}" || true
            echo $* = ${{COMPREPLY[*]}}
        }}
        function=$(complete -p git-rally | sed 's/.*-F \([^ ]*\).*/\1/')
        try git-rally com
        try git-rally commit --peri
        try git-rally commit --format j
        function=__git_wrap__git_main
        try git rally com
        try git -C /tmp rally commit --peri
        "#,
        ours.display()
    );
    let sandbox = Sandbox::new();
    let mut bash = sandbox.command("bash", sandbox.dir.path());
    let output = bash.args(["-c", &script]).output().expect("bash runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let said: Vec<&str> = said.lines().map(str::trim).collect();
    assert_eq!(
        said,
        [
            "git-rally com = commit compare",
            "git-rally commit --peri = --periodic",
            "git-rally commit --format j = json",
            "git rally com = commit compare",
            "git -C /tmp rally commit --peri = --periodic",
        ],
        "{output:?}"
    );
}

fn manual() -> String {
    let mut command = Cli::command();
    command.build();
    let mut page = String::new();
    let version = command.get_version().unwrap_or_default();
    writeln!(page, ".TH GIT-RALLY 1 \"\" \"git-rally {version}\"").expect("memory");
    let about = command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    section(&mut page, "NAME");
    writeln!(page, "git-rally \\- {}", escaped(&about)).expect("memory");
    section(&mut page, "SYNOPSIS");
    for verb in verbs(&command) {
        writeln!(page, ".B git rally {}", escaped(verb.get_name())).expect("memory");
        page.push_str(&synopsis(verb));
        page.push_str(".br\n");
    }
    section(&mut page, "DESCRIPTION");
    let long = command
        .get_long_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    paragraphs(&mut page, &long);
    examples(&mut page, &command);
    section(&mut page, "VERBS");
    let shared = shared(&command);
    for verb in verbs(&command) {
        subsection(&mut page, &format!("git rally {}", verb.get_name()));
        paragraphs(
            &mut page,
            &verb
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default(),
        );
        for arg in own(verb).filter(|arg| !shared.iter().any(|(other, _)| same(other, arg))) {
            option(&mut page, arg);
        }
        examples(&mut page, verb);
    }
    section(&mut page, "OPTIONS OF SEVERAL VERBS");
    let mut of: Option<&[&str]> = None;
    for (arg, verbs) in &shared {
        if of != Some(verbs.as_slice()) {
            subsection(&mut page, &verbs.join(", "));
            of = Some(verbs.as_slice());
        }
        option(&mut page, arg);
    }
    section(&mut page, "OPTIONS OF ALL VERBS");
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
        option(&mut page, arg);
    }
    for name in PAGES {
        let path = manifest(&format!("templates/manual/{name}.md"));
        let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}", path.display()));
        markdown(&mut page, &text);
    }
    section(&mut page, "SEE ALSO");
    page.push_str(".BR git (1),\n.BR git\\-review (1),\n.BR rally (1)\n");
    page
}

fn examples(page: &mut String, command: &Command) {
    let text = command.get_after_help().map(ToString::to_string);
    let text = text.unwrap_or_default();
    let mut parts = text.split("\n\n");
    let lines = parts.next().unwrap_or_default().lines().skip(1);
    let lines: Vec<String> = lines.map(|line| escaped(line.trim())).collect();
    writeln!(page, ".PP\n.RS 4\n.nf\n{}\n.fi\n.RE", lines.join("\n")).expect("memory");
    parts.for_each(|rest| paragraphs(page, rest));
}

/// Every example of every help text is one that the command line takes.
#[test]
fn the_examples_are_understood() {
    let command = Cli::command();
    let helps = std::iter::once(&command).chain(verbs(&command));
    let mut tried = 0;
    for help in helps {
        let text = help.get_after_help().expect("examples").to_string();
        for line in text.lines().filter(|line| line.starts_with("  ")) {
            let typed = line.split(['#', '|', '>']).next().expect("a command");
            let words = typed.trim().strip_prefix("git rally ").expect("ours");
            let words = std::iter::once("git-rally").chain(words.split_whitespace());
            let taken = <Cli as clap::Parser>::try_parse_from(words);
            assert!(taken.is_ok(), "{line}: {}", taken.expect_err("refused"));
            tried += 1;
        }
        let width = text.lines().map(str::len).max();
        assert!(width <= Some(80), "{text}");
    }
    assert!(tried > 30, "{tried}");
}

fn verbs(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|verb| !verb.is_hide_set())
}

/// Returns the arguments of a verb that are its own.
fn own(verb: &Command) -> impl Iterator<Item = &Arg> {
    verb.get_arguments()
        .filter(|arg| !arg.is_hide_set() && !arg.is_global_set())
}

fn same(one: &Arg, other: &Arg) -> bool {
    let help = |arg: &Arg| arg.get_help().map(ToString::to_string);
    (one.get_id(), help(one)) == (other.get_id(), help(other))
}

/// Returns the options that several verbs have, with these verbs.
fn shared(command: &Command) -> Vec<(&Arg, Vec<&str>)> {
    let mut found: Vec<(&Arg, Vec<&str>)> = Vec::new();
    for verb in verbs(command) {
        for arg in own(verb) {
            match found.iter_mut().find(|(known, _)| same(known, arg)) {
                Some((_, verbs)) => verbs.push(verb.get_name()),
                None => found.push((arg, vec![verb.get_name()])),
            }
        }
    }
    found.retain(|(_, verbs)| verbs.len() > 1);
    found.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.1.cmp(&b.1)));
    found
}

fn synopsis(verb: &Command) -> String {
    let mut words = vec!["[\\fIOPTIONS\\fR]".to_owned()];
    for arg in own(verb).filter(|arg| arg.is_positional()) {
        let name = escaped(&names(arg));
        let many = if arg
            .get_num_args()
            .is_some_and(|number| number.max_values() > 1)
        {
            "..."
        } else {
            ""
        };
        words.push(match arg.is_required_set() {
            true => format!("\\fI{name}\\fR{many}"),
            false => format!("[\\fI{name}\\fR]{many}"),
        });
    }
    format!("{}\n", words.join(" "))
}

fn names(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    names
        .iter()
        .map(|name| name.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

fn option(page: &mut String, arg: &Arg) {
    let mut head = Vec::new();
    if let Some(short) = arg.get_short() {
        head.push(format!("\\fB\\-{short}\\fR"));
    }
    if let Some(long) = arg.get_long() {
        head.push(format!("\\fB\\-\\-{}\\fR", escaped(long)));
    }
    let value = match arg.get_action().takes_values() || arg.is_positional() {
        true => format!(" \\fI{}\\fR", escaped(&names(arg))),
        false => String::new(),
    };
    let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let values = arg.get_possible_values();
    let values: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
    if !values.is_empty() && arg.get_action().takes_values() {
        write!(help, " [one of {}]", values.join(", ")).expect("memory");
    }
    let defaults = arg.get_default_values().iter();
    let defaults: Vec<String> = defaults
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    if !defaults.is_empty() && arg.get_action().takes_values() {
        write!(help, " [default: {}]", defaults.join(", ")).expect("memory");
    }
    writeln!(page, ".TP\n{}{value}\n{}", head.join(", "), escaped(&help)).expect("memory");
}

fn section(page: &mut String, name: &str) {
    writeln!(page, ".SH {}", escaped(&name.to_uppercase())).expect("memory");
}

fn subsection(page: &mut String, name: &str) {
    writeln!(page, ".SS {}", escaped(name)).expect("memory");
}

fn paragraphs(page: &mut String, text: &str) {
    for paragraph in text.split("\n\n") {
        writeln!(page, ".PP\n{}", escaped(&paragraph.replace('\n', " "))).expect("memory");
    }
}

/// Returns the text so that troff prints it as it is.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    let lines = text
        .lines()
        .map(|line| match line.starts_with(['.', '\'']) {
            true => format!("\\&{line}"),
            false => line.to_owned(),
        });
    lines.collect::<Vec<_>>().join("\n")
}

/// Adds a page of Markdown.
fn markdown(page: &mut String, text: &str) {
    let mut heading = None;
    let (mut in_code, mut in_head) = (false, false);
    let mut cell = 0;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => heading = Some(level),
            Event::End(TagEnd::Heading(_)) => {
                heading = None;
                page.push('\n');
            }
            Event::Text(words) if heading.is_some() => match heading {
                Some(HeadingLevel::H1) => {
                    write!(page, ".SH {}", escaped(&words.to_uppercase())).expect("memory")
                }
                _ => write!(page, ".SS {}", escaped(&words)).expect("memory"),
            },
            Event::Start(Tag::Paragraph) => page.push_str(".PP\n"),
            Event::End(TagEnd::Paragraph) => page.push('\n'),
            // What a table's columns are called is nothing that a list of terms shows.
            Event::Start(Tag::TableHead) => in_head = true,
            Event::End(TagEnd::TableHead) => in_head = false,
            _ if in_head => {}
            Event::Start(Tag::Item) => page.push_str(".IP \\(bu 2\n"),
            Event::End(TagEnd::Item | TagEnd::TableRow) => page.push('\n'),
            Event::Start(Tag::TableRow) => {
                page.push_str(".TP\n");
                cell = 0;
            }
            Event::End(TagEnd::TableCell) => {
                page.push_str(if cell == 0 { "\n" } else { "\n.br\n" });
                cell += 1;
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented)) => {
                in_code = true;
                page.push_str(".PP\n.RS 4\n.nf\n");
            }
            Event::End(TagEnd::CodeBlock) => {
                in_code = false;
                page.push_str(".fi\n.RE\n");
            }
            Event::Text(words) if in_code => {
                page.push_str(&escaped(&words));
                page.push('\n');
            }
            Event::Text(words) => page.push_str(&escaped(&words)),
            Event::Code(words) => write!(page, "\\fB{}\\fR", escaped(&words)).expect("memory"),
            Event::SoftBreak | Event::HardBreak => page.push('\n'),
            Event::Start(Tag::Emphasis | Tag::Strong) => page.push_str("\\fB"),
            Event::End(TagEnd::Emphasis | TagEnd::Strong) => page.push_str("\\fR"),
            _ => {}
        }
    }
}
