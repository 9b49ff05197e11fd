//! The style of the task is that of the new lines.
