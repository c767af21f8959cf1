/* Files that the reader takes away: their names, and tables that no spreadsheet runs as formulas. */
(function (geoMap) {
  'use strict';

  const SIGNS = '=+-@＝＋－＠';
  const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

  /* The blanks of Python's regular expressions: some separators of old are none in JavaScript. */
  function isBlank(cell, at) {
    const code = cell.charCodeAt(at);
    return /\s/.test(cell.charAt(at)) || code === 0x85 || (code >= 0x1c && code <= 0x1f);
  }

  function runs(cell) {
    let at = 0;
    while (cell[at] === "'") at++;
    if (at < cell.length && '\t\r\n'.includes(cell[at])) return true;
    while (isBlank(cell, at)) at++;
    return at < cell.length && SIGNS.includes(cell[at]);
  }

  /* A cell that no spreadsheet takes for a formula, by the rule of the tables that Python writes. */
  function neutral(cell) {
    return runs(cell) && !/^[+-]?\d+(?:\.\d+)?$/.test(cell) ? "'" + cell : cell;
  }

  /* A number with no more digits than say something; "no value" is an empty cell. */
  function plainNumber(value) {
    if (value === null || value === undefined || !Number.isFinite(value)) return '';
    return String(Number(value.toPrecision(12)));
  }

  function csvCell(cell) {
    const safe = neutral(String(cell));
    return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  }

  /* A table as text, with the mark by which spreadsheets know that it is UTF-8. */
  function csv(rows) {
    return '\ufeff' + rows.map((row) => row.map(csvCell).join(',') + '\r\n').join('');
  }

  /* A name that every system takes: small letters, digits and hyphens. */
  function slug(text, longest = 60) {
    const short = text
      .normalize('NFKD')
      .replace(/[^\p{ASCII}]/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, longest)
      .replace(/-+$/, '');
    return RESERVED.test(short) ? short + '-1' : short || 'map';
  }

  /* What the window is called in the name of a file. */
  function windowLabel(config, at, window) {
    if (!config.timed) return slug(config.period.label);
    const { labels } = config.timed.months;
    return window === 1 ? labels[at] : labels[at + 1 - window] + '-' + labels[at];
  }

  function fileName(config, language, state, what, kind) {
    const parts = [slug(config.title[language]), what, windowLabel(config, state.get('at'), state.get('window'))];
    return parts.join('-') + '.' + kind;
  }

  function save(blob, name) {
    const link = document.createElement('a');
    const address = URL.createObjectURL(blob);
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  geoMap.files = { neutral, plainNumber, csv, slug, windowLabel, fileName, save };
})((globalThis.geoMap = globalThis.geoMap || {}));
