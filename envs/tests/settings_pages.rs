//! The tables of settings in the documentation say what the environments accept: every setting and no other, with its default.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sos_envs::{Complete, EnvironmentVisitor, LEVELS, visit_environments};

/// A page of the documentation.
fn page(name: &str) -> String {
    let path = format!("{}/../docs/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What stands below a heading, up to the next one.
fn section<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let start = page.find(&format!("\n{heading}\n"))? + heading.len() + 2;
    let end = page[start..].find("\n#").map_or(page.len(), |end| start + end);
    Some(&page[start..end])
}

/// The rows of the table that begins with such a line, cut into cells.
fn rows<'a>(section: &'a str, header: &str) -> Vec<Vec<&'a str>> {
    let lines = section.lines().skip_while(|line| !line.starts_with(header)).skip(2);
    lines.take_while(|line| line.starts_with('|')).map(cells).collect()
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split(" | ").map(str::trim).collect()
}

/// The names between backticks, as a message of serde lists what it expects.
fn expected(config: Value, error: &str) -> Vec<String> {
    let (_, list) = error.split_once("expected").unwrap_or_else(|| panic!("{config} is refused by {error}"));
    list.split('`').skip(1).step_by(2).map(String::from).collect()
}

/// All settings that an environment has, whether they are written by default or not: what it says where one is unknown.
fn settings<E: Complete>(of: usize) -> Vec<String> {
    let unknown = json!({"no-such-setting": 1});
    match E::read_config(of, &unknown) {
        Ok(_) => panic!("{} takes settings that do not exist", E::kinds()[of].name),
        Err(error) => expected(unknown, &error.to_string()),
    }
}

/// The kinds of a setting that is a table with `kind`; none where it is none.
fn kinds<E: Complete>(of: usize, setting: &str) -> Vec<String> {
    let unknown = json!({setting: {"kind": "no-such-kind"}});
    let error = E::read_config(of, &unknown).err().map(|error| error.to_string());
    error
        .filter(|error| error.contains("unknown variant `no-such-kind`"))
        .map_or(Vec::new(), |error| expected(unknown, &error))
}

/// The fields of a kind with their defaults, where it has any; those of the default kind may be without defaults of their own.
fn fields<E: Complete>(of: usize, setting: &str, kind: &str) -> BTreeMap<String, Value> {
    let mut config = serde_json::to_value(E::defaults_of(of)).unwrap();
    if config[setting]["kind"] != kind {
        let other = E::read_config(of, &json!({setting: {"kind": kind}})).unwrap();
        config = serde_json::to_value(other).unwrap();
    }
    let Value::Object(mut table) = config[setting].take() else { panic!("{setting}") };
    table.remove("kind");
    table.into_iter().collect()
}

fn defaults<E: Complete>(of: usize) -> Map<String, Value> {
    match serde_json::to_value(E::defaults_of(of)).unwrap() {
        Value::Object(defaults) => defaults,
        other => panic!("{other}"),
    }
}

/// The text of a setting's default, as the page should have it; nothing for one that may be left out.
fn shown(default: Option<&Value>) -> String {
    let spaced = |value: &Value| value.to_string().replace(':', ": ").replace(',', ", ");
    default.map(|value| format!("`{}`", spaced(value))).unwrap_or_default()
}

/// A value as the pages of recipes write it: `4 to 4`, `"all"`, `12`, `{ min = 3, max = 5 }`.
fn written(text: &str) -> Option<Value> {
    let text = text.trim().trim_matches('`');
    if let Some((min, max)) = text.split_once(" to ") {
        return Some(json!({"min": min.parse::<u64>().ok()?, "max": max.parse::<u64>().ok()?}));
    }
    let json = text.replace("{ ", "{\"").replace(" = ", "\":").replace(", ", ",\"").replace(" }", "}");
    serde_json::from_str(if text.starts_with('{') { &json } else { text }).ok()
}

/// The environments that have a section of their own in the page of recipes.
const IN_RECIPES: [&str; 2] = ["countdown", "graph"];

struct Pages {
    environments: String,
    recipes: String,
}

impl Pages {
    /// The settings of one environment in its table: all of them, in order, with their defaults.
    fn check_settings<E: Complete>(&self, of: usize) {
        let heading = format!("### `{}`", E::kinds()[of].name);
        let text =
            section(&self.environments, &heading).unwrap_or_else(|| panic!("docs/environments.md has no {heading}"));
        let defaults = defaults::<E>(of);
        let settings = settings::<E>(of);
        let wanted: Vec<String> =
            settings.iter().map(|name| format!("| `{name}` | {} | …", shown(defaults.get(name)))).collect();
        let rows = rows(text, "| setting | default |");
        let found: Vec<String> = rows.iter().map(|row| format!("| {} | {} | …", row[0], row[1])).collect();
        assert_eq!(found, wanted, "docs/environments.md, {heading}");
        assert!(rows.iter().all(|row| row[2].len() > 10), "{heading}: a setting without a sentence");
        for setting in &settings {
            check_kinds::<E>(of, setting, &rows_of_kinds(text));
        }
        let spoken =
            format!("{}. Difficulty: {}.", E::kinds()[of].help.trim_end_matches('.'), E::kinds()[of].difficulty);
        assert_eq!(capital(text.trim().lines().next().unwrap()), capital(&spoken), "{heading}");
        self.check_names::<E>(of, text, &heading);
    }

