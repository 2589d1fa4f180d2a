// Small PNG files: few colours, which drawings have anyway. A picture of the gallery has a few thousand bytes.

import { deflateSync } from "node:zlib";
import { PNG } from "pngjs";

/** Writes a picture anew with so many colours at most (up to 256). */
export function small(picture: Buffer, most: number): Buffer {
  const { width, height, data } = PNG.sync.read(picture);
  const colours = palette(data, most);
  const nearest = new Map<number, number>();
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = data.readUIntBE(4 * (y * width + x), 3);
      let index = nearest.get(colour);
      if (index === undefined) nearest.set(colour, (index = closest(colours, colour)));
      rows[y * (width + 1) + x + 1] = index;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([colours.length <= 16 ? 4 : 8, 3, 0, 0, 0], 8);
  const bits = colours.length <= 16 ? halved(rows, width, height) : rows;
  const table = Buffer.concat(colours.map((colour) => Buffer.from([colour >> 16, (colour >> 8) & 255, colour & 255])));
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", head), chunk("PLTE", table), chunk("IDAT", deflateSync(bits, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

/** The most frequent colours that are not too near to each other. */
function palette(data: Buffer, most: number): number[] {
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at += 4) {
    const colour = data.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const sorted = [...counts].sort((one, other) => other[1] - one[1]).map(([colour]) => colour);
  for (let apart = 40; ; apart -= 8) {
    const chosen: number[] = [];
    for (const colour of sorted) {
      if (chosen.length < most && chosen.every((other) => distance(colour, other) >= apart * apart)) chosen.push(colour);
    }
    // Nearer colours as well, where there is room for them.
    if (chosen.length >= Math.min(most, sorted.length) || apart <= 8) return chosen;
  }
}

function closest(colours: number[], colour: number): number {
  let best = 0;
  for (let at = 1; at < colours.length; at++) if (distance(colours[at], colour) < distance(colours[best], colour)) best = at;
  return best;
}

function distance(one: number, other: number): number {
  const part = (shift: number) => (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2;
  return part(16) + part(8) + part(0);
}

/** Two pixels in a byte. */
function halved(rows: Buffer, width: number, height: number): Buffer {
  const bytes = Math.ceil(width / 2) + 1;
  const packed = Buffer.alloc(height * bytes);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) packed[y * bytes + 1 + (x >> 1)] |= rows[y * (width + 1) + 1 + x] << (x % 2 === 0 ? 4 : 0);
  }
  return packed;
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "ascii"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(checksum(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** The CRC-32 of PNG. */
function checksum(data: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of data) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
