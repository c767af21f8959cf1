/* Loads scripts of the page as the page does: one after another, on one shared object. */
import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';

const FOLDER = new URL('../../geo/render/assets/js/', import.meta.url);

export function scripts(...names) {
  for (const name of names) {
    const path = new URL(name + '.js', FOLDER);
    runInThisContext(readFileSync(path, 'utf8'), { filename: path.pathname });
  }
  return globalThis.geoMap;
}

/* The words of a language, as the configuration of a page holds them. */
export function wordsOf(language) {
  return JSON.parse(readFileSync(new URL('../../i18n/' + language + '.json', FOLDER), 'utf8'));
}
