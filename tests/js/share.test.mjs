import assert from 'node:assert/strict';
import { test } from 'node:test';

import { scripts } from './scripts.mjs';

const { share } = scripts('dom', 'reach', 'classes', 'share', 'swipe');

const LABELS = Array.from(
  { length: 24 },
  (_, m) => 2023 + Math.floor(m / 12) + '-' + String((m % 12) + 1).padStart(2, '0'),
);
const measures = (...keys) => keys.map((key) => ({ key }));
const config = {
  levels: {
    state: { measures: measures('count', 'rate', 'change') },
    municipality: { measures: measures('count', 'rate', 'change', 'hotspots') },
  },
  words: { en: {}, es: {} },
  palettes: { orrd: {}, cividis: {} },
  timed: {
    months: { labels: LABELS },
    spans: [1, 3, 12],
    hotspotSpan: 12,
    categories: { event_type: ['Battles', 'Protests'], actor_class: ['State forces'] },
  },
};
const names = { state: { code: ['01', '09'] }, municipality: { code: ['01001', '09015', '20002'] } };
const series = { clampAt: (at, window) => Math.max(window - 1, Math.min(LABELS.length - 1, at)) };
const START = Object.freeze({
  level: 'municipality',
  measure: 'rate',
  at: 23,
  window: 12,
  category: 'all',
  base: [0, 11],
  selected: -1,
  language: 'en',
  palette: 'orrd',
  compare: false,
  compareAt: 11,
  split: 0.5,
});
const layers = ['layerScan', 'layerDensity'];
const hash = share.createHash({ config, series, names, layers, clusters: [1, 2] });
const changes = (text, from = START) => hash.read(text, from)?.changes;

test('what is written is read again', () => {
  const state = {
    ...START,
    level: 'state',
    measure: 'change',
    at: 20,
    window: 3,
    category: 'event_type:1',
    base: [2, 4],
    selected: 1,
    language: 'es',
    palette: 'cividis',
    compare: true,
    compareAt: 8,
    split: 0.3,
    layerScan: true,
    layerDensity: false,
    cluster: 2,
  };
  const view = { lat: 19.4326, lng: -99.1332, zoom: 9.25 };
  const text = hash.write(state, view);

  assert.equal(
    text,
    '#level=state&measure=change&at=2024-09&window=3&category=event_type:1&base=2023-03..2023-05' +
      '&compare=2023-09&split=30&layers=layerScan&cluster=2&area=09&palette=cividis&lang=es&view=19.4326,-99.1332,9.25',
  );
  const found = hash.read(text, START);
  assert.deepEqual({ ...START, ...found.changes }, state);
  assert.deepEqual(found.view, view);
});

test('a mail program that writes signs as codes breaks no link', () => {
  assert.equal(changes('#category=event_type%3A1').category, 'event_type:1');
  assert.deepEqual(hash.read('#view=20%2C-100%2C6', START).view, { lat: 20, lng: -100, zoom: 6 });
});

const HOSTILE = [
  '',
  '#',
  '#=',
  '#&&&&',
  '#=level',
  '#level',
  '#level=',
  '#level=country',
  '#level=__proto__',
  '#level=constructor',
  '#level=State',
  '#level=%',
  '#level=%E0%A4%A',
  '#level=%00state',
  '#__proto__=1',
  '#constructor=prototype',
  '#measure=<img src=x onerror=alert(1)>',
  '#measure=%3Cscript%3Ealert(1)%3C/script%3E',
  '#measure=toString',
  '#measure=emerging',
  '#at=23',
  '#at=2025-01',
  '#at=2024-13',
  '#at=2024-1',
  '#at=-1',
  '#at=NaN',
  '#at=length',
  '#window=2',
  '#window=012',
  '#window=12.0',
  '#window=1e1',
  '#window=Infinity',
  '#category=event_type:2',
  '#category=event_type:-1',
  '#category=event_type:00',
  '#category=event_type:0x1',
  '#category=__proto__:0',
  '#category=event_type:length',
  '#category=toString:0',
  '#base=2024-01',
  '#base=2024-02..2024-01',
  '#base=2024-01..2024-02..2024-03',
  '#base=..',
  '#area=9015',
  '#area=99999',
  '#area=09',
  '#area=0901５',
  "#area=09015' OR 1=1",
  '#area=../../etc/passwd',
  '#lang=fr',
  '#lang=hasOwnProperty',
  '#palette=__proto__',
  '#palette=jet',
  '#compare=true',
  '#compare=2030-01',
  '#split=0.3',
  '#split=-5',
  '#split=100',
  '#split=1e1',
  '#view=90,-100,5',
  '#view=20,-200,5',
  '#view=20,-100,99',
  '#view=20,-100',
  '#view=20,-100,5,6',
  '#view=NaN,NaN,NaN',
  '#view=1e1,-100,5',
  '#view=,,',
  '#view=20.12345678,-100,5',
  '#javascript:alert(1)',
  '#cluster=1',
  '#cluster=-1',
  '#playing=true',
  '#hovered=3',
  '#selected=0',
  '#level=state' + '&x=1'.repeat(400),
  '#' + '%'.repeat(500),
  '#' + 'a=b&'.repeat(190),
];

