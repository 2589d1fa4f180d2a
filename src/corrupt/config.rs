//! Corruptions as they stand in a recipe, and what is refused of them.

use serde::{Deserialize, Serialize};
use sos_envs::DamageKind;

use super::{CorruptionEntry, Scope, corruptions};
use crate::dialect::DialectEntry;

/// Most defects that can be asked for in one trace.
pub const MOST_DEFECTS: u32 = 10_000;

/// Most tokens that a filler can have.
pub const MOST_TOKENS: u32 = 1_000_000;

/// Most steps that a window can have.
pub const MOST_WINDOW: u32 = 10_000;

/// What is to be broken in a trace: which kinds, and how many of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorruptionConfig {
    /// The kinds; of each defect the kind is drawn by weight.
    pub kinds: Vec<KindConfig>,
    /// What is drawn first of a defect: its kind by weight (the default), or its step, evenly among those that could carry one (where only kinds
    /// of less weight could stand less often), and then the kind by weight among those that could stand there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<First>,
    /// Exactly so many defects in each trace; 1 where neither this nor a rate is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Defects in a thousand eligible steps: those in which one of the kinds can be planted. What is left of a division is drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_per_mille: Option<u32>,
    /// With a rate: at least so many in each trace; 1 where it is not given, so that no trace stays clean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u32>,
}

impl CorruptionConfig {
    /// One defect, of one of these kinds.
    pub fn of(kinds: Vec<KindConfig>) -> Self {
        CorruptionConfig { kinds, first: None, count: None, rate_per_mille: None, at_least: None }
    }
}

/// What is drawn first of a defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum First {
    /// Its kind.
    Kind,
    /// Its step.
    Step,
}

/// A kind in a mix, with its options. An option that the kind does not have is refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindConfig {
    /// The kind: `sos list corruptions`.
    pub kind: String,
    /// How often it is drawn, relative to the others.
    #[serde(default = "one")]
    pub weight: u32,
    /// Whether the rest of the trace stays true (the default) or follows from the slip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// wrong-state: what happens to the state; drawn where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Variant>,
    /// shuffled-steps: how many steps are shuffled; 8 where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<u32>,
    /// filler: the token that fills; `<filler>` where it is not given (`~` where bytes are kept equal), which stands in no text and ends nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// filler: what is kept equal; tokens where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equal: Option<Equal>,
    /// filler: exactly so many tokens, whatever the trace has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u32>,
    /// swap: among which rows of a block it is swapped; any where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Within>,
}

fn one() -> u32 {
    1
}

impl KindConfig {
    /// A kind without options.
    pub fn of(kind: &str) -> Self {
        KindConfig {
            kind: kind.into(),
            weight: 1,
            mode: None,
            variant: None,
            window: None,
            token: None,
            equal: None,
            tokens: None,
            within: None,
        }
    }
}

/// What becomes of the rest of a trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// It stays true.
    #[default]
    Local,
    /// It follows from the slip.
    Propagated,
}

/// What happens to a wrong state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Variant {
    /// A thing of it is lost.
    Lost,
    /// A thing of it becomes another.
    Changed,
    /// A thing is added that is not there.
    Invented,
}

impl Variant {
    /// All of them.
    pub const ALL: [Variant; 3] = [Variant::Lost, Variant::Changed, Variant::Invented];

    /// The environment's word for it.
    pub fn damage(self) -> DamageKind {
        match self {
            Variant::Lost => DamageKind::Lose,
            Variant::Changed => DamageKind::Change,
            Variant::Invented => DamageKind::Invent,
        }
    }
}

/// What a filler keeps equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Equal {
    /// The number of tokens between white space.
    #[default]
    Tokens,
    /// The number of bytes.
    Bytes,
}

/// Among which rows of a block traces are swapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Within {
    /// All of them.
    #[default]
    Any,
    /// Those whose traces are about as long.
    Length,
    /// Those whose answers are as long.
    Answer,
}

/// KindOptions of one kind, with their defaults filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct KindOptions {
    /// What becomes of the rest.
    pub mode: Mode,
    /// What happens to a state; drawn where none.
    pub variant: Option<Variant>,
    /// Steps that are shuffled.
    pub window: usize,
    /// What fills.
    pub token: String,
    /// What a filler keeps equal.
    pub equal: Equal,
    /// How many tokens a filler has; as many as the trace where none.
    pub tokens: Option<u32>,
    /// Among which rows is swapped.
    pub within: Within,
}

