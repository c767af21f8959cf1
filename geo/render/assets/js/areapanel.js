/* The panel of the chosen area: key figures with their intervals, two charts, who acts there, and
   what weakens the figures. A step of the time bar moves shades and rewrites the figures only. */
(function (geoMap) {
  'use strict';
  const { element, byId, setAttributes } = geoMap.dom;
  const { bars, line, colorOf, grouped } = geoMap.chart;

  const isSame = (one, first, last) => Boolean(one) && one[0] === first && one[1] === last;

  function createAreaPanel({ words, state, config, series, facts, country, whisker, deselect }) {
    const card = byId('geo-card');
    card.classList.add('timed');
    const { timed } = config;
    const { labels, complete } = timed.months;

    const close = element('button', { class: 'button close', type: 'button', id: 'geo-card-close' }, '✕');
    const name = element('h2', { dir: 'auto', id: 'geo-card-name' });
    const where = element('p', { class: 'where', dir: 'auto' });
    const figures = element('div', { class: 'figures' });
    const lasting = element('div');
    /* How the interval of the change was made, where one is told: last, but of the window shown. */
    const method = element('div');
    close.addEventListener('click', deselect);
    card.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      deselect();
    });

    /* What the lasting part was drawn for; null if it is not drawn. */
    let drawnFor = null;
    let charts = [];

    /* ---- key figures: what changes with every step ---- */

    function studyChange(level, i) {
      const { at, window, base, category } = state.all();
      const isStudy =
        category === 'all' &&
        base &&
        isSame(timed.comparison, at + 1 - window, at) &&
        isSame(timed.base, base[0], base[1]);
      return isStudy ? series.changeOf(level, i) : null;
    }

    function changeLimits(row) {
      const isQuasi = !Number.isNaN(row.quasiLow) && !Number.isNaN(row.quasiHigh);
      const limit = (value) => (value === Infinity ? '∞' : words.rate(value));
      const range = (low, high) => words.say('fact.range', { low: limit(low), high: limit(high) });
      const exact = range(row.low, row.high);
      return { exact, first: isQuasi ? range(row.quasiLow, row.quasiHigh) : exact, isQuasi };
    }

    /* The interval where the study compared just these windows; else that there is none. */
    function changeLines(level, i) {
      const { at, window, base, category } = state.all();
      if (!base) return [];
      const before = series.count(level, i, base[1], base[1] + 1 - base[0], category);
      const after = series.count(level, i, at, window, category);
      const row = studyChange(level, i);
      const isTold = !Number.isNaN(series.change(level, at, window, category, base)[i]);
      const events = { before: words.whole(before), after: words.whole(after) };
      return [
        row ? words.say('panel.interval', { range: changeLimits(row).first }) : null,
        words.say('panel.fromTo', events),
        row || !isTold ? null : words.say('panel.noInterval'),
      ];
    }

    function shareLines(level, i) {
      const { at, window } = state.all();
      const share = series.share(level, at, window)[i];
      if (Number.isNaN(share)) return [];
      const sum = (months) => words.whole(months.reduce((n, one, m) => n + (m <= at && m > at - window ? one : 0), 0));
      const found = { targeted: sum(series.targeted(level, i)), stated: sum(series.stated(level, i)) };
      return [words.say('panel.shareOf', found)];
    }

    /* Measures that are of all events say so while a category is chosen. */
    function ofAll() {
      return state.get('category') === 'all' ? null : words.say('panel.ofAll');
    }

    /* What stands under a figure: unit, interval, what it is made of. */
    function linesOf(key, values, level, i) {
      const { at, window, category } = state.all();
      switch (key) {
        case 'events':
          return [
            category === 'all' ? null : words.categoryName(category),
            !values.population || Number.isNaN(series.populationOf(level, i, at))
              ? null
              : words.say('panel.people', { n: values.population }),
          ];
        case 'rate':
          return [
            values.hasInterval ? words.say('panel.interval', { range: values.interval }) : null,
            words.say('panel.perYears'),
          ];
        case 'smoothed': {
          const overall = series.overall(level, at, window);
          return [
            Number.isNaN(overall) ? null : words.say('panel.country', { rate: words.rate(overall) }),
            words.say('panel.perYears'),
            ofAll(),
          ];
        }
        case 'change':
          return changeLines(level, i);
        case 'share':
          return [...shareLines(level, i), ofAll()];
        case 'hotspots':
          return [words.count('time.months', window), ofAll()];
        case 'outliers':
          return [words.count('time.months', window), ofAll()];
        case 'emerging':
          return [words.baseName(timed.emerging.months), ofAll()];
        default:
          return [];
      }
    }

    function labelOf(row) {
      const { base } = state.all();
      if (row.key === 'rate' || row.key === 'hotspots') return words.say('measure.' + row.key);
      return row.key === 'change' && base ? words.say('panel.change', { base: words.baseName(base) }) : row.label;
    }

    function tile(row, lines) {
      return element(
        'div',
        { class: row.measure === state.get('measure') ? 'tile current' : 'tile' },
        element('dt', {}, labelOf(row)),
        element('dd', { class: row.value.length > 9 ? 'value long' : 'value' }, row.value),
        lines.filter(Boolean).map((said) => element('dd', { class: 'under' }, said)),
      );
    }

    function tiles(level, i) {
      const rows = facts.rows(level, i);
      const values = Object.fromEntries(rows.map((row) => [row.key, row.value]));
      const { at, window, category } = state.all();
      values.hasInterval = Boolean(series.interval(level, i, at, window, category));
      const shown = rows.filter(({ key }) => !['population', 'interval', 'q'].includes(key));
      return element(
        'dl',
        { class: 'tiles' },
        shown.map((row) => tile(row, linesOf(row.key, values, level, i))),
      );
    }

    function changeNote(level, i) {
      const row = studyChange(level, i);
      if (!row) return null;
      const { isQuasi, exact } = changeLimits(row);
      return element(
        'p',
        { class: 'panel-note' },
        words.say(isQuasi ? 'panel.quasi' : 'panel.exact', { range: exact }),
      );
    }

    /* Rate, interval, smoothed rate and the country on one line, and what its marks mean. */
    function rateLine(level, i) {
      const { at, window, category } = state.all();
      const limits = series.interval(level, i, at, window, category);
      if (!limits) return [];
      const overall = series.overall(level, at, window, category);
      const smoothed = category === 'all' ? series.smoothed(level, at, window)[i] : NaN;
      const drawn = whisker({ ...limits, rate: series.rates(level, at, window, category)[i], smoothed, overall });
      if (!drawn) return [];
      const key = element(
        'p',
        { class: 'key' },
        element('span', { class: 'key-rate' }, words.say('panel.rateKey')),
        Number.isNaN(smoothed) ? null : element('span', { class: 'key-smoothed' }, words.say('fact.smoothed')),
        element('span', { class: 'key-overall' }, words.say('fact.overall', { rate: words.rate(overall) })),
      );
      return [drawn, key];
    }

    function drawFigures(level, i) {
      where.textContent = facts.stateName(level, i) + ' · ' + facts.periodName();
      const notes = facts.notes(level, i).map((note) => element('p', { class: 'note' }, note));
      figures.replaceChildren(...[tiles(level, i), ...rateLine(level, i), ...notes].filter(Boolean));
      method.replaceChildren(...[changeNote(level, i)].filter(Boolean));
      const { at, window, compare, compareAt } = state.all();
      const then = compare ? series.clampAt(compareAt, window) : 0;
      for (const chart of charts) chart.move([at + 1 - window, at], compare ? [then + 1 - window, then] : null);
    }

    /* ---- charts, actors, remarks: drawn once for an area ---- */

    /* The country's line is the same for every area of a level. */
    const overalls = {};

    function overallOf(level) {
      overalls[level] ??= series.overallSeries(level);
      return overalls[level];
    }

    function typeLegend(names, rows, targeted) {
      const items = [];
      names.forEach((word, k) => {
        if (!rows[k].some((n) => n > 0)) return;
        const box = element('span', { class: 'type-color', 'aria-hidden': 'true' });
        box.style.background = colorOf(k);
        items.push(element('li', {}, box, words.nameOf(word)));
      });
      if (targeted.some((n) => n > 0)) {
        const box = element('span', { class: 'type-color type-targeted', 'aria-hidden': 'true' });
        items.push(element('li', {}, box, words.say('chart.targetedStrip')));
      }
      if (rows.some((row) => row.some((n, m) => n > 0 && !complete[m]))) {
        const box = element('span', { class: 'type-color type-hollow', 'aria-hidden': 'true' });
        items.push(element('li', {}, box, words.say('chart.incomplete')));
      }
      return items.length ? element('ul', { class: 'types' }, items) : null;
    }

    /* What the charts show, for whoever cannot see them: sums of each year, and its latest rate. */
    function yearTable(names, rows, targeted, smoothed) {
      const years = [...new Set(labels.map((label) => label.slice(0, 4)))];
      const inYear = (row, year) => Array.from(row).filter((_, m) => labels[m].startsWith(year));
      const sum = (row) => (year) => words.whole(inYear(row, year).reduce((all, n) => all + n, 0));
      const latest = (year) => {
        const known = inYear(smoothed, year).filter((value) => !Number.isNaN(value));
        return known.length ? words.rate(known[known.length - 1]) : words.say('fact.none');
      };
      const tableRow = (said, cell) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, said),
          years.map((year) => element('td', {}, cell(year))),
        );
      const head = element(
        'tr',
        {},
        element('td', {}),
        years.map((year) => element('th', { scope: 'col' }, year)),
      );
      const body = element(
        'tbody',
        {},
        names.map((word, k) => tableRow(words.nameOf(word), sum(rows[k]))),
        tableRow(words.say('chart.targeted'), sum(targeted)),
        tableRow(words.say('chart.latestRate'), latest),
      );
      const caption = element('caption', {}, words.say('chart.table'));
      /* A table does not become smaller than its words: what hides it is the box around it. */
      return element('div', { class: 'unseen' }, element('table', {}, caption, element('thead', {}, head), body));
    }

    function windowsNote() {
      const { base, comparison, events } = timed;
      const said = [];
      if (base) said.push(words.say('chart.baseIs', { window: words.baseName(base) }));
      if (comparison) said.push(words.say('chart.comparisonIs', { window: words.baseName(comparison) }));
      const days = events.map(({ day, kind }) => words.say('chart.' + kind, { day: words.date(day) }) + '.');
      return [
        said.length ? element('p', { class: 'panel-note' }, said.join(' ')) : null,
        days.length ? element('p', { class: 'unseen' }, days.join(' ')) : null,
      ];
    }

    function heading(said, unit) {
      return element('h3', {}, said, ' ', element('span', { class: 'unit' }, unit));
    }

    function chartSections(level, i) {
      const given = series.monthly(level, i, 'event_type');
      const { names, rows } = grouped(given.names, given.rows, 'other');
      const targeted = series.targeted(level, i);
      const smoothed = series.smoothedSeries(level, i);
      const { base, comparison, events } = timed;
      const upper = bars({ labels, complete, rows, targeted, base, comparison, events, words });
      const lower = line({ labels, values: smoothed, overall: overallOf(level), words });
      charts = [upper, lower];
      return [
        heading(words.say('chart.events'), words.say('chart.eventsUnit')),
        rows.some((row) => row.some((n) => n > 0))
          ? null
          : element('p', { class: 'panel-note' }, words.say('chart.none')),
        upper.node,
        typeLegend(names, rows, targeted),
        windowsNote(),
        heading(words.say('chart.smoothed'), words.count('chart.smoothedUnit', series.longest)),
        lower.node,
        element(
          'p',
          { class: 'key' },
          element('span', { class: 'key-line', dir: 'auto' }, facts.areaName(level, i)),
          element('span', { class: 'key-line key-country' }, words.say('chart.countryLine')),
        ),
        yearTable(names, rows, targeted, smoothed),
      ].flat();
    }

    function actors(level, i) {
      const list = series.actors(level, i);
      const span = Math.min(12, labels.length);
      const title = element('h3', {}, words.say('panel.actors'), ' ');
      title.append(element('span', { class: 'unit' }, words.windowName(labels.length - 1, span)));
      if (!list.length) return [title, element('p', { class: 'panel-note' }, words.say('panel.noActors'))];
      const most = list[0].events;
      const items = list.map(({ name: actor, events }) => {
        const size = element('span', { class: 'actor-bar', 'aria-hidden': 'true' });
        size.style.width = (100 * events) / most + '%';
        const said = element('span', { dir: 'auto' }, actor);
        return element('li', {}, said, element('b', {}, words.count('time.events', events)), size);
      });
      return [title, element('ol', { class: 'actors' }, items)];
    }

    /* Events that no municipality has, and what coordinates are worth. */
    function remarks(level, i) {
      const list = [];
      const at = level === 'state' ? i : country ? country.stateOf[i] : -1;
      const own = at < 0 ? 0 : series.stateOnly('state', at);
      if (own && level === 'state') list.push(words.count('panel.stateOnly', own));
      else if (own)
        list.push(words.count('panel.stateOnlyHere', own).replace('{state}', () => facts.stateName(level, i)));
      list.push(words.say('panel.coordinates'));
      return list.map((said) => element('p', { class: 'panel-note' }, said));
    }

    function drawLasting(level, i) {
      setAttributes(close, { 'aria-label': words.say('control.close') });
      name.textContent = facts.areaName(level, i);
      if (geoMap.reach.isOutside(series.reach(level), i)) {
        charts = [];
        lasting.replaceChildren();
        return;
      }
      const title = element('h3', {}, words.say('panel.remarks'));
      lasting.replaceChildren(
        ...[...chartSections(level, i), ...actors(level, i), title, ...remarks(level, i)].filter(Boolean),
      );
    }

    function draw() {
      const level = state.get('level');
      const i = state.get('selected');
      card.hidden = i < 0;
      if (card.hidden) {
        card.replaceChildren();
        charts = [];
        drawnFor = null;
        return;
      }
      const wanted = level + ' ' + i + ' ' + words.language;
      const isOther = drawnFor === null || !drawnFor.startsWith(level + ' ' + i + ' ');
      if (drawnFor !== wanted) drawLasting(level, i);
      drawFigures(level, i);
      if (drawnFor === null) {
        setAttributes(card, { 'aria-labelledby': 'geo-card-name', tabindex: '-1' });
        card.replaceChildren(element('div', { class: 'card-head' }, close, name, where), figures, lasting, method);
      }
      drawnFor = wanted;
      if (isOther) card.scrollTop = 0;
    }

    return { draw };
  }

  geoMap.createAreaPanel = createAreaPanel;
})((globalThis.geoMap = globalThis.geoMap || {}));
