//! What tells whether two tables have the same rows.

use sha2::{Digest as _, Sha256};

use super::cell::Cell;

/// How many rows there are, and a number made of all of them.
///
/// It is the SHA-256 of each row, all of them combined by exclusive or: each row begins with its key, so that none is
/// there twice, and the order does not matter, in which engines differ where a key is no plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Digest {
    pub(super) rows: u64,
    sum: [u8; 32],
}

impl Digest {
    /// One more row.
    pub(super) fn add(&mut self, cells: &[Cell<'_>]) {
        let mut hash = Sha256::new();
        for cell in cells {
            let (kind, bytes) = match cell {
                Cell::Null => (b'0', &[][..]),
                Cell::Integer(integer) => (b'i', &integer.to_le_bytes()[..]),
                Cell::Text(text) => (b't', text.as_bytes()),
                Cell::Blob(bytes) => (b'b', &bytes[..]),
            };
            // With its length before it a value cannot be taken for two.
            hash.update([kind]);
            hash.update(bytes.len().to_le_bytes());
            hash.update(bytes);
        }
        for (sum, byte) in self.sum.iter_mut().zip(hash.finalize()) {
            *sum ^= byte;
        }
        self.rows += 1;
    }

    /// In hexadecimal digits.
    pub(super) fn hexadecimal(&self) -> String {
        base16ct::lower::encode_string(&self.sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&[Cell<'_>]]) -> Digest {
        let mut digest = Digest::default();
        for row in rows {
            digest.add(row);
        }
        digest
    }

    /// Every value counts, its type and its place do, and the order of rows does not.
    #[test]
    fn rows() {
        let text = |text: &'static str| Cell::Text(text.into());
        let one = [Cell::Integer(1), text("ab"), text("")];
        let two = [Cell::Integer(2), Cell::Null, text("c")];
        let both = of(&[&one, &two]);
        assert_eq!(both, of(&[&two, &one]));
        assert_eq!(both.rows, 2);
        assert_ne!(both, of(&[&one]));
        for other in [
            [Cell::Integer(1), text("a"), text("b")],
            [Cell::Integer(1), text("ab"), Cell::Null],
            [text("1"), text("ab"), text("")],
            [Cell::Integer(1), Cell::Blob(b"ab".into()), text("")],
        ] {
            assert_ne!(both, of(&[&other, &two]), "{other:?}");
        }
    }
}
