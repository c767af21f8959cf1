/* A map of one period, whose numbers stand in the page as they are: the same questions as series.js. */
(function (geoMap) {
  'use strict';

  const COLUMNS = { count: 'events', rate: 'crude_rate', smoothed: 'eb_rate' };

  function createStaticSeries({ values }) {
    function column(level, measure) {
      const data = values[level];
      if (measure === 'hotspots') return data.gi_bin ? data.gi_bin.map((bin) => bin - 3) : new Float64Array(0);
      return data[COLUMNS[measure]];
    }

    /* Events of areas with exposure per 100,000 person-years, over all areas of a level. */
    function overall(level) {
      let events = 0;
      let exposure = 0;
      values[level].exposure.forEach((years, i) => {
        if (years > 0) {
          events += values[level].events[i] || 0;
          exposure += years;
        }
      });
      return exposure ? (100000 * events) / exposure : NaN;
    }

    function interval(level, i) {
      const low = values[level].rate_low[i];
      const high = values[level].rate_high[i];
      return Number.isNaN(low) || Number.isNaN(high) ? null : { low, high };
    }

    function few(view, classes) {
      const data = values[view.level];
      return Uint8Array.from(classes, (k, i) => (k >= 0 && data.events[i] > 0 && data.reliable[i] !== 1 ? 1 : 0));
    }

    return {
      isStatic: true,
      months: 1,
      firstAt: () => 0,
      clampAt: () => 0,
      values: (view) => column(view.level, view.measure),
      counts: (level) => values[level].events,
      count: (level, i) => values[level].events[i],
      rates: (level) => values[level].crude_rate,
      smoothed: (level) => values[level].eb_rate,
      bins: (level) => column(level, 'hotspots'),
      qValues: (level) => values[level].q_value || null,
      total: (level) => values[level].events.reduce((sum, n) => sum + (n || 0), 0),
      populationOf: (level, i) => values[level].population[i],
      isReliable: (level, i) => values[level].reliable[i] === 1,
      areas: (level) => values[level].events.length,
      overall,
      interval,
      few,
      reach: (level) => values[level].asked || null,
      columnOf: (level, name) => values[level][name],
    };
  }

  geoMap.createStaticSeries = createStaticSeries;
})((globalThis.geoMap = globalThis.geoMap || {}));
