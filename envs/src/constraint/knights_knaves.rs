//! Knights and knaves: knights always tell the truth, knaves always lie; who is which?
//!
//! A worked puzzle: Ann says "Bob is a knave", Bob says "Ann and I are the same". If Ann is a knight, Bob is a knave and his statement is false, which fits. If
//! Ann is a knave, Bob is a knight, and they would have to be the same. So Ann is a knight and Bob a knave.
//!
//! A claim can be made of others, in parentheses where they are parts: `Ann: not (Bob=knight and Cora=knave)`. Names are any words.
//!
//! Source: Smullyan (1978), "What is the name of this book?". Everyone's statement is drawn until the solution is unique. All combinations are tested together,
//! as the bits of a word.
//!
//! Identity: names, and the order of statements, do not count. Twins may also have the people in another order.

mod read;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::answer::{Assigned, named};
use super::model::{self, Model};
use super::network::Network;
use super::paired;
use super::rule::{MOST_IN_TABLE, Rule};
use super::told::PromptParts;
use super::{Settings, names};
use crate::about::About;
use crate::answers::{Kind, Read, Token};
use crate::draw::Draw;
use crate::environment::twin::Structure;
use crate::environment::twin::tags::{AXIS, GROUP, IN, LESS, LINE};
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::instruct::{Instructions, block, items, line, listed, text};
use crate::prompt::{between, words};
use crate::settings::{Amount, Range, amount_within};
use crate::text::Style;
use serde_json::{Value, json};

/// Greatest number of people: a statement can be about all of them.
const MOST_PEOPLE: usize = MOST_IN_TABLE;

/// Greatest number of claims and parts in a statement.
const MOST_PARTS: usize = 64;

const IF_AND_ONLY_IF: &str = "if and only if";

/// The words before the parts of a puzzle in prompts for models that speak.
const PEOPLE: &str = "People: ";
const STATEMENTS: &str = "Statements:";

/// Settings of knights and knaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of people: 2 to 12.
    pub people: Amount,
}

impl Default for Config {
    fn default() -> Self {
        Config { people: Amount::Between(Range { min: 3, max: 4 }) }
    }
}

/// The content of a statement. People are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Claim {
    /// A person is a knight or not.
    Is(u8, bool),
    /// All parts hold.
    And(Vec<Part>),
    /// At least one part holds.
    Or(Vec<Part>),
    /// If the first part holds, so does the second.
    If(Part, Part),
    /// Two people are of the same kind.
    Same(u8, u8),
    /// Two people are of different kinds.
    Differ(u8, u8),
    /// The part does not hold.
    Not(Part),
    /// Both parts hold, or none.
    Iff(Part, Part),
}

/// A part of a claim.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Part {
    /// A person is a knight or not: the short form of [`Claim::Is`].
    Is(u8, bool),
    /// Another claim.
    Claim(Box<Claim>),
}

impl Part {
    fn holds(&self, knight: &impl Fn(u8) -> bool) -> bool {
        match self {
            Part::Is(person, wanted) => knight(*person) == *wanted,
            Part::Claim(claim) => claim.holds(knight),
        }
    }

    /// The part in its short form, with the parts that it has in theirs.
    fn plain(&self) -> Part {
        match self {
            Part::Claim(claim) => match claim.plain() {
                Claim::Is(person, knight) => Part::Is(person, knight),
                claim => Part::Claim(Box::new(claim)),
            },
            Part::Is(..) => self.clone(),
        }
    }
}

impl Claim {
    /// Whether the claim is true, if `knight` tells who is a knight.
    fn holds(&self, knight: &impl Fn(u8) -> bool) -> bool {
        match self {
            Claim::Is(person, wanted) => knight(*person) == *wanted,
            Claim::And(parts) => parts.iter().all(|part| part.holds(knight)),
            Claim::Or(parts) => parts.iter().any(|part| part.holds(knight)),
            Claim::If(a, b) => !a.holds(knight) || b.holds(knight),
            Claim::Iff(a, b) => a.holds(knight) == b.holds(knight),
            Claim::Not(part) => !part.holds(knight),
            Claim::Same(a, b) => knight(*a) == knight(*b),
            Claim::Differ(a, b) => knight(*a) != knight(*b),
        }
    }

