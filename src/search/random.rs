//! Random settings of searches, for tests that try all of them.

use sos_envs::{About, Draw};

use super::{Number, SearchConfig, SearchEntry, Threshold, Ties};

/// Random settings of a search: those it needs, and some optional ones. They may contradict each other. `nodes` is its limit.
pub fn random_config(about: &About, entry: &SearchEntry, nodes: u64, draw: &mut Draw) -> SearchConfig {
    let mut config = SearchConfig::new(entry.name);
    config.max_nodes = Some(nodes);
    config.ties = if draw.chance(1, 2) { Ties::Random } else { Ties::Insertion };
    let name = |names: &[&'static str], draw: &mut Draw| draw.choose(names).map(|name| name.to_string());
    for (field, needed) in entry.settings() {
        if !needed && draw.chance(1, 2) {
            continue;
        }
        match field {
            "threshold" => config.threshold = Some(Threshold::Number(draw.below(30))),
            "heuristic" => config.heuristic = draw.choose(about.heuristics).map(|heuristic| heuristic.name.into()),
            "variables" => config.variables = name(about.variable_orders, draw),
            "propagation" => config.propagation = name(about.propagations, draw),
            "inference" => config.inference = name(about.inferences, draw),
            _ => {
                let Some(number) = Number::all().find(|number| number.name() == field) else { continue };
                let (least, most) = match number {
                    Number::Width => (1, 5),
                    Number::WeightPercent => (100, 300),
                    Number::Restarts | Number::FailedLeaves => (0, 3),
                    Number::Steps | Number::Simulations => (1, 50),
                    Number::Tenure | Number::Temperature => (1, 10),
                    Number::CoolingPercent => (50, 98),
                    Number::NoisePercent => (0, 100),
                };
                config.numbers.insert(number, u32::try_from(draw.between(least, most)).unwrap_or(u32::MAX));
            }
        }
    }
    config
}
