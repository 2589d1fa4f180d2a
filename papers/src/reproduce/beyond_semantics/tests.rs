use super::*;
use sha2::{Digest, Sha256};

fn settings(generator: Generator, mode: Mode, seed: i64, size: (u32, u32), count: u64) -> Settings {
    Settings { generator, mode, seed, rows: size.0, cols: size.1, count }
}

/// Settings from `GENERATOR MODE SEED ROWS COLS COUNT [KEY=VALUE …]`.
fn case(text: &str) -> Settings {
    let words: Vec<&str> = text.split(' ').collect();
    let mut generator = Generator::named(words[0]).unwrap();
    for parameter in &words[6..] {
        let (key, value) = parameter.split_once('=').unwrap();
        generator.set(key, value).unwrap();
    }
    let size = (words[3].parse().unwrap(), words[4].parse().unwrap());
    settings(generator, Mode::named(words[1]).unwrap(), words[2].parse().unwrap(), size, words[5].parse().unwrap())
}

fn run(settings: &Settings, out: &Path) -> Result<Report, ReproduceError> {
    generate(settings, out, &mut |_| ControlFlow::Continue(()))
}

fn written(settings: &Settings) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mazes.jsonl");
    let report = run(settings, &path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(report, Report { rows: settings.count, bytes: bytes.len() as u64 });
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    bytes
}

fn expect_digests(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let digest = Sha256::digest(written(&case(text)));
        let found: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, *expected, "{text}");
    }
}

// SHA-256 digests of files that the paper's own program wrote, under Node 20.

#[test]
fn equals_the_paper_at_its_size() {
    expect_digests(&[
        ("wilson train 42 30 30 40", "327208217675e7d2207939019cbc7075087ecd71b8394fff482cc03373094ce4"),
        ("kruskal train 42 30 30 40", "96f5c9f81105e072e7067148fe8ec0e1cee1ad3be6964b55375da9a0e759c4a5"),
        ("dfs train 42 30 30 40", "4d113698b832590c50b81a7c675b89f336a056aaef82e0e90d2dfa62568ce7fa"),
        ("drunkards_walk train 42 30 30 40", "5889224b9544b7bad69472d149aa968dfbffad4133870c7f80ea5bee08f9890a"),
        ("searchformer train 42 30 30 40", "d7c62bcac2de067f60276d1e9bdeda33887d7e79c99a30b627cad34e8b93a39e"),
        ("cellular_automata train 42 30 30 40", "f7a2ff1f1196105e6af9e4c1df9a7259b844d61ae65630287eb1bd597259c980"),
    ]);
}

#[test]
fn equals_the_paper_in_the_test_split_of_another_size() {
    expect_digests(&[
        ("wilson test 7 17 24 15", "ae0df9bb889731367264672b1deb605cb7cbe646e3246966bd1fefadbfd805cd"),
        ("kruskal test 7 17 24 15", "8822cbe6532a71460d49e8b90146c1213403ca5b541a59c017f8215db620dd07"),
        ("dfs test 7 17 24 15", "ed9c86ce17f42a02a08535e9262f2b396c93d3dbd320c546a224174ae31b1d6c"),
        ("drunkards_walk test 7 17 24 15", "57b4ef5c1ecd68c2f70bcb079e3f7e455dc12edaa2093e88105941a5e1791f1d"),
        ("searchformer test 7 17 24 15", "b34f15a661d860dfdb984a86d293c449ff4ec12e223ae306e591f26b6810c240"),
        ("cellular_automata test 7 17 24 15", "78d4df5440c210e3c7bf7905dd5964a5b2d3fc51ad27e778619708cd8036b877"),
    ]);
}

// The following digests were made with the program's generators and solver, in one thread.

