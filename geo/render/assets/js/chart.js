/* Small charts of one area, as SVG: events by month stacked by type with those that targeted
   civilians in a strip of their own, and the smoothed rate; each has an axis of its own. */
(function (geoMap) {
  'use strict';
  const { vector, setAttributes } = geoMap.dom;

  /* The colors of geo/render/palette.py (CATEGORIES): page and picture show a type alike. */
  const COLORS = ['#23395b', '#9b3a2f', '#3f7f8c', '#d0913a', '#a3b97f', '#e6cdae', '#dde2e6'];

  const WIDTH = 336;
  const LEFT = 30;
  const RIGHT = 5;
  const LANE = 13;
  const BRACKET = 18;
  const BARS = 82;
  const STRIP = 15;
  const LINE = 58;
  const YEARS = 15;
  /* A letter of the small type is about so wide, in pixels; a year needs so much room. */
  const LETTER = 5.1;
  const YEAR = 30;

  function colorOf(k) {
    return COLORS[Math.min(k, COLORS.length - 1)];
  }

  /* The next number from a value on whose half is round, too. */
  function roundUp(value) {
    if (!(value > 0)) return 1;
    const power = 10 ** Math.floor(Math.log10(value));
    return [1, 1.5, 2, 3, 4, 6, 8, 10].find((step) => step * power >= value) * power;
  }

  /* Round numbers from zero up to a value: at most five of them, whole ones if so asked. */
  function ticks(most, whole) {
    const top = most > 0 ? most : 1;
    let power = 10 ** Math.floor(Math.log10(top / 4));
    if (whole) power = Math.max(1, power);
    const step = [1, 2, 5, 10].map((m) => m * power).find((size) => top / size <= 4);
    const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const found = [];
    for (let k = 0; k * step <= top * (1 + 1e-12); k++) found.push(Number((k * step).toFixed(decimals)));
    return { values: found, decimals };
  }

  /* More types than colors: the rarest share the last one. */
  function grouped(names, rows, other) {
    const most = COLORS.length;
    if (names.length <= most) return { names, rows };
    const rest = rows.slice(most - 1);
    const sum = Float64Array.from(rows[0], (_, m) => rest.reduce((all, row) => all + row[m], 0));
    return { names: [...names.slice(0, most - 1), other], rows: [...rows.slice(0, most - 1), sum] };
  }

  /* Where each part of each bar begins, the first at the bottom, and how high the bars are. */
  function stacked(rows) {
    const months = rows.length ? rows[0].length : 0;
    const bottoms = rows.map(() => new Float64Array(months));
    const tops = new Float64Array(months);
    rows.forEach((row, k) => {
      for (let m = 0; m < months; m++) {
        bottoms[k][m] = tops[m];
        tops[m] += row[m];
      }
    });
    return { bottoms, tops };
  }

  /* The months that have a tick, and which of them have room for their year. */
  function yearTicks(labels, step) {
    const starts = labels.flatMap((label, m) => (label.endsWith('-01') ? [m] : []));
    const every = Math.max(1, Math.ceil(YEAR / (12 * step)));
    const found = starts.map((m, k) => ({ m, text: k % every ? '' : labels[m].slice(0, 4) }));
    const free = starts.length ? starts[0] : labels.length;
    if (free > 0 && (free * step >= YEAR || !starts.length)) found.unshift({ m: 0, text: labels[0].slice(0, 4) });
    return found;
  }

  /* The place of a day among the months, in months from the first; null outside them. */
  function placeOf(day, labels) {
    const m = labels.indexOf(day.slice(0, 7));
    if (m < 0) return null;
    const [year, month, date] = day.split('-').map(Number);
    return m + (date - 1) / new Date(Date.UTC(year, month, 0)).getUTCDate();
  }

  function frame(months, top, height, most) {
    const step = (WIDTH - LEFT - RIGHT) / months;
    return {
      step,
      top,
      base: top + height,
      x: (m) => LEFT + m * step,
      middle: (m) => LEFT + (m + 0.5) * step,
      y: (value) => top + height * (1 - value / most),
    };
  }

  const short = (value) => String(Math.round(value * 100) / 100);

  function text(x, y, said, anchor, name) {
    const node = vector('text', { x: short(x), y: short(y), class: name || null }, said);
    node.style.textAnchor = anchor;
    return node;
  }

  function drawing(height, ...parts) {
    return vector(
      'svg',
      { class: 'chart', viewBox: '0 0 ' + WIDTH + ' ' + height, 'aria-hidden': 'true', focusable: 'false' },
      parts.flat(2),
    );
  }

  function yAxis(at, { values, decimals }, words) {
    const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    return values.map((value) =>
      vector(
        'g',
        { class: value === 0 ? 'tick zero' : 'tick' },
        vector('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: short(at.y(value)), y2: short(at.y(value)) }),
        text(LEFT - 5, at.y(value) + 3.4, words.number(value, digits), 'end'),
      ),
    );
  }

  function xAxis(labels, at, y) {
    return yearTicks(labels, at.step).flatMap(({ m, text: year }) => [
      vector('line', { class: 'year', x1: short(at.x(m)), x2: short(at.x(m)), y1: y, y2: y + 4 }),
      year && at.x(m) + YEAR <= WIDTH + RIGHT ? text(at.x(m) + 3, y + 11.5, year, 'start') : null,
    ]);
  }

  function bar(x, y, width, height) {
    return 'M' + short(x) + ' ' + short(y) + 'h' + short(width) + 'v' + short(height) + 'h' + short(-width) + 'z';
  }

  /* One path of bars from one height to another; of months for which `take` says yes. */
  function barsPath(at, months, from, to, take, inset) {
    const gap = at.step >= 3 ? 1 : at.step * 0.12;
    let d = '';
    for (let m = 0; m < months; m++) {
      if (!(to(m) > from(m)) || !take(m)) continue;
      const high = at.y(to(m)) + inset;
      const height = Math.max(at.y(from(m)) - inset - high, 0.5);
      d += bar(at.x(m) + gap / 2 + inset, high, Math.max(at.step - gap - 2 * inset, 0.4), height);
    }
    return d;
  }

  /* Bars of whole months are full, those of months that the data do not cover are hollow. */
  function barsOf(at, complete, from, to, color, name) {
    const full = barsPath(at, complete.length, from, to, (m) => complete[m], 0);
    const hollow = barsPath(at, complete.length, from, to, (m) => !complete[m], 0.5);
    const found = [];
    if (full) found.push(vector('path', { class: name, d: full, fill: color }));
    if (hollow) {
      const node = vector('path', { class: name + ' hollow', d: hollow, fill: '#fff' });
      node.style.stroke = color;
      found.push(node);
    }
    return found;
  }

  function bracket(at, span, y, said, name) {
    if (!span) return [];
    const x0 = at.x(span[0]) + 0.75;
    const x1 = at.x(span[1] + 1) - 0.75;
    const line = y + BRACKET - 7;
    const d = 'M' + [x0, line + 4].map(short).join(' ') + 'V' + line + 'H' + short(x1) + 'V' + (line + 4);
    const fits = said.length * LETTER <= x1 - x0;
    return [
      vector('path', { class: 'bracket ' + name, d }),
      fits ? text((x0 + x1) / 2, line - 3, said, 'middle', name) : null,
    ];
  }

  /* Days in the order of their lanes, from above, so that no line runs through the words of another:
     words of the first half go to the right of their line, those of the second to the left. */
  function inLanes(days, months) {
    const isLate = ({ place }) => place > months / 2;
    const sorted = [...days].sort((one, other) => one.place - other.place);
    return [...sorted.filter((day) => !isLate(day)), ...sorted.filter(isLate).reverse()];
  }

  /* A day as a line down to the axis, its words on a lane of their own on the side with more room. */
  function dayMark({ place, kind, said }, at, y, base, months) {
    const x = at.x(place);
    const isRight = place > months / 2;
    return [
      vector('line', { class: 'day ' + kind, x1: short(x), x2: short(x), y1: y + 2, y2: base }),
      text(x + (isRight ? -4 : 4), y + 10, said, isRight ? 'end' : 'start', 'day-name'),
    ];
  }

  /* Shades of the window shown and of the one beside it, which can be moved. */
  function shades(at, y, height) {
    const shown = vector('rect', { class: 'shown', y, height });
    const other = vector('rect', { class: 'compared', y, height });
    function put(node, span) {
      if (!span) {
        setAttributes(node, { width: 0 });
        return;
      }
      setAttributes(node, { x: short(at.x(span[0])), width: short((span[1] + 1 - span[0]) * at.step) });
    }
    return {
      nodes: [other, shown],
      move(span, compared) {
        put(shown, span);
        put(other, compared);
      },
    };
  }

  /* Events by month. `rows` are the counts of each type, `targeted` those against civilians.
     Gives the drawing and what moves the shade of the window shown. */
  function bars({ labels, complete, rows, targeted, base, comparison, events, words }) {
    const months = labels.length;
    const { bottoms, tops } = stacked(rows);
    const most = Math.max(1, ...tops);
    const days = events
      .map(({ day, kind }) => ({
        place: placeOf(day, labels),
        kind,
        said: words.say('chart.' + kind, { day: words.date(day) }),
      }))
      .filter(({ place }) => place !== null);
    const lanes = base || comparison ? BRACKET : 0;
    const top = lanes + days.length * LANE + 6;
    const at = frame(months, top, BARS, most);
    const mostTargeted = Math.ceil(roundUp(Math.max(...targeted)));
    const strip = frame(months, at.base + 10, STRIP, mostTargeted);
    const shade = shades(at, top - 4, strip.base - top + 4);
    const node = drawing(
      strip.base + YEARS,
      shade.nodes,
      yAxis(at, ticks(most, true), words),
      rows.flatMap((row, k) =>
        barsOf(
          at,
          complete,
          (m) => bottoms[k][m],
          (m) => bottoms[k][m] + row[m],
          colorOf(k),
          'type',
        ),
      ),
      vector('line', { class: 'strip-axis', x1: LEFT, x2: WIDTH - RIGHT, y1: strip.base, y2: strip.base }),
      text(LEFT - 5, strip.top + 8, words.whole(mostTargeted), 'end'),
      barsOf(
        strip,
        complete,
        () => 0,
        (m) => targeted[m],
        '#17212b',
        'targeted',
      ),
      bracket(at, base, 0, words.say('chart.base'), 'base'),
      bracket(at, comparison, 0, words.say('chart.comparison'), 'comparison'),
      inLanes(days, months).map((one, k) => dayMark(one, at, lanes + k * LANE, strip.base, months)),
      xAxis(labels, at, strip.base),
    );
    return { node, move: shade.move };
  }

  function path(values, at) {
    let d = '';
    let isDown = false;
    values.forEach((value, m) => {
      if (!Number.isFinite(value)) {
        isDown = false;
        return;
      }
      d += (isDown ? 'L' : 'M') + short(at.middle(m)) + ' ' + short(at.y(value));
      isDown = true;
    });
    return d;
  }

  /* The smoothed rate of the windows that end with each month, the country's rate thin beside it. */
  function line({ labels, values, overall, words }) {
    const known = [...values, ...overall].filter(Number.isFinite);
    const most = Math.max(0, ...known) || 1;
    const at = frame(labels.length, 9, LINE, most);
    const shade = shades(at, at.top - 4, LINE + 4);
    const dot = vector('circle', { class: 'rate-dot', r: 3.4 });
    const value = text(0, 0, '', 'middle', 'rate-value');
    const node = drawing(
      at.base + YEARS,
      shade.nodes,
      yAxis(at, ticks(most, false), words),
      vector('path', { class: 'overall-line', d: path(overall, at) }),
      vector('path', { class: 'rate-line', d: path(values, at) }),
      dot,
      value,
      xAxis(labels, at, at.base),
    );
    function move(span, compared) {
      shade.move(span, compared);
      const here = values[span[1]];
      const isKnown = Number.isFinite(here);
      setAttributes(dot, { hidden: !isKnown });
      value.textContent = isKnown ? words.rate(here) : '';
      if (!isKnown) return;
      const x = at.middle(span[1]);
      setAttributes(dot, { cx: short(x), cy: short(at.y(here)) });
      /* The number stands above the dot, or beside it where the dot is at the top. */
      const isHigh = at.y(here) < at.top + 10;
      const isRight = x > WIDTH - 40;
      value.style.textAnchor = isHigh || isRight ? 'end' : 'middle';
      setAttributes(value, {
        x: short(isHigh ? x - 7 : x + (isRight ? 4 : 0)),
        y: short(at.y(here) + (isHigh ? 4 : -7)),
      });
    }
    return { node, move };
  }

  geoMap.chart = {
    COLORS,
    typeColors: COLORS,
    roundUp,
    colorOf,
    ticks,
    grouped,
    stacked,
    yearTicks,
    placeOf,
    inLanes,
    bars,
    line,
  };
})((globalThis.geoMap = globalThis.geoMap || {}));
