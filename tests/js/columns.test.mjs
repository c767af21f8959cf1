import assert from 'node:assert/strict';
import { test } from 'node:test';

import { scripts, wordsOf } from './scripts.mjs';

const geoMap = scripts('words', 'files', 'reach', 'columns');
const { fold, order, ranks } = geoMap.columns;

const TIES = [0, 1, 2, 3, 4, 5];

test('what has no value comes last, whichever way the table is sorted', () => {
  const values = [NaN, 2, Infinity, NaN, 0, 2];

  assert.deepEqual(order(values, true, TIES), [2, 1, 5, 4, 0, 3]);
  assert.deepEqual(order(values, false, TIES), [4, 1, 5, 2, 0, 3]);
});

test('equal values keep the order of the names', () => {
  assert.deepEqual(order([1, 1, 1], true, [2, 0, 1]), [1, 2, 0]);
  assert.deepEqual(order([1, 1, 1], false, [2, 0, 1]), [1, 2, 0]);
  assert.deepEqual(order([], true, []), []);
});

test('names are sorted as the language sorts them, equal names have one place', () => {
  assert.deepEqual(Array.from(ranks(['Zapopan', 'Ñ', 'Nuevo', 'Álamos', 'Ñ', 'Azoyú'], 'es')), [5, 3, 2, 0, 3, 1]);
});

test('a name is found without its accents and capitals', () => {
  assert.equal(fold('MÉRIDA'), 'merida');
  assert.equal(fold('Ñuu Savi'), 'nuu savi');
  assert.equal(fold('Güémez'), fold('Gu\u0308e\u0301mez'));
});

/* Two municipalities of two states: the first has no people, and five events or more nowhere. */
const NUMBERS = {
  rates: [NaN, 12.5],
  counts: [3, 10],
  smoothed: [NaN, 11],
  change: [NaN, Infinity],
  share: [NaN, 0.25],
  bins: [NaN, 3],
};

function made(view = {}, given = {}) {
  const config = {
    language: 'en',
    words: { en: wordsOf('en'), es: wordsOf('es') },
    levels: { municipality: { measures: [{ key: 'share' }, { key: 'hotspots' }] } },
    timed: { hotspotSpan: 12, categories: { event_type: ['Battles'] } },
  };
  const words = geoMap.createWords(config);
  const series = Object.fromEntries(Object.entries(NUMBERS).map(([name, list]) => [name, () => list]));
  Object.assign(series, {
    reach: () => null,
    populationOf: (_, i) => [NaN, 80000][i],
    interval: (_, i) => [null, { low: 6, high: 23 }][i],
    ...given,
  });
  const state = {
    all: () => ({ level: 'municipality', at: 11, window: 12, category: 'all', base: [0, 11], ...view }),
  };
  const facts = {
    stateName: (_, i) => ['Yucatán', 'Sonora'][i],
    ratio: (value) => (value === Infinity ? 'none in the base' : value + ' times'),
    valueWords: (key, value) => (Number.isNaN(value) ? 'none' : key + ' ' + value),
  };
  const names = { municipality: { code: ['31050', '26030'], name: ['Mérida', 'Hermosillo'] } };
  return geoMap.createColumns({ words, state, config, series, facts, names })();
}

test('every column says, sorts and saves the same value', () => {
  const columns = made();

  assert.deepEqual(
    columns.map((column) => [column.key, column.cell(1)]),
    [
      ['area', 'Hermosillo'],
      ['state', 'Sonora'],
      ['count', 'count 10'],
      ['population', '80,000'],
      ['rate', 'rate 12.5'],
      ['interval', '6.0 – 23.0'],
      ['smoothed', 'smoothed 11'],
      ['change', 'none in the base'],
      ['share', '25 %'],
      ['hotspots', 'hotspots 3'],
    ],
  );
  assert.deepEqual(
    columns.flatMap((column) => column.saved.map(([, cell]) => cell(1))),
    ['Hermosillo', 'Sonora', '10', '80000', '12.5', '6', '23', '11', 'none in the base', '0.25', 'hotspots 3'],
  );
});

test('what is unknown is an empty cell in the file and words on the screen', () => {
  const columns = made();

  assert.deepEqual(
    columns.flatMap((column) => column.saved.map(([, cell]) => cell(0))),
    ['Mérida', 'Yucatán', '3', '', '', '', '', '', '', '', 'none'],
  );
  assert.equal(columns.find((column) => column.key === 'change').cell(0), 'n/a (< 5 events)');
  assert.equal(columns.find((column) => column.key === 'share').cell(0), 'n/a (< 5 events)');
  assert.equal(columns.find((column) => column.key === 'interval').cell(0), 'No data');
});

test('where nothing was asked no figure is said or saved, and a column says of each area what it is', () => {
  const columns = made({}, { reach: () => [2, 1] });
  const last = columns.at(-1);

  assert.deepEqual(
    columns.flatMap((column) => column.saved.map(([, cell]) => cell(0))),
    ['Mérida', 'Yucatán', '', '', '', '', '', '', '', '', 'not asked', 'not asked'],
  );
  assert.deepEqual(
    columns.slice(2).map((column) => column.cell(0)),
    ['not asked', '–', '–', '–', '–', '–', '–', '–', 'not\u00a0asked'],
  );
  assert.deepEqual([last.label, last.cell(1)], ['Asked for', 'in\u00a0part']);
  assert.equal(columns.find((column) => column.key === 'count').cell(1), 'count 10');
  assert.equal(columns.find((column) => column.key === 'change').cell(1), 'No data');
});

test('hotspots stand in the table only for the window that was tested', () => {
  assert.ok(!made({ window: 3 }).some((column) => column.key === 'hotspots'));
});

test('without a base window there is no change', () => {
  assert.ok(!made({ base: null }).some((column) => column.key === 'change'));
});

test('of one category, the columns that count all events say so', () => {
  const labels = made({ category: 'event_type:0' }).map((column) => column.label);

  assert.ok(labels.includes('Smoothed rate, all events'));
  assert.ok(labels.includes('Rate per 100,000'));
});

test('a map of one period has neither change nor share', () => {
  const keys = made({}, { isStatic: true }).map((column) => column.key);

  assert.deepEqual(keys, ['area', 'state', 'count', 'population', 'rate', 'interval', 'smoothed', 'hotspots']);
});
