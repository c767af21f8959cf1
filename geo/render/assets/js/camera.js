/* Where the map looks: the first view, which is of the country or of what is asked for, views of one
   area or of a box, and room for what lies over the map. */
(function (geoMap) {
  'use strict';
  const { byId } = geoMap.dom;

  /* How near one municipality is shown. */
  const CLOSEST = 9.5;

  /* Room that the card takes from the view: at its side, or from below on a narrow screen. */
  function cover() {
    const card = byId('geo-card');
    if (card.hidden) return { right: 0, bottom: 0 };
    const box = card.getBoundingClientRect();
    const stage = byId('geo-stage').getBoundingClientRect();
    const isBelow = box.width > stage.width * 0.7;
    return isBelow
      ? { right: 0, bottom: Math.max(0, stage.bottom - box.top) }
      : { right: Math.max(0, stage.right - box.left), bottom: 0 };
  }

  function createCamera({ map, bounds, origin, zoom, state, country, asked }) {
    /* Whether the reader has moved the map: the first view is then no longer kept. */
    let touched = false;

    const touch = () => {
      touched = true;
    };
    map.on('dragstart', touch);
    for (const kind of ['wheel', 'keydown', 'pointerdown']) {
      map.getContainer().addEventListener(kind, touch, { passive: true });
    }

    function fit() {
      const first = asked ? boundsOf(asked).pad(0.12) : bounds;
      map.fitBounds(first, { animate: false, padding: [6, 6], maxZoom: CLOSEST });
    }

    /* After the frame of the map has changed its size. */
    function resized() {
      map.invalidateSize({ animate: false, pan: false });
      if (!touched && state.get('selected') < 0) fit();
    }

    function latLngOf(x, y) {
      return map.unproject([x + origin.x, y + origin.y], zoom);
    }

    function boundsOf(box) {
      return L.latLngBounds(latLngOf(box.x0, box.y0), latLngOf(box.x1, box.y1));
    }

    function shapeOf(i) {
      return country.shapes[state.get('level')][i];
    }

    function fitTo(box, margin, maxZoom) {
      const { right, bottom } = cover();
      map.fitBounds(boundsOf(box).pad(margin), {
        paddingBottomRight: [right, bottom],
        maxZoom,
        animate: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      });
    }

    /* Move the map so that the card does not lie on an area. */
    function uncover(i) {
      const { right, bottom } = cover();
      const margin = Math.min(40, (map.getSize().y - bottom) / 3);
      map.panInside(boundsOf(shapeOf(i)).getCenter(), {
        paddingTopLeft: [60, margin],
        paddingBottomRight: [right + 60, bottom + margin],
      });
    }

    function getView() {
      const { lat, lng } = map.getCenter();
      return { lat, lng, zoom: map.getZoom() };
    }

    function setView(view) {
      touch();
      map.setView([view.lat, view.lng], view.zoom, { animate: false });
    }

    /* What is seen, in a frame of another size. */
    function framed(width, height) {
      const size = map.getSize();
      const factor = Math.min(width / size.x, height / size.y);
      const scale = 2 ** (map.getZoom() - zoom) * factor;
      const middle = map.project(map.getCenter(), zoom);
      return {
        scale,
        zoom: map.getZoom() + Math.log2(factor),
        x: width / 2 - (middle.x - origin.x) * scale,
        y: height / 2 - (middle.y - origin.y) * scale,
      };
    }

    return {
      fit,
      resized,
      getView,
      setView,
      framed,
      uncover,
      showArea: (i) => fitTo(shapeOf(i), 0.6, state.get('level') === 'state' ? 7 : CLOSEST),
      showBox: (box) => fitTo(box, 0.35, 8),
      pointOf: (x, y) => map.latLngToContainerPoint(latLngOf(x, y)),
    };
  }

  geoMap.createCamera = createCamera;
})((globalThis.geoMap = globalThis.geoMap || {}));