#[test]
fn equals_the_paper_with_other_parameters() {
    expect_digests(&[
        (
            "drunkards_walk train 3 30 30 15 coverage=0.7",
            "1eed6e1aca00f2dd4759a93411dd190e8d93ce63812bb01dc3db6729cc0a2341",
        ),
        (
            "drunkards_walk train 9007199254740993 31 30 10 coverage=1",
            "3d25dbe52ccd94d28de409ad8da6d84f9c88db6422b4d8d0d0c48e3019b8603d",
        ),
        (
            "drunkards_walk test 2 13 11 50 coverage=0.1",
            "8a6fbd9a9a57159b3b6ebdaa8dfd039122c6045620f7f1cb6343e4ab2e5a8da6",
        ),
        (
            "cellular_automata test 99 21 34 8 survivalThreshold=4.5 birthThreshold=5.5 iterations=2.5",
            "eb9e6c91b6f2dbd58f3e87874de7e4c026b999b2568738f72e1752cabf830e18",
        ),
        (
            "cellular_automata train 2 40 25 8 fillProbability=0.55 birthThreshold=6",
            "cfac71e4b4c588c746d0fcd38696e363cccf9a58242fc40b3436de2f03719a06",
        ),
    ]);
}

#[test]
fn equals_the_paper_in_small_narrow_and_large_grids() {
    expect_digests(&[
        ("wilson train 0 5 5 50", "885bcac2e1dc28b5d81cdc1acc8d8a54dfa7a5865473295722bd1a6123cead46"),
        ("wilson test 6 50 7 30", "531d31bd6579211defb0ebfbd1e52e6c406ec9fa58fad2da21af55469ff195fa"),
        ("kruskal test 1 6 9 50", "9d9cf7023e74dfacfd45555373a90fb442c1211b7db92ebd93f4cb5add9beb1a"),
        ("kruskal train 8 40 40 10", "5ff3489198d41d9f9ad337c0dd904d873b28b8cedb3aaf945915e8ad64b855b6"),
        ("dfs train -3 3 8 50", "a90e79b39876ed2b883ed9b763c43d25c6891a5b9ce0d25cc7f93ce9f3104ca9"),
        ("dfs test 123456789 40 40 10", "24950a91ee2b481bd5935b34c61df6fb26dd25a75163f78ca61bc62c54e9f3e1"),
        ("searchformer test 4294967296 12 3 50", "62161ab47784fbb5623e69e724fb164fe0c1de1568c96a32a56a147429931a10"),
        ("searchformer train 11 40 40 10", "ac819dff34be6858139a1b2f1d5350153daaf0c3d5d669c2e958aa6a5b84f964"),
        ("searchformer train 5 1 20 20", "c0b6b4cbf5a24c1bd817a4620dce2a91516b898f7dd80f89c40723059c2e6a43"),
    ]);
}

#[test]
fn a_small_maze_word_for_word() {
    let text = concat!(
        r#"{"text":"query start 0 0 goal 2 0 wall 3 0 wall 0 1 wall 1 1 wall 3 1 wall 3 2 wall 0 3 wall 1 3 wall 2 3 "#,
        "wall 3 3 reasoning close 0 0 c0 c2 create 1 0 c1 c1 close 1 0 c1 c1 create 2 0 c2 c0 close 2 0 c2 c0 ",
        "solution plan 0 0 plan 1 0 plan 2 0 end\"}\n",
    );
    assert_eq!(String::from_utf8(written(&case("wilson train 3 4 4 1"))).unwrap(), text);
}

#[test]
fn start_and_goal_can_be_the_same_cell() {
    let text = concat!(
        r#"{"text":"query start 1 1 goal 1 1 wall 0 0 wall 1 0 wall 0 1 reasoning close 1 1 c0 c0 solution plan 1 1 "#,
        "end\"}\n",
    );
    assert_eq!(String::from_utf8(written(&case("wilson train 700 2 2 1"))).unwrap(), text);
}

