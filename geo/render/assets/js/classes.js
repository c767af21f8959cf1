/* Classes of a measure: the same bounds and the same rule (closed on the right) as in Python. */
(function (geoMap) {
  'use strict';

  const { isOutside } = geoMap.reach;

  const NO_DATA = -1;
  /* Outside what the query asks for, whatever the measure. */
  const NOT_ASKED = -2;

  /* Measures that are tested over the windows of a year only. */
  const YEARLY = ['hotspots', 'outliers'];

  /* The bounds that hold for a view: fixed ones, or those of its window and category. */
  function breaksOf(measure, view) {
    if (measure.kind === 'bins' || measure.kind === 'labels') return null;
    if (measure.kind === 'ratio') return { bounds: measure.bounds, zero: false, whole: false };
    const made = measure.fixed || measure.breaks;
    const found = made.bounds ? made : made[view.window][view.category] || made[view.window].all;
    return { bounds: found.bounds, zero: found.zero ?? found.zero_class, whole: found.whole };
  }

  /* Bounds with a class on either side: the lowest is no such one, unless zero is a class of its own. */
  function innerBounds(measure, breaks) {
    if (!breaks) return [];
    return measure.kind === 'ratio' || breaks.zero ? breaks.bounds : breaks.bounds.slice(1);
  }

  /* The class of each value: how many inner bounds lie below it. */
  function classify(measure, breaks, values, reach = null) {
    const classes = new Int8Array(values.length);
    const bounds = innerBounds(measure, breaks);
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (isOutside(reach, i)) classes[i] = NOT_ASKED;
      else if (Number.isNaN(value)) classes[i] = NO_DATA;
      else if (measure.kind === 'bins') classes[i] = value + 3;
      else if (measure.kind === 'labels') classes[i] = value;
      else {
        let k = 0;
        while (k < bounds.length && bounds[k] < value) k++;
        classes[i] = k;
      }
    }
    return classes;
  }

  function intervals(breaks) {
    const between = breaks.bounds.slice(1).map((upper, i) => [breaks.bounds[i], upper]);
    return breaks.zero ? [[0, 0], ...between] : between;
  }

  /* Light to dark above zero; zero has a color of its own. */
  function colorsOf(measure, breaks, config, palette) {
    if (measure.colors) return measure.colors;
    const above = intervals(breaks).length - (breaks.zero ? 1 : 0);
    const ramp = above ? config.palettes[palette][above] : [];
    return breaks.zero ? [config.zero, ...ramp] : ramp;
  }

  function ratioName(breaks, k, words) {
    const { bounds } = breaks;
    if (k === 0) return words.say('class.timesUpTo', { high: words.bound(bounds[0]) });
    if (k === bounds.length) return words.say('class.timesAbove', { low: words.bound(bounds[k - 1]) });
    const fills = { low: words.bound(bounds[k - 1]), high: words.bound(bounds[k]) };
    return words.say(bounds[k - 1] < 1 && bounds[k] > 1 ? 'class.timesSame' : 'class.times', fills);
  }

  /* What a class is called in the legend. */
  function className(measure, k, words, breaks) {
    if (measure.kind === 'bins') return words.say('bin.' + (k - 3));
    if (measure.kind === 'labels') return words.say(measure.labels[k]);
    if (measure.kind === 'ratio') return ratioName(breaks, k, words);
    const say = measure.key === 'share' ? (value) => words.percent(value) : (value) => words.bound(value);
    const [low, high] = intervals(breaks)[k];
    if (low === high) return say(high);
    const includesLow = k === 0 && !breaks.zero;
    if (breaks.whole) {
      const first = includesLow ? low : low + 1;
      return first === high ? say(high) : words.say('class.range', { low: say(first), high: say(high) });
    }
    if (includesLow) return words.say('class.range', { low: say(low), high: say(high) });
    if (low === 0) return words.say('class.upTo', { high: say(high) });
    return words.say('class.above', { low: say(low), high: say(high) });
  }

  /* The same in a few characters, for the strip on a phone. */
  function shortName(measure, k, words, breaks) {
    if (measure.kind === 'bins') return words.say('binShort.' + (k - 3));
    if (measure.kind === 'labels') return words.say(measure.labels[k] + '.short');
    if (measure.kind === 'ratio') {
      return k === breaks.bounds.length
        ? '> ' + words.bound(breaks.bounds[k - 1]) + ' ×'
        : '≤ ' + words.bound(breaks.bounds[k]) + ' ×';
    }
    if (breaks.zero && k === 0) return '0';
    const upper = breaks.bounds[breaks.zero ? k : k + 1];
    if (upper === undefined) return words.bound(breaks.bounds[0]);
    return '≤ ' + (measure.key === 'share' ? words.percent(upper) : words.bound(upper));
  }

  geoMap.classes = { NO_DATA, NOT_ASKED, YEARLY, breaksOf, classify, colorsOf, className, shortName };
})((globalThis.geoMap = globalThis.geoMap || {}));
