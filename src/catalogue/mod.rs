//! The catalogue: what is known of each service, as data.

mod service;

pub use service::*;
