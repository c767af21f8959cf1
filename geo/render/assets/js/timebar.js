/* The time bar: a slider over the months, steps, play, and how long the window is. */
(function (geoMap) {
  'use strict';
  const { element, vector, byId, setAttributes } = geoMap.dom;

  const LENGTHS = [1, 3, 12];
  const YEAR = 12;
  /* Between two steps while playing, in milliseconds. */
  const PACE = { usual: 700, calm: 1500 };
  /* Width of the thumb of the sliders, as in time.css. */
  const THUMB = 28;
  const ICONS = {
    back: 'M12.2 4.5 6.7 10l5.5 5.5',
    forward: 'M7.8 4.5 13.3 10l-5.5 5.5',
    play: 'M6.5 3.8v12.4L16.3 10z',
    pause: 'M5.6 4h3.1v12H5.6zM11.3 4h3.1v12h-3.1z',
  };

  /* Running totals of the events by month: a window is one difference. */
  function runningTotals(counts) {
    const totals = new Float64Array(counts.length + 1);
    counts.forEach((n, m) => {
      totals[m + 1] = totals[m] + n;
    });
    return totals;
  }

  function icon(name) {
    const path = vector('path', { d: ICONS[name] });
    const solid = name === 'play' || name === 'pause' ? ' solid' : '';
    return vector(
      'svg',
      {
        class: 'time-icon' + solid,
        viewBox: '0 0 20 20',
        width: 20,
        height: 20,
        'aria-hidden': 'true',
        focusable: 'false',
      },
      path,
    );
  }

  /* A native range input that is seen as a knob on a rail; it reaches from the middle of the first
     bar that a window can end with to the middle of the last. */
  function createSlider({ key, words, plot, choose }) {
    const input = element('input', { type: 'range', id: 'geo-time-' + key, class: 'time-range' });
    const knob = element('span', { class: 'time-knob', 'aria-hidden': 'true' });
    input.step = '1';
    input.addEventListener('input', () => choose(Number(input.value)));
    input.addEventListener('keydown', (event) => {
      const years = { PageUp: 1, PageDown: -1 }[event.key];
      if (!years || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      choose(Number(input.value) + years * YEAR);
    });

    function place() {
      const first = plot.center(Number(input.min));
      input.style.left = first - THUMB / 2 + 'px';
      input.style.width = plot.center(Number(input.max)) - first + THUMB + 'px';
      knob.style.transform = 'translateX(' + plot.center(Number(input.value)) + 'px)';
    }

    /* Only what differs is written: a step is one number, one name, one place. */
    function show({ first, last, at, name, disabled }) {
      const moved = input.min !== String(first) || input.max !== String(last);
      if (moved) {
        input.min = String(first);
        input.max = String(last);
      }
      if (input.value !== String(at)) input.value = String(at);
      if (input.disabled !== disabled) input.disabled = disabled;
      setAttributes(input, { 'aria-valuetext': name });
      if (moved) place();
      else knob.style.transform = 'translateX(' + plot.center(at) + 'px)';
    }

    function drawWords() {
      setAttributes(input, { 'aria-label': words.say(key === 'at' ? 'time.slider' : 'time.sliderCompared') });
    }

    return { input, knob, place, show, drawWords };
  }

  function createTimebar({ words, state, config, series }) {
    const node = byId('geo-time');
    const timed = config.timed === undefined ? config : config.timed;
    const months = timed ? timed.months : null;
    if (!months || months.labels.length < 2) {
      node.hidden = true;
      return { draw() {}, update() {} };
    }
    const last = months.labels.length - 1;
    const spans = timed.spans || LENGTHS;
    const calm = matchMedia('(prefers-reduced-motion: reduce)');
    const national = new Map();
    let timer = 0;
    let stepping = false;
    let totals = null;

    const clamp = (at, window = state.get('window')) => series.clampAt(at, window);
    const isTimeless = () => state.get('measure') === 'emerging';

    /* ---- what it is made of ---- */

    const plot = geoMap.createTimePlot({ words, months });
    const slider = createSlider({ key: 'at', words, plot, choose: (at) => state.set({ at: clamp(at) }) });
    const other = createSlider({
      key: 'compareAt',
      words,
      plot,
      choose: (at) => state.set({ compareAt: clamp(at) }),
    });
    const name = element('p', { class: 'time-name' });
    const events = element('p', { class: 'time-events' });
    const compared = element('p', { class: 'time-compared', hidden: true });
    const buttons = {
      back: button('back', () => move(-1)),
      play: button('play', toggle),
      forward: button('forward', () => move(1)),
    };
    const why = element('p', { class: 'why', id: 'geo-time-why', hidden: true });
    const legend = element('legend');
    const lengths = LENGTHS.map(lengthChoice);
    const otherRow = element(
      'div',
      { class: 'time-other', hidden: true },
      other.input,
      element('span', { class: 'time-rail' }),
      other.knob,
    );
    const field = element(
      'div',
      { class: 'time-field' },
      slider.input,
      plot.nodes.inner,
      element('span', { class: 'time-rail' }),
      slider.knob,
      plot.nodes.tip,
    );
    const room = element('div', { class: 'time-room' }, otherRow, field, plot.nodes.axis);
    node.replaceChildren(
      element('div', { class: 'time-words' }, name, compared, events),
      element('div', { class: 'time-buttons' }, buttons.back, buttons.play, buttons.forward),
      element('div', { class: 'time-chart' }, plot.nodes.top, room),
      element(
        'fieldset',
        { class: 'time-lengths' },
        legend,
        element(
          'div',
          { class: 'segments' },
          lengths.map(({ label }) => label),
        ),
        why,
      ),
    );
    node.hidden = false;

    function button(key, act) {
      const made = element('button', { type: 'button', class: 'button time-' + key, id: 'geo-time-' + key }, icon(key));
      made.addEventListener('click', act);
      return made;
    }

    function lengthChoice(window) {
      const input = element('input', { type: 'radio', name: 'geo-window', id: 'geo-window-' + window, value: window });
      const text = element('span');
      input.addEventListener('change', () => chooseLength(window));
      return { window, input, text, label: element('label', { for: input.id }, input, text) };
    }

    /* ---- what the reader does ---- */

    function move(step) {
      state.set({ at: clamp(state.get('at') + step) });
    }

    function chooseLength(window) {
      state.set({ window, at: clamp(state.get('at'), window), compareAt: clamp(state.get('compareAt'), window) });
    }

    function toggle() {
      if (state.get('playing')) state.set({ playing: false });
      else if (state.get('at') >= last) state.set({ at: clamp(0), playing: true });
      else state.set({ playing: true });
    }

    /* A press on a bar goes to its month, also where the thumb of the slider lies over it and in the
       months before the first window ends. On the rail the slider does it alone. */
    field.addEventListener('pointerdown', (event) => {
      if (isTimeless() || event.button > 0 || event.pointerType === 'touch') return;
      const box = field.getBoundingClientRect();
      if (event.target === slider.input && event.clientY - box.top > plot.floor) return;
      state.set({ at: clamp(plot.monthAt(event.clientX - box.left)) });
    });
    field.addEventListener('pointermove', (event) => {
      if (event.pointerType === 'touch') return;
      plot.hover(plot.monthAt(event.clientX - field.getBoundingClientRect().left));
    });
    field.addEventListener('pointerleave', () => plot.hover(-1));
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) state.set({ playing: false });
    });
    new ResizeObserver(() => layout()).observe(room);

    /* ---- playing ---- */

    function tick() {
      const at = clamp(state.get('at') + 1);
      stepping = true;
      try {
        state.set({ at });
      } finally {
        stepping = false;
      }
      if (at >= last) state.set({ playing: false });
      else timer = setTimeout(tick, calm.matches ? PACE.calm : PACE.usual);
    }

    function play() {
      clearTimeout(timer);
      const playing = Boolean(state.get('playing'));
      if (playing && isTimeless()) {
        state.set({ playing: false });
        return;
      }
      node.classList.toggle('playing', playing && !calm.matches);
      buttons.play.replaceChildren(icon(playing ? 'pause' : 'play'));
      buttonWords(buttons.play, playing ? 'time.pause' : 'time.play');
      if (playing) timer = setTimeout(tick, calm.matches ? PACE.calm : PACE.usual);
    }

    /* ---- what it shows ---- */

    /* The window shown; a measure of all months together has all of them. */
    function shown() {
      if (isTimeless()) {
        const [first, final] = timed.emerging ? timed.emerging.months : [0, last];
        return { at: final, window: final + 1 - first };
      }
      const window = Math.min(state.get('window'), last + 1);
      return { at: clamp(state.get('at'), window), window };
    }

    function category() {
      const { level, measure } = state.all();
      if (!config.levels) return state.get('category');
      const found = config.levels[level].measures.find(({ key }) => key === measure);
      return found && found.byCategory ? state.get('category') : 'all';
    }

    function fill() {
      const level = state.get('level');
      const key = level + ' ' + category();
      if (!national.has(key)) national.set(key, series.national(level, 1, category()));
      totals = runningTotals(national.get(key));
      plot.fill(national.get(key));
    }

    function isComplete(at, window) {
      return months.complete.slice(at + 1 - window, at + 1).every(Boolean);
    }

    function nameOf(at, window) {
      const text = words.windowName(at, window);
      return isComplete(at, window) ? text : text + ', ' + words.say('period.incomplete');
    }

    function write(target, text) {
      if (target.textContent !== text) target.textContent = text;
    }

    function show() {
      const { at, window } = shown();
      const first = isTimeless() ? last : series.firstAt(window);
      const compare = Boolean(state.get('compare')) && !isTimeless();
      plot.mark('shown', [at + 1 - window, at]);
      slider.show({ first, last, at, name: nameOf(at, window), disabled: isTimeless() });
      write(name, words.windowName(at, window));
      const number = words.count('time.events', totals[at + 1] - totals[at + 1 - window]);
      write(events, isComplete(at, window) ? number : number + ', ' + words.say('period.incomplete'));
      otherRow.hidden = !compare;
      compared.hidden = !compare;
      if (compare) {
        const against = clamp(state.get('compareAt'), window);
        plot.mark('compared', [against + 1 - window, against]);
        other.show({ first, last, at: against, name: nameOf(against, window), disabled: false });
        write(compared, words.say('time.comparedWith', { window: words.windowName(against, window) }));
      } else plot.mark('compared', null);
      buttons.back.disabled = isTimeless() || at <= first;
      buttons.forward.disabled = isTimeless() || at >= last;
      buttons.play.disabled = isTimeless();
    }

    function base() {
      const range = (state.get('measure') === 'change' && state.get('base')) || null;
      plot.mark('base', range);
      node.classList.toggle('marked', range !== null || Boolean(state.get('compare')));
      node.classList.toggle('comparing', Boolean(state.get('compare')));
    }

    /* Why a length cannot be chosen; '' where it can. */
    function reason(window) {
      if (isTimeless()) return words.say('time.whyAll');
      if (window > last + 1 || !spans.includes(window)) return words.say('time.whyShort', { n: words.whole(last + 1) });
      const only = timed.hotspotSpan || YEAR;
      if (geoMap.classes.YEARLY.includes(state.get('measure')) && window !== only) {
        return words.say('time.whyHotspots', { n: words.whole(only) });
      }
      return '';
    }

    function choices() {
      const reasons = LENGTHS.map(reason);
      lengths.forEach(({ window, input, label }, k) => {
        input.checked = !isTimeless() && state.get('window') === window;
        input.disabled = reasons[k] !== '';
        label.classList.toggle('disabled', reasons[k] !== '');
        setAttributes(input, { 'aria-describedby': reasons[k] ? 'geo-time-why' : null });
      });
      why.textContent = [...new Set(reasons.filter(Boolean))].join(' ');
      why.hidden = !why.textContent;
    }

    function buttonWords(target, key) {
      setAttributes(target, { 'aria-label': words.say(key) });
      target.title = words.say(key);
    }

    function drawWords() {
      setAttributes(node, { 'aria-label': words.say('time.region') });
      slider.drawWords();
      other.drawWords();
      buttonWords(buttons.back, 'time.back');
      buttonWords(buttons.forward, 'time.forward');
      buttonWords(buttons.play, state.get('playing') ? 'time.pause' : 'time.play');
      legend.textContent = words.say('time.length');
      for (const { window, text } of lengths) text.textContent = words.count('time.months', window);
      plot.drawWords();
    }

    function layout() {
      plot.layout(room.clientWidth);
      slider.place();
      other.place();
    }

    /* Everything, at the start. */
    function draw() {
      drawWords();
      fill();
      base();
      choices();
      show();
      layout();
      play();
    }

    const BY_HAND = ['at', 'window', 'measure', 'level', 'category', 'base', 'compare', 'compareAt'];

    /* After a change of the state; where the language is among it, once the words speak it. */
    function update(changed) {
      const some = (...keys) => keys.some((key) => changed.has(key));
      if (some('language')) drawWords();
      if (some('level', 'category', 'measure')) fill();
      if (some('measure', 'base', 'compare')) base();
      if (some('measure', 'window', 'language')) choices();
      if (some(...BY_HAND, 'language')) show();
      if (some('playing')) {
        play();
        if (!state.get('playing')) byId('geo-live').textContent = name.textContent + ', ' + events.textContent;
      } else if (state.get('playing') && !stepping && some(...BY_HAND)) state.set({ playing: false });
    }

    return { draw, update };
  }

  geoMap.createTimebar = createTimebar;
})((globalThis.geoMap = globalThis.geoMap || {}));
