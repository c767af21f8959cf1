/* Words, numbers and dates in the language of the reader. */
(function (geoMap) {
  'use strict';

  const LOCALES = { en: 'en-US', es: 'es-MX' };

  function createWords(config) {
    let language = config.language;

    function say(key, fills) {
      const text = config.words[language][key];
      if (text === undefined) throw new Error('no words for ' + key);
      return text.replace(/\{(\w+)\}/g, (slot, name) => (fills && name in fills ? String(fills[name]) : slot));
    }

    /* Words for a number of things: the key with the plural category of the language behind it. */
    function count(key, n) {
      const category = new Intl.PluralRules(LOCALES[language]).select(n) === 'one' ? 'one' : 'other';
      return say(key + '.' + category, { n: whole(n) });
    }

    /* Making a format is slow; each is made once. */
    const formats = new Map();

    function formatOf(kind, options) {
      const key = kind + language + JSON.stringify(options || {});
      if (!formats.has(key)) formats.set(key, new Intl[kind](LOCALES[language], options));
      return formats.get(key);
    }

    function number(value, options) {
      return formatOf('NumberFormat', options).format(value);
    }

    function whole(value) {
      return number(value, { maximumFractionDigits: 0 });
    }

    /* A rate with as many decimals as say something. */
    function rate(value, like) {
      const size = Math.abs(like === undefined ? value : like);
      if (value === 0) return whole(0);
      if (size >= 10) return number(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
      if (size >= 0.1) return number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
      return number(value, { maximumSignificantDigits: 2 });
    }

    /* A bound of a class, in full. */
    function bound(value) {
      return number(value, { maximumSignificantDigits: 12 });
    }

    /* A q-value: never shown as zero. */
    function share(value) {
      if (value < 0.001) return '< ' + number(0.001, { maximumFractionDigits: 3 });
      return number(value, { maximumFractionDigits: 3 });
    }

    function date(iso, options) {
      const [year, month, day] = iso.split('-').map(Number);
      const format = options || { day: 'numeric', month: 'short', year: 'numeric' };
      return formatOf('DateTimeFormat', { ...format, timeZone: 'UTC' }).format(
        new Date(Date.UTC(year, month - 1, day)),
      );
    }

    function dayBefore(iso) {
      const [year, month, day] = iso.split('-').map(Number);
      return new Date(Date.UTC(year, month - 1, day - 1)).toISOString().slice(0, 10);
    }

    /* The name of a period: its label, spelled out. */
    function periodName(period) {
      const label = period.label;
      let found;
      if ((found = /^(\d{4})-Q([1-4])$/.exec(label))) {
        return say('period.quarter', { quarter: found[2], year: found[1] });
      }
      if ((found = /^(\d{4})-W(\d{2})$/.exec(label))) {
        return say('period.week', { week: Number(found[2]), year: found[1] });
      }
      if (/^\d{4}-\d{2}-\d{2}$/.test(label)) {
        return say('period.weekOf', { day: date(label, { day: 'numeric', month: 'long', year: 'numeric' }) });
      }
      if (/^\d{4}-\d{2}$/.test(label)) return date(label + '-01', { month: 'long', year: 'numeric' });
      return label;
    }

    /* A share as a percentage. */
    function percent(value) {
      return number(100 * value, { maximumFractionDigits: value > 0 && value < 0.1 ? 1 : 0 }) + ' %';
    }

    /* The name of a month: "September 2024". */
    function monthName(label) {
      return date(label + '-01', { month: 'long', year: 'numeric' });
    }

    /* The name of the window that ends with a month; of a map of one period, that period. */
    function windowName(at, window) {
      if (!config.timed) return periodName(config.period);
      const { labels } = config.timed.months;
      const last = labels[at];
      if (window === 1) return monthName(last);
      const first = labels[at + 1 - window];
      if (window === 12 && first.endsWith('-01')) return last.slice(0, 4);
      if (first.slice(0, 4) === last.slice(0, 4)) {
        return say('window.sameYear', { first: date(first + '-01', { month: 'long' }), last: monthName(last) });
      }
      return say('window.twoYears', { first: monthName(first), last: monthName(last) });
    }

    /* A category: ACLED's types and the classes of actors have names of their own in each language. */
    function categoryName(category) {
      const [split, k] = category.split(':');
      return nameOf(config.timed.categories[split][Number(k)]);
    }

    function nameOf(word) {
      const key = 'label.' + word;
      return key in config.words[language] ? say(key) : word;
    }

    function baseName(base) {
      return base ? windowName(base[1], base[1] - base[0] + 1) : '';
    }

    function periodDays(period) {
      return say('period.days', { first: date(period.start), last: date(dayBefore(period.end)) });
    }

    function reason(word) {
      const key = 'reason.' + word;
      return key in config.words[language] ? say(key) : word.replaceAll('_', ' ');
    }

    return {
      say,
      count,
      number,
      whole,
      rate,
      bound,
      share,
      date,
      percent,
      categoryName,
      nameOf,
      baseName,
      monthName,
      windowName,
      periodName,
      periodDays,
      reason,
      get language() {
        return language;
      },
      get other() {
        return language === 'es' ? 'en' : 'es';
      },
      set language(next) {
        if (config.words[next]) language = next;
      },
    };
  }

  geoMap.createWords = createWords;
})((globalThis.geoMap = globalThis.geoMap || {}));
