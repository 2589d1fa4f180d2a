//! Knights and knaves: knights always tell the truth, knaves always lie; who is which?
//!
//! A worked puzzle: Ann says "Bob is a knave", Bob says "Ann and I are the same". If Ann is a knight, Bob is a knave and his statement is false, which fits. If
//! Ann is a knave, Bob is a knight, and they would have to be the same. So Ann is a knight and Bob a knave.
//!
//! Source: Smullyan (1978), "What is the name of this book?". Everyone's statement is drawn until the solution is unique. All combinations are tested together,
//! as the bits of a word.
//!
//! Identity: names, and the order of statements, do not count. Twins may also have the people in another order.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::model::{Kind, Model};
use super::network::Network;
use super::rule::Rule;
use super::told::PromptParts;
use super::{Settings, names};
use crate::about::About;
use crate::draw::Draw;
use crate::environment::twin::Structure;
use crate::environment::twin::tags::{AXIS, GROUP, IN, LINE};
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::prompt::words;
use crate::settings::{Amount, Range, amount_within};
use crate::text::Style;
use serde_json::{Value, json};

/// Greatest number of people: all combinations fit a word of 64 bits.
const MOST_PEOPLE: usize = 6;

/// Settings of knights and knaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of people: 2 to 6.
    pub people: Amount,
}

impl Default for Config {
    fn default() -> Self {
        Config { people: Amount::Between(Range { min: 3, max: 4 }) }
    }
}

/// A person, counted from 1, and whether this person is called a knight.
type Literal = (u8, bool);

/// The content of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Claim {
    /// A person is a knight or not.
    Is(u8, bool),
    /// Both parts hold.
    And(Literal, Literal),
    /// At least one part holds.
    Or(Literal, Literal),
    /// If the first part holds, so does the second.
    If(Literal, Literal),
    /// Two people are of the same kind.
    Same(u8, u8),
    /// Two people are of different kinds.
    Differ(u8, u8),
}

impl Claim {
    /// The people in the claim, counted from 1.
    fn people(self) -> [u8; 2] {
        match self {
            Claim::Is(a, _) => [a, a],
            Claim::And((a, _), (b, _)) | Claim::Or((a, _), (b, _)) | Claim::If((a, _), (b, _)) => [a, b],
            Claim::Same(a, b) | Claim::Differ(a, b) => [a, b],
        }
    }

    /// Whether the claim is true, given whether its two people are knights.
    fn holds(self, [a, b]: [bool; 2]) -> bool {
        match self {
            Claim::Is(_, knight) => a == knight,
            Claim::And((_, x), (_, y)) => a == x && b == y,
            Claim::Or((_, x), (_, y)) => a == x || b == y,
            Claim::If((_, x), (_, y)) => a != x || b == y,
            Claim::Same(..) => a == b,
            Claim::Differ(..) => a != b,
        }
    }
}

/// A statement: the speaker, counted from 1, and the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Statement(u8, Claim);

impl Statement {
    /// Whether the statement agrees with a combination. Bit `i` tells whether person `i`, counted from 0, is a knight.
    fn fits(self, combination: usize) -> bool {
        let knight = |person: u8| combination >> (person - 1) & 1 == 1;
        knight(self.0) == self.1.holds(self.1.people().map(knight))
    }
}

/// How the two parts of a claim are joined, without regard to their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Both,
    One,
    Same,
    Differ,
}

impl Statement {
    /// The speaker, and the claim without order. An `if` becomes an `or`.
    fn plain(&self) -> (u8, Form, [Literal; 2]) {
        let (form, mut parts) = match self.1 {
            Claim::Is(a, x) => (Form::Both, [(a, x), (a, x)]),
            Claim::And(a, b) => (Form::Both, [a, b]),
            Claim::Or(a, b) => (Form::One, [a, b]),
            Claim::If((a, x), b) => (Form::One, [(a, !x), b]),
            Claim::Same(a, b) => (Form::Same, [(a, true), (b, true)]),
            Claim::Differ(a, b) => (Form::Differ, [(a, true), (b, true)]),
        };
        parts.sort_unstable();
        (self.0, form, parts)
    }
}

/// A puzzle of knights and knaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnightsKnaves {
    /// The names of the people.
    people: Vec<String>,
    /// Their statements.
    statements: Vec<Statement>,
}

