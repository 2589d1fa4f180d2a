//! Choice of numbers: subset sum, knapsack and number partition.
//!
//! - Subset sum: the chosen numbers add up to a target. For 3, 5, 8 and 9 with target 17: 8 and 9, or 3, 5 and 9.
//! - Knapsack: the weights of the chosen things fit a capacity, and their values reach a required total. This total is the optimum, found by dynamic
//!   programming over capacities (Bellman 1957), so every solution is optimal.
//! - Number partition: the numbers are split into two halves with the same sum. The first number is in the half with value 1.
//!
//! Source: Karp (1972). A value tells whether a thing is chosen: 1 or 0. Identity: the order of the things does not count.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::answer::Assigned;
use super::chosen;
use super::model::{Kind, Model};
use super::network::Network;
use super::rule::{Relation, Rule};
use super::told::PromptParts;
use super::{OPEN, Settings, names};
use crate::about::About;
use crate::answers::{Read, Token};
use crate::draw::Draw;
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::instruct::{Instructions, block, line, listed};
use crate::prompt::numbers;
use crate::settings::{Amount, Range, Solvable, amount_within, within};
use crate::text::{Style, write_number_in};
use serde_json::{Value, json};

/// Greatest number of things.
const MOST_THINGS: usize = 24;
/// Greatest number, weight or value.
const GREATEST: u64 = 10_000;

fn things() -> Amount {
    Amount::Between(Range { min: 8, max: 12 })
}

fn network(things: usize, sums: Vec<(Vec<u64>, Relation, u64)>) -> Arc<Network> {
    let rule = |(numbers, relation, total): (Vec<u64>, Relation, u64)| Rule::Linear {
        terms: numbers.iter().enumerate().map(|(thing, &number)| (thing as u8, number as i32)).collect(),
        offset: 0,
        relation,
        total: total as i64,
    };
    let values = vec!["0".to_string(), "1".to_string()];
    Arc::new(Network::new(names::numbered("i", things), values, sums.into_iter().map(rule).collect()))
}

fn write_numbers(numbers: &[u64], style: Style, out: &mut Vec<u8>) {
    for (place, &number) in numbers.iter().enumerate() {
        if place > 0 {
            out.extend_from_slice(if style == Style::Prose { b", " } else { b" " });
        }
        write_number_in(style, number, out);
    }
}

fn validate_numbers(field: &str, numbers: &[u64], least: u64) -> Result<(), PuzzleError> {
    if !(1..=MOST_THINGS).contains(&numbers.len()) {
        return Err(PuzzleError::new(field, format!("{} of them", numbers.len()), format!("1 to {MOST_THINGS}")));
    }
    let wrong = numbers.iter().find(|number| !(least..=GREATEST).contains(number));
    wrong.map_or(Ok(()), |number| Err(PuzzleError::new(field, number, format!("{least} to {GREATEST}"))))
}

fn check_numbers(things: Amount, numbers: Range) -> Result<(), ConfigError> {
    amount_within("things", things, 2, MOST_THINGS as u64)?;
    amount_within("numbers", Amount::Between(numbers), 1, GREATEST)
}

fn draw_numbers(things: Amount, numbers: Range, draw: &mut Draw) -> Vec<u64> {
    let things = things.draw(draw);
    (0..things).map(|_| draw.between(numbers.min, numbers.max)).collect()
}

/// The words before the parts of a puzzle in prompts for models that speak.
const NUMBERS: &str = "Numbers: ";
const TARGET: &str = "Target: ";
const THINGS: &str = "Things:";
const NUMBERS_LISTED: &str = "Numbers:";
const CAPACITY: &str = "Greatest weight together: ";
const LEAST: &str = "Least value together: ";

/// Settings of subset sum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SubsetConfig {
    /// Number of numbers to choose from: 2 to 24.
    pub things: Amount,
    /// The least and the greatest number: 1 to 10,000.
    pub numbers: Range,
    /// Whether a solution is required: `yes`, `no` or `any`. Without `yes` the target is any number up to the sum of all.
    pub solvable: Solvable,
}

impl Default for SubsetConfig {
    fn default() -> Self {
        SubsetConfig { things: things(), numbers: Range { min: 1, max: 50 }, solvable: Solvable::Yes }
    }
}

