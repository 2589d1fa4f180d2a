//! All graphs of pairs up to renumbering of the items, from tables that are built on first use.

use std::sync::OnceLock;

use super::{Items, MAX_ITEMS};

/// A graph as bits: one for each pair of items, in the order of [`bit`].
pub type Pairs = u32;

/// The bit of a pair.
fn bit(a: usize, b: usize) -> usize {
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    b * (b - 1) / 2 + a
}

/// The graphs on a number of items.
pub struct Table {
    /// The least graph of each class of graphs that are equal up to renumbering. They are sorted by vertex cover number, then by bits.
    pub classes: Vec<Pairs>,
    /// Number of classes with a vertex cover of at most 0, 1, 2 … items.
    pub covered_by: [usize; MAX_ITEMS],
    /// The least graph of each graph's class.
    least: Vec<Pairs>,
}

impl Table {
    fn new(items: usize) -> Self {
        let graphs = 1usize << (items * (items - 1) / 2);
        let orders = orders(items);
        let mut least = vec![Pairs::MAX; graphs];
        let mut classes = Vec::new();
        for graph in 0..graphs {
            if least[graph] != Pairs::MAX {
                continue;
            }
            // Graphs are visited in ascending order, so this is the least of its class.
            classes.push(graph as Pairs);
            for order in &orders {
                least[renumbered(graph as Pairs, order) as usize] = graph as Pairs;
            }
        }
        classes.sort_by_key(|&graph| cover(items, graph));
        let covers: Vec<usize> = classes.iter().map(|&graph| cover(items, graph)).collect();
        let covered_by = std::array::from_fn(|size| covers.partition_point(|&cover| cover <= size));
        Table { classes, covered_by, least }
    }
}

/// The new place of each bit of a graph, for every order of the items.
fn orders(items: usize) -> Vec<Vec<u8>> {
    let mut orders = vec![vec![]];
    for next in 0..items {
        let longer = |order: &Vec<usize>| {
            let order = order.clone();
            (0..=order.len()).map(move |place| {
                let mut order = order.clone();
                order.insert(place, next);
                order
            })
        };
        orders = orders.iter().flat_map(longer).collect();
    }
    let bits = |order: Vec<usize>| {
        (1..items).flat_map(|b| (0..b).map(move |a| (a, b))).map(|(a, b)| bit(order[a], order[b]) as u8).collect()
    };
    orders.into_iter().map(bits).collect()
}

fn renumbered(graph: Pairs, order: &[u8]) -> Pairs {
    let mut rest = graph;
    let mut new = 0;
    while rest != 0 {
        new |= 1 << order[rest.trailing_zeros() as usize];
        rest &= rest - 1;
    }
    new
}

/// The vertex cover number: the least number of items whose removal leaves no pair.
fn cover(items: usize, graph: Pairs) -> usize {
    let foes = foes(graph);
    let free = |chosen: u32| (0..items).all(|item| chosen >> item & 1 == 1 || u32::from(foes[item]) & !chosen == 0);
    (0..1u32 << items).filter(|&chosen| free(chosen)).map(u32::count_ones).min().unwrap_or(0) as usize
}

/// The graph as a set of partners for each item.
pub fn foes(graph: Pairs) -> [u8; MAX_ITEMS] {
    let mut foes = [0; MAX_ITEMS];
    for b in 1..MAX_ITEMS {
        for a in (0..b).filter(|&a| graph >> bit(a, b) & 1 == 1) {
            foes[a] |= 1 << b;
            foes[b] |= 1 << a;
        }
    }
    foes
}

static TABLES: [OnceLock<Table>; MAX_ITEMS + 1] = [const { OnceLock::new() }; MAX_ITEMS + 1];

/// The table of a number of items, at most [`MAX_ITEMS`].
pub fn table(items: usize) -> &'static Table {
    TABLES[items].get_or_init(|| Table::new(items))
}

/// The least graph of the class, with the first names.
pub fn canonical(items: &Items) -> Items {
    let graph = items.pairs().fold(0, |graph, (a, b)| graph | 1 << bit(a, b));
    let least = table(items.count).least.get(graph as usize).copied().unwrap_or(graph);
    let names = std::array::from_fn(|item| if item < items.count { item as u8 } else { 0 });
    Items { count: items.count, names, foes: foes(least) }
}