test('an address that fits nothing changes nothing', () => {
  assert.ok(HOSTILE.length >= 50);
  for (const text of HOSTILE) assert.equal(hash.read(text, START), null, text.slice(0, 80));
  assert.equal({}.polluted, undefined);
});

test('what fits is taken, what does not is passed over', () => {
  assert.deepEqual(changes('#level=planet&measure=count&at=2020-01&lang=es'), {
    measure: 'count',
    at: 23,
    language: 'es',
  });
});

test('a key said twice counts once', () => {
  assert.equal(changes('#lang=es&lang=en').language, 'es');
});

test('a density and two windows do not go together', () => {
  const found = changes('#layers=layerDensity&compare=2023-09');
  assert.equal(found.layerDensity, true);
  assert.equal(found.compare, false);
});

test('layers that there are are switched on, others are not made', () => {
  const found = changes('#layers=layerScan.playing.__proto__');

  assert.equal(found.layerScan, true);
  assert.equal(found.layerDensity, false);
  assert.ok(!('playing' in found));
});

test('a cluster is chosen where its layer is shown and the scan has it', () => {
  assert.equal(changes('#layers=layerScan&cluster=1').cluster, 1);
  for (const text of ['3', '0', '-1', '01', '1.0', '1e0', 'NaN', '__proto__', 'length', '']) {
    assert.ok(!('cluster' in changes('#layers=layerScan&cluster=' + text)), text);
  }
  assert.ok(!('cluster' in changes('#layers=layerDensity&cluster=1')));
  assert.ok(!hash.write({ ...START, cluster: 1 }, null).includes('cluster'));
  assert.ok(!hash.write({ ...START, layerScan: true, cluster: 9 }, null).includes('cluster'));
});

test('an area of another level is not chosen, and a chosen one is let go with its level', () => {
  assert.equal(changes('#level=state&area=09015', { ...START, selected: 2 }).selected, -1);
  assert.equal(changes('#level=state&area=09').selected, 1);
});

test('a month too early for its window is moved into it', () => {
  assert.equal(changes('#at=2023-02&window=12').at, 11);
  assert.equal(changes('#compare=2023-01').compareAt, 11);
});

test('hotspots bring the window that they were tested for', () => {
  assert.equal(changes('#measure=hotspots&window=1', { ...START, window: 3 }).window, 12);
});

test('a measure that a level has not gives way to one that it has', () => {
  assert.equal(changes('#level=state&measure=hotspots').measure, undefined);
  assert.equal(changes('#level=state', { ...START, measure: 'hotspots' }).measure, 'count');
});

test('change without a base window is not shown', () => {
  assert.equal(changes('#measure=change', { ...START, base: null }).measure, 'count');
});

test('a map of one period takes no month', () => {
  const fixed = share.createHash({ config: { ...config, timed: null }, series, names });

  assert.equal(fixed.read('#at=2024-01&window=1&category=event_type:0&compare=2024-01', START), null);
  assert.deepEqual(fixed.read('#measure=count&area=20002', START).changes, { measure: 'count', selected: 2 });
  assert.equal(
    fixed.write({ ...START, selected: 1 }, null),
    '#level=municipality&measure=rate&area=09015&palette=orrd&lang=en',
  );
});
