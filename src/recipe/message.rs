//! Messages of the TOML and JSON readers in words that need no knowledge of Rust, and the line of a field in a recipe.

/// Rewrites a reader's message in plain words, and adds the nearest name where a field or a choice is unknown.
pub fn plain(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let unknown = message.contains("unknown field") || message.contains("unknown variant");
    let mut plain = message.trim_end().to_string();
    for (theirs, ours) in WORDS {
        if plain.contains(theirs) {
            plain = plain.replace(theirs, ours);
        }
    }
    match quoted.split_first() {
        Some((found, allowed)) if unknown => match crate::names::nearest(found, allowed.iter().copied()) {
            Some(name) => format!("{plain}; did you mean `{name}`?"),
            None => plain,
        },
        _ => plain,
    }
}

/// Phrases with Rust types, and the words for them.
const WORDS: [(&str, &str); 12] = [
    ("expected u64", "expected a whole number from 0 on"),
    ("expected usize", "expected a whole number from 0 on"),
    ("expected u32", "expected a whole number from 0 to 4294967295"),
    ("expected struct Range", "expected a range such as { min = 1, max = 99 }"),
    ("expected struct SearchConfig", "expected an object such as {\"kind\": \"dfs\"}"),
    ("expected struct WeightedSearch", "expected a table such as { kind = \"dfs\" }"),
    ("expected struct Split", "expected a table such as { rows = 1000 }"),
    ("expected struct RecordConfig", "expected a table such as { kind = \"search\" }"),
    ("expected struct HoldOut", "expected a table such as { key = \"target\", percent = 10 }"),
    (
        "data did not match any variant of untagged enum Threshold",
        "threshold: expected a whole number or a name in quotes",
    ),
    (
        "data did not match any variant of untagged enum Targets",
        "expected a range such as { min = 10, max = 100 }, or a list such as [24, 36]",
    ),
    ("expected a sequence", "expected a list"),
];

/// The line, from 1, of a field such as `splits.train.rows` in a recipe; or of its innermost part that is there. None where no part is there,
/// or where a list has several items.
pub fn line_of(text: &str, field: &str) -> Option<usize> {
    use toml::de::{DeTable, DeValue};
    let root = DeTable::parse(text).ok()?;
    let mut table = root.get_ref();
    let mut found = None;
    for part in field.split('.') {
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == part) else { break };
        found = Some(key.span().start);
        table = match value.get_ref() {
            DeValue::Table(inner) => inner,
            DeValue::Array(items) => match &items[..] {
                [item] => item.get_ref().as_table()?,
                _ => return None,
            },
            _ => break,
        };
    }
    Some(text.get(..found?)?.matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::{line_of, plain};

    #[test]
    fn readers_messages_are_plain() {
        assert_eq!(plain("integer `-9`, expected u64"), "integer `-9`, expected a whole number from 0 on");
        let unknown = "unknown field `sed`, expected one of `name`, `seed`";
        assert_eq!(plain(unknown), format!("{unknown}; did you mean `seed`?"));
        assert_eq!(plain("unknown field `zzzzzz`, expected `name`"), "unknown field `zzzzzz`, expected `name`");
    }

    #[test]
    fn fields_are_found_in_the_text() {
        let text =
            "seed = 1\n[splits.train]\nshare = 3\nrows = 7\n[[records]]\nkind = \"a\"\n[[records]]\nkind = \"b\"\n";
        assert_eq!(line_of(text, "splits.train.rows"), Some(4));
        assert_eq!(line_of(text, "splits.train.held_out"), Some(2));
        assert_eq!(line_of(text, "seed"), Some(1));
        assert_eq!(line_of(text, "records.kind"), None);
        assert_eq!(line_of(text, "mixture"), None);
    }
}