/// Corruptions that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CorruptionError {
    /// There is no such kind.
    #[error("corruption.kinds.kind: found \"{found}\"; allowed: {allowed}{}", hint(.nearest))]
    Unknown {
        /// What was found.
        found: String,
        /// What is allowed.
        allowed: String,
        /// The nearest name.
        nearest: Option<String>,
    },
    /// The kind does not have an option.
    #[error("corruption.kinds.{option}: {kind} does not use it; remove it (it belongs to {owners})")]
    Unused {
        /// The option.
        option: &'static str,
        /// The kind.
        kind: &'static str,
        /// The kinds that have it.
        owners: String,
    },
    /// The kind makes no sense in a dialect.
    #[error("corruption.kinds.kind: {kind} does not fit the dialect {dialect}: {reason}")]
    Unfit {
        /// The kind.
        kind: &'static str,
        /// The dialect.
        dialect: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// A value is out of its range, or settings contradict each other.
    #[error("corruption.{field}: found {found}; allowed: {allowed}")]
    Refused {
        /// The field.
        field: &'static str,
        /// What was found.
        found: String,
        /// What is allowed, or what to change.
        allowed: String,
    },
}

fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default()
}

fn refused(field: &'static str, found: impl ToString, allowed: impl ToString) -> CorruptionError {
    CorruptionError::Refused { field, found: found.to_string(), allowed: allowed.to_string() }
}

impl Corruption {
    /// Refuses a dialect in which one of the kinds makes no sense.
    /// Where it leaves states out, one must stand here and there (`restated`) for a state to be wrong.
    pub fn fits(&self, dialect: &DialectEntry, restated: bool) -> Result<(), CorruptionError> {
        let untold = |kind: &Chosen| kind.weight == 0 || entry_needs_states(kind.entry.name);
        if dialect.leaves_states_out() && !restated && self.kinds.iter().all(untold) {
            return Err(CorruptionError::Unfit {
                kind: self.kinds.first().map_or("wrong-state", |kind| kind.entry.name),
                dialect: dialect.name,
                reason: "its moves tell the states, so that a state beside a move says by that alone that it is wrong; choose illegal-move or unsound-inference, or let the recipe restate states (restate_per_mille)",
            });
        }
        let stands = |kind: &&Chosen| dialect.leaves_states_out() && restated && entry_needs_states(kind.entry.name);
        for Chosen { entry, options, .. } in self.kinds.iter().filter(|kind| !stands(kind)) {
            entry.fits(dialect.about, dialect.told, options.mode).map_err(|reason| CorruptionError::Unfit {
                kind: entry.name,
                dialect: dialect.name,
                reason,
            })?;
        }
        Ok(())
    }
}

/// Whether a kind can be planted only where a text writes a state.
pub(super) fn entry_needs_states(name: &str) -> bool {
    matches!(name, "wrong-state" | "stale-value")
}

/// How many defects a trace gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Exactly so many.
    Count(u32),
    /// In a thousand eligible steps, and at least so many.
    Rate {
        /// In a thousand.
        per_mille: u32,
        /// At least.
        at_least: u32,
    },
}

/// A kind of a mix, looked up.
pub struct Chosen {
    /// The registry's entry.
    pub entry: CorruptionEntry,
    /// How often it is drawn.
    pub weight: u32,
    /// Its options.
    pub options: KindOptions,
}

/// Corruptions that are known to make sense: names are looked up, options are checked.
pub struct Corruption {
    /// The kinds.
    pub kinds: Vec<Chosen>,
    /// How many defects.
    pub amount: Amount,
    /// What is drawn first of each.
    pub first: First,
}

impl Corruption {
    /// Looks the names up and refuses what does not fit.
    pub fn new(config: &CorruptionConfig) -> Result<Self, CorruptionError> {
        if config.kinds.is_empty() {
            return Err(refused("kinds", "none", "at least one kind"));
        }
        let kinds = config.kinds.iter().map(choose).collect::<Result<Vec<_>, _>>()?;
        if kinds.iter().all(|kind| kind.weight == 0) {
            return Err(refused("kinds.weight", "0 everywhere", "a weight over 0 for at least one kind"));
        }
        let amount = amount(config)?;
        let alone = kinds.iter().find(|kind| kind.entry.scope == Scope::Whole).map(|kind| kind.entry.name);
        if let Some(name) = alone {
            let single = matches!(amount, Amount::Count(0 | 1));
            if !single {
                let found = if let Amount::Count(count) = amount { count.to_string() } else { "a rate".into() };
                let allowed = format!("1: {name} breaks a trace as a whole, so that nothing else can be planted in it");
                return Err(refused("count", found, allowed));
            }
        }
        Ok(Corruption { kinds, amount, first: config.first.unwrap_or(First::Kind) })
    }

