//! `sos list`: all registries, with a line of help for each entry.

use clap::ValueEnum;
use serde_json::{Value, json};
use sos_envs::About;

use super::Failure;
use crate::arena::{Family, environments};
use crate::corrupt::corruptions;
use crate::dialect::{all_dialects, dialects};
use crate::import::FORMATS;
use crate::recipe::ready::READY;
use crate::recipe::{MIXTURES, Recipe, RecordConfig};
use crate::record::records;
use crate::search::{SEARCHES, limits};

/// `sos list`
#[derive(clap::Args)]
pub struct Arguments {
    /// What to list: environments, searches, dialects, records, corruptions, mixtures, formats; or the name of an environment, for its settings; everything
    /// by default
    what: Option<String>,
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
    Recipes,
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
        What::Recipes => READY.iter().filter_map(|(name, text)| ready_recipe(name, text)).collect(),
    }
}

/// The listing of a ready recipe.
fn ready_recipe(name: &str, text: &str) -> Option<Value> {
    let recipe = Recipe::from_toml(text).ok()?;
    let configs: Vec<&str> = recipe.records.iter().map(RecordConfig::folder).collect();
    Some(
        json!({"name": name, "help": recipe.description, "env": recipe.environment_names().join(", "), "configs": configs}),
    )
}

fn name(what: What) -> String {
    what.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
}

/// What a name asks for: a registry, or an environment.
fn asked(asked: &str) -> Result<Result<What, &'static dyn Family>, Failure> {
    if let Some(what) = What::value_variants().iter().find(|what| name(**what) == asked) {
        return Ok(Ok(*what));
    }
    if let Some(family) = crate::arena::environment(asked) {
        return Ok(Err(family));
    }
    let lists: Vec<String> = What::value_variants().iter().map(|what| name(*what)).collect();
    let environments = environments().iter().map(|family| family.about().name);
    let near = crate::names::nearest(asked, lists.iter().map(String::as_str).chain(environments));
    let near = near.map(|near| format!("; did you mean '{near}'?")).unwrap_or_default();
    let lists = lists.join(", ");
    Err(Failure::Request(format!("found '{asked}'; allowed: {lists}, or the name of an environment{near}")))
}

/// Prints an environment with its settings.
fn show(family: &'static dyn Family, json: bool, out: &mut impl std::io::Write) -> Result<(), Failure> {
    let settings = super::settings::settings(family);
    let mut about = environment(family);
    if json {
        about["settings"] = settings.into();
        writeln!(out, "{}", serde_json::to_string_pretty(&about).unwrap_or_default())?;
        return Ok(());
    }
    let list = |name: &str| {
        let names = about[name].as_array().into_iter().flatten();
        let names = names.map(|item| item["name"].as_str().or(item.as_str()).unwrap_or("").to_string());
        names.collect::<Vec<_>>().join(" ")
    };
    let family = family.about();
    writeln!(out, "{}: {}", family.name, family.help)?;
    for part in ["searches", "heuristics", "thresholds", "dialects", "hold_out_keys"] {
        if !list(part).is_empty() {
            writeln!(out, "  {:<14} {}", part.replace('_', " "), list(part))?;
        }
    }
    writeln!(out, "\n  {:<22} {:<28} allowed", "setting", "default")?;
    for setting in &settings {
        let (name, allowed) = (setting["name"].as_str().unwrap_or(""), setting["allowed"].as_str().unwrap_or(""));
        let default = match &setting["default"] {
            serde_json::Value::Null => "none".into(),
            default => default.to_string(),
        };
        writeln!(out, "{}", format!("  {name:<22} {default:<28} {allowed}").trim_end())?;
    }
    writeln!(
        out,
        "  {:<22} {:<28} {}",
        "level",
        "none",
        sos_envs::LEVELS.map(|level| format!("\"{level}\"")).join(", ")
    )?;
    Ok(())
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let chosen: Vec<What> = match arguments.what.as_deref().map(asked).transpose()? {
        Some(Ok(what)) => vec![what],
        Some(Err(family)) => return show(family, arguments.json, &mut out),
        None => What::value_variants().to_vec(),
    };
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
