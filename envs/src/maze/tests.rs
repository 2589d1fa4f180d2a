use super::*;
use crate::draw::Streams;
use crate::laws::assert_laws;
use crate::settings::Range;

fn layouts() -> [Layout; 8] {
    let (lattice, percent) = (Lattice {}, |percent| Amount::Exactly(percent));
    [
        Layout::Wilson(lattice.clone()),
        Layout::Kruskal(lattice.clone()),
        Layout::DepthFirst(lattice.clone()),
        Layout::Prim(lattice),
        Layout::DrunkardsWalk(DrunkardsWalk { coverage_percent: percent(50) }),
        Layout::RandomWalls(RandomWalls::default()),
        Layout::CellularAutomata(CellularAutomata::default()),
        Layout::Rooms(Rooms::default()),
    ]
}

fn sized(layout: Layout, width: u64, height: u64) -> Config {
    Config { layout, width: Amount::Exactly(width), height: Amount::Exactly(height), ..Config::default() }
}

/// The first layout that is not rejected.
fn drawn(config: &Config, draw: &mut Draw) -> Floor {
    (0..100).find_map(|_| layout(config, draw).ok()).expect("a layout in 100 draws")
}

#[test]
fn every_layout_keeps_the_laws() {
    let sizes = [(3, 3), (4, 7), (15, 15), (30, 12), (63, 5)];
    let configs: Vec<Config> = layouts()
        .into_iter()
        .flat_map(|layout| sizes.map(|(width, height)| sized(layout.clone(), width, height)))
        .collect();
    assert_laws::<Maze>(&configs, 1, 4);
}

#[test]
fn levels_and_ranges_keep_the_laws() {
    let mut configs = Maze::levels().to_vec();
    let range = Amount::Between(Range { min: 3, max: 12 });
    configs.extend(layouts().map(|layout| Config { layout, width: range, height: range, ..Config::default() }));
    assert_laws::<Maze>(&configs, 2, 10);
}

/// The least settings, the greatest, and the longest paths that they allow.
#[test]
fn the_least_and_the_largest_mazes_are_drawn() {
    let percent = |min, max| Amount::Between(Range { min, max });
    let mut all = layouts().to_vec();
    all.push(Layout::DrunkardsWalk(DrunkardsWalk { coverage_percent: percent(5, 5) }));
    all.push(Layout::DrunkardsWalk(DrunkardsWalk { coverage_percent: percent(95, 95) }));
    all.push(Layout::RandomWalls(RandomWalls { walls_percent: percent(0, 0) }));
    all.push(Layout::RandomWalls(RandomWalls { walls_percent: percent(40, 40) }));
    all.push(Layout::RandomWalls(RandomWalls { walls_percent: percent(50, 50) }));
    all.push(Layout::CellularAutomata(CellularAutomata { walls_percent: percent(50, 50), rounds: 20 }));
    all.push(Layout::CellularAutomata(CellularAutomata { walls_percent: percent(20, 20), rounds: 0 }));
    all.push(Layout::Rooms(Rooms { rooms: percent(1, 1), side: percent(2, 2) }));
    all.push(Layout::Rooms(Rooms { rooms: percent(1000, 1000), side: percent(50, 50) }));
    for layout in all {
        for (width, height) in [(3, 3), (200, 200), (200, 3), (3, 200), (62, 62), (63, 126), (127, 64)] {
            let mut config = sized(layout.clone(), width, height);
            config.min_path = Some(u64::MAX);
            let error = Maze::space(&config).unwrap_err();
            let longest = error.allowed.split(' ').nth(2).and_then(|most| most.parse().ok()).unwrap();
            config.min_path = Some(longest);
            Maze::space(&config).unwrap();
            let mut draw = Draw::new(1, "test");
            let found = (0..200).find_map(|_| Maze::generate(&config, &mut draw).ok());
            let maze = found.unwrap_or_else(|| panic!("no maze in 200 draws of {config:?}"));
            assert!(maze.facts().optimal_cost >= config.min_path);
        }
    }
}

#[test]
fn most_draws_are_accepted() {
    for layout in layouts() {
        for (width, height) in [(3, 3), (15, 15), (30, 30), (40, 10)] {
            let config = sized(layout.clone(), width, height);
            let mut draw = Draw::new(1, "test");
            let accepted = (0..100).filter(|_| Maze::generate(&config, &mut draw).is_ok()).count();
            assert!(accepted > 34, "{accepted} of 100 for {config:?}");
        }
    }
}

