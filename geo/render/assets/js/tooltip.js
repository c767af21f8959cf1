/* The area under the pointer (tooltip) and the chosen one (card). */
(function (geoMap) {
  'use strict';
  const { element, vector, byId, setAttributes } = geoMap.dom;

  /* Rate, interval and smoothed rate on one line, with the rate of the country as a mark. */
  function whisker({ low, high, rate, smoothed, overall }) {
    if ([low, high, rate].some(Number.isNaN)) return null;
    const most = Math.max(high, overall * 1.3, smoothed || 0) || 1;
    const at = (value) => 4 + (212 * value) / most;
    const marks = [
      vector('line', { class: 'axis', x1: 4, x2: 216, y1: 10, y2: 10 }),
      vector('line', { class: 'overall', x1: at(overall), x2: at(overall), y1: 2, y2: 18 }),
      vector('line', { class: 'interval', x1: at(low), x2: at(high), y1: 10, y2: 10 }),
    ];
    if (!Number.isNaN(smoothed)) {
      marks.push(vector('circle', { class: 'smoothed', cx: at(smoothed), cy: 10, r: 4 }));
    }
    marks.push(vector('circle', { class: 'rate', cx: at(rate), cy: 10, r: 4 }));
    return vector('svg', { class: 'whisker', viewBox: '0 0 220 20', 'aria-hidden': 'true', focusable: 'false' }, marks);
  }

  function createTooltip(parts) {
    const { words, state, series, facts, deselect } = parts;
    const tip = byId('geo-tip');
    const card = byId('geo-card');
    const stage = byId('geo-stage');

    function heading(tag, level, i) {
      return [
        element(tag, { dir: 'auto', id: tag === 'h2' ? 'geo-card-name' : null }, facts.areaName(level, i)),
        element('p', { class: 'where', dir: 'auto' }, facts.stateName(level, i) + ' · ' + facts.periodName()),
      ];
    }

    function table(level, i) {
      return element(
        'dl',
        {},
        facts
          .rows(level, i)
          .map((row) =>
            element(
              'div',
              { class: row.measure === state.get('measure') ? 'current' : '' },
              element('dt', {}, row.label),
              element('dd', {}, row.value),
            ),
          ),
      );
    }

    function notes(level, i) {
      return facts.notes(level, i).map((note) => element('p', { class: 'note' }, note));
    }

    /* What a layer says of the place under the pointer, and what it says in place of the area. */
    const under = element('p', { class: 'tip-layer', hidden: true });
    let instead = null;

    function tellUnder(text) {
      under.hidden = !text;
      if (under.textContent !== text) under.textContent = text;
    }

    function showInstead(nodes) {
      instead = nodes;
      drawTip();
    }

    function drawTip() {
      const level = state.get('level');
      const i = state.get('hovered');
      tip.classList.toggle('of-layer', Boolean(instead));
      if (instead) {
        tip.hidden = false;
        tip.replaceChildren(...instead);
        return;
      }
      tip.hidden = i < 0 || i === state.get('selected');
      if (tip.hidden) return;
      tip.replaceChildren(...heading('strong', level, i), under, table(level, i), ...notes(level, i));
    }

    function place(point) {
      if (tip.hidden) return;
      const width = tip.offsetWidth;
      const height = tip.offsetHeight;
      const right = point.x + 18 + width > stage.clientWidth;
      const left = right ? Math.max(6, point.x - width - 14) : point.x + 18;
      const top = Math.max(6, Math.min(point.y + 14, stage.clientHeight - height - 6));
      tip.style.transform = 'translate(' + Math.round(left) + 'px,' + Math.round(top) + 'px)';
    }

    function drawCard() {
      const level = state.get('level');
      const i = state.get('selected');
      card.hidden = i < 0;
      if (card.hidden) {
        card.replaceChildren();
        return;
      }
      const close = element(
        'button',
        { class: 'button close', type: 'button', id: 'geo-card-close', 'aria-label': words.say('control.close') },
        '✕',
      );
      close.addEventListener('click', deselect);
      const { at, window } = state.all();
      const overall = series.overall(level, at, window);
      const limits = series.interval(level, i, at, window);
      const line = limits
        ? whisker({
            ...limits,
            rate: series.rates(level, at, window)[i],
            smoothed: series.smoothed(level, at, window)[i],
            overall,
          })
        : null;
      setAttributes(card, { 'aria-labelledby': 'geo-card-name' });
      card.replaceChildren(
        ...[
          close,
          ...heading('h2', level, i),
          table(level, i),
          line,
          line
            ? element(
                'p',
                { class: 'key' },
                element('span', { class: 'key-rate' }, words.say('fact.rate')),
                element('span', { class: 'key-smoothed' }, words.say('fact.smoothed')),
                element('span', { class: 'key-overall' }, words.say('fact.overall', { rate: words.rate(overall) })),
              )
            : null,
          ...notes(level, i),
        ].filter(Boolean),
      );
    }

    return { drawTip, place, drawCard, whisker, tellUnder, showInstead };
  }

  geoMap.createTooltip = createTooltip;
})((globalThis.geoMap = globalThis.geoMap || {}));