impl Model for KnightsKnaves {
    fn network(&self) -> Arc<Network> {
        let rule = |&statement: &Statement| {
            let [a, b] = statement.1.people();
            let people = [statement.0, a, b];
            let fits = |combination: &usize| {
                let says = |place: usize| combination >> place & 1 == 1;
                // A person who occurs twice must be of one kind in both places.
                let agree = (0..3).all(|i| (0..i).all(|j| people[i] != people[j] || says(i) == says(j)));
                agree && says(0) == statement.1.holds([says(1), says(2)])
            };
            let allowed = (0..8).filter(fits).fold(0u64, |allowed, combination| allowed | 1 << combination);
            Rule::Table { variables: people.iter().map(|person| person - 1).collect(), allowed }
        };
        let rules = self.statements.iter().map(rule).collect();
        Arc::new(Network::new(self.people.clone(), vec!["knave".into(), "knight".into()], rules))
    }

    fn canonical(&self) -> Box<dyn Model> {
        let people = names::PEOPLE[..self.people.len()].iter().map(|name| name.to_string()).collect();
        let mut statements = self.statements.clone();
        statements.sort_unstable();
        statements.dedup();
        Box::new(KnightsKnaves { people, statements })
    }

    /// People may be renamed, and statements listed in another order. An `if` equals an `or`.
    fn twin(&self) -> Option<Vec<u8>> {
        let mut structure = Structure::new();
        let people = structure.nodes(self.people.len(), LINE);
        let person = |person: u8| people[usize::from(person) - 1];
        let mut said: Vec<(u8, Form, [Literal; 2])> = self.statements.iter().map(Statement::plain).collect();
        said.sort_unstable();
        said.dedup();
        for (speaker, form, literals) in said {
            let statement = structure.node(GROUP + form as u64);
            structure.fact(AXIS, &[person(speaker), statement]);
            literals.iter().for_each(|&(of, knight)| structure.fact(IN + u64::from(knight), &[statement, person(of)]));
        }
        Some(structure.key().to_vec())
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let head = match style {
            Style::Frame => format!("{}; ", self.people.join(" ")),
            Style::Compact => format!("{} ; ", self.people.join(" ")),
            Style::Prose => format!(
                "Each of {} is a knight, who always tells the truth, or a knave, who always lies. A state lists them in order, with _ where it is open. ",
                self.people.join(", ")
            ),
        };
        out.extend_from_slice(head.as_bytes());
        for (place, statement) in self.statements.iter().enumerate() {
            if place > 0 {
                out.extend_from_slice(if style == Style::Compact { b" , " } else { b", " });
            }
            self.write_statement(*statement, style, out);
        }
    }

    /// The number of people.
    fn hold_out_key(&self, _key: usize) -> u64 {
        self.people.len() as u64
    }
}

impl KnightsKnaves {
    fn write_statement(&self, statement: Statement, style: Style, out: &mut Vec<u8>) {
        let name = |person: u8| self.people[usize::from(person) - 1].as_str();
        let (is, colon) = match style {
            Style::Frame => ("=", ": "),
            Style::Compact => (" ", " says "),
            Style::Prose => (" is a ", " says that "),
        };
        let literal =
            |(person, knight): Literal| format!("{}{is}{}", name(person), if knight { "knight" } else { "knave" });
        let said = match statement.1 {
            Claim::Is(person, knight) => literal((person, knight)),
            Claim::And(a, b) => format!("{} and {}", literal(a), literal(b)),
            Claim::Or(a, b) => format!("{} or {}", literal(a), literal(b)),
            Claim::If(a, b) => format!("if {} then {}", literal(a), literal(b)),
            Claim::Same(a, b) if style == Style::Prose => format!("{} and {} are of the same kind", name(a), name(b)),
            Claim::Differ(a, b) if style == Style::Prose => {
                format!("{} and {} are of different kinds", name(a), name(b))
            }
            Claim::Same(a, b) => format!("{} same {}", name(a), name(b)),
            Claim::Differ(a, b) => format!("{} differ {}", name(a), name(b)),
        };
        out.extend_from_slice(format!("{}{colon}{said}", name(statement.0)).as_bytes());
    }
}