#[test]
fn a_goal_out_of_reach_has_a_plan_of_two_cells() {
    let text = String::from_utf8(written(&case("cellular_automata train 22 7 6 1"))).unwrap();
    assert!(text.starts_with(r#"{"text":"query start 2 1 goal 4 1 wall 0 0 "#), "{text}");
    assert!(text.ends_with("close 1 5 c5 c7 solution plan 2 1 plan 4 1 end\"}\n"), "{text}");
}

#[test]
fn many_iterations_end_where_nothing_changes() {
    let long = written(&case("cellular_automata train 1 30 30 5 iterations=1000000"));
    assert!(long == written(&case("cellular_automata train 1 30 30 5 iterations=2000")));
}

#[test]
fn no_rows_are_an_empty_file() {
    assert!(written(&case("dfs train 1 30 30 0")).is_empty());
}

#[test]
fn the_largest_grids_are_made() {
    let text = String::from_utf8(written(&case("kruskal train 700 1000 1000 1"))).unwrap();
    assert!(text.contains(" wall 999 998 ") && text.ends_with(" end\"}\n"));
}

#[test]
fn what_the_paper_cannot_make_is_said_with_its_row() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("wilson train 1 1 20 3", "row 1: its rooms would be at odd columns and rows, and the grid has none"),
        ("kruskal train 0 1 1 5", "row 1: its rooms would be at odd columns and rows, and the grid has none"),
        ("dfs train 1 2 2 2", "row 0: a start and a goal take two floor cells, and it has 1"),
        ("drunkards_walk train 1 1 1 1", "row 0: a start and a goal take two floor cells, and it has 1"),
        ("searchformer train 1 1 1 1", "row 0: a start and a goal take two floor cells, and it has 1"),
        (
            "cellular_automata train 1 9 9 1 fillProbability=1",
            "row 0: a start and a goal take two floor cells, and it has 0",
        ),
    ];
    for (text, reason) in cases {
        let message = run(&case(text), &folder.path().join("out")).unwrap_err().to_string();
        assert_eq!(message, format!("{reason}; the paper's program makes no maze there either. Nothing was kept"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn settings_that_cannot_work_are_refused_by_name() {
    let set = |generator: &str, key: &str, value: &str| Generator::named(generator)?.set(key, value);
    let cases = [
        (case("dfs train 1 0 5 1").check(), "rows: found 0; allowed: 1 to 1000"),
        (case("dfs train 1 5 1001 1").check(), "cols: found 1001; allowed: 1 to 1000"),
        (
            Generator::named("krushkal").map(|_| ()),
            "generator: found \"krushkal\"; allowed: wilson, kruskal, dfs, drunkards_walk, searchformer, cellular_automata",
        ),
        (Mode::named("tset").map(|_| ()), "mode: found \"tset\"; allowed: train, test"),
        (set("dfs", "coverage", "1"), "param of dfs: found \"coverage\"; allowed: none"),
        (set("drunkards_walk", "cover", "1"), "param of drunkards_walk: found \"cover\"; allowed: coverage"),
        (set("drunkards_walk", "coverage", "half"), "coverage: found half; allowed: a number"),
        (set("drunkards_walk", "coverage", "inf"), "coverage: found inf; allowed: a finite number"),
        (set("cellular_automata", "iterations", "1e7"), "iterations: found 10000000; allowed: up to 1000000"),
    ];
    for (result, message) in cases {
        assert_eq!(result.unwrap_err().to_string(), message);
    }
}

#[test]
fn a_stopped_run_leaves_the_older_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/mazes.jsonl");
    run(&case("dfs train 1 5 5 2"), &path).unwrap();
    let older = std::fs::read(&path).unwrap();
    let mut calls = 0;
    let result = generate(&case("dfs train 1 30 30 200"), &path, &mut |progress| {
        calls += 1;
        assert!(progress.rows > 0 && progress.of == 200);
        if calls == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(matches!(result, Err(ReproduceError::Stopped { file }) if file == path));
    assert!(std::fs::read(&path).unwrap() == older);
    assert_eq!(std::fs::read_dir(folder.path().join("new")).unwrap().count(), 1);
}

#[test]
#[cfg(unix)]
fn devices_and_links_are_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let settings = case("dfs train 1 5 5 2");
    run(&settings, Path::new("/dev/null")).unwrap();
    assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("file"), folder.path().join("link"));
    std::fs::write(&file, "older").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    run(&settings, &link).unwrap();
    assert!(link.is_symlink() && std::fs::read(&file).unwrap() == written(&settings));
    assert!(matches!(run(&settings, folder.path()), Err(ReproduceError::Io { .. })));
}

/// The same search in a simple form: the open cells are a list.
fn plain(grid: &Grid, start: usize, goal: usize) -> Vec<(char, usize, u32)> {
    let h = |cell| {
        let ((x, y), (goal_x, goal_y)) = (grid.place(cell), grid.place(goal));
        (x.abs_diff(goal_x) + y.abs_diff(goal_y)) as u32
    };
    let stride = grid.stride as isize;
    let mut g = vec![u32::MAX; grid.floor.len()];
    let mut closed = vec![false; grid.floor.len()];
    let (mut open, mut events) = (vec![start], Vec::new());
    g[start] = 0;
    // `min_by_key` takes the first of equals
    while let Some((at, &cell)) = open.iter().enumerate().min_by_key(|&(_, &cell)| g[cell] + h(cell)) {
        open.remove(at);
        closed[cell] = true;
        events.push(('-', cell, g[cell]));
        if cell == goal {
            break;
        }
        for step in [-stride, 1, stride, -1] {
            let other = cell.wrapping_add_signed(step);
            if grid.floor[other] == 1 && !closed[other] && g[cell] + 1 < g[other] {
                g[other] = g[cell] + 1;
                events.push(('+', other, g[other]));
                if !open.contains(&other) {
                    open.push(other);
                }
            }
        }
    }
    events
}

#[derive(Default)]
struct Listed(Vec<(char, usize, u32)>);

impl solver::Trace for Listed {
    fn close(&mut self, cell: usize, g: u32, _: u32) {
        self.0.push(('-', cell, g));
    }

    fn create_if(&mut self, is_created: bool, cell: usize, g: u32, _: u32) {
        if is_created {
            self.0.push(('+', cell, g));
        }
    }
}

#[test]
fn the_two_queues_are_the_list_of_open_cells() {
    let mut random = Random::new(5, false);
    let mut again = 0;
    for round in 0..2000 {
        let mut grid = Grid::new(2 + random.below(12), 2 + random.below(12));
        let share = random.draw() / 2;
        for y in 0..grid.rows {
            for x in 0..grid.cols {
                let cell = grid.cell(x, y);
                grid.floor[cell] = u8::from(random.draw() >= share);
            }
        }
        let [start, goal] = [(); 2].map(|()| grid.cell(random.below(grid.cols), random.below(grid.rows)));
        (grid.floor[start], grid.floor[goal]) = (1, 1);
        let mut listed = Listed::default();
        Solver::new(&grid).solve(&grid, start, goal, &mut listed);
        assert_eq!(listed.0, plain(&grid, start, goal), "round {round}");
        let created = listed.0.iter().filter(|event| event.0 == '+');
        let cells: std::collections::HashSet<usize> = created.clone().map(|event| event.1).collect();
        again += created.count() - cells.len();
    }
    assert!(again > 10, "{again} cells were created again: the heap was not tried");
}

#[test]
fn the_search_through_trees_tells_the_same() {
    for rows in 1..12 {
        for cols in 1..12 {
            let mut grid = Grid::new(rows, cols);
            let mut generators: [Box<dyn Generate>; 3] =
                [Box::new(Kruskal::new(&grid)), Box::new(Dfs::new(&grid)), Box::new(Wilson::new(&grid))];
            for generator in &mut generators {
                assert!(generator.makes_trees());
                let mut random = Random::new((rows * 100 + cols) as i64, false);
                let Ok((start, goal)) = generator.generate(&mut random, &mut grid) else { continue };
                let (mut solver, mut tree_solver) = (Solver::new(&grid), TreeSolver::new(&grid));
                let told = tree_solver.solve(&grid, start, goal, Listed::default());
                assert_eq!(told.0, plain(&grid, start, goal), "{rows} by {cols}");
                let (cost, _) = solver.solve(&grid, start, goal, Listed::default());
                assert_eq!(tree_solver.path(start, goal), solver.path(start, goal, cost.is_some()));
            }
        }
    }
}
