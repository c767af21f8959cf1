/* What the pointer is on: a number of a cluster, a bubble, or an area; and what a click does there. */
(function (geoMap) {
  'use strict';

  function createPointing({ map, layer, layers, tooltip, state, areaAt, choose }) {
    const node = map.getContainer();
    let pointer = 'mouse';
    let tipped = null;

    for (const kind of ['pointerdown', 'pointermove']) {
      node.addEventListener(
        kind,
        (event) => {
          pointer = event.pointerType;
        },
        true,
      );
    }

    function hitAt(latlng) {
      const { x, y } = layer.gridAt(latlng);
      return layers.hit(x, y, layer.view.scale);
    }

    function areaOn(latlng) {
      const { x, y } = layer.gridAt(latlng);
      return areaAt(x, y);
    }

    function densityAt(latlng) {
      const { x, y } = layer.gridAt(latlng);
      return layers.densityAt(x, y);
    }

    /* The tooltip of a bubble, in place of that of the area. */
    function tipOf(found) {
      const bubble = found && found.bubble ? found.bubble : null;
      if (bubble === tipped) return;
      tipped = bubble;
      tooltip.showInstead(bubble ? layers.tip({ bubble }) : null);
    }

    function rest() {
      tipOf(null);
    }

    /* The tooltip of a bubble that keys have led to. */
    function show(bubble, point) {
      tipOf({ bubble });
      tooltip.place(point);
    }

    map.on('mousemove', (event) => {
      if (pointer === 'touch') return;
      const found = hitAt(event.latlng);
      const i = found ? -1 : areaOn(event.latlng);
      tipOf(found);
      if (!found) tooltip.tellUnder(densityAt(event.latlng));
      state.set({ hovered: i });
      node.style.cursor = i >= 0 || (found && found.cluster) ? 'pointer' : '';
      tooltip.place(event.containerPoint);
    });
    map.on('mouseout', () => {
      /* After a tap the mouse that lies elsewhere leaves the map, which it was never on. */
      if (pointer === 'touch') return;
      rest();
      state.set({ hovered: -1 });
    });
    map.on('movestart', rest);
    map.on('click', (event) => {
      const found = hitAt(event.latlng);
      if (found && found.cluster) {
        layers.choose(found);
        return;
      }
      /* A finger cannot hover: a tap on a bubble shows what a pointer would see. */
      if (found && pointer === 'touch') {
        tipOf(found);
        tooltip.place(event.containerPoint);
        return;
      }
      rest();
      const i = areaOn(event.latlng);
      if (i >= 0) choose(i, false);
      else state.set({ selected: -1 });
    });

    return { rest, show, isShown: () => tipped !== null };
  }

  geoMap.createPointing = createPointing;
})((globalThis.geoMap = globalThis.geoMap || {}));
