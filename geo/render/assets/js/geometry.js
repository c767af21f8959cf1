/* Shared arcs → paths. Coordinates are steps of the grid, counted from the middle of the country. */
(function (geoMap) {
  'use strict';

  const INNER = 0;
  const STATE = 1;
  const OUTER = 2;

  /* The rings as lists of arcs, ~k for arc k run backward: 0 stands for the next new arc, n for the
     one n before it run backward, -n for the same run forward. */
  function decodeRings(columns) {
    const { ring_arcs: given, ring_length: lengths } = columns;
    const refs = new Int32Array(given.length);
    let fresh = 0;
    given.forEach((n, at) => {
      if (n === 0) refs[at] = fresh++;
      else refs[at] = n > 0 ? ~(fresh - n) : fresh + n;
    });
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

  function traceArc(path, arc) {
    path.moveTo(arc[0], arc[1]);
    for (let i = 2; i < arc.length; i += 2) path.lineTo(arc[i], arc[i + 1]);
  }

  function newShape() {
    return { path: new Path2D(), arcs: [], x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  }

  function grow(shape, other) {
    shape.x0 = Math.min(shape.x0, other.x0);
    shape.y0 = Math.min(shape.y0, other.y0);
    shape.x1 = Math.max(shape.x1, other.x1);
    shape.y1 = Math.max(shape.y1, other.y1);
  }

  /* Add a ring to a shape; a ring is a list of arcs, ~k stands for arc k run backward. */
  function traceRing(shape, arcs, ring) {
    let started = false;
    for (const ref of ring) {
      const backward = ref < 0;
      const arc = arcs[backward ? ~ref : ref];
      const n = arc.length / 2;
      for (let i = 0; i < n; i++) {
        const at = 2 * (backward ? n - 1 - i : i);
        const x = arc[at];
        const y = arc[at + 1];
        if (!started) shape.path.moveTo(x, y);
        else if (i > 0) shape.path.lineTo(x, y);
        started = true;
        if (x < shape.x0) shape.x0 = x;
        if (x > shape.x1) shape.x1 = x;
        if (y < shape.y0) shape.y0 = y;
        if (y > shape.y1) shape.y1 = y;
      }
      shape.arcs.push(backward ? ~ref : ref);
    }
    shape.path.closePath();
  }

  function decodeShapes(columns, origin, count) {
    const rings = decodeRings(columns);
    const arcs = decodeArcs(columns, rings, origin);
    const shapes = Array.from({ length: count }, newShape);
    rings.forEach((ring, r) => traceRing(shapes[columns.ring_area[r]], arcs, ring));
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
    shapes.forEach((shape, i) => {
      const state = states[stateOf[i]];
      state.path.addPath(shape.path);
      grow(state, shape);
      for (const k of shape.arcs) if (columns.border[k] !== INNER) state.arcs.push(k);
    });
    const lines = [new Path2D(), new Path2D(), new Path2D()];
    arcs.forEach((arc, k) => traceArc(lines[columns.border[k]], arc));
    return {
      shapes: { municipality: shapes, state: states },
      lines: { inner: lines[INNER], state: lines[STATE], outer: lines[OUTER] },
      stateOf,
      outline: (shape) => shape.arcs.map((k) => svgPath(arcs[k])).join(''),
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

  geoMap.geometry = { decodeCountry, decodeContext, shapeAt };
})((globalThis.geoMap = globalThis.geoMap || {}));
