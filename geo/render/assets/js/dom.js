/* Elements, built one by one. Text from data becomes a text node and can become nothing else:
   there is no way in this file to write markup. */
(function (geoMap) {
  'use strict';

  const ATTRIBUTES = new Set([
    'class',
    'id',
    'for',
    'type',
    'name',
    'value',
    'role',
    'lang',
    'dir',
    'tabindex',
    'scope',
    'colspan',
    'hidden',
    'checked',
    'disabled',
    'selected',
    'viewBox',
    'd',
    'x',
    'y',
    'x1',
    'x2',
    'y1',
    'y2',
    'cx',
    'cy',
    'r',
    'width',
    'height',
    'transform',
    'fill',
    'focusable',
    'label',
  ]);

  function setAttributes(node, attributes) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (!ATTRIBUTES.has(name) && !/^(aria|data)-[a-z-]+$/.test(name)) {
        throw new Error('attribute not allowed: ' + name);
      }
      if (value === false || value === null || value === undefined) node.removeAttribute(name);
      else node.setAttribute(name, value === true ? '' : String(value));
    }
    return node;
  }

  function append(node, children) {
    for (const child of children.flat()) {
      if (child !== null && child !== undefined) node.append(child);
    }
    return node;
  }

  function element(tag, attributes, ...children) {
    return append(setAttributes(document.createElement(tag), attributes), children);
  }

  function vector(tag, attributes, ...children) {
    const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
    return append(setAttributes(node, attributes), children);
  }

  function byId(id) {
    return document.getElementById(id);
  }

  geoMap.dom = { element, vector, setAttributes, byId };
})((globalThis.geoMap = globalThis.geoMap || {}));
