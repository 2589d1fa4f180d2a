//! A number line with a selectable bug, to test that the laws detect it.

use std::cell::Cell;

use crate::prelude::*;

/// The bugs. Most show only on some lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    None,
    // Settings
    UnknownSettingsRead,
    SettingsReadAsOthers,
    GoodSettingsRefused,
    // Generation
    OtherPuzzleEachTime,
    NoPuzzle,
    GeneratorPanics,
    // Space
    CandidatesTwice,
    EmptySpace,
    CandidateByChance,
    // Json
    GoalNotWritten,
    GoalTakenForGranted,
    TwoLinesOfJson,
    UnknownFieldRead,
    // Identity
    CanonicalMoves,
    CanonicalIsAClone,
    IdOfWhatIsShown,
    TwinOfWhatIsShown,
    // Successors
    SuccessorsClear,
    SuccessorsPanic,
    // Moves
    NoWayDown,
    ClaimIgnored,
    // Structure
    ComesBack,
    IndexShared,
    IndexTooLarge,
    IndexTwice,
    TwoWayUndeclared,
    TwoWayGoalElsewhere,
    TwoGoals,
    NoWayBack,
    // Terminal
    GoalIsTerminal,
    EndIsNotTerminal,
    // Keys
    KeysShared,
    KeyOfKey,
    // Distance
    OneFartherOff,
    GoalFarOff,
    // SolverFacts
    DearerThanNeeded,
    NoSolutionCounted,
    CalledUnsolvable,
    // Heuristics
    Overestimates,
    Inconsistent,
    PreparedOtherwise,
    // Atoms
    ProseLosesDigits,
    TargetNotWritten,
    HeaderOnTwoLines,
    MoveNotReadToItsEnd,
    // Prompt
    HeaderNotWritten,
    // Words
    WordUndeclared,
    SignUndeclared,
    NumberTooLong,
    // Reading
    StateOffTheLine,
    MovePanics,
    // Damage
    SameStateForDamage,
    LegalForIllegal,
    WrongClaimApplied,
    DamageByChance,
    SameClaimForDamage,
    ClaimUndeclared,
}

