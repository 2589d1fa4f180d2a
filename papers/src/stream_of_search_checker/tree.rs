//! The paper's search tree: the nodes that a text announces, and their errors by the paper's rules.
use super::evaluate::{Value, evaluate, operate};
use super::options::Options;
use super::scan::{self, Failed, Generated};
use super::{ErrorCounts, Raised, Rating, TreeVerdict};
use num_bigint::BigInt;
use num_traits::Zero;
use std::collections::{HashMap, HashSet};

/// A node with this many levels below it is too deep for Python to print. The message for a missing node prints it.
const MAX_WRITTEN_LEVELS: usize = 498;

/// The ids below the root.
type Path = Vec<BigInt>;

#[derive(Default)]
struct Node {
    parent: usize,
    options: Options,
    children: HashMap<BigInt, usize>,
    /// The largest id among the children.
    last: Option<BigInt>,
    /// Number of levels of nodes below this one.
    height: usize,
}

#[derive(Default)]
struct Errors {
    arithmetic: HashSet<Path>,
    exploration: HashSet<Path>,
    formatting: HashSet<Path>,
    other: HashSet<Path>,
}

impl Errors {
    fn classes(&self) -> [&HashSet<Path>; 4] {
        [&self.arithmetic, &self.exploration, &self.formatting, &self.other]
    }
}

/// A tree. The root is node 0.
struct Tree<'a> {
    target: BigInt,
    max_nodes: u32,
    goal_reached: bool,
    /// The last operation explored; if there is a goal, the last one before it.
    final_operation: &'a str,
    nodes: Vec<Node>,
    total: u32,
    errors: Errors,
}

/// The verdict of the paper's search tree on a text.
pub(super) fn judge(whole: &str) -> Result<TreeVerdict, Raised> {
    let first_line = scan::first_line(whole).replace("<|endoftext|>", "");
    let text = whole.replace("<|endoftext|>", "");
    let text = to_first_goal(&text);
    let Some(start) = scan::start_in_line(&first_line) else { return Ok(TreeVerdict::default()) };
    let target = scan::parse_int(start.target)?;
    let (options, count) = root_options(start.numbers)?;
    let goal = scan::goal(text);
    let before_goal = text.get(..goal.map_or(text.len(), |(start, _)| start)).unwrap_or(text);
    let mut tree = Tree {
        target,
        max_nodes: [0, 0, 0, 48, 1152].get(count).copied().unwrap_or(0),
        goal_reached: goal.is_some(),
        final_operation: "",
        nodes: vec![Node { options, ..Node::default() }],
        total: 0,
        errors: Errors::default(),
    };
    match scan::last_explored(before_goal) {
        Some(operation) => tree.final_operation = operation,
        None => {
            tree.errors.exploration.insert(Path::new());
            return Ok(tree.verdict(false, Rating::Whole(0)));
        }
    }
    tree.read(text.get(..goal.map_or(text.len(), |(_, end)| end)).unwrap_or(text))
}

/// The root's numbers and how many there are. The reference cuts the list at a colon; the rest is then not JSON.
fn root_options(numbers: &str) -> Result<(Options, usize), Raised> {
    match numbers.split_once(':') {
        Some((cut, _)) => Options::of_json(cut).and(Err(Options::not_json())),
        None => Options::of_json(numbers),
    }
}

/// The text up to one character after the first mention of a goal.
fn to_first_goal(text: &str) -> &str {
    const MENTION: &str = "Goal Reached";
    let Some(end) = text.find(MENTION).map(|at| at + MENTION.len()) else { return text };
    let next = text.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    text.get(..end + next).unwrap_or(text)
}

fn path_of(ids: &str) -> Result<Path, Raised> {
    if ids.is_empty() { Ok(Path::new()) } else { ids.split(',').map(scan::parse_int).collect() }
}

/// Whether a value equals the result in the text; `None` if Python raises an exception.
fn result_is(value: Result<Value, Raised>, result: Result<BigInt, Raised>) -> Option<bool> {
    Some(value.ok()?.equals(&result.ok()?))
}

