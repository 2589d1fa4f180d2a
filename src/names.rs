//! Suggestions for names that do not exist.

/// The nearest of the allowed names, if it is near enough for a typing error. The time is linear in its length, since anybody can send a name of megabytes.
pub fn nearest<'a>(found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let length = found.chars().count();
    // Names of other lengths are at least as far away as the lengths are.
    let near = allowed.into_iter().filter(|name| length.abs_diff(name.chars().count()) <= most_slips(name));
    let slips = near.map(|name| (strsim::damerau_levenshtein(&found.to_lowercase(), &name.to_lowercase()), name));
    let (distance, name) = slips.min_by_key(|(distance, _)| *distance)?;
    (distance <= most_slips(name)).then(|| name.to_string())
}

/// Most slips in a name that is still meant.
fn most_slips(name: &str) -> usize {
    1 + name.len() / 3
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_near_names_are_suggested() {
        assert_eq!(super::nearest("beem", ["dfs", "beam"]), Some("beam".into()));
        assert_eq!(super::nearest("zzzzzz", ["dfs", "beam"]), None);
        assert_eq!(super::nearest(&"z".repeat(1 << 24), ["dfs", "beam"]), None);
    }
}
