//! Graph search in words.

use super::{Graph, Node, prompts};
use crate::instruct::{block, items, line, listed};
use crate::prelude::*;
use crate::prompt::{numbers, pairs};

const TWO_WAY: &str = "Edges (each can be taken in both directions):";
const ONE_WAY: &str = "Edges (each can be taken in the direction of its arrow only):";
const NO_EDGES: &str = "none";

/// The texts between the ends of an edge, and before its cost.
fn signs(directed: bool) -> [&'static str; 2] {
    [if directed { " -> " } else { " - " }, ", cost "]
}

impl Instruct for Graph {
    fn instructions(&self) -> Instructions {
        let [between, cost] = signs(self.directed);
        let mut layout = format!("Nodes: {}", listed((0..self.nodes()).map(|node| self.name(Node(node as u16)))));
        if let Some(coordinates) = &self.coordinates {
            let places = coordinates.iter().map(|(x, y)| format!("({x}, {y})"));
            layout = layout + "\nCoordinates of the nodes, in the same order: " + &listed(places);
        }
        layout = layout + "\n" + if self.directed { ONE_WAY } else { TWO_WAY };
        for edge in &self.edges {
            layout = layout + "\n" + &self.name(edge.from) + between + &self.name(edge.to);
            if self.is_weighted() {
                layout = layout + cost + &edge.weight.to_string();
            }
        }
        if self.edges.is_empty() {
            layout = layout + "\n" + NO_EDGES;
        }
        let goals: Vec<String> = self.goals.iter().map(|&goal| self.name(goal)).collect();
        layout += &format!("\nStart: {}\nGoal: {}", self.name(self.start), goals.join(" or "));
        let asked = if self.is_weighted() {
            "The cost of a path is the sum of the costs of its edges. Any path is right; a cheaper one is better."
        } else {
            "Any path is right; one with fewer edges is better."
        };
        let mut rules = [
            "Below is a graph. Find a path from the start to the goal: a list of nodes that begins at the start and ends at the goal, in which an edge leads from each node to the next one.",
            "You are given the nodes and edges of a graph. Go from the start node to the goal node along edges; from a node you can only go to a node to which an edge leads.",
            "Find a way through this graph. It begins at the start, every step follows one of the listed edges, and it ends at the goal.",
        ]
        .map(|rules| format!("{rules} {asked}"));
        if self.coordinates.is_some() {
            let places = " The coordinates say where the nodes lie; they do not change what a path costs.";
            rules.iter_mut().for_each(|rules| rules.push_str(places));
        }
        if goals.len() > 1 {
            rules.iter_mut().for_each(|rules| rules.push_str(" Of the goals that are named, any one will do."));
        }
        // There and back again, which leads to no goal.
        let start = self.name(self.start);
        let other = (0..self.nodes() as u16).map(Node).find(|&node| node != self.start);
        let example = other.map_or(start.clone(), |other| format!("{start} -> {} -> {start}", self.name(other)));
        let form = format!(
            "Write the nodes of the path in their order, both ends included, with arrows between them, in this form: {example}."
        );
        Instructions { rules, layout, form }
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let directed = layout.lines().any(|line| line == ONE_WAY);
        let [between, cost] = signs(directed);
        let edges = block(layout, if directed { ONE_WAY } else { TWO_WAY }, "Start: ")?;
        let edge = |edge: &&str| {
            let (ends, weight) = edge.split_once(cost).unwrap_or((edge, "1"));
            let (from, to) = ends.split_once(between)?;
            Some(json!([prompts::name(from), prompts::name(to), weight.parse::<u64>().ok()?]))
        };
        let edges = edges.iter().filter(|edge| **edge != NO_EDGES).map(edge).collect::<Option<Vec<Value>>>()?;
        let named = |text: &str, between: &str| text.split(between).map(prompts::name).collect::<Vec<Value>>();
        let nodes: Vec<Value> = items(line(layout, "Nodes: ")?).into_iter().map(prompts::name).collect();
        let goals = named(line(layout, "Goal: ")?, " or ");
        let mut value = json!({"directed": directed, "nodes": nodes, "edges": edges});
        value["start"] = prompts::name(line(layout, "Start: ")?);
        match goals.as_slice() {
            [goal] => value["goal"] = goal.clone(),
            _ => value["candidates"] = goals.into(),
        }
        if let Some(places) = line(layout, "Coordinates of the nodes, in the same order: ") {
            value["coordinates"] = json!(pairs(&numbers(Style::Frame, places)?)?);
        }
        Some(value)
    }
}
