/* Every area by keyboard: a list of states and, at that level, one of its municipalities. */
(function (geoMap) {
  'use strict';
  const { element, byId } = geoMap.dom;

  function createFinder(parts) {
    const { words, state, names, country, choose } = parts;
    const node = byId('geo-finder');
    let stateSelect = null, areaSelect = null;

    function list(id, label, first, options) {
      const select = element('select', { id });
      select.append(element('option', { value: '' }, first));
      for (const [i, name] of options) select.append(element('option', { value: i }, name));
      return [element('label', { for: id }, label), select];
    }

    function byName(indices, level) {
      const order = new Intl.Collator(words.language);
      return indices.map((i) => [i, names[level].name[i]]).sort((a, b) => order.compare(a[1], b[1]));
    }

    function municipalities(stateIndex) {
      const found = [];
      country.stateOf.forEach((index, i) => { if (index === stateIndex) found.push(i); });
      return byName(found, 'municipality');
    }

    function fillMunicipalities(stateIndex) {
      const options = stateIndex < 0 ? [] : municipalities(stateIndex);
      areaSelect.replaceChildren(element('option', { value: '' }, words.say('finder.choose')),
        ...options.map(([i, name]) => element('option', { value: i }, name)));
      areaSelect.disabled = !options.length;
    }

    function draw() {
      const focused = document.activeElement ? document.activeElement.id : '';
      const level = state.get('level');
      const states = byName(names.state.name.map((_, i) => i), 'state');
      const [stateLabel, select] = list('geo-find-state', words.say('level.state'), words.say('finder.choose'), states);
      stateSelect = select;
      const content = [element('h2', {}, words.say('finder.title')), stateLabel, stateSelect];
      if (level === 'municipality') {
        const [areaLabel, second] = list('geo-find-area', words.say('level.municipality'), words.say('finder.choose'), []);
        areaSelect = second;
        areaSelect.disabled = true;
        areaSelect.addEventListener('change', () => {
          if (areaSelect.value !== '') choose(Number(areaSelect.value), true);
        });
        content.push(areaLabel, areaSelect);
      } else areaSelect = null;
      stateSelect.addEventListener('change', () => {
        const chosen = stateSelect.value === '' ? -1 : Number(stateSelect.value);
        if (areaSelect) fillMunicipalities(chosen);
        else if (chosen >= 0) choose(chosen, true);
      });
      node.replaceChildren(...content);
      show();
      if (focused.startsWith('geo-find-') && byId(focused)) byId(focused).focus();
    }

    /* Show the chosen area, wherever it was chosen. */
    function show() {
      const selected = state.get('selected');
      if (selected < 0) return;
      const stateIndex = areaSelect ? country.stateOf[selected] : selected;
      if (stateSelect.value !== String(stateIndex)) {
        stateSelect.value = String(stateIndex);
        if (areaSelect) fillMunicipalities(stateIndex);
      }
      if (areaSelect) {
        if (areaSelect.options.length < 2) fillMunicipalities(stateIndex);
        areaSelect.value = String(selected);
      }
    }

    return { draw, show };
  }

  geoMap.createFinder = createFinder;
})((globalThis.geoMap = globalThis.geoMap || {}));
