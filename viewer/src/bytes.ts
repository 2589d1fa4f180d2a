// The program counts bytes of UTF-8, JavaScript counts units of UTF-16. A text is measured once; then a place is found in a few steps.

const STRIDE = 512;

/** The places of a text in bytes and in units of UTF-16. */
export class Places {
  /** The byte of every 512th unit; none where all characters are of one byte and both counts are the same. */
  private readonly bytes: Uint32Array | null;
  /** The length of the text in bytes. */
  readonly length: number;

  constructor(private readonly text: string) {
    let byte = 0;
    const bytes = new Uint32Array(Math.floor(text.length / STRIDE) + 1);
    for (let unit = 0; unit < text.length; unit++) {
      if (unit % STRIDE === 0) bytes[unit / STRIDE] = byte;
      byte += size(text.charCodeAt(unit));
    }
    this.length = byte;
    this.bytes = byte === text.length ? null : bytes;
  }

  /** The unit where a byte is. A byte inside a character counts as the character's first. */
  unit(byte: number): number {
    if (this.bytes === null) return Math.max(0, Math.min(byte, this.text.length));
    if (byte >= this.length) return this.text.length;
    let low = 0;
    let high = this.bytes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.bytes[middle] <= byte && (middle === 0 || this.bytes[middle] > 0)) low = middle;
      else high = middle - 1;
    }
    let unit = low * STRIDE;
    let at = this.bytes[low];
    while (unit < this.text.length) {
      const next = at + size(this.text.charCodeAt(unit));
      if (next > byte) break;
      at = next;
      unit++;
    }
    return unit;
  }
}

/** The bytes that a unit of UTF-16 adds. The two halves of a pair add two each. */
function size(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code >= 0xd800 && code <= 0xdfff ? 2 : 3;
}
