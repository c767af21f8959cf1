/* The table of all areas: the map for those who cannot see it, and for those who want the figures. */
(function (geoMap) {
  'use strict';
  const { element, byId, setAttributes } = geoMap.dom;
  const { csv, fileName, save } = geoMap.files;
  const { fold, order } = geoMap.columns;

  /* Rows that are written at a time: all at once would make the page wait. */
  const PAGE = 100;

  function createTable(parts) {
    const { words, state, config, facts, names, choose } = parts;
    const captionOf = parts.captionOf || (() => byId('geo-caption-words').textContent);
    const makeColumns = geoMap.createColumns(parts);
    const dialog = byId('geo-table');
    dialog.classList.add('table-dialog');
    let columns = [];
    let visible = [];
    let sorted = { key: '', descending: true };
    let needle = '';
    let haystack = [];
    let rows = [];
    let written = 0;
    let nodes = null;

    /* Keys pressed here are meant for the table, not for the map below it. */
    dialog.addEventListener('keydown', (event) => event.stopPropagation());

    function kindOf(column) {
      if (column.isWords) return 'text words';
      return column.isText ? 'text' : 'figure';
    }

    function columnOf(key) {
      return columns.find((column) => column.key === key);
    }

    function usualOrder() {
      return { key: columnOf(state.get('measure')) ? state.get('measure') : 'count', descending: true };
    }

    /* Where few columns fit, what the map shows stands next to the names. */
    function inView() {
      if (!matchMedia('(max-width: 760px)').matches) return columns;
      const [first, ...others] = columns;
      const { key } = usualOrder();
      const last = (column) => (column.key === key ? 0 : 1) + (column.key === 'state' ? 1 : 0);
      return [first, ...others.sort((a, b) => last(a) - last(b))];
    }

    function arrange() {
      const column = columnOf(sorted.key);
      const asked = fold(needle).split(/\s+/).filter(Boolean);
      rows = order(column.values, sorted.descending, columns[0].values).filter((i) =>
        asked.every((word) => haystack[i].includes(word)),
      );
    }

    /* ---- rows ---- */

    function rowOf(i) {
      const { level, selected } = state.all();
      const [first, ...others] = visible;
      const button = element('button', { type: 'button', class: 'table-area', tabindex: '-1' }, first.cell(i));
      if (i === selected) setAttributes(button, { 'aria-current': 'true' });
      return element(
        'tr',
        { 'data-area': i, 'data-code': names[level].code[i], class: i === selected ? 'selected' : null },
        element('th', { scope: 'row', dir: 'auto' }, button),
        others.map((column) =>
          element('td', { class: kindOf(column) + (column.key === sorted.key ? ' sorted' : '') }, column.cell(i)),
        ),
      );
    }

    function buttons() {
      return Array.from(nodes.body.querySelectorAll('.table-area'));
    }

    /* The rows are one stop of the tab key; the arrow keys move within. */
    function makeStop(button) {
      for (const other of nodes.body.querySelectorAll('.table-area[tabindex="0"]')) {
        setAttributes(other, { tabindex: '-1' });
      }
      if (button) setAttributes(button, { tabindex: '0' });
    }

    function writeMore() {
      const next = rows.slice(written, written + PAGE);
      nodes.body.append(...next.map(rowOf));
      written += next.length;
      nodes.more.hidden = written >= rows.length;
      nodes.more.textContent = words.say('table.more', { n: words.whole(Math.min(PAGE, rows.length - written)) });
      nodes.status.textContent = rows.length
        ? words.say('table.status', { shown: words.whole(written), all: words.whole(rows.length) })
        : words.say('table.nothing');
      nodes.csv.disabled = !rows.length;
    }

    function rewrite() {
      arrange();
      written = 0;
      nodes.body.replaceChildren();
      writeMore();
      makeStop(buttons()[0]);
      nodes.scroll.scrollTop = 0;
    }

    function moveFocus(event) {
      const list = buttons();
      const at = list.indexOf(event.target);
      const targets = {
        ArrowDown: at + 1,
        ArrowUp: at - 1,
        Home: 0,
        End: list.length - 1,
        PageDown: Math.min(at + 10, list.length - 1),
        PageUp: Math.max(at - 10, 0),
      };
      if (at < 0 || !(event.key in targets)) return;
      event.preventDefault();
      if (targets[event.key] >= list.length && written < rows.length) writeMore();
      const next = buttons()[targets[event.key]];
      if (!next) return;
      makeStop(next);
      next.focus();
    }

    function chooseRow(event) {
      const row = event.target.closest('tr');
      const marked = document.getSelection();
      /* Who marks figures to copy them has not chosen the row. */
      if (!row || (marked && !marked.isCollapsed && row.contains(marked.anchorNode))) return;
      dialog.close();
      choose(Number(row.dataset.area), true);
    }

    /* ---- the frame ---- */

    function headOf(column) {
      const button = element(
        'button',
        { type: 'button', class: 'table-sort' },
        element('span', {}, column.label),
        column.hint ? element('span', { class: 'unseen' }, ' ' + column.hint) : null,
        element('span', { class: 'table-arrow', 'aria-hidden': 'true' }),
      );
      if (column.hint) button.title = column.hint;
      button.addEventListener('click', () => {
        const again = sorted.key === column.key;
        sorted = { key: column.key, descending: again ? !sorted.descending : !column.isText };
        markSorted();
        rewrite();
      });
      return element('th', { scope: 'col', class: kindOf(column), 'data-key': column.key }, button);
    }

    function markSorted() {
      for (const head of nodes.head.children) {
        const isSorted = head.dataset.key === sorted.key;
        setAttributes(head, { 'aria-sort': isSorted ? (sorted.descending ? 'descending' : 'ascending') : null });
      }
    }

    function filterBox() {
      const input = element('input', { type: 'search', id: 'geo-table-filter', value: needle });
      input.autocomplete = 'off';
      input.spellcheck = false;
      let waiting = 0;
      input.addEventListener('input', () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => {
          needle = input.value.slice(0, 200);
          rewrite();
        }, 120);
      });
      return [element('label', { for: input.id }, words.say('table.filter')), input];
    }

    function captionText() {
      const what = words.say('table.of.' + state.get('level')) + ' · ' + facts.periodName();
      const category = state.get('category');
      return what + (category && category !== 'all' ? ' · ' + words.categoryName(category) : '') + '.';
    }

    function build() {
      const button = (text, action, kind) => {
        const node = element('button', { type: 'button', class: 'button ' + kind }, text);
        node.addEventListener('click', action);
        return node;
      };
      const close = button('✕', () => dialog.close(), 'close');
      setAttributes(close, { 'aria-label': words.say('control.close') });
      nodes = {
        title: element('h2', { id: 'geo-table-title', tabindex: '-1' }, words.say('table.title')),
        head: element('tr', {}, visible.map(headOf)),
        body: element('tbody', {}),
        status: element('p', { class: 'table-status', role: 'status' }),
        more: button('', showMore, 'table-more'),
        csv: button(words.say('table.csv'), saveCsv, 'table-csv'),
      };
      const table = element(
        'table',
        {},
        element(
          'caption',
          { dir: 'auto' },
          element(
            'span',
            { class: 'table-caption' },
            element('strong', {}, captionText()),
            ' ' + captionOf() + ' ',
            element('span', { class: 'unseen' }, words.say('table.keys')),
          ),
        ),
        element('thead', {}, nodes.head),
        nodes.body,
      );
      nodes.scroll = element(
        'div',
        { class: 'table-scroll', role: 'region', tabindex: '0', 'aria-labelledby': 'geo-table-title' },
        table,
      );
      nodes.body.addEventListener('click', chooseRow);
      nodes.body.addEventListener('keydown', moveFocus);
      nodes.body.addEventListener('focusin', (event) => {
        if (event.target.matches('.table-area')) makeStop(event.target);
      });
      setAttributes(dialog, { 'aria-labelledby': 'geo-table-title' });
      dialog.replaceChildren(
        element('div', { class: 'table-top' }, nodes.title, close),
        element('div', { class: 'table-tools' }, element('div', { class: 'table-filter' }, filterBox()), nodes.csv),
        nodes.scroll,
        element('div', { class: 'table-foot' }, nodes.status, nodes.more),
      );
      markSorted();
      rewrite();
    }

    function showMore() {
      const first = written;
      writeMore();
      const next = buttons()[first];
      makeStop(next);
      next.focus();
    }

    function draw() {
      const level = state.get('level');
      columns = makeColumns();
      visible = inView();
      if (!columnOf(sorted.key)) sorted = usualOrder();
      haystack = names[level].code.map((code, i) => {
        const where = level === 'state' ? '' : facts.stateName(level, i);
        return fold([names[level].name[i], where, code].join(' '));
      });
      build();
    }

    function open() {
      columns = makeColumns();
      sorted = usualOrder();
      needle = '';
      state.set({ playing: false });
      draw();
      if (!dialog.open) dialog.showModal();
      nodes.title.focus();
    }

    /* ---- the file ---- */

    function savedRows() {
      const { level, at, window } = state.all();
      const period = facts.periodName();
      const last = [
        [words.say('table.window'), () => period],
        [
          words.say('table.source'),
          () => config.source[words.language] + (config.accessed ? ' (' + config.accessed + ')' : ''),
        ],
        [words.say('table.mark'), () => (config.madeUp ? words.say('madeUp.short') : '')],
      ];
      if (config.timed) {
        const { labels } = config.timed.months;
        last.unshift(
          [words.say('table.first'), () => labels[at + 1 - window]],
          [words.say('table.last'), () => labels[at]],
        );
      }
      const code = [words.say('table.code'), (i) => names[level].code[i]];
      const saved = [code, ...columns.flatMap((column) => column.saved), ...last];
      return [saved.map(([header]) => header), ...rows.map((i) => saved.map(([, cell]) => cell(i)))];
    }

    function saveCsv() {
      const blob = new Blob([csv(savedRows())], { type: 'text/csv;charset=utf-8' });
      save(blob, fileName(config, words.language, state, state.get('level'), 'csv'));
    }

    /* After a change of what is shown, or of the language. */
    function update() {
      if (dialog.open) draw();
    }

    return { open, update, savedRows };
  }

  geoMap.createTable = createTable;
})((globalThis.geoMap = globalThis.geoMap || {}));
