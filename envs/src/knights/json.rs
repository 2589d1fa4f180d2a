//! A puzzle as JSON: `{"task":"path","width":5,"height":5,"blocked":["b2"],"start":"a1","goal":"c3"}`, or with knights of two colours.

use super::atoms::{name_of, square_of};
use super::board::{Board, Position, SIDES, bits, positions, squares};
use super::{Knights, Layout, MOST_KNIGHTS, MOST_POSITIONS};
use crate::json;
use crate::prelude::*;

/// The name of a square: `a1`.
type Name = ArrayString<2>;
type Names = Vec<Name>;

#[derive(Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Fields {
    Path { width: u64, height: u64, blocked: Names, start: Name, goal: Name },
    Swap { width: u64, height: u64, blocked: Names, white: Names, black: Names },
}

impl Json for Knights {
    type Fields = Fields;
    const EXAMPLE: &'static str =
        r#"{"task":"swap","width":3,"height":3,"blocked":["b2"],"white":["a1","c1"],"black":["a3","c3"]}"#;

    fn to_fields(&self) -> Fields {
        let Layout { board, start, goal } = self.layout;
        let (width, height) = (board.width.into(), board.height.into());
        let name = |square| json::text(name_of(square));
        let names = |set| bits(set).map(name).collect();
        let blocked = names(squares(board.width, board.height) & !board.open);
        if start.black != 0 {
            return Fields::Swap { width, height, blocked, white: names(start.white), black: names(start.black) };
        }
        let [start, goal] = [start, goal].map(|at| name(at.white.trailing_zeros() as u8));
        Fields::Path { width, height, blocked, start, goal }
    }

    fn from_fields(fields: Fields) -> Result<Knights, PuzzleError> {
        match fields {
            Fields::Path { width, height, blocked, start, goal } => {
                let board = board(width, height, &blocked)?;
                let white = knights(&board, "start", &[start])?;
                let goal = knights(&board, "goal", &[goal])?;
                let position = |white| Position { white, black: 0 };
                Ok(Knights::new(Layout { board, start: position(white), goal: position(goal) }))
            }
            Fields::Swap { width, height, blocked, white, black } => {
                let board = board(width, height, &blocked)?;
                let white = knights(&board, "white", &white)?;
                let black = knights(&board, "black", &black)?;
                if white & black != 0 || white.count_ones() != black.count_ones() {
                    let allowed = "as many as white ones, on other squares";
                    return Err(PuzzleError::new("black", black.count_ones(), allowed));
                }
                let count = white.count_ones().into();
                let found = positions(board.open.count_ones().into(), count, count);
                if found > MOST_POSITIONS as u128 {
                    let allowed = format!("at most {MOST_POSITIONS} positions");
                    return Err(PuzzleError::new("white", format_args!("{found} positions"), allowed));
                }
                let [start, goal] = [(white, black), (black, white)].map(|(white, black)| Position { white, black });
                Ok(Knights::new(Layout { board, start, goal }))
            }
        }
    }
}

/// The set of the listed squares. They must be on the board, each once.
fn set(board: &Board, field: &str, names: &[Name]) -> Result<u64, PuzzleError> {
    let mut set = 0u64;
    for name in names {
        let square = square_of(board, name.as_bytes()).map(|square| 1u64 << square);
        match square.filter(|square| set & square == 0) {
            Some(square) => set |= square,
            None => return Err(PuzzleError::new(field, name, "squares of the board like \"a1\", each once")),
        }
    }
    Ok(set)
}

fn board(width: u64, height: u64, blocked: &[Name]) -> Result<Board, PuzzleError> {
    PuzzleError::within("width", width, SIDES[0], SIDES[1])?;
    PuzzleError::within("height", height, SIDES[0], SIDES[1])?;
    let (width, height) = (width as u8, height as u8);
    let all = Board { width, height, open: squares(width, height) };
    Ok(Board { open: all.open & !set(&all, "blocked", blocked)?, ..all })
}

/// The squares of knights. They must be open.
fn knights(board: &Board, field: &str, names: &[Name]) -> Result<u64, PuzzleError> {
    let found = set(board, field, names)?;
    let count = u64::from(found.count_ones());
    if found & !board.open != 0 || !(1..=MOST_KNIGHTS).contains(&count) {
        let allowed = format!("1 to {MOST_KNIGHTS}, on squares that are not blocked");
        return Err(PuzzleError::new(field, format_args!("{count} knights"), allowed));
    }
    Ok(found)
}