impl Kind for KnightsKnaves {
    const ABOUT: About = About {
        name: "knights-knaves",
        version: 3,
        help: "find out who tells the truth and who lies; 2 to 6 people, one solution",
        words: &names::PEOPLE_AND_CLAIMS,
        keys: &["people"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str = r#"{"people":["Ann","Bob"],"statements":[[1,{"is":[2,false]}],[2,{"same":[1,2]}]]}"#;
    type Config = Config;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        let (people, said) = match told.style {
            Style::Frame => told.cut("; "),
            Style::Compact => told.cut(" ; "),
            Style::Prose => told.cut(" where it is open. "),
        }?;
        let people: Vec<&str> = words(people).filter(|word| names::PEOPLE.contains(word)).collect();
        let statements = said.split(',').map(str::trim).filter(|text| !text.is_empty());
        let statements = statements.map(|text| read_statement(text, &people)).collect::<Option<Vec<Value>>>()?;
        Some(json!({"people": people, "statements": statements}))
    }

    fn settings(config: Config) -> Settings {
        Settings::KnightsKnaves(config)
    }

    fn config(settings: &Settings) -> Option<&Config> {
        if let Settings::KnightsKnaves(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [Config; 3] {
        let people = |people| Config { people: Amount::Exactly(people) };
        [people(3), Config::default(), people(6)]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        amount_within("people", config.people, 2, MOST_PEOPLE as u64)
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let people = config.people.draw(draw);
        let mut list = names::PEOPLE;
        draw.shuffle(&mut list);
        let statements: Vec<Statement> =
            (1..=people as u8).map(|speaker| Statement(speaker, draw_claim(speaker, people, draw))).collect();
        let left = |&combination: &usize| statements.iter().all(|statement| statement.fits(combination));
        if (0..1usize << people).filter(left).take(2).count() != 1 {
            return Err(Reject);
        }
        let people = list[..people].iter().map(|name| name.to_string()).collect();
        Ok(KnightsKnaves { people, statements })
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        let people = self.people.len();
        if !(2..=MOST_PEOPLE).contains(&people) {
            return Err(PuzzleError::new("people", format!("{people} names"), format!("2 to {MOST_PEOPLE}")));
        }
        let mut named = self.people.iter().enumerate();
        let known = |name: &str| names::PEOPLE.contains(&name);
        if let Some((_, name)) = named.find(|(place, name)| !known(name) || self.people[..*place].contains(name)) {
            return Err(PuzzleError::new("people", name, format!("each once: {}", names::PEOPLE.join(", "))));
        }
        if self.statements.len() > 100 {
            return Err(PuzzleError::new("statements", format!("{} of them", self.statements.len()), "up to 100"));
        }
        let there = |person: u8| (1..=people).contains(&usize::from(person));
        let good = |statement: &&Statement| there(statement.0) && statement.1.people().into_iter().all(there);
        let wrong = self.statements.iter().find(|statement| !good(statement));
        wrong.map_or(Ok(()), |statement| {
            Err(PuzzleError::new("statements", statement, format!("people from 1 to {people}")))
        })
    }
}

/// A random claim about others, or about the speaker and others.
fn draw_claim(speaker: u8, people: usize, draw: &mut Draw) -> Claim {
    let a = 1 + draw.below(people as u64) as u8;
    let b = 1 + (usize::from(a) + draw.index(people - 1)) as u8 % people as u8;
    let (x, y) = (draw.chance(1, 2), draw.chance(1, 2));
    match draw.below(6) {
        0 => {
            // A claim about one person is never about the speaker: everyone would call themselves a knight.
            let other = if a == speaker { b } else { a };
            Claim::Is(other, x)
        }
        1 => Claim::And((a, x), (b, y)),
        2 => Claim::Or((a, x), (b, y)),
        3 => Claim::If((a, x), (b, y)),
        4 => Claim::Same(a, b),
        _ => Claim::Differ(a, b),
    }
}

/// Reads a statement by the people and the other words in it.
fn read_statement(text: &str, people: &[&str]) -> Option<Value> {
    let place = |word: &str| people.iter().position(|name| *name == word).map(|place| place + 1);
    let all: Vec<&str> = words(text).collect();
    let named: Vec<usize> = all.iter().filter_map(|word| place(word)).collect();
    let called: Vec<bool> =
        all.iter().filter(|word| ["knight", "knave"].contains(word)).map(|word| *word == "knight").collect();
    let has = |word: &str| all.contains(&word);
    let claim = match (named.get(1..)?, called.as_slice()) {
        ([a], [x]) => json!({"is": [a, x]}),
        ([a, b], [x, y]) => {
            let joint = if has("if") {
                "if"
            } else if has("or") {
                "or"
            } else {
                "and"
            };
            json!({joint: [[a, x], [b, y]]})
        }
        ([a, b], []) => json!({if has("same") { "same" } else { "differ" }: [a, b]}),
        _ => return None,
    };
    Some(json!([named.first()?, claim]))
}