thread_local! {
    /// The bug of all lines in this thread.
    static BUG: Cell<Bug> = const { Cell::new(Bug::None) };
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

/// Runs `work` while all lines have a bug.
pub fn with_bug<T>(bug: Bug, work: impl FnOnce() -> T) -> T {
    CALLS.set(0);
    BUG.set(bug);
    let result = work();
    BUG.set(Bug::None);
    result
}

fn has(bug: Bug) -> bool {
    BUG.get() == bug
}

/// A number that changes with each call.
fn count() -> u32 {
    CALLS.replace(CALLS.get() + 1)
}

/// Walk from `start` to `goal` on 0..=length, one step at a time.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub start: u32,
    pub goal: u32,
    pub length: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LineConfig {
    pub length: u32,
}

impl Default for LineConfig {
    fn default() -> Self {
        LineConfig { length: 10 }
    }
}

/// The settings without the rule that unknown fields are refused.
#[derive(Deserialize)]
struct LooseConfig {
    #[serde(default = "ten")]
    length: u32,
}

fn ten() -> u32 {
    10
}

/// A step to a neighbour, with its claimed cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct To(u32, u32);

impl Line {
    fn true_distance(&self, state: u32) -> Cost {
        state.abs_diff(self.goal).into()
    }

    fn places(config: &LineConfig) -> u128 {
        u128::from(config.length) + 1
    }
}

const SOUND: About = About {
    name: "line",
    help: "walk on a line",
    state_noun: "Place",
    heuristics: &[HeuristicSpec::consistent("apart", "how far apart")],
    move_claim: MoveClaim::Cost,
    difficulty: "unknown",
    walks_turn_back: true,
    two_way: true,
    words: &["length"],
    ..About::NEW
};

impl Environment for Line {
    const ABOUT: About = SOUND;
    type Config = LineConfig;
    type State = u32;
    type Move = To;

    fn levels() -> [LineConfig; 3] {
        [4, 10, 20].map(|length| LineConfig { length })
    }

    fn check(config: &LineConfig) -> Result<(), ConfigError> {
        let refused = has(Bug::GoodSettingsRefused) && config.length >= 10;
        if refused || config.length > 1000 { Err(ConfigError::new("length", config.length, "less")) } else { Ok(()) }
    }

    fn generate(config: &LineConfig, draw: &mut Draw) -> Result<Self, Reject> {
        let mut place = || draw.between(0, config.length.into()) as u32;
        let (start, goal) = (place(), place());
        match BUG.get() {
            Bug::OtherPuzzleEachTime => Ok(Line { start: count() % (config.length + 1), goal, length: config.length }),
            Bug::NoPuzzle if config.length >= 6 => Err(Reject),
            Bug::GeneratorPanics => {
                Ok(Line { start: (60 / (start / 3)).min(config.length), goal, length: config.length })
            }
            _ => Ok(Line { start, goal, length: config.length }),
        }
    }

    /// A line may be seen from the other side. The one with the smaller numbers is canonical.
    fn canonical(&self) -> Self {
        let start = if has(Bug::CanonicalMoves) { (self.start + 1) % (self.length + 1) } else { self.start };
        let line = Line { start, ..self.clone() };
        let (start, goal) = (line.length - line.start, line.length - line.goal);
        let is_canonical = (line.start, line.goal) <= (start, goal);
        if has(Bug::CanonicalIsAClone) || is_canonical { line } else { Line { start, goal, ..line } }
    }

    fn start(&self) -> u32 {
        self.start
    }

    fn is_goal(&self, state: &u32) -> bool {
        *state == self.goal || has(Bug::TwoGoals) && *state == 7
    }

    fn successors(&self, state: &u32, out: &mut Vec<Step<To, u32>>) {
        if has(Bug::SuccessorsClear) {
            out.clear();
        }
        assert!(!has(Bug::SuccessorsPanic) || *state != 6, "six is not thought of");
        let down = if has(Bug::NoWayBack) && *state == 4 { None } else { state.checked_sub(1) };
        for to in [down, state.checked_add(1)].into_iter().flatten().filter(|&to| to <= self.length) {
            out.push(Step { action: To(to, 1), state: to, cost: 1 });
        }
    }

    fn apply(&self, state: &u32, action: To) -> Option<(To, u32, Cost)> {
        let wrong = has(Bug::NoWayDown) && action.0 < *state;
        let legal = action.0.abs_diff(*state) == 1 && action.0 <= self.length && !wrong;
        let cost = if has(Bug::WrongClaimApplied) { action.1 } else { 1 };
        legal.then_some((To(action.0, cost), action.0, 1))
    }

    fn is_terminal(&self, state: &u32) -> bool {
        match BUG.get() {
            Bug::GoalIsTerminal => *state == self.goal,
            Bug::EndIsNotTerminal => false,
            _ => self.length == 0,
        }
    }

    fn estimate(&self, _heuristic: usize, state: &u32) -> Cost {
        match BUG.get() {
            Bug::Overestimates => self.true_distance(*state) + u64::from(*state > 2),
            // Admissible, but it falls by more than the cost of a step.
            Bug::Inconsistent if state.is_multiple_of(2) => 0,
            _ => self.true_distance(*state),
        }
    }

    fn solver_facts(&self) -> SolverFacts {
        let cost = self.true_distance(self.start);
        SolverFacts {
            solvable: true,
            optimal_cost: Some(cost + u64::from(has(Bug::DearerThanNeeded) && cost > 2)),
            solutions: Some(u64::from(!has(Bug::NoSolutionCounted))),
            difficulty: None,
        }
    }

    fn is_solvable(&self) -> bool {
        !has(Bug::CalledUnsolvable) || self.start <= self.goal
    }

    fn distance_table(&self) -> DistanceTable<Self> {
        DistanceTable::new(|line: &Self, state| {
            let wrong = match BUG.get() {
                Bug::OneFartherOff => *state == 5 && line.goal != 5 && line.start != 5,
                Bug::GoalFarOff => *state == line.goal && line.start != line.goal,
                _ => false,
            };
            Some(line.true_distance(*state) + u64::from(wrong))
        })
    }
}

impl Atoms for Line {
    fn write_header(&self, style: Style, out: &mut Vec<u8>) {
        let text = match BUG.get() {
            Bug::HeaderNotWritten => String::new(),
            Bug::HeaderOnTwoLines => format!("length\n{}", self.length),
            Bug::SignUndeclared if style == Style::Compact => format!("length @ {}", self.length),
            Bug::WordUndeclared => format!("long {}", self.length),
            _ => format!("length {}", self.length),
        };
        out.extend_from_slice(text.as_bytes());
    }

    fn read_task(task: &Task<'_>) -> Option<Value> {
        let length = task.header_numbers()?.first().copied().unwrap_or(0);
        let (start, goal) = (task.start_numbers()?, task.target_numbers()?);
        let goal = if has(Bug::NumberTooLong) { goal.first()? - 1000 } else { *goal.first()? };
        Some(json!({"start": start.first()?, "goal": goal, "length": length}))
    }

    fn write_target(&self, _style: Style, out: &mut Vec<u8>) {
        match BUG.get() {
            Bug::TargetNotWritten => {}
            Bug::NumberTooLong => write_number(u64::from(self.goal) + 1000, out),
            _ => write_number(self.goal.into(), out),
        }
    }

    fn write_state(&self, state: &u32, style: Style, out: &mut Vec<u8>) {
        let shown = if has(Bug::ProseLosesDigits) && style == Style::Prose { state % 8 } else { *state };
        write_number(shown.into(), out);
    }

    fn read_state(&self, _style: Style, reader: &mut Reader<'_>) -> Option<u32> {
        let read = reader.number()?;
        assert!(!has(Bug::StateOffTheLine) || read <= 1000, "off the line");
        u32::try_from(read).ok()
    }

    fn write_move(&self, action: To, _style: Style, out: &mut Vec<u8>) {
        write_number(action.0.into(), out);
        out.extend_from_slice(b" = ");
        write_number(action.1.into(), out);
    }

    fn read_move(&self, _style: Style, reader: &mut Reader<'_>) -> Option<To> {
        let to = u32::try_from(reader.number()?).ok()?;
        if has(Bug::MoveNotReadToItsEnd) && to == 3 {
            return Some(To(to, 1));
        }
        let sign = reader.take(b" = ");
        assert!(!has(Bug::MovePanics) || sign.is_some(), "a sign of equality");
        sign?;
        Some(To(to, u32::try_from(reader.number()?).ok()?))
    }
}

impl Json for Line {
    type Fields = Value;

    fn to_fields(&self) -> Value {
        let goal = if has(Bug::GoalNotWritten) { 0 } else { self.goal };
        json!({"start": self.start, "goal": goal, "length": self.length})
    }

    fn write_json(&self, out: &mut Vec<u8>) {
        let gap = if has(Bug::TwoLinesOfJson) && self.start > 1 { ",\n" } else { "," };
        out.extend_from_slice(self.to_fields().to_string().replacen(',', gap, 1).as_bytes());
    }

    fn from_fields(mut value: Value) -> Result<Self, PuzzleError> {
        assert!(!has(Bug::GoalTakenForGranted) || value.get("goal").is_some(), "a goal is taken for granted");
        if let Some(fields) = value.as_object_mut().filter(|_| has(Bug::UnknownFieldRead)) {
            fields.retain(|name, _| ["start", "goal", "length"].contains(&name.as_str()));
        }
        let line = Self::deserialize(&value).map_err(|error| PuzzleError(error.to_string()))?;
        if line.length > 1000 || line.start > line.length || line.goal > line.length {
            return Err(PuzzleError("off the line".into()));
        }
        Ok(line)
    }
}

impl Kinds for Line {
    fn kinds() -> &'static [About] {
        match BUG.get() {
            Bug::ComesBack => const { &[About { positions_recur: false, ..SOUND }] },
            Bug::TwoWayUndeclared => const { &[About { two_way: false, ..SOUND }] },
            Bug::ClaimUndeclared => const { &[About { move_claim: MoveClaim::None, ..SOUND }] },
            _ => const { &[SOUND] },
        }
    }

    fn read_config(_kind: usize, settings: &Value) -> Result<LineConfig, serde_json::Error> {
        match BUG.get() {
            Bug::UnknownSettingsRead => {
                LooseConfig::deserialize(settings).map(|loose| LineConfig { length: loose.length })
            }
            Bug::SettingsReadAsOthers => {
                LineConfig::deserialize(settings).map(|read| LineConfig { length: read.length.min(30) })
            }
            _ => LineConfig::deserialize(settings),
        }
    }
}

