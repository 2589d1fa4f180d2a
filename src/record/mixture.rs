//! `mixture`: rows of several kinds of records in one config. A row draws its component by weight from a stream of its own, and is then the row that a config
//! with the component's name and settings has at this index.

use serde::Deserialize;
use toml::{Table, Value};

use super::{
    Cell, Dataset, Episode, Imported, Record, RecordEntry, RecordError, RowContent, WorkerBuffers, records, unknown,
};
use crate::recipe::{Recipe, RecipeError, RecordConfig, plain};

struct Component {
    weight: u64,
    name: String,
    kind: RecordEntry,
    record: Box<dyn Record>,
}

struct MixtureRecord {
    /// The purpose of the stream that draws the component.
    purpose: String,
    components: Vec<Component>,
}

/// The weight, the config and the kind of each component.
fn configs(config: &RecordConfig) -> Result<Vec<(u64, RecordConfig, RecordEntry)>, RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        #[serde(default)]
        components: Vec<Table>,
    }
    let Settings { components } = config.settings()?;
    if components.len() < 2 {
        let allowed = "two tables or more, such as { weight = 70, name = \"clean\", kind = \"search\" }";
        return Err(config.wrong("components", components.len(), allowed));
    }
    let components = components.into_iter().enumerate();
    let components = components
        .map(|(place, table)| component(config, table).map_err(|error| error.at("components", place)))
        .collect::<Result<Vec<_>, _>>()?;
    let mut names: Vec<&str> = components.iter().map(|(_, config, _)| config.folder()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        let allowed = "each name once; set `name` where a kind occurs twice";
        return Err(config.wrong("components", names.join(", "), allowed));
    }
    if components.iter().all(|(weight, ..)| *weight == 0) {
        return Err(config.wrong("components", "weights that are all 0", "at least one weight over 0"));
    }
    Ok(components)
}

fn component(config: &RecordConfig, mut table: Table) -> Result<(u64, RecordConfig, RecordEntry), RecipeError> {
    let weight = match table.remove("weight") {
        None => 1,
        Some(weight) => {
            weight.as_integer().and_then(|weight| u64::try_from(weight).ok()).ok_or_else(|| RecipeError::Value {
                field: "weight".into(),
                found: weight.to_string(),
                allowed: "a whole number from 0 on".into(),
            })?
        }
    };
    for field in ["dialect", "cues"] {
        if table.contains_key(field) {
            return Err(config.wrong(field, "one of a component", "one of the whole mixture, beside its `kind`"));
        }
    }
    let own: Result<RecordConfig, toml::de::Error> = Value::Table(table).try_into();
    let own = own.map_err(|error| RecipeError::Form(plain(error.message())))?;
    let kinds: Vec<RecordEntry> = records().into_iter().filter(|kind| kind.name != config.kind).collect();
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    let place = names.iter().position(|name| *name == own.kind);
    let place = place.ok_or_else(|| unknown("kind", &own.kind, &names))?;
    let kind = kinds.into_iter().nth(place).ok_or_else(|| config.wrong("kind", &own.kind, "a kind of record"))?;
    Ok((weight, own, kind))
}

/// The entry of a mixture: the columns of its components, which have the same ones, and the name of the component.
pub(super) fn entry(mixture: RecordEntry, config: &RecordConfig) -> Result<RecordEntry, RecipeError> {
    let mut first: Option<RecordEntry> = None;
    for (place, (_, own, kind)) in configs(config)?.into_iter().enumerate() {
        let Some(first) = &first else {
            first = Some(kind);
            continue;
        };
        if kind.schema() != first.schema() {
            let all = records();
            let alike = all.iter().filter(|other| !other.mixes && other.schema() == first.schema());
            let alike: Vec<&str> = alike.map(|kind| kind.name).collect();
            let allowed = format!("kinds with the columns of \"{}\": {}", first.name, alike.join(", "));
            return Err(own.wrong("kind", format!("\"{}\"", kind.name), allowed).at("components", place));
        }
    }
    let Some(first) = first else { return Ok(mixture) };
    Ok(RecordEntry { texts: first.texts, own: first.own, ..mixture })
}

pub fn new(config: &RecordConfig, recipe: &Recipe) -> Result<Box<dyn Record>, RecipeError> {
    let components = configs(config)?.into_iter().enumerate().map(|(place, (weight, own, kind))| {
        let record = (kind.new)(&own, recipe).map_err(|error| error.at("components", place))?;
        Ok(Component { weight, name: own.folder().to_string(), kind, record })
    });
    let components = components.collect::<Result<Vec<_>, RecipeError>>()?;
    Ok(Box::new(MixtureRecord { purpose: format!("mixture/{}", config.folder()), components }))
}

impl Record for MixtureRecord {
    fn make(
        &self,
        dataset: &Dataset,
        episode: &Episode,
        buffers: &mut WorkerBuffers,
        out: &mut RowContent,
    ) -> Result<(), RecordError> {
        let weights = self.components.iter().map(|component| component.weight);
        let drawn = dataset.draw(episode, &self.purpose).weighted(weights);
        let Some(Component { name, kind, record, .. }) = self.components.get(drawn) else { return Ok(()) };
        record.make(dataset, episode, buffers, out)?;
        out.kind = Some((kind.name, kind.traced));
        out.own.push(Cell::Text(name.clone()));
        Ok(())
    }

    fn imported(&self) -> Vec<&Imported> {
        self.components.iter().flat_map(|component| component.record.imported()).collect()
    }
}
