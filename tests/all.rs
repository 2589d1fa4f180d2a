//! All integration tests, in one program.

mod bounds;
mod cases;
mod clean;
mod cli;
mod constraint_searches;
mod corruptions;
mod corruptions_fit;
mod cues;
mod determinism;
mod dialects;
mod evenly;
mod experiments;
mod golden;
mod imported;
mod judged;
mod labels;
mod layers;
mod policy;
mod prompts;
mod recipes;
mod searchformer;
mod splits;
mod table;
mod table_records;
mod twins;
mod ways;
