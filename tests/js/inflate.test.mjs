import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';

import { scripts } from './scripts.mjs';

const { gunzip, inflate, crc32 } = scripts('inflate').inflate;

/* Numbers that look drawn by chance and are the same in every run (mulberry32). */
function chance(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function filled(length, make) {
  const next = chance(length + 1);
  return Buffer.from(Uint8Array.from({ length }, (_, i) => make(next, i)));
}

const CONTENTS = {
  nothing: Buffer.alloc(0),
  'one byte': Buffer.from([0]),
  'one byte many times': Buffer.alloc(100000, 7),
  noise: filled(100000, (next) => Math.floor(next() * 256)),
  'a few values': filled(200000, (next) => Math.floor(next() ** 6 * 256)),
  'two values': filled(50000, (next) => (next() < 0.001 ? 1 : 0)),
  text: Buffer.from('Culiacán, Sinaloa. '.repeat(5000) + 'fin'),
  'more than a window apart': Buffer.concat([
    filled(300, (next) => Math.floor(next() * 256)),
    Buffer.alloc(32768 - 300),
    filled(300, (next) => Math.floor(next() * 256)),
    Buffer.alloc(40000, 3),
  ]),
};
const STRATEGIES = ['Z_DEFAULT_STRATEGY', 'Z_FIXED', 'Z_HUFFMAN_ONLY', 'Z_RLE', 'Z_FILTERED'];

for (const [name, content] of Object.entries(CONTENTS)) {
  test('what zlib packs at any level and in any way is unpacked: ' + name, () => {
    for (let level = 0; level <= 9; level++) {
      const found = gunzip(gzipSync(content, { level }));
      assert.ok(content.equals(found), 'level ' + level);
    }
    for (const strategy of STRATEGIES) {
      const found = gunzip(gzipSync(content, { strategy: constants[strategy] }));
      assert.ok(content.equals(found), strategy);
    }
  });
}

test('lengths from 0 to 600 are unpacked', () => {
  for (let length = 0; length <= 600; length++) {
    const content = filled(length, (next) => Math.floor(next() * 4));
    assert.ok(content.equals(gunzip(gzipSync(content))), String(length));
  }
});

test('a stored block is copied, and one whose length is not confirmed is refused', () => {
  const block = [1, 3, 0, 252, 255, 65, 66, 67];

  assert.deepEqual(Buffer.from(inflate(Uint8Array.from(block), 3).out).toString(), 'ABC');
  assert.throws(() => inflate(Uint8Array.from([1, 3, 0, 252, 254, 65, 66, 67]), 3), /not confirmed/);
  assert.throws(() => inflate(Uint8Array.from(block.slice(0, -1)), 3), /too early/);
});

test('where the packed bytes end is told, to the byte', () => {
  for (const text of ['', 'a', 'abcabcabc', 'x'.repeat(1000)]) {
    const packed = deflateRawSync(text);
    const { out, end } = inflate(Buffer.concat([packed, Buffer.alloc(5)]), text.length);
    assert.equal(Buffer.from(out).toString(), text);
    assert.equal(end, packed.length);
  }
});

test('data cut anywhere are refused', () => {
  for (const level of [0, 1, 9]) {
    const packed = gzipSync(CONTENTS.text.subarray(0, 3000), { level });
    for (let length = 0; length < packed.length; length++) {
      assert.throws(() => gunzip(packed.subarray(0, length)), /cannot be read/, `${level} ${length}`);
    }
  }
});

test('a raw stream that is cut ends in a refusal, not in an endless loop', () => {
  const packed = deflateRawSync(CONTENTS.noise.subarray(0, 500).toString('hex'));
  for (let length = 0; length < packed.length; length++) {
    assert.throws(() => inflate(packed.subarray(0, length), 1000), /cannot be read/, String(length));
  }
});

test('no bit of the content, the checksum or the length can change unseen', () => {
  const content = filled(900, (next) => Math.floor(next() * 40));
  const packed = gzipSync(content);
  for (let bit = 8 * 10; bit < 8 * packed.length; bit++) {
    const changed = Uint8Array.from(packed);
    changed[bit >> 3] ^= 1 << (bit & 7);
    try {
      /* What is left unused in the last byte of the content may change: it says nothing. */
      assert.ok(content.equals(gunzip(changed)), 'bit ' + bit);
    } catch (error) {
      assert.match(error.message, /packed data cannot be read/);
    }
  }
});

test('noise is refused with a sentence and in finite time', () => {
  const next = chance(4);
  for (let round = 0; round < 3000; round++) {
    const noise = Uint8Array.from({ length: 1 + Math.floor(next() * 60) }, () => Math.floor(next() * 256));
    try {
      inflate(noise, Math.floor(next() * 100));
    } catch (error) {
      assert.match(error.message, /packed data cannot be read/);
    }
  }
});

test('what is not a gzip file of ours is refused', () => {
  const packed = gzipSync('abc');
  const changed = (at, value) => Uint8Array.from(packed, (byte, i) => (i === at ? value : byte));

  assert.throws(() => gunzip(changed(0, 0x1e)), /not gzip/);
  assert.throws(() => gunzip(changed(2, 7)), /not gzip/);
  assert.throws(() => gunzip(changed(3, 8)), /header/);
  assert.throws(() => gunzip(Buffer.concat([packed, packed])), /something follows/);
  assert.throws(() => gunzip(new Uint8Array(0)), /too early/);
});

test('a length that no data can have is refused before room is made for it', () => {
  const packed = Uint8Array.from(gzipSync('abc'));
  packed.fill(255, packed.length - 4);

  assert.throws(() => gunzip(packed), /more is announced/);
});

/* Bytes from pieces of [value, bits], lowest bit first. */
function packedBits(...pieces) {
  const bits = pieces.flatMap(([value, n]) => Array.from({ length: n }, (_, i) => (value >> i) & 1));
  const bytes = new Uint8Array(Math.ceil(bits.length / 8) + 4);
  bits.forEach((bit, i) => (bytes[i >> 3] |= bit << (i & 7)));
  return bytes;
}

const LAST_FIXED = [3, 3];
/* The last block, with codes of its own: 257 literals, 1 distance; then the lengths of the codes for
   the lengths: repeat the one before, some zeros, many zeros, zero. */
const own = (...lengths) => [[5, 3], [0, 5], [0, 5], [0, 4], ...lengths.map((length) => [length, 3])];

for (const [why, bytes] of [
  ['no such kind of block', packedBits([7, 3])],
  ['before the beginning', packedBits(LAST_FIXED, [0b1000000, 7], [0, 5])],
  ['no such length', packedBits(LAST_FIXED, [0b01100011, 8])],
  ['no such distance', packedBits(LAST_FIXED, [0b1000000, 7], [0b01111, 5])],
  ['more codes than there is room for', packedBits(...own(1, 1, 1, 1))],
  ['codes are missing', packedBits(...own(2, 2, 0, 0))],
  ['nothing to repeat', packedBits(...own(1, 0, 0, 1), [1, 1])],
  ['too many code lengths', packedBits(...own(0, 0, 1, 1), [1, 1], [127, 7], [1, 1], [127, 7])],
  ['a block without an end', packedBits(...own(0, 0, 1, 1), [1, 1], [127, 7], [1, 1], [109, 7])],
  ['no such code', packedBits(...own(0, 0, 1, 0), [1, 1])],
]) {
  test('codes that cannot be are refused: ' + why, () => {
    assert.throws(() => inflate(bytes, 300), new RegExp(why));
  });
}

test('an end that stands in no byte of the data is no end', () => {
  assert.equal(inflate(Uint8Array.from([3, 0]), 0).end, 2);
  assert.throws(() => inflate(Uint8Array.from([3]), 0), /too early/);
});

test('the checksum is that of the standard', () => {
  assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
  assert.equal(crc32(new Uint8Array(0)), 0);
});
