/* From the blocks of the page to what the parts ask for: series, places on the grid, first choice. */
(function (geoMap) {
  'use strict';

  /* People of a level by calendar year: given, or the state's parted by share or by census. */
  function peopleOf(level, blocks, country, years) {
    const block = blocks['counts-' + level];
    const { census, share } = block;
    if (!census && !share) return years.map((_, at) => block['people:' + at]);
    const total = new Float64Array(country.shapes.state.length);
    if (census) census.forEach((people, i) => (total[country.stateOf[i]] += people));
    return years.map((_, at) => {
      const ofState = blocks['counts-state']['people:' + at];
      const part = (i, state) => (census ? (census[i] * ofState[state]) / total[state] : share[i] * ofState[state]);
      return (census || share).map((_number, i) => part(i, country.stateOf[i]));
    });
  }

  function timedSeries(config, blocks, country) {
    const { timed } = config;
    const years = [...new Set(timed.months.yearOf)];
    const levels = {};
    for (const level of Object.keys(timed.prior)) {
      levels[level] = {
        block: blocks['counts-' + level],
        setup: {
          areas: country.shapes[level].length,
          people: () => peopleOf(level, blocks, country, years),
          prior: timed.prior[level],
        },
        extra: { actors: blocks['actors-' + level], change: blocks['change-' + level] },
      };
    }
    return geoMap.createSeries({ config: { ...timed, reliable: config.reliable }, levels, limits: blocks.limits });
  }

  function makeSeries(config, blocks, country) {
    if (config.timed) return timedSeries(config, blocks, country);
    const values = {};
    for (const level of Object.keys(config.levels)) values[level] = blocks['values-' + level];
    return geoMap.createStaticSeries({ values });
  }

  function middle(map, bounds, zoom) {
    const point = map.project(L.latLngBounds(bounds).getCenter(), zoom);
    return { x: Math.round(point.x), y: Math.round(point.y) };
  }

  /* Names of the areas with their codes, which travel as numbers. */
  function namesOf(blocks) {
    const names = {};
    for (const [level, digits] of [
      ['state', 2],
      ['municipality', 5],
    ]) {
      const code = Array.from(blocks['labels-' + level].code, (number) => String(number).padStart(digits, '0'));
      names[level] = { code, ...blocks.names[level] };
    }
    return names;
  }

  function labelPoints(blocks, origin) {
    const labels = {};
    for (const level of ['state', 'municipality']) {
      labels[level] = {
        x: blocks['labels-' + level].x.map((x) => x - origin.x),
        y: blocks['labels-' + level].y.map((y) => y - origin.y),
      };
    }
    return labels;
  }

  function placePoints(places, origin) {
    const shift = (place) => ({ ...place, x: place.x - origin.x, y: place.y - origin.y });
    return { places: places.places.map(shift), cities: places.cities.map(shift) };
  }

  /* The last complete window of twelve months, where there are so many; else the longest there is. */
  function firstWindow(timed) {
    const window = timed.spans.includes(12) ? 12 : timed.spans[timed.spans.length - 1];
    const { complete } = timed.months;
    let at = complete.lastIndexOf(true);
    if (at < window - 1) at = complete.length - 1;
    return { window, at };
  }

  /* The smoothed rate of municipalities, where there is one; else what comes first. */
  function firstChoice(config, words) {
    const level = config.levels.municipality ? 'municipality' : 'state';
    const keys = config.levels[level].measures.map((measure) => measure.key);
    const time = config.timed ? firstWindow(config.timed) : { window: 1, at: 0 };
    return {
      level,
      measure: keys.includes('smoothed') ? 'smoothed' : keys[0],
      ...time,
      category: 'all',
      base: config.timed ? config.timed.base || firstBase(config.timed, time) : null,
      palette: 'orrd',
      selected: -1,
      hovered: -1,
      language: words.language,
      markFew: true,
      playing: false,
      layerScan: false,
      layerDensity: false,
      layerPoints: false,
      cluster: -1,
      compare: false,
      split: 0.5,
      compareAt: config.timed ? earlier(config.timed, time) : 0,
    };
  }

  /* Without a base of the study: the window before the one that is shown first. */
  function firstBase(timed, { window, at }) {
    const last = Math.max(window - 1, at - window);
    return [last + 1 - window, last];
  }

  function earlier(timed, { window, at }) {
    const end = timed.base ? timed.base[1] : at - window;
    return Math.max(window - 1, end);
  }

  geoMap.setup = { makeSeries, namesOf, middle, labelPoints, placePoints, firstChoice };
})((globalThis.geoMap = globalThis.geoMap || {}));