impl Tree<'_> {
    fn read(&mut self, text: &str) -> Result<TreeVerdict, Raised> {
        self.total += 1;
        for node in scan::generated(text) {
            let path = path_of(node.id)?;
            if !path.is_empty() && !self.generate(path, &node)? {
                break;
            }
        }
        for leaf in scan::failed(text) {
            self.fail(&leaf)?;
        }
        let Some(path) = scan::last_visited(text).filter(|_| self.goal_reached) else {
            return Ok(self.verdict(false, Rating::Whole(0)));
        };
        self.goal(path_of(path)?)
    }

    /// Adds an announced node. `false` means that no more nodes are read.
    fn generate(&mut self, path: Path, node: &Generated<'_>) -> Result<bool, Raised> {
        self.total += 1;
        let parts = scan::operation(node.operation).and_then(|operation| operation.split_once('='));
        let Some((sides, result)) = parts else {
            self.errors.formatting.insert(path);
            return Ok(false);
        };
        match result_is(evaluate(sides, false), scan::parse_int(result)) {
            Some(true) => {}
            Some(false) => drop(self.errors.arithmetic.insert(path.clone())),
            None => drop(self.errors.other.insert(path.clone())),
        }
        let (at, missing) = self.walk(parent_of(&path));
        if missing {
            self.missing(at, &path)?;
            return Ok(true);
        }
        let used = scan::numbers(sides).map(scan::parse_int).collect::<Result<Vec<_>, _>>()?;
        if !self.nodes.get(at).is_some_and(|parent| used.iter().all(|number| parent.options.holds(number))) {
            self.errors.other.insert(path.clone());
        }
        let Ok(options) = node.numbers.split(',').map(scan::parse_int).collect::<Result<Vec<_>, _>>() else {
            self.errors.formatting.insert(path);
            return Ok(true);
        };
        scan::parse_int(result)?;
        let id = path.last().cloned().unwrap_or_default();
        if !self.insert(at, id, Options::of(options)) {
            self.errors.exploration.insert(path);
        }
        Ok(true)
    }

    /// Adds the leaf of a failed exploration.
    fn fail(&mut self, leaf: &Failed<'_>) -> Result<(), Raised> {
        let mut path = path_of(leaf.id)?;
        let (left, right) = (scan::parse_int(leaf.left)?, scan::parse_int(leaf.right)?);
        let result = scan::parse_int(leaf.result)?;
        let by_zero = leaf.operator == '/' && right.is_zero();
        let value = if by_zero { Ok(Value::None) } else { operate(&left, leaf.operator, &right) };
        match &value {
            Ok(value) if value.equals(&result) => {}
            Ok(_) => drop(self.errors.arithmetic.insert(path.clone())),
            Err(_) => drop(self.errors.other.insert(path.clone())),
        }
        self.total += 1;
        // A missing node is an error. The last id is then looked up below the last node found.
        let (mut at, gap) = self.walk(parent_of(&path));
        if gap {
            self.missing(at, &path)?;
        }
        if let Some(last) = path.last() {
            match self.child(at, last) {
                Some(child) => at = child,
                None => return self.missing(at, &path),
            }
        }
        let fits = self.nodes.get(at).map(|parent| parent.options.exactly(&left, &right));
        let id = self.next_id(at);
        path.push(id.clone());
        self.insert(at, id, Options::of(vec![result.clone()]));
        if !value?.equals(&result) {
            self.errors.arithmetic.insert(path.clone());
        }
        if fits != Some(true) {
            self.errors.other.insert(path);
        }
        Ok(())
    }

    /// Follows ids from the root as far as there are nodes. `true` means that one is missing.
    fn walk(&self, path: &[BigInt]) -> (usize, bool) {
        let mut at = 0;
        for id in path {
            match self.child(at, id) {
                Some(child) => at = child,
                None => return (at, true),
            }
        }
        (at, false)
    }

    fn child(&self, at: usize, id: &BigInt) -> Option<usize> {
        self.nodes.get(at)?.children.get(id).copied()
    }

    /// Notes that the path has a gap below a node.
    fn missing(&mut self, at: usize, path: &[BigInt]) -> Result<(), Raised> {
        if self.nodes.get(at).is_some_and(|node| node.height >= MAX_WRITTEN_LEVELS) {
            return Err(Raised::new("RecursionError", "maximum recursion depth exceeded"));
        }
        self.errors.exploration.insert(path.to_vec());
        Ok(())
    }

    /// One more than the largest id below a node; 0 if there is none.
    fn next_id(&self, at: usize) -> BigInt {
        let last = self.nodes.get(at).and_then(|node| node.last.as_ref());
        last.map_or_else(BigInt::default, |last| last + 1)
    }

    /// Adds a node. `false` means that its id is taken.
    fn insert(&mut self, parent: usize, id: BigInt, options: Options) -> bool {
        let new = self.nodes.len();
        let Some(node) = self.nodes.get_mut(parent) else { return false };
        if node.children.contains_key(&id) {
            return false;
        }
        node.last = node.last.take().max(Some(id.clone()));
        node.children.insert(id, new);
        self.nodes.push(Node { parent, options, ..Node::default() });
        let (mut at, mut height) = (parent, 1);
        while let Some(node) = self.nodes.get_mut(at).filter(|node| node.height < height) {
            node.height = height;
            height += 1;
            if at == 0 {
                break;
            }
            at = node.parent;
        }
        true
    }

    /// Judges the claim that the goal was reached from the node at `path`.
    fn goal(&mut self, mut path: Path) -> Result<TreeVerdict, Raised> {
        self.total += 1;
        let failed = Rating::Whole(0);
        let (mut at, mut missing) = self.walk(parent_of(&path));
        if missing {
            self.missing(at, &path)?;
        }
        if let Some(last) = path.last() {
            match self.child(at, last) {
                Some(child) => at = child,
                None => {
                    self.missing(at, &path)?;
                    missing = true;
                }
            }
        }
        if missing {
            return Ok(self.verdict(false, failed));
        }
        let mut sides = self.final_operation.split('=');
        let left = sides.next().unwrap_or("");
        let claimed = scan::parse_int(sides.next().unwrap_or(""))?;
        path.push(self.next_id(at));
        let by_zero = scan::divides_by_zero(left);
        if by_zero.ok_or_else(|| Raised::new("AttributeError", "'NoneType' object has no attribute 'group'"))? {
            self.errors.arithmetic.insert(path);
            return Ok(self.verdict(false, failed));
        }
        let right = evaluate(left, false)?.equals(&claimed);
        if claimed != self.target {
            return Ok(self.verdict(false, failed));
        }
        if !right {
            self.errors.arithmetic.insert(path);
            return Ok(self.verdict(false, failed));
        }
        self.rate(&path)
    }

    /// The verdict after a correct last step. It is correct if all nodes on the path are free of errors.
    fn rate(&self, path: &[BigInt]) -> Result<TreeVerdict, Raised> {
        let mut steps = (1..=path.len()).filter_map(|length| path.get(..length));
        if steps.any(|step| self.errors.classes().iter().any(|class| class.contains(step))) {
            return Ok(self.verdict(false, Rating::Whole(0)));
        }
        if self.max_nodes == 0 {
            return Err(Raised::new("ZeroDivisionError", "division by zero"));
        }
        let rating = 1.0 - f64::from(self.total) / f64::from(self.max_nodes);
        Ok(self.verdict(true, Rating::Fraction(rating)))
    }

    fn verdict(&self, correct: bool, rating: Rating) -> TreeVerdict {
        let [arithmetic, exploration, formatting, other] = self.errors.classes().map(HashSet::len);
        TreeVerdict {
            goal_reached: u8::from(self.goal_reached),
            correctness: u8::from(correct),
            nodes: self.total,
            rating,
            errors: ErrorCounts { arithmetic, exploration, formatting, other },
        }
    }
}

fn parent_of(path: &[BigInt]) -> &[BigInt] {
    path.split_last().map_or(&[], |(_, parent)| parent)
}
