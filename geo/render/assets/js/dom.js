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

  /* Days, months, quarters and weeks as they are written, and two of them, or of years, as a range. */
  const DATE = '\\d{4}-[QW]?\\d\\d?(?:-\\d\\d)?';
  const DAY = '[A-Z][a-z]{2} \\d\\d?, \\d{4}|\\d\\d? [a-z]{3,4} \\d{4}';
  const DATES = new RegExp(`\\b(${DATE}(?:[/–]${DATE})?|\\d{4}[/–]\\d{4}|${DAY})\\b`);

  function held(text) {
    const [first, mark, last] = text.split(/([/–])/);
    const node = setAttributes(document.createElement('span'), { class: last ? 'dates' : 'date' });
    node.append(...(last ? [held(first), mark, document.createElement('wbr'), held(last)] : [text]));
    return node;
  }

  /* Text whose dates stay whole at the end of a line; copied, it is the text that was given. */
  function wholeDates(text) {
    return text.split(DATES).map((part, k) => (k % 2 ? held(part) : part));
  }

  function append(node, children) {
    for (const child of children.flat()) {
      if (child !== null && child !== undefined) node.append(child);
    }
    return node;
  }

  function element(tag, attributes, ...children) {
    const parts = children.flat().map((child) => (typeof child === 'string' ? wholeDates(child) : child));
    return append(setAttributes(document.createElement(tag), attributes), parts);
  }

  function vector(tag, attributes, ...children) {
    const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
    return append(setAttributes(node, attributes), children);
  }

  function byId(id) {
    return document.getElementById(id);
  }

  geoMap.dom = { element, vector, setAttributes, byId, wholeDates };
})((globalThis.geoMap = globalThis.geoMap || {}));
