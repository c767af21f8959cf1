/* What is painted on the two canvases: the ground and the areas on the first, lines, layers and
   names on the second; the same for the screen and for a picture. */
(function (geoMap) {
  'use strict';
  const { byId } = geoMap.dom;
  const { INK, missingTile, fewTile, linedTile, isDark, pattern } = geoMap.patterns;
  const { NO_DATA, NOT_ASKED } = geoMap.classes;
  const { pathIn } = geoMap.geometry;

  /* Farther than any place of the grid. */
  const FAR = 1e7;

  /* The place of the divider on the canvas. */
  function dividerOf(view, split) {
    return view.pad + split * (view.width - 2 * view.pad);
  }

  /* What is seen of a canvas, and the boxes that lie over the map, in its own pixels. */
  function surroundings(canvas) {
    const frame = canvas.getBoundingClientRect();
    const within = (node, margin) => {
      const box = node.getBoundingClientRect();
      return [
        box.left - frame.left - margin,
        box.top - frame.top - margin,
        box.right - frame.left + margin,
        box.bottom - frame.top + margin,
      ];
    };
    const over = byId('geo-stage').querySelectorAll('.stamp, .credit-line, .leaflet-control, .swipe > *');
    return { visible: within(byId('geo-stage'), 0), taken: Array.from(over, (node) => within(node, 4)) };
  }

  /* `painted` gives the classes of the window shown and of the one beside it, null where there is
     one; `hasTiles` says whether a background is seen. */
  function createScene({ words, state, country, context, layers, writer, painted, hasTiles }) {
    function drawAround(context2d, view) {
      context2d.fillStyle = INK.land;
      context2d.strokeStyle = INK.landLine;
      context2d.lineWidth = 0.8 / view.scale;
      for (const shape of context) {
        const path = pathIn(view, shape);
        context2d.fill(path, 'evenodd');
        context2d.stroke(path);
      }
    }

    function fillAreas(context2d, view, side) {
      const pixel = view.scale * view.ratio;
      const missing = pattern(context2d, missingTile(view.ratio), pixel);
      const mark = state.get('markFew') && side.few.some(Boolean);
      const lined = side.measure.lined || [];
      const overlay = (tile) => [false, true].map((dark) => pattern(context2d, tile(view.ratio, dark), pixel));
      const lines = overlay(linedTile);
      const parts = side.part.some(Boolean) ? overlay(geoMap.reach.partTile) : null;
      const few = overlay(fewTile);
      country.shapes[state.get('level')].forEach((shape, i) => {
        if (!geoMap.canvas.isVisible(shape, view)) return;
        const k = side.classes[i];
        const color = side.colors[k];
        const path = pathIn(view, shape);
        context2d.fillStyle = k === NO_DATA ? missing : k === NOT_ASKED ? INK.notAsked : color;
        context2d.fill(path, 'evenodd');
        const isMarked = mark && side.few[i];
        const over = side.part[i] ? parts : isMarked ? few : lined.includes(k) ? lines : null;
        if (over) {
          context2d.fillStyle = over[Number(isDark(color))];
          context2d.fill(path, 'evenodd');
        }
      });
    }

    function fillBetween(context2d, view, side, from, to) {
      context2d.save();
      context2d.beginPath();
      context2d.rect(from, -FAR, to - from, 2 * FAR);
      context2d.clip();
      fillAreas(context2d, view, side);
      context2d.restore();
    }

    function drawAreas(context2d, view) {
      /* A background shows its own neighbors; a picture has none. */
      if (view.isPicture || !hasTiles()) drawAround(context2d, view);
      /* The ground under the areas is what shows through their touching edges. */
      context2d.fillStyle = INK.under;
      for (const shape of country.shapes.state) context2d.fill(pathIn(view, shape));
      if (layers.isOn('density')) {
        layers.drawGround(context2d, view);
        return;
      }
      const [now, then] = painted();
      if (!then) {
        fillAreas(context2d, view, now);
        return;
      }
      const divider = (dividerOf(view, state.get('split')) - view.x) / view.scale;
      fillBetween(context2d, view, then, -FAR, divider);
      fillBetween(context2d, view, now, divider, FAR);
    }

    function drawLines(context2d, view) {
      const stroke = (path, width, color, alpha) => {
        context2d.globalAlpha = alpha;
        context2d.lineWidth = width / view.scale;
        context2d.strokeStyle = color;
        context2d.stroke(path);
        context2d.globalAlpha = 1;
      };
      context2d.lineJoin = 'round';
      const near = Math.min(1, Math.max(0, (view.zoom - 4.5) / 4));
      if (state.get('level') === 'municipality' && view.zoom >= 4.5) {
        stroke(pathIn(view, country.lines.inner), 0.25 + 0.5 * near, INK.inner, 0.28 + 0.3 * near);
      }
      stroke(pathIn(view, country.lines.state), 0.7 + 0.8 * near, INK.state, 0.85);
      stroke(pathIn(view, country.lines.outer), 0.6 + 0.4 * near, INK.outer, 0.75);
      const around = view.isPicture
        ? { visible: [0, 0, view.width, view.height], taken: [] }
        : surroundings(context2d.canvas);
      const divider = painted()[1] ? dividerOf(view, state.get('split')) : null;
      around.taken = [...around.taken, ...layers.drawOver(context2d, view, divider)];
      writer.draw(context2d, view, { language: words.language, ...around });
    }

    /* The map as a `camera` sees it, into a canvas of another size: for a picture. */
    function drawInto(context2d, { width, height, ratio }, camera) {
      const view = { ...camera.framed(width, height), ratio, width, height, pad: 0, isPicture: true };
      context2d.fillStyle = INK.sea;
      context2d.fillRect(0, 0, width * ratio, height * ratio);
      for (const draw of [drawAreas, drawLines]) {
        const scale = view.scale * ratio;
        context2d.setTransform(scale, 0, 0, scale, view.x * ratio, view.y * ratio);
        draw(context2d, view);
      }
    }

    return { drawAreas, drawLines, drawInto };
  }

  geoMap.createScene = createScene;
})((globalThis.geoMap = globalThis.geoMap || {}));
