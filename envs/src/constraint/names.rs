//! Names, each one token of the compact dialect: variables, further words in the texts of a kind, the text of an open variable, and the text of the goal.

/// The cells of a board of 9 by 9.
#[rustfmt::skip]
pub const CELLS: [&str; 83] = [
    "r1c1", "r1c2", "r1c3", "r1c4", "r1c5", "r1c6", "r1c7", "r1c8", "r1c9",
    "r2c1", "r2c2", "r2c3", "r2c4", "r2c5", "r2c6", "r2c7", "r2c8", "r2c9",
    "r3c1", "r3c2", "r3c3", "r3c4", "r3c5", "r3c6", "r3c7", "r3c8", "r3c9",
    "r4c1", "r4c2", "r4c3", "r4c4", "r4c5", "r4c6", "r4c7", "r4c8", "r4c9",
    "r5c1", "r5c2", "r5c3", "r5c4", "r5c5", "r5c6", "r5c7", "r5c8", "r5c9",
    "r6c1", "r6c2", "r6c3", "r6c4", "r6c5", "r6c6", "r6c7", "r6c8", "r6c9",
    "r7c1", "r7c2", "r7c3", "r7c4", "r7c5", "r7c6", "r7c7", "r7c8", "r7c9",
    "r8c1", "r8c2", "r8c3", "r8c4", "r8c5", "r8c6", "r8c7", "r8c8", "r8c9",
    "r9c1", "r9c2", "r9c3", "r9c4", "r9c5", "r9c6", "r9c7", "r9c8", "r9c9",
    "_", "solved",
];

/// The cells of a board of 16 by 16.
#[rustfmt::skip]
pub const CELLS_OF_16: [&str; 258] = [
    "r1c1", "r1c2", "r1c3", "r1c4", "r1c5", "r1c6", "r1c7", "r1c8", "r1c9", "r1c10", "r1c11", "r1c12", "r1c13", "r1c14", "r1c15", "r1c16",
    "r2c1", "r2c2", "r2c3", "r2c4", "r2c5", "r2c6", "r2c7", "r2c8", "r2c9", "r2c10", "r2c11", "r2c12", "r2c13", "r2c14", "r2c15", "r2c16",
    "r3c1", "r3c2", "r3c3", "r3c4", "r3c5", "r3c6", "r3c7", "r3c8", "r3c9", "r3c10", "r3c11", "r3c12", "r3c13", "r3c14", "r3c15", "r3c16",
    "r4c1", "r4c2", "r4c3", "r4c4", "r4c5", "r4c6", "r4c7", "r4c8", "r4c9", "r4c10", "r4c11", "r4c12", "r4c13", "r4c14", "r4c15", "r4c16",
    "r5c1", "r5c2", "r5c3", "r5c4", "r5c5", "r5c6", "r5c7", "r5c8", "r5c9", "r5c10", "r5c11", "r5c12", "r5c13", "r5c14", "r5c15", "r5c16",
    "r6c1", "r6c2", "r6c3", "r6c4", "r6c5", "r6c6", "r6c7", "r6c8", "r6c9", "r6c10", "r6c11", "r6c12", "r6c13", "r6c14", "r6c15", "r6c16",
    "r7c1", "r7c2", "r7c3", "r7c4", "r7c5", "r7c6", "r7c7", "r7c8", "r7c9", "r7c10", "r7c11", "r7c12", "r7c13", "r7c14", "r7c15", "r7c16",
    "r8c1", "r8c2", "r8c3", "r8c4", "r8c5", "r8c6", "r8c7", "r8c8", "r8c9", "r8c10", "r8c11", "r8c12", "r8c13", "r8c14", "r8c15", "r8c16",
    "r9c1", "r9c2", "r9c3", "r9c4", "r9c5", "r9c6", "r9c7", "r9c8", "r9c9", "r9c10", "r9c11", "r9c12", "r9c13", "r9c14", "r9c15", "r9c16",
    "r10c1", "r10c2", "r10c3", "r10c4", "r10c5", "r10c6", "r10c7", "r10c8", "r10c9", "r10c10", "r10c11", "r10c12", "r10c13", "r10c14", "r10c15", "r10c16",
    "r11c1", "r11c2", "r11c3", "r11c4", "r11c5", "r11c6", "r11c7", "r11c8", "r11c9", "r11c10", "r11c11", "r11c12", "r11c13", "r11c14", "r11c15", "r11c16",
    "r12c1", "r12c2", "r12c3", "r12c4", "r12c5", "r12c6", "r12c7", "r12c8", "r12c9", "r12c10", "r12c11", "r12c12", "r12c13", "r12c14", "r12c15", "r12c16",
    "r13c1", "r13c2", "r13c3", "r13c4", "r13c5", "r13c6", "r13c7", "r13c8", "r13c9", "r13c10", "r13c11", "r13c12", "r13c13", "r13c14", "r13c15", "r13c16",
    "r14c1", "r14c2", "r14c3", "r14c4", "r14c5", "r14c6", "r14c7", "r14c8", "r14c9", "r14c10", "r14c11", "r14c12", "r14c13", "r14c14", "r14c15", "r14c16",
    "r15c1", "r15c2", "r15c3", "r15c4", "r15c5", "r15c6", "r15c7", "r15c8", "r15c9", "r15c10", "r15c11", "r15c12", "r15c13", "r15c14", "r15c15", "r15c16",
    "r16c1", "r16c2", "r16c3", "r16c4", "r16c5", "r16c6", "r16c7", "r16c8", "r16c9", "r16c10", "r16c11", "r16c12", "r16c13", "r16c14", "r16c15", "r16c16",
    "_", "solved",
];

