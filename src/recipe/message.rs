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
const WORDS: [(&str, &str); 10] = [
    ("expected u64", "expected a whole number from 0 on"),
    ("expected usize", "expected a whole number from 0 on"),
    ("expected u32", "expected a whole number from 0 to 4294967295"),
    ("expected struct Range", "expected a range such as { min = 1, max = 99 }"),
    ("expected struct SearchConfig", "expected an object such as {\"kind\": \"dfs\"}"),
    ("expected struct WeightedSearch", "expected a table such as { kind = \"dfs\" }"),
    ("expected struct Split", "expected a table such as { rows = 1000 }"),
    ("expected struct RecordConfig", "expected a table such as { kind = \"search\" }"),
    ("expected struct HoldOut", "expected a table such as { key = \"target\", percent = 10 }"),
    ("expected a sequence", "expected a list"),
];

/// The line, from 1, of the field that an error message begins with, such as `splits.train.rows: ` or `searches 2: search.width: `.
pub fn line_of_message(text: &str, message: &str) -> Option<usize> {
    let (field, rest) = message.split_once(": ")?;
    let (list, number) = field.rsplit_once(' ').unwrap_or((field, ""));
    if !["environments", "searches", "records"].contains(&list) || number.parse::<usize>().is_err() {
        return line_of(text, field);
    }
    // The message names the item's field as `search.width`, or by the folder of a record, as `records.optimal.nth`.
    let own = rest.split_once(": ").map_or("", |(own, _)| own);
    let own = own.strip_prefix("search.").or_else(|| own.strip_prefix("records.")).unwrap_or(own);
    let short = own.split_once('.').map_or(own, |(_, setting)| setting);
    let lines = [own, short].map(|own| line_of(text, &format!("{field}.{own}")));
    // A part that is not there gives the line of the item.
    lines.into_iter().flatten().max()
}

/// The line, from 1, of a field such as `splits.train.rows` or `searches 2.width` in a recipe; or of its innermost part that is there. None where no part
/// is there, or where a list has several items and no number says which one is meant.
fn line_of(text: &str, field: &str) -> Option<usize> {
    use toml::de::{DeTable, DeValue};
    let root = DeTable::parse(text).ok()?;
    let mut table = root.get_ref();
    let mut found = None;
    for part in field.split('.') {
        let (part, number) = match part.rsplit_once(' ').map(|(part, number)| (part, number.parse::<usize>())) {
            Some((part, Ok(number))) => (part, Some(number)),
            _ => (part, None),
        };
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == part) else { break };
        found = Some(key.span().start);
        table = match value.get_ref() {
            DeValue::Table(inner) => inner,
            DeValue::Array(items) => {
                let item = match (&items[..], number) {
                    (items, Some(number)) => items.get(number.checked_sub(1)?)?,
                    ([item], None) => item,
                    _ => return None,
                };
                found = Some(item.span().start);
                item.get_ref().as_table()?
            }
            _ => break,
        };
    }
    Some(text.get(..found?)?.matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::{line_of, line_of_message, plain};

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
        assert_eq!(line_of(text, "records 2.kind"), Some(8));
        assert_eq!(line_of(text, "records 3.kind"), None);
        assert_eq!(line_of_message(text, "records 2: records.kind: found \"b\""), Some(8));
        assert_eq!(line_of_message(text, "records 2: records.b.nth: found 0"), Some(7));
        assert_eq!(line_of_message(text, "splits.train.rows: found 7"), Some(4));
        assert_eq!(line_of(text, "mixture"), None);
    }
}
