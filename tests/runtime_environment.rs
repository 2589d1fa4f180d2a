//! An environment whose rules are data that the program reads at run time. It keeps the laws and has every dialect and every record.

use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use sos_envs::prelude::*;
use sos_envs::{LEVELS, laws};
use stream_of_search::generate::Silent;
use stream_of_search::recipe::Recipe;
use stream_of_search::record::Datasets;
use stream_of_search::rollouts::{ScoredRow, Scoring, score_file};
use stream_of_search::rows::{RowsError, Workers, nothing};
use stream_of_search::{arena, request};

use super::family;
use super::table_records::Table;

/// Two puzzles of rewriting words. In one, letters change places. In the other, a pair becomes another pair.
const DEFINITIONS: &str = r#"[
    {"name": "places", "letters": "abc", "rules": [["ab", "ba"], ["ba", "ab"], ["bc", "cb"], ["cb", "bc"]]},
    {"name": "pairs", "letters": "xyz", "rules": [["xx", "yz"], ["yz", "xx"], ["zy", "yy"], ["yy", "zy"], ["xz", "zx"]]}
]"#;

/// The data of one environment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Definition {
    name: String,
    letters: String,
    rules: Vec<(String, String)>,
}

fn definitions() -> &'static [Definition] {
    static READ: OnceLock<Vec<Definition>> = OnceLock::new();
    READ.get_or_init(|| serde_json::from_str(DEFINITIONS).unwrap())
}

/// A word to be rewritten into another word.
#[derive(Clone, Debug, PartialEq)]
struct Rewriting {
    kind: usize,
    start: Box<[u8]>,
    goal: Box<[u8]>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RewritingConfig {
    #[serde(skip)]
    kind: usize,
    /// Number of letters in a word.
    length: usize,
}

impl Default for RewritingConfig {
    fn default() -> Self {
        RewritingConfig { kind: 0, length: 4 }
    }
}

/// The greatest length of a word.
const LONGEST: usize = 8;

impl Rewriting {
    fn definition(&self) -> &'static Definition {
        &definitions()[self.kind]
    }

    /// Applies a rule at a place. A move holds both in one number.
    fn rewritten(&self, state: &[u8], action: u32) -> Option<Box<[u8]>> {
        let (rule, place) = (action as usize / LONGEST, action as usize % LONGEST);
        let (from, to) = self.definition().rules.get(rule)?;
        let here = state.get(place..place + from.len())?;
        let mut next: Box<[u8]> = state.into();
        next[place..place + from.len()].copy_from_slice(to.as_bytes());
        (here == from.as_bytes()).then_some(next)
    }

    fn read_letters(kind: usize, text: &str) -> Option<Box<[u8]>> {
        let letters: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
        let known = letters.iter().all(|letter| definitions()[kind].letters.as_bytes().contains(letter));
        (known && (2..=LONGEST).contains(&letters.len())).then(|| letters.into())
    }
}

impl Environment for Rewriting {
    /// What all kinds share. Each kind has its own description in [`Kinds::kinds`].
    const ABOUT: About = About { name: "rewriting", help: "words that are rewritten", ..About::NEW };
    type Config = RewritingConfig;
    type State = Box<[u8]>;
    type Move = u32;

    fn levels() -> [RewritingConfig; 3] {
        [3, 4, 5].map(|length| RewritingConfig { kind: 0, length })
    }
    fn check(config: &RewritingConfig) -> Result<(), ConfigError> {
        within("length", config.length as u64, 2, LONGEST as u64)
    }
    fn generate(config: &RewritingConfig, draw: &mut Draw) -> Result<Self, Reject> {
        let letters = definitions()[config.kind].letters.as_bytes();
        let start: Box<[u8]> = (0..config.length).map(|_| letters[draw.index(letters.len())]).collect();
        let mut puzzle = Rewriting { kind: config.kind, start: start.clone(), goal: start };
        for _ in 0..draw.between(1, 6) {
            let mut steps = Vec::new();
            puzzle.successors(&puzzle.goal.clone(), &mut steps);
            puzzle.goal = draw.choose(&steps).ok_or(Reject)?.state.clone();
        }
        if puzzle.start == puzzle.goal { Err(Reject) } else { Ok(puzzle) }
    }
    fn canonical(&self) -> Self {
        self.clone()
    }
    fn start(&self) -> Box<[u8]> {
        self.start.clone()
    }
    fn is_goal(&self, state: &Box<[u8]>) -> bool {
        *state == self.goal
    }
    fn successors(&self, state: &Box<[u8]>, out: &mut Vec<Step<u32, Box<[u8]>>>) {
        let moves = 0..(self.definition().rules.len() * LONGEST) as u32;
        let step = |action| Some(Step { action, state: self.rewritten(state, action)?, cost: 1 });
        out.extend(moves.filter_map(step));
    }
    fn estimate(&self, _heuristic: usize, state: &Box<[u8]>) -> Cost {
        state.iter().zip(&self.goal).filter(|(here, there)| here != there).count().div_ceil(2) as Cost
    }
}

