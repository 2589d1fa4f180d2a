//! Random k-SAT: Boolean variables and clauses. At least one literal of each clause must be true.
//!
//! A worked puzzle: `(x1 | -x2) & (x2 | x3) & (-x1 | -x3)`. If `x1` is true, `x3` is false and so `x2` is true; all three clauses hold.
//!
//! Source: Cook (1971). Clauses are drawn with equal probability, each over different variables (Franco and Paull 1983). Near 4.26 clauses per variable, half
//! of the puzzles with three literals have a solution (Mitchell, Selman and Levesque 1992, "Hard and easy distributions of SAT problems"). Planted puzzles use
//! only clauses that hold for an assignment drawn before.
//!
//! Identity: the order of clauses, and of literals in them, does not count.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::answer::{self, Assigned};
use super::model::{self, Model};
use super::network::{MAX_RULES, Network};
use super::rule::Rule;
use super::told::PromptParts;
use super::{Settings, names};
use crate::about::About;
use crate::answers::steps::{BETWEEN, is_between};
use crate::answers::{Kind, Problem, Read, Token, Unread, span};
use crate::draw::Draw;
use crate::environment::twin::Structure;
use crate::environment::twin::tags::{AXIS, GROUP, IN, LINE};
use crate::environment::{ConfigError, PuzzleError, Reject};
use crate::instruct::{Instructions, block, line};
use crate::prompt::numbers;
use crate::settings::{Amount, Range, Solvable, amount_within, within};
use crate::text::{Style, write_number};
use serde_json::{Value, json};

/// Most variables of a puzzle.
const MOST_TO_READ: usize = 100;

/// The words before the parts of a puzzle in prompts for models that speak.
const VARIABLES: &str = "Variables: x1 to x";
const CLAUSES: &str = "Clauses (at least one part of each line must hold):";

/// Settings of random k-SAT.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Number of variables: 3 to 60.
    pub variables: Amount,
    /// Number of literals in a clause: 2 to 4.
    pub literals: u64,
    /// Number of clauses for a hundred variables: 50 to 1,600. At 426, half of the puzzles with three literals have a solution.
    pub ratio_percent: u64,
    /// Whether clauses are drawn to fit a hidden solution.
    pub planted: bool,
    /// Whether a solution is required: `yes`, `no` or `any`.
    pub solvable: Solvable,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            variables: Amount::Between(Range { min: 8, max: 12 }),
            literals: 3,
            ratio_percent: 426,
            planted: false,
            solvable: Solvable::Yes,
        }
    }
}

/// Greatest number of variables that is drawn.
const MOST_VARIABLES: u64 = 60;

/// A puzzle of k-SAT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Satisfiability {
    /// Number of variables.
    variables: usize,
    /// Clauses of literals. A literal is the number of a variable, counted from 1, and negative if the variable must be false.
    clauses: Vec<Vec<i32>>,
}

fn variable(literal: i32) -> usize {
    literal.unsigned_abs() as usize - 1
}

impl Model for Satisfiability {
    fn network(&self) -> Arc<Network> {
        let literals = |clause: &Vec<i32>| clause.iter().map(|&l| (variable(l) as u8, l > 0)).collect();
        let rules = self.clauses.iter().map(|clause| Rule::Clause { literals: literals(clause) }).collect();
        let values = vec!["F".to_string(), "T".to_string()];
        Arc::new(Network::new(names::numbered("x", self.variables), values, rules))
    }

    fn canonical(&self) -> Box<dyn Model> {
        let mut clauses = self.clauses.clone();
        for clause in &mut clauses {
            clause.sort_unstable_by_key(|literal| (literal.unsigned_abs(), *literal < 0));
            clause.dedup();
        }
        clauses.sort_unstable();
        clauses.dedup();
        Box::new(Satisfiability { variables: self.variables, clauses })
    }

