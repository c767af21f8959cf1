import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { ESLint } from 'eslint';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const eslint = new ESLint({ cwd: ROOT });

async function complaints(code) {
  const script = "(function (node, text, map) {\n'use strict';\n" + code + '\n})();\n';
  const [found] = await eslint.lintText(script, { filePath: 'geo/render/assets/js/made-up.js' });
  return found.messages.filter((message) => message.ruleId !== 'no-unused-vars').map((message) => message.message);
}

const BANNED = [
  'node.innerHTML = text;',
  "node['innerHTML'] = text;",
  'node.outerHTML = text;',
  "node.insertAdjacentHTML('beforeend', text);",
  'document.write(text);',
  'document.writeln(text);',
  'document.createRange().createContextualFragment(text);',
  'new DOMParser().parseFromString(text, text);',
  'node.srcdoc = text;',
  'eval(text);',
  'new Function(text)();',
  "setTimeout('go()', 1);",
  'setTimeout(`go(${text})`, 1);',
  "setInterval('go()', 1);",
  'node.title = `<b>${text}</b>`;',
  "node.title = '<b>' + text + '</b>';",
  'node.title = `${text}</b>`;',
  "map.bindTooltip('name: ' + text);",
  'map.bindPopup(`name: ${text}`);',
  "map.setContent('name');",
  "node.style = 'color: red';",
  'node.style = text;',
  "node.style.cssText = 'color: red';",
  "node.setAttribute('style', text);",
  "node.setAttribute('onclick', text);",
  'node.onclick = text;',
  "node.href = 'javascript:go()';",
  'fetch(text);',
  'window.fetch(text);',
  'new XMLHttpRequest();',
  "navigator.sendBeacon('x');",
  'import(text);',
  'text.replace(/(?<=a)b/, text);',
  'node.list.toSorted();',
  'console.log(text);',
];
const ALLOWED = [
  "node.textContent = 'a < b and ' + text;",
  'node.style.left = text;',
  "node.setAttribute('aria-label', text);",
  "node.addEventListener('click', () => map.bindTooltip(node));",
  'setTimeout(() => node.remove(), 1);',
  'node.title = `${text} < 5`;',
];

for (const code of BANNED) {
  test('the linter refuses ' + code, async () => {
    const found = await complaints(code);
    assert.ok(found.length > 0);
    assert.doesNotMatch(found.join(), /Parsing error/);
  });
}

for (const code of ALLOWED) {
  test('the linter lets through ' + code, async () => {
    assert.deepEqual(await complaints(code), []);
  });
}
