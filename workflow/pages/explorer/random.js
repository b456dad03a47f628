// A generator with a seed, and draws from a prior with it.
(function (sparsevae) {
  "use strict";

  /** Numbers in [0, 1): mulberry32, whose state is one 32-bit number. */
  sparsevae.generator = function (seed) {
    let state = seed >>> 0;
    return function () {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = state;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  };

  /** One draw of N(0, 1), by Box and Muller. */
  sparsevae.normal = function (random) {
    return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  };

  /** What a model's record says of its prior, with numbers instead of text. */
  sparsevae.readPrior = function (record) {
    if (record.kind !== "mixture") return record;
    return {
      kind: "mixture",
      means: sparsevae.unpackRows(record.means),
      logVars: sparsevae.unpackRows(record.log_vars),
      spikeProbs: sparsevae.unpackRows(record.spike_probs),
    };
  };

  /** A code from the prior: {values, on}; what is off has the value that its slab would have. */
  sparsevae.drawCode = function (prior, latents, random) {
    const component = prior.kind === "mixture" ? Math.floor(random() * prior.means.length) : 0;
    const values = new Float64Array(latents);
    const on = new Uint8Array(latents).fill(1);
    for (let j = 0; j < latents; j++) {
      values[j] = sparsevae.normal(random);
      if (prior.kind === "spike_and_slab") on[j] = random() < prior.spike_prob ? 1 : 0;
      if (prior.kind === "mixture") {
        const deviation = Math.exp(0.5 * prior.logVars[component][j]);
        values[j] = prior.means[component][j] + deviation * values[j];
        on[j] = random() < prior.spikeProbs[component][j] ? 1 : 0;
      }
    }
    return { values, on };
  };
})((window.sparsevae = window.sparsevae || {}));
