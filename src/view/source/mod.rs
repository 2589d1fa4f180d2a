//! What is looked at: a recipe, the folder of a dataset, or a file of rows. Each gives any of its rows by config, split and index.

mod file;
mod folder;
mod recipe;

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Filter, Place, count_tokens, looked_at, short};
use crate::check::ErrorClass;
use crate::dialect::Tokens;
use crate::rows::Row;

pub use file::FileRows;
pub use folder::FolderRows;
pub use recipe::RecipeRows;

/// Greatest number of rows that are looked at for a list, and the time after which it ends.
const MOST_LOOKED_AT: u64 = 20_000;
const PATIENCE: Duration = Duration::from_millis(1500);

/// Greatest number of rows in a list.
pub const MOST_LISTED: usize = 1000;

/// Rows of each split that are read or made at a time. A file is read from its beginning each time, so it gives many.
const MADE_TOGETHER: u64 = 50;
const READ_TOGETHER: u64 = 1000;

/// Why there is no row: a sentence.
pub type NoRow = String;

/// Gets each row with its place, until it has enough.
type Each<'a> = &'a mut dyn FnMut(Row, Place) -> ControlFlow<()>;

/// A record config with its kind, and the number of rows in each split.
pub struct Config {
    /// Its name.
    pub name: String,
    /// Its kind of record.
    pub kind: String,
    /// Splits and their numbers of rows.
    pub splits: Vec<(String, u64)>,
}

/// What is looked at.
pub enum Source {
    /// Rows that a recipe makes.
    Recipe(Box<RecipeRows>),
    /// Rows of a dataset.
    Folder(Box<FolderRows>),
    /// Rows of a file, scored.
    File(Box<FileRows>),
}

impl Source {
    /// What there is, and in which tokens texts are counted.
    pub fn about(&self, tokens: &Tokens) -> Value {
        let mut about = match self {
            Source::Recipe(rows) => rows.about(),
            Source::Folder(rows) => rows.about(),
            Source::File(rows) => rows.about(),
        };
        let configs = self.configs();
        let config = |config: &Config| {
            let split = |(name, rows): &(String, u64)| json!({"name": name, "rows": rows});
            json!({"name": config.name, "kind": config.kind, "splits": config.splits.iter().map(split).collect::<Vec<_>>()})
        };
        about["configs"] = configs.iter().map(config).collect::<Vec<_>>().into();
        about["tokenizer"] = tokens.version().map(|(name, _)| name).into();
        about["version"] = env!("CARGO_PKG_VERSION").into();
        let rule = |class: &ErrorClass| (class.name().to_string(), class.rule().into());
        about["rules"] = Value::Object(ErrorClass::ALL.iter().map(rule).collect());
        about
    }

    /// The record configs; none for a file.
    pub fn configs(&self) -> Vec<Config> {
        let mut configs = match self {
            Source::Recipe(rows) => rows.configs(),
            Source::Folder(rows) => rows.configs(),
            Source::File(_) => Vec::new(),
        };
        // The split that people look at first is the first one.
        configs.iter_mut().for_each(|config| config.splits.sort_by_key(|(name, _)| name != "train"));
        configs
    }

    /// A row as a page shows it, with the numbers of its tokens.
    pub fn row(&self, config: Option<&str>, split: Option<&str>, index: u64, tokens: &Tokens) -> Result<Value, NoRow> {
        let mut row = self.uncounted(config, split, index)?;
        count_tokens(&mut row, tokens);
        Ok(row)
    }

    fn uncounted(&self, config: Option<&str>, split: Option<&str>, index: u64) -> Result<Value, NoRow> {
        let (config, split) = self.place(config, split)?;
        if let Source::File(rows) = self {
            return rows.looked_at(index);
        }
        let mut found = None;
        self.rows(Some(&config), &split, index, index + 1, &mut |row, place| {
            found = Some((row, place));
            ControlFlow::Break(())
        })?;
        let (row, place) = found.ok_or_else(|| format!("index: found {index}; there is no such row"))?;
        Ok(looked_at(row, &place))
    }

    /// A config and split by their names; the first ones where they are not named.
    fn place(&self, config: Option<&str>, split: Option<&str>) -> Result<(String, String), NoRow> {
        if matches!(self, Source::File(_)) {
            return Ok((String::new(), String::new()));
        }
        let configs = self.configs();
        let names = || configs.iter().map(|config| config.name.as_str());
        let wrong = |what: &str, name: &str, names: Vec<&str>| {
            format!("{what}: found \"{name}\"; there are: {}", names.join(", "))
        };
        let here = match config {
            None => configs.first(),
            Some(name) => configs.iter().find(|config| config.name == name),
        };
        let here = here.ok_or_else(|| wrong("config", config.unwrap_or(""), names().collect()))?;
        let named = match split {
            // As in `sos sample`, it is the one to train on, unless that has no rows.
            None => {
                let filled = || here.splits.iter().filter(|(_, rows)| *rows > 0);
                filled().find(|(name, _)| name == "train").or_else(|| filled().next()).or(here.splits.first())
            }
            Some(name) => here.splits.iter().find(|(split, _)| split == name),
        };
        let splits = here.splits.iter().map(|(name, _)| name.as_str()).collect();
        let (split, _) = named.ok_or_else(|| wrong("split", split.unwrap_or(""), splits))?;
        Ok((here.name.clone(), split.clone()))
    }

