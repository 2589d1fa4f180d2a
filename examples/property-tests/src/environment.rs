//! Your own environment: `own_environment::Jugs`.

#[cfg(test)]
mod tests {
    use own_environment::{Jugs, JugsConfig};
    use proptest::prelude::*;
    use sos_envs::laws::check_laws;
    use stream_of_search::{arena, strategies::damaged_traces};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20))]

        #[test]
        fn it_keeps_the_laws(largest in 2u64..=60) {
            prop_assert_eq!(check_laws::<Jugs>(&[JugsConfig { largest }], largest, 3), Ok(()));
        }

        #[test]
        fn what_is_planted_in_its_traces_is_found(damaged in { arena::add::<Jugs>(); damaged_traces("jugs", "compact") }) {
            prop_assert_eq!(crate::first_error(&damaged.puzzle, "compact", &damaged.text), Some(damaged.defect.class));
        }
    }
}