/// The rows of a board of queens.
#[rustfmt::skip]
pub const QUEENS: [&str; 18] = [
    "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "q10", "q11", "q12", "q13", "q14", "q15", "q16",
    "_", "solved",
];

/// The cells of a board of 9 by 9, and the sign between two cells.
#[rustfmt::skip]
pub const CELLS_AND_LESS: [&str; 84] = [
    "r1c1", "r1c2", "r1c3", "r1c4", "r1c5", "r1c6", "r1c7", "r1c8", "r1c9",
    "r2c1", "r2c2", "r2c3", "r2c4", "r2c5", "r2c6", "r2c7", "r2c8", "r2c9",
    "r3c1", "r3c2", "r3c3", "r3c4", "r3c5", "r3c6", "r3c7", "r3c8", "r3c9",
    "r4c1", "r4c2", "r4c3", "r4c4", "r4c5", "r4c6", "r4c7", "r4c8", "r4c9",
    "r5c1", "r5c2", "r5c3", "r5c4", "r5c5", "r5c6", "r5c7", "r5c8", "r5c9",
    "r6c1", "r6c2", "r6c3", "r6c4", "r6c5", "r6c6", "r6c7", "r6c8", "r6c9",
    "r7c1", "r7c2", "r7c3", "r7c4", "r7c5", "r7c6", "r7c7", "r7c8", "r7c9",
    "r8c1", "r8c2", "r8c3", "r8c4", "r8c5", "r8c6", "r8c7", "r8c8", "r8c9",
    "r9c1", "r9c2", "r9c3", "r9c4", "r9c5", "r9c6", "r9c7", "r9c8", "r9c9",
    "<",
    "_", "solved",
];

/// Boolean variables and their values.
#[rustfmt::skip]
pub const LITERALS: [&str; 104] = [
    "T", "F", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15",
    "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "x31", "x32",
    "x33", "x34", "x35", "x36", "x37", "x38", "x39", "x40", "x41", "x42", "x43", "x44", "x45", "x46", "x47", "x48", "x49",
    "x50", "x51", "x52", "x53", "x54", "x55", "x56", "x57", "x58", "x59", "x60", "x61", "x62", "x63", "x64", "x65", "x66",
    "x67", "x68", "x69", "x70", "x71", "x72", "x73", "x74", "x75", "x76", "x77", "x78", "x79", "x80", "x81", "x82", "x83",
    "x84", "x85", "x86", "x87", "x88", "x89", "x90", "x91", "x92", "x93", "x94", "x95", "x96", "x97", "x98", "x99", "x100",
    "_", "solved",
];

/// Colours.
#[rustfmt::skip]
pub const COLOURS: [&str; 12] = [
    "red", "green", "blue", "yellow", "black", "white", "orange", "purple", "brown", "pink", "grey", "cyan",
];

/// Nodes of a graph, and colours.
#[rustfmt::skip]
pub const NODES_AND_COLOURS: [&str; 114] = [
    "red", "green", "blue", "yellow", "black", "white", "orange", "purple", "brown", "pink", "grey", "cyan",
    "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9", "n10", "n11", "n12", "n13", "n14", "n15", "n16", "n17", "n18", "n19", "n20",
    "n21", "n22", "n23", "n24", "n25", "n26", "n27", "n28", "n29", "n30", "n31", "n32", "n33", "n34", "n35", "n36", "n37", "n38", "n39", "n40",
    "n41", "n42", "n43", "n44", "n45", "n46", "n47", "n48", "n49", "n50", "n51", "n52", "n53", "n54", "n55", "n56", "n57", "n58", "n59", "n60",
    "n61", "n62", "n63", "n64", "n65", "n66", "n67", "n68", "n69", "n70", "n71", "n72", "n73", "n74", "n75", "n76", "n77", "n78", "n79", "n80",
    "n81", "n82", "n83", "n84", "n85", "n86", "n87", "n88", "n89", "n90", "n91", "n92", "n93", "n94", "n95", "n96", "n97", "n98", "n99", "n100",
    "_", "solved",
];

