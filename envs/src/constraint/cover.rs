//! Exact cover: choose sets that together contain every element once.
//!
//! A worked puzzle of 4 elements: `s1 {1 2} s2 {2 3} s3 {3 4} s4 {4}`. Only `s1` contains 1, so `s2` is out, and `s3` has to supply 3.
//!
//! Source: Karp (1972); Knuth (2000), "Dancing Links". The sets are the parts of a random partition, and further random sets.
//!
//! A value tells whether a set is chosen: 1 or 0. Identity: the order of sets, and of elements in them, does not count.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::answer::Assigned;
use super::chosen;
use super::model::{self, Kind, Model};
use super::network::Network;
use super::rule::{Relation, Rule};
use super::told::PromptParts;
use super::{Settings, names};
use crate::about::About;
use crate::answers::{Read, Token};
use crate::draw::Draw;
use crate::environment::twin::Structure;
use crate::environment::twin::tags::{GROUP, IN, LINE};
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::instruct::{Instructions, block, line, listed};
use crate::prompt::numbers;
use crate::settings::{Amount, Range, amount_within, within};
use crate::text::{Style, write_number_in};
use serde_json::{Value, json};

/// Greatest number of elements, and of sets.
const MOST: usize = 60;

/// The words before the parts of a puzzle in prompts for models that speak.
const ELEMENTS: &str = "Elements: 1 to ";
const SETS: &str = "Sets:";

/// Settings of exact cover.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of elements: 2 to 60.
    pub elements: Amount,
    /// Number of sets: 2 to 60.
    pub sets: Amount,
    /// Greatest number of elements in a set: 2 to 10.
    pub largest: u64,
    /// Whether the solution must be unique.
    pub unique: bool,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            elements: Amount::Between(Range { min: 8, max: 12 }),
            sets: Amount::Between(Range { min: 10, max: 16 }),
            largest: 4,
            unique: false,
        }
    }
}

/// A puzzle of exact cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExactCover {
    /// Number of elements.
    elements: usize,
    /// The elements of each set, counted from 1.
    sets: Vec<Vec<u8>>,
}

impl Model for ExactCover {
    fn network(&self) -> Arc<Network> {
        let rule = |element: usize| {
            let holds = |(_, set): &(usize, &Vec<u8>)| set.iter().any(|&held| usize::from(held) == element);
            let holding = self.sets.iter().enumerate().filter(holds);
            let terms = holding.map(|(set, _)| (set as u8, 1)).collect();
            Rule::Linear { terms, offset: 0, relation: Relation::Equal, total: 1 }
        };
        let values = vec!["0".to_string(), "1".to_string()];
        Arc::new(Network::new(names::numbered("s", self.sets.len()), values, (1..=self.elements).map(rule).collect()))
    }

    fn canonical(&self) -> Box<dyn Model> {
        let mut sets = self.sets.clone();
        sets.iter_mut().for_each(|set| set.sort_unstable());
        sets.sort_unstable();
        Box::new(ExactCover { elements: self.elements, sets })
    }

    /// Elements may be renamed, and sets listed in another order.
    fn twin(&self) -> Option<Vec<u8>> {
        let mut structure = Structure::new();
        let elements = structure.nodes(self.elements, LINE);
        for set in &self.sets {
            let node = structure.node(GROUP);
            let mut held: Vec<usize> = set.iter().map(|&element| usize::from(element)).collect();
            held.sort_unstable();
            held.dedup();
            held.into_iter().for_each(|element| structure.fact(IN, &[elements[element - 1], node]));
        }
        Some(structure.key().to_vec())
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let elements = self.elements;
        out.extend_from_slice(
            match style {
                Style::Frame => format!("1 to {elements}: "),
                Style::Compact => format!("{elements} "),
                Style::Prose => format!(
                    "Choose sets so that each of the numbers 1 to {elements} is in exactly one of them. A state lists whether s1, s2 and so on are chosen, 1 or 0, with _ where that is open. The sets are "
                ),
            }
            .as_bytes(),
        );
        for (place, set) in self.sets.iter().enumerate() {
            if place > 0 {
                out.push(b' ');
            }
            out.extend_from_slice(names::SETS[place].as_bytes());
            out.extend_from_slice(if style == Style::Compact { b" [" } else { b" {" });
            for (place, &element) in set.iter().enumerate() {
                if place > 0 || style == Style::Compact {
                    out.push(b' ');
                }
                write_number_in(style, element.into(), out);
            }
            out.extend_from_slice(if style == Style::Compact { b" ]" } else { b"}" });
        }
    }

