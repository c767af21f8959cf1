/* Names on the map: by zoom, important ones first, none over another. */
(function (geoMap) {
  'use strict';

  const FONT = '"Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
  const STYLES = {
    country: { font: '600 12.5px ', color: '#7d8791', spaced: 2.2, upper: true },
    sea: { font: 'italic 13px ', color: '#7d97ad', spaced: 0.6 },
    smallcountry: { font: '600 10.5px ', color: '#7d8791', spaced: 1.4, upper: true },
    smallsea: { font: 'italic 11px ', color: '#7d97ad', spaced: 0.2 },
    state: { font: '600 11.5px ', color: '#2f3a45' },
    stateNear: { font: '600 12.5px ', color: '#4a545f', spaced: 0.4 },
    city: { font: '600 12px ', color: '#17212b' },
    municipality: { font: '11.5px ', color: '#26313c' },
  };
  const HALO = { light: 'rgba(255,255,255,.88)', sea: 'rgba(219,230,238,.8)', land: 'rgba(241,238,231,.9)' };

  function createLabels(parts) {
    const { places, country, labels, names } = parts;

    /* `show` has the language and the boxes on the map that names must not lie under. */
    function draw(context, view, show) {
      context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
      context.textBaseline = 'middle';
      context.textAlign = 'center';
      context.lineJoin = 'round';
      const taken = [...show.taken];
      const at = (x, y) => ({ x: x * view.scale + view.x, y: y * view.scale + view.y });
      const cities = view.zoom >= 6 ? drawCities(context, view, at, taken) : new Set();
      drawStates(context, view, at, taken);
      drawPlaces(context, view, at, taken, show);
      if (view.zoom >= 8.5) drawMunicipalities(context, view, at, taken, cities);
    }

    function drawCities(context, view, at, taken) {
      const drawn = new Set();
      const wanted = places.cities.filter((city) => city.rank === 0 || view.zoom >= (city.rank === 1 ? 6 : 7.25));
      for (const city of wanted) {
        const point = at(city.x, city.y);
        if (!inView(point, view)) continue;
        const placed = [
          [8, 0, 'left'],
          [-8, 0, 'right'],
          [0, -12, 'center'],
          [0, 13, 'center'],
        ].some(([dx, dy, align]) =>
          text(context, city.name, point.x + dx, point.y + dy, STYLES.city, HALO.light, taken, align),
        );
        if (!placed) continue;
        dot(context, point, city.rank);
        taken.push([point.x - 5, point.y - 5, point.x + 5, point.y + 5]);
        drawn.add(city.name);
      }
      return drawn;
    }

    function dot(context, point, rank) {
      context.beginPath();
      context.arc(point.x, point.y, rank === 0 ? 3.6 : 2.8, 0, 7);
      context.fillStyle = '#17212b';
      context.fill();
      context.lineWidth = 1.4;
      context.strokeStyle = '#fff';
      context.stroke();
    }

    function drawStates(context, view, at, taken) {
      if (view.zoom < 4.2 || view.zoom >= 9.5) return;
      const style = view.zoom < 6.5 ? STYLES.state : STYLES.stateNear;
      const order = country.shapes.state.map((shape, i) => [shape.x1 - shape.x0, i]).sort((a, b) => b[0] - a[0]);
      for (const [, i] of order) {
        const shape = country.shapes.state[i];
        const point = at(labels.state.x[i], labels.state.y[i]);
        if (!inView(point, view)) continue;
        const name = names.state.short[names.state.code[i]] || names.state.name[i];
        const room = (shape.x1 - shape.x0) * view.scale;
        context.font = style.font + FONT;
        if (context.measureText(name).width > room * 1.5) continue;
        text(context, name, point.x, point.y, style, HALO.light, taken);
      }
    }

    /* Countries and seas: only whole names, the large ones moved into the view if need be. */
    function drawPlaces(context, view, at, taken, show) {
      if (view.zoom >= 8) return;
      const [x0, y0, x1, y1] = show.visible;
      for (const place of places.places) {
        if (place.rank > 1 && view.zoom < 5) continue;
        const style = STYLES[(view.zoom < 4.5 ? 'small' : '') + place.kind];
        const half = widthOf(context, place[show.language], style) / 2 + 10;
        const point = at(place.x, place.y);
        if (place.rank === 1 && place.kind === 'country' && point.y < y0 + 20) {
          point.y = y0 + 20;
          if (isOverStates(point, half, view)) continue;
        }
        if (point.x < x0 + half || point.x > x1 - half || point.y < y0 + 12 || point.y > y1 - 12) continue;
        const halo = place.kind === 'sea' ? HALO.sea : HALO.land;
        text(context, place[show.language], point.x, point.y, style, halo, taken);
      }
    }

    /* A neighbor's name that was moved into the view must not stand on Mexico. */
    function isOverStates(point, half, view) {
      return country.shapes.state.some(
        (shape) =>
          shape.x0 * view.scale + view.x < point.x + half &&
          shape.x1 * view.scale + view.x > point.x - half &&
          shape.y0 * view.scale + view.y < point.y + 10 &&
          shape.y1 * view.scale + view.y > point.y - 10,
      );
    }

    function drawMunicipalities(context, view, at, taken, cities) {
      const shapes = country.shapes.municipality;
      const order = [];
      shapes.forEach((shape, i) => {
        const width = (shape.x1 - shape.x0) * view.scale;
        if (width >= 44 && geoMap.canvas.isVisible(shape, view)) order.push([width, i]);
      });
      for (const [width, i] of order.sort((a, b) => b[0] - a[0])) {
        const name = names.municipality.name[i];
        // The city of the same name stands there already.
        if (cities.has(name)) continue;
        context.font = STYLES.municipality.font + FONT;
        if (context.measureText(name).width > width * 1.5) continue;
        const point = at(labels.municipality.x[i], labels.municipality.y[i]);
        text(context, name, point.x, point.y, STYLES.municipality, HALO.light, taken);
      }
    }

    function inView(point, view) {
      return point.x > 0 && point.y > 0 && point.x < view.width && point.y < view.height;
    }

    function widthOf(context, name, style) {
      context.font = style.font + FONT;
      context.letterSpacing = (style.spaced || 0) + 'px';
      return context.measureText(style.upper ? name.toLocaleUpperCase() : name).width;
    }

    function text(context, name, x, y, style, halo, taken, align) {
      const shown = style.upper ? name.toLocaleUpperCase() : name;
      const width = widthOf(context, name, style);
      const left = align === 'left' ? x : align === 'right' ? x - width : x - width / 2;
      const box = [left - 3, y - 9, left + width + 3, y + 9];
      if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]))
        return false;
      taken.push(box);
      context.textAlign = 'left';
      context.lineWidth = 3.2;
      context.strokeStyle = halo;
      context.strokeText(shown, left, y);
      context.fillStyle = style.color;
      context.fillText(shown, left, y);
      return true;
    }

    return { draw };
  }

  geoMap.createLabels = createLabels;
})((globalThis.geoMap = globalThis.geoMap || {}));
