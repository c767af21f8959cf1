/* Layers: events of places and windows counted by hand, bubbles, names of days, scales. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { scripts, wordsOf } from './scripts.mjs';

globalThis.document = { createElement: () => ({ getContext: () => ({}) }), createElementNS: () => ({}) };
const geoMap = scripts('dom', 'words', 'patterns', 'reach', 'classes', 'chart', 'scan', 'points', 'layers');
const { countPlaces, bubblesOf, radiusOf } = geoMap.points;

/* Two places; months 0, 1, 1 and none at the first, 2 at the second. */
const block = {
  x: [1000, 1600],
  y: [2000, 2000],
  events: [4, 1],
  month: [1, 2, 2, 0, 3],
  type: [0, 1, 1, 0, 1],
  class: [0, 0, 1, 1, 1],
};

test('events of a place are those of its months; one without a month is in no window', () => {
  assert.deepEqual([...countPlaces(block, 2, [0, 2], 'all')], [1, 2, 0, 1]);
  assert.deepEqual([...countPlaces(block, 2, [1, 1], 'all')], [0, 2, 0, 0]);
});

test('on a map without months every event is counted', () => {
  assert.deepEqual([...countPlaces(block, 2, null, 'all')], [2, 2, 0, 1]);
});

test('a category of either split leaves the others out', () => {
  assert.deepEqual([...countPlaces(block, 2, [0, 2], 'event_type:1')], [0, 2, 0, 1]);
  assert.deepEqual([...countPlaces(block, 2, [0, 2], 'actor_class:1')], [0, 1, 0, 1]);
});

test('bubbles hold every event once, each place by itself when it is near', () => {
  const counts = countPlaces(block, 2, null, 'all');
  const origin = { x: 0, y: 0 };
  const far = bubblesOf(block, 2, counts, { zoom: 4, scale: 0.01, width: 1400 }, origin);
  const near = bubblesOf(block, 2, counts, { zoom: 9, scale: 0.5, width: 1400 }, origin);

  assert.deepEqual(
    far.map(({ number, places }) => [number, places]),
    [[5, [0, 1]]],
  );
  assert.deepEqual([...far[0].types], [2, 3]);
  assert.equal(far[0].x, (4 * 1000 + 1600) / 5);
  assert.deepEqual(
    near.map(({ number }) => number),
    [4, 1],
  );
});

test('bubbles that would cover each other become one, at the place of the larger', () => {
  const counts = countPlaces(block, 2, null, 'all');
  /* Each has a cell of its own: 60 pixels apart on the screen, then 12. */
  const apart = bubblesOf(block, 2, counts, { zoom: 6, scale: 0.1, width: 1400 }, { x: 0, y: 0 });
  assert.equal(apart.length, 2);
  const close = { ...block, x: [455, 467] };
  const merged = bubblesOf(close, 2, counts, { zoom: 6, scale: 1, width: 1400 }, { x: 0, y: 0 });
  assert.equal(merged.length, 1);
  assert.equal(merged[0].x, 455);
  assert.equal(merged[0].number, 5);
});

test('a bubble grows with its number, up to a bound, and is smaller on a phone', () => {
  const wide = { zoom: 5, width: 1400 };
  assert.ok(radiusOf(10, wide) < radiusOf(100, wide));
  assert.equal(radiusOf(1e6, wide), 25);
  assert.ok(radiusOf(100, { zoom: 5, width: 500 }) < radiusOf(100, wide));
});

test('days that are whole months or years are named so', () => {
  const words = geoMap.createWords({ language: 'en', words: { en: wordsOf('en'), es: wordsOf('es') } });
  const name = (start, end) => geoMap.layers.daysName(words, start, end);
  assert.equal(name('2024-01-01', '2025-01-01'), '2024');
  assert.equal(name('2022-01-01', '2025-01-01'), '2022 to 2024');
  assert.equal(name('2024-09-01', '2024-10-01'), 'September 2024');
  assert.equal(name('2024-07-01', '2025-01-01'), 'July to December 2024');
  assert.equal(name('2023-07-01', '2025-01-01'), 'July 2023 to December 2024');
  assert.equal(name('2024-09-09', '2025-01-01'), 'Sep 9, 2024 – Dec 31, 2024');
  words.language = 'es';
  assert.equal(name('2024-07-01', '2025-01-01'), 'julio a diciembre de 2024');
});

test('a kilometer takes as many steps as the map is stretched there', () => {
  const world = 256 * 2 ** 12;
  const equator = geoMap.scan.stepsPerKm(world / 2, 12);
  assert.ok(Math.abs(equator - (1000 * world) / 40075016.686) < 1e-9);
  /* At 60 degrees mercator is stretched twofold. */
  const y = ((1 - Math.asinh(Math.tan(Math.PI / 3)) / Math.PI) / 2) * world;
  assert.ok(Math.abs(geoMap.scan.stepsPerKm(y, 12) / equator - 2) < 1e-9);
});

test('classes with names are their own position, and are called by their words', () => {
  const measure = { key: 'outliers', kind: 'labels', labels: ['outlier.none', 'outlier.HH'] };
  assert.deepEqual([...geoMap.classes.classify(measure, null, [1, NaN, 0])], [1, -1, 0]);
  assert.equal(geoMap.classes.breaksOf(measure, {}), null);
  const say = (key) => wordsOf('en')[key];
  assert.equal(geoMap.classes.className(measure, 1, { say }), 'High among high');
  assert.equal(geoMap.classes.shortName(measure, 0, { say }), 'n. s.');
});
