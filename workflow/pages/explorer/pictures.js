// Pictures on canvases, as many pixels as they have; the style makes them larger.
(function (sparsevae) {
  "use strict";

  /** Draws values (channels first, 0 to `peak`) of a shape (1 or 3 channels, height, width). */
  sparsevae.drawPicture = function (canvas, values, shape, peak) {
    const [channels, height, width] = shape;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext("2d");
    const picture = context.createImageData(width, height);
    const size = height * width;
    for (let i = 0; i < size; i++) {
      for (let c = 0; c < 3; c++) {
        const value = values[channels === 3 ? c * size + i : i];
        picture.data[4 * i + c] = Math.round((255 * value) / peak); // clamped by its array
      }
      picture.data[4 * i + 3] = 255;
    }
    context.putImageData(picture, 0, 0);
  };

  /** The images of a record: their bytes, one array each. */
  sparsevae.readImages = function (record, shape) {
    const bytes = Uint8Array.from(atob(record.pixels), (character) => character.charCodeAt(0));
    const size = shape[0] * shape[1] * shape[2];
    return record.labels.map((label, image) => ({
      label,
      pixels: bytes.subarray(image * size, (image + 1) * size),
    }));
  };

  /**
   * The whole code at a glance: one bar a latent, up or down from the middle, by number.
   *
   * `colour` of the bars and `faint` of the line in the middle; `limit` reaches the edge.
   */
  sparsevae.drawStrip = function (canvas, latents, limit, colour, faint) {
    const ratio = window.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, width, height);
    context.fillStyle = faint;
    context.fillRect(0, Math.round(height / 2) - 1, width, Math.max(1, Math.round(ratio)));
    context.fillStyle = colour;
    const step = width / latents.length;
    const bar = Math.max(1, Math.min(step * 0.75, 14 * ratio));
    latents.forEach(function (value, j) {
      if (value === 0) return;
      const share = Math.max(-1, Math.min(1, value / limit));
      const tall = Math.max(ratio, (Math.abs(share) * height) / 2);
      const top = share > 0 ? height / 2 - tall : height / 2;
      context.fillRect(j * step + (step - bar) / 2, top, bar, tall);
    });
  };
})((window.sparsevae = window.sparsevae || {}));
