/* Shared arcs → paths. Coordinates are steps of the grid, counted from the middle of the country. */
(function (geoMap) {
  'use strict';

  const INNER = 0;
  const STATE = 1;
  const OUTER = 2;
  /* Steps of the grid between vertices of what is drawn small. */
  const COARSE = 16;

  /* The rings as lists of arcs, ~k for arc k run backward: 0 stands for the next new arc, n for the
     one n before it run backward, -n for the same run forward. */
  function decodeRings(columns) {
    const { ring_arcs: given, ring_length: lengths } = columns;
    const refs = new Int32Array(given.length);
    let fresh = 0;
    for (let at = 0; at < given.length; at++) {
      const n = given[at];
      if (n === 0) refs[at] = fresh++;
      else refs[at] = n > 0 ? ~(fresh - n) : fresh + n;
    }
    let from = 0;
    return Array.from(lengths, (length) => refs.subarray(from, (from += length)));
  }

  /* Where each arc begins: where the one before it in a ring ends. A ring of new arcs says it. */
  function beginnings(columns, rings) {
    const { arc_length: lengths, step_x: stepX, step_y: stepY } = columns;
    const arcs = lengths.length;
    const across = new Float64Array(arcs);
    const down = new Float64Array(arcs);
    for (let k = 0, at = 0; k < arcs; k++) {
      for (let i = 1; i < lengths[k]; i++, at++) {
        across[k] += stepX[at];
        down[k] += stepY[at];
      }
    }
    const x = new Float64Array(arcs).fill(NaN);
    const y = new Float64Array(arcs).fill(NaN);
    let first = 0;
    for (const ring of rings) {
      let from = ring.findIndex((ref) => !Number.isNaN(x[ref < 0 ? ~ref : ref]));
      const isNew = from < 0;
      if (isNew) from = 0;
      let here = isNew ? { x: columns.first_x[first], y: columns.first_y[first] } : null;
      if (isNew) first++;
      for (let n = 0; n < ring.length; n++) {
        const ref = ring[(from + n) % ring.length];
        const k = ref < 0 ? ~ref : ref;
        if (Number.isNaN(x[k])) {
          x[k] = ref < 0 ? here.x - across[k] : here.x;
          y[k] = ref < 0 ? here.y - down[k] : here.y;
        }
        here = ref < 0 ? { x: x[k], y: y[k] } : { x: x[k] + across[k], y: y[k] + down[k] };
      }
    }
    return { x, y };
  }

  function decodeArcs(columns, rings, origin) {
    const begin = beginnings(columns, rings);
    const grain = columns.grain[0];
    const arcs = [];
    let step = 0;
    for (let k = 0; k < columns.arc_length.length; k++) {
      const length = columns.arc_length[k];
      const arc = new Float32Array(length * 2);
      let x = begin.x[k] * grain - origin.x;
      let y = begin.y[k] * grain - origin.y;
      arc[0] = x;
      arc[1] = y;
      for (let i = 1; i < length; i++) {
        x += columns.step_x[step] * grain;
        y += columns.step_y[step++] * grain;
        arc[2 * i] = x;
        arc[2 * i + 1] = y;
      }
      arcs.push(arc);
    }
    return arcs;
  }

  /* An arc without the vertices that are less than COARSE from the one before; its ends stay, so
     that neighbors stay neighbors. */
  function thinned(arc) {
    const kept = [arc[0], arc[1]];
    let [x, y] = kept;
    const last = arc.length - 2;
    for (let i = 2; i < last; i += 2) {
      if ((arc[i] - x) ** 2 + (arc[i + 1] - y) ** 2 < COARSE ** 2) continue;
      x = arc[i];
      y = arc[i + 1];
      kept.push(x, y);
    }
    kept.push(arc[last], arc[last + 1]);
    return Float32Array.from(kept);
  }

  function traceArc(path, arc) {
    path.moveTo(arc[0], arc[1]);
    for (let i = 2; i < arc.length; i += 2) path.lineTo(arc[i], arc[i + 1]);
  }

  /* A ring is a list of arcs, ~k stands for arc k run backward. Where one begins, the one before ends. */
  function traceRing(path, arcs, ring) {
    let started = false;
    for (const ref of ring) {
      const arc = arcs[ref < 0 ? ~ref : ref];
      const n = arc.length;
      const [first, step] = ref < 0 ? [n - 2, -2] : [0, 2];
      if (!started) path.moveTo(arc[first], arc[first + 1]);
      started = true;
      for (let i = first + step; i >= 0 && i < n; i += step) path.lineTo(arc[i], arc[i + 1]);
    }
    path.closePath();
  }

  /* Something to draw: its path in full, and one for where it is small; each made when asked for. */
  function drawn(shape, trace) {
    geoMap.later(shape, 'path', () => {
      const path = new Path2D();
      trace(path, 'path');
      return path;
    });
    geoMap.later(shape, 'coarse', () => {
      const path = new Path2D();
      trace(path, 'coarse');
      return path;
    });
    return shape;
  }

  /* The path of something in a view; what is left out there is less than a pixel. */
  function pathIn(view, shape) {
    return COARSE * view.scale * view.ratio < 1 ? shape.coarse : shape.path;
  }

  function newBox() {
    return { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  }

  function newShape() {
    return { rings: [], arcs: [], ...newBox() };
  }

  function grow(shape, other) {
    shape.x0 = Math.min(shape.x0, other.x0);
    shape.y0 = Math.min(shape.y0, other.y0);
    shape.x1 = Math.max(shape.x1, other.x1);
    shape.y1 = Math.max(shape.y1, other.y1);
  }

  function boxOf(arc) {
    let [x0, y0] = arc;
    let [x1, y1] = arc;
    for (let i = 2; i < arc.length; i += 2) {
      if (arc[i] < x0) x0 = arc[i];
      else if (arc[i] > x1) x1 = arc[i];
      if (arc[i + 1] < y0) y0 = arc[i + 1];
      else if (arc[i + 1] > y1) y1 = arc[i + 1];
    }
    return { x0, y0, x1, y1 };
  }

  function boxAround(boxes) {
    const all = newBox();
    for (const box of boxes) grow(all, box);
    return all;
  }

  function sizeOf(box) {
    return (box.x1 - box.x0) * (box.y1 - box.y0);
  }

  /* The box of the largest piece of a shape: that of Manzanillo without the islands far out at sea. */
  function mainOf(shape, boxes) {
    const pieces = shape.rings.map((ring) => boxAround(Array.from(ring, (ref) => boxes[ref < 0 ? ~ref : ref])));
    return pieces.reduce((most, box) => (sizeOf(box) > sizeOf(most) ? box : most));
  }

  function decodeShapes(columns, origin, count) {
    const rings = decodeRings(columns);
    const arcs = { path: decodeArcs(columns, rings, origin) };
    geoMap.later(arcs, 'coarse', () => arcs.path.map(thinned));
    const boxes = arcs.path.map(boxOf);
    const shapes = Array.from({ length: count }, newShape);
    rings.forEach((ring, r) => {
      const shape = shapes[columns.ring_area[r]];
      shape.rings.push(ring);
      for (const ref of ring) {
        const k = ref < 0 ? ~ref : ref;
        shape.arcs.push(k);
        grow(shape, boxes[k]);
      }
    });
    for (const shape of shapes) {
      geoMap.later(shape, 'main', () => mainOf(shape, boxes));
      drawn(shape, (path, detail) => shape.rings.forEach((ring) => traceRing(path, arcs[detail], ring)));
    }
    return { arcs, shapes };
  }

  /* Municipalities, states and the lines between them. */
  function decodeCountry(columns, origin, names) {
    const codes = names.municipality.code;
    const stateCodes = names.state.code;
    const { arcs, shapes } = decodeShapes(columns, origin, codes.length);
    const stateIndex = new Map(stateCodes.map((code, i) => [code, i]));
    const stateOf = codes.map((code) => stateIndex.get(code.slice(0, 2)));
    const states = stateCodes.map(newShape);
    const parts = states.map(() => []);
    shapes.forEach((shape, i) => {
      const state = states[stateOf[i]];
      parts[stateOf[i]].push(shape);
      grow(state, shape);
      for (const k of shape.arcs) if (columns.border[k] !== INNER) state.arcs.push(k);
    });
    states.forEach((state, i) =>
      drawn(state, (path, detail) => parts[i].forEach((part) => path.addPath(part[detail]))),
    );
    const lines = [INNER, STATE, OUTER].map((kind) =>
      drawn({}, (path, detail) => arcs[detail].forEach((arc, k) => columns.border[k] === kind && traceArc(path, arc))),
    );
    return {
      shapes: { municipality: shapes, state: states },
      lines: { inner: lines[INNER], state: lines[STATE], outer: lines[OUTER] },
      stateOf,
      outline: (shape) => shape.arcs.map((k) => svgPath(arcs.path[k])).join(''),
    };
  }

  function decodeContext(columns, origin) {
    const count = columns.ring_area.length ? columns.ring_area[columns.ring_area.length - 1] + 1 : 0;
    return decodeShapes(columns, origin, count).shapes;
  }

  function svgPath(arc) {
    let path = 'M' + arc[0] + ' ' + arc[1] + 'L';
    for (let i = 2; i < arc.length; i += 2) path += arc[i] + ' ' + arc[i + 1] + ' ';
    return path;
  }

  const probe = document.createElement('canvas').getContext('2d');

  /* The first shape that holds a point, or -1. */
  function shapeAt(shapes, x, y) {
    return shapes.findIndex(
      (shape) =>
        x >= shape.x0 &&
        x <= shape.x1 &&
        y >= shape.y0 &&
        y <= shape.y1 &&
        probe.isPointInPath(shape.path, x, y, 'evenodd'),
    );
  }

  geoMap.geometry = { decodeCountry, decodeContext, pathIn, shapeAt, boxAround };
})((globalThis.geoMap = globalThis.geoMap || {}));
