import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';

import { scripts, wordsOf } from './scripts.mjs';

/* As much of a page as the time bar touches. */
class Node {
  constructor(tag) {
    this.tag = tag;
    this.attributes = new Map();
    this.children = [];
    this.listeners = {};
    this.style = {};
    this.own = '';
    this.hidden = false;
    this.clientWidth = 600;
    this.offsetWidth = 80;
    this.classList = {
      has: (name) => this.classes().includes(name),
      add: (name) => this.classList.toggle(name, true),
      remove: (name) => this.classList.toggle(name, false),
      toggle: (name, on) => {
        const others = this.classes().filter((other) => other !== name);
        this.attributes.set('class', (on ? [...others, name] : others).join(' '));
      },
    };
  }
  classes() {
    return (this.attributes.get('class') || '').split(' ').filter(Boolean);
  }
  setAttribute(name, value) {
    this.attributes.set(name, value);
    if (name === 'hidden') this.hidden = true;
  }
  removeAttribute(name) {
    this.attributes.delete(name);
  }
  append(...children) {
    this.children.push(...children);
  }
  replaceChildren(...children) {
    this.children = children;
    changes.built += 1;
  }
  get firstChild() {
    return this.children[0];
  }
  get lastChild() {
    return this.children[this.children.length - 1];
  }
  get textContent() {
    return this.own + this.children.map((child) => child.textContent ?? child).join('');
  }
  set textContent(text) {
    this.children = [];
    this.own = text;
  }
  addEventListener(kind, listener) {
    (this.listeners[kind] ??= []).push(listener);
  }
  fire(kind, event = {}) {
    for (const listener of this.listeners[kind] ?? []) listener({ target: this, preventDefault() {}, ...event });
  }
  getBoundingClientRect() {
    return { left: 0, top: 0, width: 600, height: 72 };
  }
  all(test) {
    const inner = this.children.filter((child) => child instanceof Node).flatMap((child) => child.all(test));
    return test(this) ? [this, ...inner] : inner;
  }
}

const changes = { built: 0 };
const places = {};
const page = new Node('document');
page.hidden = false;
page.createElement = (tag) => new Node(tag);
page.createElementNS = (_, tag) => new Node(tag);
page.getElementById = (id) => (places[id] ??= new Node('div'));
globalThis.document = page;
globalThis.ResizeObserver = class {
  observe() {}
};
const motion = { matches: false };
globalThis.matchMedia = () => motion;

const geoMap = scripts('dom', 'words', 'state', 'reach', 'classes', 'timeplot', 'timebar');
const { edgesOf, yearSpans, yearNames } = geoMap.timePlot;

function monthsFrom(year, month, count) {
  return Array.from({ length: count }, (_, k) => {
    const m = month - 1 + k;
    return year + Math.floor(m / 12) + '-' + String((m % 12) + 1).padStart(2, '0');
  });
}

/* A map of so many months from January 2022 with 1, 2, 3, ... events; the last month is incomplete. */
function timebar(count, chosen = {}, given = {}) {
  const labels = monthsFrom(2022, 1, count);
  const measures = [{ key: 'rate', byCategory: true }, { key: 'smoothed' }, { key: 'change', byCategory: true }];
  measures.push({ key: 'hotspots' }, { key: 'emerging' });
  const config = {
    language: 'en',
    words: { en: wordsOf('en'), es: wordsOf('es') },
    levels: { state: { measures } },
    timed: {
      months: { labels, complete: labels.map((_, m) => m < count - 1) },
      spans: [1, 3, 12].filter((window) => window <= count),
      hotspotSpan: count >= 12 ? 12 : null,
    },
    ...given,
  };
  const asked = [];
  const firstAt = (window) => Math.min(window, count) - 1;
  const series = {
    firstAt,
    clampAt: (at, window) => Math.max(firstAt(window), Math.min(count - 1, at)),
    national: (level, window, category) => {
      asked.push([level, window, category].join(' '));
      return Float64Array.from(labels, (_, m) => (category === 'all' ? m + 1 : Number(category === 'event_type:0')));
    },
  };
  const words = geoMap.createWords(config);
  const state = geoMap.createState({
    level: 'state',
    measure: 'rate',
    at: count - 2,
    window: 1,
    category: 'all',
    base: null,
    language: 'en',
    playing: false,
    compare: false,
    compareAt: 0,
    ...chosen,
  });
  const bar = geoMap.createTimebar({ words, state, config, series });
  state.listen((changed) => {
    if (changed.has('language')) words.language = state.get('language');
    bar.update(changed);
  });
  bar.draw();
  const node = places['geo-time'];
  const byId = (id) => node.all((one) => one.attributes.get('id') === id)[0];
  const ofClass = (name) => node.all((one) => one.classList.has(name));
  const marked = (name) => ofClass('time-bar').flatMap((one, m) => (one.classList.has(name) ? [m] : []));
  const text = (name) => ofClass(name)[0].textContent;
  return { state, node, byId, ofClass, marked, text, asked, slider: byId('geo-time-at') };
}

