/* The columns of the table of areas for what is shown: how they are said, sorted and saved. */
(function (geoMap) {
  'use strict';
  const { plainNumber } = geoMap.files;

  /* Text without accents and capitals: what is typed finds what is meant. */
  function fold(text) {
    return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  }

  /* Indices in the order of their values; what has no value comes last either way. */
  function order(values, descending, ties) {
    const sign = descending ? -1 : 1;
    return Array.from(values, (_, i) => i).sort((a, b) => {
      const lacking = Number.isNaN(values[a]) - Number.isNaN(values[b]);
      if (lacking) return lacking;
      if (values[a] < values[b]) return -sign;
      if (values[a] > values[b]) return sign;
      return ties[a] - ties[b];
    });
  }

  /* The place of each text in the alphabet of a language. */
  function ranks(texts, language) {
    const { compare } = new Intl.Collator(language);
    const places = new Float64Array(texts.length);
    const sorted = Array.from(texts, (_, i) => i).sort((a, b) => compare(texts[a], texts[b]) || a - b);
    let place = 0;
    sorted.forEach((i, k) => {
      if (k > 0 && compare(texts[i], texts[sorted[k - 1]]) !== 0) place = k;
      places[i] = place;
    });
    return places;
  }

  function createColumns(parts) {
    const { words, state, config, series, facts, names } = parts;

    function has(level, key) {
      return config.levels[level].measures.some((measure) => measure.key === key);
    }

    function textColumn(key, label, texts) {
      return {
        key,
        label,
        isText: true,
        values: ranks(texts, words.language),
        cell: (i) => texts[i],
        saved: [[label, (i) => texts[i]]],
      };
    }

    function numberColumn(key, label, values, cell) {
      return {
        key,
        label,
        isText: false,
        values,
        cell: (i) => (cell ? cell(values[i]) : facts.valueWords(key, values[i])),
        saved: [[label, (i) => plainNumber(values[i])]],
      };
    }

    function rangeColumn(label, ranges, rates) {
      const like = (i) => Math.max(rates[i], ranges[i].high / 4);
      const range = (i) =>
        words.say('fact.range', {
          low: words.rate(ranges[i].low, like(i)),
          high: words.rate(ranges[i].high, like(i)),
        });
      return {
        key: 'interval',
        label,
        hint: words.say('table.byLower'),
        isText: false,
        values: Float64Array.from(ranges, (one) => (one ? one.low : NaN)),
        cell: (i) => (ranges[i] ? range(i) : words.say('legend.noData')),
        saved: [
          [words.say('table.low'), (i) => plainNumber(ranges[i] && ranges[i].low)],
          [words.say('table.high'), (i) => plainNumber(ranges[i] && ranges[i].high)],
        ],
      };
    }

    const tooFew = (say) => (value) => (Number.isNaN(value) ? words.say('table.tooFew') : say(value));

    /* Ratios may be infinite, bins have names: both are saved as words. */
    function spoken(column, isSpoken) {
      const { values } = column;
      const cell = (i) => (isSpoken(values[i]) ? column.cell(i) : plainNumber(values[i]));
      return { ...column, saved: [[column.label, cell]] };
    }

    function make() {
      const { level, at, window, category, base } = state.all();
      const areas = Array.from(names[level].code, (_, i) => i);
      const every = (key) => (category && category !== 'all' ? words.say('table.allEvents', { column: key }) : key);
      const say = (key) => words.say('table.' + key);
      const rates = series.rates(level, at, window, category);
      const people = Float64Array.from(areas, (i) => series.populationOf(level, i, at));
      const ranges = areas.map((i) => series.interval(level, i, at, window, category));
      const list = [textColumn('area', words.say('level.' + level), names[level].name)];
      if (level !== 'state') {
        const states = areas.map((i) => facts.stateName(level, i));
        list.push(textColumn('state', words.say('level.state'), states));
      }
      list.push(
        numberColumn('count', say('events'), series.counts(level, at, window, category)),
        numberColumn('population', say('population'), people, (value) =>
          Number.isNaN(value) ? words.say('legend.noData') : words.whole(value),
        ),
        numberColumn('rate', say('rate'), rates),
        rangeColumn(say('interval'), ranges, rates),
        numberColumn('smoothed', every(say('smoothed')), series.smoothed(level, at, window)),
      );
      if (!series.isStatic && base) {
        const ratios = series.change(level, at, window, category, base);
        const change = numberColumn('change', say('change'), ratios, tooFew(facts.ratio));
        list.push(spoken(change, (value) => value === Infinity));
      }
      if (!series.isStatic && has(level, 'share')) {
        const shares = series.share(level, at, window);
        list.push(numberColumn('share', every(say('share')), shares, tooFew(words.percent)));
      }
      if (has(level, 'hotspots') && (series.isStatic || window === config.timed.hotspotSpan)) {
        const bins = numberColumn('hotspots', every(say('hotspots')), series.bins(level, at));
        list.push({ ...spoken(bins, () => true), isWords: true });
      }
      if (has(level, 'outliers') && window === config.timed.hotspotSpan) {
        const found = numberColumn('outliers', every(say('outliers')), series.outliers(level, at));
        list.push({ ...spoken(found, () => true), isWords: true });
      }
      if (has(level, 'emerging')) {
        const found = numberColumn('emerging', every(say('emerging')), series.emerging(level));
        list.push({ ...spoken(found, () => true), isWords: true });
      }
      return geoMap.reach.columnsOf(list, series.reach(level), { words, areas, textColumn });
    }

    return make;
  }

  geoMap.createColumns = createColumns;
  geoMap.columns = { fold, order, ranks };
})((globalThis.geoMap = globalThis.geoMap || {}));
