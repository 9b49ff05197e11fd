//! Laws of the update, for any edits of people.