impl Atoms for Rewriting {
    fn read_task(task: &Task<'_>) -> Option<Value> {
        Some(json!({"start": task.start, "goal": task.target}))
    }
    fn write_target(&self, style: Style, out: &mut Vec<u8>) {
        self.write_state(&self.goal, style, out);
    }
    fn write_state(&self, state: &Box<[u8]>, _style: Style, out: &mut Vec<u8>) {
        let letters: Vec<String> = state.iter().map(|&letter| char::from(letter).to_string()).collect();
        out.extend_from_slice(letters.join(" ").as_bytes());
    }
    fn read_state(&self, _style: Style, reader: &mut Reader<'_>) -> Option<Box<[u8]>> {
        let mut letters = Vec::new();
        loop {
            letters.push(reader.peek().filter(|letter| self.definition().letters.as_bytes().contains(letter))?);
            reader.take(&letters[letters.len() - 1..])?;
            let mut ahead = *reader;
            let goes_on = ahead.take(b" ").is_some()
                && ahead.peek().is_some_and(|letter| self.definition().letters.as_bytes().contains(&letter));
            if !goes_on || letters.len() == self.start.len() {
                return (letters.len() == self.start.len()).then(|| letters.into());
            }
            *reader = ahead;
        }
    }
    fn write_move(&self, action: u32, _style: Style, out: &mut Vec<u8>) {
        write_number(u64::from(action) / LONGEST as u64 + 1, out);
        out.extend_from_slice(b" at ");
        write_number(u64::from(action) % LONGEST as u64 + 1, out);
    }
    fn read_move(&self, style: Style, reader: &mut Reader<'_>) -> Option<u32> {
        let rule = reader.number_up_to(style, self.definition().rules.len() as u64)?.checked_sub(1)?;
        reader.take(b" at ")?;
        let place = reader.number_up_to(style, LONGEST as u64)?.checked_sub(1)?;
        Some((rule * LONGEST as u64 + place) as u32)
    }
}

impl Json for Rewriting {
    type Fields = Value;
    fn to_fields(&self) -> Value {
        let text = |letters: &[u8]| String::from_utf8_lossy(letters).into_owned();
        json!({"start": text(&self.start), "goal": text(&self.goal)})
    }
    fn from_fields(value: Value) -> Result<Self, PuzzleError> {
        Self::from_json_of(0, &value)
    }
}

impl Kinds for Rewriting {
    fn kinds() -> &'static [About] {
        static MADE: OnceLock<Vec<About>> = OnceLock::new();
        let about = |definition: &'static Definition| {
            let words: Vec<String> = definition.letters.chars().map(String::from).chain(["at".to_string()]).collect();
            About {
                name: &definition.name,
                heuristics: const {
                    &[HeuristicSpec::consistent("misplaced", "half of the letters that differ from the goal's")]
                },
                words: words.leak().iter().map(String::as_str).collect::<Vec<_>>().leak(),
                walks_turn_back: true,
                ..Self::ABOUT
            }
        };
        MADE.get_or_init(|| definitions().iter().map(about).collect())
    }
    fn kind(&self) -> usize {
        self.kind
    }
    fn kind_of(config: &RewritingConfig) -> usize {
        config.kind
    }
    fn levels_of(kind: usize) -> [RewritingConfig; 3] {
        Self::levels().map(|config| RewritingConfig { kind, ..config })
    }
    fn defaults_of(kind: usize) -> RewritingConfig {
        RewritingConfig { kind, ..RewritingConfig::default() }
    }
    fn read_config(kind: usize, settings: &Value) -> Result<RewritingConfig, serde_json::Error> {
        RewritingConfig::deserialize(settings).map(|config| RewritingConfig { kind, ..config })
    }
    fn from_json_of(kind: usize, value: &Value) -> Result<Self, PuzzleError> {
        let fields = value.as_object().filter(|fields| fields.len() == 2);
        let letters = |field: &str| Self::read_letters(kind, fields?.get(field)?.as_str()?);
        match (letters("start"), letters("goal")) {
            (Some(start), Some(goal)) if start.len() == goal.len() => Ok(Rewriting { kind, start, goal }),
            _ => Err(PuzzleError(
                "send start and goal, two words of the same length in the letters of the puzzle".into(),
            )),
        }
    }
}

