/* What the reader has chosen. Parts of the page listen and redraw what a change concerns. */
(function (geoMap) {
  'use strict';

  function createState(initial) {
    const values = { ...initial };
    const listeners = [];
    return {
      get: (name) => values[name],
      all: () => ({ ...values }),
      set(changes) {
        const changed = Object.keys(changes).filter((name) => values[name] !== changes[name]);
        if (!changed.length) return;
        Object.assign(values, changes);
        for (const listener of listeners) listener(new Set(changed));
      },
      listen(listener) {
        listeners.push(listener);
      },
    };
  }

  geoMap.createState = createState;
})((globalThis.geoMap = globalThis.geoMap || {}));