    /// The parts; none if the claim is about people directly.
    fn parts(&self) -> Vec<&Part> {
        match self {
            Claim::And(parts) | Claim::Or(parts) => parts.iter().collect(),
            Claim::If(a, b) | Claim::Iff(a, b) => vec![a, b],
            Claim::Not(part) => vec![part],
            Claim::Is(..) | Claim::Same(..) | Claim::Differ(..) => Vec::new(),
        }
    }

    /// The claim with its parts in their short form.
    fn plain(&self) -> Claim {
        let all = |parts: &[Part]| parts.iter().map(Part::plain).collect();
        match self {
            Claim::And(parts) => Claim::And(all(parts)),
            Claim::Or(parts) => Claim::Or(all(parts)),
            Claim::If(a, b) => Claim::If(a.plain(), b.plain()),
            Claim::Iff(a, b) => Claim::Iff(a.plain(), b.plain()),
            Claim::Not(part) => Claim::Not(part.plain()),
            Claim::Is(..) | Claim::Same(..) | Claim::Differ(..) => self.clone(),
        }
    }

    /// Calls `each` for every person in the claim, as often as the claim names them.
    fn each_person(&self, each: &mut impl FnMut(u8)) {
        match self {
            Claim::Is(person, _) => each(*person),
            Claim::Same(a, b) | Claim::Differ(a, b) => [*a, *b].into_iter().for_each(&mut *each),
            _ => self.parts().into_iter().for_each(|part| match part {
                Part::Is(person, _) => each(*person),
                Part::Claim(claim) => claim.each_person(each),
            }),
        }
    }

    /// Whether it, or a part of it, joins fewer than two parts.
    fn joins_too_few(&self) -> bool {
        let few = |part: &&Part| matches!(part, Part::Claim(claim) if claim.joins_too_few());
        matches!(self, Claim::And(parts) | Claim::Or(parts) if parts.len() < 2) || self.parts().iter().any(few)
    }

    /// Number of claims and parts.
    fn size(&self) -> usize {
        let size = |part: &Part| match part {
            Part::Is(..) => 1,
            Part::Claim(claim) => claim.size(),
        };
        1 + self.parts().into_iter().map(size).sum::<usize>()
    }

    /// The two people of a claim that has no claims as parts and speaks of two people at most; none for other claims.
    fn pair(&self) -> Option<[u8; 2]> {
        match (self, self.parts().as_slice()) {
            (Claim::Not(_) | Claim::Iff(..), _) => None,
            (_, [Part::Is(a, _), Part::Is(b, _)]) => Some([*a, *b]),
            (Claim::Is(a, _), _) => Some([*a, *a]),
            (Claim::Same(a, b) | Claim::Differ(a, b), _) => Some([*a, *b]),
            _ => None,
        }
    }
}

/// A statement: the speaker, counted from 1, and the claim.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Statement(u8, Claim);

impl Statement {
    /// Whether the statement is true if its speaker is a knight, and false if not.
    fn fits(&self, knight: &impl Fn(u8) -> bool) -> bool {
        knight(self.0) == self.1.holds(knight)
    }

    /// The variables of the rule of the statement. A claim of two people has three places, in which one person can stand twice.
    fn places(&self) -> Vec<u8> {
        if let Some([a, b]) = self.1.pair() {
            return vec![self.0, a, b];
        }
        let mut people = vec![self.0];
        self.1.each_person(&mut |person| {
            if !people.contains(&person) {
                people.push(person);
            }
        });
        people
    }

    fn rule(&self) -> Rule {
        let people = self.places();
        let variables = people.iter().map(|person| person.saturating_sub(1)).collect();
        Rule::table(variables, |combination| {
            let says = |place: usize| combination >> place & 1 == 1;
            // A person who occurs twice must be of one kind in both places.
            let agree = (0..people.len()).all(|i| (0..i).all(|j| people[i] != people[j] || says(i) == says(j)));
            agree && self.fits(&|person| people.iter().position(|&other| other == person).is_some_and(says))
        })
    }
}

/// A person, counted from 1, and whether this person is called a knight.
type Literal = (u8, bool);

/// How the parts of a claim are joined, without regard to their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Both,
    One,
    Same,
    Differ,
    Not,
}

