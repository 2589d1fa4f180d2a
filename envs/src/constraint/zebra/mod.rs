//! Zebra puzzles: houses in a row, each with a colour, a drink and so on. Clues relate these things.
//!
//! A worked puzzle of 3 houses, red, green and blue with tea, milk and water: `red=1`, `tea=green`, `water<tea` (water directly left of tea). Tea is in house 2
//! or 3, with green, and water is left of it; red is 1, so green is 2 or 3. If tea is in 3, water is in 2 and milk in 1; if in 2, water is in 1 and milk in 3.
//! One more clue, such as `milk=red`, decides.
//!
//! A puzzle from outside can have any things, and three more kinds of clues: somewhere left (`before`), a number of houses apart (`gap`), not in a house
//! (`notat`). Drawn puzzles do not have these.
//!
//! Source: Life International (1962), "Who owns the zebra?". A solution is drawn first, then clues that hold for it, until the solution is unique. Then each
//! clue that is not needed is dropped, so no clue follows from the others.
//!
//! Variables are the things, values the houses. Identity: the order of clues does not count, nor the order of the two things of a symmetric clue. Twins may
//! have other things and categories, and the street seen from the other side.

mod answer;
mod instruct;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::answer::Assigned;
use super::model::{self, Model, decided};
use super::network::Network;
use super::rule::Rule;
use super::told::PromptParts;
use super::{Settings, Solver, names};
use crate::about::About;
use crate::answers::{Read, Token};
use crate::draw::Draw;
use crate::environment::twin::Structure;
use crate::environment::twin::tags::{AXIS, GIVEN, GROUP, IN, LESS, LINE};
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::instruct::Instructions;
use crate::prompt::words;
use crate::settings::{Amount, Range, amount_within};
use crate::text::{Style, write_number_in};
use serde_json::{Value, json};

/// Greatest number of houses, and of categories.
const MOST_HOUSES: usize = 10;

/// The words of clues.
const CLUES: [&str; 6] = ["same", "next", "left", "apart", "before", "gap"];

/// Settings of zebra puzzles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of houses: 3 to 6.
    pub houses: Amount,
    /// Number of categories, with one thing of each in every house: 2 to 6.
    pub attributes: Amount,
}

impl Default for Config {
    fn default() -> Self {
        Config { houses: Amount::Exactly(4), attributes: Amount::Between(Range { min: 3, max: 4 }) }
    }
}

/// A clue about one or two things.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clue {
    /// The thing is in this house, counted from 1.
    At(String, u8),
    /// Both things are in the same house.
    Same(String, String),
    /// The things are in neighbouring houses.
    Next(String, String),
    /// The first thing is in the house directly left of the second.
    Left(String, String),
    /// The things are in different houses.
    Apart(String, String),
    /// The first thing is in a house left of that of the second.
    Before(String, String),
    /// The things are so many houses apart.
    Gap(String, String, u8),
    /// The thing is not in this house, counted from 1.
    NotAt(String, u8),
}

impl Clue {
    /// The two things; none for a clue about one thing and a house.
    fn pair(&self) -> Option<[&String; 2]> {
        match self {
            Clue::At(..) | Clue::NotAt(..) => None,
            Clue::Same(a, b) | Clue::Next(a, b) | Clue::Left(a, b) | Clue::Apart(a, b) => Some([a, b]),
            Clue::Before(a, b) | Clue::Gap(a, b, _) => Some([a, b]),
        }
    }
}

/// A clue with numbers instead of things.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fact {
    At(u8, u8),
    Pair(Relation, [u8; 2]),
    NotAt(u8, u8),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Relation {
    Same,
    Next,
    Left,
    Apart,
    Before,
    Gap(u8),
}

impl Relation {
    fn holds(self, a: usize, b: usize) -> bool {
        match self {
            Relation::Same => a == b,
            Relation::Next => a.abs_diff(b) == 1,
            Relation::Left => a + 1 == b,
            Relation::Apart => a != b,
            Relation::Before => a < b,
            Relation::Gap(houses) => a.abs_diff(b) == usize::from(houses),
        }
    }

    /// Whether the order of the things counts.
    fn is_ordered(self) -> bool {
        matches!(self, Relation::Left | Relation::Before)
    }

    /// A number for each symmetric relation.
    fn number(self) -> u64 {
        match self {
            Relation::Same => 0,
            Relation::Next => 1,
            Relation::Left => 2,
            Relation::Apart => 3,
            Relation::Before => 4,
            Relation::Gap(houses) => 5 + u64::from(houses),
        }
    }
}

