//! Zebra puzzles in plain English, as ZebraLogic writes them: a line for each kind of thing with its values in backticks, then numbered clues. A clue is one of
//! a few forms of sentences ([`RELATIONS`]) with two phrases, or a phrase and a house. A phrase says one thing, by the words of its value: `the person who owns
//! a dog`. What says none, or several, is not guessed: the clue is an error.
//!
//! Source: Lin et al. (2025), "ZebraLogic: on the scaling limits of LLMs for logical reasoning", arXiv 2502.01100.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::word;
use crate::arena;

/// What a clue can be.
const ALLOWED: &str = "two things by their values, with: is; is not; is directly left (right) of; is somewhere to the left (right) of; are next to each other; \
    there is one house between … and …; or a thing that is (not) in the second house";

/// Sentences of two phrases with a relation between them, the longer forms first: the relation in the environment, and whether the two things change places.
const RELATIONS: [(&str, &str, bool); 12] = [
    (" is directly to the left of ", "left", false),
    (" is immediately to the left of ", "left", false),
    (" is directly left of ", "left", false),
    (" is directly to the right of ", "left", true),
    (" is immediately to the right of ", "left", true),
    (" is directly right of ", "left", true),
    (" is somewhere to the left of ", "before", false),
    (" is somewhere to the right of ", "before", true),
    (" is right next to ", "next", false),
    (" is next to ", "next", false),
    (" is not ", "apart", false),
    (" is ", "same", false),
];

/// Words that make another sentence of it: a phrase has none of them, and no number or ordinal beside its value.
const REFUSED: &str = "not never neither nor either or and if unless except but left right between next beside than before after directly immediately \
    somewhere both t neighbor neighbour adjacent near away apart far opposite leftmost rightmost middle end older younger friend same other another whoever";

/// Words of descriptions that say nothing of the kind of thing.
const PLAIN: &str =
    "each person people has have a an the unique of in are is their everyone different house houses they by";

const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
const NUMBERS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Words for one another that share no stem.
const ALIKE: [(&str, &str); 14] = [
    ("british", "brit"),
    ("briton", "brit"),
    ("danish", "dane"),
    ("swedish", "swede"),
    ("spanish", "spaniard"),
    ("polish", "pole"),
    ("turkish", "turk"),
    ("finnish", "finn"),
    ("scottish", "scot"),
    ("frenchman", "french"),
    ("dutchman", "dutch"),
    ("grey", "gray"),
    ("blond", "blonde"),
    ("colour", "color"),
];

/// A value of a list.
struct Thing {
    attribute: usize,
    /// The stems of its words.
    stems: Vec<String>,
    /// Its name in the puzzle.
    name: String,
}

/// The lists of a puzzle.
struct Street {
    /// By attribute: what its line says before the values, and the stems of the words there.
    described: Vec<(String, BTreeSet<String>)>,
    /// By attribute: its values as they are written.
    values: Vec<Vec<String>>,
    things: Vec<Thing>,
}

/// Whether an object has its puzzle as a text with clues.
pub(super) fn is_prose(row: &Map<String, Value>) -> bool {
    row.get("puzzle").is_some_and(Value::is_string)
}

/// The puzzle of a text, with what is to be said of it: the descriptions of its lists, and the values that are written otherwise. The texts are checked against
/// the `size` and the `solution` of the row.
pub(super) fn read(text: &str, row: &Map<String, Value>) -> Result<(Value, Map<String, Value>), String> {
    let (lists, told) = split(text)?;
    let street = Street::new(&lists)?;
    let mut clues = Vec::new();
    for (number, clue) in &told {
        let read = street.clue(clue).map_err(|reason| format!("clue {number}: found {clue:?}, {reason}"))?;
        clues.push(read);
    }
    let names: Vec<Vec<&str>> = street.names();
    let puzzle = json!({"attributes": names, "clues": clues});
    if let Some(size) = row.get("size").and_then(Value::as_str) {
        let found = format!("{}*{}", street.values.first().map_or(0, Vec::len), street.values.len());
        if size.replace('x', "*") != found {
            return Err(format!("size: found {size:?}; the text has {found}, houses by lists"));
        }
    }
    street.check_table(row.get("solution").unwrap_or(&Value::Null), &clues)?;
    check_unique(&puzzle)?;
    let mut more = Map::new();
    more.insert("attributes".into(), street.described.iter().map(|(said, _)| said.as_str()).collect());
    let written = street.things.iter().zip(street.values.iter().flatten());
    let changed: Map<String, Value> = written
        .filter(|(thing, value)| thing.name != **value)
        .map(|(thing, value)| (thing.name.clone(), value.as_str().into()))
        .collect();
    if !changed.is_empty() {
        more.insert("values".into(), changed.into());
    }
    Ok((puzzle, more))
}

