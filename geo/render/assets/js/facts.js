/* What is known of one area, as words: the tooltip, the panel and the screen reader get the same. */
(function (geoMap) {
  'use strict';

  function createFacts(parts) {
    const { words, config, names, country, series, state, measureAt } = parts;

    function areaName(level, i) {
      return names[level].name[i];
    }

    function stateName(level, i) {
      return level === 'state' ? words.say('country') : names.state.name[country.stateOf[i]];
    }

    function orNone(value, format) {
      return Number.isNaN(value) || value === undefined || value === null ? null : format(value);
    }

    function shown() {
      return { at: state.get('at'), window: state.get('window'), category: state.get('category') };
    }

    function periodName() {
      return words.windowName(state.get('at'), state.get('window'));
    }

    /* The months that labels of emerging hotspots are of, and how many. */
    function emergingSpan() {
      const [first, last] = config.timed.emerging.months;
      return { at: last, window: last + 1 - first };
    }

    /* The window of what is drawn: that of the time bar, but for a measure that has its own. */
    function shownSpan() {
      return state.get('measure') === 'emerging' ? emergingSpan() : shown();
    }

    function shownName() {
      const { at, window } = shownSpan();
      return words.windowName(at, window);
    }

    /* What must be known to read classes that have names. */
    function labelNote(key) {
      const given = key === 'emerging' ? config.timed.emerging : config;
      const { permutations } = given;
      const drawn = permutations
        ? words.say('labels.drawn', { permutations: words.whole(permutations) })
        : words.say('labels.analytic');
      if (key === 'outliers') return words.say('outlier.note') + ' ' + drawn;
      const periods = words.say('emerging.periods.' + given.kind, { n: words.whole(given.periods) });
      return words.say('emerging.note', { periods }) + ' ' + drawn;
    }

    function interval(level, i) {
      const { at, window, category } = shown();
      const found = series.interval(level, i, at, window, category);
      if (!found) return null;
      const rate = series.rates(level, at, window, category)[i];
      const like = Math.max(rate, found.high / 4);
      return words.say('fact.range', { low: words.rate(found.low, like), high: words.rate(found.high, like) });
    }

    function hotspot(level, i) {
      const bin = series.bins(level, state.get('at'))[i];
      return orNone(bin, (value) => words.say('bin.' + value));
    }

    function ratio(value) {
      if (value === Infinity) return words.say('fact.noneBefore');
      return words.say('fact.times', { ratio: words.rate(value) });
    }

    /* A value of a measure in words, as the legend and the table say it. */
    function valueWords(measure, value) {
      if (measure === 'hotspots')
        return Number.isNaN(value) ? words.say('legend.notTested') : words.say('bin.' + value);
      if (measure === 'outliers' || measure === 'emerging')
        return Number.isNaN(value)
          ? words.say('legend.notTested')
          : words.say(measureAt('municipality', measure).labels[value]);
      if (Number.isNaN(value)) return words.say(measure === 'change' ? 'legend.tooFew' : 'legend.noData');
      if (measure === 'change') return ratio(value);
      if (measure === 'share') return words.percent(value);
      return measure === 'count' ? words.whole(value) : words.rate(value);
    }

    function has(level, key) {
      return Boolean(measureAt(level, key));
    }

    function rows(level, i) {
      const { at, window, category } = shown();
      const list = [
        ['count', 'events', orNone(series.count(level, i, at, window, category), words.whole)],
        ['population', 'population', orNone(series.populationOf(level, i, at), words.whole)],
        ['rate', 'rate', orNone(series.rates(level, at, window, category)[i], (value) => words.rate(value))],
        ['interval', 'interval', interval(level, i)],
        ['smoothed', 'smoothed', orNone(series.smoothed(level, at, window)[i], (value) => words.rate(value))],
      ];
      if (!series.isStatic) {
        const base = state.get('base');
        if (base) {
          const value = series.change(level, at, window, category, base)[i];
          list.push(['change', 'change', Number.isNaN(value) ? words.say('legend.tooFew') : ratio(value)]);
        }
        if (has(level, 'share')) {
          const value = series.share(level, at, window)[i];
          list.push(['share', 'share', Number.isNaN(value) ? words.say('legend.tooFew') : words.percent(value)]);
        }
      }
      if (has(level, 'hotspots') && (series.isStatic || window === config.timed.hotspotSpan)) {
        list.push(['hotspots', 'hotspots', hotspot(level, i)]);
        const q = series.qValues ? series.qValues(level) : null;
        if (q) list.push(['q', 'q', orNone(q[i], words.share)]);
      }
      if (has(level, 'outliers') && window === config.timed.hotspotSpan) {
        list.push(['outliers', 'outliers', valueWords('outliers', series.outliers(level, at)[i])]);
      }
      if (has(level, 'emerging'))
        list.push(['emerging', 'emerging', valueWords('emerging', series.emerging(level)[i])]);
      return geoMap.reach.rowsOf(list, series.reach(level), i, words).map(([measure, key, value]) => ({
        key,
        measure,
        label: words.say('fact.' + key),
        value: value === null ? words.say('fact.none') : value,
      }));
    }

    function isComplete() {
      if (series.isStatic) return config.period.complete;
      const { at, window } = shownSpan();
      return series.isComplete(at, window);
    }

    /* What weakens the figures of an area. */
    function notes(level, i) {
      const { at, window, category } = shown();
      const list = [];
      const reach = geoMap.reach.noteOf(series.reach(level), i, words);
      if (reach) list.push(reach);
      else if (Number.isNaN(series.count(level, i, at, window, category))) list.push(words.say('note.noRow'));
      else if (Number.isNaN(series.rates(level, at, window, category)[i])) list.push(words.say('note.noPopulation'));
      else if (!series.isReliable(level, i, at, window, category)) list.push(words.say('note.fewEvents', few()));
      if (!isComplete()) list.push(words.say('note.incomplete'));
      return list;
    }

    function few() {
      return {
        events: words.whole(config.reliable.events),
        people: words.whole(config.reliable.population),
      };
    }

    function sentence(level, key, i) {
      const said = rows(level, i)
        .map((row) => row.label + ': ' + row.value)
        .join('; ');
      return [
        areaName(level, i) + ', ' + stateName(level, i) + '.',
        periodName() + '.',
        said + '.',
        ...notes(level, i),
      ].join(' ');
    }

    return {
      areaName,
      stateName,
      periodName,
      shownName,
      shownSpan,
      emergingSpan,
      labelNote,
      valueWords,
      rows,
      notes,
      sentence,
      few,
      isComplete,
      ratio,
    };
  }

  geoMap.createFacts = createFacts;
})((globalThis.geoMap = globalThis.geoMap || {}));
