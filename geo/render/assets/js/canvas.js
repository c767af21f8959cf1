/* The layer: areas on one canvas, borders and names on another, both a little larger than the
   view so that a drag shows no empty edge. Leaflet moves and scales them; they are redrawn when a
   movement ends. */
(function (geoMap) {
  'use strict';

  const PADDING = 0.25;

  const CanvasLayer = L.Layer.extend({
    initialize(options) {
      L.setOptions(this, options);
    },

    onAdd(map) {
      this._map = map;
      this._box = L.DomUtil.create('div', 'areas leaflet-zoom-animated', this.getPane());
      this._box.setAttribute('aria-hidden', 'true');
      this.canvases = this.options.draw.map(() => L.DomUtil.create('canvas', '', this._box));
      if (this.options.overlay) this._box.append(this.options.overlay);
      this._reset();
    },

    onRemove() {
      this._box.remove();
    },

    getEvents() {
      return {
        viewreset: this._reset,
        moveend: this._reset,
        resize: this._reset,
        zoomanim: this._animate,
        zoom: this._follow,
      };
    },

    _animate(event) {
      this._transform(event.center, event.zoom);
    },

    _follow() {
      this._transform(this._map.getCenter(), this._map.getZoom());
    },

    _transform(center, zoom) {
      const map = this._map;
      const scale = map.getZoomScale(zoom, this._zoom);
      const offset = map
        .getSize()
        .multiplyBy(-scale * (0.5 + PADDING))
        .add(map.project(this._center, zoom))
        .subtract(map._getNewPixelOrigin(center, zoom));
      L.DomUtil.setTransform(this._box, offset, scale);
    },

    _reset() {
      const map = this._map;
      const size = map.getSize();
      const phone = Math.min(size.x, size.y) < 500;
      const ratio = Math.min(window.devicePixelRatio || 1, phone ? 1.5 : 2);
      this._center = map.getCenter();
      this._zoom = map.getZoom();
      const corner = map.containerPointToLayerPoint(size.multiplyBy(-PADDING)).round();
      const width = Math.round(size.x * (1 + 2 * PADDING));
      const height = Math.round(size.y * (1 + 2 * PADDING));
      for (const canvas of this.canvases) {
        if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
          canvas.width = Math.round(width * ratio);
          canvas.height = Math.round(height * ratio);
          canvas.style.width = width + 'px';
          canvas.style.height = height + 'px';
        }
      }
      L.DomUtil.setTransform(this._box, corner, 1);
      const scale = 2 ** (this._zoom - this.options.zoom);
      const origin = map.getPixelOrigin().add(corner);
      this.view = {
        scale,
        ratio,
        width,
        height,
        zoom: this._zoom,
        pad: size.x * PADDING,
        x: this.options.origin.x * scale - origin.x,
        y: this.options.origin.y * scale - origin.y,
      };
      this.redraw();
      if (this.options.moved) this.options.moved(this.view);
    },

    /* Draw anew while the map still moves, for what must stay at its place on the screen. */
    redrawMoved() {
      this._reset();
    },

    /* Draw all canvases, or the one of that number. */
    redraw(only) {
      if (!this._map || !this.view) return;
      const { scale, ratio, x, y } = this.view;
      this.canvases.forEach((canvas, i) => {
        if (only !== undefined && only !== i) return;
        const context = canvas.getContext('2d');
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.clearRect(0, 0, canvas.width, canvas.height);
        context.setTransform(scale * ratio, 0, 0, scale * ratio, x * ratio, y * ratio);
        this.options.draw[i](context, this.view);
      });
    },

    /* Steps of the grid at a place of the map. */
    gridAt(latlng) {
      const point = this._map.project(latlng, this.options.zoom);
      return { x: point.x - this.options.origin.x, y: point.y - this.options.origin.y };
    },
  });

  function isVisible(shape, view) {
    const x0 = -view.x / view.scale;
    const y0 = -view.y / view.scale;
    return (
      shape.x1 >= x0 &&
      shape.x0 <= x0 + view.width / view.scale &&
      shape.y1 >= y0 &&
      shape.y0 <= y0 + view.height / view.scale
    );
  }

  geoMap.canvas = { CanvasLayer, isVisible };
})((globalThis.geoMap = globalThis.geoMap || {}));
