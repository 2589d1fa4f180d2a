//! Constraint puzzles against an independent oracle: their JSON is encoded as clauses and solved by the SAT solver `varisat`, or all combinations are
//! tried. Nothing of the environment's own rules or solver is used.

use std::collections::BTreeMap;

use serde_json::Value;
use sos_envs::{Constraint, Environment, Json, Kinds, LEVELS, Splits, Streams};
use varisat::{CnfFormula, ExtendFormula, Lit, Solver, Var};

/// Puzzles of each kind.
const PUZZLES: u64 = 1000;

/// Solutions are counted up to this.
const MOST: usize = 20;

/// The value of each variable, from 0.
type Solution = Vec<usize>;

fn list(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|number| number.as_u64().unwrap() as usize).collect()
}

fn lists(value: &Value) -> Vec<Vec<usize>> {
    value.as_array().unwrap().iter().map(list).collect()
}

/// Variables of so many values each, as clauses.
struct Encoding {
    values: usize,
    variables: usize,
    formula: CnfFormula,
}

impl Encoding {
    fn new(variables: usize, values: usize) -> Self {
        let mut encoding = Encoding { values, variables, formula: CnfFormula::new() };
        for variable in 0..variables {
            let all: Vec<Lit> = (0..values).map(|value| encoding.is(variable, value)).collect();
            encoding.exactly_one(&all);
        }
        encoding
    }

    fn is(&self, variable: usize, value: usize) -> Lit {
        Lit::positive(Var::from_index(variable * self.values + value))
    }

    fn exactly_one(&mut self, literals: &[Lit]) {
        self.formula.add_clause(literals);
        for (place, &a) in literals.iter().enumerate() {
            literals[..place].iter().for_each(|&b| self.formula.add_clause(&[!a, !b]));
        }
    }

    /// Two variables cannot have values for which this does not hold.
    fn both(&mut self, a: usize, b: usize, holds: impl Fn(usize, usize) -> bool) {
        for x in 0..self.values {
            for y in (0..self.values).filter(|&y| !holds(x, y)) {
                let clause = [!self.is(a, x), !self.is(b, y)];
                self.formula.add_clause(&clause);
            }
        }
    }

    fn different(&mut self, variables: &[usize]) {
        for (place, &a) in variables.iter().enumerate() {
            variables[..place].iter().for_each(|&b| self.both(a, b, |x, y| x != y));
        }
    }

    /// Digits row by row, 0 where nothing is given.
    fn given(&mut self, digits: &[usize]) {
        for (variable, &digit) in digits.iter().enumerate().filter(|(_, digit)| **digit > 0) {
            let clause = [self.is(variable, digit - 1)];
            self.formula.add_clause(&clause);
        }
    }

    fn solutions(self) -> Vec<Solution> {
        let mut solver = Solver::new();
        solver.add_formula(&self.formula);
        let mut found = Vec::new();
        while found.len() < MOST && solver.solve().unwrap() {
            let model: Vec<bool> = {
                let mut values = vec![false; self.variables * self.values];
                solver.model().unwrap().into_iter().for_each(|lit| {
                    if let Some(value) = values.get_mut(lit.index()) {
                        *value = lit.is_positive();
                    }
                });
                values
            };
            let value =
                |variable: usize| (0..self.values).find(|&value| model[variable * self.values + value]).unwrap();
            let solution: Solution = (0..self.variables).map(value).collect();
            let block: Vec<Lit> =
                solution.iter().enumerate().map(|(variable, &value)| !self.is(variable, value)).collect();
            solver.add_clause(&block);
            found.push(solution);
        }
        found
    }
}