/// A zebra puzzle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zebra {
    /// The things of each category, as many as there are houses.
    attributes: Vec<Vec<String>>,
    /// The clues.
    clues: Vec<Clue>,
}

fn bare(houses: usize, attributes: usize, facts: &[Fact]) -> Network {
    let things = vec![String::new(); houses * attributes];
    let rules = rules(houses, attributes, facts);
    let mut domains = vec![((1u32 << houses) - 1) as u16; things.len()];
    for fact in facts {
        match *fact {
            Fact::At(thing, house) => domains[usize::from(thing)] &= 1 << house,
            Fact::NotAt(thing, house) => domains[usize::from(thing)] &= !(1 << house),
            Fact::Pair(..) => {}
        }
    }
    Network::with_domains(things, Vec::new(), domains, rules)
}

fn rules(houses: usize, attributes: usize, facts: &[Fact]) -> Vec<Rule> {
    let each = ((1u32 << houses) - 1) as u16;
    let things = |attribute: usize| (attribute * houses..(attribute + 1) * houses).map(|thing| thing as u8).collect();
    let mut rules: Vec<Rule> =
        (0..attributes).map(|attribute| Rule::AllDifferent { variables: things(attribute), each }).collect();
    for fact in facts {
        if let Fact::Pair(relation, things) = *fact {
            rules.push(Rule::pair(things, |a, b| relation.holds(a, b)));
        }
    }
    rules
}

impl Zebra {
    fn houses(&self) -> usize {
        self.attributes.first().map_or(0, Vec::len)
    }

    fn thing(&self, name: &str) -> Option<u8> {
        self.attributes.iter().flatten().position(|thing| thing == name).map(|place| place as u8)
    }

    fn facts(&self) -> Option<Vec<Fact>> {
        let pair = |relation, a: &str, b: &str| Some(Fact::Pair(relation, [self.thing(a)?, self.thing(b)?]));
        let fact = |clue: &Clue| match clue {
            Clue::At(thing, house) => Some(Fact::At(self.thing(thing)?, house.checked_sub(1)?)),
            Clue::Same(a, b) => pair(Relation::Same, a, b),
            Clue::Next(a, b) => pair(Relation::Next, a, b),
            Clue::Left(a, b) => pair(Relation::Left, a, b),
            Clue::Apart(a, b) => pair(Relation::Apart, a, b),
            Clue::Before(a, b) => pair(Relation::Before, a, b),
            Clue::Gap(a, b, houses) => pair(Relation::Gap(*houses), a, b),
            Clue::NotAt(thing, house) => Some(Fact::NotAt(self.thing(thing)?, house.checked_sub(1)?)),
        };
        self.clues.iter().map(fact).collect()
    }
}

impl Model for Zebra {
    fn network(&self) -> Arc<Network> {
        let facts = self.facts().unwrap_or_default();
        let mut network = bare(self.houses(), self.attributes.len(), &facts);
        network.variables = self.attributes.iter().flatten().cloned().collect::<Vec<_>>().into();
        network.values = names::numbered("", self.houses()).into();
        Arc::new(network)
    }

    fn canonical(&self) -> Box<dyn Model> {
        let mut attributes = self.attributes.clone();
        attributes.iter_mut().for_each(|things| things.sort_unstable());
        attributes.sort_unstable();
        let order = |clue: &Clue| match clue {
            Clue::Same(a, b) if b < a => Clue::Same(b.clone(), a.clone()),
            Clue::Next(a, b) if b < a => Clue::Next(b.clone(), a.clone()),
            Clue::Apart(a, b) if b < a => Clue::Apart(b.clone(), a.clone()),
            Clue::Gap(a, b, houses) if b < a => Clue::Gap(b.clone(), a.clone(), *houses),
            _ => clue.clone(),
        };
        let mut clues: Vec<Clue> = self.clues.iter().map(order).collect();
        clues.sort_unstable();
        clues.dedup();
        Box::new(Zebra { attributes, clues })
    }

