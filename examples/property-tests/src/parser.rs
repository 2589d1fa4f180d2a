//! Your own parser.

/// The states that the search visits according to a text in the dialect `stream-of-search`, for Countdown: the numbers of each. None if a line with a state
/// cannot be read.
pub fn visited(text: &[u8]) -> Option<Vec<Vec<u64>>> {
    let text = std::str::from_utf8(text).ok()?;
    text.lines().filter_map(|line| line.strip_prefix("Current State: ")).map(numbers).collect()
}

/// The numbers of a state such as `24:[2, 3, 4], Operations: []`.
fn numbers(state: &str) -> Option<Vec<u64>> {
    let (_, list) = state.split_once(":[")?;
    let (list, _) = list.split_once(']')?;
    list.split(", ").map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use stream_of_search::strategies::{hostile_texts, traces};
    use stream_of_search::trace::EventKind;

    const LIKE: &str =
        "Current State: 24:[2, 3, 4], Operations: []\nExploring Operation: 2*3=6, Resulting Numbers: [4, 6]\n";

    proptest! {
        #[test]
        fn it_reads_every_visit(searched in traces("countdown")) {
            let visits = searched.trace.events.iter().filter(|event| event.kind == EventKind::Visit).count();
            prop_assert_eq!(visited(&searched.text("stream-of-search").unwrap()).map(|states| states.len()), Some(visits));
        }

        #[test]
        fn it_lives_with_any_text(text in hostile_texts(LIKE)) {
            visited(&text);
        }
    }
}
