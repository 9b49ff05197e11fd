//! Three-way merge of texts.

pub struct Sides<'a> {
    pub base: &'a str,
    pub theirs: &'a str,
    pub ours: &'a str,
}
pub struct Merged {
    pub text: String,
    pub kept: Vec<Kept>,
}
pub struct Kept {
    pub line: usize,
    pub what: String,
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub line: usize,
    pub last: usize,
    pub base: String,
    pub theirs: String,
    pub ours: String,
}
pub enum Lines {
    Clean(String),
    Conflicts(Vec<Conflict>),
}
pub type MergeLines<'a> = &'a dyn Fn(&Sides<'_>) -> Lines;

pub fn text(sides: &Sides<'_>, lines: MergeLines<'_>) -> Result<Merged, Vec<Conflict>> {
    match lines(sides) {
        Lines::Clean(text) => Ok(Merged {
            text,
            kept: Vec::new(),
        }),
        Lines::Conflicts(all) => Err(all),
    }
}
pub fn yaml(sides: &Sides<'_>, lines: MergeLines<'_>) -> Result<Merged, Vec<Conflict>> {
    text(sides, lines)
}
