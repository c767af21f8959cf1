/* Properties that are made when they are first asked for: the first picture needs few of them. */
(function (geoMap) {
  'use strict';

  function later(object, name, make) {
    Object.defineProperty(object, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = make();
        Object.defineProperty(object, name, { enumerable: true, value });
        return value;
      },
    });
  }

  geoMap.later = later;
})((globalThis.geoMap = globalThis.geoMap || {}));
