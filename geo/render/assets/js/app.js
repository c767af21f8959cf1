/* Puts the parts together: reads the blocks, makes the map, listens to the reader. */
(function (geoMap) {
  'use strict';
  const { byId, setAttributes } = geoMap.dom;
  const { INK, missingTile, fewTile, linedTile, isDark, pattern } = geoMap.patterns;
  const { NO_DATA, breaksOf, classify, colorsOf } = geoMap.classes;
  const { makeSeries, namesOf, middle, labelPoints, placePoints, firstChoice } = geoMap.setup;
  const { pathIn } = geoMap.geometry;

  /* How far one can move: as far as the ground is drawn. */
  const REACH = [
    [4, -128],
    [42, -76],
  ];

  geoMap.mapOptions = {
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0.25,
    zoomDelta: 0.75,
    minZoom: 3.5,
    maxZoom: 12,
    wheelPxPerZoomLevel: 110,
    maxBoundsViscosity: 0.8,
    center: [23.6, -102],
    zoom: 5,
    keyboard: true,
  };

  /* Trouble is told in place of the map, in both languages: the words may not have been read. */
  function tell(key, config) {
    const node = byId('geo-trouble');
    node.hidden = false;
    node.textContent = config.trouble[key].join(' — ');
  }

  async function start(map, bounds) {
    const config = JSON.parse(byId('geo-config').textContent);
    try {
      await mount(map, bounds, config);
    } catch (error) {
      tell('broken', config);
      throw error;
    }
  }

  async function mount(map, bounds, given) {
    const blocks = await geoMap.codec.readBlocks(given.blocks);
    const config = { ...given, ...blocks.setup };
    const words = geoMap.createWords(config);
    const names = namesOf(blocks);
    const origin = middle(map, bounds, config.zoom);
    const country = geoMap.geometry.decodeCountry(blocks.areas, origin, names);
    const context = geoMap.geometry.decodeContext(blocks.context, origin);
    const labels = labelPoints(blocks, origin);
    const places = placePoints(blocks.places, origin);
    const series = makeSeries(config, blocks, country);

    const measureAt = (level, key) =>
      config.levels[level] && config.levels[level].measures.find((measure) => measure.key === key);
    const state = geoMap.createState(firstChoice(config, words));
    const facts = geoMap.createFacts({ words, config, names, country, series, state, measureAt });
    let painted = null;
    /* The other window, left of the divider; null where only one is shown. */
    let paintedThen = null;

    /* The classes of a view, and what they are painted in. */
    function paint(view) {
      const measure = measureAt(view.level, view.measure);
      const breaks = breaksOf(measure, view);
      const classes = classify(measure, breaks, series.values(view));
      const few = measure.marksFewEvents ? series.few(view, classes) : new Uint8Array(classes.length);
      return { measure, breaks, classes, few, colors: colorsOf(measure, breaks, config, view.palette) };
    }

    function repaint() {
      const view = state.all();
      painted = paint(view);
      /* What is of all months together is the same on both sides. */
      const isTwo = view.compare && view.measure !== 'emerging';
      paintedThen = isTwo ? paint({ ...view, at: series.clampAt(view.compareAt, view.window) }) : null;
    }

    const choose = (i, zoomTo) => {
      state.set({ selected: i, hovered: -1 });
      if (i < 0) return;
      byId('geo-live').textContent = facts.sentence(state.get('level'), state.get('measure'), i);
      if (zoomTo) showArea(i);
      else uncover(i);
    };
    const deselect = () => {
      state.set({ selected: -1 });
      byId('geo-live').textContent = '';
      map.getContainer().focus();
    };

    /* A category holds where the measure is of one. */
    function category() {
      const measure = measureAt(state.get('level'), state.get('measure'));
      return measure && measure.byCategory ? state.get('category') : 'all';
    }

    const layers = geoMap.createLayers({
      words,
      state,
      config,
      blocks,
      origin,
      country,
      labels,
      names,
      category,
      clampAt: series.clampAt,
      months: shownMonths,
      show: (box, said) => {
        sheet.close();
        byId('geo-live').textContent = said;
        fitBox(box);
      },
    });
    const highlight = geoMap.createHighlight(country);
    const writer = geoMap.createLabels({ places, country, labels, names });
    const legend = geoMap.createLegend({ words, state, config, facts });
    const controls = geoMap.createControls({ words, state, config, series, measureAt });
    const sheet = geoMap.createSheet(words);
    const finder = geoMap.createFinder({ words, state, config, names, country, choose });
    const tooltip = geoMap.createTooltip({ words, state, series, facts, deselect });
    const panel = series.isStatic
      ? { draw: tooltip.drawCard }
      : geoMap.createAreaPanel({ words, state, config, series, facts, country, whisker: tooltip.whisker, deselect });
    const caption = geoMap.createCaption({ words, state, config, series, facts, layers });
    const swipe = geoMap.createSwipe({ words, state, series });
    const timebar = geoMap.createTimebar({ words, state, config, series });
    const table = geoMap.createTable({ words, state, config, series, facts, names, country, choose });
    const share = geoMap.createShare({ words, state, config, series, names, getView, setView, layers: layers.keys });
    const picture = geoMap.createPicture({
      words,
      state,
      config,
      series,
      legendOf,
      drawMapInto,
      shownName: facts.shownName,
    });
    const toolbar = geoMap.createToolbar({ words, state, config, table, share, picture });
    const tiles = geoMap.createTiles({ words, config, map, redraw: () => layer.redraw(0) });

    /* ---- drawing ---- */

    /* The place of the divider on the canvas. */
    function dividerOf(view) {
      return view.pad + state.get('split') * (view.width - 2 * view.pad);
    }

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

    function drawAreas(context2d, view) {
      /* A background shows its own neighbors; a picture has none. */
      if (view.isPicture || !tiles.isSeen()) drawAround(context2d, view);
      /* The ground under the areas is what shows through their touching edges. */
      context2d.fillStyle = INK.under;
      for (const shape of country.shapes.state) context2d.fill(pathIn(view, shape));
      if (layers.isOn('density')) {
        layers.drawGround(context2d, view);
        return;
      }
      if (!paintedThen) {
        fillAreas(context2d, view, painted);
        return;
      }
      const divider = (dividerOf(view) - view.x) / view.scale;
      const far = 1e7;
      for (const [from, to, side] of [
        [-far, divider, paintedThen],
        [divider, far, painted],
      ]) {
        context2d.save();
        context2d.beginPath();
        context2d.rect(from, -far, to - from, 2 * far);
        context2d.clip();
        fillAreas(context2d, view, side);
        context2d.restore();
      }
    }

    function fillAreas(context2d, view, side) {
      const pixel = view.scale * view.ratio;
      const missing = pattern(context2d, missingTile(view.ratio), pixel);
      const mark = state.get('markFew') && side.few.some(Boolean);
      const few = [false, true].map((dark) => pattern(context2d, fewTile(view.ratio, dark), pixel));
      const lined = side.measure.lined || [];
      const lines = [false, true].map((dark) => pattern(context2d, linedTile(view.ratio, dark), pixel));
      country.shapes[state.get('level')].forEach((shape, i) => {
        if (!geoMap.canvas.isVisible(shape, view)) return;
        const k = side.classes[i];
        const color = side.colors[k];
        const path = pathIn(view, shape);
        context2d.fillStyle = k === NO_DATA ? missing : color;
        context2d.fill(path, 'evenodd');
        const isMarked = mark && side.few[i];
        if (isMarked || lined.includes(k)) {
          context2d.fillStyle = (isMarked ? few : lines)[Number(isDark(color))];
          context2d.fill(path, 'evenodd');
        }
      });
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
      const over = byId('geo-stage').querySelectorAll('.stamp, .credit-line, .leaflet-control');
      return { visible: within(byId('geo-stage'), 0), taken: Array.from(over, (node) => within(node, 4)) };
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
      around.taken = [...around.taken, ...layers.drawOver(context2d, view, paintedThen ? dividerOf(view) : null)];
      writer.draw(context2d, view, { language: words.language, ...around });
    }

    /* The map as it is seen, into a canvas of another size: for a picture. */
    function drawMapInto(context2d, width, height, ratio) {
      const size = map.getSize();
      const factor = Math.min(width / size.x, height / size.y);
      const scale = 2 ** (map.getZoom() - config.zoom) * factor;
      const center = layer.gridAt(map.getCenter());
      const view = {
        scale,
        ratio,
        width,
        height,
        pad: 0,
        isPicture: true,
        zoom: map.getZoom() + Math.log2(factor),
        x: width / 2 - center.x * scale,
        y: height / 2 - center.y * scale,
      };
      context2d.fillStyle = INK.sea;
      context2d.fillRect(0, 0, width * ratio, height * ratio);
      for (const draw of [drawAreas, drawLines]) {
        context2d.setTransform(scale * ratio, 0, 0, scale * ratio, view.x * ratio, view.y * ratio);
        draw(context2d, view);
      }
    }

    function legendOf() {
      const ground = layers.ground();
      const sections = layers.sections();
      return ground ? { ground, rows: ground.rows, note: ground.note, sections } : { rows: legend.rows(), sections };
    }

    function getView() {
      const { lat, lng } = map.getCenter();
      return { lat, lng, zoom: map.getZoom() };
    }

    function setView({ lat, lng, zoom }) {
      touched = true;
      map.setView([lat, lng], zoom, { animate: false });
    }

    /* ---- the map ---- */

    let touched = false;

    setAttributes(map.getContainer(), { role: 'application' });
    repaint();
    const zoomControl = L.control.zoom({ position: 'topleft' });
    drawWords();
    controls.draw();
    finder.draw();
    timebar.draw();
    swipe.draw();
    legend.update(painted);
    layers.draw();
    layers.drawLegends();
    caption.draw();
    /* Only now everything around the map has its size, and the first view depends on it. */
    const fit = () => map.fitBounds(bounds, { animate: false, padding: [6, 6] });
    map.invalidateSize({ animate: false });
    fit();
    map.setMaxBounds(REACH);
    map.on('dragstart', () => {
      touched = true;
    });
    for (const kind of ['wheel', 'keydown', 'pointerdown']) {
      map.getContainer().addEventListener(
        kind,
        () => {
          touched = true;
        },
        { passive: true },
      );
    }

    map.createPane('geo-areas').style.zIndex = '350';
    const layer = new geoMap.canvas.CanvasLayer({
      pane: 'geo-areas',
      zoom: config.zoom,
      origin,
      draw: [drawAreas, drawLines],
      overlay: highlight.node,
      moved: highlight.moved,
    }).addTo(map);
    tiles.start();
    geoMap.children.start({ words, unhover: () => state.set({ hovered: -1 }) });
    L.control.scale({ imperial: false, position: 'bottomleft' }).addTo(map);
    /* The divider stands still while the map moves under it. */
    map.on('move', () => {
      if (state.get('compare')) layer.redrawMoved();
    });

    function areaAt(latlng) {
      const { x, y } = layer.gridAt(latlng);
      const i = geoMap.geometry.shapeAt(country.shapes.municipality, x, y);
      return i >= 0 && state.get('level') === 'state' ? country.stateOf[i] : i;
    }

    function latLngBounds(shape) {
      const at = (x, y) => map.unproject([x + origin.x, y + origin.y], config.zoom);
      return L.latLngBounds(at(shape.x0, shape.y0), at(shape.x1, shape.y1));
    }

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

    function showArea(i) {
      const { right, bottom } = cover();
      map.fitBounds(latLngBounds(country.shapes[state.get('level')][i]).pad(0.6), {
        paddingBottomRight: [right, bottom],
        maxZoom: state.get('level') === 'state' ? 7 : 9.5,
        animate: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      });
    }

    function fitBox(box) {
      const { right, bottom } = cover();
      map.fitBounds(latLngBounds(box).pad(0.35), {
        paddingBottomRight: [right, bottom],
        maxZoom: 8,
        animate: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      });
    }

    /* First day of the months that are shown, and the first day after them. */
    function shownMonths() {
      if (series.isStatic) return null;
      const { at, window } = facts.shownSpan();
      const { labels: months } = config.timed.months;
      const [year, month] = months[at].split('-').map(Number);
      const after = new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
      return { start: months[at + 1 - window] + '-01', end: after };
    }

    /* Move the map so that the card does not lie on the chosen area. */
    function uncover(i) {
      const { right, bottom } = cover();
      const center = latLngBounds(country.shapes[state.get('level')][i]).getCenter();
      const margin = Math.min(40, (map.getSize().y - bottom) / 3);
      map.panInside(center, { paddingTopLeft: [60, margin], paddingBottomRight: [right + 60, bottom + margin] });
    }

    const pointing = geoMap.createPointing({ map, layer, layers, tooltip, state, areaAt, choose });

    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && state.get('selected') >= 0 && !byId('geo-about').open) deselect();
    });
    new ResizeObserver(() => {
      map.invalidateSize({ animate: false, pan: false });
      if (!touched && state.get('selected') < 0) fit();
    }).observe(byId('geo-stage'));

    /* ---- what a change concerns ---- */

    function drawWords() {
      words.language = state.get('language');
      caption.heading();
      controls.drawLanguage();
      sheet.draw();
      toolbar.draw();
      tiles.draw();
      setAttributes(map.getContainer(), { 'aria-label': words.say('control.map') });
      zoomControl.remove();
      Object.assign(zoomControl.options, {
        zoomInTitle: words.say('control.zoomIn'),
        zoomOutTitle: words.say('control.zoomOut'),
      });
      zoomControl.addTo(map);
    }

    function drawOutlines() {
      const shapes = country.shapes[state.get('level')];
      highlight.show('hovered', shapes[state.get('hovered')]);
      highlight.show('selected', shapes[state.get('selected')]);
    }

    /* What the colors, and what the words around the map depend on. */
    const COLORED = ['measure', 'level', 'at', 'window', 'category', 'base', 'palette', 'compare', 'compareAt'];

    const LAYERS = geoMap.layers.KEYS;

    state.listen((changed) => {
      const some = (...keys) => keys.some((key) => changed.has(key));
      if (some('compare') && state.get('compare') && layers.isOn('density')) {
        state.set({ layerDensity: false });
      }
      if (some('language')) drawWords();
      if (some(...COLORED)) repaint();
      /* A density stays as it is whatever the areas would show. */
      const ground = layers.isOn('density') ? ['palette'] : [...COLORED, 'markFew', 'split'];
      if (some('layerDensity', ...ground)) layer.redraw(0);
      if (some('compare', 'compareAt', 'split', 'at', 'window', 'language')) swipe.draw();
      if (some('compare', 'language')) toolbar.draw();
      table.update();
      timebar.update(changed);
      const isOver = layers.isOn('points') || layers.isOn('scan');
      if (some('level', 'language', 'cluster', ...LAYERS) || (isOver && some(...COLORED, 'split'))) layer.redraw(1);
      if (some('language', ...LAYERS)) layers.draw();
      if (some('measure', 'level', 'language', 'category', 'window')) controls.draw();
      if (some(...COLORED, 'language')) {
        legend.update(painted);
      }
      if (some('cluster', ...LAYERS, ...COLORED, 'language')) {
        layers.drawLegends();
        caption.draw();
        caption.stamp();
      }
      if (some('layerDensity') && !layers.isOn('density')) {
        legend.forget();
        legend.update(painted);
      }
      if (some(...LAYERS, ...COLORED)) pointing.rest();
      if (some('language')) finder.draw();
      if (some('selected', 'language', ...COLORED)) panel.draw();
      if (some('hovered', 'selected', 'language', ...COLORED)) tooltip.drawTip();
      if (some('hovered', 'selected', 'level')) drawOutlines();
      if (some('measure', 'level')) announce();
    });

    function announce() {
      byId('geo-live').textContent =
        words.say('measure.' + state.get('measure')) + ', ' + words.say('level.' + state.get('level'));
    }

    share.read();
    share.start();
    map.on('moveend', share.moved);

    /* For tests and for whoever looks at the page from the console; it gives copies only. */
    geoMap.look = Object.freeze({
      state: () => state.all(),
      legend: () => legend.counts(),
      classes: () => Array.from(painted.classes),
      few: () => Array.from(painted.few),
      colors: () => [...painted.colors],
      value: (level, column, code) => series.columnOf(level, column)[names[level].code.indexOf(code)],
      values: (view) => Array.from(series.values({ ...state.all(), ...view })),
      interval: (level, code, at, window) => series.interval(level, names[level].code.indexOf(code), at, window),
      set: (changes) => state.set(changes),
      layers: () => [...layers.keys],
      clusters: () => (layers.find('scan') ? layers.find('scan').clusters() : []),
      bubbles: () => (layers.find('points') ? layers.find('points').bubbles() : []),
      pointTotals: () => (layers.find('points') ? Array.from(layers.find('points').totals()) : []),
      choose: (level, code) => choose(names[level].code.indexOf(code), false),
      view: () => ({ zoom: map.getZoom(), center: map.getCenter(), width: map.getSize().x }),
      pointOf: (level, code) => {
        const i = names[level].code.indexOf(code);
        const at = [labels[level].x[i] + origin.x, labels[level].y[i] + origin.y];
        return map.latLngToContainerPoint(map.unproject(at, config.zoom));
      },
    });
    await new Promise((done) => {
      requestAnimationFrame(() => setTimeout(done, 0));
    });
    document.documentElement.dataset.ready = '1';
  }

  /* Before anything is drawn: what only scripts can fill is shown now. */
  document.documentElement.classList.add('geo-js');
  geoMap.start = start;
})((globalThis.geoMap = globalThis.geoMap || {}));
