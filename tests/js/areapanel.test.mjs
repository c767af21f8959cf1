/* Scales, stacking and colors of the small charts, and the words of the panel of an area. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { scripts, wordsOf } from './scripts.mjs';

/* As much of a document as the parts ask for: a tree of nodes with attributes and text. */
class Node {
  constructor(tag) {
    Object.assign(this, { tag, attributes: {}, children: [], style: {}, listeners: {}, hidden: false, scrollTop: 0 });
    this.classList = { add: (name) => this.setAttribute('class', name) };
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  removeAttribute(name) {
    delete this.attributes[name];
  }

  append(...nodes) {
    this.children.push(...nodes);
  }

  replaceChildren(...nodes) {
    this.children = nodes;
  }

  addEventListener(kind, listener) {
    this.listeners[kind] = listener;
  }

  get textContent() {
    return this.children.map((child) => (child instanceof Node ? child.textContent : String(child))).join('');
  }

  set textContent(text) {
    this.children = [text];
  }

  all(test_) {
    const below = this.children.filter((child) => child instanceof Node).flatMap((child) => child.all(test_));
    return test_(this) ? [this, ...below] : below;
  }

  named(name) {
    return this.all((node) => (node.attributes.class || '').split(' ').includes(name));
  }
}

let card = new Node('section');
globalThis.document = {
  createElement: (tag) => new Node(tag),
  createElementNS: (_, tag) => new Node(tag),
  getElementById: () => card,
};

const geoMap = scripts('later', 'dom', 'words', 'reach', 'series', 'facts', 'chart', 'areapanel');
/* Measures that these figures are without. */
const LABELS = ['outliers', 'emerging'];
const { chart } = geoMap;

const WORDS = { en: wordsOf('en'), es: wordsOf('es') };
const MONTHS = Array.from(
  { length: 24 },
  (_, m) => 2023 + Math.floor(m / 12) + '-' + String((m % 12) + 1).padStart(2, '0'),
);
const TIMED = {
  months: { labels: MONTHS, complete: MONTHS.map((_, m) => m < 23), years: MONTHS.map(() => 1 / 12) },
  categories: { event_type: ['Battles', 'Riots'], actor_class: [] },
  hotspotSpan: 12,
  base: [0, 11],
  comparison: [12, 23],
  events: [{ day: '2024-09-09', kind: 'event' }],
};
const CONFIG = { language: 'en', words: WORDS, timed: TIMED, reliable: { events: 20, population: 10000 } };

/* ---- scales ---- */

test('ticks are round, begin at zero and never pass the highest value', () => {
  assert.deepEqual(chart.ticks(44, true).values, [0, 20, 40]);
  assert.deepEqual(chart.ticks(4, true).values, [0, 1, 2, 3, 4]);
  assert.deepEqual(chart.ticks(15.9, false), { values: [0, 5, 10, 15], decimals: 0 });
  assert.deepEqual(chart.ticks(0.31, false), { values: [0, 0.1, 0.2, 0.3], decimals: 1 });
  assert.deepEqual(chart.ticks(0.3, false).values, [0, 0.1, 0.2, 0.3]);
});

test('ticks of counts are whole, and nothing at all still has an axis', () => {
  for (const most of [1, 2, 3, 5, 7, 999, 12345]) {
    assert.ok(chart.ticks(most, true).values.every(Number.isInteger), String(most));
  }
  assert.deepEqual(chart.ticks(0, true).values, [0, 1]);
  assert.deepEqual(chart.ticks(NaN, true).values, [0, 1]);
});

test('there are two to five ticks, whatever the size', () => {
  for (let most = 0.0001; most < 1e7; most *= 1.37) {
    const { values } = chart.ticks(most, false);
    assert.ok(values.length >= 2 && values.length <= 5, most + ': ' + values);
    assert.ok(values[values.length - 1] <= most * (1 + 1e-9));
  }
});

test('every January has its tick, and years are left out where they would touch', () => {
  assert.deepEqual(chart.yearTicks(MONTHS, 12), [
    { m: 0, text: '2023' },
    { m: 12, text: '2024' },
  ]);
  assert.deepEqual(
    chart.yearTicks(MONTHS, 1.5).map(({ text }) => text),
    ['2023', ''],
  );
});

test('data that begin within a year name it where there is room, and always if there is no January', () => {
  assert.deepEqual(
    chart.yearTicks(['2023-06', '2023-07', '2023-08'], 3).map(({ m, text }) => [m, text]),
    [[0, '2023']],
  );
  assert.deepEqual(
    chart.yearTicks(MONTHS.slice(11), 8).map(({ m, text }) => [m, text]),
    [[1, '2024']],
  );
  assert.deepEqual(
    chart.yearTicks(MONTHS.slice(6), 8).map(({ m, text }) => [m, text]),
    [
      [0, '2023'],
      [6, '2024'],
    ],
  );
});

test('a day stands within its month, in leap years too, and outside the data nowhere', () => {
  assert.equal(chart.placeOf('2023-01-01', MONTHS), 0);
  assert.equal(chart.placeOf('2024-02-29', MONTHS), 13 + 28 / 29);
  assert.equal(chart.placeOf('2022-12-31', MONTHS), null);
});

test('no line of a day runs through the words of another', () => {
  const lanes = chart.inLanes([{ place: 18 }, { place: 2 }, { place: 20 }, { place: 5 }], 24);
  assert.deepEqual(
    lanes.map(({ place }) => place),
    [2, 5, 20, 18],
  );
});

/* ---- stacking ---- */

test('parts are stacked without gaps and without overlap', () => {
  const { bottoms, tops } = chart.stacked([
    [2, 0, 1],
    [0, 3, 4],
    [5, 1, 0],
  ]);
  assert.deepEqual(
    bottoms.map((row) => [...row]),
    [
      [0, 0, 0],
      [2, 0, 1],
      [2, 3, 5],
    ],
  );
  assert.deepEqual([...tops], [7, 4, 5]);
  assert.deepEqual([...chart.stacked([]).tops], []);
});

test('more types than colors: the rarest are summed, and no event is lost', () => {
  const names = Array.from('abcdefghij');
  const rows = names.map((_, k) => [k, 1]);
  const found = chart.grouped(names, rows, 'other');
  assert.deepEqual(found.names, ['a', 'b', 'c', 'd', 'e', 'f', 'other']);
  assert.deepEqual([...found.rows[6]], [6 + 7 + 8 + 9, 4]);
  assert.equal(chart.grouped(names.slice(0, 7), rows.slice(0, 7), 'other').names[6], 'g');
});

function drawnBars(changes) {
  const words = geoMap.createWords(CONFIG);
  const rows = [MONTHS.map((_, m) => (m === 23 ? 4 : 1)), MONTHS.map(() => 2)];
  const { months, base, comparison, events } = TIMED;
  const targeted = MONTHS.map(() => 0);
  return chart.bars({ ...months, rows, targeted, base, comparison, events, words, ...changes });
}

const barsIn = (node) => (node.attributes.d.match(/M/g) || []).length;

test('months that the data do not cover are hollow, all others full', () => {
  const types = drawnBars({}).node.named('type');
  assert.deepEqual(
    types.map((node) => [node.attributes.class, node.attributes.fill, barsIn(node)]),
    [
      ['type', chart.colorOf(0), 23],
      ['type hollow', '#fff', 1],
      ['type', chart.colorOf(1), 23],
      ['type hollow', '#fff', 1],
    ],
  );
  assert.equal(types[1].style.stroke, chart.colorOf(0));
});

test('heights are in proportion to events, on one scale', () => {
  const words = geoMap.createWords(CONFIG);
  const zeros = MONTHS.map(() => 0);
  const one = zeros.map((_, m) => (m === 0 ? 2 : m === 1 ? 8 : 0));
  const { node } = chart.bars({
    ...TIMED.months,
    rows: [one],
    targeted: zeros,
    base: null,
    comparison: null,
    events: [],
    words,
  });
  const heights = [...node.named('type')[0].attributes.d.matchAll(/v(-?[\d.]+)/g)].map((found) => Number(found[1]));
  assert.ok(Math.abs(heights[1] / heights[0] - 4) < 0.01, String(heights));
});

test('windows are brackets over their months, and words only where they fit', () => {
  const found = (span) => drawnBars({ base: span, comparison: null }).node.named('base');
  assert.deepEqual(
    found([0, 11]).map((node) => node.tag),
    ['path', 'text'],
  );
  assert.deepEqual(
    found([0, 0]).map((node) => node.tag),
    ['path'],
  );
  assert.equal(found(null).length, 0);
});

test('a day is a line with words; one outside the months is left out', () => {
  const { node } = drawnBars({ events: [...TIMED.events, { day: '2019-01-01', kind: 'transition' }] });
  assert.equal(node.named('day').length, 1);
  assert.deepEqual(
    node.named('day-name').map((one) => one.textContent),
    ['Event: Sep 9, 2024'],
  );
});

test('the shade covers just the months shown, and moves', () => {
  const { node, move } = drawnBars({});
  const [shown] = node.named('shown');
  move([0, 23], null);
  assert.deepEqual([shown.attributes.x, shown.attributes.width], ['30', '301']);
  move([12, 23], [0, 11]);
  assert.deepEqual([shown.attributes.x, shown.attributes.width], ['180.5', '150.5']);
  assert.equal(node.named('compared')[0].attributes.x, '30');
  move([12, 23], null);
  assert.equal(node.named('compared')[0].attributes.width, '0');
});

test('a year that has no room at the end is not written over the edge', () => {
  const words = geoMap.createWords(CONFIG);
  const labels = [...MONTHS.slice(1), '2025-01'];
  const values = Float64Array.from(labels, () => 1);
  const { node } = chart.line({ labels, values, overall: values, words });
  const texts = node.all(({ tag }) => tag === 'text').map((one) => one.textContent);
  assert.ok(texts.includes('2024'));
  assert.ok(!texts.includes('2025'));
});

test('a line is broken where no rate is known, and a month without one has no dot', () => {
  const words = geoMap.createWords(CONFIG);
  const values = Float64Array.from(MONTHS, (_, m) => (m < 11 || m === 15 ? NaN : m));
  const { node, move } = chart.line({ labels: MONTHS, values, overall: values.map(() => 5), words });
  assert.equal(node.named('rate-line')[0].attributes.d.match(/M/g).length, 2);
  move([4, 15], null);
  assert.ok('hidden' in node.named('rate-dot')[0].attributes);
  move([12, 23], null);
  assert.ok(!('hidden' in node.named('rate-dot')[0].attributes));
  assert.equal(node.named('rate-value')[0].textContent, '23.0');
});

/* ---- colors ---- */

/* Machado, Oliveira and Fernandes (2009), severity 1, on linear light. */
const SEEN = {
  everyone: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function labOf(color, matrix) {
  const given = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255);
  const light = given.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const [r, g, b] = matrix.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, one, k) => sum + one * light[k], 0),
      ),
    ),
  );
  const xyz = [
    (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
  ];
  const [x, y, z] = xyz.map((t) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

for (const [who, matrix] of Object.entries(SEEN)) {
  test('colors of types stay at least 9 units apart: ' + who, () => {
    const seen = chart.typeColors.map((color) => labOf(color, matrix));
    seen.forEach((one, k) => {
      seen.slice(0, k).forEach((other, j) => {
        const apart = Math.hypot(...one.map((value, axis) => value - other[axis]));
        assert.ok(apart >= 9, chart.typeColors[j] + ' and ' + chart.typeColors[k] + ': ' + apart);
      });
    });
  });
}

test('there are at most seven colors, and all further types share the last', () => {
  assert.equal(new Set(chart.typeColors).size, 7);
  assert.equal(chart.colorOf(99), chart.typeColors[6]);
});

/* ---- the panel ---- */

const CHANGE = {
  ratio: 2,
  low: 1.5,
  high: 2.7,
  quasiLow: 1.2,
  quasiHigh: 3.3,
  baseEvents: 24,
  comparisonEvents: 48,
  rank: 1,
};
const each = (value) => Float64Array.of(value);

function open(changes, more) {
  card = new Node('section');
  const values = {
    level: 'municipality',
    measure: 'rate',
    at: 23,
    window: 12,
    category: 'all',
    base: [0, 11],
    selected: 0,
    compare: false,
    compareAt: 11,
    ...changes,
  };
  const state = { get: (key) => values[key], all: () => ({ ...values }) };
  const words = geoMap.createWords(CONFIG);
  if (values.language) words.language = values.language;
  const called = { monthly: 0, closed: 0 };
  const series = {
    isStatic: false,
    longest: 12,
    count: (level, i, at) => (at === 11 ? 24 : 48),
    populationOf: () => 50000,
    interval: () => ({ low: 70.8, high: 127.3 }),
    rates: () => each(96),
    smoothed: () => each(90),
    share: () => each(0.25),
    change: () => each(2),
    bins: () => each(0),
    overall: () => 12,
    isComplete: () => true,
    isReliable: () => true,
    changeOf: () => CHANGE,
    monthly: () => {
      called.monthly += 1;
      return { names: ['Battles', 'Riots'], rows: [MONTHS.map(() => 1), MONTHS.map(() => 2)] };
    },
    targeted: () => Float64Array.from(MONTHS, () => 1),
    stated: () => Float64Array.from(MONTHS, () => 4),
    smoothedSeries: () => Float64Array.from(MONTHS, (_, m) => (m < 11 ? NaN : 80 + m)),
    overallSeries: () => Float64Array.from(MONTHS, () => 12),
    actors: () => [
      { name: '<b>Group</b> ${x}', events: 30 },
      { name: 'Other group', events: 1 },
    ],
    stateOnly: () => 3,
    reach: () => null,
    clampAt: (at) => at,
    ...more,
  };
  const country = { stateOf: [0] };
  const names = { state: { name: ['$& State'] }, municipality: { name: ['Place'] } };
  const facts = geoMap.createFacts({
    words,
    config: CONFIG,
    names,
    country,
    series,
    state,
    measureAt: (level, key) => !LABELS.includes(key),
  });
  const deselect = () => {
    called.closed += 1;
  };
  const panel = geoMap.createAreaPanel({
    words,
    state,
    config: CONFIG,
    series,
    facts,
    country,
    whisker: () => null,
    deselect,
  });
  panel.draw();
  return {
    panel,
    values,
    called,
    text: () => card.textContent,
    lines: () => card.named('under').map((node) => node.textContent),
  };
}

test('every figure has its interval, its unit or what it is made of', () => {
  assert.deepEqual(open({}).lines(), [
    '50,000 people',
    '95\u00a0% interval 70.8 – 127.3',
    'per 100,000 person-years',
    'country 12.0',
    'per 100,000 person-years',
    '95\u00a0% interval 1.20 – 3.30',
    'from 24 to 48 events',
    '12 of 48 events',
    '12 months',
  ]);
});

test('a change has an interval only where the study compared just these windows', () => {
  assert.match(open({}).text(), /quasi-Poisson by month; the exact one, 1\.50 – 2\.70/);
  for (const other of [{ at: 22 }, { window: 3 }, { base: [0, 10] }, { category: 'event_type:0' }]) {
    const { text } = open(other);
    assert.match(text(), /no interval: not the windows of the study/);
    assert.doesNotMatch(text(), /1\.20|quasi/);
  }
});

test('without an interval that allows for months that vary, the exact one is told as such', () => {
  const exact = open({}, { changeOf: () => ({ ...CHANGE, quasiLow: NaN, quasiHigh: NaN, high: Infinity }) });
  assert.ok(exact.lines().includes('95\u00a0% interval 1.50 – ∞'));
  assert.match(exact.text(), /Interval of the change: exact;/);
});

test('a change of too few events is told as such, without a word on intervals', () => {
  const { text } = open({ window: 3 }, { change: () => each(NaN) });
  assert.match(text(), /fewer than 5 events/);
  assert.doesNotMatch(text(), /no interval/);
});

test('figures that no filter touches say so while there is a filter', () => {
  assert.equal(
    open({ category: 'event_type:1' })
      .lines()
      .filter((said) => said === 'all events, without the filter').length,
    3,
  );
  assert.equal(open({}).text().includes('without the filter'), false);
});

test('a share comes with both of its numbers, also where none targeted civilians', () => {
  const none = { share: () => each(0), targeted: () => MONTHS.map(() => 0) };
  assert.ok(open({ window: 12 }, none).lines().includes('0 of 48 events'));
});

test('what weakens the figures is said: few events, incomplete windows, state-only events, coordinates', () => {
  const { text } = open({}, { isReliable: () => false, isComplete: () => false });
  assert.match(text(), /Fewer than 20 events or 10,000 people/);
  assert.match(text(), /do not cover the whole period/);
  assert.match(text(), /3 events are known only to be in \$& State/);
  assert.match(text(), /stand for a town/);
});

test('names of actors are text and nothing else', () => {
  open({});
  const [list] = card.named('actors');
  assert.equal(list.children[0].children[0].children[0], '<b>Group</b> ${x}');
  assert.match(list.textContent, /30 events.*1 event$/);
});

test('who cannot see the charts has the sums of each year and its latest rate', () => {
  open({});
  const [table] = card.all((node) => node.tag === 'table');
  const rows = table.all((node) => node.tag === 'tr').map((row) => row.children.map((cell) => cell.textContent));
  assert.deepEqual(rows, [
    ['', '2023', '2024'],
    ['Battles', '12', '12'],
    ['Riots', '24', '24'],
    ['Targeting civilians', '12', '12'],
    ['Smoothed rate per 100,000, end of the year', '91.0', '103.0'],
  ]);
  for (const svg of card.named('chart')) assert.equal(svg.attributes['aria-hidden'], 'true');
});

test('a step in time draws no chart again; another area does', () => {
  const { panel, values, called, text } = open({});
  values.at = 20;
  panel.draw();
  assert.equal(called.monthly, 1);
  assert.match(text(), /no interval/);
  values.level = 'state';
  panel.draw();
  assert.equal(called.monthly, 2);
});

test('nothing chosen, nothing shown; Escape and the button close', () => {
  const { panel, values, called } = open({});
  const [close] = card.all((node) => node.attributes.id === 'geo-card-close');
  assert.equal(close.attributes['aria-label'], 'Close');
  close.listeners.click();
  card.listeners.keydown({ key: 'Escape', stopPropagation: () => {} });
  card.listeners.keydown({ key: 'Tab', stopPropagation: () => {} });
  assert.equal(called.closed, 2);
  values.selected = -1;
  panel.draw();
  assert.deepEqual([card.hidden, card.children.length], [true, 0]);
});

test('an area of which nothing was asked has no figure and no chart, and says why', () => {
  const { text, called } = open({}, { reach: () => [2], count: () => NaN });

  assert.equal(called.monthly, 0);
  assert.match(text(), /Eventsnot asked/);
  assert.match(text(), /it is not zero/);
  assert.doesNotMatch(text(), /96|48|NaN|No events/);
});

test('an area asked for in part has its events and says so, without a rate', () => {
  const { lines, text } = open({}, { reach: () => [1], rates: () => each(NaN), overall: () => NaN });

  assert.match(text(), /The query asks for a part of this area/);
  assert.deepEqual(lines(), ['12 of 48 events']);
  assert.doesNotMatch(text(), /NaN|fewer than 5/);
});

test('in Spanish nothing is left in English', () => {
  const { text } = open({ language: 'es', window: 3 });
  assert.match(text(), /sin intervalo/);
  assert.doesNotMatch(text(), /[a-z] (events|people|person|interval|country|months) /);
});
