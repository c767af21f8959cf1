import assert from 'node:assert/strict';
import { test } from 'node:test';

import { scripts, wordsOf } from './scripts.mjs';

const { createWords } = scripts('words');
const ALL = { en: wordsOf('en'), es: wordsOf('es') };

const wordsIn = (language, more = {}) => createWords({ language, words: { en: ALL.en, es: ALL.es }, ...more });

function own(texts, language = 'en') {
  return createWords({ language, words: { en: texts, es: texts } });
}

test('a word that is missing is an error that names it', () => {
  assert.throws(() => wordsIn('en').say('no.such.key'), /no words for no\.such\.key/);
});

test('what is filled in is taken as it is and never read as a place to fill again', () => {
  const { say } = own({ k: '{a} and {b}' });

  assert.equal(say('k', { a: '{b}', b: '$& $1 <b>' }), '{b} and $& $1 <b>');
  assert.equal(say('k', { a: 0 }), '0 and {b}');
  assert.equal(say('k'), '{a} and {b}');
});

test('one thing is told from more than one', () => {
  const words = own({ 'n.one': '{n} event', 'n.other': '{n} events' });

  assert.deepEqual(
    [0, 1, 2, 1234].map((n) => words.count('n', n)),
    ['0 events', '1 event', '2 events', '1,234 events'],
  );
});

test('a million in Spanish is more than one', () => {
  assert.equal(own({ 'n.one': 'uno', 'n.other': '{n} eventos' }, 'es').count('n', 1e6), '1,000,000 eventos');
});

test('numbers are written as in the United States and in Mexico: groups by comma, decimals by point', () => {
  for (const language of ['en', 'es']) {
    const { whole, rate, bound } = wordsIn(language);
    assert.equal(whole(1234567), '1,234,567');
    assert.equal(bound(1234.5), '1,234.5');
    assert.equal(rate(1234.567), '1,234.6');
  }
});

test('a rate has as many decimals as say something', () => {
  const { rate } = wordsIn('en');

  assert.deepEqual(
    [0, 12.345, 1.2345, 0.12345, 0.012345, 0.00012345].map((value) => rate(value)),
    ['0', '12.3', '1.23', '0.12', '0.012', '0.00012'],
  );
  assert.equal(rate(1.2345, 100), '1.2');
});

test('a share that is tiny is not written as zero', () => {
  const { share } = wordsIn('en');

  assert.deepEqual(
    [0, 0.0009, 0.001, 0.0499].map((value) => share(value)),
    ['< 0.001', '< 0.001', '0.001', '0.05'],
  );
});

test('a day is the same day in every time zone', () => {
  assert.equal(wordsIn('en').date('2024-03-01'), 'Mar 1, 2024');
  assert.match(wordsIn('es').date('2024-03-01'), /^1 mar\.? 2024$/);
});

test('the last day of a period is the one before its end', () => {
  const days = wordsIn('en').periodDays({ start: '2024-02-01', end: '2024-03-01' });

  assert.match(days, /Feb 1, 2024/);
  assert.match(days, /Feb 29, 2024/);
});

test('periods are named in the language of the reader', () => {
  const named = (language, label) => wordsIn(language).periodName({ label });

  assert.equal(named('en', '2024'), '2024');
  assert.equal(named('en', '2024-09'), 'September 2024');
  assert.equal(named('es', '2024-09'), 'septiembre de 2024');
  for (const language of ['en', 'es']) {
    assert.match(named(language, '2024-Q3'), /3.*2024/);
    assert.match(named(language, '2024-W07'), /7.*2024/);
  }
});

test('only a language that there is can be switched to', () => {
  const words = wordsIn('en');
  words.language = 'fr';
  assert.equal(words.language, 'en');
  words.language = 'es';
  assert.equal(words.language, 'es');
  assert.equal(words.other, 'en');
  assert.equal(words.periodName({ label: '2024-09' }), 'septiembre de 2024');
});

test('a reason without words stands for itself', () => {
  assert.equal(wordsIn('en').reason('new_kind_of'), 'new kind of');
  assert.equal(wordsIn('en').reason('state_only'), 'known only to the state');
});
