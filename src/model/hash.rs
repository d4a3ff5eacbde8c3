//! The SHA-256 of bytes, in hex. Must be the same wherever it is written down.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The hash of some bytes: 64 digits.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_is_the_one_that_everybody_else_computes() {
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(super::hash(b""), nothing);
    }
}