    /// Among which rows traces are swapped; none where there is no swap in the mix.
    pub fn swaps_within(&self) -> Option<Within> {
        self.kinds.iter().find(|kind| kind.entry.name == "swap").map(|kind| kind.options.within)
    }
}

fn amount(config: &CorruptionConfig) -> Result<Amount, CorruptionError> {
    match (config.count, config.rate_per_mille) {
        (Some(_), Some(rate)) => Err(refused("rate_per_mille", rate, "either count or rate_per_mille, not both")),
        (_, None) if config.at_least.is_some() => {
            Err(refused("at_least", config.at_least.unwrap_or(0), "only together with rate_per_mille"))
        }
        (Some(count), None) if count > MOST_DEFECTS => Err(refused("count", count, format!("0 to {MOST_DEFECTS}"))),
        (count, None) => Ok(Amount::Count(count.unwrap_or(1))),
        (None, Some(rate)) if rate > 1000 => Err(refused("rate_per_mille", rate, "0 to 1000")),
        (None, Some(per_mille)) => {
            let at_least = config.at_least.unwrap_or(1);
            if at_least > MOST_DEFECTS {
                return Err(refused("at_least", at_least, format!("0 to {MOST_DEFECTS}")));
            }
            Ok(Amount::Rate { per_mille, at_least })
        }
    }
}

fn choose(config: &KindConfig) -> Result<Chosen, CorruptionError> {
    let names = || corruptions().into_iter().map(|entry| entry.name);
    let Some(entry) = corruptions().into_iter().find(|entry| entry.name == config.kind) else {
        return Err(CorruptionError::Unknown {
            found: config.kind.clone(),
            allowed: names().collect::<Vec<_>>().join(", "),
            nearest: crate::names::nearest(&config.kind, names()),
        });
    };
    let given = [
        ("mode", config.mode.is_some()),
        ("variant", config.variant.is_some()),
        ("window", config.window.is_some()),
        ("token", config.token.is_some()),
        ("equal", config.equal.is_some()),
        ("tokens", config.tokens.is_some()),
        ("within", config.within.is_some()),
    ];
    for (option, given) in given {
        if given && !entry.options.contains(&option) {
            let has = |entry: &CorruptionEntry| entry.options.contains(&option);
            let owners = corruptions().iter().filter(|entry| has(entry)).map(|entry| entry.name).collect::<Vec<_>>();
            return Err(CorruptionError::Unused { option, kind: entry.name, owners: owners.join(", ") });
        }
    }
    let options = options(config)?;
    Ok(Chosen { entry, weight: config.weight, options })
}

fn options(config: &KindConfig) -> Result<KindOptions, CorruptionError> {
    let window = config.window.unwrap_or(8);
    if !(2..=MOST_WINDOW).contains(&window) {
        return Err(refused("kinds.window", window, format!("2 to {MOST_WINDOW}")));
    }
    let usual = if config.equal == Some(Equal::Bytes) { "~" } else { "<filler>" };
    let token = config.token.clone().unwrap_or_else(|| usual.into());
    if let Some(found) = config.tokens.filter(|found| !(1..=MOST_TOKENS).contains(found)) {
        return Err(refused("kinds.tokens", found, "1 to 1000000"));
    }
    if config.tokens.is_some() && config.equal.is_some() {
        return Err(refused("kinds.tokens", "together with `equal`", "one of them"));
    }
    if token.is_empty() || token.chars().any(char::is_whitespace) {
        return Err(refused("kinds.token", format!("\"{token}\""), "a token without white space"));
    }
    let equal = config.equal.unwrap_or_default();
    if equal == Equal::Bytes && token.len() != 1 {
        return Err(refused("kinds.token", format!("\"{token}\""), "a single byte, where bytes are to be equal"));
    }
    Ok(KindOptions {
        mode: config.mode.unwrap_or_default(),
        variant: config.variant,
        window: window as usize,
        token,
        equal,
        tokens: config.tokens,
        within: config.within.unwrap_or_default(),
    })
}
