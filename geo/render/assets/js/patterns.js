/* Colors and patterns of the ground, the borders, "no data", "not asked", "few events". */
(function (geoMap) {
  'use strict';

  const INK = {
    sea: '#dbe6ee',
    land: '#f1eee7',
    landLine: '#c9c5bb',
    under: '#b9b2a6',
    inner: '#5d564e',
    state: '#39424c',
    outer: '#39424c',
    missing: '#dfe3e7',
    hatch: '#98a2ab',
    notAsked: '#c2c8ce',
  };

  function tile(size, ratio, draw) {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = Math.round(size * ratio);
    const context = canvas.getContext('2d');
    context.scale(canvas.width / size, canvas.height / size);
    draw(context, size);
    return canvas;
  }

  function diagonals(context, size) {
    context.beginPath();
    for (const shift of [-size, 0, size]) {
      context.moveTo(shift - 1, size + 1);
      context.lineTo(shift + size + 1, -1);
    }
    context.stroke();
  }

  /* "No data": gray with diagonal lines, in no color of a ramp. */
  function missingTile(ratio) {
    return tile(7, ratio, (context, size) => {
      context.fillStyle = INK.missing;
      context.fillRect(0, 0, size, size);
      context.strokeStyle = INK.hatch;
      context.lineWidth = 1.1;
      diagonals(context, size);
    });
  }

  /* "Few events": small dots over the color of the class; dark on light, light on dark. */
  function fewTile(ratio, dark) {
    return tile(6, ratio, (context) => {
      context.fillStyle = dark ? 'rgba(255,255,255,.42)' : 'rgba(70,45,30,.3)';
      context.beginPath();
      context.arc(1.5, 1.5, 0.7, 0, 7);
      context.fill();
      context.beginPath();
      context.arc(4.5, 4.5, 0.7, 0, 7);
      context.fill();
    });
  }

  /* Cold labels: lines over the color of the class, for a print without colors. */
  function linedTile(ratio, dark) {
    return tile(4, ratio, (context, size) => {
      context.fillStyle = dark ? 'rgba(255,255,255,.5)' : 'rgba(10,40,80,.5)';
      context.fillRect(0, 1.5, size, 0.9);
    });
  }

  function isDark(color) {
    const part = (at) => parseInt(color.slice(at, at + 2), 16);
    return 0.3 * part(1) + 0.59 * part(3) + 0.11 * part(5) < 140;
  }

  /* A pattern that keeps its size on the screen whatever the scale of the map. */
  function pattern(context, canvas, scale) {
    const made = context.createPattern(canvas, 'repeat');
    made.setTransform(new DOMMatrix().scale(1 / scale));
    return made;
  }

  geoMap.patterns = { INK, missingTile, fewTile, linedTile, isDark, pattern, tile, diagonals };
})((globalThis.geoMap = globalThis.geoMap || {}));