/// Items to choose from.
#[rustfmt::skip]
pub const ITEMS: [&str; 28] = [
    "i1", "i2", "i3", "i4", "i5", "i6", "i7", "i8", "i9", "i10", "i11", "i12", "i13",
    "i14", "i15", "i16", "i17", "i18", "i19", "i20", "i21", "i22", "i23", "i24", "<=", ">=",
    "_", "solved",
];

/// Sets to choose from.
#[rustfmt::skip]
pub const SETS: [&str; 62] = [
    "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15",
    "s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23", "s24", "s25", "s26", "s27", "s28", "s29", "s30",
    "s31", "s32", "s33", "s34", "s35", "s36", "s37", "s38", "s39", "s40", "s41", "s42", "s43", "s44", "s45",
    "s46", "s47", "s48", "s49", "s50", "s51", "s52", "s53", "s54", "s55", "s56", "s57", "s58", "s59", "s60",
    "_", "solved",
];

/// Categories of things in houses.
#[rustfmt::skip]
pub const THINGS: [&[&str]; 6] = [
    &["red", "green", "blue", "yellow", "black", "white"],
    &["norwegian", "japanese", "english", "spanish", "french", "greek"],
    &["tea", "milk", "water", "coffee", "juice", "cocoa"],
    &["dog", "cat", "horse", "fox", "zebra", "snail"],
    &["baker", "doctor", "teacher", "painter", "farmer", "pilot"],
    &["piano", "violin", "flute", "guitar", "drum", "harp"],
];

/// The same things, and the words of clues.
#[rustfmt::skip]
pub const THINGS_AND_CLUES: [&str; 44] = [
    "red", "green", "blue", "yellow", "black", "white",
    "norwegian", "japanese", "english", "spanish", "french", "greek",
    "tea", "milk", "water", "coffee", "juice", "cocoa",
    "dog", "cat", "horse", "fox", "zebra", "snail",
    "baker", "doctor", "teacher", "painter", "farmer", "pilot",
    "piano", "violin", "flute", "guitar", "drum", "harp",
     "same", "next", "left", "apart", "before", "gap",
    "_", "solved",
];

/// Names of people.
#[rustfmt::skip]
pub const PEOPLE: [&str; 12] = [
    "Ann", "Bob", "Cora", "Dan", "Eve", "Finn", "Gus", "Hana", "Ivan", "Jo", "Kim", "Leo",
];

/// The same names, and the words of statements.
#[rustfmt::skip]
pub const PEOPLE_AND_CLAIMS: [&str; 25] = [
    "Ann", "Bob", "Cora", "Dan", "Eve", "Finn", "Gus", "Hana", "Ivan", "Jo", "Kim", "Leo",
    "knight", "knave", "says", "and", "or", "if", "then", "same", "differ", "not", "iff",
    "_", "solved",
];

/// Capital letters.
#[rustfmt::skip]
pub const CAPITALS: [&str; 28] = [
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N",
    "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z", "_", "solved",
];

/// Words that the texts of all constraint puzzles have. A name from outside that is one of them could not be told from it.
#[rustfmt::skip]
const WORDS: [&str; 44] = [
    "_", "solved", "not", "contradiction", "of", "start", "target", "cost", "estimate", "open", "goal", "dead", "seen", "cut", "back", "again",
    "to", "at", "drop", "bound", "stop", "unsolvable", "answer", "best", "none", "edges", "arcs", "guess", "place", "toss", "repair", "single",
    "hidden", "unit", "pure", "rule", "locked", "and", "or", "if", "then", "solving", "no", "in",
];

/// What a name from outside can be.
pub const OWN: &str = "letters, digits and _, no digit first, up to 64 bytes, and no word of the texts";

/// Whether a person or thing of a puzzle from outside can be called so: a word that is none of the texts' own, nor of these.
pub fn is_own(name: &str, words: &[&str]) -> bool {
    name.len() <= 64
        && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
        && name.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && !WORDS.contains(&name)
        && !words.contains(&name)
}

/// The cells of a board, row by row: `r1c1`, `r1c2` …
pub fn cells(rows: usize, columns: usize) -> Vec<String> {
    (1..=rows).flat_map(|row| (1..=columns).map(move |column| format!("r{row}c{column}"))).collect()
}

/// Names with numbers counted from 1: `x1`, `x2` …
pub fn numbered(prefix: &str, count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("{prefix}{number}")).collect()
}
