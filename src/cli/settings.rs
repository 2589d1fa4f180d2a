//! The settings of an environment, each with its default and what is allowed.
//!
//! What is allowed is what the environment itself says of a value that it does not take. So it is said once, where it is checked.

use serde_json::{Map, Value, json};

use crate::arena::Family;
use crate::recipe::plain;

/// A number beyond those that settings take.
const BEYOND: u64 = 1 << 60;

/// The settings of an environment: name, default, and what is allowed where the environment says it.
pub fn settings(family: &'static dyn Family) -> Vec<Value> {
    let Ok(Value::Object(defaults)) = serde_json::to_value(family.defaults()) else { return Vec::new() };
    let setting = |(name, default): (&String, &Value)| {
        let allowed = probes(default).into_iter().find_map(|probe| refusal(family, &defaults, name, probe));
        let allowed = match default {
            Value::Bool(_) => "true or false".into(),
            _ => allowed.unwrap_or_default(),
        };
        json!({"name": name, "default": default, "allowed": allowed})
    };
    defaults.iter().map(setting).collect()
}

/// Values that a setting with this default may refuse.
fn probes(default: &Value) -> Vec<Value> {
    match default {
        Value::Number(_) => vec![BEYOND.into()],
        Value::Object(range) if range.contains_key("min") => vec![json!({"min": BEYOND, "max": BEYOND})],
        Value::Object(_) => vec![json!({"kind": "?"})],
        Value::Null => vec![BEYOND.into(), json!({"min": BEYOND, "max": BEYOND}), "?".into()],
        _ => vec!["?".into()],
    }
}

/// What an environment says is allowed, of a value that it refuses.
fn refusal(family: &'static dyn Family, defaults: &Map<String, Value>, name: &str, probe: Value) -> Option<String> {
    let mut settings = defaults.clone();
    settings.retain(|_, value| !value.is_null());
    settings.insert(name.into(), probe);
    match family.read_config(&Value::Object(settings)) {
        Ok(config) => {
            let error = family.check(&config).err()?;
            (error.field.split('.').next() == Some(name)).then_some(error.allowed)
        }
        Err(error) => {
            let message = plain(&error.to_string());
            let (_, expected) = message.split_once("expected ")?;
            Some(expected.trim_start_matches("one of ").replace('`', "\""))
        }
    }
}
