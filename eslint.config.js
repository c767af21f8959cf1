/* The scripts of the map are classic scripts: one page joins them, nothing bundles or translates
   them. What is banned here would let text from data become markup or code, would break the
   page's Content-Security-Policy, or would stop browsers that do without DecompressionStream. */
import js from '@eslint/js';
import globals from 'globals';

const AS_TEXT = 'Build elements with geoMap.dom.element; text from data becomes a text node and nothing else.';
const AS_CODE = 'No text becomes code.';
const AS_STYLE = 'The policy of the page refuses style text; set one property (node.style.left = ...) or a class.';
const OFFLINE = 'The page asks the network for nothing; data come as blocks.';
const TOO_NEW = 'Browsers without DecompressionStream (Safari 15.4, Firefox 104) lack it as well.';

const MARKUP = [
  'innerHTML',
  'outerHTML',
  'insertAdjacentHTML',
  'createContextualFragment',
  'setHTMLUnsafe',
  'parseHTMLUnsafe',
  'srcdoc',
];
const NEWER = ['toSorted', 'toReversed', 'toSpliced', 'groupBy', 'fromAsync', 'isSubsetOf', 'symmetricDifference'];
const NETWORK = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'importScripts'];

const TEXT = ':matches(Literal, TemplateLiteral, BinaryExpression[operator="+"])';

export default [
  { ignores: ['.venv/', 'maps/', 'build/', 'dist/', 'docs/', 'benchmarks/'] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' },
    rules: {
      'no-var': 'error',
      'prefer-const': 'error',
      'one-var': ['error', 'never'],
      eqeqeq: 'error',
    },
  },
  {
    files: ['geo/render/assets/js/*.js'],
    languageOptions: {
      sourceType: 'script',
      ecmaVersion: 2022,
      globals: { ...globals.browser, L: 'readonly' },
    },
    rules: {
      strict: ['error', 'function'],
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-script-url': 'error',
      'no-restricted-globals': [
        'error',
        ...NETWORK.map((name) => ({ name, message: OFFLINE })),
        { name: 'DOMParser', message: AS_TEXT },
      ],
      'no-restricted-properties': [
        'error',
        ...MARKUP.map((property) => ({ property, message: AS_TEXT })),
        { object: 'document', property: 'write', message: AS_TEXT },
        { object: 'document', property: 'writeln', message: AS_TEXT },
        { object: 'navigator', property: 'sendBeacon', message: OFFLINE },
        ...['window', 'globalThis', 'self'].flatMap((object) =>
          NETWORK.map((property) => ({ object, property, message: OFFLINE })),
        ),
        { property: 'cssText', message: AS_STYLE },
        ...NEWER.map((property) => ({ property, message: TOO_NEW })),
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'TemplateElement[value.raw=/<[a-z!\\u002f]/i]', message: AS_TEXT },
        { selector: 'Literal[value=/<[a-z!\\u002f]/i]', message: AS_TEXT },
        {
          selector: `CallExpression[callee.property.name=/^(bindPopup|bindTooltip|setContent|setPopupContent|setTooltipContent)$/] > ${TEXT}.arguments`,
          message: 'Leaflet takes text as HTML; give it an element.',
        },
        {
          selector:
            'CallExpression[callee.property.name=/^setAttribute(NS)?$/] > Literal[value=/^(style|on.*|srcdoc)$/i]',
          message: AS_STYLE + ' Listen with addEventListener.',
        },
        { selector: 'AssignmentExpression > MemberExpression.left[property.name="style"]', message: AS_STYLE },
        { selector: 'AssignmentExpression > MemberExpression.left[property.name=/^on[a-z]+$/]', message: AS_CODE },
        {
          selector: 'CallExpression[callee.name=/^set(Timeout|Interval)$/] > TemplateLiteral.arguments',
          message: AS_CODE,
        },
        { selector: 'ImportExpression', message: OFFLINE },
        { selector: 'Literal[regex.pattern=/\\(\\?<[=!]/]', message: TOO_NEW },
        { selector: 'StaticBlock', message: TOO_NEW },
      ],
    },
  },
  {
    files: ['tests/js/*.mjs', 'eslint.config.js'],
    languageOptions: { sourceType: 'module', ecmaVersion: 2022, globals: globals.node },
  },
];