function span(first, last) {
  return Array.from({ length: last - first + 1 }, (_, k) => first + k);
}

function key(slider, name) {
  slider.fire('keydown', { key: name });
}

function choose(slider, at) {
  slider.value = String(at);
  slider.fire('input');
}

beforeEach(() => {
  for (const id of Object.keys(places)) delete places[id];
  page.listeners = {};
  page.hidden = false;
  motion.matches = false;
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
});

test('a map of one month or of no months has no time bar', () => {
  for (const timed of [null, { months: { labels: ['2024-01'], complete: [true] } }]) {
    timebar(2, {}, { timed });
    assert.equal(places['geo-time'].hidden, true);
    assert.equal(places['geo-time'].children.length, 0);
  }
});

test('the months of the window are marked, whatever its length', () => {
  const { state, marked } = timebar(24, { at: 20, window: 3 });
  assert.deepEqual(marked('shown'), [18, 19, 20]);
  state.set({ window: 12 });
  assert.deepEqual(marked('shown'), span(9, 20));
  state.set({ at: 21 });
  assert.deepEqual(marked('shown'), span(10, 21));
  state.set({ window: 1, at: 0 });
  assert.deepEqual(marked('shown'), [0]);
});

test('incomplete months are hollow, and a window with one says so', () => {
  const { marked, state, text, slider } = timebar(24, { at: 22 });
  assert.deepEqual(marked('hollow'), [23]);
  assert.equal(text('time-events'), '23 events');
  assert.equal(slider.attributes.get('aria-valuetext'), 'November 2023');
  state.set({ at: 23 });
  assert.equal(text('time-events'), '24 events, incomplete');
  assert.equal(slider.attributes.get('aria-valuetext'), 'December 2023, incomplete');
});

test('the events of a window are those of its months', () => {
  const { state, text } = timebar(24, { at: 11, window: 12 });
  assert.equal(text('time-name'), '2022');
  assert.equal(text('time-events'), '78 events');
  state.set({ at: 2, window: 3 });
  assert.equal(text('time-events'), '6 events');
  state.set({ at: 0, window: 1 });
  assert.equal(text('time-events'), '1 event');
});

test('the slider goes from the first window to the last, in months and in years', () => {
  const { state, slider } = timebar(36, { at: 20, window: 12 });
  assert.deepEqual([slider.min, slider.max, slider.step, slider.value], ['11', '35', '1', '20']);
  choose(slider, 13);
  assert.equal(state.get('at'), 13);
  key(slider, 'PageUp');
  assert.equal(state.get('at'), 25);
  key(slider, 'PageUp');
  assert.equal(state.get('at'), 35);
  key(slider, 'PageDown');
  key(slider, 'PageDown');
  key(slider, 'PageDown');
  assert.equal(state.get('at'), 11);
  key(slider, 'ArrowLeft');
  assert.equal(state.get('at'), 11);
});

test('the buttons step by one month and stop at the ends', () => {
  const { state, byId } = timebar(24, { at: 22 });
  byId('geo-time-forward').fire('click');
  assert.equal(state.get('at'), 23);
  assert.equal(byId('geo-time-forward').disabled, true);
  byId('geo-time-back').fire('click');
  byId('geo-time-back').fire('click');
  assert.equal(state.get('at'), 21);
  state.set({ at: 0 });
  assert.equal(byId('geo-time-back').disabled, true);
});

test('a step builds nothing and asks for no sums', () => {
  const { state, asked } = timebar(60, { at: 30, window: 12 });
  changes.built = 0;
  const before = asked.length;
  for (let at = 11; at < 60; at++) state.set({ at });
  assert.equal(changes.built, 0);
  assert.equal(asked.length, before);
});

test('the sums of a category are asked for once, and only where the measure has categories', () => {
  const { state, asked } = timebar(24);
  assert.deepEqual(asked, ['state 1 all']);
  state.set({ measure: 'smoothed', category: 'event_type:0' });
  assert.deepEqual(asked, ['state 1 all']);
  state.set({ measure: 'rate' });
  assert.deepEqual(asked, ['state 1 all', 'state 1 event_type:0']);
  state.set({ measure: 'smoothed' });
  state.set({ measure: 'rate' });
  assert.equal(asked.length, 2);
});

