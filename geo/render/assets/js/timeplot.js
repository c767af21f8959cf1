/* The months under the slider: one bar a month, the window shown, the one it is compared with, the
   base, the years. Bars are built once; a step of the slider moves classes and positions only. */
(function (geoMap) {
  'use strict';
  const { element, vector, setAttributes } = geoMap.dom;

  const BARS = 40;
  /* Over the bars, as in time.css: room for the mark of the base. */
  const HEAD = 14;
  /* From this width of a bar on, in pixels, each has a name of its own under it. */
  const NAMED = 36;
  /* From this width on, a January has its month and its year. */
  const DATED = 60;
  /* Room that a year takes on the axis, in pixels. */
  const YEAR = 32;

  /* The left edge of each bar and the right end of the last, on whole pixels of the screen. */
  function edgesOf(months, width, ratio) {
    return Array.from({ length: months + 1 }, (_, m) => Math.round((m * width * ratio) / months) / ratio);
  }

  function gapOf(pitch) {
    if (pitch >= 12) return 2;
    return pitch >= 3 ? 1 : 0;
  }

  /* The months of each calendar year: where they begin, where they end. */
  function yearSpans(labels) {
    const spans = [];
    labels.forEach((label, m) => {
      const year = label.slice(0, 4);
      const last = spans[spans.length - 1];
      if (last && last.year === year) last.end = m + 1;
      else spans.push({ year, start: m, end: m + 1 });
    });
    return spans;
  }

  /* The years that are written under the axis, where there is room: whole ones first. */
  function yearNames(spans, pitch, width) {
    const names = [];
    const fits = (x) => names.every((other) => Math.abs(other.x - x) >= YEAR);
    const isWhole = ({ start, end }) => end - start === 12;
    const isWide = ({ start, end }) => (end - start) * pitch >= YEAR;
    const partial = spans.filter((span) => !isWhole(span) && isWide(span));
    for (const span of [...spans.filter(isWhole), ...partial]) {
      const x = Math.min(width - YEAR / 2, Math.max(YEAR / 2, ((span.start + span.end) / 2) * pitch));
      if (fits(x)) names.push({ x, text: span.year });
    }
    return names;
  }

  function isWithin(range, m) {
    return range !== null && m >= range[0] && m <= range[1];
  }

  function createTimePlot({ words, months }) {
    const { labels, complete } = months;
    const spans = yearSpans(labels);
    const bars = labels.map((_, m) => vector('rect', { class: complete[m] ? 'time-bar' : 'time-bar hollow' }));
    const drawing = vector(
      'svg',
      { class: 'time-bars', 'aria-hidden': 'true', focusable: 'false', height: BARS },
      bars,
    );
    const bands = {
      shown: element('div', { class: 'time-band', hidden: true }),
      compared: element('div', { class: 'time-band compared', hidden: true }),
      base: element('div', { class: 'time-base', hidden: true }, element('span')),
    };
    const top = element('div', { class: 'time-top', 'aria-hidden': 'true' }, element('b'), element('span'));
    const tip = element(
      'div',
      { class: 'time-tip', 'aria-hidden': 'true', hidden: true },
      element('b'),
      element('span'),
    );
    const axis = element('div', { class: 'time-axis', 'aria-hidden': 'true' });
    const marks = { shown: null, compared: null, base: null };
    let counts = new Float64Array(labels.length);
    let edges = edgesOf(labels.length, 0, 1);
    let hovered = -1;

    function pitch() {
      return edges[labels.length] / labels.length;
    }

    function center(m) {
      return (m + 0.5) * pitch();
    }

    function monthAt(x) {
      return Math.max(0, Math.min(labels.length - 1, Math.floor(x / pitch())));
    }

    /* Heights and places of the bars: after a change of the counts or of the room. */
    function drawBars() {
      const most = counts.reduce((high, n) => Math.max(high, n), 0);
      const gap = gapOf(pitch());
      bars.forEach((bar, m) => {
        /* The line of a hollow bar lies within it. */
        const inset = complete[m] ? 0 : 0.5;
        const height = counts[m] > 0 ? Math.max(complete[m] ? 1 : 2, Math.round((BARS * counts[m]) / most)) : 0;
        setAttributes(bar, {
          x: edges[m] + inset,
          y: BARS - height + inset,
          width: Math.max(0.4, edges[m + 1] - edges[m] - gap - 2 * inset),
          height: Math.max(0, height - 2 * inset),
        });
      });
      drawing.classList.toggle('narrow', pitch() < 5);
      top.firstChild.textContent = words.whole(most);
      top.lastChild.textContent = words.say('time.aMonth');
    }

    function drawAxis() {
      const at = (x, name, text) => {
        const node = element('span', { class: name }, text);
        node.style.left = x + 'px';
        return node;
      };
      if (pitch() >= NAMED) {
        axis.replaceChildren(...labels.map((label, m) => at(center(m), 'time-month', monthText(label, m))));
        return;
      }
      const starts = spans.filter(({ start }) => start > 0).map(({ start }) => at(edges[start], 'time-tick', ''));
      const names = yearNames(spans, pitch(), edges[labels.length]).map(({ x, text }) => at(x, 'time-year', text));
      axis.replaceChildren(...starts, ...names);
    }

    /* The first month and each January say their year, beside the month where there is room. */
    function monthText(label, m) {
      const month = words.date(label + '-01', { month: 'short' });
      if (m > 0 && !label.endsWith('-01')) return month;
      return pitch() >= DATED ? month + ' ' + label.slice(0, 4) : label.slice(0, 4);
    }

    function placeBand(name) {
      const range = marks[name];
      const band = bands[name];
      band.hidden = range === null;
      if (range === null) return;
      const left = edges[range[0]];
      band.style.transform = 'translateX(' + left + 'px)';
      const width = Math.max(2, edges[range[1] + 1] - left - gapOf(pitch())) + 'px';
      if (band.style.width !== width) band.style.width = width;
    }

    /* Marks the months of a range, or none; only bars that enter or leave it are touched. */
    function mark(name, range) {
      const before = marks[name];
      marks[name] = range;
      placeBand(name);
      if (name === 'base') return;
      for (const [first, last] of [before, range].filter(Boolean)) {
        for (let m = first; m <= last; m++) {
          if (isWithin(before, m) !== isWithin(range, m)) bars[m].classList.toggle(name, isWithin(range, m));
        }
      }
    }

    function layout(width) {
      edges = edgesOf(labels.length, width, globalThis.devicePixelRatio || 1);
      setAttributes(drawing, { width });
      drawBars();
      drawAxis();
      Object.keys(bands).forEach(placeBand);
    }

    function fill(next) {
      counts = next;
      drawBars();
      drawTip();
    }

    function drawTip() {
      tip.hidden = hovered < 0;
      if (hovered < 0) return;
      const number = words.count('time.events', counts[hovered]);
      tip.firstChild.textContent = words.monthName(labels[hovered]);
      tip.lastChild.textContent = complete[hovered] ? number : number + ', ' + words.say('period.incomplete');
      const half = tip.offsetWidth / 2;
      const x = Math.max(half, Math.min(edges[labels.length] - half, center(hovered)));
      tip.style.transform = 'translateX(' + (x - half) + 'px)';
    }

    /* The month under the pointer in words; -1: none. */
    function hover(m) {
      if (m === hovered) return;
      if (hovered >= 0) bars[hovered].classList.remove('hovered');
      hovered = m;
      if (m >= 0) bars[m].classList.add('hovered');
      drawTip();
    }

    function drawWords() {
      bands.base.firstChild.textContent = words.say('time.base');
      drawBars();
      drawAxis();
      drawTip();
    }

    return {
      nodes: { top, axis, tip, inner: [bands.compared, bands.shown, drawing, bands.base] },
      layout,
      fill,
      mark,
      hover,
      drawWords,
      center,
      monthAt,
      floor: HEAD + BARS,
    };
  }

  geoMap.createTimePlot = createTimePlot;
  geoMap.timePlot = { edgesOf, yearSpans, yearNames };
})((globalThis.geoMap = globalThis.geoMap || {}));
