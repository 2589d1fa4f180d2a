//! The numbers of children: which ones a node may be opened under.

use crate::trace::NodeId;

/// The numbers that children of a node may have: the next one among those that were opened, or their place among those that are mentioned.
#[derive(Default)]
pub struct Ordinals {
    of: Vec<Family>,
}

/// What is counted of a node and its children.
#[derive(Clone, Copy, Default)]
struct Family {
    /// Its own place among its parent's children.
    place: u32,
    /// Children that are mentioned.
    mentioned: u32,
    /// Children that were opened, and how many of them under a wrong number.
    opened: u32,
    wrong: u32,
    /// The number behind the last wrong one.
    after: Option<u32>,
}

impl Ordinals {
    /// All nodes are mentioned, in order, each by its parent.
    pub fn of(parents: impl Iterator<Item = NodeId>) -> Self {
        let mut ordinals = Ordinals::default();
        parents.for_each(|parent| ordinals.add(parent));
        ordinals
    }

    /// A node is mentioned, the next one in order.
    pub fn add(&mut self, parent: NodeId) {
        let place = self.of.get_mut(parent as usize).map_or(0, |family| {
            family.mentioned += 1;
            family.mentioned - 1
        });
        self.of.push(Family { place, ..Family::default() });
    }

    /// A number of a node's children is given to a node that is none of them, or a child has no number: the others may count on with it.
    pub fn take(&mut self, parent: NodeId, ordinal: Option<u32>) {
        if let Some(family) = self.of.get_mut(parent as usize) {
            (family.opened, family.wrong) = (family.opened + 1, family.wrong + 1);
            family.after = ordinal.map(|ordinal| ordinal.saturating_add(1));
        }
    }

    /// A child is opened under a number. Whether it is one that it may have; behind a wrong one the count goes on with it, without it or from there.
    pub fn open(&mut self, node: NodeId, parent: NodeId, ordinal: u32, repeated: bool) -> bool {
        let place = self.of.get(node as usize).map(|family| family.place);
        let Some(family) = self.of.get_mut(parent as usize) else { return true };
        let counts = |count: u32| (count.saturating_sub(family.wrong)..=count).contains(&ordinal);
        let is_next = counts(family.opened) || place.is_some_and(counts) || family.after == Some(ordinal);
        let fits = is_next && !repeated;
        family.opened += 1;
        family.wrong += u32::from(!fits);
        family.after = (!fits || family.after == Some(ordinal)).then(|| ordinal.saturating_add(1));
        fits
    }
}
