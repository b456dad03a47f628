// Data of a study, one script of its folder at a time: a page opened from disk may not fetch files.
(function (sparsevae) {
  "use strict";

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

  /** A packed array (sparsevae/explorer/packing.py), row by row, as {shape, values}. */
  sparsevae.unpack = function ({ shape, scales, steps, values }) {
    if (values) return { shape, values: new Float32Array(bytesOf(values)) };
    const numbers = new Int16Array(bytesOf(steps));
    const columns = numbers.length / scales.length;
    const scaled = Float32Array.from(numbers, (n, i) => n * scales[Math.floor(i / columns)]);
    return { shape, values: scaled };
  };

  /** A buffer from base64; its numbers are little-endian, as every browser's machine is. */
  function bytesOf(text) {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
  }

  /** Rows of a packed matrix, as arrays of their own. */
  sparsevae.unpackRows = function (packed) {
    const { shape, values } = sparsevae.unpack(packed);
    return Array.from({ length: shape[0] }, (_, row) =>
      Float64Array.from(values.subarray(row * shape[1], (row + 1) * shape[1]))
    );
  };
})((window.sparsevae = window.sparsevae || {}));