/// A puzzle of subset sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubsetSum {
    /// The numbers.
    numbers: Vec<u64>,
    /// The sum of the chosen numbers.
    target: u64,
}

impl Model for SubsetSum {
    fn network(&self) -> Arc<Network> {
        network(self.numbers.len(), vec![(self.numbers.clone(), Relation::Equal, self.target)])
    }

    fn canonical(&self) -> Box<dyn Model> {
        let mut numbers = self.numbers.clone();
        numbers.sort_unstable();
        Box::new(SubsetSum { numbers, target: self.target })
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        if style == Style::Prose {
            out.extend_from_slice(
                b"Choose numbers that sum up to the target. A state lists whether i1, i2 and so on are chosen, 1 or 0, with _ where that is open. The numbers and the target are ",
            );
        }
        write_numbers(&self.numbers, style, out);
        out.extend_from_slice(b" -> ");
        write_number_in(style, self.target, out);
    }

    fn read_plain_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        chosen::numbers(network, &self.numbers, tokens)
    }

    /// The number of numbers, or the target.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.numbers.len() as u64 } else { self.target }
    }

    fn instructions(&self) -> Instructions {
        let rules = [
            "Choose some of the numbers, so that the chosen ones add up exactly to the target. Each number of the list can be chosen at most once; a number that is listed several times can be chosen as often as it is listed. Any such choice is right.",
            "Find numbers in the list whose sum is the target. You may use each entry of the list once or not at all. If several choices have that sum, any one will do.",
            "Which of the numbers below make exactly the target when they are added? Take each entry at most once. Any solution counts.",
        ];
        let layout = format!("{NUMBERS}{}\n{TARGET}{}", listed(&self.numbers), self.target);
        let example = if self.target == 3 { "1, 3" } else { "1, 2" };
        Instructions::new(
            rules,
            layout,
            format!("Write the chosen numbers, separated by commas, in this form: {example}."),
        )
    }
}

