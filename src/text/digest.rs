//! SHA-256, by which duly names content: the files it read, packs, findings. Written as lower-case hexadecimal
//! digits, 64 where nothing else is said.

use std::sync::OnceLock;

use data_encoding::{BASE64, HEXLOWER};
use sha2::Digest as _;

/// A digest of bytes that come in pieces.
#[derive(Default)]
pub struct Digest(sha2::Sha256);

impl Digest {
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn hex(self) -> String {
        HEXLOWER.encode(&self.0.finalize())
    }
}

/// The digest of bytes.
pub fn of(bytes: &[u8]) -> String {
    HEXLOWER.encode(&sha2::Sha256::digest(bytes))
}

/// The keyed digest (HMAC-SHA-256, RFC 2104) of bytes: 64 digits; none where the key cannot be used.
pub fn keyed(key: &[u8], bytes: &[u8]) -> Option<String> {
    use hmac::{KeyInit, Mac};
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(key).ok()?;
    mac.update(bytes);
    Some(HEXLOWER.encode(&mac.finalize().into_bytes()))
}

/// The digest of no bytes.
pub const OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Whether a digest is that of a file that says nothing: one without bytes, with a blank, or with a line end only.
pub fn is_of_nothing(digest: &str) -> bool {
    static BLANK: OnceLock<Vec<String>> = OnceLock::new();
    let blank = BLANK
        .get_or_init(|| ["", " ", "\n", "\r\n", "\0", "\n\n", "\u{feff}"].map(|t| of(t.as_bytes())).to_vec());
    blank.iter().any(|of_blank| of_blank.eq_ignore_ascii_case(digest))
}

/// The digest of a list of texts. Each stands behind its length (8 bytes, the lowest first), so that two lists
/// with the same digest are the same list.
pub fn of_parts(parts: &[impl AsRef<str>]) -> String {
    let mut digest = Digest::default();
    for part in parts {
        let part = part.as_ref().as_bytes();
        digest.add(&(part.len() as u64).to_le_bytes());
        digest.add(part);
    }
    digest.hex()
}

/// The first 32 digits of [`of_parts`]: what findings and problems are recognised by.
pub fn fingerprint(parts: &[&str]) -> String {
    let mut digits = of_parts(parts);
    digits.truncate(32);
    digits
}

/// The digest of bytes in Base64, as a content security policy names a style or a script.
pub fn base64_of(bytes: &[u8]) -> String {
    BASE64.encode(&sha2::Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn digests_are_those_of_the_standard() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(of(b"abc"), abc);
        assert_eq!(of(b""), OF_NOTHING);
        let mut digest = Digest::default();
        digest.add(b"a");
        digest.add(b"bc");
        assert_eq!(digest.hex(), abc);
        assert_eq!(of_parts(&[] as &[&str]), of(b""));
        assert_eq!(of_parts(&["abc"]), of(b"\x03\0\0\0\0\0\0\0abc"));
        assert_eq!(fingerprint(&["abc"]), of_parts(&["abc"])[..32]);
        assert_eq!(base64_of(b""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn keyed_digests_are_those_of_the_standard() {
        // RFC 4231, test cases 2 and 6.
        assert_eq!(
            keyed(b"Jefe", b"what do ya want for nothing?").as_deref(),
            Some("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        );
        assert_eq!(
            keyed(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First").as_deref(),
            Some("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        );
    }

    proptest! {
        #[test]
        fn parts_are_unambiguous(a in list(), b in list()) {
            prop_assert_eq!(of_parts(&a) == of_parts(&b), a == b);
            // The same text, cut elsewhere.
            let joined = [a.concat()];
            prop_assert_eq!(of_parts(&a) == of_parts(&joined), a == joined);
        }
    }

    /// Short lists of short texts, so that many are alike but for where they are cut.
    fn list() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("[ab\0]{0,3}", 0..4)
    }
}
