//! Reading of lines that are too long to hold in memory.

use std::io::BufRead;

/// Skips the rest of a line, its end included, and calls `each` with each piece. Gives the number of bytes.
pub fn skip_line(input: &mut impl BufRead, mut each: impl FnMut(&[u8])) -> std::io::Result<u64> {
    let mut skipped = 0;
    loop {
        let chunk = input.fill_buf()?;
        let end = memchr::memchr(b'\n', chunk);
        let bytes = end.map_or(chunk.len(), |end| end + 1);
        if bytes == 0 {
            return Ok(skipped);
        }
        each(&chunk[..bytes]);
        skipped += bytes as u64;
        input.consume(bytes);
        if end.is_some() {
            return Ok(skipped);
        }
    }
}
