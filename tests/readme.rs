//! The README shows what the program prints. `GIT_RALLY_BLESS=1` writes it anew.

mod support;

use std::fs;
use std::path::Path;

use support::Sandbox;

#[test]
fn the_readme_shows_real_output() {
    let sandbox = Sandbox::new();
    let run = |args: &[&str]| {
        let ran = sandbox.rally(sandbox.dir.path(), args);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.out
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).expect("README.md");
    let mut wanted = readme.clone();
    for (part, text) in [
        ("demo", run(&["demo"])),
        ("help", run(&["-h"])),
        ("services", run(&["services"])),
    ] {
        wanted = with(&wanted, part, &text);
    }
    if std::env::var_os("GIT_RALLY_BLESS").is_some() {
        fs::write(&path, &wanted).expect("README.md");
    } else {
        assert!(
            readme == wanted,
            "README.md shows old output: GIT_RALLY_BLESS=1 cargo test --test readme, and read the difference"
        );
    }
}

/// Returns the text with the block between `<!-- part -->` and `<!-- end of part -->` replaced.
fn with(text: &str, part: &str, output: &str) -> String {
    let (open, close) = (
        format!("<!-- {part} -->\n"),
        format!("<!-- end of {part} -->"),
    );
    let (before, rest) = text.split_once(&open).expect("an opening mark");
    let (_, after) = rest.split_once(&close).expect("a closing mark");
    format!(
        "{before}{open}```\n{}\n```\n{close}{after}",
        output.trim_end()
    )
}
