//! Bank routing numbers of the United States.

/// Nine digits with the ABA check digit: 3(d1+d4+d7) + 7(d2+d5+d8) + (d3+d6+d9) divisible by ten.
pub(super) fn routing_checksum_ok(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 9 || !bytes.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let weights = [3, 7, 1, 3, 7, 1, 3, 7, 1];
    let sum: u32 = bytes.iter().zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
    sum > 0 && sum.is_multiple_of(10)
}

/// A valid checksum behind a prefix that the Federal Reserve assigns: 01–12, 21–32, 61–72, 80, and 00 for
/// the government.
pub fn routing_number_ok(text: &str) -> bool {
    let prefix = text.get(..2).and_then(|p| p.parse::<u32>().ok());
    routing_checksum_ok(text) && matches!(prefix, Some(0..=12 | 21..=32 | 61..=72 | 80))
}
