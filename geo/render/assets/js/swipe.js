/* Two windows on one map: left of the divider the earlier one, right of it the one that the time
   bar shows; both by the same classes. */
(function (geoMap) {
  'use strict';
  const { element, byId, setAttributes } = geoMap.dom;

  const STEP = 0.02;

  /* The place of the divider as a share of the width, kept where both sides can be seen. */
  function within(share) {
    return Math.min(0.95, Math.max(0.05, share));
  }

  function createSwipe({ words, state, series }) {
    const stage = byId('geo-stage');
    if (series.isStatic) return { draw() {} };
    const line = element('div', { class: 'swipe', hidden: true });
    const handle = element('button', {
      class: 'swipe-handle',
      type: 'button',
      role: 'slider',
      'aria-valuemin': '5',
      'aria-valuemax': '95',
    });
    const before = element('p', { class: 'swipe-name swipe-before' });
    const after = element('p', { class: 'swipe-name swipe-after' });
    line.append(handle, before, after);
    stage.append(line);

    function move(share) {
      state.set({ split: within(share) });
    }

    handle.addEventListener('pointerdown', (event) => {
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    handle.addEventListener('pointermove', (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const box = stage.getBoundingClientRect();
      move((event.clientX - box.left) / box.width);
    });
    handle.addEventListener('keydown', (event) => {
      const split = state.get('split');
      const next = {
        ArrowLeft: split - STEP,
        ArrowRight: split + STEP,
        PageDown: split - 5 * STEP,
        PageUp: split + 5 * STEP,
        Home: 0,
        End: 1,
      }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      move(next);
    });

    function draw() {
      const { compare, split, compareAt, at, window } = state.all();
      line.hidden = !compare;
      line.style.left = 100 * split + '%';
      const names = [words.windowName(series.clampAt(compareAt, window), window), words.windowName(at, window)];
      before.textContent = '◂ ' + names[0];
      after.textContent = names[1] + ' ▸';
      setAttributes(handle, {
        'aria-label': words.say('swipe.name', { before: names[0], after: names[1] }),
        'aria-valuenow': Math.round(100 * split),
        'aria-valuetext': words.say('swipe.value', { share: Math.round(100 * split) }),
      });
    }

    return { draw };
  }

  geoMap.createSwipe = createSwipe;
  geoMap.swipe = { within };
  geoMap.swipe = { within };
})((globalThis.geoMap = globalThis.geoMap || {}));
