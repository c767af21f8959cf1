/* Bubbles and dots of events for whoever uses keys: one stop of the Tab key that the arrow keys move
   from one to the next, the largest first; it shows what a pointer would see there. */
(function (geoMap) {
  'use strict';
  const { element, byId, setAttributes } = geoMap.dom;

  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
  const ENDS = { Home: -Infinity, End: Infinity };
  /* The least that a ring around a dot measures. */
  const LEAST = 24;

  function createPointStops({ words, map, camera, layers, pointing, placeAt, areaAt, choose }) {
    const node = element('button', { type: 'button', class: 'point-stop', id: 'geo-point', hidden: true });
    const keys = element('span', { class: 'unseen', id: 'geo-point-keys', hidden: true });
    setAttributes(node, { 'aria-describedby': keys.id });
    byId('geo-stage').append(node, keys);
    let stops = [];
    let current = 0;

    /* What is drawn and seen; what lies beyond the edge is drawn for a drag only. */
    function seen() {
      const { x: width, y: height } = map.getSize();
      return layers
        .bubbles()
        .map((bubble) => ({ bubble, point: camera.pointOf(bubble.x, bubble.y) }))
        .filter(({ point }) => point.x >= 0 && point.y >= 0 && point.x <= width && point.y <= height);
    }

    function isHere() {
      return document.activeElement === node;
    }

    function put() {
      const { bubble, point } = stops[current];
      const size = Math.max(LEAST, 2 * bubble.onScreen + 6);
      node.style.width = size + 'px';
      node.style.height = size + 'px';
      node.style.transform = 'translate(' + (point.x - size / 2) + 'px,' + (point.y - size / 2) + 'px)';
      setAttributes(node, {
        'aria-label': words.say('points.stop', {
          at: words.whole(current + 1),
          all: words.whole(stops.length),
          said: [placeAt(bubble.x, bubble.y), layers.said({ bubble })].filter(Boolean).join('. '),
        }),
      });
      if (isHere()) pointing.show(bubble, point);
    }

    /* After what is drawn has changed. */
    function update() {
      stops = seen();
      node.hidden = keys.hidden = !stops.length;
      keys.textContent = words.say('points.keys');
      if (!stops.length) return;
      current = Math.min(current, stops.length - 1);
      put();
    }

    function moveBy(step) {
      current = Math.min(Math.max(current + step, 0), stops.length - 1);
      put();
    }

    node.addEventListener('focus', put);
    node.addEventListener('blur', () => pointing.rest());
    node.addEventListener('click', () => {
      const { x, y } = stops[current].bubble;
      const i = areaAt(x, y);
      if (i >= 0) choose(i, false);
    });
    node.addEventListener('keydown', (event) => {
      const step = STEPS[event.key] || ENDS[event.key];
      if (step) moveBy(step);
      else if (event.key === 'Escape' && pointing.isShown()) pointing.rest();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    map.on('moveend', update);

    return { update };
  }

  geoMap.createPointStops = createPointStops;
})((globalThis.geoMap = globalThis.geoMap || {}));
