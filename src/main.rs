//! The program `sos`.
fn main() {}
