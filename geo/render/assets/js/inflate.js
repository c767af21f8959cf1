/* Unpacks gzip where the browser cannot (RFC 1951 and 1952): one member, without a name, as
   geo/render/codec.py writes it. Whatever is wrong with the data is refused, never guessed. */
(function (geoMap) {
  'use strict';

  const HEADER = 10;
  const TRAILER = 8;
  const END = 256;
  const LONGEST_CODE = 15;
  /* Deflate packs nothing tighter than this. */
  const TIGHTEST = 1032;

  /* What a symbol of length or distance stands for: a base, and how many more bits to add. */
  const LENGTH_BASE = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ];
  const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
  const DISTANCE_BASE = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
    8193, 12289, 16385, 24577,
  ];
  const DISTANCE_BITS = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
  ];
  /* The order in which a block tells how long the codes for its code lengths are. */
  const LENGTHS_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

  function refuse(why) {
    throw new Error('packed data cannot be read: ' + why);
  }

  /* Reads bits, lowest first. */
  class Bits {
    constructor(bytes) {
      this.bytes = bytes;
      this.at = 0;
      this.held = 0;
      this.count = 0;
    }

    /* Hold at least `n` bits, at most 15. Zeros stand behind the end, for a code that is shorter
       than what is looked at; the two bytes that takes are all there is of them. */
    fill(n) {
      while (this.count < n) {
        if (this.at >= this.bytes.length + 2) refuse('they end too early');
        this.held |= this.bytes[this.at++] << this.count;
        this.count += 8;
      }
    }

    drop(n) {
      this.held >>>= n;
      this.count -= n;
    }

    take(n) {
      this.fill(n);
      const value = this.held & ((1 << n) - 1);
      this.drop(n);
      return value;
    }

    symbol(code) {
      this.fill(code.width);
      const entry = code.table[this.held & code.mask];
      if (!entry) refuse('no such code');
      this.drop(entry & 15);
      return entry >> 4;
    }

    /* Where the next whole byte begins; what is held of it and after it is given back. */
    toByte() {
      this.at -= this.count >> 3;
      this.held = 0;
      this.count = 0;
      if (this.at > this.bytes.length) refuse('they end too early');
      return this.at;
    }
  }

  function reversed(code, length) {
    let turned = 0;
    for (let i = 0; i < length; i++) turned |= ((code >> i) & 1) << (length - 1 - i);
    return turned;
  }

  /* A Huffman code, from the length of the code of each symbol: a table of what any next bits say,
     as (symbol << 4) | length. */
  function makeCode(lengths) {
    const counts = new Array(LONGEST_CODE + 1).fill(0);
    for (const length of lengths) if (length) counts[length]++;
    let width = LONGEST_CODE;
    while (width > 0 && !counts[width]) width--;
    if (!width) return { table: new Uint16Array(1), width, mask: 0 };
    const next = [0, 0];
    let free = 2;
    for (let length = 1; length <= LONGEST_CODE; length++) {
      free -= counts[length];
      if (free < 0) refuse('more codes than there is room for');
      next[length + 1] = (next[length] + counts[length]) << 1;
      free *= 2;
    }
    /* Only a single code, of one bit, may leave bits without a meaning. */
    if (free > 0 && !(width === 1 && counts[1] === 1)) refuse('codes are missing');
    const table = new Uint16Array(1 << width);
    lengths.forEach((length, symbol) => {
      if (!length) return;
      const first = reversed(next[length]++, length);
      for (let i = first; i < table.length; i += 1 << length) table[i] = (symbol << 4) | length;
    });
    return { table, width, mask: table.length - 1 };
  }

  function fixedCodes() {
    const lengths = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
    return [makeCode(lengths), makeCode(new Array(32).fill(5))];
  }

  /* The codes that a block brings along. */
  function ownCodes(bits) {
    const literals = bits.take(5) + 257;
    const distances = bits.take(5) + 1;
    const given = bits.take(4) + 4;
    const first = new Array(19).fill(0);
    for (let i = 0; i < given; i++) first[LENGTHS_ORDER[i]] = bits.take(3);
    const code = makeCode(first);
    const lengths = [];
    while (lengths.length < literals + distances) {
      const symbol = bits.symbol(code);
      if (symbol < 16) lengths.push(symbol);
      else {
        if (symbol === 16 && !lengths.length) refuse('nothing to repeat');
        const repeated = symbol === 16 ? lengths[lengths.length - 1] : 0;
        const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
        for (let i = 0; i < times; i++) lengths.push(repeated);
      }
    }
    if (lengths.length > literals + distances) refuse('too many code lengths');
    if (!lengths[END]) refuse('a block without an end');
    return [makeCode(lengths.slice(0, literals)), makeCode(lengths.slice(literals))];
  }

  function copyStored(bits, out, at) {
    const { bytes } = bits;
    const from = bits.toByte();
    if (from + 4 > bytes.length) refuse('they end too early');
    const length = bytes[from] | (bytes[from + 1] << 8);
    if (length !== (~(bytes[from + 2] | (bytes[from + 3] << 8)) & 0xffff)) refuse('a length is not confirmed');
    bits.at = from + 4 + length;
    if (bits.at > bytes.length) refuse('they end too early');
    if (at + length > out.length) refuse('more than announced');
    out.set(bytes.subarray(from + 4, bits.at), at);
    return at + length;
  }

  function unpackCoded(bits, out, start, [literals, distances]) {
    let at = start;
    for (;;) {
      const symbol = bits.symbol(literals);
      if (symbol === END) return at;
      if (symbol < END) {
        if (at >= out.length) refuse('more than announced');
        out[at++] = symbol;
        continue;
      }
      const kind = symbol - END - 1;
      if (kind >= LENGTH_BASE.length) refuse('no such length');
      const length = LENGTH_BASE[kind] + bits.take(LENGTH_BITS[kind]);
      const far = bits.symbol(distances);
      if (far >= DISTANCE_BASE.length) refuse('no such distance');
      const distance = DISTANCE_BASE[far] + bits.take(DISTANCE_BITS[far]);
      if (distance > at) refuse('they refer to what was before the beginning');
      if (at + length > out.length) refuse('more than announced');
      /* Byte by byte: what is copied may be copied again in the same run. */
      for (const end = at + length; at < end; at++) out[at] = out[at - distance];
    }
  }

  /* Deflated bytes that unpack to `size` bytes. Returns those, and where the packed ones ended. */
  function inflate(bytes, size) {
    const bits = new Bits(bytes);
    const out = new Uint8Array(size);
    let at = 0;
    let isLast = false;
    while (!isLast) {
      isLast = bits.take(1) === 1;
      const kind = bits.take(2);
      if (kind === 0) at = copyStored(bits, out, at);
      else if (kind === 1) at = unpackCoded(bits, out, at, fixedCodes());
      else if (kind === 2) at = unpackCoded(bits, out, at, ownCodes(bits));
      else refuse('no such kind of block');
    }
    if (at !== size) refuse('fewer than announced');
    return { out, end: bits.toByte() };
  }

  const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let i = 0; i < 8; i++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
    return rest;
  });

  function crc32(bytes) {
    let rest = 0xffffffff;
    for (let i = 0; i < bytes.length; i++) rest = CRC_TABLE[(rest ^ bytes[i]) & 255] ^ (rest >>> 8);
    return ~rest >>> 0;
  }

  /* The content of a gzip file, checked against its length and its CRC-32. */
  function gunzip(bytes) {
    if (bytes.length < HEADER + TRAILER) refuse('they end too early');
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) refuse('they are not gzip');
    if (bytes[3] !== 0) refuse('the header says more than ours do');
    const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - TRAILER, TRAILER);
    const size = trailer.getUint32(4, true);
    const body = bytes.subarray(HEADER, bytes.length - TRAILER);
    if (size > body.length * TIGHTEST) refuse('more is announced than they can hold');
    const { out, end } = inflate(body, size);
    if (end !== body.length) refuse('something follows them');
    if (crc32(out) !== trailer.getUint32(0, true)) refuse('their checksum does not hold');
    return out;
  }

  geoMap.inflate = { inflate, gunzip, crc32 };
})((globalThis.geoMap = globalThis.geoMap || {}));