    fn read_plain_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        chosen::sets(network, &self.sets, tokens)
    }

    /// The number of elements, or of sets.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.elements as u64 } else { self.sets.len() as u64 }
    }

    fn instructions(&self) -> Instructions {
        let sets = self.sets.iter().zip(1..).map(|(set, at)| format!("\ns{at}: {}", listed(set)));
        let rules = [
            "Choose some of the sets, so that every element is in exactly one of the chosen sets: none may be missing, and none may be in two of them. Any such choice is right.",
            "Each set below contains some of the elements. Pick sets that do not overlap and that together contain all elements. If several choices do it, any one will do.",
            "Find an exact cover: a collection of the sets in which each element occurs once and only once. Sets that you do not need are left out. Any solution counts.",
        ];
        let layout = format!("{ELEMENTS}{}\n{SETS}{}", self.elements, sets.collect::<String>());
        Instructions::new(
            rules,
            layout,
            "Write for every set whether it is chosen, 1 for yes and 0 for no, separated by commas, in this form: s1 = 1, s2 = 0, and so on.",
        )
    }
}

impl Kind for ExactCover {
    const ABOUT: About = About {
        name: "exact-cover",
        version: 3,
        help: "choose sets that hold every element once; up to 60 sets",
        answer_form: "the chosen sets, such as s1, s3",
        words: &names::SETS,
        keys: &["elements", "sets"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str = r#"{"elements":4,"sets":[[1,2],[2,3],[3,4],[4]]}"#;
    type Config = Config;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        let first =
            told.header.find(if told.style == Style::Compact { "s1 [" } else { "s1 {" }).unwrap_or(told.header.len());
        let (head, listed) = told.header.split_at_checked(first)?;
        let head = numbers(told.style, head)?;
        let elements = head.get(usize::from(told.style != Style::Compact))?;
        let set = |set: &str| {
            let (_, held) = set.split_once(['[', '{'])?;
            numbers(told.style, held)
        };
        let sets = listed.split([']', '}']).filter(|set| !set.trim().is_empty()).map(set);
        Some(json!({"elements": elements, "sets": sets.collect::<Option<Vec<_>>>()?}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        let set = |line: &str| numbers(Style::Frame, line.split_once(": ")?.1);
        let sets = block(layout, SETS, "")?.into_iter().map(set).collect::<Option<Vec<_>>>()?;
        Some(json!({"elements": numbers(Style::Frame, line(layout, ELEMENTS)?)?.first()?, "sets": sets}))
    }

    fn settings(config: Config) -> Settings {
        Settings::ExactCover(config)
    }

    fn config(settings: &Settings) -> Option<&Config> {
        if let Settings::ExactCover(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [Config; 3] {
        let between = |min, max| Amount::Between(Range { min, max });
        [
            Config { elements: between(5, 7), sets: between(6, 9), largest: 3, unique: false },
            Config::default(),
            Config { elements: between(16, 20), sets: between(24, 30), largest: 5, unique: false },
        ]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        amount_within("elements", config.elements, 2, MOST as u64)?;
        amount_within("sets", config.sets, 2, MOST as u64)?;
        within("largest", config.largest, 2, 10)?;
        let parts = config.elements.max().div_ceil(config.largest.div_ceil(2));
        if parts > config.sets.min() {
            return Err(ConfigError::new(
                "sets",
                config.sets.min(),
                format!("at least {parts}, for the parts of a solution"),
            ));
        }
        Ok(())
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let (elements, count) = (config.elements.draw(draw), config.sets.draw(draw));
        let mut order: Vec<u8> = (1..=elements as u8).collect();
        draw.shuffle(&mut order);
        let mut sets: Vec<Vec<u8>> = Vec::with_capacity(count);
        while !order.is_empty() {
            let size = draw.between(1, config.largest).min(order.len() as u64) as usize;
            sets.push(order.split_off(order.len() - size));
        }
        let mut all: Vec<u8> = (1..=elements as u8).collect();
        while sets.len() < count {
            let size = draw.between(1, config.largest).min(elements as u64) as usize;
            draw.shuffle(&mut all);
            sets.push(all[..size].to_vec());
        }
        sets.iter_mut().for_each(|set| set.sort_unstable());
        draw.shuffle(&mut sets);
        let mut sorted = sets.clone();
        sorted.sort_unstable();
        if sets.len() > count || sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Reject);
        }
        let puzzle = ExactCover { elements, sets };
        if config.unique && !model::is_unique(&puzzle.network(), &[]) { Err(Reject) } else { Ok(puzzle) }
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        if !(1..=MOST).contains(&self.elements) {
            return Err(PuzzleError::new("elements", self.elements, format!("1 to {MOST}")));
        }
        if !(1..=MOST).contains(&self.sets.len()) {
            return Err(PuzzleError::new("sets", format!("{} of them", self.sets.len()), format!("1 to {MOST}")));
        }
        let good = |set: &&Vec<u8>| {
            let known = set.iter().all(|&element| (1..=self.elements).contains(&usize::from(element)));
            known && set.iter().enumerate().all(|(place, element)| !set[..place].contains(element))
        };
        let wrong = self.sets.iter().find(|set| !good(set));
        wrong.map_or(Ok(()), |set| {
            Err(PuzzleError::new("sets", set, format!("elements from 1 to {}, each once", self.elements)))
        })
    }
}
