/* The background that the author of the map asked for: the one thing that a page may fetch. The
   ground that every map has is shown until tiles arrive, and again when none do. */
(function (geoMap) {
  'use strict';
  const { element, byId } = geoMap.dom;

  function createTiles({ words, config, map, redraw }) {
    const given = config.tiles;
    const section = byId('geo-background');
    const credit = element('p', { class: 'tile-credit', dir: 'auto' });
    const layer = L.tileLayer(given.template, { maxNativeZoom: given.maxZoom, maxZoom: 22, noWrap: true });
    const arrived = new Set();
    let on = true;
    let seen = false;

    /* Only what changes what is seen is drawn anew. */
    function update() {
      const now = on && arrived.size > 0;
      if (now === seen) return;
      seen = now;
      map.getContainer().classList.toggle('has-tiles', seen);
      credit.hidden = !seen;
      redraw();
    }

    layer.on('tileload', (event) => {
      arrived.add(event.tile);
      update();
    });
    layer.on('tileunload', (event) => {
      arrived.delete(event.tile);
    });
    layer.on('load', update);

    function turn(wanted) {
      on = wanted;
      if (on) layer.addTo(map);
      else {
        layer.remove();
        arrived.clear();
      }
      update();
    }

    function draw() {
      const box = element('input', { type: 'checkbox', id: 'geo-background-on', checked: on });
      box.addEventListener('change', () => turn(box.checked));
      section.hidden = false;
      section.replaceChildren(
        element(
          'label',
          { class: 'choice', for: 'geo-background-on' },
          box,
          ' ',
          element('span', {}, words.say('tiles.show', { host: given.host })),
        ),
        element('p', { class: 'tiles-note' }, words.say('tiles.note', { host: given.host })),
      );
      credit.textContent = words.say('tiles.credit', { credit: given.attribution });
    }

    function start() {
      credit.hidden = true;
      byId('geo-stage').append(credit);
      turn(on);
    }

    return { isSeen: () => seen, draw, start };
  }

  geoMap.createTiles = createTiles;
})((globalThis.geoMap = globalThis.geoMap || {}));