    /// Things and categories may be renamed, clues listed in another order, and the street seen from the other side.
    fn twin(&self) -> Option<Vec<u8>> {
        let houses = self.houses();
        let key = |turned: bool| {
            let mut structure = Structure::new();
            let mut things = Vec::with_capacity(houses * self.attributes.len());
            for _ in &self.attributes {
                let (kind, of_kind) = (structure.node(GROUP), structure.nodes(houses, LINE));
                of_kind.iter().for_each(|&thing| structure.fact(IN, &[thing, kind]));
                things.extend(of_kind);
            }
            let thing = |thing: u8| things[usize::from(thing)];
            let mut facts = self.facts().unwrap_or_default();
            facts.iter_mut().for_each(|fact| match fact {
                Fact::At(_, house) | Fact::NotAt(_, house) if turned => {
                    *house = (houses as u8).wrapping_sub(*house + 1)
                }
                Fact::Pair(relation, pair) if relation.is_ordered() => pair.rotate_left(usize::from(turned)),
                Fact::Pair(_, pair) => pair.sort_unstable(),
                Fact::At(..) | Fact::NotAt(..) => {}
            });
            facts.sort_unstable();
            facts.dedup();
            for fact in facts {
                match fact {
                    Fact::At(a, house) => structure.fact(GIVEN + u64::from(house), &[thing(a)]),
                    Fact::NotAt(a, house) => structure.fact(GIVEN + u64::from(house) + MOST_HOUSES as u64, &[thing(a)]),
                    Fact::Pair(Relation::Left, [a, b]) => structure.fact(LESS, &[thing(a), thing(b)]),
                    Fact::Pair(Relation::Before, [a, b]) => structure.fact(LESS + 1, &[thing(a), thing(b)]),
                    Fact::Pair(relation, [a, b]) => structure.link(AXIS + relation.number(), thing(a), thing(b)),
                }
            }
            structure.key()
        };
        Some(key(false).min(key(true)).to_vec())
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let kind = |things: &Vec<String>| things.join(if style == Style::Prose { ", " } else { " " });
        let kinds: Vec<String> = self.attributes.iter().map(kind).collect();
        let head = match style {
            Style::Frame => format!("{}: ", kinds.join("; ")),
            Style::Compact => format!("{} : ", kinds.join(" ; ")),
            Style::Prose => format!(
                "Houses 1 to {} stand in a row, from left to right. In each house is one thing of each kind, and no thing is in two houses; a state lists the house of each thing, with _ where it is open. The kinds are {}. ",
                self.houses(),
                kinds.join("; ")
            ),
        };
        out.extend_from_slice(head.as_bytes());
        for (place, clue) in self.clues.iter().enumerate() {
            if place > 0 {
                out.extend_from_slice(match style {
                    Style::Frame => b", ",
                    Style::Compact => b" , ",
                    Style::Prose => b"; ",
                });
            }
            self.write_clue(clue, style, out);
        }
    }

    fn read_plain_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        self.read_answer(network, tokens)
    }

    fn write_plain_answer(&self, network: &Network, values: &[u8], out: &mut Vec<u8>) {
        answer::write(network, values, out);
    }

    /// The number of houses, or of categories.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.houses() as u64 } else { self.attributes.len() as u64 }
    }

    fn instructions(&self) -> Instructions {
        self.in_words()
    }
}

impl Zebra {
    fn write_clue(&self, clue: &Clue, style: Style, out: &mut Vec<u8>) {
        let (first, [sign, word, phrase]) = match clue {
            Clue::At(a, _) => (a, ["=", " at ", " is in house "]),
            Clue::Same(a, _) => (a, ["=", " same ", " is in the house of "]),
            Clue::Next(a, _) => (a, ["~", " next ", " is in a house next to that of "]),
            Clue::Left(a, _) => (a, ["<", " left ", " is in the house directly left of that of "]),
            Clue::Apart(a, _) => (a, ["!", " apart ", " is not in the house of "]),
            Clue::Before(a, _) => (a, ["<<", " before ", " is in a house left of that of "]),
            Clue::Gap(a, ..) => (a, ["~", " gap ", " is in a house "]),
            Clue::NotAt(a, _) => (a, ["!=", " not at ", " is not in house "]),
        };
        out.extend_from_slice(first.as_bytes());
        let between = match style {
            Style::Frame => sign,
            Style::Compact => word,
            Style::Prose => phrase,
        };
        out.extend_from_slice(between.as_bytes());
        match clue {
            Clue::At(_, house) | Clue::NotAt(_, house) => write_number_in(style, (*house).into(), out),
            Clue::Gap(_, b, houses) => {
                write_number_in(style, (*houses).into(), out);
                out.extend_from_slice(match style {
                    Style::Frame => b"~",
                    Style::Compact => b" ",
                    Style::Prose => b" away from that of ",
                });
                out.extend_from_slice(b.as_bytes());
            }
            _ => clue.pair().into_iter().for_each(|[_, b]| out.extend_from_slice(b.as_bytes())),
        }
    }
}

