/* What is known of one area, as words: the tooltip, the card and the screen reader get the same. */
(function (geoMap) {
  'use strict';

  function createFacts(parts) {
    const { words, config, names, country, values, measureAt } = parts;

    function areaName(level, i) { return names[level].name[i]; }

    function stateName(level, i) {
      return level === 'state' ? words.say('country') : names.state.name[country.stateOf[i]];
    }

    function orNone(value, format) { return Number.isNaN(value) ? null : format(value); }

    function rateOf(data, i) { return orNone(data.crude_rate[i], (value) => words.rate(value)); }

    function interval(data, i) {
      const low = data.rate_low[i], high = data.rate_high[i];
      if (Number.isNaN(low) || Number.isNaN(high)) return null;
      const like = Math.max(data.crude_rate[i], high / 4);
      return words.say('fact.range', { low: words.rate(low, like), high: words.rate(high, like) });
    }

    function hotspot(data, i) {
      if (!data.gi_bin || Number.isNaN(data.gi_bin[i])) return null;
      return words.say('bin.' + (data.gi_bin[i] - 3));
    }

    /* The value that colors the area, in words. */
    function valueOf(level, key, i) {
      const data = values[level];
      if (key === 'hotspots') return hotspot(data, i) || words.say('legend.notTested');
      const value = data[measureAt(level, key).column][i];
      if (Number.isNaN(value)) return words.say('legend.noData');
      return key === 'count' ? words.whole(value) : words.rate(value);
    }

    function rows(level, i) {
      const data = values[level];
      const list = [
        ['events', orNone(data.events[i], words.whole)],
        ['population', orNone(data.population[i], words.whole)],
        ['rate', rateOf(data, i)],
        ['interval', interval(data, i)],
        ['smoothed', orNone(data.eb_rate[i], (value) => words.rate(value))],
      ];
      if (data.gi_bin) {
        list.push(['hotspots', hotspot(data, i)]);
        list.push(['q', orNone(data.q_value[i], words.share)]);
      }
      return list.map(([key, value]) => ({
        key, label: words.say('fact.' + key), value: value === null ? words.say('fact.none') : value,
      }));
    }

    /* What weakens the figures of an area. */
    function notes(level, i) {
      const data = values[level], list = [];
      if (Number.isNaN(data.events[i])) list.push(words.say('note.noRow'));
      else if (Number.isNaN(data.crude_rate[i])) list.push(words.say('note.noPopulation'));
      else if (data.reliable[i] !== 1) list.push(words.say('note.fewEvents', few(config)));
      if (!config.period.complete) list.push(words.say('note.incomplete'));
      return list;
    }

    function few() {
      return {
        events: words.whole(config.reliable.events),
        people: words.whole(config.reliable.population),
      };
    }

    function sentence(level, key, i) {
      const said = rows(level, i).map((row) => row.label + ': ' + row.value).join('; ');
      return areaName(level, i) + ', ' + stateName(level, i) + '. ' +
        words.periodName(config.period) + '. ' + said + '. ' + notes(level, i).join(' ');
    }

    return { areaName, stateName, valueOf, rows, notes, sentence, few };
  }

  geoMap.createFacts = createFacts;
})((globalThis.geoMap = globalThis.geoMap || {}));