impl Splits for Line {
    /// The laws check solvability.
    fn accepts(_config: &LineConfig, _solvable: bool) -> bool {
        true
    }

    fn space(config: &LineConfig) -> Option<Space> {
        let places = if has(Bug::EmptySpace) { 0 } else { Line::places(config) };
        Some(Space { strata: 1, size: places * places })
    }

    fn at(config: &LineConfig, _stratum: u64, index: u128, draw: &mut Draw) -> Result<Self, Reject> {
        let places = Line::places(config);
        let index = match BUG.get() {
            Bug::CandidatesTwice => index / 2,
            Bug::CandidateByChance => (index + u128::from(draw.below(2))) % (places * places),
            _ => index,
        };
        let (start, goal) = ((index % places) as u32, (index / places) as u32);
        // Of a line and its mirror image one is counted.
        if (start, goal) > (config.length - start, config.length - goal) {
            return Err(Reject);
        }
        Ok(Line { start, goal, length: config.length })
    }

    fn id(&self) -> PuzzleId {
        let shown = if has(Bug::IdOfWhatIsShown) { self.clone() } else { self.canonical() };
        PuzzleId::of("line", |out| out.extend_from_slice(format!("{shown:?}").as_bytes()))
    }

    fn twin(&self) -> PuzzleId {
        let shown = if has(Bug::TwinOfWhatIsShown) { self.clone() } else { self.canonical() };
        PuzzleId::of("line", |out| out.extend_from_slice(format!("{shown:?}").as_bytes()))
    }

