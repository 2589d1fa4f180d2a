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

/// Covers the least and the greatest settings, with the longest paths that they allow.
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
            let error = Maze::check(&config).unwrap_err();
            let longest = error.allowed.split(' ').nth(2).and_then(|most| most.parse().ok()).unwrap();
            config.min_path = Some(longest);
            Maze::check(&config).unwrap();
            let mut draw = Draw::new(1, "test");
            let found = (0..200).find_map(|_| Maze::generate(&config, &mut draw).ok());
            let maze = found.unwrap_or_else(|| panic!("no maze in 200 draws of {config:?}"));
            assert!(maze.solver_facts().optimal_cost >= config.min_path);
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

/// Breadth-first search over `successors`, with the number of shortest paths and of cells expanded before the goal.
fn brute_force(maze: &Maze) -> SolverFacts {
    let mut seen = vec![(maze.start(), 0u64)];
    let mut paths = vec![1u64];
    let mut taken = 0;
    while let Some(&(here, steps)) = seen.get(taken) {
        if maze.is_goal(&here) {
            let solutions = Some(paths[taken]);
            return SolverFacts {
                solvable: true,
                optimal_cost: Some(steps),
                solutions,
                difficulty: Some(taken as u64),
            };
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
    SolverFacts { solvable: false, optimal_cost: None, solutions: Some(0), difficulty: Some(taken as u64) }
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
        assert_eq!(maze.solver_facts(), brute_force(&maze), "{maze:?}");
        assert_eq!(maze.distance_table().distance(&maze, &start), maze.solver_facts().optimal_cost);
    }
}

/// In an empty square, the numbers of shortest paths between opposite corners are binomial coefficients.
#[test]
fn an_empty_maze_has_as_many_paths_as_pascal_says() {
    let empty = |side: usize| {
        let corner = side as u8 - 1;
        Maze::new(side, side, [], Cell::new(0, 0), Cell::new(corner, corner)).unwrap().solver_facts().solutions
    };
    assert_eq!([1, 2, 3, 11].map(empty), [Some(1), Some(2), Some(6), Some(184_756)]);
    assert_eq!(empty(200), Some(u64::MAX));
}

#[test]
fn the_worked_puzzle() {
    let maze = Maze::new(3, 3, [Cell::new(1, 1), Cell::new(2, 1)], Cell::new(0, 0), Cell::new(2, 2)).unwrap();
    assert_eq!(
        maze.solver_facts(),
        SolverFacts { solvable: true, optimal_cost: Some(4), solutions: Some(1), difficulty: Some(6) }
    );
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
    assert!(
        header(Style::Prose).starts_with("The maze has 3 columns and 3 rows, with walls at (1, 1), (2, 1). Cells are")
    );
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

/// Number of draws of each result.
fn counted<T: Ord>(draws: u64, mut once: impl FnMut(&mut Draw) -> T) -> std::collections::BTreeMap<T, u64> {
    let mut counts = std::collections::BTreeMap::new();
    let mut draw = Draw::new(5, "test");
    for _ in 0..draws {
        *counts.entry(once(&mut draw)).or_default() += 1;
    }
    counts
}

fn walls(config: &Config, draw: &mut Draw) -> Vec<Cell> {
    drawn(config, draw).walls().collect()
}

/// The chi-square statistic against a uniform distribution.
fn chi_square(counts: impl IntoIterator<Item = u64>) -> f64 {
    let list: Vec<u64> = counts.into_iter().collect();
    let expected = list.iter().sum::<u64>() as f64 / list.len() as f64;
    list.iter().map(|&count| (count as f64 - expected).powi(2) / expected).sum()
}

/// A lattice of 2 by 3 rooms has 15 spanning trees. Mazes of 4 by 6 cells have such lattices at all four parities: 60 mazes.
#[test]
fn wilson_draws_every_tree_equally_often() {
    let counts = counted(60_000, |draw| walls(&sized(Layout::Wilson(Lattice {}), 4, 6), draw));
    assert_eq!(counts.len(), 60);
    let distance = chi_square(counts.into_values());
    // 59 degrees of freedom: more than 98 has a probability of a thousandth.
    assert!(distance < 98.0, "{distance}");
}

/// A square of four rooms has four trees: each leaves one of its four walls.
#[test]
fn other_trees_are_drawn_in_every_form() {
    for (layout, trees) in [(1, 15), (2, 0), (3, 15)].map(|(number, trees)| (layouts()[number].clone(), trees)) {
        let square = counted(4_000, |draw| walls(&sized(layout.clone(), 4, 4), draw));
        assert_eq!(square.len(), 16, "{layout:?}");
        let distance = chi_square(square.into_values());
        assert!(distance < 38.0, "{layout:?}: {distance}");
        let found = counted(20_000, |draw| walls(&sized(layout.clone(), 4, 6), draw)).len();
        assert!(trees == 0 || found == 4 * trees, "{layout:?}: {found}");
    }
}

/// The rooms of a lattice maze are all cells of one parity. The number of open walls is one less than that of rooms, and the maze is connected.
#[test]
fn lattice_mazes_are_perfect() {
    let streams = Streams::new(6, "test", "perfect");
    for (number, layout) in layouts().into_iter().take(4).enumerate() {
        for index in 0..60 {
            let mut draw = streams.at(100 * number as u64 + index);
            let config = sized(layout.clone(), draw.between(3, 70), draw.between(3, 70));
            let floor = drawn(&config, &mut draw);
            let parity = |x: usize, y: usize| {
                let cells =
                    (y..floor.height()).step_by(2).flat_map(|y| (x..floor.width()).step_by(2).map(move |x| (x, y)));
                let cells: Vec<Cell> = cells.map(|(x, y)| Cell::new(x as u8, y as u8)).collect();
                (cells.iter().all(|&cell| floor.is_open(cell)) && floor.count() + 1 == 2 * cells.len()).then_some(cells)
            };
            let rooms = [(0, 0), (0, 1), (1, 0), (1, 1)].into_iter().find_map(|(x, y)| parity(x, y));
            let rooms = rooms.unwrap_or_else(|| panic!("no lattice: {floor:?}"));
            assert_eq!(solve::largest_part(&floor), floor);
            let goal = rooms[draw.index(rooms.len())];
            assert_eq!(solve::facts(&floor, rooms[0], goal).solutions, Some(1));
        }
    }
}

#[test]
fn a_drunkard_digs_as_much_as_asked() {
    for percent in [5, 37, 50, 95] {
        for (width, height) in [(3, 3), (30, 30), (70, 20), (130, 9)] {
            let layout = DrunkardsWalk { coverage_percent: Amount::Exactly(percent) };
            let floor = drawn(&sized(Layout::DrunkardsWalk(layout), width, height), &mut Draw::new(percent, "test"));
            assert_eq!(floor.count() as u64, (width * height * percent).div_ceil(100).max(2));
            assert_eq!(solve::largest_part(&floor), floor);
        }
    }
}

#[test]
fn random_walls_are_as_many_as_asked_and_anywhere() {
    let config = sized(Layout::RandomWalls(RandomWalls::default()), 20, 10);
    let counts = counted(4_100, |draw| walls(&config, draw).len());
    assert_eq!((counts.keys().min(), counts.keys().max(), counts.len()), (Some(&60), Some(&100), 41));
    // 40 degrees of freedom: more than 74 has a probability of a thousandth.
    assert!(chi_square(counts.into_values()) < 74.0);
    let three = RandomWalls { walls_percent: Amount::Exactly(34) };
    let counts = counted(8_400, |draw| walls(&sized(Layout::RandomWalls(three.clone()), 3, 3), draw));
    // Each set of three of nine cells: 83 degrees of freedom.
    assert_eq!(counts.len(), 84);
    assert!(chi_square(counts.into_values()) < 129.0);
}

#[test]
fn caves_and_rooms_are_in_one_part() {
    let streams = Streams::new(7, "test", "parts");
    for (number, layout) in layouts().into_iter().skip(6).enumerate() {
        for index in 0..100 {
            let mut draw = streams.at(1000 * number as u64 + index);
            let config = sized(layout.clone(), draw.between(3, 90), draw.between(3, 90));
            let floor = drawn(&config, &mut draw);
            assert!(floor.count() > 1);
            assert_eq!(solve::largest_part(&floor), floor);
        }
    }
}

/// Compares the automaton with the rule cell by cell.
#[test]
fn caves_follow_the_rule() {
    let mut draw = Draw::new(8, "test");
    for (width, height) in [(3, 3), (9, 20), (62, 8), (63, 8), (64, 8), (126, 5), (127, 5), (200, 4)] {
        let floor = drawn(&sized(Layout::RandomWalls(RandomWalls::default()), width, height), &mut draw);
        let next = open::majority(&floor);
        let is_open = |x: i64, y: i64| {
            let [x, y] = [(x, width), (y, height)].map(|(at, side)| at.clamp(0, side as i64 - 1) as u8);
            floor.is_open(Cell { x, y })
        };
        for (x, y) in (0..width as i64).flat_map(|x| (0..height as i64).map(move |y| (x, y))) {
            let near = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy)));
            let most = near.filter(|&(dx, dy)| is_open(x + dx, y + dy)).count() >= 5;
            assert_eq!(next.is_open(Cell::new(x as u8, y as u8)), most, "{x} {y} of {width} by {height}");
        }
    }
}