/// A claim without the order of its parts. An `if` becomes an `or`.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Unordered(Form, Vec<Literal>, Vec<Unordered>);

impl Unordered {
    fn of(claim: &Claim) -> Self {
        let not = |part: &Part| match part {
            Part::Is(person, knight) => Part::Is(*person, !knight),
            Part::Claim(_) => Part::Claim(Box::new(Claim::Not(part.clone()))),
        };
        let is = |person: &u8| Part::Is(*person, true);
        let (form, parts): (Form, Vec<Part>) = match claim {
            // A claim of one part counts it twice, like a claim that says the same twice.
            Claim::Is(a, x) => (Form::Both, vec![Part::Is(*a, *x); 2]),
            Claim::And(parts) => (Form::Both, parts.clone()),
            Claim::Or(parts) => (Form::One, parts.clone()),
            Claim::If(a, b) => (Form::One, vec![not(a), b.clone()]),
            Claim::Iff(a, b) => (Form::Same, vec![a.clone(), b.clone()]),
            Claim::Not(part) => (Form::Not, vec![part.clone()]),
            Claim::Same(a, b) => (Form::Same, vec![is(a), is(b)]),
            Claim::Differ(a, b) => (Form::Differ, vec![is(a), is(b)]),
        };
        let (mut literals, mut claims) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                Part::Is(person, knight) => literals.push((person, knight)),
                Part::Claim(claim) => claims.push(Unordered::of(&claim)),
            }
        }
        literals.sort_unstable();
        claims.sort_unstable();
        Unordered(form, literals, claims)
    }

    /// Adds a node for the claim and its parts.
    fn add(&self, people: &[u32], structure: &mut Structure) -> u32 {
        let Unordered(form, literals, claims) = self;
        let node = structure.node(GROUP + *form as u64);
        for &(person, knight) in literals {
            structure.fact(IN + u64::from(knight), &[node, people[usize::from(person) - 1]]);
        }
        for claim in claims {
            let part = claim.add(people, structure);
            structure.fact(LESS, &[part, node]);
        }
        node
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
        let rules = self.statements.iter().map(Statement::rule).collect();
        Arc::new(Network::new(self.people.clone(), vec!["knave".into(), "knight".into()], rules))
    }

    fn canonical(&self) -> Box<dyn Model> {
        let people = names::PEOPLE[..self.people.len()].iter().map(|name| name.to_string()).collect();
        let mut statements: Vec<Statement> =
            self.statements.iter().map(|statement| Statement(statement.0, statement.1.plain())).collect();
        statements.sort_unstable();
        statements.dedup();
        Box::new(KnightsKnaves { people, statements })
    }

    /// People may be renamed, and statements listed in another order. An `if` equals an `or`.
    fn twin(&self) -> Option<Vec<u8>> {
        let mut structure = Structure::new();
        let people = structure.nodes(self.people.len(), LINE);
        let mut said: Vec<(u8, Unordered)> =
            self.statements.iter().map(|statement| (statement.0, Unordered::of(&statement.1.plain()))).collect();
        said.sort_unstable();
        said.dedup();
        for (speaker, claim) in said {
            let statement = claim.add(&people, &mut structure);
            structure.fact(AXIS, &[people[usize::from(speaker) - 1], statement]);
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
            self.write_statement(statement, style, out);
        }
    }

    fn read_plain_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        let parts = paired::parts(tokens, |tokens| answer_part(network, tokens))?;
        paired::pair(network, tokens, &parts)
    }

    fn write_plain_answer(&self, network: &Network, values: &[u8], out: &mut Vec<u8>) {
        for (place, (person, value)) in network.variables.iter().zip(values).enumerate() {
            out.extend_from_slice(if place > 0 { b"\n" } else { b"" });
            let role = network.values.get(usize::from(*value)).map_or("_", String::as_str);
            out.extend_from_slice(format!("{person} is a {role}").as_bytes());
        }
    }

    /// The number of people.
    fn hold_out_key(&self, _key: usize) -> u64 {
        self.people.len() as u64
    }

    fn instructions(&self) -> Instructions {
        let statement =
            |statement: &Statement| format!("\n{}.", text(|out| self.write_statement(statement, Style::Prose, out)));
        let statements: String = self.statements.iter().map(statement).collect();
        let rules = [
            "Every person is either a knight, who always tells the truth, or a knave, who always lies. Find out from the statements who is what. A statement with \"and\" is true if both parts are, one with \"or\" if at least one part is, and one with \"if\" unless its first part is true and its second part is false. \"If and only if\" holds when both parts are true or both are false, \"not\" when what follows is false; parentheses show what belongs together.",
            "On an island live knights and knaves. Whatever a knight says is true, and whatever a knave says is false. Work out of each person whether they are a knight or a knave. \"Or\" includes the case that both parts are true, and \"if ... then ...\" is false only when the first part is true and the second one is not. \"If and only if\" means that both parts are true or both false, \"not\" turns what follows into its opposite, and parentheses keep together what belongs together.",
            "Decide for each of the people below: knight or knave? Knights only make true statements, knaves only false ones, about themselves and about others. \"A or B\" means one of them or both; \"if A then B\" is true whenever A is false or B is true; \"A if and only if B\" is true when A and B are both true or both false; \"not A\" is true when A is false. Parentheses group. The answer must fit all statements at once.",
        ];
        let layout = format!("{PEOPLE}{}\n{STATEMENTS}{statements}", listed(&self.people));
        let name = self.people.first().map_or("", String::as_str);
        let form = format!(
            "Write for every person what they are, separated by commas, in this form: {name} = knight, and so on for all people."
        );
        Instructions::new(rules, layout, form)
    }
}

