import assert from 'node:assert/strict';
import { test } from 'node:test';

import { scripts } from './scripts.mjs';

/* A path that keeps what it was told; the canvas of a browser answers with the even-odd rule. */
class Path {
  constructor() {
    this.told = [];
  }
  moveTo(x, y) {
    this.told.push('M', x, y);
  }
  lineTo(x, y) {
    this.told.push('L', x, y);
  }
  closePath() {
    this.told.push('Z');
  }
  addPath(other) {
    this.told.push(...other.told);
  }
}

function isInside(path, x, y) {
  const rings = path.told
    .join(' ')
    .split('Z')
    .filter((ring) => ring.trim());
  let crossings = 0;
  for (const ring of rings) {
    const flat = ring.split(/[ML]/).filter((part) => part.trim());
    const points = flat.map((part) => part.trim().split(' ').map(Number));
    points.forEach(([x1, y1], i) => {
      const [x2, y2] = points[(i + 1) % points.length];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) crossings++;
    });
  }
  return crossings % 2 === 1;
}

globalThis.Path2D = Path;
globalThis.document = { createElement: () => ({ getContext: () => ({ isPointInPath: isInside }) }) };
const geoMap = scripts('later', 'dom', 'reach', 'geometry');
const { decodeCountry, decodeContext, pathIn, shapeAt } = geoMap.geometry;
const { boxOf } = geoMap.reach;

/* Two squares of side 10 side by side, of two states. Arc 0 is their common side, upward; arc 1 the
   rest of the left square, arc 2 the rest of the right one. Arc 3 is a hole in the right one. Only
   the left square and the hole say where they begin: the right square begins where arc 0 does. */
const COLUMNS = {
  grain: [1],
  arc_length: [2, 4, 4, 5],
  first_x: [110, 114],
  first_y: [100, 104],
  step_x: [0, -10, 0, 10, 10, 0, -10, 2, 0, -2, 0],
  step_y: [10, 0, -10, 0, 0, 10, 0, 0, 2, 0, -2],
  border: [1, 2, 2, 2],
  ring_length: [2, 2, 1],
  ring_area: [0, 1, 1],
  ring_arcs: Float64Array.from([0, 0, 0, 3, 0]),
};
const ORIGIN = { x: 100, y: 100 };
const NAMES = { municipality: { code: ['01001', '02001'] }, state: { code: ['01', '02'] } };

test('arcs are counted from the origin, and what runs backward is the same border', () => {
  const { shapes, stateOf } = decodeCountry(COLUMNS, ORIGIN, NAMES);

  assert.deepEqual(stateOf, [0, 1]);
  const [left, right] = shapes.municipality;
  assert.deepEqual([left.x0, left.y0, left.x1, left.y1], [0, 0, 10, 10]);
  assert.deepEqual([right.x0, right.y0, right.x1, right.y1], [10, 0, 20, 10]);
  assert.deepEqual(left.path.told.join(' '), 'M 10 0 L 10 10 L 0 10 L 0 0 L 10 0 Z');
  assert.deepEqual(right.path.told.slice(0, 16).join(' '), 'M 10 0 L 20 0 L 20 10 L 10 10 L 10 0 Z');
});

test('the area under a point is found, and neither a hole nor the sea is one', () => {
  const { municipality, state } = decodeCountry(COLUMNS, ORIGIN, NAMES).shapes;

  assert.equal(shapeAt(municipality, 3, 3), 0);
  assert.equal(shapeAt(municipality, 13, 3), 1);
  assert.equal(shapeAt(municipality, 15, 5), -1);
  assert.equal(shapeAt(municipality, 30, 3), -1);
  assert.equal(shapeAt(state, 13, 3), 1);
});

test('a state has the borders of its municipalities except those inside it', () => {
  const oneState = { municipality: { code: ['01001', '01002'] }, state: { code: ['01'] } };
  const { shapes, lines, outline } = decodeCountry({ ...COLUMNS, border: [0, 2, 2, 2] }, ORIGIN, oneState);

  assert.deepEqual([...new Set(shapes.state[0].arcs)].sort(), [1, 2, 3]);
  assert.deepEqual([shapes.state[0].x0, shapes.state[0].x1], [0, 20]);
  assert.deepEqual(lines.inner.path.told.join(' '), 'M 10 0 L 10 10');
  assert.equal(outline({ arcs: [0] }), 'M10 0L10 10 ');
});

test('the main piece of a shape is its largest, and a part of the country is as large as those', () => {
  const island = { ...COLUMNS, ring_area: [0, 1, 0] };
  const country = decodeCountry(island, ORIGIN, NAMES);
  const [left] = country.shapes.municipality;

  assert.deepEqual([left.x0, left.x1], [0, 16]);
  assert.deepEqual(left.main, { x0: 0, y0: 0, x1: 10, y1: 10 });
  assert.deepEqual(boxOf([0, 2], 'municipality', country), left.main);
  assert.deepEqual(boxOf([2, 1], 'state', country), { x0: 10, y0: 0, x1: 20, y1: 10 });
  for (const all of [null, [0, 1], [2, 2]]) assert.equal(boxOf(all, 'municipality', country), null);
});

test('what is small is drawn with fewer vertices, and neighbors stay neighbors', () => {
  const many = { ...COLUMNS, ring_length: [1, 2], ring_area: [0, 1], ring_arcs: Float64Array.from([0, 0, -1]) };
  const steps = { arc_length: [5, 2], step_x: [10, 10, 10, -30, 60], step_y: [0, 0, 0, 0, 0] };
  const { shapes } = decodeCountry({ ...many, ...steps, border: [1, 2] }, ORIGIN, NAMES);
  const shape = shapes.municipality[0];

  assert.equal(pathIn({ scale: 1 / 15, ratio: 1 }, shape), shape.path);
  assert.equal(pathIn({ scale: 1 / 32, ratio: 2 }, shape), shape.path);
  assert.equal(pathIn({ scale: 1 / 17, ratio: 1 }, shape), shape.coarse);
  assert.deepEqual(shape.path.told.join(' '), 'M 10 0 L 20 0 L 30 0 L 40 0 L 10 0 Z');
  assert.deepEqual(shape.coarse.told.join(' '), 'M 10 0 L 30 0 L 10 0 Z');
  assert.deepEqual([shape.x0, shape.x1], [10, 40]);
  assert.deepEqual(shapes.state[0].coarse.told, shape.coarse.told);
});

test('no context is no shape', () => {
  const none = { grain: [1], arc_length: [], first_x: [], first_y: [], step_x: [], step_y: [] };
  const columns = { ...none, ring_length: [], ring_area: [], ring_arcs: new Float64Array(0) };

  assert.deepEqual(decodeContext(columns, ORIGIN), []);
});

test('what is scenery counts in coarser steps', () => {
  const [left] = decodeContext({ ...COLUMNS, grain: [4] }, ORIGIN);

  assert.deepEqual([left.x0, left.y0, left.x1, left.y1], [300, 300, 340, 340]);
});
