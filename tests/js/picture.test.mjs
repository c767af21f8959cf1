import assert from 'node:assert/strict';
import { test } from 'node:test';

import { scripts } from './scripts.mjs';

/* What the script touches while it is loaded. */
globalThis.window ??= globalThis;
const { wrap, plain } = scripts('dom', 'patterns', 'files', 'picture').picture;

/* Every letter is as wide as one. */
const wide = (text) => Array.from(text).length;

test('lines break between words and are never wider than they may be', () => {
  assert.deepEqual(wrap('one two three four', 9, wide), ['one two', 'three', 'four']);
  assert.deepEqual(wrap('exactly 12 ok', 10, wide), ['exactly 12', 'ok']);
});

test('a word wider than a line is broken, whole signs at a time', () => {
  assert.deepEqual(wrap('ab cdefghij k', 4, wide), ['ab', 'cdef', 'ghij', 'k']);
  assert.deepEqual(wrap('😀😀😀', 2, wide), ['😀😀', '😀']);
});

test('nothing to write makes no line', () => {
  for (const text of ['', '   ', '\u202e', '\u0000']) assert.deepEqual(wrap(text, 10, wide), []);
});

test('what is cut ends in an ellipsis within the width', () => {
  assert.deepEqual(wrap('one two three four five', 9, wide, 2), ['one two', 'three…']);
  assert.deepEqual(wrap('abcdefghijkl', 4, wide, 2), ['abcd', 'efg…']);
  assert.deepEqual(wrap('one two', 9, wide, 1), ['one two']);
});

test('a width in which nothing fits still ends', () => {
  assert.deepEqual(wrap('abc', 0, wide), ['a', 'b', 'c']);
  assert.equal(wrap('x'.repeat(100000), 0, wide, 3).length, 3);
});

test('signs that turn, hide or break text are left out', () => {
  assert.equal(plain('a\u202egnp\u200b.exe\r\n\tb\u0007'), 'agnp.exe b');
  assert.equal(plain('{{7*7}} ${x} <b>'), '{{7*7}} ${x} <b>');
  assert.equal(plain('x'.repeat(9000)).length, 4000);
});