/// Every ordered pair of different cells is equally frequent as start and goal.
#[test]
fn starts_and_goals_are_anywhere() {
    let config = sized(Layout::RandomWalls(RandomWalls { walls_percent: Amount::Exactly(0) }), 3, 3);
    let config = Config { min_path: Some(1), ..config };
    let floor = Floor::empty(3, 3);
    let counts = counted(7_200, |draw| task(&config, &floor, draw).map(|maze| (maze.start, maze.goal)).unwrap());
    assert_eq!(counts.len(), 72);
    // 71 degrees of freedom.
    assert!(chi_square(counts.into_values()) < 114.0);
}

#[test]
fn refused_settings_name_the_field() {
    let refused = |config: &str| {
        let config: Config = serde_json::from_str(config).unwrap();
        Maze::check(&config).unwrap_err().field
    };
    assert_eq!(refused(r#"{"width":2}"#), "width");
    assert_eq!(refused(r#"{"height":{"min":5,"max":201}}"#), "height");
    assert_eq!(refused(r#"{"tasks":0}"#), "tasks");
    assert_eq!(refused(r#"{"min_path":0}"#), "min_path");
    assert_eq!(refused(r#"{"min_path":27}"#), "min_path");
    assert_eq!(refused(r#"{"layout":{"kind":"drunkards-walk","coverage_percent":96}}"#), "layout.coverage_percent");
    assert_eq!(refused(r#"{"layout":{"kind":"random-walls","walls_percent":51}}"#), "layout.walls_percent");
    assert_eq!(refused(r#"{"layout":{"kind":"cellular-automata","walls_percent":19}}"#), "layout.walls_percent");
    assert_eq!(refused(r#"{"layout":{"kind":"cellular-automata","rounds":21}}"#), "layout.rounds");
    assert_eq!(refused(r#"{"layout":{"kind":"rooms","rooms":0}}"#), "layout.rooms");
    assert_eq!(refused(r#"{"layout":{"kind":"rooms","side":{"min":6,"max":5}}}"#), "layout.side");
    for unknown in [r#"{"layout":{"kind":"wilson","rooms":3}}"#, r#"{"layout":{"kind":"spiral"}}"#] {
        assert!(serde_json::from_str::<Config>(unknown).is_err(), "{unknown}");
    }
}

#[test]
fn puzzles_that_are_none_are_refused() {
    let refused = |json: &str| Maze::from_json(&serde_json::from_str(json).unwrap()).unwrap_err().0;
    let maze = |walls: &str| format!(r#"{{"width":3,"height":3,"start":[0,0],"goal":[2,2],"walls":{walls}}}"#);
    assert!(refused(&maze("[[3,0]]")).starts_with("walls: found [3,0]"));
    assert!(refused(&maze("[[1,0],[1,0]]")).starts_with("walls: found [1,0]"));
    assert!(refused(&maze("[[0,0]]")).starts_with("start: found [0,0]"));
    assert!(refused(&maze("[[2,2]]")).starts_with("goal: found [2,2]"));
    assert!(refused(&maze("[[1,256]]")).starts_with("walls: found [1,256]"));
    assert!(refused(&maze("[1]")).starts_with("walls: invalid type: integer `1`"));
    assert!(
        refused(r#"{"width":201,"height":3,"start":[0,0],"goal":[2,2],"walls":[]}"#).starts_with("width: found 201")
    );
    assert!(refused(r#"{"width":3,"height":3,"goal":[2,2],"walls":[]}"#).starts_with("missing field `start`"));
}

/// A goal behind walls: there is no solution, and every reachable cell is expanded.
#[test]
fn a_maze_without_a_path_has_no_solution() {
    let walls = [Cell::new(1, 0), Cell::new(1, 1), Cell::new(1, 2)];
    let maze = Maze::new(3, 3, walls, Cell::new(0, 0), Cell::new(2, 2)).unwrap();
    let facts = SolverFacts { solvable: false, optimal_cost: None, solutions: Some(0), difficulty: Some(3) };
    assert_eq!(maze.solver_facts(), facts);
    assert_eq!(maze.distance_table().distance(&maze, &Cell::new(1, 1)), None);
    crate::laws::check_puzzle(&maze, 1).unwrap();
}

/// Puzzles with the same walls share a hash, whatever their start and goal; others do not.
#[test]
fn layouts_can_be_held_out() {
    let config = sized(Layout::Wilson(Lattice {}), 15, 15);
    let mut draw = Draw::new(9, "test");
    let floors: Vec<Floor> = (0..20).map(|_| drawn(&config, &mut draw)).collect();
    let mut keys = Vec::new();
    for floor in &floors {
        let [one, other] = [(); 2].map(|()| task(&config, floor, &mut draw).unwrap());
        assert_ne!(one.id(), other.id());
        assert_eq!(one.hold_out_key(LAYOUT), other.hold_out_key(LAYOUT));
        assert_eq!(one.hold_out_key(1), 15_015);
        keys.push(one.hold_out_key(LAYOUT));
    }
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), floors.len());
    assert_eq!(Maze::hold_out_values(&config, 1), Some(vec![15_015]));
}

#[test]
fn cells_are_far_apart_as_searches_say() {
    let streams = Streams::new(10, "test", "far apart");
    for index in 0..300 {
        let mut draw = streams.at(index);
        let config = sized(Layout::RandomWalls(RandomWalls::default()), draw.between(3, 200), draw.between(3, 40));
        let floor = drawn(&config, &mut draw);
        let [start, goal] = [(); 2].map(|()| floor.nth(draw.index(floor.count())).unwrap());
        let cost = solve::facts(&floor, start, goal).optimal_cost;
        let exact = cost.unwrap_or(50);
        for steps in [0, 1, 2, 10, exact.saturating_sub(1), exact, exact + 1] {
            let far = cost.is_none_or(|cost| cost >= steps);
            assert_eq!(solve::far_apart(&floor, start, goal, steps), far, "{steps} of {cost:?}");
        }
    }
}

/// These values must not change under the same version: every data set depends on them.
#[test]
fn mazes_are_stable() {
    let ids: Vec<String> = layouts()
        .into_iter()
        .map(|layout| {
            let mut draw = Draw::new(11, "test");
            let config = sized(layout, 30, 21);
            let maze = (0..100).find_map(|_| Maze::generate(&config, &mut draw).ok()).unwrap();
            maze.id().to_string()[..8].to_string()
        })
        .collect();
    assert_eq!(ids.join(" "), "9a83d9da 54a65182 2a550d16 83008974 621e86f0 9f1408f0 d3c224ba bdc4fc2d");
}

#[test]
fn the_least_image_is_that_of_every_cell_turned() {
    let mut draw = Streams::new(1, "test", "images").at(0);
    for (width, height) in
        [(1, 1), (1, 9), (8, 8), (7, 31), (30, 30), (63, 2), (64, 64), (65, 3), (128, 5), (130, 64), (200, 200)]
    {
        let mut floor = Floor::solid(width, height);
        let cells = || (0..height).flat_map(|y| (0..width).map(move |x| Cell::new(x as u8, y as u8)));
        cells().filter(|_| draw.chance(1, 2)).for_each(|cell| floor.dig(cell));
        let [start, goal] = [Cell::new(0, 0), Cell::new(width as u8 - 1, height as u8 / 2)];
        [start, goal].into_iter().for_each(|cell| floor.dig(cell));
        let image = |symmetry: Symmetry| {
            let place = |Cell { x, y }: Cell| {
                let (x, y) = symmetry.cell((width, height), (x.into(), y.into()));
                Cell::new(x as u8, y as u8)
            };
            let (columns, rows) = symmetry.size((width, height));
            let mut open = vec![0u64; (columns * rows).div_ceil(64)];
            for cell in cells().filter(|&cell| floor.is_open(cell)).map(place) {
                let bit = usize::from(cell.y) * columns + usize::from(cell.x);
                open[bit / 64] |= 1 << (bit % 64);
            }
            ((columns, rows, open), [start, goal].map(place))
        };
        let least = Symmetry::ALL.into_iter().map(image).min();
        let facts = solve::facts(&floor, start, goal);
        let maze = Maze { floor: floor.clone(), start, goal, facts };
        assert_eq!(Some(maze.least()), least, "{width} x {height}");
    }
}
