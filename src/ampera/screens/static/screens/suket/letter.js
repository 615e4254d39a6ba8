// Is the code on a suket genuine, and still valid? Asked here in the order in which the server asks
// it (suket/rules/checking.py); one table of tests holds both.

import { decode as decode45 } from "./base45.js";
import { decode as decodeCbor, signedBytes, Tagged } from "./cbor.js";

const TEXT_MAX = 1500;
const UNPACKED_MAX = 4096;
// CWT claims (RFC 8392), claim 169 and its attributes, our own claim, COSE labels (RFC 9052).
const CLAIM = { issuer: 1, expires: 4, notBefore: 5, id: 7, identity: 169, letter: -65537 };
const PERSON = { name: 4, born: 8 };
const LETTER = { number: 1, status: 2, isSample: 3 };
const COSE_SIGN1 = 18;
const HEADER = { algorithm: 1, key: 4 };
const EDDSA = -8;

const hex = (bytes) => [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");

// Can this browser check by itself? Without https there is no WebCrypto; old ones lack Ed25519.
export async function canCheck() {
  if (!globalThis.crypto?.subtle || !globalThis.DecompressionStream) return false;
  try {
    const probe = new Uint8Array(32);
    probe[0] = 1;
    await crypto.subtle.importKey("raw", probe, { name: "Ed25519" }, false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

async function unpacked(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const parts = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > UNPACKED_MAX) {
      await reader.cancel();
      throw new Error("longer than any suket");
    }
    parts.push(...value);
  }
  return new Uint8Array(parts);
}

async function opened(text) {
  const plain = text.trim();
  if (plain.length > TEXT_MAX) throw new Error("longer than any code of a suket");
  let message = decodeCbor(await unpacked(decode45(plain)));
  if (message instanceof Tagged && message.tag === COSE_SIGN1) message = message.value;
  const [header, unprotectedHeader, payload, signature] = message;
  const isOurs = message.length === 4 && unprotectedHeader instanceof Map;
  // Nothing stands outside of the signature: what is signed has an empty header there.
  if (!isOurs || unprotectedHeader.size !== 0) throw new Error("no COSE_Sign1 of ours");
  if (![header, payload, signature].every((each) => each instanceof Uint8Array))
    throw new Error("no COSE_Sign1 of ours");
  return { header, payload, signature };
}

function map(bytes) {
  const found = decodeCbor(bytes);
  if (!(found instanceof Map)) throw new Error("no map");
  return found;
}

// How a suket that ended stands on the public list.
async function markOf(id, number) {
  const text = new TextEncoder().encode(`${new TextDecoder().decode(id)}\n${number}`);
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", text))).slice(0, 32);
}

// `keys`: Map of key id in hex → 32 bytes; `ended`: Set of marks; `now`: seconds since 1970.
export async function check(text, { keys, ended, now }) {
  let message;
  let key;
  try {
    message = await opened(text);
    const header = map(message.header);
    if (header.get(HEADER.algorithm) !== EDDSA) return { finding: "unreadable" };
    key = keys.get(hex(header.get(HEADER.key)));
  } catch {
    return { finding: "unreadable" };
  }
  if (key === undefined) return { finding: "other_key" };
  const signed = signedBytes(message.header, message.payload);
  const usable = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  if (!(await crypto.subtle.verify({ name: "Ed25519" }, usable, message.signature, signed)))
    return { finding: "not_genuine" };
  try {
    return await judged(map(message.payload), { ended, now });
  } catch {
    return { finding: "unreadable" };
  }
}

async function judged(told, { ended, now }) {
  const letter = told.get(CLAIM.letter);
  const person = told.get(CLAIM.identity);
  const expires = told.get(CLAIM.expires);
  const number = letter.get(LETTER.number);
  let finding = "valid";
  if (ended.has(await markOf(told.get(CLAIM.id), number))) finding = "ended";
  else if (now >= expires) finding = "expired";
  else if (now < told.get(CLAIM.notBefore)) finding = "too_early";
  return {
    finding,
    issuer: told.get(CLAIM.issuer),
    number,
    status: letter.get(LETTER.status),
    name: person.get(PERSON.name),
    born: person.get(PERSON.born), // YYYYMMDD
    expires,
    isSample: Boolean(letter.get(LETTER.isSample)),
  };
}
