//! The ready levels: with the searches of their ready recipe, traces fit a context that people train with.

use sos_envs::LEVELS;

use super::is_long;
use stream_of_search::arena::environments;
use stream_of_search::dialect::tokens;
use stream_of_search::recipe::ready::at_level;
use stream_of_search::record::{Dataset, WorkerBuffers};
use stream_of_search::sink::row_json;

/// The most tokens of nine rows in ten, prompt and completion together.
const CONTEXT: usize = 16_000;

/// Rows of a level in the long run, and in the short one: as many as have this many tokens together, from the least to the most.
const LONG_ROWS: u64 = 400;
const SHORT_ROWS: [u64; 2] = [40, 200];
const SHORT_TOKENS: usize = 400_000;

/// Tokens of rows of a level, from the fewest to the most.
fn lengths(environment: &str, level: &str) -> Vec<usize> {
    let mut dataset = Dataset::new(at_level(environment, level).unwrap()).unwrap();
    dataset.prepare().unwrap();
    let [least, most] = if is_long() { [LONG_ROWS; 2] } else { SHORT_ROWS };
    let most = most.min(u64::try_from(dataset.capacity(0)).unwrap_or(u64::MAX));
    dataset.ask_for(0, most);
    let mut buffers = WorkerBuffers::default();
    let (mut lengths, mut sum) = (Vec::new(), 0);
    for index in 0..most {
        let mut batches = dataset.batches();
        dataset.rows(0, index, &mut buffers, &mut batches).unwrap();
        let [batch] = &batches[..] else { panic!("{environment}: more than one config") };
        let row = row_json(batch, 0).unwrap();
        let count = |text: &str| tokens(&dataset.recipe.dialect, row[text].as_str().unwrap());
        lengths.push(count("prompt") + count("completion"));
        sum += lengths.last().unwrap();
        if index + 1 >= least && sum > SHORT_TOKENS && !is_long() {
            break;
        }
    }
    lengths.sort_unstable();
    lengths
}

/// Every environment has a ready recipe. At each of its levels nine rows in ten fit, and each level has a greater median than the one before. The long run
/// has the rows that `sos survey` counts, so it compares the table of docs/environments.md too.
#[test]
fn traces_of_ready_levels_fit_a_context() {
    let page = std::fs::read_to_string("docs/environments.md").unwrap().replace(',', "");
    let mut wrong = Vec::new();
    for family in environments() {
        let name = family.about().name;
        let mut before = 0;
        for level in LEVELS {
            let lengths = lengths(name, level);
            let at = |percent: usize| lengths[(lengths.len() - 1) * percent / 100];
            let (median, most) = (at(50), at(90));
            if median <= before {
                wrong.push(format!("{name}, {level}: median {median}, that of the level before {before}"));
            }
            if most > CONTEXT {
                wrong.push(format!("{name}, {level}: 90 % up to {most} tokens"));
            }
            before = median;
            let begin = format!("| {name} | {level} | ");
            let line = page.lines().find(|line| line.starts_with(&begin)).unwrap();
            if is_long() && !line.ends_with(&format!(" | {median} | {most} |")) {
                wrong.push(format!("docs/environments.md has {line}; found | {median} | {most} |"));
            }
        }
    }
    assert!(wrong.is_empty(), "levels are to fit {CONTEXT} tokens: {wrong:#?}");
}