/// A square of digits whose rows and columns differ, with boxes of a height and width, if any.
fn square(puzzle: &Value, boxed: bool) -> Encoding {
    let rows = lists(&puzzle["cells"]);
    let size = rows.len();
    let mut encoding = Encoding::new(size * size, size);
    for line in 0..size {
        encoding.different(&(0..size).map(|at| line * size + at).collect::<Vec<_>>());
        encoding.different(&(0..size).map(|at| at * size + line).collect::<Vec<_>>());
    }
    if boxed {
        let (height, width) = BTreeMap::from([(4, (2, 2)), (6, (2, 3)), (9, (3, 3))])[&size];
        for top in (0..size).step_by(height) {
            for left in (0..size).step_by(width) {
                let cell = |at: usize| (top + at / width) * size + left + at % width;
                encoding.different(&(0..size).map(cell).collect::<Vec<_>>());
            }
        }
    }
    encoding.given(&rows.concat());
    encoding
}

fn futoshiki(puzzle: &Value) -> Vec<Solution> {
    let size = puzzle["cells"].as_array().unwrap().len();
    let mut encoding = square(puzzle, false);
    for sign in lists(&puzzle["less"]) {
        let cell = |row: usize, column: usize| (row - 1) * size + column - 1;
        encoding.both(cell(sign[0], sign[1]), cell(sign[2], sign[3]), |x, y| x < y);
    }
    encoding.solutions()
}

fn queens(puzzle: &Value) -> Vec<Solution> {
    let columns = list(&puzzle["columns"]);
    let mut encoding = Encoding::new(columns.len(), columns.len());
    for row in 0..columns.len() {
        for above in 0..row {
            encoding.both(row, above, |x, y| x != y && x + above != y + row && x + row != y + above);
        }
    }
    encoding.given(&columns);
    encoding.solutions()
}

fn colouring(puzzle: &Value) -> Vec<Solution> {
    let number = |field: &str| puzzle[field].as_u64().unwrap() as usize;
    let mut encoding = Encoding::new(number("nodes"), number("colours"));
    for edge in lists(&puzzle["edges"]) {
        encoding.both(edge[0] - 1, edge[1] - 1, |x, y| x != y);
    }
    encoding.solutions()
}

fn satisfiability(puzzle: &Value) -> Vec<Solution> {
    let mut encoding = Encoding::new(puzzle["variables"].as_u64().unwrap() as usize, 2);
    for clause in puzzle["clauses"].as_array().unwrap() {
        let literal = |number: &Value| {
            let number = number.as_i64().unwrap();
            encoding.is(number.unsigned_abs() as usize - 1, usize::from(number > 0))
        };
        let clause: Vec<Lit> = clause.as_array().unwrap().iter().map(literal).collect();
        encoding.formula.add_clause(&clause);
    }
    encoding.solutions()
}

fn cover(puzzle: &Value) -> Vec<Solution> {
    let sets = lists(&puzzle["sets"]);
    let mut encoding = Encoding::new(sets.len(), 2);
    for element in 1..=puzzle["elements"].as_u64().unwrap() as usize {
        let holding = sets.iter().enumerate().filter(|(_, set)| set.contains(&element));
        let chosen: Vec<Lit> = holding.map(|(set, _)| encoding.is(set, 1)).collect();
        encoding.exactly_one(&chosen);
    }
    encoding.solutions()
}

