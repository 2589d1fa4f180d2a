//! The model of a tokenizer file. Its crate is large, so a feature brings it in.

#[cfg(feature = "tokenizers")]
pub use with_crate::Model;
#[cfg(not(feature = "tokenizers"))]
pub use without_crate::Model;

#[cfg(feature = "tokenizers")]
mod with_crate {
    use serde_json::Value;
    use tokenizers::Tokenizer;

    /// A model that was read.
    pub struct Model(Box<Tokenizer>);

    /// Characters that hardly any vocabulary has. A model that has no token for what it does not know fails at one of them.
    const UNKNOWN: [&str; 3] = ["\u{10fffd}", "\u{2603}", "\u{1}"];

    /// Refuses merges whose second part lacks the prefix that it should have. The crate cuts the prefix off without looking.
    fn refuse_merges(model: &Value) -> Result<(), [String; 2]> {
        let prefix = model["continuing_subword_prefix"].as_str().unwrap_or("");
        for merge in model["merges"].as_array().into_iter().flatten() {
            let second = merge[1].as_str().or_else(|| merge.as_str()?.split(' ').nth(1)).unwrap_or("");
            if !second.starts_with(prefix) {
                let found = format!("the merge {merge} in a model with the prefix {prefix:?}");
                return Err([found, "merges whose second part has `continuing_subword_prefix`".into()]);
            }
        }
        Ok(())
    }

    impl Model {
        /// Reads a file. The error says what was found, and what is allowed.
        pub fn read(bytes: &[u8]) -> Result<Self, [String; 2]> {
            let json: Value = serde_json::from_slice(bytes)
                .map_err(|error| [format!("no JSON: {error}"), "a file tokenizer.json".to_string()])?;
            let model = &json["model"];
            // Such a model cuts a text in another way each time.
            for name in ["dropout", "alpha"] {
                if model[name].as_f64().is_some_and(|share| share != 0.0) {
                    let found = format!("model.{name} is {}", model[name]);
                    let allowed = format!("a model without {name}, whose counts are always the same: set it to null");
                    return Err([found, allowed]);
                }
            }
            refuse_merges(model)?;
            let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(|error| {
                let allowed = "a file that the crate tokenizers 0.23 reads; `tokenizer.save(\"tokenizer.json\")` in Python writes one";
                [error.to_string(), allowed.into()]
            })?;
            // A text is counted whole.
            tokenizer.with_padding(None).with_truncation(None).map_err(|error| [error.to_string(), "null".into()])?;
            let model = Model(Box::new(tokenizer));
            for text in UNKNOWN {
                model.0.encode_fast(text, false).map_err(|error| {
                    [error.to_string(), "a vocabulary with a token for what is not in it (`unk_token`)".into()]
                })?;
            }
            Ok(model)
        }

        /// The number of tokens of a text, without special tokens.
        pub fn count(&self, text: &str) -> u64 {
            // A text fails only where there is no token for what is unknown. No text has more tokens than bytes.
            self.0.encode_fast(text, false).map_or(text.len(), |encoding| encoding.len()) as u64
        }
    }
}

#[cfg(not(feature = "tokenizers"))]
mod without_crate {
    /// There is none.
    pub enum Model {}

    impl Model {
        /// Says how the program reads such files.
        pub fn read(_bytes: &[u8]) -> Result<Self, [String; 2]> {
            let allowed = "no tokenizer file in this build of sos; build it with the feature: cargo build --release --features tokenizers";
            Err(["a tokenizer file".into(), allowed.into()])
        }

        /// The number of tokens of a text.
        pub fn count(&self, _text: &str) -> u64 {
            match *self {}
        }
    }
}
