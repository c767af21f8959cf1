/* What every map must say: source, day of access, filters, period, what is counted, what is left
   out and why, method, credits. In short under the map, in full in a dialog. */
(function (geoMap) {
  'use strict';
  const { element, byId, setAttributes, wholeDates } = geoMap.dom;

  function createCaption(parts) {
    const { words, state, config, series, facts, layers } = parts;
    const line = byId('geo-caption-words');
    const about = byId('geo-about');
    const open = byId('geo-about-open');

    open.addEventListener('click', () => {
      drawAbout();
      about.showModal();
    });

    function both(text) {
      return text[words.language];
    }

    function shownEvents() {
      const { at, window } = facts.shownSpan();
      return series.total(state.get('level'), at, window);
    }

    function leftOutNumber(level) {
      return config.account.leftOut[level].reduce((sum, item) => sum + item.number, 0);
    }

    function reasons(items) {
      return items.map((item) => words.whole(item.number) + ' ' + words.reason(item.reason)).join('; ');
    }

    function accessed() {
      if (!config.accessed) return words.say('caption.notStated');
      return /^\d{4}-\d{2}-\d{2}$/.test(config.accessed) ? words.date(config.accessed) : config.accessed;
    }

    function source() {
      const day = accessed();
      return (
        words.say('caption.source', { source: config.source[words.language] }) +
        ' ' +
        words.say('caption.accessed', { day })
      );
    }

    function filters() {
      const list = config.filters.map(both).join('; ') || words.say('caption.none');
      return words.say('caption.filters', { filters: list });
    }

    function counted(level) {
      const items = config.account.leftOut[level];
      const out = leftOutNumber(level);
      const text = words.say('caption.counted.' + level, {
        counted: words.whole(config.account.counted[level]),
        used: words.whole(config.account.used),
      });
      return out
        ? text + ' ' + words.say('caption.leftOut', { number: words.whole(out), reasons: reasons(items) })
        : text;
    }

    function shown() {
      const said = { period: facts.shownName(), events: words.count('caption.events', shownEvents()) };
      const text = series.isStatic
        ? words.say('caption.shown', { ...said, days: words.periodDays(config.period) })
        : words.say('caption.window', said);
      return text + (facts.isComplete() ? '' : ' ' + words.say('note.incomplete'));
    }

    /* Events whose month is not known are in no window. */
    function dateless() {
      const number = config.timed ? config.timed.datelessEvents : 0;
      return number ? words.say('caption.dateless', { number: words.whole(number) }) : '';
    }

    function said(level) {
      const parts_ = [shown(), ...layers.sentences(), counted(level), dateless(), filters(), source()];
      return parts_.filter(Boolean).join(' ');
    }

    function draw() {
      const level = state.get('level');
      line.replaceChildren(
        config.madeUp ? element('strong', { class: 'made-up-word' }, words.say('madeUp.short') + '.') : '',
        ...wholeDates(' ' + said(level)),
      );
      open.textContent = words.say('about.open');
      byId('geo-credit-line').textContent =
        words.say('about.credits') +
        ': ' +
        config.credits
          .map((credit) => credit.name[words.language])
          .filter((name, i, all) => all.indexOf(name) === i)
          .join(' · ');
      if (about.open) drawAbout();
    }

    function section(title, ...content) {
      return element('section', {}, element('h3', {}, title), ...content);
    }

    function table(rows) {
      return element(
        'table',
        {},
        element(
          'tbody',
          {},
          rows.map(([name, number]) =>
            element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, words.whole(number))),
          ),
        ),
      );
    }

    function reasonRows(items) {
      return items.map((item) => ['– ' + words.reason(item.reason), item.number]);
    }

    function accountRows() {
      const account = config.account;
      return [
        [words.say('account.physical'), account.physical],
        [words.say('account.used'), account.used],
        [words.say('account.filtered'), account.filtered],
        ...reasonRows(account.reasons.filtered),
        [words.say('account.quarantined'), account.quarantined],
        ...reasonRows(account.reasons.quarantined),
      ];
    }

    function levelRows(level) {
      return [
        [words.say('account.counted.' + level), config.account.counted[level]],
        ...reasonRows(config.account.leftOut[level]),
      ];
    }

    function details(title, text) {
      /* It scrolls, so that keys must get there, too. */
      const body = element('pre', { tabindex: '0', role: 'region', 'aria-label': title }, text);
      return element('details', {}, element('summary', {}, title), body);
    }

    /* Measures whose classes have names. */
    function labelled() {
      const all = Object.values(config.levels).flatMap(({ measures }) => measures);
      return all.filter(({ kind }) => kind === 'labels').map(({ key }) => key);
    }

    function drawAbout() {
      const close = element(
        'button',
        { class: 'button close', type: 'button', 'aria-label': words.say('control.close') },
        '✕',
      );
      close.addEventListener('click', () => about.close());
      const paragraph = (text) => element('p', { dir: 'auto' }, text);
      about.replaceChildren(
        ...[
          close,
          element('h2', { id: 'geo-about-title' }, words.say('about.title')),
          config.madeUp ? element('p', { class: 'made-up' }, words.say('madeUp.long')) : null,
          section(words.say('about.source'), paragraph(source()), paragraph(filters()), paragraph(shown())),
          section(
            words.say('about.account'),
            table(accountRows()),
            ...Object.keys(config.levels).map((level) => table(levelRows(level))),
          ),
          section(
            words.say('about.method'),
            element(
              'ul',
              {},
              config.method.map((text) => element('li', { dir: 'auto' }, both(text))),
              labelled().map((key) => element('li', {}, words.say('measure.' + key) + ': ' + facts.labelNote(key))),
              layers.methods().map((text) => element('li', { dir: 'auto' }, text)),
              element('li', {}, words.say('about.classes')),
              element('li', {}, words.say('legend.fewDefinition', facts.few())),
            ),
          ),
          section(
            words.say('about.credits'),
            element(
              'ul',
              {},
              config.credits.map((credit) =>
                element(
                  'li',
                  { dir: 'auto' },
                  [credit.text[words.language], credit.licence, credit.url].filter(Boolean).join(' · '),
                ),
              ),
              element('li', {}, words.say('about.software', config.software)),
            ),
          ),
          details(words.say('about.licences'), config.licences.join('\n\n')),
          details(words.say('about.manifest'), JSON.stringify(config.manifest, null, 1)),
        ].filter(Boolean),
      );
    }

    function heading() {
      byId('geo-title').replaceChildren(...wholeDates(both(config.title)));
      byId('geo-subtitle').replaceChildren(...wholeDates(both(config.subtitle)));
      document.title = both(config.title);
      const madeUp = byId('geo-made-up');
      madeUp.hidden = !config.madeUp;
      setAttributes(madeUp, { 'aria-label': words.say('madeUp.short') });
      madeUp.replaceChildren(element('strong', {}, words.say('madeUp.short')), ' ', words.say('madeUp.rest'));
      stamp();
      setAttributes(document.documentElement, { lang: words.language });
    }

    /* The window shown, large over the map. */
    function stamp() {
      byId('geo-stamp').textContent =
        (layers.ground() ? layers.ground().period : facts.shownName()) +
        (layers.ground() || facts.isComplete() ? '' : ' ' + words.say('period.incomplete'));
    }

    /* The lines that go under a picture. */
    function lines() {
      const level = state.get('level');
      return [...(config.madeUp ? [words.say('madeUp.long')] : []), said(level), byId('geo-credit-line').textContent];
    }

    return { draw, heading, stamp, lines };
  }

  geoMap.createCaption = createCaption;
})((globalThis.geoMap = globalThis.geoMap || {}));
