/* What is shown as one picture: title, window, map, legend, caption, credits. The same picture is
   saved as PNG and printed, so that map and legend stay together. */
(function (geoMap) {
  'use strict';
  const { element, byId } = geoMap.dom;
  const { missingTile, fewTile, linedTile, isDark, INK } = geoMap.patterns;
  const { fileName, save } = geoMap.files;

  const FONT = "'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
  const RATIO = 2;
  /* The shape of a sheet of A4 on its side, without its margins. */
  const WIDTH = 1240;
  const HEIGHT = 854;
  const LEGEND = 292;
  const MARGIN = 26;
  const GAP = 18;
  const LEAST_MAP = 430;
  const INKS = { text: '#17212b', muted: '#4a5560', line: '#dce2e7', madeUp: '#ffd34d', madeUpText: '#2b2100' };
  const LONGEST = 4000;

  /* Text as it can stand in one line: what turns or hides letters is left out. */
  function plain(text) {
    return String(text)
      .slice(0, LONGEST)
      .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
      .replace(/\p{Cf}/gu, '')
      .replace(/ +/g, ' ')
      .trim();
  }

  /* How many of the letters fit, at least one. */
  function fitting(letters, width, measure) {
    let low = 1;
    let high = letters.length;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (measure(letters.slice(0, middle).join('')) <= width) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /* Lines no wider than `width`; a word that is wider is broken, the last line allowed ends in "…". */
  function wrap(text, width, measure, most = Infinity) {
    const lines = [];
    let line = '';
    for (const word of plain(text).split(' ').filter(Boolean)) {
      if (lines.length > most) break;
      const longer = line ? line + ' ' + word : word;
      if (measure(longer) <= width) {
        line = longer;
        continue;
      }
      if (line) lines.push(line);
      let letters = Array.from(word);
      while (letters.length && measure(letters.join('')) > width && lines.length <= most) {
        const count = fitting(letters, width, measure);
        lines.push(letters.slice(0, count).join(''));
        letters = letters.slice(count);
      }
      line = letters.join('');
    }
    if (line) lines.push(line);
    if (lines.length <= most) return lines;
    const letters = Array.from(lines[most - 1]);
    while (letters.length && measure(letters.join('') + '…') > width) letters.pop();
    return [...lines.slice(0, most - 1), letters.join('').trimEnd() + '…'];
  }

  /* Writes text downwards; on a context that only measures, it tells how much room is needed. */
  function createWriter(context, x, width) {
    let y = 0;
    function write(text, { size, weight = 400, color = INKS.text, most, height = 1.34, dry = false }) {
      context.font = weight + ' ' + size + 'px ' + FONT;
      context.fillStyle = color;
      context.textBaseline = 'alphabetic';
      context.textAlign = 'left';
      for (const line of wrap(text, width, (one) => context.measureText(one).width, most)) {
        if (!dry) context.fillText(line, x, y + size * (0.5 * height + 0.35));
        y += size * height;
      }
    }
    return {
      write,
      skip: (by) => (y += by),
      at: (next) => {
        y = next;
      },
      get y() {
        return y;
      },
    };
  }

  function createPicture(parts) {
    const { words, state, config, legendOf, drawMapInto } = parts;
    const captionOf = parts.captionOf || (() => byId('geo-caption-words').textContent);

    function both(text) {
      return text[words.language];
    }

    /* What the ground shows: the measure, or a layer in its place. */
    function ground() {
      return legendOf().ground || null;
    }

    function measureName() {
      const layer = ground();
      return layer ? layer.title : words.say('measure.' + state.get('measure'));
    }

    function unit() {
      const layer = ground();
      if (layer) return layer.unit;
      const { level, measure, category } = state.all();
      const said = words.say('unit.' + measure);
      const found = config.levels[level].measures.find((one) => one.key === measure);
      const isPart = found && found.byCategory && category && category !== 'all';
      return isPart ? said + ' · ' + words.categoryName(category) : said;
    }

    function periodName(at) {
      return words.windowName(at, state.get('window'));
    }

    function shown() {
      const { at, compare, compareAt, level } = state.all();
      const layer = ground();
      if (layer) return [layer.title, layer.period].join(' · ');
      const period = compare
        ? words.say('picture.compared', { left: periodName(compareAt), right: periodName(at) })
        : parts.shownName
          ? parts.shownName()
          : periodName(at);
      return [measureName(), words.say('level.' + level), period].join(' · ');
    }

    function credits() {
      const said = config.credits.map((credit) =>
        [credit.name[words.language], credit.licence].filter(Boolean).join(', '),
      );
      return words.say('about.credits') + ': ' + said.filter((one, i) => said.indexOf(one) === i).join(' · ');
    }

    function writeHead(writer, dry) {
      writer.write(both(config.title), { size: 25, weight: 650, most: 3, height: 1.22, dry });
      writer.write(both(config.subtitle), { size: 14, color: INKS.muted, most: 3, dry });
      writer.skip(4);
      writer.write(shown(), { size: 16.5, weight: 600, most: 3, dry });
    }

    function writeFoot(writer, dry) {
      writer.write(captionOf(), { size: 11.5, color: INKS.muted, most: 24, dry });
      writer.write(credits(), { size: 11.5, color: INKS.muted, most: 12, dry });
    }

    function strip(context, text, x, y, width, most) {
      context.font = '650 13.5px ' + FONT;
      const lines = wrap(text, width - 24, (one) => context.measureText(one).width, most);
      const height = 12 + lines.length * 18;
      context.fillStyle = INKS.madeUp;
      context.fillRect(x, y, width, height);
      context.fillStyle = INKS.madeUpText;
      lines.forEach((line, k) => context.fillText(line, x + 12, y + 20 + k * 18));
      return height;
    }

    /* ---- the legend ---- */

    function swatch(context, x, y, fill, tile) {
      context.fillStyle = fill;
      context.fillRect(x, y, 30, 17);
      if (tile) {
        const made = context.createPattern(tile, 'repeat');
        made.setTransform(new DOMMatrix().scale(1 / RATIO));
        context.fillStyle = made;
        context.fillRect(x, y, 30, 17);
      }
      context.strokeStyle = 'rgba(20,20,20,.35)';
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, 29, 16);
    }

    /* A dot, or a number in a disc, as they stand on the map. */
    function disc(context, x, y, radius, color, text) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = color;
      context.fill();
      if (!text) return;
      context.font = '700 11.5px ' + FONT;
      context.fillStyle = '#fff';
      context.textAlign = 'center';
      context.fillText(text, x, y + 4);
      context.textAlign = 'left';
    }

    function legendRow(context, place, { name, number, fill, tile, dot, badge }) {
      const { x, y } = place;
      if (dot) disc(context, x + 15, y + 10, 6, dot);
      else if (badge) disc(context, x + 15, y + 10, 9.5, INKS.text, badge);
      else swatch(context, x, y + 2, fill, tile);
      context.font = '400 13px ' + FONT;
      const said = typeof number === 'string' ? number : words.count('legend.areas', number);
      const room = LEGEND - 40 - context.measureText(said).width - 12;
      const lines = wrap(name, room, (one) => context.measureText(one).width, 3);
      context.fillStyle = INKS.text;
      lines.forEach((line, k) => context.fillText(line, x + 40, y + 15 + 16 * k));
      context.fillStyle = INKS.muted;
      context.textAlign = 'right';
      context.fillText(said, x + LEGEND, y + 15);
      context.textAlign = 'left';
      return 8 + 16 * lines.length;
    }

    /* How tall the legend is; on a context it is drawn as well. */
    function drawLegend(context, x, top) {
      const given = legendOf();
      const writer = createWriter(context, x, LEGEND);
      writer.at(top);
      writer.write(measureName(), { size: 16, weight: 650, most: 2 });
      writer.write(unit(), { size: 12, color: INKS.muted, most: 4 });
      writer.skip(8);
      for (const row of given.rows) {
        const isMissing = row.color === null;
        if (isMissing) writer.skip(5);
        const pattern = row.lined ? linedTile : row.tile;
        const over = pattern ? pattern(RATIO, isDark(row.color)) : null;
        const look = { fill: isMissing ? INK.missing : row.color, tile: isMissing ? missingTile(RATIO) : over };
        writer.skip(legendRow(context, { x, y: writer.y }, { ...row, ...look }));
      }
      if (given.few !== undefined && given.few !== null) {
        writer.skip(5);
        const row = {
          name: words.say('legend.fewEvents'),
          number: given.few,
          fill: '#fdcf99',
          tile: fewTile(RATIO, false),
        };
        writer.skip(legendRow(context, { x, y: writer.y }, row));
      }
      if (given.note) {
        writer.skip(6);
        writer.write(given.note, { size: 11.5, color: INKS.muted, most: 10 });
      }
      for (const section of given.sections || []) {
        writer.skip(14);
        writer.write(section.title, { size: 14, weight: 650, most: 2 });
        writer.write(section.unit, { size: 11.5, color: INKS.muted, most: 3 });
        writer.skip(4);
        for (const row of section.rows) writer.skip(legendRow(context, { x, y: writer.y }, row));
        writer.write(section.note, { size: 11, color: INKS.muted, most: 8 });
      }
      return writer.y - top;
    }

    /* ---- the whole ---- */

    function canvasOf(width, height) {
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(width * RATIO);
      canvas.height = Math.round(height * RATIO);
      return canvas;
    }

    function mark(context, x, y) {
      const text = words.say('madeUp.short').toLocaleUpperCase(words.language);
      context.font = '700 15px ' + FONT;
      const width = context.measureText(text).width + 24;
      context.fillStyle = INKS.madeUp;
      context.fillRect(x, y, width, 28);
      context.fillStyle = INKS.madeUpText;
      context.fillText(text, x + 12, y + 19.5);
    }

    function sheetOf() {
      const ruler = canvasOf(1, 1).getContext('2d');
      const inner = WIDTH - 2 * MARGIN;
      const heightOf = (write) => {
        const writer = createWriter(ruler, 0, inner);
        write(writer, true);
        return Math.ceil(writer.y);
      };
      const head = heightOf(writeHead);
      const foot = heightOf(writeFoot);
      const banner = config.madeUp ? 38 : 0;
      const legend = drawLegend(ruler, 0, 0);
      const around = MARGIN * 2 + head + banner + foot + 2 * GAP;
      const map = Math.max(LEAST_MAP, legend, HEIGHT - around);
      return { head, banner, map, height: around + map, inner };
    }

    /* The picture as a canvas. */
    function compose() {
      const sheet = sheetOf();
      const canvas = canvasOf(WIDTH, sheet.height);
      const context = canvas.getContext('2d');
      context.scale(RATIO, RATIO);
      context.fillStyle = '#fff';
      context.fillRect(0, 0, WIDTH, sheet.height);
      let y = MARGIN;
      if (sheet.banner) {
        strip(context, words.say('madeUp.long'), MARGIN, y, sheet.inner, 1);
        y += sheet.banner;
      }
      const head = createWriter(context, MARGIN, sheet.inner);
      head.at(y);
      writeHead(head, false);
      y += sheet.head + GAP;
      const width = sheet.inner - LEGEND - GAP - 6;
      /* The map has a canvas of its own: whatever it does to its context stays there. */
      const map = canvasOf(width, sheet.map);
      const inside = map.getContext('2d');
      inside.fillStyle = INK.sea;
      inside.fillRect(0, 0, map.width, map.height);
      drawMapInto(inside, { width, height: sheet.map, ratio: RATIO });
      context.drawImage(map, MARGIN, y, width, sheet.map);
      context.strokeStyle = INKS.line;
      context.lineWidth = 1;
      context.strokeRect(MARGIN + 0.5, y + 0.5, width - 1, sheet.map - 1);
      if (config.madeUp) mark(context, MARGIN + 10, y + 10);
      drawLegend(context, MARGIN + width + GAP + 6, y);
      const foot = createWriter(context, MARGIN, sheet.inner);
      foot.at(y + sheet.map + GAP);
      writeFoot(foot, false);
      return canvas;
    }

    function description() {
      return [both(config.title), shown()].map(plain).join('. ');
    }

    async function download() {
      try {
        const blob = await new Promise((done) => {
          compose().toBlob(done, 'image/png');
        });
        if (!blob) throw new Error('the browser made no picture');
        save(blob, fileName(config, words.language, state, state.get('measure'), 'png'));
        geoMap.notice(words.say('picture.saved'));
      } catch {
        geoMap.notice(words.say('picture.failed'));
      }
    }

    /* ---- print ---- */

    /* A canvas is there at once; an image would still be decoding when the sheet is taken. */
    function insert() {
      remove();
      const canvas = compose();
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', description());
      document.body.append(element('div', { class: 'print-sheet', id: 'geo-print' }, canvas));
      document.documentElement.classList.add('geo-printing');
    }

    function remove() {
      if (byId('geo-print')) byId('geo-print').remove();
      document.documentElement.classList.remove('geo-printing');
    }

    window.addEventListener('beforeprint', () => {
      try {
        insert();
      } catch {
        /* The page itself is printed then. */
        remove();
      }
    });
    window.addEventListener('afterprint', remove);

    return { compose, download, print: () => window.print() };
  }

  geoMap.createPicture = createPicture;
  geoMap.picture = { wrap, plain };
})((globalThis.geoMap = globalThis.geoMap || {}));
