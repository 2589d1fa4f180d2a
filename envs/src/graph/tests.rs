use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::draw::Streams;
use crate::settings::{Amount, Range, Solvable};

fn layouts() -> [Layout; 7] {
    [
        Layout::ErdosRenyi(ErdosRenyi::default()),
        Layout::RandomGeometric(RandomGeometric::default()),
        Layout::LayeredDag(LayeredDag::default()),
        Layout::PathStar(PathStar::default()),
        Layout::RandomTree(RandomTree::default()),
        Layout::Grid(Grid::default()),
        Layout::BarabasiAlbert(BarabasiAlbert::default()),
    ]
}

/// Settings with every layout, naming, weight, direction and solvability.
fn settings() -> Vec<Config> {
    let mut all = Vec::new();
    for layout in layouts() {
        for (turn, directed) in [None, Some(true), Some(false)].into_iter().enumerate() {
            if matches!(layout, Layout::LayeredDag(_)) && directed == Some(false) {
                continue;
            }
            for solvable in [Solvable::Yes, Solvable::No, Solvable::Any] {
                for weights in [Range { min: 1, max: 1 }, Range { min: 1, max: 9 }, Range { min: 900, max: 2500 }] {
                    all.push(Config {
                        layout: layout.clone(),
                        directed,
                        weights,
                        names: [NameStyle::Numbers, NameStyle::Letters, NameStyle::Words][(turn + all.len()) % 3],
                        edge_order: [EdgeOrder::Shuffled, EdgeOrder::Sorted][all.len() % 2],
                        min_path: 2,
                        solvable,
                    });
                }
            }
        }
    }
    all
}

fn puzzles(config: &Config, seed: u64, count: usize) -> Vec<Graph> {
    let streams = Streams::new(seed, "test", "graph");
    let mut found = Vec::new();
    for index in 0..count as u64 * 200 {
        if found.len() < count
            && let Ok(graph) = Graph::generate(config, &mut streams.at(index))
        {
            found.push(graph);
        }
    }
    assert_eq!(found.len(), count, "too many rejected: {config:?}");
    found
}

fn json(graph: &Graph) -> String {
    let mut out = Vec::new();
    graph.write_json(&mut out);
    String::from_utf8(out).unwrap()
}

fn read(text: &str) -> Result<Graph, String> {
    Graph::from_json(&serde_json::from_str(text).unwrap()).map_err(|error| error.to_string())
}

fn all_nodes(graph: &Graph) -> impl Iterator<Item = Node> + use<> {
    (0..graph.nodes() as u16).map(Node)
}

/// Distances to the goals by the Bellman-Ford algorithm over the edge list.
fn bellman_ford(graph: &Graph) -> Vec<Option<u64>> {
    let mut distances = vec![None; graph.nodes()];
    graph.goals().iter().for_each(|goal| distances[goal.index()] = Some(0));
    for _ in 0..graph.nodes() {
        for edge in graph.edges() {
            for (from, to) in [(edge.from, edge.to), (edge.to, edge.from)] {
                if graph.is_directed() && from != edge.from {
                    continue;
                }
                let through = distances[to.index()].map(|d: u64| d + u64::from(edge.weight));
                if through.is_some() && distances[from.index()].is_none_or(|d| through.unwrap() < d) {
                    distances[from.index()] = through;
                }
            }
        }
    }
    distances
}

/// Counts all cheapest simple paths one by one.
fn count_paths(graph: &Graph, path: &mut Vec<Node>, left: u64) -> u64 {
    let here = *path.last().unwrap();
    let mut count = u64::from(left == 0 && graph.is_goal(&here));
    let mut steps = Vec::new();
    graph.successors(&here, &mut steps);
    for step in steps {
        if step.cost <= left && !path.contains(&step.state) {
            path.push(step.state);
            count += count_paths(graph, path, left - step.cost);
            path.pop();
        }
    }
    count
}

