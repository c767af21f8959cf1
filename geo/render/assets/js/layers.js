/* What lies over the areas when the reader asks for it: which layers there are, the boxes that turn
   them on, their legends, and what they add to the caption. */
(function (geoMap) {
  'use strict';
  const { element, vector, byId } = geoMap.dom;

  const KEYS = ['layerScan', 'layerDensity', 'layerPoints'];

  /* A window given by its first day and the first day after it: months and years by name. */
  function daysName(words, start, end) {
    const last = new Date(Date.parse(end + 'T00:00:00Z') - 86400000).toISOString().slice(0, 10);
    if (!start.endsWith('-01') || !end.endsWith('-01')) {
      return words.say('period.days', { first: words.date(start), last: words.date(last) });
    }
    const [first, final] = [start.slice(0, 7), last.slice(0, 7)];
    if (first === final) return words.monthName(first);
    const years = [first.slice(0, 4), final.slice(0, 4)];
    const isWhole = first.endsWith('-01') && final.endsWith('-12');
    if (isWhole && years[0] === years[1]) return years[0];
    if (isWhole) return words.say('window.twoYears', { first: years[0], last: years[1] });
    if (years[0] === years[1]) {
      const month = words.date(start, { month: 'long' });
      return words.say('window.sameYear', { first: month, last: words.monthName(final) });
    }
    return words.say('window.twoYears', { first: words.monthName(first), last: words.monthName(final) });
  }

  const makers = {
    scan: (parts) => geoMap.createScan(parts),
    density: (parts) => geoMap.createDensity(parts),
    points: (parts) => geoMap.createPoints(parts),
  };

  function createLayers(parts) {
    const { words, state, config, blocks } = parts;
    const all = Object.keys(config.layers).map((name) => makers[name]({ ...parts, block: blocks[name] }));
    const node = byId('geo-layers');
    const legends = byId('geo-layer-legends');

    const find = (name) => all.find((layer) => layer.name === name);
    const on = () => all.filter((layer) => state.get(layer.key));
    const isOn = (name) => Boolean(find(name)) && state.get(find(name).key);

    function box(layer) {
      const input = element('input', {
        type: 'checkbox',
        id: 'geo-' + layer.name,
        checked: state.get(layer.key),
        'aria-describedby': 'geo-define-' + layer.name,
      });
      input.addEventListener('change', () => {
        const changes = { [layer.key]: input.checked };
        /* One ground for the whole map: nothing is compared on it. */
        if (layer.name === 'density' && input.checked) changes.compare = false;
        state.set(changes);
      });
      return element(
        'label',
        { class: 'choice', for: input.id },
        input,
        element(
          'span',
          {},
          element('span', { class: 'choice-name' }, words.say('layer.' + layer.name)),
          element('small', { id: 'geo-define-' + layer.name }, words.say('layer.' + layer.name + '.define')),
        ),
      );
    }

    /* The boxes; after a change of the language, or of what is on. */
    function draw() {
      node.hidden = false;
      const focused =
        document.activeElement && node.contains(document.activeElement) ? document.activeElement.id : null;
      node.replaceChildren(element('fieldset', {}, element('legend', {}, words.say('control.layers')), all.map(box)));
      if (focused && byId(focused)) byId(focused).focus();
    }

    function swatch(row) {
      const picture = element('span', { class: row.dot ? 'point-dot' : 'swatch', 'aria-hidden': 'true' });
      picture.style.background = row.dot || row.color;
      return picture;
    }

    function rowNode(row) {
      const bar = element('span', { class: 'bar', 'aria-hidden': 'true' });
      bar.style.setProperty('--share', String(row.share || 0));
      const parts_ = [swatch(row), element('span', { class: 'name' }, row.name)];
      if (row.share !== undefined) parts_.push(bar);
      parts_.push(element('span', { class: 'number' }, row.number));
      return element('li', { class: row.share === undefined ? 'plain-row' : 'class' }, parts_);
    }

    function ringNode({ ring, name }) {
      const picture = vector(
        'svg',
        { class: 'ring', viewBox: '0 0 26 16', width: 26, height: 16, 'aria-hidden': 'true', focusable: 'false' },
        vector('circle', { cx: 13, cy: 8, r: 6.5, class: 'ring-' + ring }),
      );
      return element('li', { class: 'plain-row' }, picture, element('span', { class: 'name' }, name));
    }

    function legendOf(layer) {
      const title = element('p', { class: 'legend-name' }, layer.title());
      if (layer.windowName) title.append(element('span', {}, ' · ' + layer.windowName()));
      const body = layer.list
        ? [element('ul', {}, layer.keys().map(ringNode)), layer.list()]
        : [element('ul', { 'aria-label': layer.title() }, layer.rows().map(rowNode))];
      return element(
        'section',
        { class: 'legend layer-legend', id: 'geo-legend-' + layer.name },
        title,
        element('p', { class: 'legend-unit' }, layer.unit()),
        body,
        layer.notes().map((said) => element('p', { class: 'legend-note' }, said)),
      );
    }

    /* The legends of what is on; what replaces the colors of the areas replaces their legend. */
    function drawLegends() {
      const focused =
        document.activeElement && legends.contains(document.activeElement) ? document.activeElement.id : null;
      byId('geo-legend').hidden = isOn('density');
      const order = ['points', 'scan'];
      const shown = on().sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
      const isGround = (layer) => layer.name === 'density';
      legends.replaceChildren(...shown.filter((layer) => !isGround(layer)).map(legendOf));
      byId('geo-ground-legend').replaceChildren(...shown.filter(isGround).map(legendOf));
      if (focused && byId(focused)) byId(focused).focus();
      drawStrip();
    }

    /* The classes in one row, on a phone. */
    function drawStrip() {
      if (!isOn('density')) return;
      const layer = find('density');
      const rows = layer.rows().reverse();
      byId('geo-strip').replaceChildren(
        element('p', { class: 'strip-name' }, layer.title() + ' · ' + layer.windowName()),
        element(
          'ol',
          { 'aria-hidden': 'true' },
          rows.map((row) => element('li', {}, swatch(row), element('span', {}, row.name))),
        ),
      );
    }

    /* Over the areas and their lines; returns the boxes that names must not lie under. */
    function drawOver(context, view, divider) {
      const taken = [];
      /* Circles lie under the bubbles, whose numbers they would cross; their own lie over all. */
      if (isOn('scan')) find('scan').drawCircles(context, view);
      if (isOn('points')) taken.push(...find('points').draw(context, view, divider));
      if (isOn('scan')) taken.push(...find('scan').drawNumbers(context, view));
      return taken;
    }

    /* What lies under the pointer: {cluster} or {bubble}; null for only an area. */
    function hit(x, y, scale) {
      const cluster = isOn('scan') ? find('scan').hit(x, y, scale) : null;
      if (cluster) return { cluster };
      const bubble = isOn('points') ? find('points').hit(x, y, scale) : null;
      return bubble ? { bubble } : null;
    }

    /* What the density is at a place, as a line of a tooltip; '' for nothing. */
    function densityAt(x, y) {
      if (!isOn('density')) return '';
      const k = find('density').classAt(x, y);
      return k < 0 ? '' : words.say('density.here', { density: find('density').className(k) });
    }

    /* What a picture writes beside the map. */
    function sections() {
      return on()
        .filter((layer) => layer.name !== 'density')
        .map((layer) => ({
          title: layer.title(),
          unit: layer.unit(),
          rows: layer.rows(),
          note: layer.notes().join(' '),
        }));
    }

    function ground() {
      if (!isOn('density')) return null;
      const layer = find('density');
      return {
        title: layer.title(),
        period: layer.windowName(),
        unit: layer.unit(),
        rows: layer.rows(),
        note: layer.notes().join(' '),
      };
    }

    return {
      keys: all.map((layer) => layer.key),
      all,
      find,
      isOn,
      draw,
      drawLegends,
      drawOver,
      drawGround: (context, view) => find('density').draw(context, view),
      hit,
      tip: (found) => find('points').tip(found.bubble),
      said: (found) => find('points').said(found.bubble),
      bubbles: () => (isOn('points') ? find('points').shown() : []),
      choose: (found) => find('scan').choose(found.cluster.rank),
      ranks: () =>
        find('scan')
          ? find('scan')
              .clusters()
              .map(({ rank }) => rank)
          : [],
      densityAt,
      sections,
      ground,
      sentences: () => on().map((layer) => layer.sentence()),
      methods: () => all.map((layer) => layer.title() + ': ' + layer.method()),
    };
  }

  geoMap.createLayers = createLayers;
  geoMap.layers = { KEYS, daysName };
})((globalThis.geoMap = globalThis.geoMap || {}));