/// Lines of values, and numbered clues.
type Parts<'a> = (Vec<&'a str>, Vec<(usize, &'a str)>);

/// Takes a text apart. Before the clues, lines with `-` or `*` in front and a colon are lists; other lines are an introduction.
fn split(text: &str) -> Result<Parts<'_>, String> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_head = |line: &str| {
        let head = line.trim_matches(|letter: char| !letter.is_alphanumeric());
        line.ends_with(':') && head.eq_ignore_ascii_case("clues")
            || line.starts_with('#') && head.eq_ignore_ascii_case("clues")
    };
    let lists: Vec<&str> =
        lines().take_while(|line| !is_head(line)).filter_map(|line| line.strip_prefix(['-', '*'])).collect();
    let mut clues = Vec::new();
    for line in lines().skip_while(|line| !is_head(line)).skip(1) {
        let numbered = line.split_once(['.', ')']).and_then(|(number, clue)| Some((number.parse().ok()?, clue.trim())));
        clues.push(numbered.ok_or_else(|| {
            format!("clues: found {line:?}; allowed: a number and a clue, as in \"1. Ann is in the first house.\"")
        })?);
    }
    if lists.is_empty() || clues.is_empty() {
        return Err(format!(
            "puzzle: found {} lists and {} clues; allowed: lines such as \
             \"- Each person has a unique pet: `cat`, `dog`\", then \"## Clues:\" and numbered clues",
            lists.len(),
            clues.len()
        ));
    }
    Ok((lists, clues))
}

/// Whether a word of a description says nothing of the kind of thing.
fn is_plain(word: &str) -> bool {
    PLAIN.split(' ').any(|plain| plain == word)
}

/// The words of a text in lower case, without `'s`.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace("'s ", " ").replace("’s ", " ");
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(String::from).collect()
}

/// A form that words for the same thing share: `dogs` and `dog`, `painting` and `paints`, `sept` and `September`.
fn stem(word: &str) -> String {
    if let Some(month) =
        MONTHS.iter().find(|month| word.len() >= 3 && word.len() != 5 && month.starts_with(word) || **month == word)
    {
        return month.to_string();
    }
    let word = ALIKE.iter().find(|(other, _)| *other == word).map_or(word, |(_, word)| word);
    let mut stem = word.to_string();
    if let Some(short) = word.strip_suffix("ies").filter(|short| short.len() > 1) {
        stem = format!("{short}y");
    } else if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") {
        stem.pop();
    }
    if let Some(short) = stem.strip_suffix("ing").filter(|short| short.len() > 2) {
        let mut last = short.chars().rev();
        let doubled = last.next() == last.next();
        stem = short[..short.len() - usize::from(doubled && short.is_ascii())].to_string();
    }
    if stem.len() > 3 && stem.ends_with('e') {
        stem.pop();
    }
    stem
}

fn stems(text: &str) -> Vec<String> {
    words(text).iter().map(|word| stem(word)).collect()
}

impl Street {
    fn new(lists: &[&str]) -> Result<Self, String> {
        let mut street = Street { described: Vec::new(), values: Vec::new(), things: Vec::new() };
        for line in lists {
            let (said, list) = line
                .split_once(':')
                .ok_or_else(|| format!("lists: found {line:?}; allowed: a colon before the values"))?;
            let quoted: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
            let plain = || list.trim_end_matches('.').split(',').collect();
            let values: Vec<&str> = if quoted.is_empty() { plain() } else { quoted };
            let kind: BTreeSet<String> =
                words(said).iter().filter(|word| !is_plain(word)).map(|word| stem(word)).collect();
            street.described.push((said.trim().into(), kind));
            street.values.push(values.into_iter().map(|value| value.trim().to_string()).collect());
        }
        let all: Vec<String> = street.values.iter().flatten().map(|value| word(value)).collect();
        for (attribute, values) in street.values.iter().enumerate() {
            for value in values {
                let mut name = word(value);
                // The same word in two lists is told apart by what the lists are of.
                if all.iter().filter(|other| **other == name).count() > 1 {
                    let kind = words(&street.described[attribute].0);
                    let kind: Vec<String> = kind.into_iter().filter(|word| !is_plain(word)).collect();
                    name = word(&format!("{}_{name}", kind.join("_")));
                }
                let stems = stems(value);
                if stems.is_empty() {
                    return Err(format!("lists: found {value:?}; allowed: values with letters or digits"));
                }
                street.things.push(Thing { attribute, stems, name });
            }
        }
        Ok(street)
    }

