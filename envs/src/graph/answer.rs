//! Answers of graph search: the nodes of the path, `A -> B -> C`, or its edges, `A-B, B-C`.

use std::collections::HashMap;

use super::{Edge, Graph, Node};
use crate::answers::steps::unlabelled;
use crate::answers::{Answers, Kind, Read, Token, Unread};

/// Words that can stand beside nodes.
const BESIDE: [&str; 24] = [
    "a", "and", "answer", "at", "edge", "edges", "end", "finally", "from", "go", "goal", "is", "move", "node", "nodes",
    "path", "shortest", "start", "step", "take", "the", "then", "to", "via",
];

/// Words before a number that is no node.
const TOTALS: [&str; 6] = ["total", "cost", "weight", "length", "distance", "for"];

impl Answers for Graph {
    fn read_plain_answer(&self, _text: &str, tokens: &[Token<'_>]) -> Read<Edge> {
        let tokens = unlabelled(tokens);
        let names = self.by_name();
        // Nodes with a link between them, such as `->`, are a group: a path or an edge.
        let mut groups: Vec<Vec<Node>> = Vec::new();
        let (mut links, mut depth) = (false, 0u32);
        // Whether a weight may come: behind `=`, or behind a word that announces a total.
        let mut weight = false;
        for token in &tokens {
            match token.kind {
                Kind::Number if weight => weight = false,
                Kind::Sign('=') => weight = true,
                Kind::Sign(':') if weight => {}
                Kind::Word if token.says("to") && !names.contains_key(token.text) => links = true,
                Kind::Word | Kind::Number => match names.get(token.text) {
                    Some(&node) => {
                        weight = false;
                        match groups.last_mut() {
                            Some(group) if std::mem::take(&mut links) => group.push(node),
                            _ => groups.push(vec![node]),
                        }
                    }
                    None if token.says_one(&TOTALS) => weight = true,
                    None if token.says_one(&BESIDE) => {}
                    None => return Err(Unread::at(token)),
                },
                Kind::Line | Kind::Sign(';' | '.') => (weight, links) = (false, false),
                Kind::Sign('→' | '-' | '>') => links = true,
                // In `["A", "B"]` and `(A, B)` the comma links.
                Kind::Sign(',') => links = depth > 0,
                Kind::Sign('[' | '(') => (links, depth) = (false, depth.saturating_add(1)),
                Kind::Sign(']' | ')') => (links, depth) = (false, depth.saturating_sub(1)),
                Kind::Sign('"' | '\'' | ':') => {}
                Kind::Sign(_) | Kind::Fraction => return Err(Unread::at(token)),
            }
        }
        let path = self.joined(groups, &tokens)?;
        if path.first() != Some(&self.start) {
            return Err(Unread::wrong(&tokens, "the path does not begin at the start"));
        }
        let edge = |pair: &[Node]| {
            let (from, to) = (pair[0], pair[1]);
            Edge { from, to, weight: self.arrows.weight(from, to).unwrap_or(1) }
        };
        Ok(path.windows(2).map(edge).collect())
    }

    /// Writes the nodes of the path; the moves where they make no path.
    fn write_plain_answer(&self, moves: &[Edge], out: &mut Vec<u8>) {
        self.names.write(moves.first().map_or(self.start, |edge| edge.from), out);
        let mut at = moves.first().map(|edge| edge.from);
        for edge in moves {
            if at != Some(edge.from) {
                out.extend_from_slice(b", ");
                self.names.write(edge.from, out);
            }
            out.extend_from_slice(b" -> ");
            self.names.write(edge.to, out);
            at = Some(edge.to);
        }
    }
}

impl Graph {
    /// The path that groups of nodes tell: one group, or single nodes in their order, or edges of which each begins where the one before it ended.
    fn joined(&self, mut groups: Vec<Vec<Node>>, tokens: &[Token<'_>]) -> Read<Node> {
        let Some(first) = groups.first().cloned() else { return Err(Unread::nothing()) };
        if groups.iter().all(|group| group.len() == 1) {
            return Ok(groups.into_iter().flatten().collect());
        }
        groups.dedup();
        let mut path = first;
        for group in groups.iter().skip(1) {
            match (group.as_slice(), path.last()) {
                ([begin, rest @ ..], Some(end)) if begin == end && !rest.is_empty() => path.extend_from_slice(rest),
                ([begin, _, ..], _) if *begin == self.start => return Err(Unread::ambiguous(tokens)),
                _ => return Err(Unread::wrong(tokens, "the edges do not join to a path")),
            }
        }
        Ok(path)
    }

    fn by_name(&self) -> HashMap<String, Node> {
        let name = |index: usize| {
            let mut name = Vec::new();
            self.names.write(Node(index as u16), &mut name);
            String::from_utf8(name).ok().map(|name| (name, Node(index as u16)))
        };
        (0..self.nodes()).filter_map(name).collect()
    }
}
