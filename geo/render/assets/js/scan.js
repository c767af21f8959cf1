/* The clusters of a scan: circles with a number on the map, and a list of what is known of them. */
(function (geoMap) {
  'use strict';
  const { element } = geoMap.dom;

  const EARTH = 40075016.686;
  const INK = '#17212b';
  const CHOSEN = '#0b5cad';
  const HALO = 'rgba(255, 255, 255, .9)';
  const LEVEL = 0.05;
  /* Radii on the screen: of the smallest circle, and of a number. */
  const LEAST = 15;
  const BADGE = 10;

  /* Steps of the grid in a kilometer, at a height of the map. */
  function stepsPerKm(y, zoom) {
    const world = 256 * 2 ** zoom;
    const latitude = Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / world)));
    return (1000 * world) / (EARTH * Math.cos(latitude));
  }

  function createScan(parts) {
    const { words, state, config, block, origin, country, labels, names, months, show } = parts;
    const { level } = block;
    const clusters = block.clusters.map((cluster) => {
      const x = labels[level].x[cluster.center];
      const y = labels[level].y[cluster.center];
      return { ...cluster, x, y, radius: cluster.radiusKm * stepsPerKm(y + origin.y, config.zoom) };
    });
    const isSure = (cluster) => cluster.p === null || cluster.p <= LEVEL;
    let badges = [];

    /* Whether a cluster has months in the window that is shown. */
    function isNow(cluster) {
      const window = months();
      return !window || (cluster.start < window.end && cluster.end > window.start);
    }

    function reach(view, cluster) {
      return Math.max(cluster.radius + 4 / view.scale, LEAST / view.scale);
    }

    function ring(context, view, cluster, width, color, dash) {
      context.setLineDash(dash.map((length) => length / view.scale));
      context.lineWidth = width / view.scale;
      context.strokeStyle = color;
      context.beginPath();
      context.arc(cluster.x, cluster.y, reach(view, cluster), 0, 2 * Math.PI);
      context.stroke();
      context.setLineDash([]);
    }

    function badge(context, view, cluster, isChosen) {
      const turn = -Math.PI / 4;
      const x = cluster.x + reach(view, cluster) * Math.cos(turn);
      const y = cluster.y + reach(view, cluster) * Math.sin(turn);
      const size = BADGE / view.scale;
      context.beginPath();
      context.arc(x, y, size, 0, 2 * Math.PI);
      context.fillStyle = isChosen ? CHOSEN : INK;
      context.fill();
      context.lineWidth = 1.6 / view.scale;
      context.strokeStyle = '#fff';
      context.stroke();
      context.save();
      context.translate(x, y);
      context.scale(1 / view.scale, 1 / view.scale);
      context.fillStyle = '#fff';
      context.font = "700 12px 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.fillText(String(cluster.rank), 0, 0.5);
      context.restore();
      badges.push({ cluster, x, y, size });
    }

    /* The likeliest last: it lies over the others. */
    function shown() {
      return clusters.filter(isSure).reverse();
    }

    function drawCircles(context, view) {
      for (const cluster of shown()) {
        const isChosen = cluster.rank === state.get('cluster');
        if (isChosen) outline(context, view, cluster);
        const dash = isNow(cluster) ? [] : [5, 4];
        ring(context, view, cluster, isChosen ? 6.5 : 5, HALO, []);
        ring(context, view, cluster, isChosen ? 3.2 : 2, isChosen ? CHOSEN : INK, dash);
      }
    }

    /* Draws the numbers; returns the boxes on the screen that names must not lie under. */
    function drawNumbers(context, view) {
      const kept = badges;
      badges = [];
      for (const cluster of shown()) badge(context, view, cluster, cluster.rank === state.get('cluster'));
      const boxes = badges.map(({ x, y }) => {
        const left = x * view.scale + view.x;
        const top = y * view.scale + view.y;
        return [left - BADGE - 2, top - BADGE - 2, left + BADGE + 2, top + BADGE + 2];
      });
      /* A picture has places of its own; the reader still points at the map. */
      if (view.isPicture) badges = kept;
      return boxes;
    }

    /* The areas of a cluster; from far away, where their lines would run together, the circle alone. */
    function outline(context, view, cluster) {
      const near = Math.min(1, Math.max(0, (view.zoom - 5) / 2));
      if (!near) return;
      const paths = cluster.areas.map((i) => geoMap.geometry.pathIn(view, country.shapes[level][i]));
      context.lineJoin = 'round';
      for (const [width, color] of [
        [3.6, HALO],
        [1.6, CHOSEN],
      ]) {
        context.lineWidth = (near * width) / view.scale;
        context.strokeStyle = color;
        for (const path of paths) context.stroke(path);
      }
    }

    /* The cluster whose number lies at a place of the grid, or null. */
    function hit(x, y, scale) {
      const near = badges.filter((one) => Math.hypot(one.x - x, one.y - y) <= one.size + 3 / scale);
      return near.length ? near[near.length - 1].cluster : null;
    }

    function choose(rank) {
      const next = state.get('cluster') === rank ? -1 : rank;
      state.set({ cluster: next });
      const cluster = clusters.find((one) => one.rank === next);
      if (cluster) show(bounds(cluster), said(cluster));
    }

    function bounds(cluster) {
      const shapes = cluster.areas.map((i) => country.shapes[level][i]);
      return {
        x0: Math.min(cluster.x - cluster.radius, ...shapes.map((one) => one.x0)),
        x1: Math.max(cluster.x + cluster.radius, ...shapes.map((one) => one.x1)),
        y0: Math.min(cluster.y - cluster.radius, ...shapes.map((one) => one.y0)),
        y1: Math.max(cluster.y + cluster.radius, ...shapes.map((one) => one.y1)),
      };
    }

    function placeOf(cluster) {
      const name = names[level].name[cluster.center];
      const where = level === 'state' ? '' : ', ' + names.state.name[country.stateOf[cluster.center]];
      return name + where;
    }

    function pOf(cluster) {
      if (cluster.p === null) return words.say('scan.noP');
      const text = words.say('scan.p', { p: words.number(cluster.p, { maximumFractionDigits: 3 }) });
      return isSure(cluster) ? text : text + ', ' + words.say('scan.chance');
    }

    function figures(cluster) {
      return words.say('scan.figures', {
        events: words.count('time.events', cluster.observed),
        expected: words.rate(cluster.expected),
        ratio: words.rate(cluster.observed / cluster.expected),
      });
    }

    function said(cluster) {
      return [
        words.say('scan.number', { n: cluster.rank, place: placeOf(cluster) }),
        words.count('legend.areas', cluster.areas.length),
        geoMap.layers.daysName(words, cluster.start, cluster.end),
        figures(cluster),
        pOf(cluster),
      ].join('. ');
    }

    function item(cluster) {
      const isChosen = state.get('cluster') === cluster.rank;
      const button = element(
        'button',
        {
          type: 'button',
          id: 'geo-cluster-' + cluster.rank,
          class: 'cluster' + (isSure(cluster) ? '' : ' chance'),
          'aria-pressed': String(isChosen),
        },
        element('span', { class: 'cluster-number' }, String(cluster.rank)),
        element(
          'span',
          { class: 'cluster-words' },
          element('b', { dir: 'auto' }, placeOf(cluster)),
          element(
            'span',
            { class: 'cluster-line' },
            words.count('legend.areas', cluster.areas.length) +
              ' · ' +
              geoMap.layers.daysName(words, cluster.start, cluster.end),
          ),
          element('span', { class: 'cluster-line' }, figures(cluster)),
          element('span', { class: 'cluster-line' }, pOf(cluster)),
        ),
      );
      button.addEventListener('click', () => choose(cluster.rank));
      return element('li', {}, button);
    }

    function list() {
      if (!clusters.length) return element('p', { class: 'legend-note' }, words.say('scan.none'));
      return element('ol', { class: 'clusters', 'aria-label': words.say('layer.scan') }, clusters.map(item));
    }

    function windowName() {
      return block.start === null ? '' : geoMap.layers.daysName(words, block.start, block.end);
    }

    function sentence() {
      const number = words.count('scan.clusters', shown().length);
      return words.say('scan.sentence', { clusters: number, window: windowName() });
    }

    function method() {
      const share = block.share === null ? '' : words.percent(block.share);
      const spread = block.dispersion === null || !block.replicates ? '' : words.say('scan.dispersed');
      return [
        words.say('scan.method.' + block.over, { window: windowName() }),
        words.say('scan.model.' + block.model),
        share ? words.say('scan.share', { share }) : '',
        block.replicates
          ? words.say('scan.replicates', { replicates: words.whole(block.replicates), seed: block.seed })
          : words.say('scan.noReplicates'),
        spread,
      ]
        .filter(Boolean)
        .join(' ');
    }

    function keys() {
      return [
        { ring: 'solid', name: words.say('scan.now') },
        { ring: 'dashed', name: words.say('scan.other') },
      ];
    }

    return {
      key: 'layerScan',
      name: 'scan',
      drawCircles,
      drawNumbers,
      hit,
      choose,
      list,
      keys,
      title: () => words.say('layer.scan'),
      unit: () => words.say('scan.unit'),
      /* For a picture: a row a cluster. */
      rows: () =>
        clusters.filter(isSure).map((cluster) => ({
          badge: String(cluster.rank),
          name: placeOf(cluster) + ' · ' + geoMap.layers.daysName(words, cluster.start, cluster.end),
          number: words.say('fact.times', { ratio: words.rate(cluster.observed / cluster.expected) }),
        })),
      notes: () => [words.say('scan.note')],
      sentence,
      method,
      clusters: () =>
        clusters.map((one) => {
          const { x, y } = badges.find(({ cluster }) => cluster === one) || {};
          return { rank: one.rank, now: isNow(one), sure: isSure(one), x, y };
        }),
    };
  }

  geoMap.createScan = createScan;
  geoMap.scan = { stepsPerKm };
})((globalThis.geoMap = globalThis.geoMap || {}));
