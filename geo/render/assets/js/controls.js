/* What the reader can choose: measure, level, language. Native inputs, so that keys and screen
   readers work as everywhere. */
(function (geoMap) {
  'use strict';
  const { element, byId, setAttributes } = geoMap.dom;

  function createControls(parts) {
    const { words, state, config, measureAt } = parts;
    const node = byId('geo-controls');
    const levels = ['state', 'municipality'].filter((level) => config.levels[level]);
    const keys = [...new Set(levels.flatMap((level) => config.levels[level].measures.map((m) => m.key)))];
    /* The level to go back to from a measure that exists at one level only. */
    let usualLevel = null;

    function chooseMeasure(key) {
      const level = state.get('level');
      if (measureAt(level, key)) {
        const back = usualLevel && measureAt(usualLevel, key) ? usualLevel : level;
        usualLevel = null;
        state.set({ measure: key, ...goTo(back) });
      } else {
        usualLevel = level;
        state.set({ measure: key, ...goTo(levels.find((other) => measureAt(other, key))) });
      }
    }

    function goTo(level) {
      return level === state.get('level') ? {} : { level, selected: -1, hovered: -1 };
    }

    function radio(group, value, checked, disabled, choose) {
      const input = element('input', {
        type: 'radio', name: 'geo-' + group, id: 'geo-' + group + '-' + value, value, checked, disabled,
      });
      input.addEventListener('change', () => choose(value));
      return input;
    }

    function measureChoice(key) {
      const input = radio('measure', key, state.get('measure') === key, false, chooseMeasure);
      setAttributes(input, { 'aria-describedby': 'geo-define-' + key });
      return element('label', { class: 'choice', for: input.id }, input,
        element('span', {}, element('span', { class: 'choice-name' }, words.say('measure.' + key)),
          element('small', { id: 'geo-define-' + key }, words.say('define.' + key))));
    }

    function levelChoice(level) {
      const able = Boolean(measureAt(level, state.get('measure')));
      const input = radio('level', level, state.get('level') === level, !able, (chosen) => {
        usualLevel = null;
        state.set(goTo(chosen));
      });
      if (!able) setAttributes(input, { 'aria-describedby': 'geo-level-why' });
      return element('label', { for: input.id, class: able ? '' : 'disabled' }, input,
        element('span', {}, words.say('level.' + level)));
    }

    function draw() {
      const focused = document.activeElement && node.contains(document.activeElement)
        ? document.activeElement.id : null;
      const onlyHere = levels.some((level) => !measureAt(level, state.get('measure')));
      node.replaceChildren(
        element('fieldset', { class: 'measures' }, element('legend', {}, words.say('control.measure')),
          keys.map(measureChoice)),
        element('fieldset', { class: 'levels' }, element('legend', {}, words.say('control.level')),
          element('div', { class: 'segments' }, levels.map(levelChoice)),
          onlyHere ? element('p', { class: 'why', id: 'geo-level-why' }, words.say('control.levelWhy')) : null));
      if (focused && byId(focused)) byId(focused).focus();
    }

    const language = byId('geo-language');
    language.addEventListener('click', () => state.set({ language: words.other }));

    function drawLanguage() {
      setAttributes(language, { lang: words.other });
      language.textContent = words.say('control.otherLanguage');
    }

    return { draw, drawLanguage };
  }

  /* The panel as a sheet over the map, on narrow screens. */
  function createSheet(words) {
    const panel = byId('geo-panel'), open = byId('geo-panel-open'), close = byId('geo-panel-close');

    function show(isOpen) {
      panel.classList.toggle('open', isOpen);
      setAttributes(open, { 'aria-expanded': String(isOpen) });
      (isOpen ? close : open).focus();
    }
    open.addEventListener('click', () => show(!panel.classList.contains('open')));
    close.addEventListener('click', () => show(false));
    panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && panel.classList.contains('open')) show(false);
    });

    function draw() {
      setAttributes(panel, { 'aria-label': words.say('control.panel') });
      open.textContent = words.say('control.openPanel');
      close.textContent = '✕';
      setAttributes(close, { 'aria-label': words.say('control.close') });
    }
    return { draw, close: () => { if (panel.classList.contains('open')) show(false); } };
  }

  geoMap.createControls = createControls;
  geoMap.createSheet = createSheet;
})((globalThis.geoMap = globalThis.geoMap || {}));