test('a longer window moves both sliders to where it exists', () => {
  const { state, byId } = timebar(24, { at: 2, compareAt: 1 });
  byId('geo-window-12').fire('change');
  assert.deepEqual([state.get('window'), state.get('at'), state.get('compareAt')], [12, 11, 11]);
});

test('lengths that the data do not have cannot be chosen, and the reason is said', () => {
  const { byId, ofClass } = timebar(8);
  assert.deepEqual(
    [1, 3, 12].map((window) => byId('geo-window-' + window).disabled),
    [false, false, true],
  );
  assert.equal(ofClass('why')[0].textContent, 'The data cover 8 months.');
  assert.equal(byId('geo-window-12').attributes.get('aria-describedby'), 'geo-time-why');
  assert.equal(byId('geo-window-1').attributes.has('aria-describedby'), false);
});

test('hotspots leave only their own length, and say why', () => {
  const { state, byId, ofClass } = timebar(24, { at: 20, window: 12 });
  assert.equal(ofClass('why')[0].hidden, true);
  state.set({ measure: 'hotspots' });
  assert.deepEqual(
    [1, 3, 12].map((window) => byId('geo-window-' + window).disabled),
    [true, true, false],
  );
  assert.equal(ofClass('why')[0].hidden, false);
  assert.equal(ofClass('why')[0].textContent, 'Hotspots and outliers are tested over 12 months.');
  state.set({ measure: 'outliers' });
  assert.equal(byId('geo-window-3').disabled, true);
});

test('a measure of all months together has no time to choose', () => {
  const { state, byId, slider, marked, text } = timebar(24, { at: 20, window: 12 });
  state.set({ measure: 'emerging' });
  assert.deepEqual(marked('shown'), span(0, 23));
  assert.equal(slider.disabled, true);
  assert.equal(byId('geo-time-play').disabled, true);
  assert.equal(text('time-name'), 'January 2022 to December 2023');
  state.set({ measure: 'rate' });
  assert.deepEqual(marked('shown'), span(9, 20));
  assert.equal(slider.disabled, false);
});

test('what is compared is marked while it is compared', () => {
  const { state, marked, ofClass, byId, text } = timebar(24, { at: 20, window: 3, compareAt: 8 });
  assert.deepEqual(marked('compared'), []);
  assert.equal(ofClass('time-other')[0].hidden, true);
  state.set({ compare: true });
  assert.deepEqual(marked('compared'), [6, 7, 8]);
  assert.equal(text('time-compared'), 'compared with July to September 2022');
  choose(byId('geo-time-compareAt'), 4);
  assert.equal(state.get('compareAt'), 4);
  assert.deepEqual(marked('compared'), [2, 3, 4]);
  state.set({ compare: false });
  assert.deepEqual(marked('compared'), []);
});

test('the base has a bracket where it matters', () => {
  const { state, ofClass } = timebar(24, { base: [0, 11] });
  assert.equal(ofClass('time-base')[0].hidden, true);
  state.set({ measure: 'change' });
  const bracket = ofClass('time-base')[0];
  assert.equal(bracket.hidden, false);
  assert.deepEqual([bracket.style.transform, bracket.style.width], ['translateX(0px)', '298px']);
  state.set({ base: [12, 14] });
  assert.deepEqual([bracket.style.transform, bracket.style.width], ['translateX(300px)', '73px']);
});

test('playing steps every 700 ms and stops at the end', () => {
  const { state, byId } = timebar(24, { at: 20 });
  byId('geo-time-play').fire('click');
  assert.equal(byId('geo-time-play').attributes.get('aria-label'), 'Pause');
  mock.timers.tick(699);
  assert.equal(state.get('at'), 20);
  mock.timers.tick(1);
  assert.equal(state.get('at'), 21);
  mock.timers.tick(700);
  mock.timers.tick(700);
  assert.deepEqual([state.get('at'), state.get('playing')], [23, false]);
  mock.timers.tick(5000);
  assert.equal(state.get('at'), 23);
  assert.equal(byId('geo-time-play').attributes.get('aria-label'), 'Play');
  assert.equal(places['geo-live'].textContent, 'December 2023, 24 events, incomplete');
});

test('playing from the end begins with the first window', () => {
  const { state, byId } = timebar(24, { at: 23, window: 12 });
  byId('geo-time-play').fire('click');
  assert.deepEqual([state.get('at'), state.get('playing')], [11, true]);
});

test('readers who want less motion get slower steps without animation', () => {
  motion.matches = true;
  const { state, node, byId } = timebar(24, { at: 10 });
  byId('geo-time-play').fire('click');
  assert.equal(node.classList.has('playing'), false);
  mock.timers.tick(1499);
  assert.equal(state.get('at'), 10);
  mock.timers.tick(1);
  assert.equal(state.get('at'), 11);
});

