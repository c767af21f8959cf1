/* Puts the parts together: reads the blocks, makes the map, listens to the reader. */
(function (geoMap) {
  'use strict';
  const { byId, setAttributes } = geoMap.dom;
  const { breaksOf, classify, colorsOf } = geoMap.classes;
  const { makeSeries, namesOf, middle, labelPoints, placePoints, firstChoice } = geoMap.setup;

  /* How far one can move: as far as the ground is drawn. */
  const REACH = [
    [4, -128],
    [42, -76],
  ];

  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;

  geoMap.mapOptions = {
    zoomAnimation: !isCalm,
    fadeAnimation: !isCalm,
    inertia: !isCalm,
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
      const reach = series.reach(view.level);
      const classes = classify(measure, breaks, series.values(view), reach);
      const few = measure.marksFewEvents ? series.few(view, classes) : new Uint8Array(classes.length);
      const part = geoMap.reach.partly(classes, reach);
      const colors = colorsOf(measure, breaks, config, view.palette);
      return { measure, breaks, classes, few, part, reach, colors };
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
      if (zoomTo) camera.showArea(i);
      else camera.uncover(i);
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
        camera.showBox(box);
      },
    });
    const asked = geoMap.reach.boxOf(series.reach(state.get('level')), state.get('level'), country);
    const camera = geoMap.createCamera({ map, bounds, origin, zoom: config.zoom, state, country, asked });
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
    const share = geoMap.createShare({ words, state, config, series, names, layers, camera });
    const picture = geoMap.createPicture({
      words,
      state,
      config,
      series,
      legendOf,
      drawMapInto: (context2d, size) => scene.drawInto(context2d, size, camera),
      shownName: facts.shownName,
    });
    const toolbar = geoMap.createToolbar({ words, state, config, table, share, picture });
    const tiles = geoMap.createTiles({ words, config, map, redraw: () => layer.redraw(0) });
    const scene = geoMap.createScene({
      words,
      state,
      country,
      context,
      layers,
      writer,
      painted: () => [painted, paintedThen],
      hasTiles: tiles.isSeen,
    });

    function legendOf() {
      const ground = layers.ground();
      const sections = layers.sections();
      return ground ? { ground, rows: ground.rows, note: ground.note, sections } : { rows: legend.rows(), sections };
    }

    /* ---- the map ---- */

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
    map.invalidateSize({ animate: false });
    camera.fit();
    map.setMaxBounds(REACH);
    map.createPane('geo-areas').style.zIndex = '350';
    const layer = new geoMap.canvas.CanvasLayer({
      pane: 'geo-areas',
      zoom: config.zoom,
      origin,
      draw: [scene.drawAreas, scene.drawLines],
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

    function areaAt(x, y) {
      const i = geoMap.geometry.shapeAt(country.shapes.municipality, x, y);
      return i >= 0 && state.get('level') === 'state' ? country.stateOf[i] : i;
    }

    function placeAt(x, y) {
      const i = areaAt(x, y);
      return i < 0 ? '' : facts.areaName(state.get('level'), i);
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

    const pointing = geoMap.createPointing({ map, layer, layers, tooltip, state, areaAt, choose });
    const stops = geoMap.createPointStops({ words, map, camera, layers, pointing, placeAt, areaAt, choose });

    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && state.get('selected') >= 0 && !byId('geo-about').open) deselect();
    });
    new ResizeObserver(camera.resized).observe(byId('geo-stage'));

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
      /* Names make room for the words at the divider. */
      const moved = state.get('compare') && some('split', 'compareAt', 'at', 'window');
      if (some('level', 'language', 'cluster', 'compare', ...LAYERS) || moved || (isOver && some(...COLORED, 'split')))
        layer.redraw(1);
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
      if (some('level', 'language', 'layerPoints', 'split', ...COLORED)) stops.update();
      if (some('measure', 'level')) announce();
    });

    function announce() {
      byId('geo-live').textContent =
        words.say('measure.' + state.get('measure')) + ', ' + words.say('level.' + state.get('level'));
    }

    share.read();
    share.start();
    map.on('moveend', share.moved);

    /* A place of the grid as one of the screen. */
    function onScreen({ x, y, ...rest }) {
      const at = x === undefined ? {} : camera.pointOf(x, y);
      return { ...rest, left: at.x, top: at.y };
    }

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
      clusters: () => (layers.find('scan') ? layers.find('scan').clusters().map(onScreen) : []),
      bubbles: () =>
        layers.bubbles().map(({ number, places, x, y }) => onScreen({ number, places: places.length, x, y })),
      pointTotals: () => (layers.find('points') ? Array.from(layers.find('points').totals()) : []),
      choose: (level, code) => choose(names[level].code.indexOf(code), false),
      view: () => ({ zoom: map.getZoom(), center: map.getCenter(), width: map.getSize().x }),
      pointOf: (level, code) => {
        const i = names[level].code.indexOf(code);
        return camera.pointOf(labels[level].x[i], labels[level].y[i]);
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
