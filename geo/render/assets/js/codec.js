/* Data blocks: base64 of gzip of JSON or of packed columns, or in a plain page JSON as it is;
   geo/render/codec.py writes them. */
(function (geoMap) {
  'use strict';

  /* A curve is its third differences, in units of its last decimal. */
  const DIFFERENCES = { delta: 1, curve: 3 };
  const CURVE = 1e8;
  /* Numbers of a sparse column above it are written apart from their places. */
  const SMALL = 3;

  function bytesOf(base64) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  }

  async function unzip(bytes) {
    if (typeof DecompressionStream !== 'function') return geoMap.inflate.gunzip(bytes);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /* Varints: 7 bits a byte, lowest first. Numbers stay below 2 ** 53, so doubles hold them. */
  function readVarints(bytes, length) {
    const values = new Float64Array(length);
    let at = 0;
    for (let i = 0; i < length; i++) {
      let value = 0;
      let scale = 1;
      let byte;
      do {
        byte = bytes[at++];
        value += (byte & 127) * scale;
        scale *= 128;
      } while (byte & 128);
      values[i] = value;
    }
    if (at !== bytes.length) throw new Error('a column is not as long as announced');
    return values;
  }

  /* How many numbers there are; then the zeros before each with what it is above 1, and what the
     large ones have beyond that. */
  function readSparse(bytes, length) {
    let count = 0;
    for (const byte of bytes) if (byte < 128) count++;
    const written = readVarints(bytes, count);
    const values = new Float64Array(length);
    const end = written[0] + 1;
    let large = end;
    let at = -1;
    for (let i = 1; i < end; i++) {
      const above = written[i] % (SMALL + 1);
      at += (written[i] - above) / (SMALL + 1) + 1;
      values[at] = (above < SMALL ? above : written[large++] + SMALL) + 1;
    }
    if (large !== count || at >= length) throw new Error('a column is not as long as announced');
    return values;
  }

  function unzigzag(value) {
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }

  function readNumbers(bytes, length) {
    const planes = new Uint8Array(length * 8);
    for (let i = 0; i < length; i++) {
      for (let k = 0; k < 8; k++) planes[i * 8 + k] = bytes[k * length + i];
    }
    const view = new DataView(planes.buffer);
    const values = new Float64Array(length);
    for (let i = 0; i < length; i++) values[i] = view.getFloat64(i * 8, true);
    return values;
  }

  function readColumn(kind, bytes, length) {
    if (kind === 'number') return readNumbers(bytes, length);
    if (kind === 'sparse') return readSparse(bytes, length);
    const values = readVarints(bytes, length);
    if (kind === 'whole') return values;
    if (kind === 'optional') return values.map((value) => (value === 0 ? NaN : value - 1));
    for (let i = 0; i < length; i++) values[i] = unzigzag(values[i]);
    for (let times = DIFFERENCES[kind] || 0; times > 0; times--) {
      for (let i = 1; i < length; i++) values[i] += values[i - 1];
    }
    return kind === 'curve' ? values.map((value) => value / CURVE) : values;
  }

  function readColumns(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = view.getUint32(0, true);
    let at = 4 * (count + 1);
    const streams = [];
    for (let i = 0; i < count; i++) {
      const length = view.getUint32(4 * (i + 1), true);
      streams.push(bytes.subarray(at, at + length));
      at += length;
    }
    const columns = {};
    JSON.parse(new TextDecoder().decode(streams[0])).forEach((column, i) => {
      geoMap.later(columns, column.name, () => readColumn(column.kind, streams[i + 1], column.length));
    });
    return columns;
  }

  /* Null is missing, and [n] stands for n zeros; a curve is written as its numbers. */
  function plainColumn({ kind, values }) {
    const numbers = [];
    for (const value of values) {
      if (Array.isArray(value)) for (let i = 0; i < value[0]; i++) numbers.push(0);
      else numbers.push(value === null ? NaN : value);
    }
    const column = Float64Array.from(numbers);
    if (kind === 'delta') for (let i = 1; i < column.length; i++) column[i] += column[i - 1];
    return column;
  }

  function readText(entry, text) {
    if (new TextEncoder().encode(text).length !== entry.length) {
      throw new Error('block ' + entry.name + ' is not whole');
    }
    const value = JSON.parse(text);
    if (entry.content === 'json') return value;
    return Object.fromEntries(value.map((column) => [column.name, plainColumn(column)]));
  }

  async function readBlock(entry) {
    const node = document.getElementById('geo-block-' + entry.name);
    if (entry.form === 'text') {
      const text = node.textContent;
      node.remove();
      return readText(entry, text);
    }
    const bytes = await unzip(bytesOf(node.textContent.trim()));
    if (bytes.length !== entry.bytes) throw new Error('block ' + entry.name + ' is not whole');
    node.remove();
    return entry.content === 'json' ? JSON.parse(new TextDecoder().decode(bytes)) : readColumns(bytes);
  }

  async function readBlocks(entries) {
    const contents = await Promise.all(entries.map(readBlock));
    return Object.fromEntries(entries.map((entry, i) => [entry.name, contents[i]]));
  }

  geoMap.codec = { bytesOf, unzip, readBlocks, readColumns, readText };
})((globalThis.geoMap = globalThis.geoMap || {}));
