// Data of a study, one script of its folder at a time: a page opened from disk may not fetch files.
(function (sparsevae) {
  "use strict";

  const DIGITS = digits();
  const waiting = new Map(); // name -> {promise, resolve} of what is being loaded

  /** What a data file calls with its own name and its value. */
  sparsevae.take = function (name, value) {
    const entry = waiting.get(name);
    if (!entry) return;
    waiting.delete(name);
    entry.resolve(value);
  };

  /** A promise of the value in `folder`/`name`.js; nothing is kept, a disk is near. */
  sparsevae.load = function (folder, name) {
    if (!waiting.has(name)) {
      const entry = {};
      entry.promise = new Promise(function (resolve, reject) {
        entry.resolve = resolve;
        const fail = function (reason) {
          waiting.delete(name);
          reject(new Error(`${name}.js ${reason}`));
        };
        const script = document.createElement("script");
        script.src = `${folder}/${name}.js`;
        script.onload = function () {
          script.remove();
          if (waiting.get(name) === entry) fail("is damaged");
        };
        script.onerror = () => fail("is missing");
        document.head.append(script);
      });
      waiting.set(name, entry);
    }
    return waiting.get(name).promise;
  };

  /** Numbers of packed text (sparsevae/explorer/packing.py), row by row, as {shape, values}. */
  sparsevae.unpack = function (packed) {
    const { shape, characters, scales, text } = packed;
    const count = shape.reduce((a, b) => a * b, 1);
    const columns = count / shape[0];
    const middle = (Math.pow(91, characters) - 1) / 2;
    const values = new Float32Array(count);
    for (let i = 0, at = 0; i < count; i++) {
      let step = 0;
      for (let k = 0; k < characters; k++) step = step * 91 + DIGITS[text.charCodeAt(at++)];
      values[i] = (step - middle) * scales[Math.floor(i / columns)];
    }
    return { shape, values };
  };

  /** Rows of a packed matrix, as arrays of their own. */
  sparsevae.unpackRows = function (packed) {
    const { shape, values } = sparsevae.unpack(packed);
    return Array.from({ length: shape[0] }, (_, row) =>
      Float64Array.from(values.subarray(row * shape[1], (row + 1) * shape[1]))
    );
  };

  function digits() {
    const table = new Uint8Array(128);
    for (let code = 33, digit = 0; code < 127; code++) {
      if (!'"\\<'.includes(String.fromCharCode(code))) table[code] = digit++;
    }
    return table;
  }
})((window.sparsevae = window.sparsevae || {}));
