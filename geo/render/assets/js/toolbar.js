/* What can be done with the map: the table, a link, a picture, print, two windows side by side. On
   narrow screens they stand in a menu. */
(function (geoMap) {
  'use strict';
  const { element, vector, byId, setAttributes } = geoMap.dom;

  const ICONS = {
    table: ['M2.5 3.5h15v13h-15z', 'M2.5 8h15M2.5 12.2h15M8 3.5v13'],
    link: [
      'M8.3 11.7a3.2 3.2 0 0 0 4.6 0l3-3a3.25 3.25 0 0 0-4.6-4.6l-1.2 1.2',
      'M11.7 8.3a3.2 3.2 0 0 0-4.6 0l-3 3a3.25 3.25 0 0 0 4.6 4.6l1.2-1.2',
    ],
    picture: ['M10 3v9M6.4 8.6 10 12.2l3.6-3.6', 'M3.5 13v3.5h13V13'],
    print: ['M5.5 7.5v-5h9v5', 'M5.5 14.5h-3v-7h15v7h-3', 'M5.5 11.5h9v6h-9z'],
    compare: ['M2.5 4h15v12h-15z', 'M10 2v16', 'M5 9.2v3.6M7.3 7.4v5.4M12.7 10.4v2.4M15 6.6v6.2'],
    menu: ['M3 5.5h14M3 10h14M3 14.5h14'],
  };

  /* A word to the reader that goes away by itself, and stays for screen readers. */
  function notice(text) {
    byId('geo-live').textContent = text;
    let node = byId('geo-notice');
    if (!node) {
      node = element('p', { class: 'notice', id: 'geo-notice', 'aria-hidden': 'true' });
      document.body.append(node);
    }
    node.textContent = text;
    node.hidden = false;
    clearTimeout(notice.waiting);
    notice.waiting = setTimeout(() => {
      node.hidden = true;
    }, 6000);
  }

  function icon(name) {
    return vector(
      'svg',
      { class: 'icon', viewBox: '0 0 20 20', width: 20, height: 20, 'aria-hidden': 'true', focusable: 'false' },
      ICONS[name].map((d) => vector('path', { d })),
    );
  }

  function createToolbar(parts) {
    const { words, state, config, table, share, picture } = parts;
    const node = byId('geo-tools');
    const actions = {
      table: () => table.open(),
      compare: () => state.set({ compare: !state.get('compare') }),
      link: () => share.copy(),
      picture: () => picture.download(),
      print: () => picture.print(),
    };
    const canCompare = Boolean(config.timed) && config.timed.months.labels.length > 1;
    const keys = Object.keys(actions).filter((key) => key !== 'compare' || canCompare);
    const menu = element('button', {
      type: 'button',
      class: 'button tool tools-menu',
      id: 'geo-tools-menu',
      'aria-expanded': 'false',
      'aria-controls': 'geo-tools-list',
    });
    const list = element('div', { class: 'tools-list', id: 'geo-tools-list', role: 'group' });
    const buttons = {};

    function isOpen() {
      return list.classList.contains('open');
    }

    function show(open) {
      list.classList.toggle('open', open);
      setAttributes(menu, { 'aria-expanded': String(open) });
    }

    for (const key of keys) {
      buttons[key] = element('button', { type: 'button', class: 'button tool', id: 'geo-tool-' + key });
      buttons[key].addEventListener('click', () => {
        /* What is opened gives the focus back to a button that can be seen. */
        if (isOpen()) menu.focus();
        show(false);
        actions[key]();
      });
    }
    menu.addEventListener('click', () => {
      show(!isOpen());
      if (isOpen()) buttons[keys[0]].focus();
    });
    document.addEventListener('pointerdown', (event) => {
      if (isOpen() && !node.contains(event.target)) show(false);
    });
    node.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !isOpen()) return;
      event.stopPropagation();
      show(false);
      menu.focus();
    });
    list.append(...keys.map((key) => buttons[key]));
    node.replaceChildren(menu, list);

    /* At the start, after a change of the language and of what is compared. */
    function draw() {
      for (const key of keys) {
        const button = buttons[key];
        button.replaceChildren(icon(key), element('span', { class: 'tool-name' }, words.say('tool.' + key)));
        button.title = words.say('tool.' + key + '.long');
        setAttributes(button, { 'aria-label': words.say('tool.' + key + '.long') });
      }
      if (canCompare) setAttributes(buttons.compare, { 'aria-pressed': String(Boolean(state.get('compare'))) });
      menu.replaceChildren(icon('menu'), element('span', { class: 'tool-name' }, words.say('tool.menu')));
      setAttributes(list, { 'aria-label': words.say('tool.menu') });
      menu.title = words.say('tool.menu');
    }

    return { draw };
  }

  geoMap.createToolbar = createToolbar;
  geoMap.notice = notice;
})((globalThis.geoMap = globalThis.geoMap || {}));
