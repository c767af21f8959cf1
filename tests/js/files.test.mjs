import assert from 'node:assert/strict';
import { test } from 'node:test';

import { scripts } from './scripts.mjs';

const { neutral, plainNumber, csv, slug, windowLabel, fileName } = scripts('files').files;

const RUN = [
  "=CMD|' /C calc'!A0",
  '=1+1',
  '+1+1',
  '-5+3',
  '@SUM(A1)',
  '\t=1',
  '\rx',
  '\nx',
  '\tx',
  '  =1',
  "'=1",
  "''=1",
  "' =1",
  '\u00a0=1',
  '\u3000=1',
  '\u001c=1',
  '\u0085=1',
  '＝1',
  '＋1',
  '－1',
  '＠x',
  '-',
  '=',
  '+',
  '@',
  '-1e5',
  '--1',
  '-1 ',
  '-1.',
  '-.5',
];
const INERT = ['', ' ', "'", 'Culiacán', '0', '-5', '-5.25', '+5', '1=1', 'a-b', "d'=x", '12,5', 'n/a', '٣'];

test('a cell that a spreadsheet would run gets one apostrophe in front', () => {
  for (const cell of RUN) assert.equal(neutral(cell), "'" + cell, JSON.stringify(cell));
});

test('other cells and plain numbers stay as they are', () => {
  for (const cell of INERT) assert.equal(neutral(cell), cell, JSON.stringify(cell));
});

test('a number is written without groups and without noise; no value is an empty cell', () => {
  assert.equal(plainNumber(1234567.5), '1234567.5');
  assert.equal(plainNumber(0.1 + 0.2), '0.3');
  assert.equal(plainNumber(0), '0');
  for (const none of [NaN, Infinity, -Infinity, null, undefined]) assert.equal(plainNumber(none), '');
});

test('a table is marked as UTF-8, quoted where it must be, safe in its header as well', () => {
  const text = csv([
    ['=name', 'b'],
    ['say "x"', 'a,b'],
    ['two\nlines', 7],
    ['\t=tab', ''],
  ]);

  assert.equal(text, '\ufeff\'=name,b\r\n"say ""x""","a,b"\r\n"two\nlines",7\r\n\'\t=tab,\r\n');
});

test('the name of a file is never a path, never empty, never reserved', () => {
  assert.equal(slug('Culiacán: ../Ñuu Savi'), 'culiacan-nuu-savi');
  assert.equal(slug('CON'), 'con-1');
  assert.equal(slug('...'), 'map');
  assert.equal(slug('日本'), 'map');
  assert.equal(slug('\u202egnp.exe'), 'gnp-exe');
  assert.equal(slug('a'.repeat(200)), 'a'.repeat(60));
  assert.equal(slug('a'.repeat(59) + ' b'), 'a'.repeat(59));
});

test('the name of a file says its window', () => {
  const labels = ['2023-11', '2023-12', '2024-01'];
  const timed = { title: { en: 'Río & más' }, timed: { months: { labels } } };
  const state = new Map(Object.entries({ at: 2, window: 3 }));

  assert.equal(windowLabel(timed, 2, 1), '2024-01');
  assert.equal(windowLabel({ timed: null, period: { label: '2024-Q1' } }, 0, 12), '2024-q1');
  assert.equal(fileName(timed, 'en', state, 'rate', 'csv'), 'rio-mas-rate-2023-11-2024-01.csv');
});
