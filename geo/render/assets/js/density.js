/* The density of events: the ground between lines of equal density, in place of the colors of the
   areas. It comes as rings above each bound, painted one over the other. */
(function (geoMap) {
  'use strict';
  const { INK } = geoMap.patterns;

  const LINE = 'rgba(46, 26, 18, .62)';

  /* The rings above each bound as one path; a ring within another is a hole. */
  function pathsOf(block, levels, origin) {
    const paths = Array.from({ length: levels }, () => new Path2D());
    let at = 0;
    for (let r = 0; r < block.length.length; r++) {
      const path = paths[block.level[r]];
      const end = at + block.length[r];
      path.moveTo(block.x[at] - origin.x, block.y[at] - origin.y);
      for (at++; at < end; at++) path.lineTo(block.x[at] - origin.x, block.y[at] - origin.y);
      path.closePath();
    }
    return paths;
  }

  function createDensity(parts) {
    const { words, state, config, block, origin, country } = parts;
    const given = config.layers.density;
    const { bounds } = given;
    const probe = document.createElement('canvas').getContext('2d');
    let paths = null;
    let land = null;

    function build() {
      if (paths) return;
      paths = pathsOf(block, bounds.length, origin);
      land = new Path2D();
      for (const shape of country.shapes.state) land.addPath(shape.path);
    }

    function colors() {
      return config.palettes[state.get('palette')][bounds.length + 1];
    }

    function draw(context, view) {
      build();
      const shades = colors();
      context.save();
      context.clip(land);
      context.fillStyle = shades[0];
      context.fill(land);
      paths.forEach((path, k) => {
        context.fillStyle = shades[k + 1];
        context.fill(path, 'evenodd');
      });
      context.strokeStyle = LINE;
      context.lineWidth = 0.9 / view.scale;
      for (const path of paths) context.stroke(path);
      context.restore();
      context.strokeStyle = INK.outer;
    }

    /* The class at a place of the grid; -1 off the land. */
    function classAt(x, y) {
      build();
      if (!probe.isPointInPath(land, x, y)) return -1;
      let k = 0;
      while (k < paths.length && probe.isPointInPath(paths[k], x, y, 'evenodd')) k++;
      return k;
    }

    function className(k) {
      if (!bounds.length) return words.say('density.same');
      if (k === 0) return words.say('class.upTo', { high: words.bound(bounds[0]) });
      const low = words.bound(bounds[k - 1]);
      return k === bounds.length
        ? words.say('density.over', { low })
        : words.say('class.above', { low, high: words.bound(bounds[k]) });
    }

    function windowName() {
      return geoMap.layers.daysName(words, given.start, given.end);
    }

    /* The classes, highest first: color, name, share of the land. */
    function rows() {
      const list = colors().map((color, k) => ({
        color,
        name: className(k),
        number: words.say('density.share', { share: words.percent(given.shares[k]) }),
        share: given.shares[k],
      }));
      return list.reverse();
    }

    function reasons() {
      return given.leftOut
        .map(({ reason, number }) => words.whole(number) + ' ' + words.say('density.left.' + reason))
        .join('; ');
    }

    function bandwidth() {
      return words.number(given.bandwidthKm, { maximumFractionDigits: 1 });
    }

    /* What it is, in one sentence for the caption. */
    function sentence() {
      return words.say('density.sentence', {
        window: windowName(),
        events: words.whole(given.events),
        km: bandwidth(),
      });
    }

    function method() {
      const left = given.leftOut.reduce((sum, { number }) => sum + number, 0);
      return [
        words.say('density.method', {
          window: windowName(),
          events: words.whole(given.events),
          kernel: words.say('density.kernel.' + given.kernel),
          km: bandwidth(),
          chosen: words.say('density.chosen.' + given.chosen),
        }),
        given.adaptive ? words.say('density.adaptive') : '',
        left ? words.say('caption.leftOut', { number: words.whole(left), reasons: reasons() }) : '',
      ]
        .filter(Boolean)
        .join(' ');
    }

    return {
      key: 'layerDensity',
      name: 'density',
      draw,
      classAt,
      className,
      windowName,
      title: () => words.say('layer.density'),
      unit: () => words.say('density.unit'),
      rows,
      notes: () => [sentence(), words.say('density.note')],
      sentence,
      method,
    };
  }

  geoMap.createDensity = createDensity;
})((globalThis.geoMap = globalThis.geoMap || {}));
