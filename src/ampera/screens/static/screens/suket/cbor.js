// The part of CBOR (RFC 8949) that a suket uses: whole numbers, byte and text strings, arrays, maps
// and tags, all of known length. Anything else throws.

const DEPTH_MAX = 8;

export class Tagged {
  constructor(tag, value) {
    this.tag = tag;
    this.value = value;
  }
}

// One item and nothing behind it. Maps become Map, byte strings Uint8Array.
export function decode(bytes) {
  const reader = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at: 0 };
  const found = item(reader, 0);
  if (reader.at !== bytes.length) throw new Error("something follows");
  return found;
}

function head(reader) {
  const first = reader.view.getUint8(reader.at++);
  const type = first >> 5;
  const short = first & 31;
  if (short < 24) return [type, short];
  const width = { 24: 1, 25: 2, 26: 4, 27: 8 }[short];
  if (width === undefined) throw new Error("of unknown length");
  const at = reader.at;
  reader.at += width;
  if (width === 1) return [type, reader.view.getUint8(at)];
  if (width === 2) return [type, reader.view.getUint16(at)];
  if (width === 4) return [type, reader.view.getUint32(at)];
  const long = Number(reader.view.getBigUint64(at));
  if (!Number.isSafeInteger(long)) throw new Error("a number too large");
  return [type, long];
}

function taken(reader, length) {
  if (reader.at + length > reader.bytes.length) throw new Error("cut short");
  reader.at += length;
  return reader.bytes.slice(reader.at - length, reader.at);
}

function item(reader, depth) {
  if (depth > DEPTH_MAX) throw new Error("too deep");
  const [type, value] = head(reader);
  switch (type) {
    case 0:
      return value;
    case 1:
      return -1 - value;
    case 2:
      return taken(reader, value);
    case 3:
      return new TextDecoder("utf-8", { fatal: true }).decode(taken(reader, value));
    case 4: {
      const list = [];
      for (let number = 0; number < value; number++) list.push(item(reader, depth + 1));
      return list;
    }
    case 5: {
      const map = new Map();
      for (let number = 0; number < value; number++) {
        const key = item(reader, depth + 1);
        map.set(key, item(reader, depth + 1));
      }
      return map;
    }
    case 6:
      return new Tagged(value, item(reader, depth + 1));
    default:
      throw new Error("a kind that no suket has");
  }
}

function headOf(type, length) {
  if (length < 24) return [(type << 5) | length];
  if (length < 256) return [(type << 5) | 24, length];
  if (length < 65536) return [(type << 5) | 25, length >> 8, length & 255];
  throw new Error("longer than any part of a suket");
}

// Sig_structure of a COSE_Sign1 (RFC 9052 §4.4): what the signature is over.
export function signedBytes(protectedHeader, payload) {
  const context = new TextEncoder().encode("Signature1");
  const parts = [
    headOf(4, 4),
    [...headOf(3, context.length), ...context],
    [...headOf(2, protectedHeader.length), ...protectedHeader],
    headOf(2, 0),
    [...headOf(2, payload.length), ...payload],
  ];
  return new Uint8Array(parts.flat());
}
