/* The numbers of every window of months: sums of the counts in the page, and quotients of two sums.
   What needs a statistic (the moments that smooth rates, limits of intervals, bins) comes with the
   page; nothing is estimated here. */
(function (geoMap) {
  'use strict';

  const { blank, isOutside } = geoMap.reach;

  const PER = 100000;
  /* A ratio or a share of fewer events than these is not shown. */
  const LEAST = 5;

  /* Running totals of each row of areas × months: the sum of a window is one difference. */
  function runningTotals(counts, areas, months) {
    const totals = new Int32Array(areas * (months + 1));
    for (let i = 0; i < areas; i++) {
      const from = i * months;
      const to = i * (months + 1);
      for (let m = 0; m < months; m++) totals[to + m + 1] = totals[to + m] + counts[from + m];
    }
    return totals;
  }

  function added(list) {
    const sum = new Int32Array(list[0].length);
    for (const part of list) for (let k = 0; k < sum.length; k++) sum[k] += part[k];
    return sum;
  }

  function without(whole, parts) {
    const rest = whole.slice();
    for (const part of parts) for (let k = 0; k < rest.length; k++) rest[k] -= part[k];
    return rest;
  }

  function windowSums(totals, areas, months, at, window) {
    const sums = new Float64Array(areas);
    const first = at + 1 - window;
    for (let i = 0; i < areas; i++) {
      const row = i * (months + 1);
      sums[i] = totals[row + at + 1] - totals[row + first];
    }
    return sums;
  }

  /* One level: its totals by category, its people, what smooths its rates. */
  function createLevel(given, months, config) {
    const { block, setup, extra } = given;
    const areas = setup.areas;
    const count = months;
    const totals = {};
    const running = (column) => runningTotals(column, areas, count);
    const types = config.categories.event_type.map((_, k) => 'event_type:' + k);
    geoMap.later(totals, 'all', () => running(added(types.map((key) => block[key]))));
    for (const [split, names] of Object.entries(config.categories)) {
      const keys = names.map((_, k) => split + ':' + k);
      for (const key of keys) {
        /* What is not given is what the others leave of all events. */
        const left = () =>
          without(
            totals.all,
            keys.filter((other) => other !== key).map((other) => totals[other]),
          );
        geoMap.later(totals, key, () => (key in block ? running(block[key]) : left()));
      }
    }
    geoMap.later(totals, 'targeted', () => running(block.targeted));
    geoMap.later(totals, 'stated', () =>
      'stated' in block ? running(block.stated) : without(totals.all, [running(block.unstated)]),
    );
    const people = setup.people(block);
    const exposures = new Map();

    function sums(key, at, window) {
      return windowSums(totals[key], areas, count, at, window);
    }

    function exposure(at, window) {
      const name = at + ' ' + window;
      if (!exposures.has(name)) {
        if (exposures.size > 60) exposures.clear();
        const lived = new Float64Array(areas);
        for (let m = at + 1 - window; m <= at; m++) {
          const people0 = people[config.months.yearOf[m]];
          const length = config.months.years[m];
          for (let i = 0; i < areas; i++) lived[i] += people0[i] * length;
        }
        exposures.set(name, lived);
      }
      return exposures.get(name);
    }

    return { areas, totals, people, sums, exposure, extra, block, setup, reach: block.asked || null };
  }

  function createSeries({ config, levels: given, limits }) {
    const months = config.months.labels.length;
    const levels = {};
    for (const [name, one] of Object.entries(given)) levels[name] = createLevel(one, months, config);

    const firstAt = (window) => Math.min(window, months) - 1;
    const clampAt = (at, window) => Math.max(firstAt(window), Math.min(months - 1, at));

    const reach = (level) => levels[level].reach;

    function counts(level, at, window, category = 'all') {
      return blank(levels[level].sums(category, at, window), reach(level));
    }

    function count(level, i, at, window, category = 'all') {
      if (isOutside(reach(level), i)) return NaN;
      const row = i * (months + 1);
      const { totals } = levels[level];
      return totals[category][row + at + 1] - totals[category][row + at + 1 - window];
    }

    function exposure(level, at, window) {
      return levels[level].exposure(at, window);
    }

    function rates(level, at, window, category = 'all') {
      const events = counts(level, at, window, category);
      const lived = exposure(level, at, window);
      return events.map((n, i) => (lived[i] > 0 ? (PER * n) / lived[i] : NaN));
    }

    /* Marshall's rate: the prior's moments come with the page, the weighting is done here. */
    function smoothed(level, at, window) {
      const { mean, variance } = levels[level].setup.prior[window];
      const overall = mean[at];
      const between = variance[at];
      const events = counts(level, at, window);
      const lived = exposure(level, at, window);
      if (overall === null) return new Float64Array(events.length).fill(NaN);
      return events.map((n, i) => {
        if (!(lived[i] > 0)) return NaN;
        const weight = overall > 0 ? between / (between + overall / lived[i]) : 0;
        return PER * (overall + weight * (n / lived[i] - overall));
      });
    }

    function change(level, at, window, category, base) {
      const now = counts(level, at, window, category);
      const lived = exposure(level, at, window);
      const span = base[1] - base[0] + 1;
      const before = counts(level, base[1], span, category);
      const livedThen = exposure(level, base[1], span);
      return now.map((n, i) => {
        if (n + before[i] < LEAST || !(lived[i] > 0) || !(livedThen[i] > 0)) return NaN;
        return before[i] === 0 ? Infinity : n / lived[i] / (before[i] / livedThen[i]);
      });
    }

    function share(level, at, window) {
      const stated = levels[level].sums('stated', at, window);
      return levels[level].sums('targeted', at, window).map((n, i) => (stated[i] >= LEAST ? n / stated[i] : NaN));
    }

    function bins(level, at) {
      const { block, areas } = levels[level];
      const found = new Float64Array(areas).fill(NaN);
      if (block.gi_bin) for (let i = 0; i < areas; i++) found[i] = block.gi_bin[i * months + at] - 3;
      return found;
    }

    /* What local Moran's I says of each area among its neighbors. */
    function outliers(level, at) {
      const { block, areas } = levels[level];
      const found = new Float64Array(areas).fill(NaN);
      if (block.outlier) for (let i = 0; i < areas; i++) found[i] = block.outlier[i * months + at];
      return found;
    }

    function emerging(level) {
      const { block, areas } = levels[level];
      return block.emerging || new Float64Array(areas).fill(NaN);
    }

    function interval(level, i, at, window, category = 'all') {
      const lived = exposure(level, at, window)[i];
      const n = count(level, i, at, window, category);
      if (!(lived > 0) || n >= limits.low.length) return null;
      return { low: (PER * limits.low[n]) / lived, high: (PER * limits.high[n]) / lived };
    }

    function values(view) {
      const { level, measure, at, window, category, base } = view;
      switch (measure) {
        case 'count':
          return counts(level, at, window, category);
        case 'rate':
          return rates(level, at, window, category);
        case 'smoothed':
          return smoothed(level, at, window);
        case 'change':
          return change(level, at, window, category, base);
        case 'share':
          return share(level, at, window);
        case 'hotspots':
          return bins(level, at);
        case 'outliers':
          return outliers(level, at);
        case 'emerging':
          return emerging(level);
        default:
          throw new Error('no measure ' + measure);
      }
    }

    function total(level, at, window, category = 'all') {
      return levels[level].sums(category, at, window).reduce((sum, n) => sum + n, 0);
    }

    function national(level, window, category = 'all') {
      const sums = new Float64Array(months).fill(NaN);
      for (let at = firstAt(window); at < months; at++) sums[at] = total(level, at, Math.min(window, months), category);
      return sums;
    }

    function monthlyOf(level, i, key) {
      const { totals, areas } = levels[level];
      const row = new Float64Array(months);
      const chosen = i < 0 ? Array.from({ length: areas }, (_, k) => k) : [i];
      for (const k of chosen) {
        const from = k * (months + 1);
        for (let m = 0; m < months; m++) row[m] += totals[key][from + m + 1] - totals[key][from + m];
      }
      return row;
    }

    function monthly(level, i, split) {
      const names = config.categories[split];
      return { names, rows: names.map((_, k) => monthlyOf(level, i, split + ':' + k)) };
    }

    /* Overall rate per 100,000 of a window, over areas whose people are known. */
    function overall(level, at, window, category = 'all') {
      const events = counts(level, at, window, category);
      const lived = exposure(level, at, window);
      let n = 0;
      let years = 0;
      lived.forEach((length, i) => {
        if (length > 0) {
          n += events[i];
          years += length;
        }
      });
      return years > 0 ? (PER * n) / years : NaN;
    }

    const longest = months >= 12 ? 12 : 1;

    function smoothedSeries(level, i) {
      const row = new Float64Array(months).fill(NaN);
      for (let at = firstAt(longest); at < months; at++) row[at] = smoothed(level, at, longest)[i];
      return row;
    }

    function overallSeries(level) {
      const row = new Float64Array(months).fill(NaN);
      for (let at = firstAt(longest); at < months; at++) row[at] = overall(level, at, longest);
      return row;
    }

    function actors(level, i) {
      const { names, top } = levels[level].extra.actors;
      const list = [];
      for (let k = 0; k < top[i].length; k += 2) list.push({ name: names[top[i][k]], events: top[i][k + 1] });
      return list;
    }

    /* A row of the table of change: -1 stands for infinite, NaN for none. */
    function changeOf(level, i) {
      const table = levels[level].extra.change;
      const row = table ? table.area.indexOf(i) : -1;
      if (row < 0) return null;
      const value = (name) => (table[name][row] === -1 ? Infinity : table[name][row]);
      return {
        ratio: value('ratio'),
        low: value('low'),
        high: value('high'),
        quasiLow: value('quasi_low'),
        quasiHigh: value('quasi_high'),
        baseEvents: table.base_events[row],
        comparisonEvents: table.comparison_events[row],
        rank: table.rank[row],
      };
    }

    function isComplete(at, window) {
      for (let m = at + 1 - window; m <= at; m++) if (!config.months.complete[m]) return false;
      return true;
    }

    /* Few events, or few people: what a rate of this window rests on. */
    function isReliable(level, i, at, window, category = 'all') {
      const years = config.months.years.slice(at + 1 - window, at + 1).reduce((sum, y) => sum + y, 0);
      return (
        count(level, i, at, window, category) >= config.reliable.events &&
        exposure(level, at, window)[i] / years >= config.reliable.population
      );
    }

    /* Where a rate is drawn that rests on few events or few people; zero is its own class. */
    function few({ level, at, window, category }, classes) {
      const events = counts(level, at, window, category);
      return Uint8Array.from(classes, (k, i) =>
        k >= 0 && events[i] > 0 && !isReliable(level, i, at, window, category) ? 1 : 0,
      );
    }

    function populationOf(level, i, at) {
      return levels[level].people[config.months.yearOf[at]][i];
    }

    return {
      months,
      longest,
      firstAt,
      clampAt,
      counts,
      count,
      exposure,
      rates,
      smoothed,
      change,
      share,
      bins,
      outliers,
      emerging,
      interval,
      values,
      total,
      national,
      monthly,
      overall,
      smoothedSeries,
      overallSeries,
      actors,
      changeOf,
      isComplete,
      isReliable,
      populationOf,
      few,
      isStatic: false,
      targeted: (level, i) => monthlyOf(level, i, 'targeted'),
      stated: (level, i) => monthlyOf(level, i, 'stated'),
      stateOnly: (level, i) => levels[level].block.state_only[i],
      areas: (level) => levels[level].areas,
      reach,
    };
  }

  geoMap.createSeries = createSeries;
  geoMap.series = { LEAST, PER };
})((globalThis.geoMap = globalThis.geoMap || {}));
