// The encoder: from pixels to the code of an image that a reader brings (sparsevae/explorer/
// encoder_record.py).
(function (sparsevae) {
  "use strict";

  /** A function from bytes of an image, channels first, to its code, as `readCodes` has them. */
  sparsevae.readEncoder = function (record) {
    const features = sparsevae.readLayers(record.layers);
    const mean = sparsevae.readLayers([record.mean]);
    const spike = record.spike && sparsevae.readLayers([record.spike]);
    const probability = SPIKE_HEADS[record.spike_head];
    return function (pixels) {
      const seen = features(scaled(pixels, record.scale));
      const values = Float64Array.from(mean(seen));
      if (record.kept) return largest(values, record.kept);
      if (!spike) return withoutSpikes(values);
      const logits = Float64Array.from(spike(seen));
      const active = Uint8Array.from(logits, (v) => (v > record.spike_bound ? 1 : 0));
      return { values, on: active.slice(), active, spikeProbs: logits.map(probability) };
    };
  };

  const SPIKE_HEADS = {
    sigmoid: (v) => 1 / (1 + Math.exp(-v)),
    clipped: (v) => Math.exp(-Math.max(0, -v)),
  };

  /** Pixels in [0, 1], or the image divided by its length. */
  function scaled(pixels, scale) {
    const values = Float64Array.from(pixels, (byte) => byte / 255);
    if (scale !== "unit_norm") return values;
    const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    return values.map((value) => value / Math.max(length, 1e-12));
  }

  /** The largest positive values; the others are off (sparsevae/models/sparse/topk.py). */
  function largest(values, kept) {
    const order = Array.from(values.keys()).sort((i, j) => values[j] - values[i]);
    const on = new Uint8Array(values.length);
    for (const j of order.slice(0, kept)) on[j] = values[j] > 0 ? 1 : 0;
    const positive = values.map((value) => Math.max(0, value));
    return { values: positive, on, active: on.slice(), spikeProbs: null };
  }

  /** All latents are on; active are the fewest that hold 0.9 of the code's squared length. */
  function withoutSpikes(values) {
    const order = Array.from(values.keys()).sort((i, j) => values[j] ** 2 - values[i] ** 2);
    const whole = values.reduce((sum, value) => sum + value * value, 0);
    const active = new Uint8Array(values.length);
    let before = 0;
    for (const j of order) {
      if (before >= 0.9 * whole) break;
      active[j] = 1;
      before += values[j] ** 2;
    }
    return { values, on: new Uint8Array(values.length).fill(1), active, spikeProbs: null };
  }
})((window.sparsevae = window.sparsevae || {}));
