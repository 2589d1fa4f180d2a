//! Damage to states and moves of river crossings.

use super::{Crossing, Group, Party, Position, RiverCrossing, group_of, people};
use crate::prelude::*;

/// The groups of a single member of `group`.
fn members(puzzle: &RiverCrossing, group: Group) -> Vec<Group> {
    match &puzzle.party {
        Party::People(..) => {
            let (missionaries, cannibals) = people(group);
            let kinds = [(missionaries, group_of(1, 0)), (cannibals, group_of(0, 1))];
            kinds.into_iter().filter(|kind| kind.0 > 0).map(|kind| kind.1).collect()
        }
        Party::Items(items) => (0..items.count).map(|item| 1 << item).filter(|one| group & one != 0).collect(),
    }
}

const TRIES: usize = 12;

/// A random part of the party, at most one member more than the boat holds.
fn some(puzzle: &RiverCrossing, draw: &mut Draw) -> Group {
    let most = u64::from(puzzle.boat) + 1;
    let mut load = 0;
    for _ in 0..draw.between(1, most) {
        let left = members(puzzle, puzzle.everyone() - load);
        load += draw.choose(&left).copied().unwrap_or(0);
    }
    load
}

impl Damage for RiverCrossing {
    /// Removes somebody from the near bank, moves the boat to the other bank, or adds somebody from the far bank.
    fn damage_state(&self, &state: &Position, how: DamageKind, draw: &mut Draw) -> Option<Position> {
        let far = self.everyone() - state.near;
        match how {
            DamageKind::Lose => {
                let &one = draw.choose(&members(self, state.near))?;
                Some(Position { near: state.near - one, ..state })
            }
            DamageKind::Change => Some(Position { boat_near: !state.boat_near, ..state }),
            DamageKind::Invent => {
                let &one = draw.choose(&members(self, far))?;
                Some(Position { near: state.near + one, ..state })
            }
        }
    }

    /// A crossing that leaves somebody in bad company, exceeds the boat, or takes somebody from the other bank.
    fn illegal_move(&self, &state: &Position, draw: &mut Draw) -> Option<(Crossing, Position)> {
        for _ in 0..TRIES {
            let load = some(self, draw);
            if self.apply(&state, Crossing(load)).is_none() {
                let there = self.is_part(load, self.at_boat(state));
                let after =
                    if there { self.after(state, load) } else { Position { boat_near: !state.boat_near, ..state } };
                return Some((Crossing(load), after));
            }
        }
        None
    }
}