    fn shown_otherwise(&self, _draw: &mut Draw) -> Option<Self> {
        Some(Line { start: self.length - self.start, goal: self.length - self.goal, ..self.clone() })
    }
}

impl SearchSupport for Line {
    fn key_state(&self, state: &u32) -> u32 {
        match BUG.get() {
            Bug::KeysShared => *state / 2 * 2,
            Bug::KeyOfKey => state.saturating_sub(1),
            _ => *state,
        }
    }

    fn evaluator(&self, heuristic: usize) -> Evaluator<Self> {
        if has(Bug::PreparedOtherwise) { Evaluator::prepared(|_, _| 0) } else { Evaluator::plain(heuristic) }
    }

    fn two_way_goal(&self) -> Option<u32> {
        Some(if has(Bug::TwoWayGoalElsewhere) { self.start } else { self.goal })
    }

    fn index_bound(&self) -> Option<usize> {
        let has_index = !has(Bug::KeysShared) && !has(Bug::KeyOfKey);
        has_index.then_some(self.length as usize + usize::from(!has(Bug::IndexTooLarge)))
    }

    fn index(&self, state: &u32) -> usize {
        match BUG.get() {
            Bug::IndexShared => *state as usize / 2,
            Bug::IndexTwice => count() as usize % (self.length as usize + 1),
            _ => *state as usize,
        }
    }
}

impl Answers for Line {}
impl Damage for Line {
    fn apply_as_claimed(&self, state: &u32, action: To) -> Option<(u32, Cost)> {
        let cost = if has(Bug::ClaimIgnored) { 2 } else { action.1 };
        self.apply(state, action).map(|(_, to, _)| (to, cost.into()))
    }

    fn damage_state(&self, state: &u32, damage: DamageKind, draw: &mut Draw) -> Option<u32> {
        let other = draw.between(0, self.length.into()) as u32;
        let other = if has(Bug::DamageByChance) { (other + count()) % (self.length + 1) } else { other };
        let is_damage = has(Bug::SameStateForDamage) || other != *state;
        (damage == DamageKind::Change && is_damage).then_some(other)
    }

    fn damage_claim(&self, action: To, draw: &mut Draw) -> Option<To> {
        let more = if has(Bug::SameClaimForDamage) { 0 } else { 1 };
        Some(To(action.0, action.1 + more + draw.below(3) as u32))
    }

    fn illegal_move(&self, state: &u32, draw: &mut Draw) -> Option<(To, u32)> {
        let to = draw.between(0, self.length.into()) as u32;
        (has(Bug::LegalForIllegal) || to.abs_diff(*state) > 1).then_some((To(to, 1), to))
    }
}

impl SharedGround for Line {}
impl Prompts for Line {}
impl Instruct for Line {}
impl Variables for Line {}