    fn names(&self) -> Vec<Vec<&str>> {
        let of = |attribute: usize| {
            self.things.iter().filter(|thing| thing.attribute == attribute).map(|thing| thing.name.as_str()).collect()
        };
        (0..self.values.len()).map(of).collect()
    }

    /// The one thing that a phrase says; none where it says no thing, several, or more than a thing.
    fn thing(&self, phrase: &str) -> Option<usize> {
        let said = stems(phrase);
        let mut found: Option<Vec<usize>> = None;
        let mut rest: BTreeSet<&str> = BTreeSet::new();
        let mut at = 0;
        while at < said.len() {
            let fits = |(_, thing): &(usize, &Thing)| said[at..].starts_with(&thing.stems);
            let longest = self.things.iter().enumerate().filter(fits).map(|(_, thing)| thing.stems.len()).max();
            let Some(length) = longest else {
                rest.insert(&said[at]);
                at += 1;
                continue;
            };
            let here = self.things.iter().enumerate().filter(fits).filter(|(_, thing)| thing.stems.len() == length);
            if found.replace(here.map(|(number, _)| number).collect()).is_some() {
                return None;
            }
            at += length;
        }
        let is_refused = |said: &str| {
            let mut known = REFUSED.split(' ').chain(ORDINALS).chain(NUMBERS[1..].iter().copied());
            said.starts_with(|first: char| first.is_ascii_digit()) || known.any(|word| stem(word) == said)
        };
        if rest.iter().any(|said| is_refused(said)) {
            return None;
        }
        self.only(&found?, &rest)
    }

    /// The one of several things of the same name that the other words of a phrase mean: those that describe its list. A name alone is that of a person.
    fn only(&self, things: &[usize], rest: &BTreeSet<&str>) -> Option<usize> {
        if let [thing] = things {
            return Some(*thing);
        }
        let is_bare = rest.iter().all(|word| *word == stem("the"));
        let score = |thing: &&usize| {
            let kind = &self.described[self.things[**thing].attribute].1;
            let fits = rest.iter().filter(|word| kind.contains(**word)).count();
            if is_bare { usize::from(kind.iter().eq([&stem("name")])) } else { fits }
        };
        let most = things.iter().map(|thing| score(&thing)).max().filter(|&most| most > 0)?;
        let mut best = things.iter().filter(|thing| score(thing) == most);
        best.next().copied().filter(|_| best.next().is_none())
    }

    /// The two things of phrases around a separator, wherever it stands; none where there is no place for it, and an error where there are several.
    fn pair(&self, text: &str, separator: &str) -> Result<Option<[usize; 2]>, String> {
        let mut found = BTreeSet::new();
        for (at, _) in text.match_indices(separator) {
            // The ends of separators overlap: `is` may stand at both sides of a word.
            let ends = [self.thing(&text[..at]), self.thing(&text[at + separator.len()..])];
            if let [Some(first), Some(second)] = ends
                && first != second
            {
                found.insert([first, second]);
            }
        }
        match found.len() {
            0 | 1 => Ok(found.pop_first()),
            _ => Err("which can be read in two ways".into()),
        }
    }

    /// A clue as the environment has it.
    fn clue(&self, clue: &str) -> Result<Value, String> {
        let text = clue.trim_end_matches(['.', ' ']).split_whitespace().collect::<Vec<_>>().join(" ");
        // Phrases are read without regard to case.
        let text = text.to_lowercase();
        let name = |thing: usize| self.things[thing].name.as_str();
        let unread = || format!("where things or their relation are not clear; allowed: {ALLOWED}");
        if let Some(rest) = text.strip_prefix("there is ").or_else(|| text.strip_prefix("there are ")) {
            let (count, ends) = rest.split_once(" between ").ok_or_else(unread)?;
            let count = count.strip_suffix(" houses").or_else(|| count.strip_suffix(" house")).ok_or_else(unread)?;
            let count = NUMBERS.iter().position(|number| *number == count).map(|place| place as u64 + 1);
            let houses = count
                .or_else(|| rest.split_once(' ')?.0.parse().ok())
                .filter(|&count| count < 10)
                .ok_or_else(unread)?;
            let [first, second] = self.pair(ends, " and ")?.ok_or_else(unread)?;
            return Ok(json!({"gap": [name(first), name(second), houses + 1]}));
        }
        for beside in [" are next to each other", " live next to each other", " are neighbors", " are neighbours"] {
            if let Some(ends) = text.strip_suffix(beside) {
                let [first, second] = self.pair(ends, " and ")?.ok_or_else(unread)?;
                return Ok(json!({"next": [name(first), name(second)]}));
            }
        }
        for (is_in, relation) in [(" is not in ", "notat"), (" is in ", "at")] {
            if let Some((phrase, place)) = text.rsplit_once(is_in)
                && let Some(house) = house(place)
            {
                let thing = self.thing(phrase).ok_or_else(unread)?;
                return Ok(json!({relation: [name(thing), house]}));
            }
        }
        for (says, relation, turns) in RELATIONS {
            if let Some([mut first, mut second]) = self.pair(&text, says)? {
                if turns {
                    std::mem::swap(&mut first, &mut second);
                }
                return Ok(json!({relation: [name(first), name(second)]}));
            }
        }
        Err(unread())
    }

