use crate::merge::{Conflict, Lines, Sides};
pub fn merge_lines(sides: &Sides<'_>) -> Lines {
    if sides.theirs == sides.base {
        return Lines::Clean(sides.ours.to_owned());
    }
    if sides.ours == sides.base || sides.ours == sides.theirs {
        return Lines::Clean(sides.theirs.to_owned());
    }
    Lines::Conflicts(vec![Conflict {
        line: 1,
        last: sides.theirs.lines().count(),
        base: sides.base.to_owned(),
        theirs: sides.theirs.to_owned(),
        ours: sides.ours.to_owned(),
    }])
}
