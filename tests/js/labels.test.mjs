/* Names of places: a neighbor's is moved into the view, but never onto Mexico. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { scripts } from './scripts.mjs';

const geoMap = scripts('labels');

/* One neighbor whose place is at 100, -500, and one state from 0 to 200 both ways. */
function namesIn(view) {
  const written = [];
  const context = {
    setTransform: () => {},
    measureText: (name) => ({ width: name.length * 8 }),
    strokeText: () => {},
    fillText: (name, x, y) => written.push([name, y]),
  };
  const state = { x0: 0, y0: 0, x1: 200, y1: 200 };
  const labels = geoMap.createLabels({
    places: { cities: [], places: [{ kind: 'country', rank: 1, en: 'North', x: 100, y: -500 }] },
    country: { shapes: { state: [state], municipality: [] } },
    labels: { state: { x: [-9000], y: [-9000] } },
    names: { state: { code: ['01'], name: ['State'], short: {} } },
  });
  const visible = [0, 0, view.width, view.height];
  labels.draw(context, view, { language: 'en', taken: [], visible });
  return written;
}

test('the name of a neighbor north of the view is moved to its upper edge', () => {
  assert.deepEqual(namesIn({ ratio: 1, scale: 1, x: 100, y: 100, zoom: 5, width: 400, height: 400 }), [['NORTH', 20]]);
});

test('it is left out where a state is under that edge', () => {
  assert.deepEqual(namesIn({ ratio: 1, scale: 1, x: 100, y: -50, zoom: 5, width: 400, height: 400 }), []);
});

test('a name in its own place stays there', () => {
  assert.deepEqual(namesIn({ ratio: 1, scale: 1, x: 100, y: 600, zoom: 5, width: 400, height: 900 }), [['NORTH', 100]]);
});
