/* Events as points: bubbles with a number where the map is small, a dot for each place where it is
   large; both are divided by the type of event, and follow the window and the category. */
(function (geoMap) {
  'use strict';
  const { element } = geoMap.dom;

  /* Cells of bubbles on the screen, and the zoom from which each place is drawn by itself. */
  const CELL = 46;
  const NEAR = 8;
  /* A canvas that is narrower, with its margins, is one of a phone. */
  const PHONE = 900;
  const FONT = "'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
  /* Single events that a tooltip lists. */
  const LISTED = 5;
  const FEW = 400;

  /* Events of places × types in the months [first, last] (from 0; null for all), of a category. */
  function countPlaces(block, types, range, category) {
    const counts = new Uint32Array(block.x.length * types);
    const [split, which] = category === 'all' ? [null, -1] : category.split(':');
    const wanted = Number(which);
    let from = 0;
    for (let place = 0; place < block.x.length; place++) {
      const end = from + block.events[place];
      for (let k = from; k < end; k++) {
        const month = block.month[k] - 1;
        if (range && (month < range[0] || month > range[1])) continue;
        if (split === 'event_type' && block.type[k] !== wanted) continue;
        if (split === 'actor_class' && block.class[k] !== wanted) continue;
        counts[place * types + block.type[k]]++;
      }
      from = end;
    }
    return counts;
  }

  /* Places put together by cells of the screen, at the middle of their events. */
  function bubblesOf(block, types, counts, view, origin) {
    const cells = new Map();
    const isNear = view.zoom >= NEAR;
    const size = CELL / view.scale;
    for (let place = 0; place < block.x.length; place++) {
      let number = 0;
      for (let t = 0; t < types; t++) number += counts[place * types + t];
      if (!number) continue;
      const x = block.x[place] - origin.x;
      const y = block.y[place] - origin.y;
      const key = isNear ? place : Math.floor(block.x[place] / size) + ' ' + Math.floor(block.y[place] / size);
      let cell = cells.get(key);
      if (!cell) {
        cell = { x: 0, y: 0, number: 0, types: new Uint32Array(types), places: [] };
        cells.set(key, cell);
      }
      cell.x += x * number;
      cell.y += y * number;
      cell.number += number;
      cell.places.push(place);
      for (let t = 0; t < types; t++) cell.types[t] += counts[place * types + t];
    }
    const bubbles = Array.from(cells.values(), (cell) => ({
      ...cell,
      x: cell.x / cell.number,
      y: cell.y / cell.number,
    }));
    return isNear ? bubbles : merged(bubbles, view);
  }

  /* Bubbles that would lie over one another become one, at the place of the larger. */
  function merged(bubbles, view) {
    const kept = [];
    bubbles.sort((a, b) => b.number - a.number || a.y - b.y || a.x - b.x);
    for (const one of bubbles) {
      const radius = radiusOf(one.number, view);
      const near = kept.find((other) => {
        const apart = Math.hypot(other.x - one.x, other.y - one.y) * view.scale;
        return apart < radiusOf(other.number, view) + 0.72 * radius;
      });
      if (!near) kept.push(one);
      else {
        near.number += one.number;
        near.places.push(...one.places);
        one.types.forEach((number, t) => (near.types[t] += number));
      }
    }
    return kept;
  }

  /* The radius on the screen: the area goes with the number, within bounds; smaller on a phone. */
  function radiusOf(number, { zoom, width }) {
    const size = sizeOf(number, zoom >= NEAR);
    return zoom < NEAR && width < PHONE ? 0.78 * size : size;
  }

  function sizeOf(number, isNear) {
    return isNear ? Math.min(17, 3.6 + 1.25 * Math.sqrt(number - 1)) : Math.min(25, 7 + 1.15 * Math.sqrt(number));
  }

  function createPoints(parts) {
    const { words, state, config, block, origin, category } = parts;
    const given = config.layers.points;
    const types = given.types.length;
    const { colorOf } = geoMap.chart;
    const cache = new Map();
    let drawn = [];

    function rangeOf(at, window) {
      return config.timed ? [at + 1 - window, at] : null;
    }

    function countsOf(range) {
      const key = (range ? range.join('-') : '') + ' ' + category();
      if (!cache.has(key)) {
        if (cache.size > 8) cache.clear();
        cache.set(key, countPlaces(block, types, range, category()));
      }
      return cache.get(key);
    }

    function wedge(context, bubble, radius, from, to, color) {
      context.beginPath();
      if (to - from < 0.9999) context.moveTo(bubble.x, bubble.y);
      context.arc(bubble.x, bubble.y, radius, 2 * Math.PI * from - Math.PI / 2, 2 * Math.PI * to - Math.PI / 2);
      context.closePath();
      context.fillStyle = color;
      context.fill();
    }

    function drawBubble(context, view, bubble) {
      const onScreen = radiusOf(bubble.number, view);
      const radius = onScreen / view.scale;
      context.beginPath();
      context.arc(bubble.x, bubble.y, radius + 1.2 / view.scale, 0, 2 * Math.PI);
      context.fillStyle = '#fff';
      context.fill();
      let from = 0;
      bubble.types.forEach((number, t) => {
        if (!number) return;
        const to = from + number / bubble.number;
        wedge(context, bubble, radius, from, to, colorOf(t));
        from = to;
      });
      if (onScreen >= 8.2 && bubble.number > 1) {
        const inner = onScreen - Math.max(3, onScreen * 0.24);
        context.beginPath();
        context.arc(bubble.x, bubble.y, inner / view.scale, 0, 2 * Math.PI);
        context.fillStyle = 'rgba(255, 255, 255, .95)';
        context.fill();
        context.save();
        context.translate(bubble.x, bubble.y);
        context.scale(1 / view.scale, 1 / view.scale);
        const text = bubble.number >= 10000 ? Math.round(bubble.number / 1000) + 'k' : String(bubble.number);
        const size = Math.min(12, (1.75 * inner) / (0.56 * text.length + 0.35));
        context.font = '600 ' + size.toFixed(1) + 'px ' + FONT;
        context.fillStyle = '#17212b';
        context.textAlign = 'center';
        context.textBaseline = 'middle';
        context.fillText(text, 0, 0.5);
        context.restore();
      }
      if (!view.isPicture) drawn.push({ ...bubble, radius, onScreen });
    }

    /* Draws one window; returns the boxes on the screen that names must not lie under. */
    function drawWindow(context, view, range, inside) {
      const bubbles = bubblesOf(block, types, countsOf(range), view, origin).map((one) => ({ ...one, range }));
      const seen = bubbles.filter(({ x, y }) => {
        const left = x * view.scale + view.x;
        const top = y * view.scale + view.y;
        return left > -30 && top > -30 && left < view.width + 30 && top < view.height + 30 && inside(left);
      });
      /* Large ones first, so that small ones are not hidden. */
      seen.sort((a, b) => b.number - a.number || a.y - b.y || a.x - b.x);
      for (const bubble of seen) drawBubble(context, view, bubble);
      const boxes = seen.map((bubble) => {
        const reach = radiusOf(bubble.number, view) + 1;
        const left = bubble.x * view.scale + view.x;
        const top = bubble.y * view.scale + view.y;
        return [left - reach, top - reach, left + reach, top + reach];
      });
      /* Names make room for every dot where these are few, else for what holds a number. */
      return boxes.length <= FEW ? boxes : boxes.filter(([left, , right]) => right - left > 18);
    }

    /* `divider` is the place of the swipe on the screen; null where one window is shown. */
    function draw(context, view, divider) {
      if (!view.isPicture) drawn = [];
      const { at, window, compareAt } = state.all();
      if (divider === null) return drawWindow(context, view, rangeOf(at, window), () => true);
      const then = parts.clampAt(compareAt, window);
      return [
        ...drawWindow(context, view, rangeOf(then, window), (left) => left < divider),
        ...drawWindow(context, view, rangeOf(at, window), (left) => left >= divider),
      ];
    }

    /* The bubble at a place of the grid, the smallest of several; null for none. */
    function hit(x, y, scale) {
      let found = null;
      for (const one of drawn) {
        const reach = Math.max(one.radius, 5 / scale);
        if (Math.hypot(one.x - x, one.y - y) <= reach && (!found || one.radius < found.radius)) found = one;
      }
      return found;
    }

    function dayOf(k) {
      const precision = given.precisions[block.precision[k]];
      const day = new Date(Date.parse(given.first + 'T00:00:00Z') + 86400000 * block.day[k]).toISOString().slice(0, 10);
      if (precision === 'day') return words.date(day);
      if (precision === 'week') return words.say('points.week', { day: words.date(day) });
      if (precision === 'month') return words.monthName(day.slice(0, 7));
      if (precision === 'year') return words.say('points.year', { year: day.slice(0, 4) });
      return words.say('points.unsure', { day: words.date(day) });
    }

    /* The events of a few places that are shown, from the first on. */
    function eventsOf(bubble) {
      const { range } = bubble;
      const [split, which] = category() === 'all' ? [null, -1] : category().split(':');
      const found = [];
      let from = 0;
      const wanted = new Set(bubble.places);
      for (let place = 0; place < block.x.length; place++) {
        const end = from + block.events[place];
        if (wanted.has(place)) {
          for (let k = from; k < end; k++) {
            const month = block.month[k] - 1;
            if (range && (month < range[0] || month > range[1])) continue;
            if (split === 'event_type' && block.type[k] !== Number(which)) continue;
            if (split === 'actor_class' && block.class[k] !== Number(which)) continue;
            found.push(k);
          }
        }
        from = end;
      }
      return found;
    }

    /* Types of a bubble with their numbers, the most frequent first. */
    function typesOf(bubble) {
      const list = Array.from(bubble.types, (number, t) => ({ number, t })).filter(({ number }) => number);
      return list.sort((a, b) => b.number - a.number || a.t - b.t);
    }

    /* What is said of a bubble where nothing is seen. */
    function said(bubble) {
      const types = typesOf(bubble).map(({ number, t }) => words.nameOf(given.types[t]) + ' ' + words.whole(number));
      return words.count('time.events', bubble.number) + ': ' + types.join(', ');
    }

    /* What a tooltip says of a bubble. */
    function tip(bubble) {
      const lines = [element('strong', {}, words.count('time.events', bubble.number))];
      const isExact = given.points === 'exact';
      const place = isExact
        ? words.count('points.places', bubble.places.length)
        : words.say('points.cell', { km: words.number(given.cellKm) });
      lines.push(element('p', { class: 'where' }, place));
      if (isExact && bubble.places.length === 1 && bubble.number <= LISTED) {
        const rows = eventsOf(bubble).map((k) =>
          element('li', {}, dot(block.type[k]), dayOf(k) + ' · ' + words.nameOf(given.types[block.type[k]])),
        );
        lines.push(element('ul', { class: 'point-types' }, rows));
        return lines;
      }
      lines.push(
        element(
          'ul',
          { class: 'point-types' },
          typesOf(bubble).map(({ number, t }) =>
            element('li', {}, dot(t), words.nameOf(given.types[t]), element('b', {}, words.whole(number))),
          ),
        ),
      );
      return lines;
    }

    function dot(t) {
      const node = element('span', { class: 'point-dot', 'aria-hidden': 'true' });
      node.style.background = colorOf(t);
      return node;
    }

    /* Events of each type in the window: those that are drawn. */
    function totals() {
      const { at, window } = state.all();
      const counts = countsOf(rangeOf(at, window));
      const sums = new Float64Array(types);
      counts.forEach((number, k) => {
        sums[k % types] += number;
      });
      return sums;
    }

    function rows() {
      const sums = totals();
      return given.types
        .map((name, t) => ({
          dot: colorOf(t),
          name: words.nameOf(name),
          number: words.whole(sums[t]),
          events: sums[t],
        }))
        .filter(({ events }) => events > 0);
    }

    function notes() {
      const list = [
        given.points === 'coarse'
          ? words.say('points.coarse', { km: words.number(given.cellKm) })
          : words.say('points.exact'),
      ];
      if (given.leftOut) list.push(words.count('points.leftOut', given.leftOut));
      if (given.dateless) list.push(words.count(config.timed ? 'points.dateless' : 'points.dated', given.dateless));
      return list;
    }

    function sentence() {
      const shown = totals().reduce((sum, number) => sum + number, 0);
      const said = words.count('points.sentence', shown);
      return given.leftOut ? said + ' ' + words.count('points.leftOut', given.leftOut) : said;
    }

    return {
      key: 'layerPoints',
      name: 'points',
      draw,
      hit,
      tip,
      said,
      shown: () => drawn,
      totals,
      title: () => words.say('layer.points'),
      unit: () => words.say('points.unit'),
      rows,
      notes,
      sentence,
      method: () => notes().join(' '),
    };
  }

  geoMap.createPoints = createPoints;
  geoMap.points = { countPlaces, bubblesOf, radiusOf };
})((globalThis.geoMap = globalThis.geoMap || {}));
