// An image of the reader's own: drawn with a pointer or the keyboard, or read from a file, and then
// centred and scaled as the training images were.
(function (sparsevae) {
  "use strict";

  const SIDE = 280; // of the pad, in its own pixels
  const PEN = 22; // width of a stroke
  const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  /**
   * Makes the pad of `parts` work. `changed(live)` is called after each change, with true while a
   * stroke goes on; `say(text)` is for what is read out.
   */
  sparsevae.ownImage = function (parts, changed, say) {
    const canvas = parts.pad;
    canvas.width = canvas.height = SIDE;
    const pad = { canvas, empty: true, pen: null, cursor: [SIDE / 2, SIDE / 2] };
    clear(pad);
    const after = function (live) {
      pad.empty = false;
      changed(live);
    };
    byPointer(pad, after);
    byKeyboard(pad, after, () => erase(pad, changed, say));
    parts.clear.addEventListener("click", () => erase(pad, changed, say));
    const open = (file) => file && read(pad, file, after, say);
    parts.file.addEventListener("change", function () {
      open(parts.file.files[0]);
      parts.file.value = ""; // so that the same file can be opened again
    });
    parts.own.addEventListener("dragover", (event) => event.preventDefault());
    parts.own.addEventListener("drop", function (event) {
      event.preventDefault();
      open(event.dataTransfer.files[0]);
    });
    parts.invert.addEventListener("click", function () {
      const context = canvas.getContext("2d");
      context.globalCompositeOperation = "difference";
      context.fillStyle = "#fff";
      context.fillRect(0, 0, SIDE, SIDE);
      context.globalCompositeOperation = "source-over";
      after(false);
    });
    pad.clear = () => clear(pad);
    return pad;
  };

  /** Bytes of the pad, channels first, as an image of a dataset's shape. */
  sparsevae.asTrained = function (pad, dataset) {
    const [channels, height, width] = dataset.shape;
    const small = document.createElement("canvas");
    [small.width, small.height] = [width, height];
    const context = small.getContext("2d", { willReadFrequently: true });
    context.fillStyle = "#000";
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = "high";
    const box = dataset.centred && boxOf(pad);
    if (box) {
      const size = dataset.centred * Math.min(width, height);
      const scale = size / Math.max(box.width, box.height);
      const [wide, tall] = [box.width * scale, box.height * scale];
      const place = [(width - wide) / 2, (height - tall) / 2, wide, tall];
      context.drawImage(pad.canvas, box.left, box.top, box.width, box.height, ...place);
    } else {
      context.drawImage(pad.canvas, 0, 0, width, height);
    }
    const bytes = bytesOf(context.getImageData(0, 0, width, height).data, channels, height * width);
    return box ? massInTheMiddle(bytes, channels, height, width) : bytes;
  };

  function bytesOf(data, channels, size) {
    const bytes = new Uint8Array(channels * size);
    for (let i = 0; i < size; i++) {
      const [red, green, blue] = data.subarray(4 * i, 4 * i + 3);
      if (channels === 1) bytes[i] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
      else [red, green, blue].forEach((value, c) => (bytes[c * size + i] = value));
    }
    return bytes;
  }

  /** Where something is drawn: the box of all pixels above a tenth of white; null if there is none. */
  function boxOf(pad) {
    const data = pad.canvas.getContext("2d").getImageData(0, 0, SIDE, SIDE).data;
    let [left, right, top, bottom] = [SIDE, -1, SIDE, -1];
    for (let y = 0, at = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++, at += 4) {
        if (Math.max(data[at], data[at + 1], data[at + 2]) < 26) continue;
        [left, right] = [Math.min(left, x), Math.max(right, x)];
        [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      }
    }
    if (right < 0) return null;
    return { left, top, width: right - left + 1, height: bottom - top + 1 };
  }

  /** The image moved by whole pixels, so that its centre of mass is in the middle, as MNIST's. */
  function massInTheMiddle(bytes, channels, height, width) {
    let [mass, right, down] = [0, 0, 0];
    bytes.forEach(function (value, at) {
      const place = at % (height * width);
      mass += value;
      right += value * (place % width);
      down += value * Math.floor(place / width);
    });
    if (!mass) return bytes;
    const dx = Math.round((width - 1) / 2 - right / mass);
    const dy = Math.round((height - 1) / 2 - down / mass);
    const moved = new Uint8Array(bytes.length);
    bytes.forEach(function (value, at) {
      const channel = Math.floor(at / (height * width));
      const place = at % (height * width);
      const [x, y] = [(place % width) + dx, Math.floor(place / width) + dy];
      if (x >= 0 && x < width && y >= 0 && y < height) {
        moved[(channel * height + y) * width + x] = value;
      }
    });
    return moved;
  }

  function clear(pad) {
    const context = pad.canvas.getContext("2d");
    context.fillStyle = "#000";
    context.fillRect(0, 0, SIDE, SIDE);
    pad.empty = true;
  }

  function erase(pad, changed, say) {
    clear(pad);
    changed(false);
    say("Your image: empty.");
  }

  function stroke(pad, from, to) {
    const context = pad.canvas.getContext("2d");
    context.strokeStyle = "#fff";
    context.lineWidth = PEN;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  }

  function byPointer(pad, after) {
    const { canvas } = pad;
    const placeOf = function (event) {
      const box = canvas.getBoundingClientRect();
      return [
        ((event.clientX - box.left) * SIDE) / box.width,
        ((event.clientY - box.top) * SIDE) / box.height,
      ];
    };
    canvas.addEventListener("pointerdown", function (event) {
      if (event.button !== 0) return;
      event.preventDefault();
      canvas.focus();
      canvas.setPointerCapture(event.pointerId);
      pad.pen = placeOf(event);
      stroke(pad, pad.pen, pad.pen);
      after(true);
    });
    canvas.addEventListener("pointermove", function (event) {
      if (!pad.pen) return;
      const place = placeOf(event);
      stroke(pad, pad.pen, place);
      pad.pen = pad.cursor = place;
      after(true);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, function () {
        if (!pad.pen) return;
        pad.pen = null;
        after(false);
      });
    }
  }

  /** Arrow keys draw from where the pen is, with Shift they only move it; Escape clears. */
  function byKeyboard(pad, after, erased) {
    pad.canvas.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const step = KEYS[event.key];
      if (!step && event.key !== " " && event.key !== "Escape") return;
      event.preventDefault();
      if (event.key === "Escape") return erased();
      const clamp = (value) => Math.min(SIDE, Math.max(0, value));
      const from = pad.cursor;
      if (step) pad.cursor = from.map((value, axis) => clamp(value + 12 * step[axis]));
      if (event.shiftKey) return;
      stroke(pad, from, pad.cursor);
      after(false);
    });
  }

  /** An image file as large as the pad takes it; ink on a bright sheet becomes white on black. */
  async function read(pad, file, after, say) {
    let picture;
    try {
      picture = await createImageBitmap(file);
    } catch {
      say(`${file.name}: not an image that this browser can read.`);
      return;
    }
    clear(pad);
    const scale = SIDE / Math.max(picture.width, picture.height);
    const [wide, tall] = [picture.width * scale, picture.height * scale];
    const place = [(SIDE - wide) / 2, (SIDE - tall) / 2, wide, tall];
    const context = pad.canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, ...place);
    after(false);
    say(`Your image: ${file.name}.`);
  }
})((window.sparsevae = window.sparsevae || {}));
