/* Classes of a measure: the same bounds and the same rule (closed on the right) as in Python. */
(function (geoMap) {
  'use strict';

  const NO_DATA = -1;

  /* The class of each value: how many inner bounds lie below it; the lowest bound is no inner one,
     unless zero is a class of its own. */
  function classify(measure, values) {
    const classes = new Int8Array(values.length);
    const bounds = measure.breaks ? measure.breaks.bounds.slice(measure.breaks.zero_class ? 0 : 1) : [];
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (Number.isNaN(value)) classes[i] = NO_DATA;
      else if (measure.kind === 'bins') classes[i] = value;
      else {
        let k = 0;
        while (k < bounds.length && bounds[k] < value) k++;
        classes[i] = k;
      }
    }
    return classes;
  }

  /* Where a rate is drawn that rests on few events or few people; zero is its own class. */
  function fewEvents(measure, data, classes) {
    const few = new Uint8Array(classes.length);
    if (!measure.marksFewEvents) return few;
    for (let i = 0; i < few.length; i++) {
      few[i] = classes[i] !== NO_DATA && data.events[i] > 0 && data.reliable[i] !== 1 ? 1 : 0;
    }
    return few;
  }

  function intervals(breaks) {
    const between = breaks.bounds.slice(1).map((upper, i) => [breaks.bounds[i], upper]);
    return breaks.zero_class ? [[0, 0], ...between] : between;
  }

  /* What a class is called in the legend. */
  function className(measure, k, words) {
    if (measure.kind === 'bins') return words.say('bin.' + (k - 3));
    const { breaks } = measure;
    const [low, high] = intervals(breaks)[k];
    if (low === high) return words.bound(high);
    const includesLow = k === 0 && !breaks.zero_class;
    if (breaks.whole) {
      const first = includesLow ? low : low + 1;
      return first === high ? words.bound(high)
        : words.say('class.range', { low: words.bound(first), high: words.bound(high) });
    }
    if (includesLow) {
      return words.say('class.range', { low: words.bound(low), high: words.bound(high) });
    }
    if (low === 0) return words.say('class.upTo', { high: words.bound(high) });
    return words.say('class.above', { low: words.bound(low), high: words.bound(high) });
  }

  geoMap.classes = { NO_DATA, classify, fewEvents, className };
})((globalThis.geoMap = globalThis.geoMap || {}));
