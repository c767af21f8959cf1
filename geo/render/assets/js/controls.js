/* What the reader can choose: measure, level, category, base, colors, language. Native inputs, so
   that keys and screen readers work as everywhere. */
(function (geoMap) {
  'use strict';
  const { element, byId, setAttributes } = geoMap.dom;
  const { YEARLY } = geoMap.classes;

  function createControls(parts) {
    const { words, state, config, series, measureAt } = parts;
    const node = byId('geo-controls');
    const levels = ['state', 'municipality'].filter((level) => config.levels[level]);
    const keys = [...new Set(levels.flatMap((level) => config.levels[level].measures.map((m) => m.key)))];
    /* The level and the window to go back to from a measure that exists for one only. */
    let usualLevel = null;
    let usualWindow = null;

    function windowFor(key) {
      if (series.isStatic) return {};
      const span = config.timed.hotspotSpan;
      const window = state.get('window');
      if (YEARLY.includes(key) && window !== span) {
        usualWindow = window;
        return { window: span, at: series.clampAt(state.get('at'), span) };
      }
      if (!YEARLY.includes(key) && usualWindow !== null) {
        const back = usualWindow;
        usualWindow = null;
        return { window: back, at: series.clampAt(state.get('at'), back) };
      }
      return {};
    }

    function chooseMeasure(key) {
      const level = state.get('level');
      const window = windowFor(key);
      if (measureAt(level, key)) {
        const back = usualLevel && measureAt(usualLevel, key) ? usualLevel : level;
        usualLevel = null;
        state.set({ measure: key, ...window, ...goTo(back) });
      } else {
        usualLevel = level;
        state.set({ measure: key, ...window, ...goTo(levels.find((other) => measureAt(other, key))) });
      }
    }

    function goTo(level) {
      return level === state.get('level') ? {} : { level, selected: -1, hovered: -1 };
    }

    function radio(group, value, checked, disabled, choose) {
      const input = element('input', {
        type: 'radio',
        name: 'geo-' + group,
        id: 'geo-' + group + '-' + value,
        value,
        checked,
        disabled,
      });
      input.addEventListener('change', () => choose(value));
      return input;
    }

    function measureChoice(key) {
      const input = radio('measure', key, state.get('measure') === key, false, chooseMeasure);
      setAttributes(input, { 'aria-describedby': 'geo-define-' + key });
      return element(
        'label',
        { class: 'choice', for: input.id },
        input,
        element(
          'span',
          {},
          element('span', { class: 'choice-name' }, words.say('measure.' + key)),
          element('small', { id: 'geo-define-' + key }, words.say('define.' + key)),
        ),
      );
    }

    function levelChoice(level) {
      const able = Boolean(measureAt(level, state.get('measure')));
      const input = radio('level', level, state.get('level') === level, !able, (chosen) => {
        usualLevel = null;
        state.set(goTo(chosen));
      });
      if (!able) setAttributes(input, { 'aria-describedby': 'geo-level-why' });
      return element(
        'label',
        { for: input.id, class: able ? '' : 'disabled' },
        input,
        element('span', {}, words.say('level.' + level)),
      );
    }

    function select(id, label, options, value, choose, disabled) {
      const list = element('select', { id, disabled });
      for (const [key, name] of options) {
        list.append(element('option', { value: key, selected: key === value }, name));
      }
      list.addEventListener('change', () => choose(list.value));
      return element('div', { class: 'field' }, element('label', { for: id }, label), list);
    }

    function categorySelect() {
      if (series.isStatic) return null;
      const options = [['all', words.say('control.allEvents')]];
      for (const [split, names] of Object.entries(config.timed.categories)) {
        names.forEach((name, k) => options.push([split + ':' + k, words.nameOf(name)]));
      }
      const measure = measureAt(state.get('level'), state.get('measure'));
      const able = Boolean(measure && measure.byCategory);
      const field = select(
        'geo-category',
        words.say('control.category'),
        options,
        able ? state.get('category') : 'all',
        (category) => state.set({ category }),
        !able,
      );
      if (!able) field.append(element('p', { class: 'why' }, words.say('control.categoryWhy')));
      return field;
    }

    /* Windows that a change can be measured against: the study's, and every whole year. */
    function bases() {
      const { labels, complete } = config.timed.months;
      const list = config.timed.base ? [config.timed.base] : [];
      labels.forEach((label, m) => {
        const last = m + 11;
        if (!label.endsWith('-01') || last >= labels.length) return;
        if (!complete.slice(m, last + 1).every(Boolean)) return;
        if (!list.some(([first, end]) => first === m && end === last)) list.push([m, last]);
      });
      return list;
    }

    function baseSelect() {
      if (series.isStatic || state.get('measure') !== 'change') return null;
      const options = bases().map((base) => [base.join('-'), words.baseName(base)]);
      return select(
        'geo-base',
        words.say('control.base'),
        options,
        (state.get('base') || []).join('-'),
        (value) => state.set({ base: value.split('-').map(Number) }),
        false,
      );
    }

    function paletteSelect() {
      const options = Object.keys(config.palettes).map((name) => [name, words.say('palette.' + name)]);
      return select(
        'geo-palette',
        words.say('control.palette'),
        options,
        state.get('palette'),
        (palette) => state.set({ palette }),
        false,
      );
    }

    function draw() {
      const focused =
        document.activeElement && node.contains(document.activeElement) ? document.activeElement.id : null;
      const onlyHere = levels.some((level) => !measureAt(level, state.get('measure')));
      node.replaceChildren(
        ...[
          element(
            'fieldset',
            { class: 'measures' },
            element('legend', {}, words.say('control.measure')),
            keys.map(measureChoice),
          ),
          element(
            'fieldset',
            { class: 'levels' },
            element('legend', {}, words.say('control.level')),
            element('div', { class: 'segments' }, levels.map(levelChoice)),
            onlyHere ? element('p', { class: 'why', id: 'geo-level-why' }, words.say('control.levelWhy')) : null,
          ),
          series.isStatic ? null : element('div', { class: 'fields' }, baseSelect(), categorySelect(), paletteSelect()),
        ].filter(Boolean),
      );
      if (focused && byId(focused)) byId(focused).focus();
      const chosen = byId('geo-measure-' + state.get('measure'));
      if (chosen && focused) chosen.closest('label').scrollIntoView({ block: 'nearest' });
    }

    const language = byId('geo-language');
    language.addEventListener('click', () => state.set({ language: words.other }));

    function drawLanguage() {
      setAttributes(language, { lang: words.other });
      language.textContent = words.say('control.otherLanguage');
    }

    return { draw, drawLanguage, bases };
  }

  /* The panel as a sheet over the map, on narrow screens. */
  function createSheet(words) {
    const panel = byId('geo-panel');
    const open = byId('geo-panel-open');
    const close = byId('geo-panel-close');

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
      setAttributes(byId('geo-legends'), { 'aria-label': words.say('legend.title') });
      open.textContent = words.say('control.openPanel');
      close.textContent = '✕';
      setAttributes(close, { 'aria-label': words.say('control.close') });
    }
    return {
      draw,
      close: () => {
        if (panel.classList.contains('open')) show(false);
      },
    };
  }

  geoMap.createControls = createControls;
  geoMap.createSheet = createSheet;
})((globalThis.geoMap = globalThis.geoMap || {}));
