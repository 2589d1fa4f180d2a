use super::*;
use crate::laws::assert_laws;

#[test]
fn random_walls_keep_the_laws() {
    let config = |side| Config {
        layout: Layout::RandomWalls(RandomWalls::default()),
        width: Amount::Exactly(side),
        height: Amount::Exactly(side + 2),
        ..Config::default()
    };
    assert_laws::<Maze>(&[3, 8, 15].map(config), 1, 20);
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