impl Splits for Rewriting {}
impl SearchSupport for Rewriting {}
impl SharedGround for Rewriting {}
impl Variables for Rewriting {}
impl Prompts for Rewriting {}
impl Instruct for Rewriting {}
impl Damage for Rewriting {}
impl Answers for Rewriting {}

#[test]
fn it_keeps_the_laws() {
    for kind in 0..definitions().len() {
        laws::assert_laws::<Rewriting>(&Rewriting::levels_of(kind), 1, 30);
    }
}

/// All dialects, searches and records: the same table as for the environments of the registry.
#[test]
fn it_has_every_dialect_and_record() {
    arena::add::<Rewriting>();
    let mut table = Table::default();
    for definition in definitions() {
        assert_eq!(family(&definition.name).levels().len(), LEVELS.len());
        table.visit(family(&definition.name));
    }
    assert!(table.failures.is_empty(), "{:?}", table.failures);
    assert!(table.rows.len() > 1000, "{} fields of the table", table.rows.len());
}

/// Who names an environment that there is not gets the names of the added ones as well.
#[test]
fn its_name_is_among_those_that_are_allowed() {
    arena::add::<Rewriting>();
    let request = request::environment("palces").err().unwrap().to_string();
    assert!(request.contains(", places, pairs; did you mean \"places\"?"), "{request}");
    let recipe = crate::recipes::SMALL.replace("name = \"countdown\"", "name = \"palces\"");
    let recipe = Datasets::new(Recipe::from_toml(&recipe).unwrap()).err().unwrap().to_string();
    assert!(recipe.contains(", places, pairs") && recipe.contains("places"), "{recipe}");
    assert!(request::environment_names().starts_with(&["countdown"]));
}

/// Rollouts of an added environment: totals, and the rows in their groups.
#[test]
fn its_rollouts_are_scored() {
    arena::add::<Rewriting>();
    let puzzle = |start: &str, goal: &str| json!({"env": "places", "puzzle": {"start": start, "goal": goal}});
    let rollout = |mut row: Value, text: &str| {
        row["text"] = text.into();
        row["read"] = "answer".into();
        row.to_string() + "\n"
    };
    let (one, other) = (puzzle("abc", "acb"), puzzle("abc", "bac"));
    let text = [
        rollout(one.clone(), "3 at 2"),
        rollout(other.clone(), "3 at 2"),
        rollout(one, "1 at 1"),
        rollout(other, "1 at 1"),
        "no row\n".to_string(),
    ];
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text.concat()).unwrap();
    let score = |stop: bool| {
        let mut rows = Vec::new();
        let stop = AtomicBool::new(stop);
        let workers = Workers { threads: 2, progress: &Silent, stop: &stop, hold: &nothing };
        let report = score_file(file.path(), workers, &Scoring::default(), 0, |group| {
            let solved = |row: &ScoredRow| (row.line, row.scored.as_ref().ok().map(|scored| scored.rollout.solved));
            rows.push(group.iter().map(solved).collect::<Vec<_>>());
            Ok::<_, RowsError>(())
        });
        report.map(|report| (report, rows))
    };
    let (report, rows) = score(false).unwrap();
    assert_eq!(rows, [vec![(1, Some(true)), (3, Some(false))], vec![(2, Some(false)), (4, Some(true)), (5, None)]]);
    assert_eq!((report.served.rows, report.served.unserved, report.totals.groups), (5, 1, 2));
    assert_eq!((report.totals.solved.mean, report.totals.pass_at[&2].mean), (0.4, 1.0 - 1.0 / 6.0));
    assert!(matches!(score(true), Err(RowsError::Stopped)));
}
