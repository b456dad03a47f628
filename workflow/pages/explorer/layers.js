// Decoders and encoders as lists of layers (sparsevae/explorer/layers.py).
(function (sparsevae) {
  "use strict";

  /** A function through all layers; the array that it returns is used again. */
  sparsevae.readLayers = function (records) {
    const layers = records.map((record) => READERS[record.kind](record));
    return function (values) {
      return layers.reduce((between, layer) => layer(between), values);
    };
  };

  /** A function from latents to E[x|z], channels first. */
  sparsevae.readDecoder = sparsevae.readLayers;

  const READERS = {
    linear(record) {
      const weight = sparsevae.unpack(record.weight).values;
      const bias = sparsevae.unpack(record.bias).values;
      const out = new Float64Array(bias.length);
      return function (values) {
        out.set(bias);
        for (let i = 0, row = 0; i < values.length; i++, row += out.length) {
          const value = values[i];
          if (value === 0) continue; // latents that are off, hidden units that do not fire
          for (let k = 0; k < out.length; k++) out[k] += value * weight[row + k];
        }
        return out;
      };
    },

    relu() {
      return function (values) {
        for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
        return values;
      };
    },

    /** Windows of 3 x 3 around every second pixel, over all input maps. */
    downsample(record) {
      const { shape, values: weight } = sparsevae.unpack(record.weight);
      const bias = sparsevae.unpack(record.bias).values;
      const [outputs, inputs] = shape;
      const [height, width] = record.size;
      const [tall, wide] = [Math.ceil(height / 2), Math.ceil(width / 2)];
      const out = new Float64Array(outputs * tall * wide);

      function window(values, o, row, column) {
        let sum = bias[o];
        for (let k = 0; k < 3; k++) {
          const y = 2 * row - 1 + k;
          if (y < 0 || y >= height) continue;
          for (let l = 0; l < 3; l++) {
            const x = 2 * column - 1 + l;
            if (x < 0 || x >= width) continue;
            for (let i = 0; i < inputs; i++) {
              sum += values[(i * height + y) * width + x] * weight[9 * (o * inputs + i) + 3 * k + l];
            }
          }
        }
        return sum;
      }

      return function (values) {
        for (let o = 0, at = 0; o < outputs; o++) {
          for (let row = 0; row < tall; row++) {
            for (let column = 0; column < wide; column++, at++) {
              out[at] = window(values, o, row, column);
            }
          }
        }
        return out;
      };
    },

    /** Each value of a map adds a window of 3 x 3, around every second pixel, to each output. */
    upsample(record) {
      const { shape, values: weight } = sparsevae.unpack(record.weight);
      const bias = sparsevae.unpack(record.bias).values;
      const [inputs, outputs] = shape;
      const [height, width] = record.size;
      const [tall, wide] = record.to;
      const out = new Float64Array(outputs * tall * wide);

      function addWindow(value, at, row, column) {
        for (let k = 0; k < 3; k++) {
          const y = 2 * row - 1 + k;
          if (y < 0 || y >= tall) continue;
          for (let l = 0; l < 3; l++) {
            const x = 2 * column - 1 + l;
            if (x < 0 || x >= wide) continue;
            for (let o = 0; o < outputs; o++) {
              out[(o * tall + y) * wide + x] += value * weight[at + 9 * o + 3 * k + l];
            }
          }
        }
      }

      return function (values) {
        for (let o = 0; o < outputs; o++) out.fill(bias[o], o * tall * wide, (o + 1) * tall * wide);
        for (let i = 0, at = 0; i < inputs; i++) {
          for (let row = 0; row < height; row++) {
            for (let column = 0; column < width; column++, at++) {
              if (values[at] !== 0) addWindow(values[at], 9 * outputs * i, row, column);
            }
          }
        }
        return out;
      };
    },

    mean(record) {
      const mean = MEANS[record.of];
      return (values) => values.map(mean);
    },
  };

  const sigmoid = (a) => 1 / (1 + Math.exp(-a));
  const MEANS = {
    sigmoid,
    // p / (2p - 1) + 1 / (2 atanh(1 - 2p)) with p = sigmoid(a); 1/2 + a/12 near a = 0.
    continuous_bernoulli: (a) =>
      Math.abs(a) < 1e-2 ? 0.5 + a / 12 : sigmoid(a) / Math.tanh(a / 2) - 1 / a,
  };
})((window.sparsevae = window.sparsevae || {}));