impl Kind for SubsetSum {
    const ABOUT: About = About {
        name: "subset-sum",
        version: 3,
        help: "choose numbers that sum up to a target; up to 24 numbers",
        answer_form: "the chosen numbers, such as 3 + 5 + 9",
        words: &names::ITEMS,
        keys: &["things", "target"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str = r#"{"numbers":[3,5,8,9],"target":17}"#;
    type Config = SubsetConfig;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        let mut numbers = read_numbers(told)?;
        let target = numbers.pop()?;
        Some(json!({"numbers": numbers, "target": target}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        let list = |label: &str| numbers(Style::Frame, line(layout, label)?);
        Some(json!({"numbers": list(NUMBERS)?, "target": list(TARGET)?.first()?}))
    }

    fn settings(config: SubsetConfig) -> Settings {
        Settings::SubsetSum(config)
    }

    fn config(settings: &Settings) -> Option<&SubsetConfig> {
        if let Settings::SubsetSum(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [SubsetConfig; 3] {
        let level = |min, max, greatest| SubsetConfig {
            things: Amount::Between(Range { min, max }),
            numbers: Range { min: 1, max: greatest },
            solvable: Solvable::Yes,
        };
        [level(5, 7, 30), SubsetConfig::default(), level(14, 18, 999)]
    }

    fn check(config: &SubsetConfig) -> Result<(), ConfigError> {
        check_numbers(config.things, config.numbers)
    }

    fn generate(config: &SubsetConfig, draw: &mut Draw) -> Result<Self, Reject> {
        let numbers = draw_numbers(config.things, config.numbers, draw);
        let target = match config.solvable {
            Solvable::Yes => numbers.iter().filter(|_| draw.chance(1, 2)).sum(),
            _ => draw.between(1, numbers.iter().sum()),
        };
        if target == 0 { Err(Reject) } else { Ok(SubsetSum { numbers, target }) }
    }

    fn accepts(config: &SubsetConfig, solvable: bool) -> bool {
        config.solvable.accepts(solvable)
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        validate_numbers("numbers", &self.numbers, 1)?;
        let most = GREATEST * MOST_THINGS as u64;
        if self.target <= most { Ok(()) } else { Err(PuzzleError::new("target", self.target, format!("0 to {most}"))) }
    }
}

/// Settings of knapsack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KnapsackConfig {
    /// Number of things to choose from: 2 to 24.
    pub things: Amount,
    /// The least and the greatest weight and value: 1 to 10,000.
    pub numbers: Range,
    /// The capacity, in percent of all weights: 10 to 90.
    pub capacity_percent: u64,
}

impl Default for KnapsackConfig {
    fn default() -> Self {
        KnapsackConfig { things: things(), numbers: Range { min: 1, max: 50 }, capacity_percent: 50 }
    }
}

/// A knapsack puzzle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knapsack {
    /// The weight of each thing.
    weights: Vec<u64>,
    /// The value of each thing.
    values: Vec<u64>,
    /// Greatest weight of the chosen things.
    capacity: u64,
    /// Least value of the chosen things.
    least: u64,
}

/// The greatest value that fits a capacity.
fn best(weights: &[u64], values: &[u64], capacity: u64) -> u64 {
    let mut best = vec![0u64; capacity as usize + 1];
    for (&weight, &value) in weights.iter().zip(values) {
        for room in (weight as usize..best.len()).rev() {
            best[room] = best[room].max(best[room - weight as usize] + value);
        }
    }
    best[capacity as usize]
}

impl Model for Knapsack {
    fn network(&self) -> Arc<Network> {
        let fits = (self.weights.clone(), Relation::AtMost, self.capacity);
        network(self.weights.len(), vec![fits, (self.values.clone(), Relation::AtLeast, self.least)])
    }

    fn canonical(&self) -> Box<dyn Model> {
        let mut things: Vec<(u64, u64)> = self.weights.iter().copied().zip(self.values.iter().copied()).collect();
        things.sort_unstable();
        let (weights, values) = things.into_iter().unzip();
        Box::new(Knapsack { weights, values, ..*self })
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let words: [&[u8]; 3] = match style {
            Style::Compact => [b" <= ", b" , ", b" >= "],
            Style::Frame => [b" <= ", b", ", b" >= "],
            Style::Prose => [
                " and those of the chosen things may sum up to ",
                ". The worths are ",
                " and those of the chosen things must sum up to at least ",
            ]
            .map(str::as_bytes),
        };
        if style == Style::Prose {
            out.extend_from_slice(
                b"Choose things that are light and worth enough together. A state lists whether i1, i2 and so on are chosen, 1 or 0, with _ where that is open. The weights are ",
            );
        }
        write_numbers(&self.weights, style, out);
        out.extend_from_slice(words[0]);
        write_number_in(style, self.capacity, out);
        out.extend_from_slice(words[1]);
        write_numbers(&self.values, style, out);
        out.extend_from_slice(words[2]);
        write_number_in(style, self.least, out);
    }

    fn read_plain_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        chosen::things(network, &self.weights, &self.values, tokens)
    }

    /// The number of things, or the capacity.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.weights.len() as u64 } else { self.capacity }
    }

    fn instructions(&self) -> Instructions {
        let things = self.weights.iter().zip(&self.values).zip(1..);
        let thing = |((weight, value), at): ((&u64, &u64), usize)| format!("\ni{at}: weight {weight}, value {value}");
        let things: String = things.map(thing).collect();
        let rules = [
            "Pack a knapsack: choose things, so that their weights together are not more than the greatest weight and their values together are at least the least value. Each thing can be taken once. Any such choice is right.",
            "Each of the things below has a weight and a value. Choose some of them. The sum of the weights of the chosen things may not exceed the greatest weight, and the sum of their values must reach the least value. No thing can be taken twice. If several choices do it, any one will do.",
            "Decide for every thing whether you take it along. All that you take must not weigh more than the greatest weight in total, and must be worth the least value or more in total. Any solution counts.",
        ];
        let layout = format!("{THINGS}{things}\n{CAPACITY}{}\n{LEAST}{}", self.capacity, self.least);
        Instructions::new(
            rules,
            layout,
            "Write for every thing whether it is taken, 1 for yes and 0 for no, separated by commas, in this form: i1 = 1, i2 = 0, and so on.",
        )
    }
}

impl Kind for Knapsack {
    const ABOUT: About = About {
        name: "knapsack",
        version: 3,
        help: "choose things that fit a capacity and are worth the most that fits; up to 24 things",
        answer_form: "the chosen things, such as i1, i3, i4",
        words: &names::ITEMS,
        keys: &["things", "capacity"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str = r#"{"weights":[2,3,4],"values":[3,4,6],"capacity":6,"least":9}"#;
    type Config = KnapsackConfig;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        let mut weights = read_numbers(told)?;
        let mut values = weights.split_off(weights.len() / 2);
        let (least, capacity) = (values.pop()?, weights.pop()?);
        Some(json!({"weights": weights, "values": values, "capacity": capacity, "least": least}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        let list = |label: &str| numbers(Style::Frame, line(layout, label)?);
        let thing = |line: &str| Some((number_after(line, "weight ")?, number_after(line, "value ")?));
        let things = block(layout, THINGS, CAPACITY)?.into_iter().map(thing).collect::<Option<Vec<_>>>()?;
        let (weights, values): (Vec<u64>, Vec<u64>) = things.into_iter().unzip();
        Some(
            json!({"weights": weights, "values": values, "capacity": list(CAPACITY)?.first()?, "least": list(LEAST)?.first()?}),
        )
    }

    fn settings(config: KnapsackConfig) -> Settings {
        Settings::Knapsack(config)
    }

    fn config(settings: &Settings) -> Option<&KnapsackConfig> {
        if let Settings::Knapsack(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [KnapsackConfig; 3] {
        let level = |min, max, greatest| KnapsackConfig {
            things: Amount::Between(Range { min, max }),
            numbers: Range { min: 1, max: greatest },
            ..KnapsackConfig::default()
        };
        [level(5, 7, 30), KnapsackConfig::default(), level(14, 18, 200)]
    }

    fn check(config: &KnapsackConfig) -> Result<(), ConfigError> {
        check_numbers(config.things, config.numbers)?;
        within("capacity_percent", config.capacity_percent, 10, 90)
    }

    fn generate(config: &KnapsackConfig, draw: &mut Draw) -> Result<Self, Reject> {
        let weights = draw_numbers(config.things, config.numbers, draw);
        let values: Vec<u64> = weights.iter().map(|_| draw.between(config.numbers.min, config.numbers.max)).collect();
        let capacity = weights.iter().sum::<u64>() * config.capacity_percent / 100;
        let least = best(&weights, &values, capacity);
        if least == 0 { Err(Reject) } else { Ok(Knapsack { weights, values, capacity, least }) }
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        validate_numbers("weights", &self.weights, 1)?;
        validate_numbers("values", &self.values, 0)?;
        if self.weights.len() != self.values.len() {
            let found = format!("{} of them", self.values.len());
            return Err(PuzzleError::new("values", found, format!("{}, as many as weights", self.weights.len())));
        }
        let most = GREATEST * MOST_THINGS as u64;
        let wrong = [("capacity", self.capacity), ("least", self.least)].into_iter().find(|(_, number)| *number > most);
        wrong.map_or(Ok(()), |(field, number)| Err(PuzzleError::new(field, number, format!("0 to {most}"))))
    }
}

/// Settings of number partition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PartitionConfig {
    /// Number of numbers: 2 to 24.
    pub things: Amount,
    /// The least and the greatest number: 1 to 10,000.
    pub numbers: Range,
    /// Whether a solution is required: `yes`, `no` or `any`. The sum of all is always even.
    pub solvable: Solvable,
}

impl Default for PartitionConfig {
    fn default() -> Self {
        PartitionConfig { things: things(), numbers: Range { min: 1, max: 50 }, solvable: Solvable::Yes }
    }
}

/// A puzzle of number partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partition {
    /// The numbers; their sum is even.
    numbers: Vec<u64>,
}

impl Model for Partition {
    fn network(&self) -> Arc<Network> {
        let half = self.numbers.iter().sum::<u64>() / 2;
        network(self.numbers.len(), vec![(self.numbers.clone(), Relation::Equal, half)])
    }

    /// The first number is in the half with value 1, since the halves could be exchanged.
    fn givens(&self) -> Vec<u8> {
        let mut givens = vec![OPEN; self.numbers.len()];
        givens[0] = 1;
        givens
    }

    fn canonical(&self) -> Box<dyn Model> {
        let mut numbers = self.numbers.clone();
        numbers.sort_unstable();
        Box::new(Partition { numbers })
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        if style == Style::Prose {
            out.extend_from_slice(
                b"Cut the numbers in two halves of the same sum. A state lists in which half, 1 or 0, each of i1, i2 and so on is, with _ where that is open. The numbers are ",
            );
        }
        write_numbers(&self.numbers, style, out);
    }

    fn read_plain_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        chosen::halves(network, &self.numbers, tokens)
    }

    /// The number of numbers, or their sum.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.numbers.len() as u64 } else { self.numbers.iter().sum() }
    }

    fn instructions(&self) -> Instructions {
        let numbers: String = self.numbers.iter().zip(1..).map(|(number, at)| format!("\ni{at}: {number}")).collect();
        let rules = [
            "Divide the numbers into two groups with the same sum. Each entry of the list goes into exactly one of the groups, called 1 and 0, and the first one, i1, is in group 1. Any such division is right.",
            "Split the list below into two parts, 1 and 0, so that the numbers in both parts add up to the same sum. Every entry belongs to one part, and i1 belongs to part 1. If there are several ways to do it, any one will do.",
            "Put each of the numbers into group 1 or group 0. The sum of the numbers in group 1 must equal the sum of those in group 0. The number i1 goes into group 1. Any solution counts.",
        ];
        Instructions::new(
            rules,
            format!("{NUMBERS_LISTED}{numbers}"),
            "Write the group of every number, separated by commas, in this form: i1 = 1, i2 = 0, and so on.",
        )
    }
}

impl Kind for Partition {
    const ABOUT: About = About {
        name: "number-partition",
        version: 3,
        help: "cut numbers in two halves of the same sum; up to 24 numbers",
        answer_form: "the numbers of both halves, such as {3, 2} and {1, 1, 2, 1}",
        words: &names::ITEMS,
        keys: &["things", "sum"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str = r#"{"numbers":[3,1,1,2,2,1]}"#;
    type Config = PartitionConfig;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        Some(json!({"numbers": read_numbers(told)?}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        let number = |line: &str| number_after(line, ": ");
        let listed = block(layout, NUMBERS_LISTED, "")?.into_iter().map(number).collect::<Option<Vec<_>>>()?;
        Some(json!({"numbers": listed}))
    }

    fn settings(config: PartitionConfig) -> Settings {
        Settings::Partition(config)
    }

    fn config(settings: &Settings) -> Option<&PartitionConfig> {
        if let Settings::Partition(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [PartitionConfig; 3] {
        let level = |min, max, greatest| PartitionConfig {
            things: Amount::Between(Range { min, max }),
            numbers: Range { min: 1, max: greatest },
            solvable: Solvable::Yes,
        };
        [level(5, 7, 20), PartitionConfig::default(), level(14, 18, 999)]
    }

    fn check(config: &PartitionConfig) -> Result<(), ConfigError> {
        check_numbers(config.things, config.numbers)?;
        if config.numbers.min == config.numbers.max {
            return Err(ConfigError::new("numbers", config.numbers.min, "a range of several numbers"));
        }
        Ok(())
    }

    fn generate(config: &PartitionConfig, draw: &mut Draw) -> Result<Self, Reject> {
        let numbers = draw_numbers(config.things, config.numbers, draw);
        if numbers.iter().sum::<u64>() % 2 == 0 { Ok(Partition { numbers }) } else { Err(Reject) }
    }

    fn accepts(config: &PartitionConfig, solvable: bool) -> bool {
        config.solvable.accepts(solvable)
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        validate_numbers("numbers", &self.numbers, 1)?;
        let sum: u64 = self.numbers.iter().sum();
        if sum.is_multiple_of(2) {
            Ok(())
        } else {
            Err(PuzzleError::new("numbers", format!("the sum {sum}"), "an even sum"))
        }
    }
}

/// The number behind some words.
fn number_after(line: &str, words: &str) -> Option<u64> {
    numbers(Style::Frame, line.split_once(words)?.1)?.first().copied()
}

/// Reads the numbers of a header, without those in the sentences before them.
fn read_numbers(told: &PromptParts<'_>) -> Option<Vec<u64>> {
    let (_, listed) = told.header.split_once(" where that is open. ").unwrap_or(("", told.header));
    numbers(told.style, listed)
}
