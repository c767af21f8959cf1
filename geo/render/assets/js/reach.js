/* Which areas a query asks for: as a whole, in part, or not at all. Where nothing was asked there is
   no number of events, not even zero; what the page says of such areas is said here. A map of the
   whole country goes without. */
(function (geoMap) {
  'use strict';

  const PART = 1;
  const OUTSIDE = 2;
  /* What a part of an area can have: a number of events and shares of them, but no rate. */
  const OF_PART = ['events', 'share'];

  function isOutside(reach, i) {
    return Boolean(reach) && reach[i] === OUTSIDE;
  }

  function isPart(reach, i) {
    return Boolean(reach) && reach[i] === PART;
  }

  /* The numbers of areas, none where nothing was asked. */
  function blank(numbers, reach) {
    return reach ? Float64Array.from(numbers, (n, i) => (isOutside(reach, i) ? NaN : n)) : numbers;
  }

  /* Where a class is drawn that rests on a part of the area. */
  function partly(classes, reach) {
    return Uint8Array.from(classes, (k, i) => (k >= 0 && isPart(reach, i) ? 1 : 0));
  }

  /* What holds the main piece of all that is asked for, in part or whole; null where that is
     everything or nothing. */
  function boxOf(reach, level, { shapes: { municipality }, stateOf }) {
    const asked = municipality.filter((_, i) => !isOutside(reach, level === 'state' ? stateOf[i] : i));
    if (!asked.length || asked.length === municipality.length) return null;
    return geoMap.geometry.boxAround(asked.map((shape) => shape.main));
  }

  /* Lines the other way than those of "no data", over the color of the class. */
  function partTile(ratio, dark) {
    return geoMap.patterns.tile(8, ratio, (context, size) => {
      context.strokeStyle = dark ? 'rgba(255,255,255,.55)' : 'rgba(40,50,60,.45)';
      context.lineWidth = 0.9;
      context.translate(size, 0);
      context.scale(-1, 1);
      geoMap.patterns.diagonals(context, size);
    });
  }

  /* ---- an area in words ---- */

  /* What can be told of an area, of measure, key and value each. */
  function rowsOf(list, reach, i, words) {
    if (isOutside(reach, i)) return [['count', 'events', words.say('reach.is.outside')]];
    return isPart(reach, i) ? list.filter(([, key]) => OF_PART.includes(key)) : list;
  }

  function noteOf(reach, i, words) {
    if (isOutside(reach, i)) return words.say('reach.areaOutside');
    return isPart(reach, i) ? words.say('reach.areaPart') : '';
  }

  /* ---- the table ---- */

  function wordOf(reach, i, words) {
    if (isOutside(reach, i)) return words.say('reach.is.outside');
    return words.say(isPart(reach, i) ? 'reach.is.part' : 'reach.is.whole');
  }

  /* Where nothing was asked, the events say so, and no number is saved; a part has no change. */
  function blanked(column, reach, words) {
    const said = words.say('reach.is.outside');
    const unless = (cell, instead) => (i) => (isOutside(reach, i) ? instead : cell(i));
    const ofPart = (i) => (isPart(reach, i) ? words.say('legend.noData') : column.cell(i));
    return {
      ...column,
      cell: unless(column.key === 'change' ? ofPart : column.cell, column.key === 'count' ? said : '–'),
      saved: column.saved.map(([header, cell]) => [header, unless(cell, column.isWords ? said : '')]),
    };
  }

  /* No figure outside, and a column that says of each area what it is. */
  function columnsOf(list, reach, { words, areas, textColumn }) {
    if (!reach) return list;
    const asked = areas.map((i) => wordOf(reach, i, words));
    const is = textColumn('reach', words.say('reach.column'), asked);
    const last = { ...is, cell: (i) => asked[i].replace(' ', '\u00a0') };
    return [...list.map((column) => (column.isText ? column : blanked(column, reach, words))), last];
  }

  /* ---- the legend ---- */

  function legendOf({ reach, part, colors }, { words, row, plain, tiled }) {
    const { element } = geoMap.dom;
    const { INK, isDark } = geoMap.patterns;
    const note = (key) => element('p', { class: 'legend-note' }, words.say(key));
    const hasOutside = Boolean(reach) && reach.some((_, i) => isOutside(reach, i));
    const hasPart = part.some(Boolean);
    const middle = colors[Math.floor(colors.length / 2)] || '#fff';
    const outside = row(plain(INK.notAsked), words.say('reach.outside'), 'not-asked');
    const number = element('span', { class: 'number' });
    const tile = (ratio) => partTile(ratio, isDark(middle));
    const name = element('span', { class: 'name' }, words.say('reach.part'));
    const mark = element('div', { class: 'few part' }, element('p', {}, tiled(tile, middle), name, number));
    mark.append(note('reach.partNote'));
    const short = element('span', {}, words.say('reach.is.outside'));
    return {
      rows: hasOutside ? [outside.node] : [],
      under: [hasPart ? mark : null, hasOutside ? note('reach.outsideNote') : null],
      strip: hasOutside ? element('li', {}, plain(INK.notAsked), short) : null,
      fill(shown) {
        outside.number.textContent = words.count('legend.areas', shown.notAsked);
        number.textContent = words.count('legend.areas', shown.part);
      },
      /* The rows as a picture has them. */
      listed: (shown) => [
        ...(hasOutside ? [{ color: INK.notAsked, name: words.say('reach.outside'), number: shown.notAsked }] : []),
        ...(hasPart ? [{ color: middle, name: words.say('reach.part'), number: shown.part, tile: partTile }] : []),
      ],
    };
  }

  geoMap.reach = { isOutside, blank, partly, boxOf, partTile, rowsOf, noteOf, columnsOf, legendOf };
})((globalThis.geoMap = globalThis.geoMap || {}));