test('any change by hand stops playing; a look at an area does not', () => {
  for (const change of [{ at: 4 }, { window: 3 }, { measure: 'smoothed' }, { category: 'event_type:0' }]) {
    const { state } = timebar(24, { at: 10 });
    state.set({ playing: true });
    state.set({ selected: 3, hovered: 2 });
    assert.equal(state.get('playing'), true);
    state.set(change);
    assert.equal(state.get('playing'), false);
    mock.timers.tick(5000);
    assert.equal(state.get('at'), change.at ?? 10);
  }
});

test('a page that is not seen does not play', () => {
  const { state } = timebar(24, { at: 10 });
  state.set({ playing: true });
  page.hidden = true;
  page.fire('visibilitychange');
  assert.equal(state.get('playing'), false);
});

test('a press on a bar goes to its month, before the first window to that one', () => {
  const { state, ofClass } = timebar(24, { at: 20, window: 12 });
  const press = (x, more) =>
    ofClass('time-field')[0].fire('pointerdown', { clientX: x, clientY: 30, button: 0, ...more });
  press(15.5 * 25);
  assert.equal(state.get('at'), 15);
  press(2 * 25);
  assert.equal(state.get('at'), 11);
  press(20 * 25, { button: 2 });
  assert.equal(state.get('at'), 11);
});

test('the month under a pointer is said in words', () => {
  const { ofClass } = timebar(24);
  const move = (x, kind) => ofClass('time-field')[0].fire('pointermove', { clientX: x, pointerType: kind });
  const tip = ofClass('time-tip')[0];
  move(10, 'touch');
  assert.equal(tip.hidden, true);
  move(5.5 * 25, 'mouse');
  assert.deepEqual([tip.hidden, tip.textContent], [false, 'June 20226 events']);
  move(599, 'mouse');
  assert.equal(tip.textContent, 'December 202324 events, incomplete');
  ofClass('time-field')[0].fire('pointerleave');
  assert.equal(tip.hidden, true);
});

test('another language changes every word', () => {
  const { state, node, byId, text, slider } = timebar(24, { at: 14, window: 3 });
  state.set({ language: 'es' });
  assert.equal(text('time-name'), 'enero a marzo de 2023');
  assert.equal(text('time-events'), '42 eventos');
  assert.equal(text('time-lengths'), 'Duración de la ventana1 mes3 meses12 meses');
  assert.equal(slider.attributes.get('aria-label'), 'Meses que se muestran');
  assert.equal(byId('geo-time-play').attributes.get('aria-label'), 'Reproducir');
  assert.equal(node.attributes.get('aria-label'), 'Tiempo');
});

test('bars are as high as their events, the highest fills the room, and none has none', () => {
  const { ofClass, state, text } = timebar(24);
  const heights = () => ofClass('time-bar').map((bar) => Number(bar.attributes.get('height')));
  /* A hollow bar has its line inside. */
  assert.deepEqual([heights()[0], heights()[11], heights()[23]], [2, 20, 39]);
  assert.equal(text('time-top'), '24a month');
  state.set({ category: 'event_type:0' });
  assert.equal(heights()[0], 40);
  assert.equal(text('time-top'), '1a month');
  state.set({ category: 'event_type:1' });
  assert.deepEqual(new Set(heights()), new Set([0]));
  assert.equal(text('time-top'), '0a month');
});

test('edges of bars lie on pixels of the screen and cover the whole width', () => {
  assert.deepEqual(edgesOf(4, 10, 1), [0, 3, 5, 8, 10]);
  assert.deepEqual(edgesOf(4, 10, 2), [0, 2.5, 5, 7.5, 10]);
  assert.deepEqual(edgesOf(2, 0, 1), [0, 0, 0]);
});

test('years begin in January, also where the data do not', () => {
  assert.deepEqual(yearSpans(monthsFrom(2022, 11, 15)), [
    { year: '2022', start: 0, end: 2 },
    { year: '2023', start: 2, end: 14 },
    { year: '2024', start: 14, end: 15 },
  ]);
});

test('years that do not fit are not written', () => {
  const names = (pitch, count) => {
    const written = yearNames(yearSpans(monthsFrom(2020, 7, count)), pitch, pitch * count);
    return written.sort((a, b) => a.x - b.x).map(({ text }) => text);
  };
  assert.deepEqual(names(10, 31), ['2020', '2021', '2022']);
  assert.deepEqual(names(3, 31), ['2021', '2022']);
  assert.deepEqual(names(1.5, 66), ['2021', '2023']);
});
