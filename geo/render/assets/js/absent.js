/* What stands for the parts that a page leaves out when it has nothing for them: layers, a background,
   shapes that say something, areas that were not asked for. A part that is there comes later and
   takes its place. */
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
  geoMap.reach = {
    isOutside: nothing,
    blank: (numbers) => numbers,
    boxOf: () => null,
    partly: (classes) => new Uint8Array(classes.length),
    rowsOf: (list) => list,
    noteOf: nothing,
    columnsOf: (list) => list,
    legendOf: () => ({ rows: [], under: [], strip: null, fill: nothing, listed: () => [] }),
  };
  geoMap.children = { start: nothing };
  geoMap.createPointStops = () => ({ update: nothing });
})((globalThis.geoMap = globalThis.geoMap || {}));
