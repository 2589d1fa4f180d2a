//! The prompts of records for models that speak.

use serde::{Deserialize, Serialize};

use super::RecipeError;

/// The styles of such prompts.
const STYLES: [&str; 1] = ["instruct"];

/// The prompts of the records `messages` and `rl`, in place of the dialect's: `prompt = "instruct"`, or a table with more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "toml::Value")]
pub struct PromptConfig {
    /// The style: `instruct`.
    pub style: String,
    /// The text of a system turn before the prompt; none by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The prompt, with `{rules}`, `{puzzle}` and `{form}` where these go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

/// The table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    style: String,
    system: Option<String>,
    template: Option<String>,
}

impl TryFrom<toml::Value> for PromptConfig {
    type Error = String;

    fn try_from(value: toml::Value) -> Result<Self, String> {
        match value {
            toml::Value::String(style) => Ok(PromptConfig { style, system: None, template: None }),
            toml::Value::Table(_) => {
                let fields: Result<Fields, toml::de::Error> = value.try_into();
                let Fields { style, system, template } =
                    fields.map_err(|error| format!("prompt: {}", error.message()))?;
                Ok(PromptConfig { style, system, template })
            }
            other => Err(format!("prompt: found {other}; allowed: \"instruct\", or a table with style = \"instruct\"")),
        }
    }
}

impl PromptConfig {
    pub(super) fn check(&self) -> Result<(), RecipeError> {
        if STYLES.contains(&&*self.style) {
            return Ok(());
        }
        Err(RecipeError::Unknown {
            field: "prompt.style".into(),
            found: self.style.clone(),
            allowed: STYLES.join(", "),
            nearest: crate::names::nearest(&self.style, STYLES),
        })
    }
}