#[test]
fn the_worked_puzzle() {
    let graph = read(r#"{"edges":[["A","B",4],["B","C",1],["A","C",7]],"start":"A","goal":"C"}"#).unwrap();
    let facts = graph.solver_facts();
    assert_eq!(facts, SolverFacts { solvable: true, optimal_cost: Some(5), solutions: Some(1), difficulty: Some(3) });
    let write = |style| {
        let mut out = Vec::new();
        graph.write_header(style, &mut out);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(write(Style::Frame), "Edges: A-B=4, B-C=1, A-C=7");
    assert_eq!(write(Style::Compact), "edges A B 4 , B C 1 , A C 7 ,");
    assert_eq!(write(Style::Prose), "The edges join A and B for 4, B and C for 1, A and C for 7.");
}

#[test]
fn distances_facts_and_heuristics_are_true_of_every_layout() {
    for config in settings() {
        for graph in puzzles(&config, 1, 20) {
            let truth = bellman_ford(&graph);
            let oracle = graph.distance_table();
            for node in all_nodes(&graph) {
                assert_eq!(oracle.distance(&graph, &node), truth[node.index()], "{}", json(&graph));
            }
            let facts = graph.solver_facts();
            assert_eq!(facts.optimal_cost, truth[graph.start().index()]);
            if config.solvable != Solvable::Any {
                assert!(Graph::accepts(&config, facts.solvable), "{config:?} {}", json(&graph));
            }
            check_heuristics(&graph, &truth);
        }
    }
}

fn check_heuristics(graph: &Graph, truth: &[Option<u64>]) {
    for (index, spec) in Graph::ABOUT.heuristics.iter().enumerate().filter(|(_, spec)| spec.admissible) {
        let evaluator = graph.evaluator(index);
        for node in all_nodes(graph) {
            let here = evaluator.estimate(graph, &node);
            assert!(truth[node.index()].is_none_or(|d| here <= d), "{} at {node:?}: {}", spec.name, json(graph));
            let mut steps = Vec::new();
            graph.successors(&node, &mut steps);
            for step in steps {
                assert!(here <= step.cost + evaluator.estimate(graph, &step.state), "{}: {}", spec.name, json(graph));
            }
        }
    }
}

#[test]
fn heuristics_say_something() {
    let says = |layout: Layout, heuristic: usize| {
        let config = Config { layout, ..Config::default() };
        puzzles(&config, 2, 10).iter().any(|graph| {
            let evaluator = graph.evaluator(heuristic);
            all_nodes(graph).any(|node| evaluator.estimate(graph, &node) > 1)
        })
    };
    assert!(says(Layout::Grid(Grid::default()), 0) && says(Layout::Grid(Grid::default()), 1));
    assert!(says(Layout::RandomGeometric(RandomGeometric::default()), 2));
    assert!(!says(Layout::ErdosRenyi(ErdosRenyi::default()), 1));
}

#[test]
fn solutions_are_the_cheapest_paths() {
    for config in settings().into_iter().filter(|config| config.weights.max < 100) {
        for graph in puzzles(&config, 3, 5) {
            let facts = graph.solver_facts();
            let truth = facts.optimal_cost.map_or(0, |cost| count_paths(&graph, &mut vec![graph.start()], cost));
            assert_eq!(facts.solutions, Some(truth), "{}", json(&graph));
        }
    }
}

#[test]
fn json_round_trips_and_the_id_is_that_of_the_graph() {
    for config in settings() {
        for graph in puzzles(&config, 4, 5) {
            let text = json(&graph);
            let back = read(&text).unwrap();
            assert_eq!(back, graph, "{text}");
            assert_eq!(graph.canonical().canonical(), graph.canonical());
            let mut shuffled = graph.clone();
            Draw::new(9, "test").shuffle(&mut shuffled.edges);
            if !graph.is_directed() {
                shuffled.edges.iter_mut().for_each(|edge| *edge = edge.reversed());
            }
            shuffled.goals.reverse();
            shuffled.names = Names::Letters;
            assert_eq!(shuffled.id(), graph.id());
            assert_eq!(read(&json(&shuffled)).unwrap().id(), graph.id());
        }
    }
}

#[test]
fn atoms_round_trip() {
    for config in settings() {
        for graph in puzzles(&config, 5, 5) {
            for style in [Style::Frame, Style::Compact, Style::Prose] {
                check_atoms(&graph, style);
            }
        }
    }
    let large = Config {
        layout: Layout::RandomTree(RandomTree { nodes: Amount::Exactly(60_000) }),
        names: NameStyle::Numbers,
        ..Config::default()
    };
    puzzles(&large, 5, 1).iter().for_each(|graph| check_atoms(graph, Style::Compact));
    let outside = r#"{"edges":[["Zürich",12345,1000000],["a_b","007",2],[12345,"7e",3]],"start":7,"goal":"a_b"}"#;
    let outside = read(outside).unwrap();
    for style in [Style::Frame, Style::Compact, Style::Prose] {
        check_atoms(&outside, style);
    }
}

fn check_atoms(graph: &Graph, style: Style) {
    let mut out = Vec::new();
    for node in all_nodes(graph) {
        out.clear();
        graph.write_state(&node, style, &mut out);
        out.extend_from_slice(b" ;");
        let mut reader = Reader::new(&out);
        assert_eq!(graph.read_state(style, &mut reader), Some(node));
        assert_eq!(reader.rest(), b" ;");
        out.clear();
        graph.write_value(&node, style, &mut out);
        assert_eq!(graph.read_value(style, &mut Reader::new(&out)), Some(node));
    }
    for &edge in graph.edges() {
        out.clear();
        graph.write_move(edge, style, &mut out);
        out.extend_from_slice(b", ");
        let mut reader = Reader::new(&out);
        assert_eq!(graph.read_move(style, &mut reader), Some(edge), "{}", String::from_utf8_lossy(&out));
        assert_eq!(reader.rest(), b", ");
    }
}

#[test]
fn names_that_are_not_there_are_not_read() {
    let graph = read(r#"{"nodes":30,"edges":[["A","AA"]],"start":"A","goal":"AA"}"#).unwrap();
    for text in ["[AE]", "[a]", "[]", "[A", "A]", "[A ]", "[AAAAAAAAA]", "[3]", "[\u{fffd}]"] {
        assert_eq!(graph.read_state(Style::Frame, &mut Reader::new(text.as_bytes())), None, "{text}");
    }
    for text in ["A-", "A>AA", "A-AE", "-A"] {
        assert_eq!(graph.read_move(Style::Frame, &mut Reader::new(text.as_bytes())), None, "{text}");
    }
}

#[test]
fn puzzles_that_are_none_are_refused() {
    for (text, says) in [
        (r#"[]"#, "a puzzle is {\"directed\":false,"),
        (r#"{"edges":[],"start":"A","goal":"B","gaol":1}"#, "unknown field `gaol`"),
        (r#"{"edges":[["A","A"]],"start":"A","goal":"A"}"#, "different nodes"),
        (r#"{"edges":[["A","B"],["B","A"]],"start":"A","goal":"B"}"#, "found two between"),
        (r#"{"edges":[["A","B",0]],"start":"A","goal":"B"}"#, "weight 0"),
        (r#"{"edges":[["A","B",-1]],"start":"A","goal":"B"}"#, "edges: invalid value: integer `-1`"),
        (r#"{"edges":[["A","B",5000000000]],"start":"A","goal":"B"}"#, "weight 5000000000"),
        (r#"{"edges":[["A B","B"]],"start":"A","goal":"B"}"#, "a node is named"),
        (r#"{"edges":[["A]","B"]],"start":"A","goal":"B"}"#, "a node is named"),
        (r#"{"edges":[["A","B",1,1]],"start":"A","goal":"B"}"#, "edges: invalid length 4"),
        (r#"{"edges":[["A"]],"start":"A","goal":"B"}"#, "an edge, [from, to] or [from, to, weight]"),
        (r#"{"edges":[["A","B"]],"goal":"B"}"#, "start"),
        (r#"{"edges":[["A","B"]],"start":"A"}"#, "either"),
        (r#"{"edges":[["A","B"]],"start":"A","goal":"B","candidates":["A"]}"#, "either"),
        (r#"{"edges":[["A","B"]],"start":"A","candidates":["B","B"]}"#, "twice"),
        (r#"{"nodes":2,"edges":[["A","C"]],"start":"A","goal":"B"}"#, "no node C"),
        (r#"{"nodes":["A","A"],"edges":[],"start":"A","goal":"A"}"#, "twice"),
        (r#"{"nodes":0,"edges":[],"start":"A","goal":"A"}"#, "nodes: found 0"),
        (r#"{"nodes":70000,"edges":[],"start":"A","goal":"A"}"#, "nodes: found 70000"),
        (r#"{"edges":[["A","B"]],"start":"A","goal":"B","coordinates":[[1,2]]}"#, "one pair for each of 2"),
        (r#"{"edges":[["A","B"]],"start":"A","goal":"B","coordinates":[[1,2],[1,9999999]]}"#, "coordinates"),
        (r#"{"directed":1,"edges":[["A","B"]],"start":"A","goal":"B"}"#, "directed"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.contains(says), "{text}: {error}");
    }
    assert!(read(r#"{"directed":true,"edges":[["A","B"],["B","A"]],"start":"A","goal":"B"}"#).is_ok());
}

#[test]
fn settings_that_cannot_be_are_refused() {
    let with = |layout: Layout| Config { layout, ..Config::default() };
    let nodes = Amount::Exactly;
    for (config, field) in [
        (with(Layout::ErdosRenyi(ErdosRenyi { nodes: nodes(1), edge_percent: 50 })), "layout.nodes"),
        (with(Layout::ErdosRenyi(ErdosRenyi { nodes: nodes(u64::MAX), edge_percent: 50 })), "layout.nodes"),
        (with(Layout::ErdosRenyi(ErdosRenyi { nodes: nodes(5), edge_percent: 0 })), "layout.edge_percent"),
        (with(Layout::ErdosRenyi(ErdosRenyi { nodes: nodes(9000), edge_percent: 90 })), "layout.edge_percent"),
        (with(Layout::ErdosRenyi(ErdosRenyi { nodes: nodes(5), edge_percent: 100 })), "min_path"),
        (with(Layout::RandomGeometric(RandomGeometric { radius: 0, ..RandomGeometric::default() })), "layout.radius"),
        (with(Layout::LayeredDag(LayeredDag { depth: nodes(1), ..LayeredDag::default() })), "min_path"),
        (with(Layout::PathStar(PathStar { labels: 8, ..PathStar::default() })), "layout.labels"),
        (with(Layout::PathStar(PathStar { arm_length: 1, ..PathStar::default() })), "layout.arm_length"),
        (
            with(Layout::Grid(Grid { rows: nodes(1), columns: nodes(1), holes_percent: 0 })),
            "layout.rows times layout.columns",
        ),
        (with(Layout::BarabasiAlbert(BarabasiAlbert { nodes: nodes(3), attachments: 3 })), "layout.nodes"),
        (Config { weights: Range { min: 0, max: 3 }, ..Config::default() }, "weights"),
        (Config { weights: Range { min: 4, max: 3 }, ..Config::default() }, "weights"),
        (Config { min_path: 0, ..Config::default() }, "min_path"),
        (Config { min_path: 12, ..Config::default() }, "min_path"),
        (
            Config {
                names: NameStyle::Words,
                ..with(Layout::RandomTree(RandomTree { nodes: Amount::Between(Range { min: 5, max: 500 }) }))
            },
            "names",
        ),
        (Config { directed: Some(false), ..with(Layout::LayeredDag(LayeredDag::default())) }, "directed"),
    ] {
        assert_eq!(Graph::check(&config).unwrap_err().field, field, "{config:?}");
    }
    for config in settings() {
        assert!(Graph::check(&config).is_ok(), "{config:?}");
    }
}

#[test]
fn settings_are_read_and_refused_by_name() {
    let read = |text: &str| serde_json::from_str::<Config>(text).map_err(|error| error.to_string());
    let config = read(r#"{"layout":{"kind":"erdos-renyi","nodes":9},"weights":{"min":1,"max":5}}"#).unwrap();
    assert_eq!(config.layout, Layout::ErdosRenyi(ErdosRenyi { nodes: Amount::Exactly(9), edge_percent: 25 }));
    assert!(read(r#"{"layout":{"kind":"grid","rows":{"min":2,"max":4},"colums":3}}"#).unwrap_err().contains("colums"));
    assert!(read(r#"{"layout":{"kind":"gird"}}"#).unwrap_err().contains("gird"));
    assert!(read(r#"{"wieghts":{"min":1,"max":5}}"#).unwrap_err().contains("wieghts"));
    for config in settings() {
        assert_eq!(read(&serde_json::to_string(&config).unwrap()).unwrap(), config);
    }
}

fn degree_out(graph: &Graph, node: Node) -> usize {
    graph.arrows.of(node).len()
}

fn connected(graph: &Graph) -> bool {
    let both = Arrows::new(graph.nodes(), false, graph.edges());
    paths::hops(&both, &[Node(0)]).order.len() == graph.nodes()
}

#[test]
fn path_stars_are_stars() {
    let layout = PathStar { degree: 5, arm_length: 4, labels: 30 };
    for directed in [None, Some(false)] {
        let config = Config { layout: Layout::PathStar(layout.clone()), directed, ..Config::default() };
        for graph in puzzles(&config, 6, 50) {
            assert_eq!((graph.nodes(), graph.edges().len()), (30, 15));
            assert_eq!(degree_out(&graph, graph.start()), 5);
            assert_eq!(graph.solver_facts().optimal_cost, Some(3));
            let used: BTreeSet<Node> = graph.edges().iter().flat_map(|edge| [edge.from, edge.to]).collect();
            assert_eq!(used.len(), 16);
            let steps = paths::hops(&graph.arrows, &[graph.start()]).distances;
            assert_eq!((1..=4).map(|k| steps.iter().filter(|&&s| s == k).count()).collect::<Vec<_>>(), [5, 5, 5, 0]);
        }
    }
}

#[test]
fn exactly_one_candidate_is_within_reach() {
    let config = Config { layout: Layout::LayeredDag(LayeredDag::default()), ..Config::default() };
    let (mut nodes, mut edges, mut first) = (0, 0, 0);
    for graph in puzzles(&config, 7, 500) {
        let steps = paths::hops(&graph.arrows, &[graph.start()]).distances;
        let reached: Vec<bool> = graph.goals().iter().map(|goal| steps[goal.index()] != paths::UNREACHED).collect();
        assert!(reached == [true, false] || reached == [false, true]);
        assert!((3..=5).contains(&graph.solver_facts().optimal_cost.unwrap()));
        first += usize::from(reached[0]);
        nodes += graph.nodes();
        edges += graph.edges().len();
    }
    assert!((200..300).contains(&first), "the place of the goal gives it away: {first} of 500");
    assert!((20..26).contains(&(nodes / 500)) && (30..42).contains(&(edges / 500)), "{nodes} {edges}");
    let unreachable = Config { solvable: Solvable::No, ..config };
    assert!(
        puzzles(&unreachable, 7, 50).iter().all(|graph| graph.goals().len() == 2 && !graph.solver_facts().solvable)
    );
}

#[test]
fn trees_are_trees() {
    for directed in [false, true] {
        let config = Config {
            layout: Layout::RandomTree(RandomTree { nodes: Amount::Between(Range { min: 3, max: 40 }) }),
            directed: Some(directed),
            ..Config::default()
        };
        for graph in puzzles(&config, 8, 200) {
            assert_eq!(graph.edges().len(), graph.nodes() - 1);
            assert!(connected(&graph));
            let mut into = vec![0; graph.nodes()];
            graph.edges().iter().for_each(|edge| into[edge.to.index()] += 1);
            assert!(!directed || into.iter().all(|&count| count <= 1));
        }
    }
}

/// Checks that each of the 16 trees over 4 labels is equally frequent.
#[test]
fn trees_are_uniform() {
    let config = Config { layout: Layout::RandomTree(RandomTree { nodes: Amount::Exactly(4) }), ..Config::default() };
    let mut counts = std::collections::BTreeMap::new();
    for graph in puzzles(&config, 8, 8000) {
        let mut edges = graph.canonical().edges;
        edges.sort_unstable();
        *counts.entry(edges).or_insert(0) += 1;
    }
    // A star has no path of 2 edges from its centre, so such starts are rejected more often. Its shape is not.
    assert_eq!(counts.len(), 16);
    assert!(counts.values().all(|&count| (350..650).contains(&count)), "{:?}", counts.values());
}

#[test]
fn grids_join_four_neighbours() {
    let layout = Grid { rows: Amount::Exactly(6), columns: Amount::Exactly(7), holes_percent: 25 };
    let config = Config { layout: Layout::Grid(layout), ..Config::default() };
    for graph in puzzles(&config, 9, 100) {
        let at: Vec<(u32, u32)> = all_nodes(&graph).map(|node| graph.coordinates(node).unwrap()).collect();
        let cells: BTreeSet<_> = at.iter().copied().collect();
        assert_eq!(cells.len(), graph.nodes());
        let pairs = cells.iter().map(|&(x, y)| [(x + 1, y), (x, y + 1)].iter().filter(|c| cells.contains(c)).count());
        assert_eq!(graph.edges().len(), pairs.sum::<usize>());
        for edge in graph.edges() {
            let (a, b) = (at[edge.from.index()], at[edge.to.index()]);
            assert_eq!(a.0.abs_diff(b.0) + a.1.abs_diff(b.1), 1);
        }
    }
}

#[test]
fn points_that_are_close_are_joined_at_their_length() {
    let config = Config { layout: Layout::RandomGeometric(RandomGeometric::default()), ..Config::default() };
    for graph in puzzles(&config, 10, 100) {
        let at = |node: Node| graph.coordinates(node).unwrap();
        let mut close = 0;
        for a in all_nodes(&graph) {
            for b in all_nodes(&graph).filter(|&b| b > a) {
                let (x, y) = (at(a).0.abs_diff(at(b).0), at(a).1.abs_diff(at(b).1));
                close += usize::from(x * x + y * y <= 64);
            }
        }
        assert_eq!(graph.edges().len(), close);
        for edge in graph.edges() {
            let (x, y) = (at(edge.from).0.abs_diff(at(edge.to).0), at(edge.from).1.abs_diff(at(edge.to).1));
            assert!(edge.weight * edge.weight >= x * x + y * y);
            assert!(edge.weight <= 1 || (edge.weight - 1) * (edge.weight - 1) < x * x + y * y);
        }
    }
}

#[test]
fn newcomers_bring_their_edges() {
    let layout = BarabasiAlbert { nodes: Amount::Exactly(60), attachments: 3 };
    let config = Config { layout: Layout::BarabasiAlbert(layout), ..Config::default() };
    let mut largest = 0;
    for graph in puzzles(&config, 11, 50) {
        assert_eq!(graph.edges().len(), 3 * (60 - 3));
        assert!(connected(&graph));
        largest += all_nodes(&graph).map(|node| degree_out(&graph, node)).max().unwrap();
    }
    // The mean degree is 5.7; hubs have far higher degrees.
    assert!(largest / 50 > 15, "{largest}");
}

#[test]
fn edges_have_their_probability_and_weights_their_range() {
    let config =
        Config { weights: Range { min: 3, max: 5 }, solvable: Solvable::Any, min_path: 1, ..Config::default() };
    let graphs = puzzles(&config, 12, 2000);
    let edges: usize = graphs.iter().map(|graph| graph.edges().len()).sum();
    let expected = 2000 * 66 / 4;
    assert!(edges.abs_diff(expected) < expected / 30, "{edges} of {expected}");
    let weights: BTreeSet<u32> = graphs.iter().flat_map(|graph| graph.edges()).map(|edge| edge.weight).collect();
    assert_eq!(weights.into_iter().collect::<Vec<_>>(), [3, 4, 5]);
}

#[test]
fn the_least_path_is_kept() {
    for layout in layouts() {
        let config = Config { layout, min_path: 3, ..Config::default() };
        for graph in puzzles(&config, 13, 50) {
            let steps = paths::hops(&graph.arrows, &[graph.start()]).distances;
            assert!(graph.goals().iter().all(|goal| steps[goal.index()] >= 3));
        }
    }
}

#[test]
fn the_space_lists_every_graph_once() {
    for (edge_percent, directed, size) in [(50, false, 64 * 12), (45, false, 64 * 12), (50, true, 4096 * 12)] {
        let config = Config {
            layout: Layout::ErdosRenyi(ErdosRenyi { nodes: Amount::Exactly(4), edge_percent }),
            directed: Some(directed),
            solvable: Solvable::Any,
            min_path: 1,
            ..Config::default()
        };
        assert_eq!(Graph::space(&config), Some(Space { strata: 1, size }));
        let streams = Streams::new(1, "space", "test");
        let mut ids = BTreeSet::new();
        let mut taken = 0;
        for index in 0..size {
            for turn in 0..if edge_percent == 50 { 1 } else { 40 } {
                if let Ok(graph) = Graph::at(&config, 0, index, &mut streams.at(turn << 32 | index as u64)) {
                    ids.insert(graph.id());
                    taken += 1;
                }
            }
        }
        assert_eq!(ids.len() as u128, size, "{edge_percent} {directed}");
        assert!(edge_percent == 50 || taken < size * 40);
    }
}

#[test]
fn damage_is_real_and_illegal_moves_are() {
    let mut draw = Draw::new(14, "test");
    for config in settings() {
        for graph in puzzles(&config, 14, 10) {
            for node in all_nodes(&graph).take(12) {
                let damaged = graph.damage_state(&node, DamageKind::Change, &mut draw).unwrap();
                assert!(damaged != node && damaged.index() < graph.nodes());
                assert_eq!(graph.damage_state(&node, DamageKind::Lose, &mut draw), None);
                let (edge, to) = graph.illegal_move(&node, &mut draw).unwrap();
                assert!(graph.apply(&node, edge).is_none() && edge.to == to && edge.from == node && to != node);
            }
            for &edge in graph.edges() {
                match graph.damage_claim(edge, &mut draw) {
                    None => assert!(!graph.is_weighted()),
                    Some(wrong) => {
                        assert!((wrong.from, wrong.to) == (edge.from, edge.to) && wrong.weight != edge.weight);
                        assert!(wrong.weight >= 1 && graph.is_weighted());
                        let (believed, cost) = graph.apply_as_claimed(&edge.from, wrong).unwrap();
                        assert_eq!((believed, cost), (edge.to, u64::from(wrong.weight)));
                        assert_eq!(graph.apply(&edge.from, wrong).unwrap().0, edge);
                    }
                }
            }
        }
    }
    let complete = read(r#"{"edges":[["A","B"]],"start":"A","goal":"B"}"#).unwrap();
    assert_eq!(complete.illegal_move(&Node(0), &mut draw), None);
}

/// These values may change only with `version` in [`Graph::ABOUT`]: every data set depends on them.
#[test]
fn value_stability() {
    let mut seen = String::new();
    for (turn, layout) in layouts().into_iter().enumerate() {
        let config = Config {
            layout,
            weights: Range { min: 1, max: if turn % 2 == 0 { 1 } else { 9 } },
            names: [NameStyle::Letters, NameStyle::Numbers, NameStyle::Words][turn % 3],
            ..Config::default()
        };
        seen += &json(&puzzles(&config, 15, 1)[0]);
        seen.push('\n');
    }
    let committed = include_str!("values.jsonl");
    assert_eq!(seen, committed, "\n{seen}");
}

proptest! {
    #[test]
    fn reading_never_panics(
        bytes in prop::collection::vec(prop::sample::select(b"[]ABC019 ->=^tofr,\xff_".to_vec()), 0..24),
        names in 0usize..3,
    ) {
        let names = [NameStyle::Numbers, NameStyle::Letters, NameStyle::Words][names];
        let graph = &puzzles(&Config { names, weights: Range { min: 1, max: 9 }, ..Config::default() }, 16, 1)[0];
        for style in [Style::Frame, Style::Compact, Style::Prose] {
            graph.read_state(style, &mut Reader::new(&bytes));
            graph.read_move(style, &mut Reader::new(&bytes));
            graph.read_value(style, &mut Reader::new(&bytes));
        }
    }
}

/// Checks that each prompt grammar reads back to the same puzzle, except for coordinates, which the grammars leave out.
#[test]
fn prompts_read_back() {
    for (index, config) in Graph::levels().into_iter().enumerate() {
        for (directed, max, solvable) in [(true, 1, Solvable::Yes), (false, 1, Solvable::Any), (true, 9, Solvable::Any)]
        {
            for names in [NameStyle::Letters, NameStyle::Numbers, NameStyle::Words] {
                let config = Config {
                    directed: Some(directed),
                    weights: Range { min: 1, max },
                    solvable,
                    names,
                    ..config.clone()
                };
                let mut draw = Draw::new(index as u64, "prompts");
                let mut puzzles = (0..200).filter_map(|_| Graph::generate(&config, &mut draw).ok());
                let puzzle = puzzles.find(|puzzle| puzzle.edges().len() > 3).unwrap();
                for grammar in Graph::ABOUT.prompts {
                    prompt_reads_back(&puzzle, grammar);
                }
            }
        }
    }
}

fn prompt_reads_back(puzzle: &Graph, grammar: &str) {
    let mut prompt = Vec::new();
    puzzle.write_prompt(grammar, &mut prompt);
    let text = String::from_utf8(prompt.clone()).unwrap();
    let again = Graph::read_prompt(0, grammar, &text).unwrap_or_else(|| panic!("{text}"));
    let again = Graph::from_json(&again).unwrap_or_else(|error| panic!("{error}: {text}"));
    let edges = |graph: &Graph| {
        graph.edges().iter().map(|edge| (graph.name(edge.from), graph.name(edge.to), edge.weight)).collect::<Vec<_>>()
    };
    assert_eq!(edges(&again), edges(puzzle), "{text}");
    assert_eq!(again.is_directed(), puzzle.is_directed(), "{text}");
    assert_eq!(again.name(again.start()), puzzle.name(puzzle.start()), "{text}");
    assert_eq!(again.goals().len(), puzzle.goals().len(), "{text}");
    assert_eq!(again.solver_facts().optimal_cost, puzzle.solver_facts().optimal_cost, "{text}");
    let mut steps = Vec::new();
    puzzle.successors(&puzzle.start(), &mut steps);
    let moves: Vec<Edge> = steps.iter().map(|step| step.action).take(1).collect();
    for solution in [Some(&moves[..]), None, Some(&[])] {
        let mut out = Vec::new();
        puzzle.write_solution(grammar, solution, &mut out);
        let mut reader = Reader::new(&out);
        let read = puzzle.read_solution(grammar, &mut reader);
        assert_eq!(read, Some(solution.map(<[Edge]>::to_vec)), "{}", String::from_utf8_lossy(&out));
        assert!(reader.is_at_end());
    }
}

#[test]
fn the_papers_path_star_line() {
    let json = serde_json::json!({"directed": true, "edges": [[2, 8], [5, 2], [5, 9], [9, 3]], "start": 5, "goal": 8});
    let puzzle = Graph::from_json(&json).unwrap();
    let mut line = Vec::new();
    puzzle.write_prompt("path-star", &mut line);
    let moves = [(5, 2), (2, 8)].map(|(from, to)| {
        let node = |name: u16| puzzle.names.find(name.to_string().as_bytes(), puzzle.nodes()).unwrap();
        Edge { from: node(from), to: node(to), weight: 1 }
    });
    puzzle.write_solution("path-star", Some(&moves), &mut line);
    assert_eq!(String::from_utf8(line).unwrap(), "2,8|5,2|5,9|9,3/5,8=5,2,8");
}