/// Reads people and what they are. Numbers of a list say nothing: `(1) Ann is a knave`.
fn answer_part(network: &Network, tokens: &[Token<'_>]) -> Option<(paired::Part, usize)> {
    /// Words for a knave and for a knight.
    const ROLES: [&[&str]; 2] = [
        &["knave", "knaves", "liar", "liars", "lies", "lying"],
        &["knight", "knights", "truthful", "honest", "truth", "truthteller", "truthtellers"],
    ];
    let token = tokens.first()?;
    let is_sign =
        |place: usize, signs: &[char]| tokens.get(place).is_some_and(|token| signs.iter().any(|sign| token.is(*sign)));
    let is_number = |place: usize| tokens.get(place).is_some_and(|token| token.kind == Kind::Number);
    match token.kind {
        Kind::Sign('(') if is_number(1) && is_sign(2, &[')']) => Some((paired::Part::Other, 3)),
        Kind::Number if is_sign(1, &['.', ')', ':']) => Some((paired::Part::Other, 2)),
        Kind::Word if named(&network.variables, token.text).is_some() => {
            Some((paired::Part::Variable(named(&network.variables, token.text)?), 1))
        }
        Kind::Word => {
            if token.says_one(&["none", "nobody"]) {
                return Some((paired::Part::Empty, 1));
            }
            let role = ROLES.iter().position(|words| token.says_one(words));
            let is_label = || {
                token.says_one(&[
                    "tells", "tell", "telling", "teller", "tellers", "always", "who", "type", "role", "roles", "person",
                ])
            };
            role.map(|role| (paired::Part::Value(role as u8), 1))
                .or_else(|| is_label().then_some((paired::Part::Label, 1)))
        }
        _ => None,
    }
}

impl KnightsKnaves {
    fn name(&self, person: u8) -> &str {
        usize::from(person).checked_sub(1).and_then(|place| self.people.get(place)).map_or("", String::as_str)
    }

    fn write_statement(&self, statement: &Statement, style: Style, out: &mut Vec<u8>) {
        let says = match style {
            Style::Frame => ": ",
            Style::Compact => " says ",
            Style::Prose => " says that ",
        };
        out.extend_from_slice(format!("{}{says}{}", self.name(statement.0), self.said(&statement.1, style)).as_bytes());
    }

    /// The text of a claim.
    fn said(&self, claim: &Claim, style: Style) -> String {
        let name = |person: &u8| self.name(*person);
        let joined =
            |parts: &[Part], word: &str| parts.iter().map(|part| self.part(part, style)).collect::<Vec<_>>().join(word);
        let iff = if style == Style::Prose { IF_AND_ONLY_IF } else { "iff" };
        match claim {
            Claim::Is(person, knight) => self.is(*person, *knight, style),
            Claim::And(parts) => joined(parts, " and "),
            Claim::Or(parts) => joined(parts, " or "),
            Claim::If(a, b) => format!("if {} then {}", self.part(a, style), self.part(b, style)),
            Claim::Iff(a, b) => format!("{} {iff} {}", self.part(a, style), self.part(b, style)),
            Claim::Not(part) => format!("not {}", self.part(part, style)),
            Claim::Same(a, b) if style == Style::Prose => format!("{} and {} are of the same kind", name(a), name(b)),
            Claim::Differ(a, b) if style == Style::Prose => {
                format!("{} and {} are of different kinds", name(a), name(b))
            }
            Claim::Same(a, b) => format!("{} same {}", name(a), name(b)),
            Claim::Differ(a, b) => format!("{} differ {}", name(a), name(b)),
        }
    }

    fn is(&self, person: u8, knight: bool, style: Style) -> String {
        let is = match style {
            Style::Frame => "=",
            Style::Compact => " ",
            Style::Prose => " is a ",
        };
        format!("{}{is}{}", self.name(person), if knight { "knight" } else { "knave" })
    }

    /// A claim that is part of another one has parentheses.
    fn part(&self, part: &Part, style: Style) -> String {
        match part {
            Part::Is(person, knight) => self.is(*person, *knight, style),
            Part::Claim(claim) if style == Style::Compact => format!("( {} )", self.said(claim, style)),
            Part::Claim(claim) => format!("({})", self.said(claim, style)),
        }
    }
}

impl model::Kind for KnightsKnaves {
    const ABOUT: About = About {
        name: "knights-knaves",
        version: 3,
        help: "find out who tells the truth and who lies; 2 to 12 people, one solution",
        answer_form: "what each person is, such as: Ann is a knight, Bob is a knave",
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
        let people = match told.style {
            Style::Prose => between(people, "Each of ", " is a knight,")?,
            _ => people,
        };
        let people: Vec<&str> = words(people).collect();
        let statements = said.split(',').map(str::trim).filter(|text| !text.is_empty());
        let statements = statements.map(|text| read::statement(text, &people)).collect::<Option<Vec<Value>>>()?;
        Some(json!({"people": people, "statements": statements}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        let people = items(line(layout, PEOPLE)?);
        let statement = |line: &str| read::statement(line.strip_suffix('.')?, &people);
        let statements = block(layout, STATEMENTS, "")?.into_iter().map(statement).collect::<Option<Vec<Value>>>()?;
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
        let left = |&combination: &usize| {
            statements.iter().all(|statement| statement.fits(&|person| combination >> (person - 1) & 1 == 1))
        };
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
        if let Some((_, name)) =
            named.find(|(place, name)| !names::is_own(name, &read::WORDS) || self.people[..*place].contains(name))
        {
            return Err(PuzzleError::new("people", name, format!("each once: {}", names::OWN)));
        }
        if self.statements.len() > 100 {
            return Err(PuzzleError::new("statements", format!("{} of them", self.statements.len()), "up to 100"));
        }
        let there = |person: u8| (1..=people).contains(&usize::from(person));
        for Statement(speaker, claim) in &self.statements {
            let mut good = there(*speaker);
            claim.each_person(&mut |person| good &= there(person));
            PuzzleError::unless(
                good,
                format!("statements: found one of {speaker}: {claim:?}; allowed: people from 1 to {people}"),
            )?;
            let size = claim.size();
            let message = format!("statements: found one of {size} parts; allowed: 1 to {MOST_PARTS}");
            PuzzleError::unless(size <= MOST_PARTS, message)?;
            let message = "statements: found one that joins fewer than two parts; allowed: and, or of two or more";
            PuzzleError::unless(!claim.joins_too_few(), message)?;
        }
        Ok(())
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
        1 => Claim::And(vec![Part::Is(a, x), Part::Is(b, y)]),
        2 => Claim::Or(vec![Part::Is(a, x), Part::Is(b, y)]),
        3 => Claim::If(Part::Is(a, x), Part::Is(b, y)),
        4 => Claim::Same(a, b),
        _ => Claim::Differ(a, b),
    }
}
