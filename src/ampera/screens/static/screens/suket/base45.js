// Base45 (RFC 9285), the alphabet in which a QR code is densest. Throws on what no encoder writes.

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

export function decode(text) {
  const out = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = [...text.slice(at, at + 3)].map((letter) => ALPHABET.indexOf(letter));
    if (group.length === 1 || group.includes(-1)) throw new Error("no base45 text");
    const value = group.reduceRight((sum, each) => sum * 45 + each, 0);
    const width = group.length - 1;
    if (value >= 256 ** width) throw new Error("no base45 text");
    if (width === 2) out.push(value >> 8);
    out.push(value & 255);
  }
  return new Uint8Array(out);
}
