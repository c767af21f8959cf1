import assert from 'node:assert/strict';
import { test } from 'node:test';

import { scripts, wordsOf } from './scripts.mjs';

const geoMap = scripts('words', 'reach', 'classes');
const { NO_DATA, breaksOf, classify, className, colorsOf, shortName } = geoMap.classes;
const words = geoMap.createWords({ language: 'en', words: { en: wordsOf('en'), es: wordsOf('es') } });

const RATE = { kind: 'rate', key: 'rate' };
const ZEROS = { bounds: [0, 10, 20], zero: true, whole: false };
const NO_ZEROS = { bounds: [5, 10, 20], zero: false, whole: false };

const classes = (measure, breaks, values) => Array.from(classify(measure, breaks, Float64Array.from(values)));
const legend = (measure, breaks, n) => Array.from({ length: n }, (_, k) => className(measure, k, words, breaks));

test('an area of which nothing was asked is in a class of its own, whatever its value', () => {
  const breaks = { bounds: [0, 5], zero: true, whole: true };
  const { NO_DATA, NOT_ASKED, classify } = geoMap.classes;

  assert.deepEqual([...classify(RATE, breaks, [NaN, 0, 3, NaN], [0, 0, 1, 2])], [NO_DATA, 0, 1, NOT_ASKED]);
  assert.deepEqual([...classify(RATE, breaks, [0], [2])], [NOT_ASKED]);
});

test('a value on a bound belongs to the class below it', () => {
  assert.deepEqual(classes(RATE, ZEROS, [10, 10.000001, 20]), [1, 2, 2]);
  assert.deepEqual(classes(RATE, NO_ZEROS, [10, 10.000001, 20]), [0, 1, 1]);
});

test('zero is a class of its own where the breaks say so, and only zero is in it', () => {
  assert.deepEqual(classes(RATE, ZEROS, [0, -0, 1e-9]), [0, 0, 1]);
  assert.deepEqual(classes(RATE, NO_ZEROS, [5, 7]), [0, 0]);
});

test('no number is no class', () => {
  assert.equal(NO_DATA, -1);
  assert.deepEqual(classes(RATE, ZEROS, [NaN, 0]), [NO_DATA, 0]);
  assert.deepEqual(classes({ kind: 'bins' }, null, [NaN, -3, 0, 3]), [NO_DATA, 0, 3, 6]);
  assert.deepEqual(classes(RATE, ZEROS, []), []);
});

test('a value beyond the last bound is in the last class of a ratio', () => {
  const ratio = { kind: 'ratio', bounds: [0.5, 2] };

  assert.deepEqual(classes(ratio, breaksOf(ratio), [0, 0.5, 1, 2, 2.1, Infinity]), [0, 0, 1, 1, 2, 2]);
});

test('the breaks are those of the window and the category, or of all events where it has none', () => {
  const measure = {
    kind: 'count',
    breaks: {
      1: { all: { bounds: [0, 3], zero: true, whole: true } },
      12: { all: { bounds: [0, 9], zero: true, whole: true }, 'type:0': { bounds: [0, 5], zero: true, whole: true } },
    },
  };

  assert.deepEqual(breaksOf(measure, { window: 12, category: 'type:0' }).bounds, [0, 5]);
  assert.deepEqual(breaksOf(measure, { window: 12, category: 'type:7' }).bounds, [0, 9]);
  assert.deepEqual(breaksOf(measure, { window: 1, category: 'all' }).bounds, [0, 3]);
  assert.equal(breaksOf({ kind: 'bins' }, {}), null);
});

test('the legend names every value once', () => {
  assert.deepEqual(legend(RATE, ZEROS, 3), ['0', 'up to 10', '> 10–20']);
  assert.deepEqual(legend(RATE, NO_ZEROS, 2), ['5–10', '> 10–20']);
});

test('classes of whole numbers begin with the next whole number', () => {
  const breaks = { bounds: [0, 1, 5, 1200], zero: true, whole: true };

  assert.deepEqual(legend({ kind: 'count', key: 'count' }, breaks, 4), ['0', '1', '2–5', '6–1,200']);
});

test('there are as many colors and short names as classes', () => {
  const config = { zero: '#eee', palettes: { orrd: { 2: ['#a', '#b'] } } };

  assert.deepEqual(colorsOf(RATE, ZEROS, config, 'orrd'), ['#eee', '#a', '#b']);
  assert.deepEqual(colorsOf(RATE, NO_ZEROS, config, 'orrd'), ['#a', '#b']);
  assert.deepEqual(
    [0, 1, 2].map((k) => shortName(RATE, k, words, ZEROS)),
    ['0', '≤ 10', '≤ 20'],
  );
});
