//! Names of nodes: numbers, letters, or a list.

use super::{MAX_NODES, Node};
use crate::text::{LARGEST_TOKEN, Reader, Style, write_number, write_number_tokens};

/// The names of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// 0, 1, 2 …
    Numbers,
    /// A to Z, AA, AB …
    Letters,
    /// Names from a list.
    Listed(Listed),
}

/// A list of distinct names, with a table to find a node by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    text: Vec<u8>,
    ends: Vec<u32>,
    sorted: Vec<Node>,
}

/// Longest name in bytes.
pub const LONGEST: usize = 64;

/// Whether a byte can be part of a name: ASCII letters and digits, `_`, and all bytes of other scripts.
#[inline]
fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Whether a text can be a name. Separators of atoms (spaces, brackets, quotes, signs) are not allowed.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= LONGEST && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// The number that a name spells, without leading zeros; none if it is not a number.
pub fn as_number(name: &[u8]) -> Option<u64> {
    let mut reader = Reader::new(name);
    reader.number().filter(|_| reader.is_at_end())
}

/// Writes an index in letters: bijective base 26.
fn write_letters(index: usize, out: &mut Vec<u8>) {
    let mut letters = [0u8; 8];
    let mut place = letters.len();
    let mut rest = index + 1;
    while rest > 0 && place > 0 {
        rest -= 1;
        place -= 1;
        letters[place] = b'A' + (rest % 26) as u8;
        rest /= 26;
    }
    out.extend_from_slice(&letters[place..]);
}

/// The index that letters spell; none for other texts.
fn of_letters(name: &[u8]) -> Option<usize> {
    if name.is_empty() || name.len() > 4 || !name.iter().all(u8::is_ascii_uppercase) {
        return None;
    }
    Some(name.iter().fold(0, |value, letter| value * 26 + usize::from(letter - b'A') + 1) - 1)
}

/// Takes the longest prefix that can be a name.
fn take_name<'a>(reader: &mut Reader<'a>) -> &'a [u8] {
    let rest = reader.rest();
    let len = rest.iter().position(|&byte| !is_part(byte)).unwrap_or(rest.len());
    reader.seek(reader.position() + len);
    &rest[..len]
}

fn node(index: usize, nodes: usize) -> Option<Node> {
    if index < nodes { u16::try_from(index).ok().map(Node) } else { None }
}

impl Names {
    /// The names of a list, in the order of the nodes, in their simplest form; none if two are the same.
    pub fn of_list<'a>(list: impl Iterator<Item = &'a [u8]> + Clone) -> Option<Names> {
        if list.clone().enumerate().all(|(i, name)| as_number(name) == Some(i as u64)) {
            return Some(Names::Numbers);
        }
        if list.clone().enumerate().all(|(i, name)| of_letters(name) == Some(i)) {
            return Some(Names::Letters);
        }
        let mut text = Vec::new();
        let mut ends = Vec::new();
        for name in list.take(MAX_NODES) {
            text.extend_from_slice(name);
            ends.push(text.len() as u32);
        }
        let mut listed = Listed { text, sorted: (0..ends.len()).map(|i| Node(i as u16)).collect(), ends };
        let mut sorted = std::mem::take(&mut listed.sorted);
        sorted.sort_unstable_by(|&a, &b| listed.name(a).cmp(listed.name(b)));
        let distinct = sorted.windows(2).all(|pair| listed.name(pair[0]) != listed.name(pair[1]));
        listed.sorted = sorted;
        distinct.then_some(Names::Listed(listed))
    }

    /// Writes the name of a node in plain form.
    #[inline]
    pub fn write(&self, node: Node, out: &mut Vec<u8>) {
        match self {
            Names::Numbers => write_number(u64::from(node.0), out),
            Names::Letters => write_letters(node.index(), out),
            Names::Listed(listed) => out.extend_from_slice(listed.name(node)),
        }
    }

    /// Writes the name of a node as an atom. The compact style writes numbers in groups.
    #[inline]
    pub fn write_atom(&self, node: Node, style: Style, out: &mut Vec<u8>) {
        if style == Style::Compact {
            match self {
                Names::Numbers => return write_number_tokens(u64::from(node.0), out),
                Names::Letters => {}
                Names::Listed(listed) => {
                    if let Some(number) = as_number(listed.name(node)).filter(|&number| number > LARGEST_TOKEN) {
                        return write_number_tokens(number, out);
                    }
                }
            }
        }
        self.write(node, out);
    }

    /// The node with this plain name.
    pub fn find(&self, name: &[u8], nodes: usize) -> Option<Node> {
        match self {
            Names::Numbers => node(usize::try_from(as_number(name)?).ok()?, nodes),
            Names::Letters => node(of_letters(name)?, nodes),
            Names::Listed(listed) => listed.find(name),
        }
    }

    /// Reads what [`Names::write_atom`] writes.
    pub fn read_atom(&self, nodes: usize, style: Style, reader: &mut Reader<'_>) -> Option<Node> {
        let mut ahead = *reader;
        let name = take_name(&mut ahead);
        if style != Style::Compact || as_number(name).is_none() {
            *reader = ahead;
            return self.find(name, nodes);
        }
        let number = reader.number_tokens()?;
        let mut digits = Vec::with_capacity(20);
        match self {
            Names::Numbers => node(usize::try_from(number).ok()?, nodes),
            Names::Letters => None,
            Names::Listed(listed) => {
                write_number(number, &mut digits);
                listed.find(&digits)
            }
        }
    }
}

impl Listed {
    fn name(&self, node: Node) -> &[u8] {
        let begin = node.index().checked_sub(1).and_then(|i| self.ends.get(i)).copied().unwrap_or(0);
        let end = self.ends.get(node.index()).copied().unwrap_or(begin);
        &self.text[begin as usize..end as usize]
    }

    fn find(&self, name: &[u8]) -> Option<Node> {
        let place = self.sorted.binary_search_by(|&node| self.name(node).cmp(name)).ok()?;
        self.sorted.get(place).copied()
    }
}