    /// Heuristics and properties to hold out by.
    fn check_names<E: Complete>(&self, of: usize, text: &str, heading: &str) {
        let heuristics = E::kinds()[of].heuristics.iter().map(|heuristic| {
            let admissible = if heuristic.admissible { "admissible" } else { "not admissible" };
            let consistent = if heuristic.consistent { ", consistent" } else { "" };
            format!("`{}` ({}; {admissible}{consistent})", heuristic.name, heuristic.help)
        });
        let heuristics = format!("Heuristics: {}.", heuristics.collect::<Vec<_>>().join("; "));
        assert!(text.contains(&heuristics), "{heading} must say: {heuristics}");
        let keys = E::kinds()[of].keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        assert!(text.contains(&format!("Held out by: {keys}.")), "{heading} must say: Held out by: {keys}.");
    }

    /// The settings of an environment that the page of recipes describes.
    fn check_recipes<E: Complete>(&self, of: usize) {
        let heading = format!("## Environment `{}`", E::kinds()[of].name);
        let text = section(&self.recipes, &heading).unwrap_or_else(|| panic!("docs/recipes.md has no {heading}"));
        let (defaults, settings) = (defaults::<E>(of), settings::<E>(of));
        let rows = rows(text, "| field | type | default |");
        let found: Vec<&str> = rows.iter().map(|row| row[0].trim_matches('`')).collect();
        assert_eq!(found, settings, "docs/recipes.md, {heading}");
        for row in &rows {
            let name = row[0].trim_matches('`');
            match defaults.get(name) {
                Some(table) if table.get("kind").is_some() => {
                    assert_eq!(row[2].trim_matches('`'), table["kind"], "{name}")
                }
                default => assert_eq!(written(row[2]), default.cloned(), "{heading}, {name}"),
            }
            check_kinds::<E>(of, name, &rows_of_kinds(text));
        }
    }

    /// Every level has a line in the table of sizes.
    fn check_levels<E: Complete>(&self, of: usize) {
        for level in LEVELS {
            let line = format!("\n| {} | {level} | ", E::kinds()[of].name);
            assert_eq!(self.environments.matches(&line).count(), 1, "docs/environments.md has no line {line}");
        }
        let settings = settings::<E>(of);
        for level in E::levels_of(of) {
            let Value::Object(level) = serde_json::to_value(level).unwrap() else { panic!() };
            assert!(level.keys().all(|name| settings.contains(name)), "{} {level:?}", E::kinds()[of].name);
        }
    }
}

fn capital(text: &str) -> String {
    text[..1].to_uppercase() + &text[1..]
}

/// Of each kind the fields with their defaults, as a table of kinds says them.
fn rows_of_kinds(text: &str) -> BTreeMap<String, BTreeMap<String, Value>> {
    let row = |row: Vec<&str>| {
        let kind = row[0].split('`').nth(1).unwrap().to_string();
        let fields = row[1].split('`').skip(1).step_by(2).map(|field| {
            let (name, default) = field.split_once(" = ").unwrap_or_else(|| panic!("{kind}: {field} has no default"));
            (name.to_string(), written(default).unwrap_or_else(|| panic!("{kind}: {default}")))
        });
        let fields = fields.collect();
        (kind, fields)
    };
    rows(text, "| `kind` | fields with their defaults |").into_iter().map(row).collect()
}

/// The kinds of a setting, if it has kinds with fields of their own: each has a line, with all of its fields and their defaults.
fn check_kinds<E: Complete>(of: usize, setting: &str, documented: &BTreeMap<String, BTreeMap<String, Value>>) {
    let mut kinds = kinds::<E>(of, setting);
    kinds.sort_unstable();
    if kinds.is_empty() {
        return;
    }
    assert_eq!(
        documented.keys().cloned().collect::<Vec<_>>(),
        kinds,
        "kinds of {} of {}",
        setting,
        E::kinds()[of].name
    );
    for kind in kinds {
        assert_eq!(documented[&kind], fields::<E>(of, setting, &kind), "{kind} of {}, {setting}", E::kinds()[of].name);
    }
}

impl EnvironmentVisitor for Pages {
    fn visit<E: Complete>(&mut self, of: usize) {
        if IN_RECIPES.contains(&E::kinds()[of].name) {
            self.check_recipes::<E>(of)
        } else {
            self.check_settings::<E>(of)
        }
        self.check_levels::<E>(of);
    }
}

#[test]
fn the_pages_describe_every_setting() {
    visit_environments(&mut Pages { environments: page("environments.md"), recipes: page("recipes.md") });
}
