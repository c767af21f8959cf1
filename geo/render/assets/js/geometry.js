/* Shared arcs → paths. Coordinates are steps of the grid, counted from the middle of the country. */
(function (geoMap) {
  'use strict';

  const INNER = 0;
  const STATE = 1;
  const OUTER = 2;

  function decodeArcs(columns, origin) {
    const arcs = [];
    let step = 0;
    for (let k = 0; k < columns.arc_length.length; k++) {
      const length = columns.arc_length[k];
      const arc = new Float32Array(length * 2);
      let x = columns.first_x[k] - origin.x;
      let y = columns.first_y[k] - origin.y;
      arc[0] = x;
      arc[1] = y;
      for (let i = 1; i < length; i++) {
        x += columns.step_x[step];
        y += columns.step_y[step++];
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
    const arcs = decodeArcs(columns, origin);
    const shapes = Array.from({ length: count }, newShape);
    let at = 0;
    for (let r = 0; r < columns.ring_length.length; r++) {
      const end = at + columns.ring_length[r];
      traceRing(shapes[columns.ring_area[r]], arcs, columns.ring_arcs.subarray(at, end));
      at = end;
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
