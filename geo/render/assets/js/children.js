/* What is said of shapes that the author of the map added: plain text, shown by mouse, touch and
   keyboard. One of the shapes is in the order of the Tab key, the arrow keys go from one to the
   next, so that a hundred of them do not stand between the reader and the rest of the page. */
(function (geoMap) {
  'use strict';
  const { element, setAttributes } = geoMap.dom;

  const LONGEST_NAME = 200;
  const waiting = [];

  /* Called while the shapes are made; their groups may still be empty. */
  function say(layer, said) {
    waiting.push([layer, said]);
  }

  function contentOf(said) {
    return element(
      'div',
      { class: 'said' },
      said.title ? element('strong', { dir: 'auto' }, said.title) : null,
      said.lines.map((line) => element('p', { dir: 'auto' }, line)),
      said.fields.length
        ? element(
            'dl',
            {},
            said.fields.map(([name, value]) =>
              element('div', {}, element('dt', { dir: 'auto' }, name), element('dd', { dir: 'auto' }, value)),
            ),
          )
        : null,
    );
  }

  function nameOf(said) {
    const fields = said.fields.map((pair) => pair.join(': '));
    return [said.title, ...said.lines, ...fields].filter(Boolean).join('. ').slice(0, LONGEST_NAME);
  }

  function shapesOf(layer) {
    if (!layer.eachLayer) return [layer];
    const shapes = [];
    layer.eachLayer((one) => shapes.push(...shapesOf(one)));
    return shapes;
  }

  /* What is said of each shape; what is said of a group is said of all in it, unless they have
     words of their own. */
  function gather() {
    const found = new Map();
    const nearest = [...waiting].sort(([one], [other]) => shapesOf(one).length - shapesOf(other).length);
    for (const [layer, said] of nearest) {
      for (const shape of shapesOf(layer)) {
        const own = found.get(shape) || {};
        if (!own[said.kind]) own[said.kind] = said;
        found.set(shape, own);
      }
    }
    return found;
  }

  function start({ words, unhover }) {
    const found = gather();
    const order = [];

    function moveFocus(from, step) {
      const shown = order.filter((shape) => shape.getElement());
      const to = shown[Math.min(Math.max(shown.indexOf(from) + step, 0), shown.length - 1)];
      for (const shape of shown) setAttributes(shape.getElement(), { tabindex: shape === to ? 0 : -1 });
      to.getElement().focus();
    }

    const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };

    function pressed(event, shape) {
      if (event.key in STEPS) moveFocus(shape, STEPS[event.key]);
      else if ((event.key === 'Enter' || event.key === ' ') && shape.getPopup()) shape.openPopup();
      else if (event.key === 'Escape' && shape.getPopup() && shape.isPopupOpen()) shape.closePopup();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    function reach(shape, { popup, tooltip }) {
      const node = shape.getElement && shape.getElement();
      if (!node || node.classList.contains('geo-child')) return;
      node.classList.add('geo-child');
      /* A small ring is meant as a whole, also where it is not filled; a finger would miss its line. */
      if (shape instanceof L.CircleMarker && !(shape instanceof L.Circle)) node.style.pointerEvents = 'all';
      setAttributes(node, {
        tabindex: shape === order[0] ? 0 : -1,
        role: popup ? 'button' : 'img',
        'aria-haspopup': popup ? 'dialog' : null,
        'aria-label': nameOf(tooltip || popup),
      });
      node.addEventListener('keydown', (event) => pressed(event, shape));
      node.addEventListener('focus', () => {
        for (const other of order) if (other.getElement()) setAttributes(other.getElement(), { tabindex: -1 });
        setAttributes(node, { tabindex: 0 });
      });
    }

    function opened(shape, said, popup) {
      const box = popup.getElement();
      const close = box.querySelector('.leaflet-popup-close-button');
      setAttributes(box, { role: 'dialog', 'aria-label': nameOf(said) });
      setAttributes(close, { 'aria-label': words.say('control.close') });
      if (!box.dataset.listens) {
        box.dataset.listens = '1';
        box.addEventListener('keydown', (event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          shape.closePopup();
        });
      }
      if (ledInto(shape)) close.focus();
    }

    /* Only who came by keyboard is led into the popup, and back when it closes. */
    let led = null;
    function ledInto(shape) {
      led = document.activeElement === shape.getElement() ? shape : null;
      return led;
    }

    /* Where nothing fades the popup is gone already, and the focus with it. */
    function closed(shape, popup) {
      const { activeElement, body } = document;
      const isLost = popup.contains(activeElement) || (led === shape && activeElement === body);
      const node = shape.getElement();
      if (node && isLost) node.focus();
    }

    for (const [shape, own] of found) {
      order.push(shape);
      const { popup, tooltip } = own;
      if (popup) {
        shape.bindPopup(() => contentOf(popup), { maxWidth: 280, minWidth: 60 });
        shape.on('popupopen', (event) => {
          if (tooltip) shape.closeTooltip();
          opened(shape, popup, event.popup);
        });
        shape.on('popupclose', (event) => closed(shape, event.popup.getElement()));
      }
      if (tooltip) shape.bindTooltip(() => contentOf(tooltip), { sticky: true, className: 'geo-tooltip' });
      /* The area under the shape is not what is pointed at. */
      shape.on('mouseover', unhover);
      shape.on('mousemove', (event) => L.DomEvent.stopPropagation(event));
      shape.on('add', () => reach(shape, own));
    }
    for (const [shape, own] of found) reach(shape, own);
  }

  geoMap.children = { say, start };
})((globalThis.geoMap = globalThis.geoMap || {}));
