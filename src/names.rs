//! Suggestions for names that do not exist.

/// The nearest of the allowed names, if it is near enough for a typing error.
pub fn nearest<'a>(found: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let best = allowed
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&found.to_lowercase(), &name.to_lowercase()), name))
        .min_by_key(|(distance, _)| *distance)?;
    (best.0 <= 1 + best.1.len() / 3).then(|| best.1.to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_near_names_are_suggested() {
        assert_eq!(super::nearest("beem", ["dfs", "beam"]), Some("beam".into()));
        assert_eq!(super::nearest("zzzzzz", ["dfs", "beam"]), None);
    }
}
