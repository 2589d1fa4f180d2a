//! Which row gets the trace of which other row: matchings without fixed points, as pure functions of a block of rows.

use sos_envs::Draw;

/// Number of random orders that are tried before a cycle is drawn. More than a third of all orders have no fixed point; a cycle has none.
const TRIES: usize = 64;

/// The bucket of a length. There are four buckets for each doubling, so lengths in a bucket differ by less than a quarter of the shorter one.
pub fn length_bucket(length: u64) -> u64 {
    let bits = u64::from(u64::BITS - length.leading_zeros());
    if bits < 3 { length } else { bits * 4 + (length >> (bits - 3) & 3) }
}

/// The donor of each row of a block: a row of the same bucket, never the row itself, and each row once. Rows of bucket `None` take no part and
/// get no donor.
///
/// Within a bucket, all matchings without fixed points are equally likely. A row that is alone in its bucket joins the nearest bucket that has
/// rows (the lower one of two at equal distance), and buckets that joined stay together. There is no donor only where a block has a single
/// row.
pub fn partners(buckets: &[Option<u64>], draw: &mut Draw) -> Vec<Option<usize>> {
    let mut donors = vec![None; buckets.len()];
    for group in groups(buckets) {
        let order = derangement(group.len(), draw);
        for (place, donor) in order.into_iter().enumerate() {
            donors[group[place]] = (donor != place).then(|| group[donor]);
        }
    }
    donors
}

/// The donor of one row of a block; see [`partners`].
pub fn partner(buckets: &[Option<u64>], row: usize, draw: &mut Draw) -> Option<usize> {
    partners(buckets, draw).get(row).copied().flatten()
}

/// The rows of each bucket, sorted by bucket and index. A group has one row only if it is the only group.
fn groups(buckets: &[Option<u64>]) -> Vec<Vec<usize>> {
    let mut rows: Vec<(u64, usize)> =
        buckets.iter().enumerate().filter_map(|(row, bucket)| Some(((*bucket)?, row))).collect();
    rows.sort_unstable();
    let mut groups: Vec<(u64, u64, Vec<usize>)> = Vec::new();
    for (bucket, row) in rows {
        match groups.last_mut() {
            Some((_, last, group)) if *last == bucket => group.push(row),
            _ => groups.push((bucket, bucket, vec![row])),
        }
    }
    while groups.len() > 1
        && let Some(alone) = groups.iter().position(|group| group.2.len() == 1)
    {
        let to_lower = alone.checked_sub(1).map(|lower| groups[alone].0 - groups[lower].1);
        let to_higher = groups.get(alone + 1).map(|higher| higher.0 - groups[alone].1);
        let first = match (to_lower, to_higher) {
            (Some(lower), Some(higher)) if higher < lower => alone,
            (None, _) => alone,
            _ => alone - 1,
        };
        let (_, high, more) = groups.remove(first + 1);
        groups[first].1 = high;
        groups[first].2.extend(more);
    }
    groups.into_iter().map(|group| group.2).collect()
}

/// A random order of `0..len` without fixed points. It is drawn again until it has none; after [`TRIES`] draws it is a random cycle.
fn derangement(len: usize, draw: &mut Draw) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    for _ in 0..TRIES {
        draw.shuffle(&mut order);
        if order.iter().enumerate().all(|(place, &row)| place != row) {
            return order;
        }
    }
    // Sattolo 1986: as the shuffle of Fisher and Yates, but an item is never swapped with itself. The result is one cycle.
    order = (0..len).collect();
    for last in (1..len).rev() {
        let other = draw.index(last);
        order.swap(last, other);
    }
    order
}
