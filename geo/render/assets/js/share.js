/* What is shown, as part of the address: a link opens the same view. Whatever an address says is
   held against what there is; what does not fit is passed over in silence. */
(function (geoMap) {
  'use strict';
  const { element, byId, setAttributes } = geoMap.dom;

  const LONGEST = 800;
  /* Browsers refuse too many changes of the address; and a link needs none while things move. */
  const PAUSE = 300;
  const REACH = { lat: [4, 42], lng: [-128, -76], zoom: [3.5, 12] };

  function own(object, key) {
    return Object.prototype.hasOwnProperty.call(object, key);
  }

  /* The parts of an address, each once; text that cannot be read is left out. */
  function split(hash) {
    const found = new Map();
    const text = String(hash).replace(/^#/, '');
    if (text.length > LONGEST) return found;
    for (const piece of text.split('&')) {
      const at = piece.indexOf('=');
      if (at < 1 || found.has(piece.slice(0, at))) continue;
      try {
        found.set(piece.slice(0, at), decodeURIComponent(piece.slice(at + 1)));
      } catch {
        continue;
      }
    }
    return found;
  }

  /* Writes and reads the part of the address behind the "#". */
  function createHash(parts) {
    const { config, series, names, layers = [], clusters = [] } = parts;
    const timed = config.timed;
    const labels = timed ? timed.months.labels : [];

    function monthOf(text) {
      const at = labels.indexOf(text);
      return at < 0 ? undefined : at;
    }

    function categoryOf(text) {
      if (text === 'all') return text;
      const found = /^(event_type|actor_class):(0|[1-9]\d{0,3})$/.exec(text);
      const known = found && timed ? (timed.categories[found[1]] || []).length : 0;
      return found && Number(found[2]) < known ? text : undefined;
    }

    function baseOf(text) {
      const ends = text.split('..').map(monthOf);
      return ends.length === 2 && !ends.includes(undefined) && ends[0] <= ends[1] ? ends : undefined;
    }

    function viewOf(text) {
      const pieces = text.split(',');
      if (pieces.length !== 3 || !pieces.every((one) => /^-?\d{1,3}(\.\d{1,6})?$/.test(one))) return undefined;
      const [lat, lng, zoom] = pieces.map(Number);
      const view = { lat, lng, zoom };
      const isNear = Object.entries(REACH).every(([key, [low, high]]) => view[key] >= low && view[key] <= high);
      return isNear ? view : undefined;
    }

    function measuresOf(level) {
      return config.levels[level].measures.map((measure) => measure.key);
    }

    function areaOf(level, text) {
      const at = names[level].code.indexOf(text);
      return at < 0 ? undefined : at;
    }

    /* What an address asks for that there is, beside a state to start from; null for none of it. */
    function read(hash, from) {
      const said = split(hash);
      const given = {};
      const take = (key, name, check) => {
        const value = said.has(key) ? check(said.get(key)) : undefined;
        if (value !== undefined) given[name] = value;
      };
      const oneOf = (list) => (text) => (list.includes(text) ? text : undefined);
      take('level', 'level', oneOf(Object.keys(config.levels)));
      const level = given.level || from.level;
      take('measure', 'measure', oneOf(measuresOf(level)));
      take('area', 'selected', (text) => areaOf(level, text));
      take('lang', 'language', oneOf(Object.keys(config.words)));
      take('palette', 'palette', (text) => (own(config.palettes || {}, text) ? text : undefined));
      take('view', 'view', viewOf);
      if (timed) {
        take('window', 'window', (text) => timed.spans.find((span) => String(span) === text));
        take('at', 'at', monthOf);
        take('category', 'category', categoryOf);
        take('base', 'base', baseOf);
        take('compare', 'compareAt', monthOf);
        take('split', 'split', (text) => (/^\d\d?$/.test(text) ? geoMap.swipe.within(text / 100) : undefined));
      }
      if (layers.length) {
        take('layers', 'layers', (text) => text.split('.').filter((name) => layers.includes(name)));
        /* A cluster is chosen among those that are shown. */
        if ((given.layers || []).includes('layerScan')) {
          take('cluster', 'cluster', (text) => clusters.find((rank) => String(rank) === text));
        }
      }
      return Object.keys(given).length ? fitted(given, from) : null;
    }

    /* Each value alone may be right and yet not go with the others. */
    function fitted(given, from) {
      const { view, layers: on, ...changes } = given;
      const level = changes.level || from.level;
      const fits = (key) => measuresOf(level).includes(key);
      if (level !== from.level && changes.selected === undefined) changes.selected = -1;
      if (!fits(changes.measure || from.measure)) changes.measure = measuresOf(level)[0];
      const measure = changes.measure || from.measure;
      if (timed) {
        if (geoMap.classes.YEARLY.includes(measure)) changes.window = timed.hotspotSpan;
        if (measure === 'change' && !changes.base && !from.base) changes.measure = measuresOf(level)[0];
        const window = changes.window || from.window;
        changes.at = series.clampAt(changes.at ?? from.at, window);
        if (changes.compareAt !== undefined) {
          changes.compareAt = series.clampAt(changes.compareAt, window);
          changes.compare = true;
        }
      }
      if (on) for (const name of layers) changes[name] = on.includes(name);
      /* A density is one ground for the whole map. */
      if (on && changes.layerDensity && changes.compare) changes.compare = false;
      return { changes, view: view || null };
    }

    function write(state, view) {
      const pieces = [
        ['level', state.level],
        ['measure', state.measure],
      ];
      if (timed) {
        pieces.push(['at', labels[state.at]], ['window', state.window]);
        if (state.category && state.category !== 'all') pieces.push(['category', state.category]);
        if (state.base) pieces.push(['base', state.base.map((at) => labels[at]).join('..')]);
        if (state.compare) pieces.push(['compare', labels[state.compareAt]], ['split', Math.round(100 * state.split)]);
      }
      const on = layers.filter((name) => state[name]);
      if (on.length) pieces.push(['layers', on.join('.')]);
      if (state.layerScan && clusters.includes(state.cluster)) pieces.push(['cluster', state.cluster]);
      if (state.selected >= 0) pieces.push(['area', names[state.level].code[state.selected]]);
      if (state.palette) pieces.push(['palette', state.palette]);
      pieces.push(['lang', state.language]);
      if (view) pieces.push(['view', [view.lat.toFixed(4), view.lng.toFixed(4), view.zoom.toFixed(2)].join(',')]);
      return '#' + pieces.map(([key, value]) => key + '=' + value).join('&');
    }

    return { read, write };
  }

  /* What a link that does not say it means. */
  function usual(state) {
    const { category, base, compare, compareAt, split: divider } = state;
    const all = { selected: -1, cluster: -1, category, base, compare, compareAt, split: divider };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  const TOLD = [
    'level',
    'measure',
    'at',
    'window',
    'category',
    'base',
    'selected',
    'language',
    'compare',
    'compareAt',
    'split',
  ];

  function createShare(parts) {
    const { words, state, camera } = parts;
    const layers = parts.layers.keys;
    const hash = createHash({ ...parts, layers, clusters: parts.layers.ranks() });
    const first = { ...usual(state.all()), ...Object.fromEntries(layers.map((name) => [name, false])) };
    const told = [...TOLD, 'palette', 'playing', 'cluster', ...layers];
    let waiting = 0;
    let written = '';
    let seen = '';

    function text() {
      return hash.write(state.all(), camera.getView());
    }

    function write() {
      clearTimeout(waiting);
      waiting = 0;
      /* An address that was put in a moment ago is still to be read. */
      if (state.get('playing') || location.hash !== seen) return;
      const next = text();
      if (next === written) return;
      written = next;
      try {
        history.replaceState(null, '', next);
      } catch {
        /* Frames without an address of their own have none to change; the link still works. */
        waiting = 0;
      }
      seen = location.hash;
    }

    function later() {
      if (!waiting) waiting = setTimeout(write, PAUSE);
    }

    /* Take up what the address says; true if it said anything. */
    function read() {
      const from = state.all();
      const found = hash.read(location.hash, { ...from, ...first });
      if (!found) return false;
      state.set({ ...first, ...found.changes });
      if (found.view) camera.setView(found.view);
      return true;
    }

    /* From now on the address follows what is shown, and what is shown the address. */
    function start() {
      seen = location.hash;
      state.listen((changed) => {
        if (told.some((key) => changed.has(key))) later();
      });
      window.addEventListener('hashchange', () => {
        if (location.hash === seen) return;
        seen = location.hash;
        if (!read()) later();
      });
      later();
    }

    function link() {
      return location.href.split('#')[0] + text();
    }

    function isHere() {
      return location.protocol === 'file:';
    }

    async function copy() {
      const address = link();
      try {
        await navigator.clipboard.writeText(address);
        geoMap.notice(words.say(isHere() ? 'share.copiedFile' : 'share.copied'));
        return true;
      } catch {
        showLink(address);
        return false;
      }
    }

    function dialogNode() {
      if (byId('geo-link')) return byId('geo-link');
      const made = element('dialog', {
        class: 'about share-dialog',
        id: 'geo-link',
        'aria-labelledby': 'geo-link-title',
      });
      made.addEventListener('keydown', (event) => event.stopPropagation());
      document.body.append(made);
      return made;
    }

    /* Where the browser lends no clipboard, the link stands marked in a field. */
    function showLink(address) {
      const dialog = dialogNode();
      const close = element('button', { class: 'button close', type: 'button' }, '✕');
      setAttributes(close, { 'aria-label': words.say('control.close') });
      close.addEventListener('click', () => dialog.close());
      const field = element('input', { type: 'text', id: 'geo-link-field', value: address });
      field.readOnly = true;
      field.addEventListener('focus', () => field.select());
      dialog.replaceChildren(
        close,
        element('h2', { id: 'geo-link-title' }, words.say('share.title')),
        element('label', { for: 'geo-link-field' }, words.say('share.byHand')),
        field,
        isHere() ? element('p', {}, words.say('share.file')) : '',
      );
      if (!dialog.open) dialog.showModal();
      field.focus();
      field.select();
    }

    return { read, start, moved: later, write, link, copy };
  }

  geoMap.createShare = createShare;
  geoMap.share = { createHash, split };
})((globalThis.geoMap = globalThis.geoMap || {}));
