//! Ordinals: the numbers under which a node's children may be opened.

use crate::trace::NodeId;

/// The ordinals that are right for children: their position among the opened children, or among the mentioned ones.
#[derive(Default)]
pub struct Ordinals {
    of: Vec<Family>,
}

/// Counts of a node and its children.
#[derive(Clone, Copy, Default)]
struct Family {
    /// The position of the node among its parent's mentioned children.
    place: u32,
    /// Number of children that were mentioned.
    mentioned: u32,
    /// Number of children that were opened, and how many of them under a wrong ordinal.
    opened: u32,
    wrong: u32,
    /// The ordinal that follows the last wrong one.
    after: Option<u32>,
}

impl Ordinals {
    /// All nodes, mentioned in order, given by their parents.
    pub fn of(parents: impl Iterator<Item = NodeId>) -> Self {
        let mut ordinals = Ordinals::default();
        parents.for_each(|parent| ordinals.add(parent));
        ordinals
    }

    /// No nodes, with room for this many.
    pub fn with_capacity(nodes: usize) -> Self {
        Ordinals { of: Vec::with_capacity(nodes) }
    }

    /// Adds the next node, which has this parent.
    pub fn add(&mut self, parent: NodeId) {
        let place = self.of.get_mut(parent as usize).map_or(0, |family| {
            family.mentioned += 1;
            family.mentioned - 1
        });
        self.of.push(Family { place, ..Family::default() });
    }

    /// Notes an ordinal of a node's children that went to a node that is not one of them, or a child without an ordinal. The children that
    /// follow may continue with or without it.
    pub fn take(&mut self, parent: NodeId, ordinal: Option<u32>) {
        if let Some(family) = self.of.get_mut(parent as usize) {
            (family.opened, family.wrong) = (family.opened + 1, family.wrong + 1);
            family.after = ordinal.map(|ordinal| ordinal.saturating_add(1));
        }
    }

    /// Notes that a child is opened under an ordinal. Gives whether the ordinal is right. After a wrong ordinal, the count may continue as if it
    /// had been counted, as if it had not, or from it.
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
