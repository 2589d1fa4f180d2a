//! Boards of bits: a set of worker cells takes one word if the floor fits 8 by 8 places, and four words otherwise.

/// A board of bits.
pub trait Board: Copy {
    /// The empty set.
    const EMPTY: Self;
    fn with(self, place: u8) -> Self;
    fn has(self, place: u8) -> bool;
    fn or(self, other: Self) -> Self;
    fn and(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    /// The neighbours of all places.
    fn spread(self) -> Self;
    fn is_empty(self) -> bool;
    fn count(self) -> u32;
    fn each(self, act: impl FnMut(u8));
    /// The place of a cell. Coordinates count from the least x and y.
    fn place(x: u8, y: u8) -> u8;
}

/// Up to 8 by 8 places.
impl Board for u64 {
    const EMPTY: u64 = 0;
    #[inline]
    fn with(self, place: u8) -> u64 {
        self | 1 << (place & 63)
    }
    #[inline]
    fn has(self, place: u8) -> bool {
        self >> (place & 63) & 1 == 1
    }
    #[inline]
    fn or(self, other: u64) -> u64 {
        self | other
    }
    #[inline]
    fn and(self, other: u64) -> u64 {
        self & other
    }
    #[inline]
    fn minus(self, other: u64) -> u64 {
        self & !other
    }
    #[inline]
    fn spread(self) -> u64 {
        const FIRST: u64 = 0x0101_0101_0101_0101;
        self << 8 | self >> 8 | (self << 1 & !FIRST) | (self & !FIRST) >> 1
    }
    #[inline]
    fn is_empty(self) -> bool {
        self == 0
    }
    #[inline]
    fn count(self) -> u32 {
        self.count_ones()
    }
    #[inline]
    fn each(mut self, mut act: impl FnMut(u8)) {
        while self != 0 {
            act(self.trailing_zeros() as u8);
            self &= self - 1;
        }
    }
    fn place(x: u8, y: u8) -> u8 {
        y * 8 + x
    }
}

/// Up to 16 by 16 places, four rows in each word.
impl Board for [u64; 4] {
    const EMPTY: Self = [0; 4];
    #[inline]
    fn with(mut self, place: u8) -> Self {
        self[usize::from(place >> 6)] |= 1 << (place & 63);
        self
    }
    #[inline]
    fn has(self, place: u8) -> bool {
        self[usize::from(place >> 6)] >> (place & 63) & 1 == 1
    }
    #[inline]
    fn or(self, other: Self) -> Self {
        std::array::from_fn(|i| self[i] | other[i])
    }
    #[inline]
    fn and(self, other: Self) -> Self {
        std::array::from_fn(|i| self[i] & other[i])
    }
    #[inline]
    fn minus(self, other: Self) -> Self {
        std::array::from_fn(|i| self[i] & !other[i])
    }
    #[inline]
    fn spread(self) -> Self {
        const FIRST: u64 = 0x0001_0001_0001_0001;
        std::array::from_fn(|i| {
            let below = if i > 0 { self[i - 1] >> 48 } else { 0 };
            let above = if i < 3 { self[i + 1] << 48 } else { 0 };
            let here = self[i];
            here << 16 | below | here >> 16 | above | (here << 1 & !FIRST) | (here & !FIRST) >> 1
        })
    }
    #[inline]
    fn is_empty(self) -> bool {
        self == [0; 4]
    }
    #[inline]
    fn count(self) -> u32 {
        self.iter().map(|word| word.count_ones()).sum()
    }
    #[inline]
    fn each(self, mut act: impl FnMut(u8)) {
        for (word, first) in self.into_iter().zip([0, 64, 128, 192]) {
            word.each(|place| act(first + place));
        }
    }
    fn place(x: u8, y: u8) -> u8 {
        y * 16 + x
    }
}
