import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { scripts } from './scripts.mjs';

const { codec } = scripts('later', 'inflate', 'codec');
const shared = JSON.parse(readFileSync(new URL('packed-columns.json', import.meta.url), 'utf8'));

const fromHex = (text) => Uint8Array.from(text.split(' ').filter(Boolean), (byte) => parseInt(byte, 16));
const asText = (bytes) => Buffer.from(bytes).toString('base64');

function joined(header, streams) {
  const parts = [Buffer.from(JSON.stringify(header)), ...streams];
  const lengths = Buffer.alloc(4 * (parts.length + 1));
  [parts.length, ...parts.map((part) => part.length)].forEach((n, i) => lengths.writeUInt32LE(n, 4 * i));
  return new Uint8Array(Buffer.concat([lengths, ...parts]));
}

function one(kind, hex, length) {
  return codec.readColumns(joined([{ name: 'c', kind, length }], [fromHex(hex)])).c;
}

/* A number as a signed column has it, written as the bytes are given here. */
function zigzagVarint(number) {
  const bytes = [];
  let rest = number < 0 ? -2 * number - 1 : 2 * number;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push(rest % 128 | 128);
  return [...bytes, rest].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/* A page that holds blocks; what is taken out of it is gone. */
function pageOf(blocks) {
  const nodes = new Map();
  for (const [name, textContent] of Object.entries(blocks)) {
    const id = 'geo-block-' + name;
    nodes.set(id, { textContent, remove: () => nodes.delete(id) });
  }
  globalThis.document = { getElementById: (id) => nodes.get(id) ?? null };
  return nodes;
}

test('the numbers of the example that Python documents are read', () => {
  assert.deepEqual(Array.from(one('whole', '01 7f 80 01 ac 02', 4)), [1, 127, 128, 300]);
  assert.deepEqual(Array.from(one('signed', '00 01 02 03', 4)), [0, -1, 1, -2]);
});

test('a sparse column that is not whole is refused', () => {
  assert.deepEqual(Array.from(one('sparse', '03 09 00 03 05', 6)), [0, 0, 2, 1, 9, 0]);
  for (const hex of ['02 00', '01 03', '01 00 07', '01 08']) {
    assert.throws(() => one('sparse', hex, 2), /not as long as announced/, hex);
  }
});

test('a column is unpacked when it is asked for, and only then', () => {
  const header = ['good', 'bad'].map((name) => ({ name, kind: 'whole', length: 1 }));
  const columns = codec.readColumns(joined(header, [fromHex('07'), fromHex('07 07')]));

  assert.equal(columns.good[0], 7);
  assert.equal(columns.good, columns.good);
  assert.ok('bad' in columns);
  assert.throws(() => columns.bad, /not as long as announced/);
});

test('every kind of column that Python packs is read as it was', () => {
  const header = shared.columns.map(({ name, kind, values }) => ({ name, kind, length: values.length }));
  const found = codec.readColumns(joined(header, shared.streams.map(fromHex)));

  assert.deepEqual(
    Object.keys(found),
    header.map(({ name }) => name),
  );
  for (const { name, values } of shared.columns) {
    assert.deepEqual(
      Array.from(found[name]),
      values.map((value) => (value === null ? NaN : value)),
      name,
    );
  }
});

test('a missing number is not zero', () => {
  assert.deepEqual(Array.from(one('optional', '00 01', 2)), [NaN, 0]);
});

test('a column that is longer or shorter than announced is refused', () => {
  assert.throws(() => one('whole', '01 02 03', 2), /not as long as announced/);
  assert.throws(() => one('whole', '01 02', 3), /not as long as announced/);
  assert.throws(() => one('whole', '01 80', 2), /not as long as announced/);
});

test('columns that begin in the middle of a buffer are read', () => {
  const whole = joined([{ name: 'c', kind: 'whole', length: 2 }], [fromHex('03 ac 02')]);
  const moved = new Uint8Array(whole.length + 3);
  moved.set(whole, 3);

  assert.deepEqual(Array.from(codec.readColumns(moved.subarray(3)).c), [3, 300]);
});

const native = globalThis.DecompressionStream;
for (const [how, stream] of [
  ['as the browser does', native],
  ['without the help of the browser', undefined],
]) {
  test('blocks are unpacked ' + how + ' and leave the page', async (t) => {
    globalThis.DecompressionStream = stream;
    t.after(() => {
      globalThis.DecompressionStream = native;
    });
    const json = Buffer.from(JSON.stringify({ name: 'Culiacán </script>' }));
    const columns = joined([{ name: 'events', kind: 'whole', length: 2 }], [fromHex('03 ac 02')]);
    const nodes = pageOf({ names: asText(gzipSync(json)) + '\n', values: asText(gzipSync(columns)) });

    const found = await codec.readBlocks([
      { name: 'names', content: 'json', bytes: json.length },
      { name: 'values', content: 'columns', bytes: columns.length },
    ]);

    assert.deepEqual(found.names, { name: 'Culiacán </script>' });
    assert.deepEqual(Array.from(found.values.events), [3, 300]);
    assert.equal(nodes.size, 0);
  });

  test('a block that is not whole is refused ' + how, async (t) => {
    globalThis.DecompressionStream = stream;
    t.after(() => {
      globalThis.DecompressionStream = native;
    });
    const json = Buffer.from('{"a": 1}');
    const packed = gzipSync(json);
    const entry = { name: 'x', content: 'json', bytes: json.length };
    for (const text of [asText(packed.subarray(0, packed.length - 6)), asText(packed.subarray(4))]) {
      pageOf({ x: text });
      await assert.rejects(codec.readBlocks([entry]));
    }
    pageOf({ x: asText(packed) });
    await assert.rejects(codec.readBlocks([{ ...entry, bytes: 9 }]), /block x is not whole/);
  });
}

test('a plain block is read as the packed one: steps added up, zeros in a row, missing numbers, curves', () => {
  const columns = [
    { name: 'd', kind: 'delta', values: [7, 2, -1] },
    { name: 'c', kind: 'curve', values: [0.5, 1e-8, [3], -2.25] },
    { name: 'n', kind: 'number', values: [null, [3], 0.5] },
  ];
  const text = JSON.stringify(columns);
  const found = codec.readText({ name: 'b', content: 'columns', length: text.length }, text);

  assert.deepEqual(Array.from(found.d), [7, 9, 8]);
  assert.deepEqual(Array.from(found.n), [NaN, 0, 0, 0, 0.5]);
  /* The same units as third differences: 50000000, 1, 0, 0, 0, -225000000. */
  const packed = [50000000, -149999999, 149999997, -49999997, -1, -225000000].map(zigzagVarint).join(' ');
  assert.deepEqual(Array.from(found.c), [0.5, 1e-8, 0, 0, 0, -2.25]);
  assert.deepEqual(Array.from(one('curve', packed, 6)), Array.from(found.c));
});

test('the length of a plain block is that of its bytes, and a cut one is refused', () => {
  const entry = { name: 'b', content: 'json', length: 6 };

  assert.deepEqual(codec.readText(entry, '["ñ"]'), ['ñ']);
  assert.throws(() => codec.readText(entry, '["n"]'), /block b is not whole/);
});