    /// Variables may be renamed, and true and false exchanged for each.
    fn twin(&self) -> Option<Vec<u8>> {
        let mut structure = Structure::new();
        let literals: Vec<[u32; 2]> = (0..self.variables)
            .map(|_| {
                let [no, yes] = [structure.node(LINE), structure.node(LINE)];
                structure.link(AXIS, no, yes);
                [no, yes]
            })
            .collect();
        let mut clauses: Vec<Vec<(usize, bool)>> = self
            .clauses
            .iter()
            .map(|clause| clause.iter().map(|&literal| (variable(literal), literal > 0)).collect())
            .collect();
        for clause in &mut clauses {
            clause.sort_unstable();
            clause.dedup();
        }
        clauses.sort_unstable();
        clauses.dedup();
        for clause in clauses {
            let node = structure.node(GROUP);
            clause
                .into_iter()
                .for_each(|(variable, sign)| structure.fact(IN, &[literals[variable][usize::from(sign)], node]));
        }
        Some(structure.key().to_vec())
    }

    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let (or, and) = match style {
            Style::Frame => (" | ", " & "),
            Style::Compact => (" ", " ; "),
            Style::Prose => (" or ", " and "),
        };
        let last = self.variables;
        match style {
            Style::Frame => out.extend_from_slice(format!("x1 to x{last}: ").as_bytes()),
            Style::Compact => {}
            Style::Prose => out.extend_from_slice(
                format!("Each of x1 to x{last} is to be true or false, T or F, so that this holds. A state lists them in order, with _ where one is open. ").as_bytes(),
            ),
        }
        for (place, clause) in self.clauses.iter().enumerate() {
            if place > 0 {
                out.extend_from_slice(and.as_bytes());
            }
            if style != Style::Compact {
                out.push(b'(');
            }
            for (place, &literal) in clause.iter().enumerate() {
                if place > 0 {
                    out.extend_from_slice(or.as_bytes());
                }
                let not: &[u8] = match style {
                    Style::Frame => b"-",
                    Style::Compact => b"- ",
                    Style::Prose => b"not ",
                };
                out.extend_from_slice(if literal < 0 { not } else { b"" });
                out.push(b'x');
                write_number(literal.unsigned_abs().into(), out);
            }
            if style != Style::Compact {
                out.push(b')');
            }
        }
    }

    fn read_plain_answer(&self, network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
        read_answer(network, tokens)
    }

    /// The number of variables, or of clauses.
    fn hold_out_key(&self, key: usize) -> u64 {
        if key == 0 { self.variables as u64 } else { self.clauses.len() as u64 }
    }

    fn instructions(&self) -> Instructions {
        let literal = |&literal: &i32| format!("{}x{}", if literal < 0 { "not " } else { "" }, literal.unsigned_abs());
        let clause =
            |clause: &Vec<i32>| "\n".to_string() + &clause.iter().map(literal).collect::<Vec<_>>().join(" or ");
        let clauses: String = self.clauses.iter().map(clause).collect();
        let rules = [
            "Make every variable true or false, so that all clauses are satisfied. A clause is a line of parts joined by \"or\": at least one of them must hold. A variable by itself holds if it is true; \"not\" before a variable means that the part holds if the variable is false. Any such assignment is right.",
            "Find an assignment of true and false to the variables under which each of the clauses below is true. A clause is true if at least one of its parts is: x1 is true when the variable x1 is true, not x1 when it is false. If several assignments do it, any one will do.",
            "This is a satisfiability problem. Each line is a condition, and all conditions must hold at once. A condition with \"or\" holds when one or more of its parts hold; \"not\" turns a variable round. Choose true or false for every variable. Any solution counts.",
        ];
        let layout = format!("{VARIABLES}{}\n{CLAUSES}{clauses}", self.variables);
        Instructions::new(
            rules,
            layout,
            "Write the value of every variable, separated by commas, in this form: x1 = true, x2 = false, and so on.",
        )
    }
}