impl model::Kind for Zebra {
    const ABOUT: About = About {
        name: "zebra",
        version: 3,
        help: "find out from clues what is in which house; 3 to 6 houses, one solution, no clue too many",
        answer_form: "what is in each house, such as house 1: red, tea",
        words: &names::THINGS_AND_CLUES,
        keys: &["houses", "attributes"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str = r#"{"attributes":[["red","green","blue"],["tea","milk","water"]],"clues":[{"at":["red",1]},{"same":["tea","green"]},{"left":["water","tea"]},{"same":["milk","red"]}]}"#;
    type Config = Config;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        let (kinds, clues) = match told.style {
            Style::Frame => told.cut(": "),
            Style::Compact => told.cut(" : "),
            Style::Prose => told.cut(" The kinds are ")?.1.split_once(". "),
        }?;
        let attributes: Vec<Vec<&str>> = kinds.split(';').map(|kind| words(kind).collect()).collect();
        let clue = |clue: &str| {
            let ends: Vec<&str> = words(clue).collect();
            let (first, last) = (*ends.first()?, *ends.last()?);
            let between = clue.get(first.len()..clue.len() - last.len())?.trim();
            let is_house = last.bytes().all(|byte| byte.is_ascii_digit());
            let ends = [("~", "~"), ("gap", ""), ("is in a house", "away from that of")];
            let gap = |(open, close): (&str, &str)| {
                between.strip_prefix(open)?.strip_suffix(close)?.trim().parse::<u64>().ok()
            };
            if let Some(houses) = ends.into_iter().find_map(gap) {
                return Some(json!({"gap": [first, last, houses]}));
            }
            let relation = match between {
                "=" | "at" | "is in house" if is_house => {
                    return Some(json!({"at": [first, last.parse::<u64>().ok()?]}));
                }
                "!=" | "not at" | "is not in house" => {
                    return Some(json!({"notat": [first, last.parse::<u64>().ok()?]}));
                }
                "<<" | "before" | "is in a house left of that of" => "before",
                "=" | "same" | "is in the house of" => "same",
                "~" | "next" | "is in a house next to that of" => "next",
                "<" | "left" | "is in the house directly left of that of" => "left",
                "!" | "apart" | "is not in the house of" => "apart",
                _ => return None,
            };
            Some(json!({relation: [first, last]}))
        };
        let clues = clues.split([',', ';']).map(str::trim).filter(|text| !text.is_empty()).map(clue);
        Some(json!({"attributes": attributes, "clues": clues.collect::<Option<Vec<Value>>>()?}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        instruct::read_layout(layout)
    }

    fn settings(config: Config) -> Settings {
        Settings::Zebra(config)
    }

    fn config(settings: &Settings) -> Option<&Config> {
        if let Settings::Zebra(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [Config; 3] {
        let level =
            |houses, attributes| Config { houses: Amount::Exactly(houses), attributes: Amount::Exactly(attributes) };
        [level(3, 3), Config::default(), level(5, 5)]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        amount_within("houses", config.houses, 3, 6)?;
        amount_within("attributes", config.attributes, 2, 6)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let (houses, attributes) = (config.houses.draw(draw), config.attributes.draw(draw));
        let things = draw_things(houses, attributes, draw);
        // Things of a category are in random order, so any fixed solution would do. This one shuffles the houses of each category.
        let mut solution: Vec<u8> = Vec::new();
        for _ in 0..attributes {
            let mut order: Vec<u8> = (0..houses as u8).collect();
            draw.shuffle(&mut order);
            solution.extend(order);
        }
        let mut facts = pool(&solution, houses, draw);
        let is_unique = |facts: &[Fact]| {
            let network = bare(houses, attributes, facts);
            Solver::new(&network, 2, u64::MAX).run(&decided(&network, &[]), None).solutions == 1
        };
        // The fewest clues from the front of the pool that make the solution unique. More clues never add solutions.
        let (mut few, mut enough) = (0, facts.len());
        if !is_unique(&facts) {
            return Err(Reject);
        }
        while few + 1 < enough {
            let middle = (few + enough) / 2;
            if is_unique(&facts[..middle]) { enough = middle } else { few = middle }
        }
        facts.truncate(enough);
        let mut at = 0;
        while at < facts.len() {
            let fact = facts.remove(at);
            if !is_unique(&facts) {
                facts.insert(at, fact);
                at += 1;
            }
        }
        draw.shuffle(&mut facts);
        let name = |thing: u8| things[usize::from(thing) / houses][usize::from(thing) % houses].clone();
        let clue = |fact: &Fact| match *fact {
            Fact::At(thing, house) => Clue::At(name(thing), house + 1),
            Fact::Pair(Relation::Same, [a, b]) => Clue::Same(name(a), name(b)),
            Fact::Pair(Relation::Next, [a, b]) => Clue::Next(name(a), name(b)),
            Fact::Pair(Relation::Left, [a, b]) => Clue::Left(name(a), name(b)),
            Fact::Pair(Relation::Apart, [a, b]) => Clue::Apart(name(a), name(b)),
            Fact::Pair(Relation::Before, [a, b]) => Clue::Before(name(a), name(b)),
            Fact::Pair(Relation::Gap(houses), [a, b]) => Clue::Gap(name(a), name(b), houses),
            Fact::NotAt(thing, house) => Clue::NotAt(name(thing), house + 1),
        };
        let clues = facts.iter().map(clue).collect();
        Ok(Zebra { attributes: things, clues })
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        let houses = self.houses();
        if !(2..=MOST_HOUSES).contains(&houses) || !(1..=MOST_HOUSES).contains(&self.attributes.len()) {
            let found = format!("{} lists, the first of {houses} things", self.attributes.len());
            let allowed = format!("1 to {MOST_HOUSES} lists of 2 to {MOST_HOUSES} things");
            return Err(PuzzleError::new("attributes", found, allowed));
        }
        if let Some(things) = self.attributes.iter().find(|things| things.len() != houses) {
            return Err(PuzzleError::new("attributes", things, format!("{houses} things, as in the first list")));
        }
        let all: Vec<&String> = self.attributes.iter().flatten().collect();
        let own = |name: &str| names::is_own(name, &CLUES);
        let wrong = all.iter().enumerate().find(|(place, name)| !own(name) || all[..*place].contains(name));
        if let Some((_, name)) = wrong {
            return Err(PuzzleError::new("attributes", name, format!("each once: {}", names::OWN)));
        }
        if self.clues.len() > 200 {
            return Err(PuzzleError::new("clues", format!("{} of them", self.clues.len()), "up to 200"));
        }
        let there = |thing: &String| self.thing(thing).is_some();
        let good = |clue: &&Clue| match clue {
            Clue::At(thing, house) | Clue::NotAt(thing, house) => {
                there(thing) && (1..=houses).contains(&usize::from(*house))
            }
            Clue::Gap(.., apart) if !(1..houses).contains(&usize::from(*apart)) => false,
            _ => clue.pair().is_some_and(|[a, b]| a != b && there(a) && there(b)),
        };
        let wrong = self.clues.iter().find(|clue| !good(clue));
        wrong.map_or(Ok(()), |clue| {
            Err(PuzzleError::new(
                "clues",
                clue,
                format!(
                    "two different things of the lists, or one and a house from 1 to {houses}; a gap from 1 to {}",
                    houses - 1
                ),
            ))
        })
    }
}

/// Random categories, and as many things of each as there are houses.
fn draw_things(houses: usize, attributes: usize, draw: &mut Draw) -> Vec<Vec<String>> {
    let mut kinds: Vec<&[&str]> = names::THINGS.to_vec();
    draw.shuffle(&mut kinds);
    let things = |kind: &&[&str]| {
        let mut things = kind.to_vec();
        draw.shuffle(&mut things);
        things[..houses].iter().map(|thing| thing.to_string()).collect()
    };
    kinds[..attributes].iter().map(things).collect()
}

/// Facts that hold for a solution, in random order: all facts, but only a part of the strong ones (a house) and of the weak ones (different houses).
fn pool(solution: &[u8], houses: usize, draw: &mut Draw) -> Vec<Fact> {
    let mut facts = Vec::new();
    for a in 0..solution.len() {
        if draw.chance(1, 4) {
            facts.push(Fact::At(a as u8, solution[a]));
        }
        for b in 0..solution.len() {
            let (one, other) = (usize::from(solution[a]), usize::from(solution[b]));
            let mut add = |relation: Relation| {
                if relation.holds(one, other) {
                    facts.push(Fact::Pair(relation, [a as u8, b as u8]));
                }
            };
            if a / houses != b / houses {
                add(Relation::Left);
                if a < b {
                    add(Relation::Same);
                    if draw.chance(1, 4) {
                        add(Relation::Apart);
                    }
                }
            }
            if a < b {
                add(Relation::Next);
            }
        }
    }
    draw.shuffle(&mut facts);
    facts
}
