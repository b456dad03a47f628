// Codes: latents with a value each, on or off. One that is off is an exact zero.
(function (sparsevae) {
  "use strict";

  /** What a model's record says of the images: a code of each, and which latents it uses. */
  sparsevae.readCodes = function (record) {
    const spikes = record.spike_probs && sparsevae.unpackRows(record.spike_probs);
    return sparsevae.unpackRows(record.means).map(function (values, image) {
      const active = Uint8Array.from(record.active[image], Number);
      // Without spikes nothing is off: `active` then are the latents that matter most.
      const on = spikes ? active.slice() : new Uint8Array(values.length).fill(1);
      return { values, on, active, spikeProbs: spikes ? spikes[image] : null };
    });
  };

  /** z: the values, with exact zeros where a latent is off. */
  sparsevae.latentsOf = function (code) {
    return code.values.map((value, j) => (code.on[j] ? value : 0));
  };

  sparsevae.copyCode = function (code) {
    return { values: code.values.slice(), on: code.on.slice() };
  };

  /** Who uses each latent: 3 both codes, 1 the first alone, 2 the second alone, 0 none. */
  sparsevae.usersOf = function (first, second) {
    return first.active.map((active, j) => active + 2 * second.active[j]);
  };

  /**
   * A code on the way from the first (t = 0) to the second (t = 1) of two images' codes.
   *
   * all: every latent goes. shared: those that both use go, and the first's own stay as they are.
   * own: the first's own fade out, the second's own fade in, and the shared ones stay. In the last
   * two what neither uses is 0, as in the figure (sparsevae/pictures/interpolation.py).
   */
  sparsevae.walk = function (first, second, along, t) {
    const [from, to] = [sparsevae.latentsOf(first), sparsevae.latentsOf(second)];
    const users = sparsevae.usersOf(first, second);
    const between = (a, b) => a + t * (b - a);
    const latents = from.map(function (value, j) {
      if (along === "all") return between(value, to[j]);
      if (users[j] === 3) return along === "shared" ? between(value, to[j]) : value;
      if (users[j] === 1) return along === "shared" ? value : between(value, 0);
      return users[j] === 2 && along === "own" ? between(0, to[j]) : 0;
    });
    // What a reader gets who switches a latent on: the slab of the image that is nearer.
    const nearer = t < 0.5 ? first : second;
    const values = latents.map((value, j) => (value === 0 ? nearer.values[j] : value));
    return { values, on: Uint8Array.from(latents, (value) => (value === 0 ? 0 : 1)) };
  };
})((window.sparsevae = window.sparsevae || {}));
