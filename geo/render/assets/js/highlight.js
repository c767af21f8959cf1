/* The outline of the area under the pointer and of the chosen one, as two vector paths. */
(function (geoMap) {
  'use strict';
  const { vector } = geoMap.dom;

  function createHighlight(country) {
    const group = vector('g');
    const lines = {};
    for (const kind of ['selected', 'hovered']) {
      lines[kind] = [vector('path', { class: kind + '-halo' }), vector('path', { class: kind })];
      group.append(...lines[kind]);
    }
    const node = vector('svg', { class: 'outlines', focusable: 'false' }, group);

    function moved(view) {
      node.style.width = view.width + 'px';
      node.style.height = view.height + 'px';
      group.setAttribute('transform', 'matrix(' + [view.scale, 0, 0, view.scale, view.x, view.y].join(' ') + ')');
    }

    function show(kind, shape) {
      const outline = shape ? country.outline(shape) : '';
      for (const line of lines[kind]) line.setAttribute('d', outline);
    }

    return { node, moved, show };
  }

  geoMap.createHighlight = createHighlight;
})((globalThis.geoMap = globalThis.geoMap || {}));
