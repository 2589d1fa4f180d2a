//! `sos list`: all registries, with a line of help for each entry.

use clap::ValueEnum;
use serde_json::{Value, json};
use sos_envs::About;

use super::Failure;
use crate::arena::{Family, environments};
use crate::corrupt::corruptions;
use crate::dialect::{all_dialects, dialects};
use crate::import::FORMATS;
use crate::recipe::MIXTURES;
use crate::record::records;
use crate::search::{SEARCHES, limits};

/// `sos list`
#[derive(clap::Args)]
pub struct Arguments {
    /// What to list; everything by default
    what: Option<What>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    Environments,
    Searches,
    Dialects,
    Records,
    Corruptions,
    Mixtures,
    Formats,
}

/// The searches that fit an environment.
fn fitting(about: &About) -> Vec<&'static str> {
    SEARCHES.iter().filter(|search| search.fits(about).is_ok()).map(|search| search.name).collect()
}

/// The searches that do not fit an environment, with the reasons.
fn refused(about: &About) -> serde_json::Map<String, Value> {
    let reason =
        |search: &crate::search::SearchEntry| Some((search.name.to_string(), search.fits(about).err()?.into()));
    SEARCHES.iter().filter_map(reason).collect()
}

/// The listing of an environment.
fn environment(family: &'static dyn Family) -> Value {
    let about = family.about();
    json!({
        "name": about.name,
        "help": about.help,
        "version": about.version,
        "dialects": dialects(about).iter().map(|dialect| dialect.name).collect::<Vec<_>>(),
        "heuristics": about.heuristics,
        "searches": fitting(about),
        "refused_searches": refused(about),
        "hold_out_keys": about.keys,
        "thresholds": about.thresholds,
        "difficulty": about.difficulty,
        "words": words(about),
        "defaults": family.defaults(),
        "levels": sos_envs::LEVELS.into_iter().zip(family.levels()).map(|(level, config)| (level.to_string(), json!(config))).collect::<serde_json::Map<_, _>>(),
    })
}

/// The words in an environment's atoms: its own, and those that all environments of its type share.
fn words(about: &About) -> Vec<&'static str> {
    let shared = about.shared_words.iter().filter(|word| !about.words.contains(word));
    about.words.iter().chain(shared).copied().collect()
}

/// The default and greatest budgets of a search.
fn limits() -> Value {
    json!({
        "max_nodes": {"default": limits::DEFAULT_NODES, "most": limits::MOST_NODES},
        "max_bytes": {"default": limits::DEFAULT_BYTES, "most": limits::MOST_BYTES},
        "max_expansions": {"default": limits::MOST_EXPANSIONS},
    })
}

fn list(what: What) -> Vec<Value> {
    // Names and help texts of these are the same for every environment.
    let about = environments()[0].about();
    match what {
        What::Environments => environments().iter().map(|&family| environment(family)).collect(),
        What::Searches => {
            let uses = |search: &crate::search::SearchEntry| json!({"name": search.name, "help": search.help, "complete": search.complete, "settings": search.settings(), "limits": limits()});
            SEARCHES.iter().map(uses).collect()
        }
        What::Dialects => {
            let one = |d: &crate::dialect::DialectEntry| json!({"name": d.name, "help": d.help, "version": d.version, "searches": d.searches});
            all_dialects(about).iter().map(one).collect()
        }
        What::Records => records().iter().map(|record| json!({"name": record.name, "help": record.help})).collect(),
        What::Corruptions => {
            let one = |c: &crate::corrupt::CorruptionEntry| json!({"name": c.name, "help": c.help, "level": c.level(), "classes": c.classes, "options": c.options});
            corruptions().iter().map(one).collect()
        }
        What::Mixtures => MIXTURES.iter().map(|(name, help)| json!({"name": name, "help": help})).collect(),
        What::Formats => FORMATS.iter().map(|f| json!({"name": f.name, "env": f.env, "help": f.help})).collect(),
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    use std::io::Write;
    let chosen: Vec<What> = match arguments.what {
        Some(what) => vec![what],
        None => What::value_variants().to_vec(),
    };
    let name = |what: What| what.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default();
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let all: serde_json::Map<String, Value> =
            chosen.iter().map(|&what| (name(what), Value::Array(list(what)))).collect();
        writeln!(out, "{}", serde_json::to_string_pretty(&all).unwrap_or_default())?;
        return Ok(());
    }
    for &what in &chosen {
        writeln!(out, "{}", name(what))?;
        for item in list(what) {
            writeln!(out, "  {:<24} {}", item["name"].as_str().unwrap_or(""), item["help"].as_str().unwrap_or(""))?;
            for heuristic in item["heuristics"].as_array().into_iter().flatten() {
                let properties = match (heuristic["admissible"].as_bool(), heuristic["consistent"].as_bool()) {
                    (Some(true), Some(true)) => "admissible, consistent",
                    (Some(true), _) => "admissible",
                    _ => "not admissible",
                };
                let (name, help) = (heuristic["name"].as_str().unwrap_or(""), heuristic["help"].as_str().unwrap_or(""));
                writeln!(out, "    heuristic {name:<14} {help} ({properties})")?;
            }
        }
        if what == What::Searches {
            writeln!(
                out,
                "  A search without budgets of its own ends with the outcome \"budget\" at {} nodes (max_nodes; at most {}), {} bytes of text (max_bytes; at most {}) or {} expansions.",
                limits::DEFAULT_NODES,
                limits::MOST_NODES,
                limits::DEFAULT_BYTES,
                limits::MOST_BYTES,
                limits::MOST_EXPANSIONS,
            )?;
        }
    }
    Ok(())
}
