//! Answers of Rush Hour: `B down 2`, `B+2`, `Move car B down 2 squares`, `B down`. In `B+2` the sign is that of the way: `+` is right or down.

use super::{Direction, RushHour, Slide};
use crate::answers::steps::{self, count, letters, told, unlabelled};
use crate::answers::{Answers, Kind, Read, Token, Unread};

/// Words that can stand beside slides.
const BESIDE: [&str; 22] = [
    "car",
    "cars",
    "vehicle",
    "slide",
    "slides",
    "square",
    "squares",
    "cell",
    "cells",
    "space",
    "spaces",
    "unit",
    "units",
    "place",
    "places",
    "direction",
    "distance",
    "position",
    "positions",
    "drive",
    "drives",
    "times",
];

enum Part {
    /// A word of one letter: a car, or the initial of a direction.
    Letter(u8),
    Way(Direction),
    Sign(bool),
    Count(u64),
}

/// The directions in the order of [`steps::DIRECTIONS`].
const IN_ORDER: [Direction; 4] = [Direction::Up, Direction::Down, Direction::Left, Direction::Right];

fn initial(letter: u8) -> Option<Direction> {
    IN_ORDER.into_iter().zip(b"UDLR").find(|(_, initial)| letter == **initial).map(|(direction, _)| direction)
}

impl Answers for RushHour {
    fn read_plain_answer(&self, _text: &str, tokens: &[Token<'_>]) -> Read<Slide> {
        let cars = self.board.cars.len();
        let car = letters(tokens, cars);
        let in_words = tokens.iter().any(|token| token.kind == Kind::Word && steps::Direction::of(token).is_some());
        let part = |token: &Token<'_>| match token.kind {
            Kind::Sign('+') => Some(Part::Sign(true)),
            Kind::Sign('-') => Some(Part::Sign(false)),
            Kind::Sign(_) if in_words => None,
            Kind::Word if token.text.len() == 1 => {
                let letter = token.text.as_bytes()[0].to_ascii_uppercase();
                (car(token).is_some() || initial(letter).is_some()).then_some(Part::Letter(letter))
            }
            _ => match steps::Direction::of(token).and_then(|way| IN_ORDER.get(way)) {
                Some(way) => Some(Part::Way(*way)),
                None => count(token).map(Part::Count),
            },
        };
        let parts = told(&unlabelled(tokens), &BESIDE, &['{', '}'], part)?;
        let mut rest = parts.as_slice();
        let mut moves = Vec::new();
        while let Some((first, token)) = rest.first() {
            let Part::Letter(letter) = first else { return Err(Unread::at(token)) };
            let car = letter.checked_sub(b'A').filter(|&car| usize::from(car) < cars);
            let car = car.ok_or_else(|| Unread::at(token))?;
            let way = |part: &Part| match part {
                Part::Way(way) => Some(*way),
                Part::Letter(letter) => initial(*letter),
                Part::Sign(forward) => {
                    let across = self.board.cars.get(usize::from(car))?.across;
                    IN_ORDER.into_iter().find(|way| way.forward() == *forward && way.across() == across)
                }
                Part::Count(_) => None,
            };
            let told = match &rest[1..] {
                [(Part::Count(by), _), (Part::Letter(letter), _), next, ..]
                    if initial(*letter).is_some() && matches!(next.0, Part::Letter(_)) =>
                {
                    (initial(*letter), *by, 3)
                }
                [(Part::Count(by), _), (Part::Letter(letter), _)] => (initial(*letter), *by, 3),
                [(Part::Count(by), _), (Part::Way(way), _), ..] => (Some(*way), *by, 3),
                [(part, _), (Part::Count(by), _), ..] => (way(part), *by, 3),
                [(part @ (Part::Way(_) | Part::Letter(_)), _), ..] => (way(part), 1, 2),
                _ => (None, 1, 1),
            };
            let (Some(direction), by, taken) = told else { return Err(Unread::at(token)) };
            let by = u8::try_from(by).ok().filter(|by| (1..=9).contains(by)).ok_or_else(|| Unread::at(token))?;
            moves.push(Slide { car, direction, by });
            rest = &rest[taken..];
        }
        Ok(moves)
    }
}
