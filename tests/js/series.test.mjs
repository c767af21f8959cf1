/* Sums and quotients of a window of months, on two areas and four months counted by hand. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { scripts } from './scripts.mjs';

globalThis.document = { createElement: () => ({}), createElementNS: () => ({}) };
const { createSeries, chart } = scripts('later', 'dom', 'reach', 'series', 'chart');

const config = {
  months: {
    labels: ['2023-11', '2023-12', '2024-01', '2024-02'],
    complete: [true, true, true, false],
    years: [0.1, 0.1, 0.1, 0.05],
    yearOf: [0, 0, 1, 1],
  },
  categories: { event_type: ['Battles', 'Riots'], actor_class: ['groups', 'crowds', 'other'] },
  reliable: { events: 20, population: 10000 },
};

function made(given = {}) {
  const block = {
    'event_type:0': [1, 2, 3, 4, 0, 0, 0, 0],
    'event_type:1': [0, 1, 0, 1, 0, 5, 0, 0],
    'actor_class:1': [0, 1, 1, 5, 0, 0, 0, 0],
    'actor_class:2': [1, 0, 1, 0, 0, 1, 0, 0],
    targeted: [0, 3, 0, 2, 0, 1, 0, 0],
    unstated: [0, 0, 0, 0, 0, 0, 0, 0],
    state_only: [2, 0],
    ...given,
  };
  const people = [
    [1000, NaN],
    [2000, 100],
  ];
  const prior = {
    1: { mean: [0.01, 0.01, 0.01, 0.01], variance: [0, 0, 0, 1e9] },
    3: { mean: [null, null, 0.01, 0.01], variance: [null, null, 0, 0] },
  };
  return createSeries({
    config,
    levels: {
      state: {
        block,
        setup: { areas: 2, people: () => people, prior },
        extra: { actors: { names: ['A'], top: [[0, 7], []] } },
      },
    },
    limits: { low: [0, 0.025], high: [3.689, 5.572] },
  });
}

test('a window is the sum of its months, of all events or of a category', () => {
  const series = made();
  assert.deepEqual([...series.counts('state', 3, 3)], [11, 5]);
  assert.deepEqual([...series.counts('state', 3, 3, 'event_type:1')], [2, 5]);
  assert.equal(series.count('state', 0, 1, 2), 4);
  assert.deepEqual([...series.national('state', 3)].slice(2), [12, 16]);
  assert.ok(Number.isNaN(series.national('state', 3)[1]));
});

test('an area of which nothing was asked has no number of events, and the country is the sum of the others', () => {
  const series = made({ asked: [1, 2] });
  const view = { level: 'state', at: 3, window: 3, category: 'all' };

  assert.deepEqual([...series.values({ ...view, measure: 'count' })], [11, NaN]);
  assert.ok(Number.isNaN(series.count('state', 1, 3, 3)));
  assert.equal(series.total('state', 3, 3), 16);
  assert.deepEqual([...series.rates('state', 3, 3)].map(Number.isNaN), [false, true]);
  assert.deepEqual(series.reach('state'), [1, 2]);
  assert.equal(made().reach('state'), null);
});

test('a category that is not given is what the others of its split leave', () => {
  const { rows } = made().monthly('state', 0, 'actor_class');

  assert.deepEqual(
    rows.map((row) => [...row]),
    [
      [0, 2, 1, 0],
      [0, 1, 1, 5],
      [1, 0, 1, 0],
    ],
  );
});

test('events that state their target are all but those that do not, or are given', () => {
  assert.deepEqual([...made({ unstated: [0, 0, 0, 0, 0, 1, 0, 0] }).stated('state', 1)], [0, 4, 0, 0]);
  assert.deepEqual([...made({ stated: [0, 0, 0, 0, 0, 2, 0, 0] }).stated('state', 1)], [0, 2, 0, 0]);
});

test('person-years take each year with its own people, and are not known where one is not', () => {
  const lived = made().exposure('state', 2, 2);
  assert.equal(lived[0], 1000 * 0.1 + 2000 * 0.1);
  assert.ok(Number.isNaN(lived[1]));
});

test('rates are per 100,000 person-years and missing without people', () => {
  const rates = made().rates('state', 3, 2);
  assert.ok(Math.abs(rates[0] - (100000 * 8) / (200 + 100)) < 1e-9);
  assert.equal(rates[1], 0);
  assert.ok(Number.isNaN(made().rates('state', 1, 1)[1]));
});

test('without variance every area has the overall rate, with much of it its own', () => {
  const series = made();
  assert.equal(series.smoothed('state', 2, 1)[0], 1000);
  assert.ok(Math.abs(series.smoothed('state', 3, 1)[0] - (100000 * 5) / 100) < 1e-3);
});

test('a change needs five events in both windows, and is infinite without any before', () => {
  const series = made();
  const ratio = series.change('state', 3, 2, 'all', [0, 1]);
  assert.ok(Math.abs(ratio[0] - 8 / 300 / (4 / 200)) < 1e-12);
  assert.ok(Number.isNaN(ratio[1]));
  assert.equal(series.change('state', 3, 1, 'event_type:0', [0, 0])[0] > 1, true);
});

test('a share of fewer than five events is not told', () => {
  const share = made().share('state', 3, 3);
  assert.equal(share[0], 5 / 11);
  assert.equal(share[1], 1 / 5);
  assert.ok(Number.isNaN(made().share('state', 0, 1)[0]));
});

test('an interval has the limits of its count, and none beyond those given', () => {
  const series = made();
  const found = series.interval('state', 0, 0, 1);
  assert.ok(Math.abs(found.low - (100000 * 0.025) / 100) < 1e-9);
  assert.equal(series.interval('state', 0, 3, 1), null);
});

test('windows are incomplete with their months, and stay within the data', () => {
  const series = made();
  assert.equal(series.isComplete(2, 3), true);
  assert.equal(series.isComplete(3, 1), false);
  assert.equal(series.clampAt(0, 3), 2);
  assert.equal(series.clampAt(99, 3), 3);
});

test('charts stack parts on one another and end at a number whose half is round', () => {
  const { bottoms, tops } = chart.stacked([
    [1, 2],
    [3, 0],
  ]);
  assert.deepEqual([...bottoms[1]], [1, 2]);
  assert.deepEqual([...tops], [4, 2]);
  assert.deepEqual(
    [0, 3, 7, 11, 115].map((value) => chart.roundUp(value)),
    [1, 3, 8, 15, 150],
  );
});

/* Simple simulation of color vision (Viénot, Brettel and Mollon 1999, and one for tritans). */
const MATRICES = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152, 1.053, -0.205],
    [0.115, 0.786, 0.099],
    [-0.004, -0.048, 1.052],
  ],
  deutan: [
    [0.367, 0.861, -0.228],
    [0.28, 0.673, 0.047],
    [-0.012, 0.043, 0.969],
  ],
  tritan: [
    [1.256, -0.077, -0.179],
    [-0.078, 0.931, 0.148],
    [0.005, 0.691, 0.304],
  ],
};

function lab(hex, matrix) {
  const linear = [1, 3, 5]
    .map((k) => parseInt(hex.slice(k, k + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const [r, g, b] = matrix.map((row) =>
    Math.min(1, Math.max(0, row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2])),
  );
  const xyz = [
    0.4124 * r + 0.3576 * g + 0.1805 * b,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    0.0193 * r + 0.1192 * g + 0.9505 * b,
  ];
  const [x, y, z] = [xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089].map((t) =>
    t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116,
  );
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

test('colors of types are told apart with any color vision', () => {
  for (const [name, matrix] of Object.entries(MATRICES)) {
    const seen = chart.COLORS.map((color) => lab(color, matrix));
    for (let a = 0; a < seen.length; a++) {
      for (let b = a + 1; b < seen.length; b++) {
        const distance = Math.hypot(...seen[a].map((value, k) => value - seen[b][k]));
        assert.ok(distance > 9, name + ': ' + chart.COLORS[a] + ' and ' + chart.COLORS[b] + ' ' + distance);
      }
    }
  }
});
