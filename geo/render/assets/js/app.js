/* Puts the parts together: reads the blocks, makes the map, listens to the reader. */
(function (geoMap) {
  'use strict';
  const { byId, setAttributes } = geoMap.dom;
  const { INK, missingTile, fewTile, isDark, pattern } = geoMap.patterns;
  const { NO_DATA, classify, fewEvents } = geoMap.classes;

  /* How far one can move: as far as the ground is drawn. */
  const REACH = [[4, -128], [42, -76]];

  geoMap.mapOptions = {
    attributionControl: false, zoomControl: false, zoomSnap: 0.25, zoomDelta: 0.75, minZoom: 3.5,
    maxZoom: 12, wheelPxPerZoomLevel: 110, maxBoundsViscosity: 0.8, center: [23.6, -102], zoom: 5, keyboard: true,
  };

  /* Trouble is told in place of the map, in both languages: the words may not have been read. */
  function tell(key, config) {
    const node = byId('geo-trouble');
    node.hidden = false;
    node.textContent = Object.values(config.words).map((words) => words[key]).join(' — ');
  }

  async function start(map, bounds) {
    const config = JSON.parse(byId('geo-config').textContent);
    if (typeof DecompressionStream !== 'function') {
      tell('trouble.oldBrowser', config);
      return;
    }
    try {
      await mount(map, bounds, config);
    } catch (error) {
      tell('trouble.broken', config);
      throw error;
    }
  }

  async function mount(map, bounds, config) {
    const words = geoMap.createWords(config);
    const blocks = await geoMap.codec.readBlocks(config.blocks);
    const names = blocks.names;
    const origin = middle(map, bounds, config.zoom);
    const country = geoMap.geometry.decodeCountry(blocks.areas, origin, names);
    const context = geoMap.geometry.decodeContext(blocks.context, origin);
    const labels = shifted(blocks, origin), places = shiftedPlaces(blocks.places, origin);
    const values = {};
    for (const level of Object.keys(config.levels)) values[level] = blocks['values-' + level];

    const measureAt = (level, key) =>
      config.levels[level] && config.levels[level].measures.find((measure) => measure.key === key);
    const state = geoMap.createState(firstChoice(config, words));
    const facts = geoMap.createFacts({ words, config, names, country, values, measureAt });
    const overall = overallRates(values);
    let painted = null;

    function repaint() {
      const level = state.get('level'), measure = measureAt(level, state.get('measure'));
      const classes = classify(measure, values[level][measure.column]);
      painted = { measure, classes, few: fewEvents(measure, values[level], classes) };
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

    const highlight = geoMap.createHighlight(country);
    const writer = geoMap.createLabels({ places, country, labels, names });
    const legend = geoMap.createLegend({ words, state, config, facts });
    const controls = geoMap.createControls({ words, state, config, measureAt });
    const sheet = geoMap.createSheet(words);
    const finder = geoMap.createFinder({ words, state, names, country, choose });
    const tooltip = geoMap.createTooltip({ words, state, config, facts, values, overall, deselect });
    const caption = geoMap.createCaption({ words, state, config, values, facts });

    /* ---- drawing ---- */

    function drawAreas(context2d, view) {
      context2d.fillStyle = INK.land;
      context2d.strokeStyle = INK.landLine;
      context2d.lineWidth = 0.8 / view.scale;
      for (const shape of context) {
        context2d.fill(shape.path, 'evenodd');
        context2d.stroke(shape.path);
      }
      const level = state.get('level'), shapes = country.shapes[level];
      const pixel = view.scale * view.ratio, missing = pattern(context2d, missingTile(view.ratio), pixel);
      const mark = painted.few.some(Boolean) && state.get('markFew');
      const few = [false, true].map((dark) => pattern(context2d, fewTile(view.ratio, dark), pixel));
      /* The ground under the areas is what shows through their touching edges. */
      context2d.fillStyle = INK.under;
      for (const shape of country.shapes.state) context2d.fill(shape.path);
      shapes.forEach((shape, i) => {
        if (!geoMap.canvas.isVisible(shape, view)) return;
        const k = painted.classes[i], color = painted.measure.colors[k];
        context2d.fillStyle = k === NO_DATA ? missing : color;
        context2d.fill(shape.path, 'evenodd');
        if (mark && painted.few[i]) {
          context2d.fillStyle = few[Number(isDark(color))];
          context2d.fill(shape.path, 'evenodd');
        }
      });
    }

    /* What is seen of a canvas, and the boxes that lie over the map, in its own pixels. */
    function surroundings(canvas) {
      const frame = canvas.getBoundingClientRect();
      const within = (node, margin) => {
        const box = node.getBoundingClientRect();
        return [box.left - frame.left - margin, box.top - frame.top - margin,
          box.right - frame.left + margin, box.bottom - frame.top + margin];
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
        stroke(country.lines.inner, 0.25 + 0.5 * near, INK.inner, 0.28 + 0.3 * near);
      }
      stroke(country.lines.state, 0.7 + 0.8 * near, INK.state, 0.85);
      stroke(country.lines.outer, 0.6 + 0.4 * near, INK.outer, 0.75);
      writer.draw(context2d, view, { language: words.language, ...surroundings(context2d.canvas) });
    }

    /* ---- the map ---- */

    setAttributes(map.getContainer(), { role: 'application' });
    repaint();
    const zoomControl = L.control.zoom({ position: 'topleft' });
    drawWords();
    controls.draw();
    finder.draw();
    legend.update(painted);
    caption.draw();
    /* Only now everything around the map has its size, and the first view depends on it. */
    const fit = () => map.fitBounds(bounds, { animate: false, padding: [6, 6] });
    map.invalidateSize({ animate: false });
    fit();
    map.setMaxBounds(REACH);
    let touched = false;
    map.on('dragstart', () => { touched = true; });
    for (const kind of ['wheel', 'keydown', 'pointerdown']) {
      map.getContainer().addEventListener(kind, () => { touched = true; }, { passive: true });
    }

    map.createPane('geo-areas').style.zIndex = '350';
    const layer = new geoMap.canvas.CanvasLayer({
      pane: 'geo-areas', zoom: config.zoom, origin, draw: [drawAreas, drawLines],
      overlay: highlight.node, moved: highlight.moved,
    }).addTo(map);
    L.control.scale({ imperial: false, position: 'bottomleft' }).addTo(map);

    function areaAt(latlng) {
      const { x, y } = layer.gridAt(latlng);
      const i = geoMap.geometry.shapeAt(country.shapes.municipality, x, y);
      return i >= 0 && state.get('level') === 'state' ? country.stateOf[i] : i;
    }

    function latLngBounds(shape) {
      const at = (x, y) => map.unproject([x + origin.x, y + origin.y], config.zoom);
      return L.latLngBounds(at(shape.x0, shape.y0), at(shape.x1, shape.y1));
    }

    /* Room that the card takes from the view. */
    function cover() {
      const card = byId('geo-card'), size = map.getSize();
      if (card.hidden) return { right: 0, bottom: 0 };
      const below = card.offsetWidth > size.x * 0.7;
      return below ? { right: 0, bottom: card.offsetHeight } : { right: card.offsetWidth + 12, bottom: 0 };
    }

    function showArea(i) {
      const { right, bottom } = cover();
      map.fitBounds(latLngBounds(country.shapes[state.get('level')][i]).pad(0.6), {
        paddingBottomRight: [right, bottom], maxZoom: state.get('level') === 'state' ? 7 : 9.5,
        animate: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      });
    }

    /* Move the map so that the card does not lie on the chosen area. */
    function uncover(i) {
      const { right, bottom } = cover();
      const center = latLngBounds(country.shapes[state.get('level')][i]).getCenter();
      map.panInside(center, { paddingTopLeft: [60, 40], paddingBottomRight: [right + 60, bottom + 40] });
    }

    let pointer = 'mouse';
    map.getContainer().addEventListener('pointerdown', (event) => { pointer = event.pointerType; }, true);
    map.getContainer().addEventListener('pointermove', (event) => { pointer = event.pointerType; }, true);
    map.on('mousemove', (event) => {
      if (pointer === 'touch') return;
      const i = areaAt(event.latlng);
      state.set({ hovered: i });
      map.getContainer().style.cursor = i >= 0 ? 'pointer' : '';
      tooltip.place(event.containerPoint);
    });
    map.on('mouseout', () => state.set({ hovered: -1 }));
    map.on('click', (event) => {
      const i = areaAt(event.latlng);
      if (i >= 0) choose(i, false);
      else state.set({ selected: -1 });
    });
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
      setAttributes(map.getContainer(), { 'aria-label': words.say('control.map') });
      zoomControl.remove();
      Object.assign(zoomControl.options, {
        zoomInTitle: words.say('control.zoomIn'), zoomOutTitle: words.say('control.zoomOut'),
      });
      zoomControl.addTo(map);
    }

    function drawOutlines() {
      const shapes = country.shapes[state.get('level')];
      highlight.show('hovered', shapes[state.get('hovered')]);
      highlight.show('selected', shapes[state.get('selected')]);
    }

    state.listen((changed) => {
      const some = (...keys) => keys.some((key) => changed.has(key));
      if (some('language')) drawWords();
      if (some('measure', 'level')) repaint();
      if (some('measure', 'level', 'markFew')) layer.redraw(0);
      if (some('level', 'language')) layer.redraw(1);
      if (some('measure', 'level', 'language')) {
        controls.draw();
        legend.update(painted);
        caption.draw();
      }
      if (some('level', 'language')) finder.draw();
      if (some('selected')) finder.show();
      if (some('selected', 'level', 'measure', 'language')) tooltip.drawCard();
      if (some('hovered', 'selected', 'level', 'measure', 'language')) tooltip.drawTip();
      if (some('hovered', 'selected', 'level')) drawOutlines();
      if (some('measure', 'level')) announce();
    });

    function announce() {
      byId('geo-live').textContent =
        words.say('measure.' + state.get('measure')) + ', ' + words.say('level.' + state.get('level'));
    }

    /* For tests and for whoever looks at the page from the console; it gives copies only. */
    geoMap.look = Object.freeze({
      state: () => state.all(),
      legend: () => legend.counts(),
      classes: () => Array.from(painted.classes),
      few: () => Array.from(painted.few),
      value: (level, column, code) => values[level][column][names[level].code.indexOf(code)],
      view: () => ({ zoom: map.getZoom(), center: map.getCenter(), width: map.getSize().x }),
      pointOf: (level, code) => {
        const i = names[level].code.indexOf(code);
        const at = [labels[level].x[i] + origin.x, labels[level].y[i] + origin.y];
        return map.latLngToContainerPoint(map.unproject(at, config.zoom));
      },
    });
    await new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 0)); });
    document.documentElement.dataset.ready = '1';
  }

  function middle(map, bounds, zoom) {
    const point = map.project(L.latLngBounds(bounds).getCenter(), zoom);
    return { x: Math.round(point.x), y: Math.round(point.y) };
  }

  function shifted(blocks, origin) {
    const labels = {};
    for (const level of ['state', 'municipality']) {
      labels[level] = {
        x: blocks['labels-' + level].x.map((x) => x - origin.x),
        y: blocks['labels-' + level].y.map((y) => y - origin.y),
      };
    }
    return labels;
  }

  function shiftedPlaces(places, origin) {
    const shift = (place) => ({ ...place, x: place.x - origin.x, y: place.y - origin.y });
    return { places: places.places.map(shift), cities: places.cities.map(shift) };
  }

  /* The smoothed rate of municipalities, where there is one; else what comes first. */
  function firstChoice(config, words) {
    const level = config.levels.municipality ? 'municipality' : 'state';
    const keys = config.levels[level].measures.map((measure) => measure.key);
    return {
      level, measure: keys.includes('smoothed') ? 'smoothed' : keys[0],
      selected: -1, hovered: -1, language: words.language, markFew: true,
    };
  }

  /* Events of areas with exposure per 100,000 person-years, over all areas of a level. */
  function overallRates(values) {
    const rates = {};
    for (const [level, data] of Object.entries(values)) {
      let events = 0, exposure = 0;
      data.exposure.forEach((years, i) => {
        if (years > 0) {
          events += data.events[i] || 0;
          exposure += years;
        }
      });
      rates[level] = exposure ? (100000 * events) / exposure : 0;
    }
    return rates;
  }

  /* Before anything is drawn: what only scripts can fill is shown now. */
  document.documentElement.classList.add('geo-js');
  geoMap.start = start;
})((globalThis.geoMap = globalThis.geoMap || {}));
