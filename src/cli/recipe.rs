//! `sos recipe`: a ready recipe, to look at or to change.

use std::io::Write;

use super::Failure;
use crate::recipe::ready::{nearest, ready};

/// `sos recipe`
#[derive(clap::Args)]
pub struct Arguments {
    /// The name: `sos list recipes`
    name: String,
}

/// Prints the text of the recipe.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let name = &arguments.name;
    let text = ready(name).ok_or_else(|| {
        let hint = nearest(name).map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
        Failure::Request(format!("found \"{name}\"; allowed: a name of `sos list recipes`{hint}"))
    })?;
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}