    /// Calls `each` with the rows of a split with the indices from `from` to `to`, of one config or of all, until it has enough.
    fn rows(&self, config: Option<&str>, split: &str, from: u64, to: u64, each: Each<'_>) -> Result<(), NoRow> {
        match self {
            Source::Recipe(rows) => rows.rows(config, split, from, to, each),
            Source::Folder(rows) => rows.rows(config, split, from, to, each),
            Source::File(rows) => rows.rows(from, to, each),
        }
    }

    /// Calls `each` with the first rows of every config and split, at most `most` of each split, for about as long as `patience` lets it.
    pub fn sample(&self, most: u64, patience: Duration, each: &mut dyn FnMut(Row, Place)) -> Result<(), NoRow> {
        let splits = self.splits(None, None);
        let (begun, share) = (Instant::now(), patience / u32::try_from(splits.len().max(1)).unwrap_or(1));
        for (place, (split, rows)) in splits.iter().enumerate() {
            let until = share * (u32::try_from(place).unwrap_or(0) + 1);
            let mut last = None;
            self.rows(None, split, 0, most.min(*rows), &mut |row, place| {
                // All configs of an index, or none.
                if last.is_some_and(|last| last != place.index) && begun.elapsed() > until {
                    return ControlFlow::Break(());
                }
                last = Some(place.index);
                each(row, place);
                ControlFlow::Continue(())
            })?;
        }
        Ok(())
    }

    /// The splits of a config, or of all configs, with their numbers of rows.
    fn splits(&self, config: Option<&str>, split: Option<&str>) -> Vec<(String, u64)> {
        if let Source::File(rows) = self {
            return vec![(String::new(), rows.len())];
        }
        let mut splits: Vec<(String, u64)> = Vec::new();
        for of in self.configs().into_iter().filter(|of| config.is_none_or(|name| of.name == name)) {
            for (name, rows) in of.splits.into_iter().filter(|(name, _)| split.is_none_or(|split| split == name)) {
                match splits.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, most)) => *most = rows.max(*most),
                    None => splits.push((name, rows)),
                }
            }
        }
        splits
    }

    /// Short rows from an index on, of a config and a split or of all, as many as `count`. Rows of all splits come by their index. `next` is the first index that
    /// was not looked at, where there are more.
    pub fn list(&self, asked: &Asked) -> Result<Value, NoRow> {
        let splits = self.splits(asked.config.as_deref(), asked.split.as_deref());
        if splits.is_empty() {
            self.place(asked.config.as_deref(), asked.split.as_deref())?;
        }
        let end = splits.iter().map(|(_, rows)| *rows).max().unwrap_or(0);
        let count = asked.count.min(MOST_LISTED);
        let most = if let Source::Folder(_) = self { READ_TOGETHER } else { MADE_TOGETHER };
        // Without a filter every row is one of those that are asked for.
        let together = if asked.filter == Filter::default() { (count as u64).clamp(1, most) } else { most };
        let (begun, mut next, mut looked_at, mut found) = (Instant::now(), asked.from, 0, Vec::new());
        let goes_on = |looked_at: u64| looked_at == 0 || looked_at < MOST_LOOKED_AT && begun.elapsed() < PATIENCE;
        while next < end && found.len() < count && goes_on(looked_at) {
            let to = end.min(next.saturating_add(together));
            let mut batch: Vec<(u64, Value)> = Vec::new();
            for (split, rows) in &splits {
                self.rows(asked.config.as_deref(), split, next, to.min(*rows), &mut |row, place| {
                    looked_at += 1;
                    let told = short(&row, &place);
                    if asked.filter.holds(&row, &told) {
                        batch.push((place.index, told));
                    }
                    ControlFlow::Continue(())
                })?;
            }
            batch.sort_by_key(|(index, _)| *index);
            next = to;
            // Rows of one index stay together.
            let mut last = None;
            for (index, told) in batch {
                if found.len() >= count && last != Some(index) {
                    break;
                }
                last = Some(index);
                found.push(told);
            }
            next = last.filter(|_| found.len() >= count).map_or(next, |last| last + 1);
        }
        let more = next < end;
        Ok(json!({"rows": found, "more": more, "next": next}))
    }
}

/// Which short rows are asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The config; all where there is none.
    pub config: Option<String>,
    /// The split; all where there is none.
    pub split: Option<String>,
    /// The first index.
    pub from: u64,
    /// How many rows.
    pub count: usize,
    /// Which of them.
    pub filter: Filter,
}