fn zebra(puzzle: &Value) -> Vec<Solution> {
    let attributes: Vec<Vec<&str>> = puzzle["attributes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|things| things.as_array().unwrap().iter().map(|thing| thing.as_str().unwrap()).collect())
        .collect();
    let houses = attributes[0].len();
    let all = attributes.concat();
    let thing = |value: &Value| all.iter().position(|name| Some(*name) == value.as_str()).unwrap();
    let mut encoding = Encoding::new(all.len(), houses);
    for attribute in 0..attributes.len() {
        encoding.different(&(attribute * houses..(attribute + 1) * houses).collect::<Vec<_>>());
    }
    for clue in puzzle["clues"].as_array().unwrap() {
        let (kind, parts) = clue.as_object().unwrap().iter().next().unwrap();
        let a = thing(&parts[0]);
        match kind.as_str() {
            "at" => {
                let clause = [encoding.is(a, parts[1].as_u64().unwrap() as usize - 1)];
                encoding.formula.add_clause(&clause);
            }
            "same" => encoding.both(a, thing(&parts[1]), |x, y| x == y),
            "apart" => encoding.both(a, thing(&parts[1]), |x, y| x != y),
            "left" => encoding.both(a, thing(&parts[1]), |x, y| x + 1 == y),
            "next" => encoding.both(a, thing(&parts[1]), |x, y| x + 1 == y || y + 1 == x),
            other => panic!("{other}"),
        }
    }
    encoding.solutions()
}

/// All choices of 0 and 1 for which something holds.
fn choices(things: usize, holds: impl Fn(&[usize]) -> bool) -> Vec<Solution> {
    let choice = |bits: u32| (0..things).map(|thing| (bits >> thing & 1) as usize).collect::<Vec<_>>();
    (0..1u32 << things).map(choice).filter(|choice| holds(choice)).take(MOST).collect()
}

fn sum(numbers: &[usize], chosen: &[usize]) -> usize {
    numbers.iter().zip(chosen).map(|(number, chosen)| number * chosen).sum()
}

fn subset(puzzle: &Value) -> Vec<Solution> {
    let (numbers, target) = (list(&puzzle["numbers"]), puzzle["target"].as_u64().unwrap() as usize);
    choices(numbers.len(), |chosen| sum(&numbers, chosen) == target)
}

fn knapsack(puzzle: &Value) -> Vec<Solution> {
    let (weights, values) = (list(&puzzle["weights"]), list(&puzzle["values"]));
    let number = |field: &str| puzzle[field].as_u64().unwrap() as usize;
    let fits = |chosen: &[usize]| sum(&weights, chosen) <= number("capacity");
    let better = choices(weights.len(), |chosen| fits(chosen) && sum(&values, chosen) > number("least"));
    assert!(better.is_empty(), "{puzzle} asks for less than the most");
    choices(weights.len(), |chosen| fits(chosen) && sum(&values, chosen) >= number("least"))
}

fn partition(puzzle: &Value) -> Vec<Solution> {
    let numbers = list(&puzzle["numbers"]);
    choices(numbers.len(), |chosen| chosen[0] == 1 && 2 * sum(&numbers, chosen) == numbers.iter().sum::<usize>())
}

/// Row by row: every row that has its sum, as long as no column has more than its own.
fn kakurasu(puzzle: &Value) -> Vec<Solution> {
    let (rows, columns) = (list(&puzzle["rows"]), list(&puzzle["columns"]));
    let size = rows.len();
    let numbers: Vec<usize> = (1..=size).collect();
    let mut found: Vec<(Solution, Vec<usize>)> = vec![(Vec::new(), columns)];
    for (row, &total) in rows.iter().enumerate() {
        let all: Vec<Solution> = (0..1u32 << size)
            .map(|bits| (0..size).map(|cell| (bits >> cell & 1) as usize).collect::<Vec<_>>())
            .filter(|cells| sum(&numbers, cells) == total)
            .collect();
        let mut next = Vec::new();
        for (cells, left) in found {
            for more in &all {
                let left: Option<Vec<usize>> =
                    left.iter().zip(more).map(|(left, cell)| left.checked_sub(cell * (row + 1))).collect();
                next.extend(left.map(|left| ([cells.clone(), more.clone()].concat(), left)));
            }
        }
        found = next;
    }
    found
        .into_iter()
        .filter(|(_, left)| left.iter().all(|&left| left == 0))
        .map(|(cells, _)| cells)
        .take(MOST)
        .collect()
}

/// Every order of the numbers that are missing.
fn survo(puzzle: &Value) -> Vec<Solution> {
    let (rows, columns) = (list(&puzzle["rows"]), list(&puzzle["columns"]));
    let cells = lists(&puzzle["cells"]).concat();
    let mut missing: Vec<usize> = (1..=cells.len()).filter(|number| !cells.contains(number)).collect();
    let mut found = Vec::new();
    let width = columns.len();
    let good = |cells: &[usize]| {
        let row = |row: usize| cells[row * width..(row + 1) * width].iter().sum::<usize>() == rows[row];
        let column = |column: usize| cells.iter().skip(column).step_by(width).sum::<usize>() == columns[column];
        (0..rows.len()).all(row) && (0..width).all(column)
    };
    permute(&mut missing, 0, &mut |numbers| {
        let mut next = numbers.iter();
        let full: Vec<usize> = cells.iter().map(|&cell| if cell > 0 { cell } else { *next.next().unwrap() }).collect();
        if good(&full) {
            found.push(full.iter().map(|number| number - 1).collect());
        }
    });
    found
}

fn permute(numbers: &mut Vec<usize>, fixed: usize, each: &mut dyn FnMut(&[usize])) {
    if fixed == numbers.len() {
        return each(numbers);
    }
    for other in fixed..numbers.len() {
        numbers.swap(fixed, other);
        permute(numbers, fixed + 1, each);
        numbers.swap(fixed, other);
    }
}

fn knights(puzzle: &Value) -> Vec<Solution> {
    let people = puzzle["people"].as_array().unwrap().len();
    choices(people, |knight| {
        puzzle["statements"].as_array().unwrap().iter().all(|statement| {
            let (kind, parts) = statement[1].as_object().unwrap().iter().next().unwrap();
            let person = |value: &Value| knight[value.as_u64().unwrap() as usize - 1] == 1;
            let literal = |value: &Value| person(&value[0]) == value[1].as_bool().unwrap();
            let said = match kind.as_str() {
                "is" => literal(parts),
                "and" => literal(&parts[0]) && literal(&parts[1]),
                "or" => literal(&parts[0]) || literal(&parts[1]),
                "if" => !literal(&parts[0]) || literal(&parts[1]),
                "same" => person(&parts[0]) == person(&parts[1]),
                "differ" => person(&parts[0]) != person(&parts[1]),
                other => panic!("{other}"),
            };
            person(&statement[0]) == said
        })
    })
}

/// Letter by letter, all digits; small sums alone, since all orders are tried.
fn cryptarithm(puzzle: &Value) -> Vec<Solution> {
    let addends = puzzle["addends"].as_array().unwrap().iter().map(|word| word.as_str().unwrap());
    let words: Vec<&str> = addends.chain([puzzle["sum"].as_str().unwrap()]).collect();
    let mut letters: Vec<char> = Vec::new();
    words.iter().flat_map(|word| word.chars()).for_each(|letter| {
        if !letters.contains(&letter) {
            letters.push(letter);
        }
    });
    let mut found = Vec::new();
    assign(&mut Vec::new(), letters.len(), &mut |digits| {
        let digit = |letter: char| digits[letters.iter().position(|&known| known == letter).unwrap()];
        let number = |word: &&str| word.chars().fold(0, |number, letter| 10 * number + digit(letter));
        let (sum, addends) = words.split_last().unwrap();
        let leads = words.iter().all(|word| digit(word.chars().next().unwrap()) != 0);
        if leads && addends.iter().map(number).sum::<usize>() == number(sum) {
            found.push(digits.to_vec());
        }
    });
    found
}

/// All ways to give different digits.
fn assign(digits: &mut Vec<usize>, letters: usize, each: &mut dyn FnMut(&[usize])) {
    if digits.len() == letters {
        return each(digits);
    }
    for digit in 0..10 {
        if !digits.contains(&digit) {
            digits.push(digit);
            assign(digits, letters, each);
            digits.pop();
        }
    }
}

/// How the solutions of a kind are found, and whether there is always exactly one.
fn oracle(kind: &str) -> (fn(&Value) -> Vec<Solution>, bool) {
    match kind {
        "sudoku" => (|puzzle| square(puzzle, true).solutions(), true),
        "latin-square" => (|puzzle| square(puzzle, false).solutions(), true),
        "n-queens" => (queens, false),
        "futoshiki" => (futoshiki, true),
        "graph-colouring" => (colouring, false),
        "k-sat" => (satisfiability, false),
        "subset-sum" => (subset, false),
        "knapsack" => (knapsack, false),
        "number-partition" => (partition, false),
        "exact-cover" => (cover, false),
        "kakurasu" => (kakurasu, true),
        "survo" => (survo, true),
        "zebra" => (zebra, true),
        "knights-knaves" => (knights, true),
        "cryptarithm" => (cryptarithm, true),
        other => panic!("{other} has no oracle"),
    }
}

/// Puzzles of a kind with its settings changed: easy and medium in turn, and where the kind can have them, without a solution.
fn puzzles(kind: usize) -> Vec<Constraint> {
    let about = &Constraint::kinds()[kind];
    let mut found = Vec::new();
    let mut number = 0;
    // Each takes a million orders of digits.
    let puzzles = if about.name == "cryptarithm" { 200 } else { PUZZLES };
    while (found.len() as u64) < puzzles {
        assert!(number < 100 * PUZZLES, "{}: too few puzzles are drawn", about.name);
        // Large squares take long to encode; most are small.
        let level = usize::from(number % 10 == 0 && about.name != "cryptarithm");
        let mut settings = serde_json::to_value(&Constraint::levels_of(kind)[level]).unwrap();
        if settings.get("solvable").is_some() {
            settings["solvable"] = ["yes", "no", "any"][number as usize % 3].into();
        }
        let config = Constraint::read_config(kind, &settings).unwrap();
        let mut draw = Streams::new(9, "oracle", about.name).at(number);
        number += 1;
        let Ok(puzzle) = Constraint::generate(&config, &mut draw) else { continue };
        if Constraint::accepts(&config, puzzle.is_solvable()) {
            found.push(puzzle);
        }
    }
    found
}

#[test]
fn proofs_agree_with_an_independent_oracle() {
    assert_eq!(LEVELS[..2], ["easy", "medium"]);
    for (kind, about) in Constraint::kinds().iter().enumerate() {
        let start = std::time::Instant::now();
        let (solutions, unique) = oracle(about.name);
        let (mut unsolvable, mut several) = (0, 0);
        for puzzle in puzzles(kind) {
            let mut json = Vec::new();
            puzzle.write_json(&mut json);
            let shown = String::from_utf8_lossy(&json).into_owned();
            let found = solutions(&serde_json::from_slice(&json).unwrap());
            let facts = puzzle.solver_facts();
            assert_eq!(facts.solvable, !found.is_empty(), "{}: {shown}", about.name);
            assert!(!unique || found.len() == 1, "{}: {} solutions of {shown}", about.name, found.len());
            if let Some(count) = facts.solutions {
                assert_eq!((count as usize).min(MOST), found.len(), "{}: {shown}", about.name);
            }
            let mut open = 0;
            for (place, solution) in found.iter().enumerate() {
                let mut state = puzzle.start();
                open = (0..solution.len()).filter(|&variable| state.is_open(variable)).count() as u64;
                solution.iter().enumerate().for_each(|(variable, &value)| state.decide(variable, value as u8));
                assert!(puzzle.is_goal(&state), "{}: {solution:?} of {shown}", about.name);
                // One value changed is a solution only if the oracle says so.
                let mut other = solution.clone();
                other[place % solution.len()] = (other[place % solution.len()] + 1) % puzzle.network().values.len();
                state.decide(place % solution.len(), other[place % solution.len()] as u8);
                assert!(
                    found.len() == MOST || puzzle.is_goal(&state) == found.contains(&other),
                    "{}: {shown}",
                    about.name
                );
            }
            assert_eq!(facts.optimal_cost, (!found.is_empty()).then_some(open), "{}: {shown}", about.name);
            unsolvable += u64::from(found.is_empty());
            several += u64::from(found.len() > 1);
        }
        eprintln!("{:17} {unsolvable:4} unsolvable, {several:4} with several, {:?}", about.name, start.elapsed());
    }
}
