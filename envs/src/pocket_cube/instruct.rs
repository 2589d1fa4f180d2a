//! The pocket cube in words.

use super::{Metric, PocketCube, corners};
use crate::instruct::{block, line};
use crate::prelude::*;

const TITLE: &str = "Unfolded cube (a letter is the colour of one sticker):";
const TURNS: &str = "Turns: ";
const ANY: &str = "quarter turns and half turns of the faces U, R and F";
const QUARTERS: &str = "quarter turns of the faces U, R and F, no half turns";

/// The facelets of each line of the unfolded cube: U above, then L, F, R and B, D below.
const NET: [&[usize]; 6] =
    [&[0, 1], &[2, 3], &[16, 17, 8, 9, 4, 5, 20, 21], &[18, 19, 10, 11, 6, 7, 22, 23], &[12, 13], &[14, 15]];

impl Instruct for PocketCube {
    fn instructions(&self) -> Instructions {
        let facelets = corners::facelets(self.start);
        let mut layout = String::from(TITLE);
        for places in NET {
            let stickers: Vec<String> = places.iter().map(|&place| char::from(facelets[place]).to_string()).collect();
            layout = layout + if places.len() == 2 { "\n    " } else { "\n" } + &stickers.join(" ");
        }
        let half = self.metric == Metric::HalfTurn;
        layout = layout + "\n" + TURNS + if half { ANY } else { QUARTERS };
        let rules = [
            "This is a pocket cube, a Rubik's cube of 2 by 2 by 2. Turn its faces until each of the six faces has a single colour. The drawing shows the cube unfolded: the face U (up) on top, below it from left to right L (left), F (front), R (right) and B (back), and D (down) at the bottom, below F; each face is seen from outside. A colour is called by the face where it belongs. Turning a face turns the four small cubes of that layer. Only the turns that are listed are moves.",
            "Solve a Rubik's cube with two layers: in the end the four stickers of every face must have the same colour. Its stickers are drawn on a net that folds up to the cube, with the faces U (up) in the first two lines, then L, F, R, B (left, front, right, back) side by side, then D (down); U and D touch F. The letter of a sticker is its colour, named after its home face. A move turns one layer, U, R or F, as seen when looking at that face.",
            "Below is an unfolded cube of two layers: upper face (U) at the top, then left (L), front (F), right (R) and back (B) in a row, and lower face (D) underneath, with U above F and D below F. Each letter is a sticker's colour and names the face to which it belongs. Turn the upper, right and front layers so that all stickers of each face have one colour. The corner at the bottom, back and left never moves.",
        ];
        let half = if half { ", U2 for a half turn" } else { "" };
        let form = format!(
            "Write the turns in their order, separated by spaces: U, R or F for a quarter turn clockwise as seen from outside that face{half}, and U3 for a quarter turn counterclockwise (often written U'), in this form: U R3 R U3."
        );
        Instructions::of_moves(rules, layout, form)
    }

    fn read_layout(_kind: usize, layout: &str) -> Option<Value> {
        let mut facelets = [' '; corners::FACELETS];
        for (places, row) in NET.iter().zip(block(layout, TITLE, TURNS)?) {
            for (&place, sticker) in places.iter().zip(row.split_ascii_whitespace()) {
                facelets[place] = sticker.chars().next()?;
            }
        }
        let metric = if line(layout, TURNS)? == QUARTERS { "quarter-turn" } else { "half-turn" };
        Some(json!({"facelets": String::from_iter(facelets), "metric": metric}))
    }
}
