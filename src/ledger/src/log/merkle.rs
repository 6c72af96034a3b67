//! The hash tree over the log (RFC 6962, section 2.1), so that one hash stands for every entry and its place.
//!
//! Kept are every leaf, the roots of whole subtrees of 256, 256², … leaves (as in C2SP tlog-tiles), and the roots along the right edge;
//! every proof can be made of those with few reads.

use sha2::{Digest, Sha256};

use crate::LedgerError;

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The height of a tile: 2⁸ hashes.
const TILE: u32 = 8;

/// The hash of an entry.
pub fn leaf(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The hash of two subtrees.
fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The roots of the whole subtrees that a tree consists of, the largest first: enough to add to it and to know its root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    edge: Vec<Hash>,
}

/// The root of a whole subtree of 256 to the power of `level` leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// 1 for 256 leaves, 2 for 65,536, …
    pub level: u32,
    /// How many of its level come before it.
    pub place: u64,
    /// Its root.
    pub root: Hash,
}

impl Tree {
    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf, and hands over the tiles that it completes.
    pub fn push(&mut self, leaf: Hash, complete: &mut dyn FnMut(Tile)) {
        let (mut root, mut height, mut left) = (leaf, 0_u32, self.size);
        while left & 1 == 1 {
            let sibling = self.edge.pop().expect("the edge has a root for every bit of the size");
            root = node(&sibling, &root);
            (height, left) = (height + 1, left >> 1);
            if height.is_multiple_of(TILE) {
                complete(Tile { level: height / TILE, place: self.size >> height, root });
            }
        }
        self.edge.push(root);
        self.size += 1;
    }

    /// The hash that stands for all of it.
    pub fn root(&self) -> Hash {
        let mut roots = self.edge.iter().rev();
        let Some(&last) = roots.next() else { return Sha256::digest([]).into() };
        roots.fold(last, |right, left| node(left, &right))
    }

    /// The edge as it is stored.
    pub(crate) fn edge(&self) -> Vec<u8> {
        self.edge.concat()
    }

    /// The tree with this edge; none if the edge cannot be that of a tree of this size.
    pub(crate) fn of(size: u64, edge: &[u8]) -> Option<Self> {
        let (roots, rest) = edge.as_chunks::<32>();
        (rest.is_empty() && roots.len() == size.count_ones() as usize).then(|| Self { size, edge: roots.to_vec() })
    }
}

/// Where hashes that were kept can be had.
pub(crate) trait Hashes {
    /// The leaves from `start` to before `end`.
    fn leaves(&mut self, start: u64, end: u64) -> Result<Vec<Hash>, LedgerError>;
    /// The tiles of a level from `start` to before `end`.
    fn tiles(&mut self, level: u32, start: u64, end: u64) -> Result<Vec<Hash>, LedgerError>;
}

/// The hashes beside the way from an entry to the root of the first `size` entries, the lowest first.
pub(crate) fn inclusion(hashes: &mut dyn Hashes, index: u64, size: u64) -> Result<Vec<Hash>, LedgerError> {
    let (mut start, mut end, mut beside) = (0, size, Vec::new());
    while end - start > 1 {
        let middle = start + split(end - start);
        let other = if index < middle { (middle, end) } else { (start, middle) };
        beside.push(range(hashes, other.0, other.1)?);
        (start, end) = if index < middle { (start, middle) } else { (middle, end) };
    }
    beside.reverse();
    Ok(beside)
}

/// The root that an entry and the hashes beside its way lead to; none if there are too many or too few of those.
pub fn root_of(entry: Hash, index: u64, size: u64, beside: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut start, mut end, mut ways) = (0, size, Vec::new());
    while end - start > 1 {
        let middle = start + split(end - start);
        ways.push(index < middle);
        (start, end) = if index < middle { (start, middle) } else { (middle, end) };
    }
    let step = |root: Hash, (is_left, other): (bool, &Hash)| if is_left { node(&root, other) } else { node(other, &root) };
    (ways.len() == beside.len()).then(|| ways.into_iter().rev().zip(beside).fold(entry, step))
}

/// The root over a range of leaves.
fn range(hashes: &mut dyn Hashes, start: u64, end: u64) -> Result<Hash, LedgerError> {
    let count = end - start;
    if count <= 1 << TILE {
        return Ok(over(&hashes.leaves(start, end)?));
    }
    if count.is_power_of_two() && start.is_multiple_of(count) {
        let level = count.trailing_zeros() / TILE;
        let shift = level * TILE;
        return Ok(over(&hashes.tiles(level, start >> shift, end >> shift)?));
    }
    let middle = start + split(count);
    Ok(node(&range(hashes, start, middle)?, &range(hashes, middle, end)?))
}

/// The root over these hashes.
fn over(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => Sha256::digest([]).into(),
        [one] => *one,
        many => {
            let (left, right) = many.split_at(split(many.len() as u64) as usize);
            node(&over(left), &over(right))
        }
    }
}

/// The largest power of two below `count`, which is more than one.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Kept {
        leaves: Vec<Hash>,
        tiles: Vec<Tile>,
    }

    impl Hashes for Kept {
        fn leaves(&mut self, start: u64, end: u64) -> Result<Vec<Hash>, LedgerError> {
            Ok(self.leaves[start as usize..end as usize].to_vec())
        }

        fn tiles(&mut self, level: u32, start: u64, end: u64) -> Result<Vec<Hash>, LedgerError> {
            let of = |place| self.tiles.iter().find(|tile| tile.level == level && tile.place == place).expect("it was completed").root;
            Ok((start..end).map(of).collect())
        }
    }

    fn grown(size: u64) -> (Tree, Kept) {
        let (mut tree, mut kept) = (Tree::default(), Kept { leaves: Vec::new(), tiles: Vec::new() });
        for number in 0..size {
            let leaf = leaf(&number.to_be_bytes());
            kept.leaves.push(leaf);
            tree.push(leaf, &mut |tile| kept.tiles.push(tile));
        }
        (tree, kept)
    }

    fn hex(hash: Hash) -> String {
        data_encoding::HEXLOWER.encode(&hash)
    }

    /// The leaves and roots that Certificate Transparency's own test suites use.
    #[test]
    fn the_roots_are_those_of_certificate_transparency() {
        let entries: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let mut tree = Tree::default();
        assert_eq!(hex(tree.root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (number, entry) in entries.iter().enumerate() {
            tree.push(leaf(entry), &mut |_| {});
            match number {
                0 => assert_eq!(hex(tree.root()), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
                7 => assert_eq!(hex(tree.root()), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
                _ => {}
            }
        }
    }

    #[test]
    fn every_entry_of_trees_of_many_sizes_is_proven_and_no_other_is() {
        for size in [1, 2, 3, 7, 255, 256, 257, 300, 512, 700, 1025, 66_000] {
            let (tree, mut kept) = grown(size);
            assert_eq!(Tree::of(size, &tree.edge()), Some(tree.clone()));
            let step = (size / 50).max(1) as usize;
            for index in (0..size).step_by(step).chain([size - 1]) {
                let beside = inclusion(&mut kept, index, size).unwrap();
                let entry = kept.leaves[index as usize];
                assert_eq!(root_of(entry, index, size, &beside), Some(tree.root()), "{index} of {size}");
                assert_ne!(root_of(leaf(b"another"), index, size, &beside), Some(tree.root()));
                assert_eq!(root_of(entry, size, size, &beside), None);
            }
        }
    }
}
