/* What stands for the parts that a page leaves out when it has nothing for them: layers, a background
   and shapes that say something. A part that is there comes later and takes its place. */
(function (geoMap) {
  'use strict';
  const nothing = () => {};

  geoMap.layers = { KEYS: [] };
  geoMap.createLayers = () => ({
    keys: [],
    find: nothing,
    isOn: () => false,
    draw: nothing,
    drawLegends: nothing,
    drawOver: () => [],
    hit: () => null,
    ranks: () => [],
    densityAt: () => '',
    sections: () => [],
    ground: () => null,
    sentences: () => [],
    methods: () => [],
  });
  geoMap.createTiles = () => ({ isSeen: () => false, draw: nothing, start: nothing });
  geoMap.children = { start: nothing };
  geoMap.createPointStops = () => ({ update: nothing });
})((globalThis.geoMap = globalThis.geoMap || {}));