/// Reads `x1 = true`, literals (`x1, -x2`, `x1 ∧ ¬x2`, `not x2`), or DIMACS (`v 1 -2 3 0`).
fn read_answer(network: &Network, tokens: &[Token<'_>]) -> Read<Assigned> {
    const TRUE: [&str; 4] = ["t", "true", "1", "yes"];
    const FALSE: [&str; 4] = ["f", "false", "0", "no"];
    let (mut found, mut negated): (Vec<Assigned>, bool) = (Vec::new(), false);
    // Whether a value may come, behind `=` and the like.
    let mut valued = false;
    // DIMACS ends an assignment with 0.
    let mut ended = false;
    for token in tokens {
        if ended && !matches!(token.kind, Kind::Line) {
            return Err(Unread::at(token));
        }
        let one_of = |words: &[&str]| words.iter().any(|word| token.text.eq_ignore_ascii_case(word));
        let named = || answer::named(&network.variables, token.text);
        let numbered = || {
            token
                .number()
                .and_then(|number| u8::try_from(number.checked_sub(1)?).ok())
                .filter(|&place| usize::from(place) < network.len())
        };
        match token.kind {
            Kind::Word | Kind::Number if valued && (one_of(&TRUE) || one_of(&FALSE)) => {
                let last = found.last_mut().filter(|_| !negated).ok_or_else(|| Unread::at(token))?;
                last.1 = u8::from(one_of(&TRUE));
                valued = false;
            }
            _ if valued && !matches!(token.kind, Kind::Sign('"' | '\'' | '=' | ':' | '→')) => {
                return Err(Unread::at(token));
            }
            Kind::Word if named().is_some() => {
                found.push((named().unwrap_or(0), u8::from(!std::mem::take(&mut negated))));
            }
            Kind::Word if token.says_one(&["true", "false"]) => return Err(Unread::at(token)),
            Kind::Number if token.number() == Some(0) && !negated => ended = true,
            Kind::Number => {
                let variable = numbered().ok_or_else(|| Unread::at(token))?;
                found.push((variable, u8::from(!std::mem::take(&mut negated))));
            }
            Kind::Sign('-' | '¬' | '~' | '!') => negated = true,
            Kind::Word if token.says("not") => negated = true,
            Kind::Sign('=' | ':' | '→') if !found.is_empty() => valued = true,
            Kind::Word if token.says_one(&["is", "to"]) && !found.is_empty() => valued = true,
            Kind::Word
                if token.says_one(&[
                    "v",
                    "s",
                    "satisfiable",
                    "sat",
                    "assignment",
                    "satisfying",
                    "set",
                    "literals",
                    "variables",
                    "c",
                ]) => {}
            Kind::Word if token.says_one(&BETWEEN) => {}
            Kind::Sign('∧' | '&' | '{' | '}') => {}
            // `|` joins the literals of a clause.
            _ if is_between(token) && !token.is('|') => {}
            _ => return Err(Unread::at(token)),
        }
    }
    match (negated || valued, found.is_empty()) {
        (true, _) => Err(Unread { problem: Problem::Malformed, span: span(tokens) }),
        (false, true) => Err(Unread::nothing()),
        (false, false) => Ok(found),
    }
}

impl model::Kind for Satisfiability {
    const ABOUT: About = About {
        name: "k-sat",
        version: 3,
        help: "make every clause true; 2 to 4 literals a clause, up to 60 variables",
        answer_form: "the value of each variable, such as x1 = true, x2 = false",
        words: &names::LITERALS,
        keys: &["variables", "clauses"],
        ..super::SHARED
    };
    const EXAMPLE: &'static str = r#"{"variables":3,"clauses":[[1,-2],[2,3],[-1,-3]]}"#;
    type Config = Config;

    fn read(told: &PromptParts<'_>) -> Option<Value> {
        let (head, listed) = match told.style {
            Style::Frame => told.cut(": ")?,
            Style::Compact => ("", told.header),
            Style::Prose => told.cut(" where one is open. ")?,
        };
        let literal = |text: &str| {
            let number = i64::try_from(*numbers(Style::Frame, text)?.first()?).ok()?;
            Some(if text.contains("-") || text.contains("not ") { -number } else { number })
        };
        // each literal ends in its number
        let clause = |text: &str| {
            let ends = text.match_indices('x').map(|(at, _)| at).skip(1).chain([text.len()]);
            let mut from = 0;
            let each = ends.map(|end| {
                let sign = text.get(from..end)?;
                let number = sign.rfind(|byte: char| byte.is_ascii_digit())?;
                let literal = literal(text.get(from..from + number + 1)?);
                from += number + 1;
                literal
            });
            each.collect::<Option<Vec<i64>>>()
        };
        let between = if told.style == Style::Compact { " ; " } else { ")" };
        let clauses = listed.split(between).filter(|text| text.contains('x')).map(clause);
        let clauses = clauses.collect::<Option<Vec<Vec<i64>>>>()?;
        let variables = match told.count() {
            Some(variables) => variables as u64,
            None => *numbers(Style::Frame, head)?.last()?,
        };
        Some(json!({"variables": variables, "clauses": clauses}))
    }

    fn read_layout(layout: &str) -> Option<Value> {
        let literal = |part: &str| {
            let number: i32 = part.trim_start_matches("not ").strip_prefix('x')?.parse().ok()?;
            Some(if part.starts_with("not ") { -number } else { number })
        };
        let clause = |line: &str| line.split(" or ").map(literal).collect::<Option<Vec<i32>>>();
        let clauses = block(layout, CLAUSES, "")?.into_iter().map(clause).collect::<Option<Vec<_>>>()?;
        let variables = *numbers(Style::Frame, line(layout, VARIABLES)?)?.first()?;
        Some(json!({"variables": variables, "clauses": clauses}))
    }

    fn settings(config: Config) -> Settings {
        Settings::Satisfiability(config)
    }

    fn config(settings: &Settings) -> Option<&Config> {
        if let Settings::Satisfiability(config) = settings { Some(config) } else { None }
    }

    fn levels() -> [Config; 3] {
        let variables = |min, max| Config { variables: Amount::Between(Range { min, max }), ..Config::default() };
        [variables(5, 7), variables(8, 12), variables(20, 25)]
    }

    fn check(config: &Config) -> Result<(), ConfigError> {
        within("literals", config.literals, 2, 4)?;
        amount_within("variables", config.variables, config.literals.max(3), MOST_VARIABLES)?;
        within("ratio_percent", config.ratio_percent, 50, 1600)?;
        if config.planted && config.solvable == Solvable::No {
            return Err(ConfigError::new("planted", true, "false where there is to be no solution"));
        }
        let clauses = clauses(config, config.variables.max());
        let least = config.variables.min();
        let possible = (0..config.literals).fold(1, |all, n| all * (least - n) / (n + 1) * 2) / 4;
        if config.variables.min() == config.variables.max() && clauses > possible {
            return Err(ConfigError::new(
                "ratio_percent",
                config.ratio_percent,
                "a ratio that leaves clauses to choose from, or more variables",
            ));
        }
        Ok(())
    }

    fn generate(config: &Config, draw: &mut Draw) -> Result<Self, Reject> {
        let variables = config.variables.draw(draw);
        let planted: Vec<bool> = (0..variables).map(|_| draw.chance(1, 2)).collect();
        let wanted = clauses(config, variables as u64) as usize;
        let mut clauses: Vec<Vec<i32>> = Vec::with_capacity(wanted);
        let mut known = HashSet::with_capacity(wanted);
        let mut numbers: Vec<i32> = (1..=variables as i32).collect();
        for _ in 0..wanted * 8 {
            for place in 0..config.literals as usize {
                let other = place + draw.index(variables - place);
                numbers.swap(place, other);
            }
            let mut clause = numbers[..config.literals as usize].to_vec();
            for literal in &mut clause {
                *literal = if draw.chance(1, 2) { *literal } else { -*literal };
            }
            let holds = clause.iter().any(|&literal| planted[variable(literal)] == (literal > 0));
            let mut sorted = clause.clone();
            sorted.sort_unstable();
            let is_new = !known.contains(&sorted);
            if is_new && (holds || !config.planted) {
                known.insert(sorted);
                clauses.push(clause);
                if clauses.len() == wanted {
                    return Ok(Satisfiability { variables, clauses });
                }
            }
        }
        Err(Reject)
    }

    fn accepts(config: &Config, solvable: bool) -> bool {
        config.solvable.accepts(solvable)
    }

    fn validate(&self) -> Result<(), PuzzleError> {
        if !(1..=MOST_TO_READ).contains(&self.variables) {
            return Err(PuzzleError::new("variables", self.variables, format!("1 to {MOST_TO_READ}")));
        }
        if self.clauses.len() > MAX_RULES {
            return Err(PuzzleError::new(
                "clauses",
                format!("{} of them", self.clauses.len()),
                format!("up to {MAX_RULES}"),
            ));
        }
        let known = |&literal: &i32| literal != 0 && literal.unsigned_abs() as usize <= self.variables;
        let wrong =
            self.clauses.iter().find(|clause| clause.len() > 16 || clause.is_empty() || !clause.iter().all(known));
        let allowed = format!("1 to 16 literals, each from 1 to {} or less than 0", self.variables);
        wrong.map_or(Ok(()), |clause| Err(PuzzleError::new("clauses", clause, allowed)))
    }
}

/// The number of clauses for so many variables.
fn clauses(config: &Config, variables: u64) -> u64 {
    (variables * config.ratio_percent / 100).max(1)
}
