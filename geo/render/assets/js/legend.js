/* The legend: every class with its color, its bounds and its number of areas; zero, "no data" and
   "not asked" are classes of their own; "few events" and "in part" are counted within the classes
   and stand apart. */
(function (geoMap) {
  'use strict';
  const { element, byId } = geoMap.dom;
  const { NO_DATA, NOT_ASKED, className, shortName } = geoMap.classes;
  const { missingTile, fewTile, linedTile, isDark } = geoMap.patterns;

  function swatch(draw) {
    const ratio = 2;
    const canvas = element('canvas', { class: 'swatch', 'aria-hidden': 'true' });
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

  function picture(measure, color, k) {
    return isLined(measure, k) ? tiled((ratio) => linedTile(ratio, isDark(color)), color) : plain(color);
  }

  function isLined(measure, k) {
    return Boolean(measure.lined) && measure.lined.includes(k);
  }

  function missingKey(measure) {
    if (measure.kind === 'bins' || measure.kind === 'labels') return 'legend.notTested';
    return measure.kind === 'ratio' || measure.key === 'share' ? 'legend.tooFew' : 'legend.noData';
  }

  function createLegend(parts) {
    const { words, state, config, facts } = parts;
    const node = byId('geo-legend');
    const strip = byId('geo-strip');
    let shown = { classes: [], noData: 0, notAsked: 0, few: 0, part: 0 };
    let drawn = '';
    let cells = null;
    let latest = null;

    function count(painted) {
      const classes = painted.colors.map(() => 0);
      const found = { classes, noData: 0, notAsked: 0, few: 0, part: 0 };
      painted.classes.forEach((k, i) => {
        if (k === NO_DATA) found.noData++;
        else if (k === NOT_ASKED) found.notAsked++;
        else classes[k]++;
        found.few += painted.few[i];
        found.part += painted.part[i];
      });
      return found;
    }

    function row(picture, name, kind) {
      const bar = element('span', { class: 'bar', 'aria-hidden': 'true' });
      const number = element('span', { class: 'number' });
      const node_ = element('li', { class: kind }, picture, element('span', { class: 'name' }, name), bar, number);
      return { node: node_, bar, number };
    }

    /* What the reader may have changed that a legend must be built anew for. */
    function keyOf({ measure, colors, breaks, part }) {
      const { level, palette, category, base } = state.all();
      const some = part.some(Boolean);
      return JSON.stringify([measure.key, colors, breaks, some, level, words.language, palette, category, base]);
    }

    function update(painted) {
      latest = painted;
      shown = count(painted);
      const key = keyOf(painted);
      if (key !== drawn) {
        build(painted);
        drawn = key;
      }
      const most = Math.max(...shown.classes, shown.noData);
      const fill = (cell, number) => {
        cell.bar.style.setProperty('--share', String(most ? number / most : 0));
        cell.number.textContent = words.count('legend.areas', number);
      };
      cells.classes.forEach((cell, k) => fill(cell, shown.classes[k]));
      fill(cells.missing, shown.noData);
      cells.reach.fill(shown);
      if (cells.few) cells.few.textContent = words.count('legend.areas', shown.few);
      const period = facts.shownName();
      cells.period.textContent = ' · ' + period;
      cells.strip.textContent = words.say('measure.' + painted.measure.key) + ' · ' + period;
    }

    function build(painted) {
      const { measure, colors, breaks } = painted;
      const level = state.get('level');
      const classes = colors.map((color, k) =>
        row(picture(measure, color, k), className(measure, k, words, breaks), 'class'),
      );
      const missing = row(tiled(missingTile, '#fff'), words.say(missingKey(measure)), 'missing');
      const reach = geoMap.reach.legendOf(painted, { words, row, plain, tiled });
      const rows = [...classes.map((cell) => cell.node).reverse(), missing.node, ...reach.rows];
      cells = {
        classes,
        missing,
        reach,
        few: null,
        period: element('span', {}),
        strip: element('p', { class: 'strip-name' }),
      };
      node.replaceChildren(
        ...[
          element('h2', {}, words.say('legend.title')),
          element('p', { class: 'legend-name' }, words.say('measure.' + measure.key), cells.period),
          element('p', { class: 'legend-unit' }, unit(measure)),
          element('ul', { 'aria-label': words.say('legend.title') }, rows),
          measure.marksFewEvents ? fewSwitch() : null,
          ...reach.under,
          element('p', { class: 'legend-note' }, note(measure, level, breaks)),
        ].filter(Boolean),
      );
      strip.replaceChildren(
        cells.strip,
        element(
          'ol',
          { 'aria-hidden': 'true' },
          colors.map((color, k) =>
            element('li', {}, picture(measure, color, k), element('span', {}, shortName(measure, k, words, breaks))),
          ),
          reach.strip,
        ),
      );
    }

    /* What a number is of; of one category, which. */
    function unit(measure) {
      const said = words.say('unit.' + measure.key);
      const category = state.get('category');
      if (!measure.byCategory || !category || category === 'all') return said;
      return said + ' · ' + words.categoryName(category);
    }

    function fewSwitch() {
      const box = element('input', { type: 'checkbox', id: 'geo-few', checked: state.get('markFew') });
      box.addEventListener('change', () => state.set({ markFew: box.checked }));
      cells.few = element('span', { class: 'number' });
      return element(
        'div',
        { class: 'few' },
        element(
          'label',
          { for: 'geo-few' },
          box,
          tiled((ratio) => fewTile(ratio, false), '#fdcf99'),
          element('span', { class: 'name' }, words.say('legend.fewEvents')),
          cells.few,
        ),
        element('p', { class: 'legend-note' }, words.say('legend.fewDefinition', facts.few())),
      );
    }

    function note(measure, level, breaks) {
      if (measure.kind === 'bins') {
        const { permutations } = config;
        return permutations
          ? words.say('legend.noteHotspots', { permutations: words.whole(permutations) })
          : words.say('legend.noteHotspotsAnalytic');
      }
      if (measure.kind === 'labels') return facts.labelNote(measure.key);
      if (measure.kind === 'ratio') return words.say('legend.noteChange', { base: words.baseName(state.get('base')) });
      if (measure.key === 'share') return words.say('legend.noteShare');
      const key = level === 'state' ? 'legend.noteState' : 'legend.noteMunicipality';
      return words.say(breaks.whole ? key + 'Whole' : key);
    }

    /* The rows as they are shown, for a picture and for tests. */
    function rows() {
      const { measure, colors, breaks } = latest;
      const list = colors.map((color, k) => ({
        color,
        name: className(measure, k, words, breaks),
        number: shown.classes[k],
        lined: isLined(measure, k),
      }));
      const missing = { color: null, name: words.say(missingKey(measure)), number: shown.noData };
      return [...list.reverse(), missing, ...cells.reach.listed(shown)];
    }

    return { update, rows, counts: () => ({ ...shown, classes: [...shown.classes] }), forget: () => (drawn = '') };
  }

  geoMap.createLegend = createLegend;
})((globalThis.geoMap = globalThis.geoMap || {}));