    /// Compares the clues with the table of a solution, where there is one with values: `{"header": ["House", "Name", …], "rows": [["1", "Ann", …], …]}`.
    fn check_table(&self, table: &Value, clues: &[Value]) -> Result<(), String> {
        let cells = |row: &Value| {
            row.as_array().map(|row| row.iter().filter_map(Value::as_str).map(str::to_lowercase).collect::<Vec<_>>())
        };
        let rows: Option<Vec<Vec<String>>> =
            table.get("rows").and_then(Value::as_array).map(|rows| rows.iter().filter_map(cells).collect());
        let Some(rows) = rows.filter(|rows| !rows.iter().flatten().any(|cell| cell.trim_matches('_').is_empty()))
        else {
            return Ok(());
        };
        let wrong =
            |found: &str| format!("solution: found {found}; allowed: a row for each house, with a value of each list");
        let mut houses = vec![None; self.things.len()];
        for (house, row) in (1u64..).zip(&rows) {
            for (column, cell) in row.iter().enumerate().skip(1) {
                let whole: BTreeSet<&String> = rows.iter().filter_map(|row| row.get(column)).collect();
                let is_list = |values: &&Vec<String>| {
                    let values: BTreeSet<String> = values.iter().map(|value| value.to_lowercase()).collect();
                    values.iter().eq(whole.iter().copied())
                };
                let mut lists = self.values.iter().filter(is_list);
                let list = lists.next().filter(|_| lists.next().is_none()).ok_or_else(|| wrong(cell))?;
                let attribute = self.values.iter().position(|values| std::ptr::eq(values, list));
                let value = list.iter().position(|value| value.to_lowercase() == *cell).unwrap_or(0);
                let mut of = (0..self.things.len()).filter(|&thing| Some(self.things[thing].attribute) == attribute);
                if let Some(place) = of.nth(value).and_then(|thing| houses.get_mut(thing)) {
                    *place = Some(house);
                }
            }
        }
        let place = |name: &Value| {
            let thing = self.things.iter().position(|thing| name == thing.name.as_str())?;
            houses.get(thing).copied().flatten()
        };
        for (number, clue) in (1..).zip(clues) {
            let (relation, ends) =
                clue.as_object().and_then(|clue| clue.iter().next()).ok_or_else(|| wrong("no clue"))?;
            let first = place(&ends[0]).ok_or_else(|| wrong(&ends[0].to_string()))?;
            let second = if ends[1].is_string() { place(&ends[1]) } else { ends[1].as_u64() };
            let second = second.ok_or_else(|| wrong(&ends[1].to_string()))?;
            let holds = match relation.as_str() {
                "at" | "same" => first == second,
                "notat" | "apart" => first != second,
                "left" => first + 1 == second,
                "before" => first < second,
                "next" => first.abs_diff(second) == 1,
                _ => Some(first.abs_diff(second)) == ends[2].as_u64(),
            };
            if !holds {
                return Err(format!("solution: clue {number}, read as {clue}, does not hold in it"));
            }
        }
        Ok(())
    }
}

/// The number of a house: `the second house`, `house 2`.
fn house(place: &str) -> Option<usize> {
    let place = place.strip_prefix("the ").unwrap_or(place);
    if let Some(ordinal) = place.strip_suffix(" house") {
        return ORDINALS.iter().position(|known| *known == ordinal).map(|place| place + 1);
    }
    place.strip_prefix("house ")?.parse().ok()
}

/// Puzzles of this kind have one solution. Another number shows a clue that is missing or was misunderstood.
fn check_unique(puzzle: &Value) -> Result<(), String> {
    // What the environment refuses is told by it.
    let Some(read) = arena::environment("zebra").and_then(|family| family.read_json(puzzle).ok()) else {
        return Ok(());
    };
    match read.solver_facts().solutions {
        Some(1) => Ok(()),
        Some(0) => Err("clues: found no solution; allowed: one solution".into()),
        _ => Err("clues: found several solutions; allowed: one solution".into()),
    }
}