/// Breadth-first search over `successors`, with the number of shortest paths and of cells taken before the goal.
fn brute_force(maze: &Maze) -> Facts {
    let mut seen = vec![(maze.start(), 0u64)];
    let mut paths = vec![1u64];
    let mut taken = 0;
    while let Some(&(here, steps)) = seen.get(taken) {
        if maze.is_goal(&here) {
            let solutions = Some(paths[taken]);
            return Facts { solvable: true, optimal_cost: Some(steps), solutions, difficulty: Some(taken as u64) };
        }
        let mut next = Vec::new();
        maze.successors(&here, &mut next);
        for step in next {
            match seen.iter().position(|&(cell, _)| cell == step.state) {
                Some(place) if seen[place].1 == steps + 1 => paths[place] += paths[taken],
                Some(_) => {}
                None => {
                    seen.push((step.state, steps + 1));
                    paths.push(paths[taken]);
                }
            }
        }
        taken += 1;
    }
    Facts { solvable: false, optimal_cost: None, solutions: Some(0), difficulty: Some(taken as u64) }
}

#[test]
fn facts_are_those_of_a_plain_search() {
    let streams = Streams::new(3, "test", "facts");
    for index in 0..300 {
        let mut draw = streams.at(index);
        let config = sized(Layout::RandomWalls(RandomWalls::default()), draw.between(3, 9), draw.between(3, 9));
        let floor = drawn(&config, &mut draw);
        let [start, goal] = [(); 2].map(|()| floor.nth(draw.index(floor.count())).unwrap());
        let maze = Maze::new(floor.width(), floor.height(), floor.walls(), start, goal).unwrap();
        assert_eq!(maze.facts(), brute_force(&maze), "{maze:?}");
        assert_eq!(maze.distance(&maze.oracle(), &start), maze.facts().optimal_cost);
    }
}

/// In an empty rectangle the shortest paths from corner to corner are the binomial coefficients.
#[test]
fn an_empty_maze_has_as_many_paths_as_pascal_says() {
    let empty = |side: usize| {
        let corner = side as u8 - 1;
        Maze::new(side, side, [], Cell::new(0, 0), Cell::new(corner, corner)).unwrap().facts().solutions
    };
    assert_eq!([1, 2, 3, 11].map(empty), [Some(1), Some(2), Some(6), Some(184_756)]);
    assert_eq!(empty(200), Some(u64::MAX));
}

#[test]
fn the_worked_puzzle() {
    let maze = Maze::new(3, 3, [Cell::new(1, 1), Cell::new(2, 1)], Cell::new(0, 0), Cell::new(2, 2)).unwrap();
    assert_eq!(maze.facts(), Facts { solvable: true, optimal_cost: Some(4), solutions: Some(1), difficulty: Some(6) });
    let mut json = Vec::new();
    maze.write_json(&mut json);
    let expected = r#"{"width":3,"height":3,"start":[0,0],"goal":[2,2],"walls":[[1,1],[2,1]]}"#;
    assert_eq!(String::from_utf8(json).unwrap(), expected);
    let header = |style| {
        let mut out = Vec::new();
        maze.write_header(style, &mut out);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(header(Style::Frame), "Size: 3x3, walls: (1, 1), (2, 1)");
    assert_eq!(header(Style::Compact), "size 3 3 wall 1 1 wall 2 1");
    assert_eq!(header(Style::Prose), "The maze has 3 columns and 3 rows, with walls at (1, 1), (2, 1).");
}

#[test]
fn cells_are_ordered_as_searchformer_breaks_ties() {
    let number = |cell: Cell| u64::from(cell.x) + 100_000 * u64::from(cell.y);
    let cells = [Cell::new(0, 0), Cell::new(199, 0), Cell::new(3, 7), Cell::new(4, 7), Cell::new(1, 8)];
    for a in cells {
        for b in cells {
            assert_eq!(a.cmp(&b), number(a).cmp(&number(b)));
        }
    }
    let maze = Maze::new(3, 3, [], Cell::new(1, 1), Cell::new(0, 0)).unwrap();
    let mut steps = Vec::new();
    maze.successors(&Cell::new(1, 1), &mut steps);
    let order = [Cell::new(1, 2), Cell::new(1, 0), Cell::new(0, 1), Cell::new(2, 1)];
    assert_eq!(steps.iter().map(|step| step.state).collect::<Vec<_>>(), order);
}
