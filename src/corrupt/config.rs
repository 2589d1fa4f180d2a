//! Corruptions as a recipe states them, and the checks of these settings.

use serde::{Deserialize, Serialize};
use sos_envs::DamageKind;

use super::{CorruptionEntry, Scope, corruptions};
use crate::dialect::DialectEntry;

/// Greatest number of defects in one trace.
pub const MOST_DEFECTS: u32 = 10_000;

/// Greatest number of tokens in a filler.
pub const MOST_TOKENS: u32 = 1_000_000;

/// Greatest number of steps in a window.
pub const MOST_WINDOW: u32 = 10_000;

/// What to plant in a trace: the kinds of defects, and how many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorruptionConfig {
    /// The kinds. The kind of each defect is drawn by weight.
    pub kinds: Vec<KindConfig>,
    /// Whether the kind of a defect is drawn first, by weight (the default), or its step. With `step`, all eligible steps are equally likely
    /// (steps where only kinds of less weight can stand are less likely), and then the kind is drawn by weight among those that can stand there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<First>,
    /// Exact number of defects in each trace; 1 where neither this nor a rate is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Number of defects per thousand eligible steps. A step is eligible if one of the kinds can be planted there. A fraction is rounded up or
    /// down by a draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_per_mille: Option<u32>,
    /// With a rate: the least number of defects in each trace; 1 by default, so that no trace stays clean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u32>,
}

impl CorruptionConfig {
    /// One defect, of one of these kinds.
    pub fn of(kinds: Vec<KindConfig>) -> Self {
        CorruptionConfig { kinds, first: None, count: None, rate_per_mille: None, at_least: None }
    }
}

/// What is drawn first for a defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum First {
    /// The kind.
    Kind,
    /// The step.
    Step,
}

/// A kind of corruption in a mix, with its options. An option that the kind does not have is refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindConfig {
    /// Name of the kind (`sos list corruptions`).
    pub kind: String,
    /// Weight of the kind, relative to the other kinds.
    #[serde(default = "one")]
    pub weight: u32,
    /// Whether the rest of the trace stays true (the default) or follows from the defect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// wrong-state: the damage to the state; drawn where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Variant>,
    /// shuffled-steps: number of steps in the window; 8 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<u32>,
    /// filler: the token. By default `<filler>`, or `~` where bytes are kept equal; neither occurs in a text or ends anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// filler: what is kept equal; tokens by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equal: Option<Equal>,
    /// filler: exact number of tokens, whatever the length of the trace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u32>,
    /// swap: which rows of a block may swap traces; any by default.
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

/// What happens to the rest of a trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// It stays true.
    #[default]
    Local,
    /// It follows from the slip.
    Propagated,
}

/// The damage to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Variant {
    /// A part of it is lost.
    Lost,
    /// A part of it becomes another.
    Changed,
    /// A part is added that is not there.
    Invented,
}

impl Variant {
    /// All variants.
    pub const ALL: [Variant; 3] = [Variant::Lost, Variant::Changed, Variant::Invented];

    /// The environment's name for the damage.
    pub fn damage(self) -> DamageKind {
        match self {
            Variant::Lost => DamageKind::Lose,
            Variant::Changed => DamageKind::Change,
            Variant::Invented => DamageKind::Invent,
        }
    }
}

/// The length that a filler keeps equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Equal {
    /// The number of tokens between white space.
    #[default]
    Tokens,
    /// The number of bytes.
    Bytes,
}

/// Which rows of a block may swap traces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Within {
    /// Any two rows.
    #[default]
    Any,
    /// Rows whose traces have about the same length.
    Length,
    /// Rows whose answers have the same length.
    Answer,
}

/// The options of a kind, with defaults filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct KindOptions {
    /// What happens to the rest of the trace.
    pub mode: Mode,
    /// The damage to a state; drawn where it is none.
    pub variant: Option<Variant>,
    /// Number of steps that are shuffled.
    pub window: usize,
    /// The filler's token.
    pub token: String,
    /// The length that a filler keeps equal.
    pub equal: Equal,
    /// Number of tokens in a filler; as many as in the trace where it is none.
    pub tokens: Option<u32>,
    /// Which rows may swap traces.
    pub within: Within,
}

/// Corruptions that a recipe cannot ask for.
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
    /// The setting is not an option of the kind.
    #[error("corruption.kinds.{option}: {kind} does not use it; remove it (it belongs to {owners})")]
    Unused {
        /// The option.
        option: &'static str,
        /// The kind.
        kind: &'static str,
        /// The kinds that have the option.
        owners: String,
    },
    /// The kind does not fit the dialect.
    #[error("corruption.kinds.kind: {kind} does not fit the dialect {dialect}: {reason}")]
    Unfit {
        /// The kind.
        kind: &'static str,
        /// The dialect.
        dialect: &'static str,
        /// The reason.
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
    /// Refuses a dialect that one of the kinds does not fit. If the dialect leaves states out, kinds that damage a state need `restated`: the
    /// recipe writes some states even so.
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

/// Whether a kind can be planted only where the text writes a state.
pub(super) fn entry_needs_states(name: &str) -> bool {
    matches!(name, "wrong-state" | "stale-value")
}

/// The number of defects in a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Exactly this many.
    Count(u32),
    /// In proportion to the eligible steps.
    Rate {
        /// Defects per thousand eligible steps.
        per_mille: u32,
        /// The least number of defects.
        at_least: u32,
    },
}

/// A kind of a mix with its registry entry.
pub struct Chosen {
    /// The registry's entry.
    pub entry: CorruptionEntry,
    /// The weight.
    pub weight: u32,
    /// The options.
    pub options: KindOptions,
}

/// A checked corruption: its names are resolved and its options are valid.
pub struct Corruption {
    /// The kinds.
    pub kinds: Vec<Chosen>,
    /// The number of defects.
    pub amount: Amount,
    /// What is drawn first for each defect.
    pub first: First,
}

impl Corruption {
    /// Checks a config and resolves its names.
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

    /// Which rows may swap traces; none where the mix has no swap.
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
