//! Answers that name what is chosen: numbers, things or sets. What is not named is not chosen.

use super::answer::{self, Assigned, named, unquoted};
use super::network::Network;
use crate::answers::steps::{BETWEEN, is_between};
use crate::answers::{Kind, Problem, Read, Token, Unread, span};

/// Words that can stand beside what is chosen.
const BESIDE: [&str; 26] = [
    "a", "an", "choose", "choosing", "chose", "chosen", "has", "have", "here", "in", "item", "items", "number", "of",
    "pick", "picked", "select", "selected", "subset", "take", "taken", "that", "these", "use", "which", "with",
];

/// Whether a token stands beside what is chosen and says nothing.
fn is_beside(token: &Token<'_>) -> bool {
    token.says_one(&BESIDE) || is_between(token) && !token.is('→') || token.is('{') || token.is('}')
}

/// The values of all variables: 1 for the chosen ones.
fn values(size: usize, chosen: &[usize]) -> Vec<Assigned> {
    (0..size).map(|place| (place as u8, u8::from(chosen.contains(&place)))).collect()
}

fn malformed(tokens: &[Token<'_>]) -> Unread {
    Unread { problem: Problem::Malformed, span: span(tokens) }
}

fn is_joint(token: &Token<'_>) -> bool {
    token.is('=') || token.is(':') || token.is('→') || token.says("is")
}

/// Reads whether each variable is chosen: `i1 = 1, i2 = 0`, `i1: yes`, or a list of all of them, `[1, 0, 1]`, with a 0 in it. None where the text is of another form.
pub fn switched(network: &Network, tokens: &[Token<'_>]) -> Option<Read<Assigned>> {
    const WORDS: [&[&str]; 2] = [&["0", "false", "no", "out"], &["1", "true", "yes", "in"]];
    let switch = |text: &str| WORDS.iter().position(|words| words.iter().any(|word| word.eq_ignore_ascii_case(text)));
    let is_switched = tokens.iter().enumerate().any(|(at, token)| {
        let value = || {
            let (joint, behind) = unquoted(tokens.get(at + 1..)?).split_first()?;
            unquoted(behind).first().filter(|_| is_joint(joint))
        };
        named(&network.variables, token.text).is_some() && value().is_some_and(|value| switch(value.text).is_some())
    });
    if is_switched {
        return Some(answer::list(network, tokens, |text| switch(text).map(|value| value as u8)));
    }
    let mut listed = Vec::new();
    for token in tokens {
        match token.kind {
            Kind::Number => listed.push(switch(token.text)? as u8),
            Kind::Word if token.says_one(&BETWEEN) => {}
            Kind::Sign(',' | '[' | ']' | '(' | ')' | '.') | Kind::Line => {}
            _ => return None,
        }
    }
    (listed.len() == network.len() && listed.contains(&0)).then(|| Ok((0..).zip(listed).collect()))
}

/// A sum of numbers at the front: `3`, or `3 + 5`; the numbers, and how many tokens they take.
fn sum_at(tokens: &[Token<'_>]) -> Option<(Vec<u64>, usize)> {
    let mut terms = vec![tokens.first()?.number()?];
    let mut end = 1;
    while let Some(next) =
        tokens.get(end).filter(|token| token.is('+')).and(tokens.get(end + 1)).and_then(Token::number)
    {
        terms.push(next);
        end += 2;
    }
    Some((terms, end))
}

/// The sum of numbers; none where it is too great.
fn total(numbers: &[u64]) -> Option<u64> {
    numbers.iter().try_fold(0, |sum: u64, number| sum.checked_add(*number))
}

/// The place of each number, each place once.
fn places(numbers: &[u64], wanted: &[u64]) -> Option<Vec<usize>> {
    let mut chosen: Vec<usize> = Vec::new();
    for number in wanted {
        let place = (0..numbers.len()).find(|place| numbers[*place] == *number && !chosen.contains(place))?;
        chosen.push(place);
    }
    Some(chosen)
}

/// Words that say that a sum follows.
const SUMS: [&str; 12] =
    ["sum", "sums", "total", "totals", "totalling", "totaling", "add", "adds", "adding", "makes", "gives", "equals"];

/// A list of numbers, or a sum.
struct Group {
    numbers: Vec<u64>,
    /// The first token, and the one behind the last.
    from: usize,
    to: usize,
    /// Whether it is a number that is told to be the sum of others: beside `=`, or behind a word for it.
    is_total: bool,
}

/// Reads numbers in groups. Numbers of one group stand between `ends`, and numbers with `+` between them are a group of their own; so is each number that is told
/// to be a sum.
fn groups(
    tokens: &[Token<'_>],
    is_label: impl Fn(&Token<'_>) -> bool,
    ends: impl Fn(&Token<'_>) -> bool,
) -> Result<Vec<Group>, Unread> {
    let mut groups: Vec<Group> = Vec::new();
    let (mut at, mut is_open, mut is_total) = (0, false, false);
    while let Some(token) = tokens.get(at) {
        if let Some((numbers, count)) = sum_at(&tokens[at..]) {
            let to = at + count;
            let is_single = numbers.len() == 1;
            let is_total =
                is_single && (std::mem::take(&mut is_total) || tokens.get(to).is_some_and(|next| next.is('=')));
            match groups.last_mut().filter(|_| is_open && is_single && !is_total) {
                Some(group) => {
                    group.numbers.extend(numbers);
                    group.to = to;
                }
                None => groups.push(Group { numbers, from: at, to, is_total }),
            }
            is_open = is_single && !is_total;
            at = to;
            continue;
        }
        at += 1;
        let ends_sum = || groups.last().is_some_and(|group| group.to + 1 == at && group.numbers.len() > 1);
        match token.kind {
            _ if is_label(token) => {
                (is_open, is_total) = (false, false);
                at += name_behind(tokens.get(at..).unwrap_or_default());
            }
            Kind::Sign('=') => (is_open, is_total) = (false, true),
            Kind::Word if token.says_one(&SUMS) || token.says("is") && ends_sum() => is_total = true,
            Kind::Word if is_total && token.says_one(&["up", "to", "each"]) => {}
            // Is `item 3` the third, or the number 3?
            Kind::Word if token.says_one(&["item", "items"]) => return Err(Unread::at(token)),
            _ if ends(token) => is_open = false,
            Kind::Word if token.says_one(&["numbers", "element", "elements", "both"]) => {}
            _ if is_beside(token) => {}
            _ => return Err(Unread::at(token)),
        }
    }
    Ok(groups)
}

/// Number of tokens of the name of a group behind a word for it, with the sign behind the name: `A:`, `1 =`.
fn name_behind(tokens: &[Token<'_>]) -> usize {
    let sign = |at: usize, signs: &[char]| tokens.get(at).is_some_and(|token| signs.iter().any(|sign| token.is(*sign)));
    let has_name = tokens.first().is_some_and(|token| match token.kind {
        Kind::Word => token.text.len() == 1,
        Kind::Number => sign(1, &[':', '=', '→', '"', '\'', '[', '{', '(']),
        _ => false,
    });
    let mut count = usize::from(has_name);
    while sign(count, &[':', '=', '→', '"', '\'']) {
        count += 1;
    }
    count
}

fn same(one: &[u64], other: &[u64]) -> bool {
    let sorted = |numbers: &[u64]| {
        let mut numbers = numbers.to_vec();
        numbers.sort_unstable();
        numbers
    };
    one.len() == other.len() && sorted(one) == sorted(other)
}

/// Reads chosen numbers: `3 + 5 + 9 = 17`, `{3, 5, 9}`, `i1, i2, i4`. Of equal numbers each may be chosen as often as it occurs.
pub fn numbers(network: &Network, numbers: &[u64], tokens: &[Token<'_>]) -> Read<Assigned> {
    if let Some(read) = switched(network, tokens) {
        return read;
    }
    if tokens.iter().any(|token| named(&network.variables, token.text).is_some()) {
        return names(network, tokens, &[], |place, told| number_behind(numbers, place, told));
    }
    let groups = groups(tokens, |_| false, |_| false)?;
    let mut all = groups.iter().filter(|group| !group.is_total);
    let Some(chosen) = all.next() else {
        return Err(if groups.is_empty() { Unread::nothing() } else { malformed(tokens) });
    };
    if let Some(other) = all.find(|group| !same(&group.numbers, &chosen.numbers)) {
        return Err(Unread::ambiguous(&tokens[other.from..other.to]));
    }
    let sum = total(&chosen.numbers);
    if let Some(wrong) = groups.iter().find(|group| group.is_total && group.numbers.first().copied() != sum) {
        return Err(Unread::wrong(&tokens[wrong.from..wrong.to], "this is not the sum"));
    }
    let used = &tokens[chosen.from..chosen.to];
    let places =
        places(numbers, &chosen.numbers).ok_or_else(|| Unread::wrong(used, "not among the numbers so often"))?;
    Ok(values(network.len(), &places))
}

/// The number of a variable behind its name: `i1 = 3`, `i1 (3)`. How many tokens it takes.
fn number_behind(numbers: &[u64], place: usize, told: &[Token<'_>]) -> Result<usize, Unread> {
    let behind = unquoted(told);
    match behind {
        [sign, next, ..] if (is_joint(sign) || sign.is('(')) && next.kind == Kind::Number => {
            if next.number() == numbers.get(place).copied() {
                Ok(told.len() - behind.len() + 2)
            } else {
                Err(Unread::wrong(std::slice::from_ref(next), "another number has this name"))
            }
        }
        _ => Ok(0),
    }
}

/// Reads two groups of numbers with all of them: `{3, 2} and {1, 1, 2, 1}`, `3 + 2 = 1 + 1 + 2 + 1`, a group a line. The group with the first number has the value 1.
pub fn halves(network: &Network, numbers: &[u64], tokens: &[Token<'_>]) -> Read<Assigned> {
    if let Some(read) = switched(network, tokens) {
        return read;
    }
    let is_label = |token: &Token<'_>| {
        let word = token.text.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '_');
        let is_name = word.len() == 1 && token.kind == Kind::Word && !token.says_one(&["a", "i"]) || token.text == "A";
        is_name
            || token.says_one(&[
                "group", "half", "halves", "groups", "subset", "subsets", "part", "side", "set", "second", "group1",
                "group2", "other",
            ])
    };
    let ends = |token: &Token<'_>| {
        token.kind == Kind::Line
            || ['|', ';', '[', ']', '{', '}', '(', ')', ':', '.'].iter().any(|sign| token.is(*sign))
    };
    let mut groups = groups(tokens, is_label, ends)?;
    if groups.is_empty() {
        return Err(Unread::nothing());
    }
    let half = total(numbers).unwrap_or(0) / 2;
    if groups.len() > 2 {
        if let Some(wrong) = groups.iter().find(|group| group.is_total && group.numbers.first() != Some(&half)) {
            return Err(Unread::wrong(&tokens[wrong.from..wrong.to], "this is not half of the sum"));
        }
        groups.retain(|group| !group.is_total);
    }
    // Each group twice: as a list and as a sum.
    let twice =
        |pairs: [[usize; 2]; 2]| pairs.iter().all(|&[one, other]| same(&groups[one].numbers, &groups[other].numbers));
    let pair = match groups.as_slice() {
        [_, _] => [0, 1],
        [_, _, _, _] if twice([[0, 1], [2, 3]]) => [0, 2],
        [_, _, _, _] if twice([[0, 2], [1, 3]]) => [0, 1],
        _ => return Err(malformed(tokens)),
    };
    let [one, other] = pair.map(|place| &groups[place].numbers);
    let all: Vec<u64> = one.iter().chain(other).copied().collect();
    if !same(&all, numbers) {
        return Err(Unread::wrong(tokens, "these are not the numbers"));
    }
    let first = numbers.first().is_some_and(|number| one.contains(number));
    // Of equal numbers the first ones are in the half of the first number.
    let places = places(numbers, if first { one } else { other }).ok_or_else(|| malformed(tokens))?;
    Ok(values(network.len(), &places))
}

/// Reads the names of what is chosen: `i1, i3`, `items 1 and 3`, `{1, 3}`. `told` reads what is said of one behind its name: how many tokens it takes.
pub fn names(
    network: &Network,
    tokens: &[Token<'_>],
    words: &[&str],
    told: impl Fn(usize, &[Token<'_>]) -> Result<usize, Unread>,
) -> Read<Assigned> {
    let (mut chosen, mut at) = (Vec::new(), 0);
    let in_names = tokens.iter().any(|token| named(&network.variables, token.text).is_some());
    while let Some(token) = tokens.get(at) {
        let numbered = || {
            let place = usize::try_from(token.number()?.checked_sub(1)?).ok()?;
            (place < network.len() && !in_names && !words.is_empty()).then_some(place)
        };
        let place = named(&network.variables, token.text).map(usize::from).or_else(numbered);
        at += 1;
        if let Some(place) = place {
            chosen.push(place);
            at += told(place, tokens.get(at..).unwrap_or_default())?;
            if let Some(sign) = tokens.get(at).filter(|next| next.is('=')) {
                return Err(Unread::at(sign));
            }
        } else if !is_beside(token) && !token.is('+') && !token.is('∪') && !token.is('=') && !token.says_one(words) {
            return Err(Unread::at(token));
        }
    }
    if chosen.is_empty() { Err(Unread::nothing()) } else { Ok(values(network.len(), &chosen)) }
}

/// What is said of a sum: the numbers, whose they are, and the tokens.
struct Claim<'b, 'a> {
    /// 0 for the weight, 1 for the value.
    of: usize,
    /// The thing before it; none where the total is meant.
    thing: Option<usize>,
    numbers: Vec<u64>,
    tokens: &'b [Token<'a>],
}

/// Reads chosen things: as [`names`], also with their weights and values, and with totals.
pub fn things(network: &Network, weights: &[u64], worths: &[u64], tokens: &[Token<'_>]) -> Read<Assigned> {
    const WORDS: [&str; 6] = ["thing", "things", "object", "objects", "knapsack", "total"];
    if let Some(read) = switched(network, tokens) {
        return read;
    }
    let mut claims = Vec::new();
    let mut rest: Vec<Token<'_>> = Vec::new();
    let (mut at, mut is_total, mut thing) = (0, false, None);
    while let Some(token) = tokens.get(at) {
        let of = match () {
            () if token.says_one(&["weight", "weighs"]) => Some(0),
            () if token.says_one(&["value", "worth"]) => Some(1),
            () => None,
        };
        let Some(of) = of else {
            is_total = token.says("total") || is_total && token.kind != Kind::Number;
            let number = || usize::try_from(token.number()?.checked_sub(1)?).ok();
            thing = named(&network.variables, token.text).map(usize::from).or_else(number).or(thing);
            rest.push(token.clone());
            at += 1;
            continue;
        };
        let from = at;
        at += 1;
        while tokens.get(at).is_some_and(|next| is_joint(next) || next.is('"') || next.says("of")) {
            at += 1;
        }
        // Every side of `2 + 4 = 6`.
        loop {
            let (numbers, count) = tokens.get(at..).and_then(sum_at).ok_or_else(|| malformed(&tokens[from..at]))?;
            let thing = thing.filter(|_| !is_total);
            at += count;
            claims.push(Claim { of, thing, numbers, tokens: &tokens[from..at] });
            if !tokens.get(at).is_some_and(|next| next.is('=')) {
                break;
            }
            at += 1;
        }
    }
    let chosen = names(network, &rest, &WORDS, |_, _| Ok(0))?;
    for claim in claims {
        let list = [weights, worths][claim.of];
        let sum =
            chosen.iter().filter(|(_, value)| *value == 1).filter_map(|(place, _)| list.get(usize::from(*place))).sum();
        let own = claim.thing.and_then(|place| list.get(place).copied());
        let said = total(&claim.numbers);
        if said != Some(sum) && (own.is_none() || said != own) {
            return Err(Unread::wrong(claim.tokens, "this is another number"));
        }
    }
    Ok(chosen)
}

/// Reads chosen sets: as [`names`], also with their elements, or the elements alone: `{1, 2}, {3, 4}`.
pub fn sets(network: &Network, sets: &[Vec<u8>], tokens: &[Token<'_>]) -> Read<Assigned> {
    if let Some(read) = switched(network, tokens) {
        return read;
    }
    let holds = |place: usize, elements: &[u64]| {
        let held: Vec<u64> = sets.get(place).into_iter().flatten().map(|&element| element.into()).collect();
        same(&held, elements)
    };
    let Some(listed) = element_lists(tokens) else {
        return names(network, tokens, &["set", "sets", "cover"], |place, told| {
            let Some((elements, count)) = elements_behind(told) else { return Ok(0) };
            if holds(place, &elements) {
                Ok(count)
            } else {
                Err(Unread::wrong(&told[..count], "not the elements of this set"))
            }
        });
    };
    let mut chosen = Vec::new();
    for elements in listed {
        let place = (0..sets.len()).find(|place| !chosen.contains(place) && holds(*place, &elements));
        chosen.push(place.ok_or_else(|| Unread::wrong(tokens, "there is no such set"))?);
    }
    Ok(values(network.len(), &chosen))
}

fn opens(token: &Token<'_>) -> bool {
    ['{', '[', '('].iter().any(|sign| token.is(*sign))
}

fn closes(token: &Token<'_>) -> bool {
    ['}', ']', ')'].iter().any(|sign| token.is(*sign))
}

/// The numbers in brackets behind a name, and how many tokens they take: `= {1, 2}`.
fn elements_behind(tokens: &[Token<'_>]) -> Option<(Vec<u64>, usize)> {
    let mut at = 0;
    while tokens.get(at).is_some_and(|token| is_joint(token) || token.is('"')) {
        at += 1;
    }
    tokens.get(at).filter(|token| opens(token))?;
    let end = at + tokens.get(at..)?.iter().position(closes)?;
    let inside = tokens.get(at + 1..end)?.iter().filter(|token| !token.is(','));
    Some((inside.map(Token::number).collect::<Option<_>>()?, end + 1))
}

/// Lists of numbers; none where numbers stand outside of lists, or in a single list that is in no other.
fn element_lists(tokens: &[Token<'_>]) -> Option<Vec<Vec<u64>>> {
    const WORDS: [&str; 4] = ["set", "sets", "cover", "chosen"];
    let (mut lists, mut depth, mut deepest) = (Vec::new(), 0u32, 0);
    for token in tokens {
        if opens(token) {
            depth += 1;
            deepest = deepest.max(depth);
            lists.push(Vec::new());
        } else if closes(token) {
            depth = depth.checked_sub(1)?;
        } else if token.kind == Kind::Number {
            lists.last_mut().filter(|_| depth > 0 && depth == deepest)?.push(token.number()?);
        } else if !(token.says_one(&WORDS) || is_beside(token) || token.is('+') || token.is('∪')) {
            return None;
        }
    }
    let is_nested = tokens.windows(2).any(|pair| opens(&pair[0]) && opens(&pair[1]));
    lists.retain(|list: &Vec<u64>| !list.is_empty());
    (depth == 0 && (lists.len() > 1 || is_nested) && !lists.is_empty()).then_some(lists)
}
