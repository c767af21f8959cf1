/* The legend: every class with its color, its bounds and its number of areas; zero and "no data"
   are classes of their own; "few events" is counted within the classes and stands apart. */
(function (geoMap) {
  'use strict';
  const { element, byId } = geoMap.dom;
  const { NO_DATA, className } = geoMap.classes;
  const { missingTile, fewTile } = geoMap.patterns;

  function swatch(draw) {
    const ratio = 2, canvas = element('canvas', { class: 'swatch', 'aria-hidden': 'true' });
    canvas.width = 26 * ratio;
    canvas.height = 15 * ratio;
    const context = canvas.getContext('2d');
    draw(context, canvas, ratio);
    return canvas;
  }

  function plain(color) {
    return swatch((context, canvas) => {
      context.fillStyle = color;
      context.fillRect(0, 0, canvas.width, canvas.height);
    });
  }

  function tiled(tile, ground) {
    return swatch((context, canvas, ratio) => {
      context.fillStyle = ground;
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.fillStyle = context.createPattern(tile(ratio), 'repeat');
      context.fillRect(0, 0, canvas.width, canvas.height);
    });
  }

  function createLegend(parts) {
    const { words, state, config, facts } = parts;
    const node = byId('geo-legend'), strip = byId('geo-strip');
    let shown = { classes: [], noData: 0, few: 0 };

    function count(painted) {
      const classes = painted.measure.colors.map(() => 0);
      let noData = 0, few = 0;
      painted.classes.forEach((k, i) => {
        if (k === NO_DATA) noData++;
        else classes[k]++;
        few += painted.few[i];
      });
      return { classes, noData, few };
    }

    function row(picture, name, number, most, kind) {
      const bar = element('span', { class: 'bar', 'aria-hidden': 'true' });
      bar.style.setProperty('--share', String(most ? number / most : 0));
      return element('li', { class: kind },
        picture, element('span', { class: 'name' }, name), bar,
        element('span', { class: 'number' }, words.count('legend.areas', number)));
    }

    function update(painted) {
      const { measure } = painted, level = state.get('level');
      shown = count(painted);
      const most = Math.max(...shown.classes, shown.noData);
      const rows = measure.colors.map((color, k) =>
        row(plain(color), className(measure, k, words), shown.classes[k], most, 'class')).reverse();
      const missing = measure.kind === 'bins' ? 'legend.notTested' : 'legend.noData';
      rows.push(row(tiled(missingTile, '#fff'), words.say(missing), shown.noData, most, 'missing'));
      const total = painted.classes.length;
      const list = element('ul', { 'aria-label': words.say('legend.title') }, rows);
      node.replaceChildren(...[
        element('h2', {}, words.say('legend.title')),
        element('p', { class: 'legend-name' }, words.say('measure.' + measure.key),
          element('span', {}, ' · ' + words.periodName(config.period))),
        element('p', { class: 'legend-unit' }, words.say('unit.' + measure.key)),
        list,
        measure.marksFewEvents ? fewSwitch(total) : null,
        element('p', { class: 'legend-note' }, note(measure, level)),
      ].filter(Boolean));
      updateStrip(measure);
    }

    function fewSwitch() {
      const box = element('input', { type: 'checkbox', id: 'geo-few', checked: state.get('markFew') });
      box.addEventListener('change', () => state.set({ markFew: box.checked }));
      return element('div', { class: 'few' },
        element('label', { for: 'geo-few' }, box, tiled((ratio) => fewTile(ratio, false), '#fdcd96'),
          element('span', { class: 'name' }, words.say('legend.fewEvents')),
          element('span', { class: 'number' }, words.count('legend.areas', shown.few))),
        element('p', { class: 'legend-note' }, words.say('legend.fewDefinition', facts.few())));
    }

    function note(measure, level) {
      if (measure.kind === 'bins') {
        const { permutations } = config;
        return permutations
          ? words.say('legend.noteHotspots', { permutations: words.whole(permutations) })
          : words.say('legend.noteHotspotsAnalytic');
      }
      const key = level === 'state' ? 'legend.noteState' : 'legend.noteMunicipality';
      return words.say(measure.breaks.whole ? key + 'Whole' : key);
    }

    /* On a phone: the classes in one row under the map. */
    function updateStrip(measure) {
      strip.replaceChildren(
        element('p', { class: 'strip-name' }, words.say('measure.' + measure.key) + ' · ' +
          words.periodName(config.period)),
        element('ol', { 'aria-hidden': 'true' }, measure.colors.map((color, k) =>
          element('li', {}, plain(color), element('span', {}, short(measure, k))))));
    }

    function short(measure, k) {
      if (measure.kind === 'bins') return words.say('binShort.' + (k - 3));
      const { breaks } = measure;
      if (breaks.zero_class && k === 0) return '0';
      const upper = breaks.bounds[breaks.zero_class ? k : k + 1];
      return upper === undefined ? words.bound(breaks.bounds[0]) : '≤ ' + words.bound(upper);
    }

    return { update, counts: () => ({ ...shown, classes: [...shown.classes] }) };
  }

  geoMap.createLegend = createLegend;
})((globalThis.geoMap = globalThis.geoMap || {}));
