/* Any area by its name, without regard to accents and case: a text field with a list under it
   (the combobox pattern), for keys, fingers and screen readers. */
(function (geoMap) {
  'use strict';
  const { element, byId, setAttributes } = geoMap.dom;

  const MOST = 12;

  const { fold } = geoMap.columns;

  /* How well a name answers what was typed: begins with it, a word of it does, it is inside; or not. */
  function fit(folded, typed) {
    if (folded.startsWith(typed)) return 0;
    if (folded.includes(' ' + typed)) return 1;
    return folded.includes(typed) ? 2 : -1;
  }

  /* The entries that answer, best first; states before municipalities, then by name. */
  function search(entries, text, most = MOST) {
    const typed = fold(text);
    if (!typed) return [];
    const found = [];
    for (const entry of entries) {
      const rank = fit(entry.folded, typed);
      if (rank >= 0) found.push({ entry, rank });
    }
    found.sort(
      (a, b) => a.rank - b.rank || a.entry.order - b.entry.order || (a.entry.folded < b.entry.folded ? -1 : 1),
    );
    return found.slice(0, most).map(({ entry }) => entry);
  }

  function entriesOf({ names, country, levels }) {
    const entries = [];
    levels.forEach((level, order) => {
      names[level].name.forEach((name, i) => {
        const where = level === 'municipality' ? names.state.name[country.stateOf[i]] : '';
        entries.push({ level, i, order, name, where, folded: fold(name + ' ' + where) });
      });
    });
    return entries;
  }

  function createFinder(parts) {
    const { words, state, config, names, country, choose } = parts;
    const node = byId('geo-finder');
    const levels = ['state', 'municipality'].filter((level) => config.levels[level]);
    const entries = entriesOf({ names, country, levels });
    let input = null;
    let list = null;
    let found = [];
    let active = -1;

    function close() {
      list.hidden = true;
      list.replaceChildren();
      found = [];
      active = -1;
      setAttributes(input, { 'aria-expanded': 'false', 'aria-activedescendant': null });
    }

    function pick(entry) {
      if (entry.level !== state.get('level')) {
        const measures = config.levels[entry.level].measures.map((measure) => measure.key);
        const measure = measures.includes(state.get('measure')) ? state.get('measure') : measures[0];
        state.set({ level: entry.level, measure, selected: -1, hovered: -1 });
      }
      input.value = entry.name;
      close();
      choose(entry.i, true);
    }

    function mark(next) {
      active = next;
      [...list.children].forEach((option, k) => setAttributes(option, { 'aria-selected': String(k === active) }));
      setAttributes(input, { 'aria-activedescendant': active < 0 ? null : 'geo-found-' + active });
      if (active >= 0) list.children[active].scrollIntoView({ block: 'nearest' });
    }

    function show() {
      found = search(entries, input.value);
      active = -1;
      list.replaceChildren(
        ...found.map((entry, k) => {
          const option = element(
            'li',
            { id: 'geo-found-' + k, role: 'option', 'aria-selected': 'false' },
            element('span', { class: 'found-name', dir: 'auto' }, entry.name),
            element('span', { class: 'found-where', dir: 'auto' }, entry.where || words.say('level.state')),
          );
          option.addEventListener('pointerdown', (event) => event.preventDefault());
          option.addEventListener('click', () => pick(entry));
          return option;
        }),
      );
      const typed = Boolean(fold(input.value));
      list.hidden = !found.length;
      setAttributes(input, { 'aria-expanded': String(found.length > 0), 'aria-activedescendant': null });
      byId('geo-find-none').textContent = typed && !found.length ? words.say('finder.none') : '';
    }

    function keys(event) {
      if (event.key === 'Escape' && !list.hidden) {
        event.stopPropagation();
        close();
      } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        if (list.hidden) show();
        if (!found.length) return;
        event.preventDefault();
        const step = event.key === 'ArrowDown' ? 1 : -1;
        mark((active + step + found.length + (active < 0 && step < 0 ? 1 : 0)) % found.length);
      } else if (event.key === 'Enter' && found.length) {
        event.preventDefault();
        pick(found[Math.max(active, 0)]);
      }
    }

    function draw() {
      const text = input ? input.value : '';
      const hadFocus = input && document.activeElement === input;
      input = element('input', {
        id: 'geo-find',
        type: 'text',
        role: 'combobox',
        'aria-autocomplete': 'list',
        'aria-controls': 'geo-found',
        'aria-expanded': 'false',
        'aria-describedby': 'geo-find-none',
      });
      input.placeholder = words.say('finder.title');
      input.autocomplete = 'off';
      input.spellcheck = false;
      input.value = text;
      input.addEventListener('input', show);
      input.addEventListener('keydown', keys);
      input.addEventListener('blur', close);
      list = element('ul', { id: 'geo-found', class: 'found', role: 'listbox', hidden: true });
      setAttributes(list, { 'aria-label': words.say('finder.title') });
      node.replaceChildren(
        element('h2', { class: 'unseen' }, element('label', { for: 'geo-find' }, words.say('finder.title'))),
        element('div', { class: 'find' }, input, list),
        element('p', { class: 'why', id: 'geo-find-none', role: 'status' }),
      );
      if (hadFocus) input.focus();
    }

    return { draw };
  }

  geoMap.createFinder = createFinder;
  geoMap.finder = { search };
})((globalThis.geoMap = globalThis.geoMap || {}));
