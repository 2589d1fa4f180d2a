//! The parts of CPython 3.11 whose exact behaviour affects a data set: random draws, the heap, numbers as text.
use rand_mt::Mt;

/// CPython's `random` module after `random.seed(n)` for an integer n.
pub(crate) struct PythonRandom {
    twister: Mt,
}

impl PythonRandom {
    /// `random.seed(seed)`: the sign is dropped, the rest goes in as 32-bit words, the lowest first.
    pub(crate) fn new(seed: i128) -> Self {
        let magnitude = seed.unsigned_abs();
        let words = (128 - magnitude.leading_zeros()).div_ceil(32).max(1) as usize;
        let key = (0..words).map(move |word| (magnitude >> (32 * word)) as u32);
        Self { twister: Mt::new_with_key(key) }
    }

    /// `randrange(bound)`: a number with as many bits as `bound`, drawn again until it is below `bound`. So a bound of 1 draws as well. A bound of
    /// 0 gives 0, where Python raises an exception.
    #[inline]
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        if bound == 0 {
            return 0;
        }
        let shift = bound.leading_zeros();
        loop {
            let drawn = self.twister.next_u32() >> shift;
            if drawn < bound {
                return drawn;
            }
        }
    }

    /// `random.choice(items)`; `None` for an empty slice, where Python raises an exception.
    #[inline]
    pub(crate) fn choice<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        items.get(self.below(items.len() as u32) as usize).copied()
    }

    /// `random.shuffle(items)`.
    #[inline]
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u32 + 1) as usize;
            items.swap(last, other);
        }
    }
}

/// CPython's `heapq`. Entries are compared by key alone. Entries with equal keys leave in the same order as in CPython.
pub(crate) struct Heap<T> {
    entries: Vec<(u64, T)>,
}

impl<T: Copy> Heap<T> {
    pub(crate) fn new() -> Self {
        Self { entries: Vec::new() }
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The entry that the next pop takes.
    pub(crate) fn first(&self) -> Option<T> {
        self.entries.first().map(|entry| entry.1)
    }

    /// `heappush`.
    pub(crate) fn push(&mut self, key: u64, item: T) {
        self.entries.push((key, item));
        self.rise(0, self.entries.len() - 1);
    }

    /// `heappop`: the last entry takes the place of the root, sinks to a leaf along the smaller children, and rises again.
    pub(crate) fn pop(&mut self) -> Option<T> {
        let last = self.entries.pop()?;
        let Some(root) = self.entries.first_mut() else {
            return Some(last.1);
        };
        let popped = std::mem::replace(root, last);
        let mut place = 0;
        while 2 * place + 1 < self.entries.len() {
            let left = 2 * place + 1;
            let right = left + 1;
            let left_is_smaller = right >= self.entries.len() || self.entries[left].0 < self.entries[right].0;
            let child = if left_is_smaller { left } else { right };
            self.entries.swap(place, child);
            place = child;
        }
        self.rise(0, place);
        Some(popped.1)
    }

    fn rise(&mut self, root: usize, mut place: usize) {
        while place > root {
            let parent = (place - 1) / 2;
            if self.entries[place].0 >= self.entries[parent].0 {
                break;
            }
            self.entries.swap(place, parent);
            place = parent;
        }
    }
}

/// `repr` of a finite float: the shortest digits that read back to the same value, with an exponent below 1e-4 and from 1e16 on.
pub(crate) fn float_repr(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-4..1e16).contains(&size) {
        return format!("{value:?}");
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((digits, exponent)) => match exponent.strip_prefix('-') {
            Some(exponent) => format!("{digits}e-{exponent:0>2}"),
            None => format!("{digits}e+{exponent:0>2}"),
        },
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(seed: i128) -> [u32; 3] {
        let mut random = PythonRandom::new(seed);
        std::array::from_fn(|_| random.twister.next_u32())
    }

    // CPython 3.11.7 printed these literals. They must never change.

    #[test]
    fn value_stability_of_seeds() {
        assert_eq!(words(0), [3626764237, 1654615998, 3255389356]);
        assert_eq!(words(1), [577090037, 2444712010, 3639700191]);
        assert_eq!(words(-4), [1013818839, 1302657532, 443094727]);
        assert_eq!(words(1 << 32), [485306839, 1508871100, 1794561286]);
        assert_eq!(words((1 << 32) + 5), [675479763, 2085189291, 1213270837]);
        assert_eq!(words(-(1 << 40) - 7), [2635837658, 3209733218, 3500038837]);
        assert_eq!(words((1 << 100) + 3), [1532279558, 1283910471, 4172443581]);
        assert_eq!(words(i128::MAX), [3897079298, 2749614336, 4105254499]);
    }

    #[test]
    fn value_stability_of_draws() {
        let mut random = PythonRandom::new(42);
        let numbers: [u32; 8] = std::array::from_fn(|_| 1 + random.below(99));
        assert_eq!(numbers, [82, 15, 4, 95, 36, 32, 29, 18]);
        let coins: [Option<u32>; 8] = std::array::from_fn(|_| random.choice(&[0, 1]));
        assert_eq!(coins, [0, 0, 1, 0, 0, 0, 0, 0].map(Some));
        assert_eq!((random.below(1), random.below(1)), (0, 0));
        let mut items: [u32; 10] = std::array::from_fn(|item| item as u32);
        random.shuffle(&mut items);
        assert_eq!(items, [5, 1, 9, 0, 2, 4, 7, 3, 6, 8]);
        assert_eq!(random.twister.next_u32(), 1461364854);
        assert_eq!(1 + random.below(u32::MAX), 1193448330);
    }

    #[test]
    fn nothing_to_choose_from_is_no_choice() {
        assert_eq!(PythonRandom::new(1).choice::<u8>(&[]), None);
    }

    #[test]
    fn value_stability_of_heap_ties() {
        // The keys are those of random.seed(9), randint(0, 3), in this order.
        let mut random = PythonRandom::new(9);
        let mut heap = Heap::new();
        for item in 0..14 {
            heap.push(u64::from(random.below(4)), item);
        }
        let entries = [
            (0, 5),
            (0, 8),
            (1, 3),
            (1, 4),
            (0, 10),
            (1, 12),
            (2, 6),
            (3, 7),
            (3, 0),
            (2, 9),
            (2, 1),
            (3, 11),
            (2, 2),
            (3, 13),
        ];
        assert_eq!(heap.entries, entries);
        let popped: Vec<i32> = std::iter::from_fn(|| heap.pop()).collect();
        assert_eq!(popped, [5, 8, 10, 3, 12, 4, 6, 1, 9, 2, 13, 11, 7, 0]);
    }

    #[test]
    fn floats_are_written_as_python_writes_them() {
        let cases = [
            (0.0, "0.0"),
            (1.0 - 46079.0 / 46080.0, "2.170138888890616e-05"),
            (1.0 - 46076.0 / 46080.0, "8.680555555551361e-05"),
            (1.0 - 46075.0 / 46080.0, "0.00010850694444441977"),
            (1.0 - 7.0 / 1152.0, "0.9939236111111112"),
            (1.0 - 3.0 / 48.0, "0.9375"),
            (1.0, "1.0"),
            (1e15 + 0.5, "1000000000000000.5"),
            (1e16, "1e+16"),
            (123456789012345678.0, "1.2345678901234568e+17"),
            (5e-324, "5e-324"),
        ];
        for (value, text) in cases {
            assert_eq!(float_repr(value), text);
        }
    }
}
