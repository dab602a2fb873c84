//! Bytes to UTF-8 text: UTF-8, UTF-8 with a byte-order mark, UTF-16 by its byte-order mark. UTF-16 without one is told by
//! its name.

use std::borrow::Cow;

/// Why bytes are not text.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The user's file is in another encoding, or no text.
    #[error("not UTF-8: byte {offset} (0x{byte:02x}) on line {line}, column {column}")]
    NotUtf8 { offset: usize, byte: u8, line: u32, column: u32 },
    /// The user's file says UTF-16 and breaks its rules.
    #[error("starts with a {encoding} byte-order mark but is not valid {encoding}")]
    NotUtf16 { encoding: &'static str },
    /// Every other byte at the start is zero.
    #[error("looks like {encoding} without a byte-order mark")]
    WithoutMark { encoding: &'static str },
}

impl DecodeError {
    /// The line and column where it starts, from 1.
    pub fn line_column(&self) -> (u32, u32) {
        match self {
            DecodeError::NotUtf8 { line, column, .. } => (*line, *column),
            DecodeError::NotUtf16 { .. } | DecodeError::WithoutMark { .. } => (1, 1),
        }
    }
}

/// The text of `bytes` without a byte-order mark.
pub fn decode(bytes: Vec<u8>) -> Result<String, DecodeError> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(&bytes) {
        if encoding != encoding_rs::UTF_8 {
            let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
            return text.map(Cow::into_owned).ok_or(DecodeError::NotUtf16 { encoding: encoding.name() });
        }
        let mut bytes = bytes;
        bytes.drain(..mark);
        return utf8(bytes);
    }
    match without_mark(&bytes) {
        Some(encoding) => Err(DecodeError::WithoutMark { encoding }),
        None => utf8(bytes),
    }
}

/// The form of UTF-16 that bytes are in by their first two characters, which are ASCII in any file that is written for
/// duly. No text has the zero bytes that this leaves.
fn without_mark(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [1..=127, 0, 1..=127, 0, ..] => Some("UTF-16LE"),
        [0, 1..=127, 0, 1..=127, ..] => Some("UTF-16BE"),
        _ => None,
    }
}

fn utf8(bytes: Vec<u8>) -> Result<String, DecodeError> {
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let before = &bytes[..offset];
        let line = before.iter().filter(|&&b| b == b'\n').count() as u32 + 1;
        let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |i| i + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() as u32 + 1;
        DecodeError::NotUtf8 { offset, byte: bytes[offset], line, column }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_supported_encoding_gives_the_same_text() {
        let text = "id: Zoë\n";
        let utf16 = |little: bool| {
            let mut bytes = if little { vec![0xff, 0xfe] } else { vec![0xfe, 0xff] };
            for unit in text.encode_utf16() {
                bytes.extend(if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
            }
            bytes
        };
        let mut with_mark = vec![0xef, 0xbb, 0xbf];
        with_mark.extend(text.as_bytes());
        for bytes in [text.as_bytes().to_vec(), with_mark, utf16(true), utf16(false)] {
            assert_eq!(decode(bytes).as_deref(), Ok(text));
        }
    }

    #[test]
    fn utf16_without_a_mark_is_named() {
        let little: Vec<u8> = "id: x".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "id: x".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(little), Err(DecodeError::WithoutMark { encoding: "UTF-16LE" }));
        assert_eq!(decode(big), Err(DecodeError::WithoutMark { encoding: "UTF-16BE" }));
        assert_eq!(decode(b"a\0b".to_vec()).as_deref(), Ok("a\0b"));
    }

    #[test]
    fn a_wrong_byte_is_placed() {
        assert_eq!(
            decode(b"a: 1\nb: \xe9\n".to_vec()),
            Err(DecodeError::NotUtf8 { offset: 8, byte: 0xe9, line: 2, column: 4 })
        );
        assert!(matches!(decode(vec![0xff, 0xfe, 0x00]), Err(DecodeError::NotUtf16 { .. })));
        assert!(matches!(
            decode(vec![0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00]),
            Err(DecodeError::NotUtf16 { .. })
        ));
    }
}
