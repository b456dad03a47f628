// One model at work: its code of the image, as sliders, and what it decodes from them.
(function (sparsevae) {
  "use strict";

  /** The parts of an element, by name. */
  sparsevae.partsOf = function (element) {
    const entries = [...element.querySelectorAll("[data-part]")];
    return Object.fromEntries(entries.map((part) => [part.dataset.part, part]));
  };

  /** Puts options [value, text] in a select; texts are texts, whatever they hold. */
  sparsevae.fillSelect = function (select, options, chosen) {
    select.replaceChildren(
      ...options.map(function ([value, text]) {
        const option = document.createElement("option");
        option.value = value;
        option.textContent = text;
        return option;
      })
    );
    select.value = chosen;
  };

  /**
   * A panel in `host`. `context` has the folder, the study, the templates, `title` of the panel,
   * and `say(text)` for what is read out.
   */
  sparsevae.panel = function (host, context) {
    const element = context.templates.panel.content.firstElementChild.cloneNode(true);
    element.setAttribute("aria-label", context.title);
    host.append(element);
    const parts = sparsevae.partsOf(element);
    const panel = { element, parts, context, model: null, code: null, frame: 0, turn: 0 };
    panel.list = sparsevae.latentList(parts, context.templates.latent, () => refresh(panel));
    panel.random = sparsevae.generator(context.seed);

    parts.model.addEventListener("change", function () {
      offerSizes(panel);
      loadModel(panel);
    });
    parts.size.addEventListener("change", () => loadModel(panel));
    parts.order.addEventListener("change", () => arrange(panel));
    parts.zeros.addEventListener("change", () => arrange(panel));
    parts.reset.addEventListener("click", function () {
      context.ready(panel);
      context.say(`${panel.entry.label}: changes undone.`);
    });
    parts.draw.addEventListener("click", () => drawFromPrior(panel));
    panel.repaint = () => refresh(panel);

    /** Shows a dataset, with the model of the given number, or with none (""). */
    panel.showDataset = function (dataset, images, chosen) {
      panel.dataset = dataset;
      panel.images = images;
      const models = context.study.models.filter((m) => runsOf(panel, m.name).length);
      const options = models.map((model) => [model.name, model.label]);
      if (context.optional) options.unshift(["", "none"]);
      sparsevae.fillSelect(parts.model, options, chosen);
      offerSizes(panel);
      return loadModel(panel);
    };

    /** Another image to walk to; what a reader has changed stays. */
    panel.showTarget = function (b) {
      panel.pair = [panel.pair[0], b];
      refresh(panel);
    };

    /** The codes of images A and B, and A's as what is shown. */
    panel.showImages = function (a, b, live) {
      panel.pair = [a, b];
      if (!panel.model) return;
      const image = panel.images[a];
      if (image.label === null && !panel.model.encode) {
        context.say(`${panel.entry.label} cannot encode in this page; its code stays as it was.`);
        if (panel.code) return;
        a = 0;
        panel.pair = [a, b];
      }
      sparsevae.drawPicture(parts.original, image.pixels, panel.dataset.shape, 255);
      const name = sparsevae.imageName(panel.dataset, image);
      parts.original.setAttribute("aria-label", `Image A: ${name}`);
      setCode(panel, sparsevae.copyCode(codeAt(panel, a)), "Decoded");
      if (!live) arrange(panel); // rows that change places under a pen would not be seen
    };

    panel.showWalk = function (along, t) {
      if (!panel.model) return;
      const [first, second] = panel.pair.map((image) => codeAt(panel, image));
      const caption = t === 0 ? "Decoded" : `${Math.round(100 * t)} % of the way`;
      setCode(panel, sparsevae.walk(first, second, along, t), caption);
    };
    return panel;
  };

  /** The code of an image: of a test image as it was exported, of the reader's as encoded here. */
  function codeAt(panel, index) {
    const { model, images } = panel;
    const image = images[index];
    if (image.label !== null) return model.codes[index];
    if (!model.encode) return model.codes[0];
    if (model.own !== image) [model.own, model.ownCode] = [image, model.encode(image.pixels)];
    return model.ownCode;
  }

  function runsOf(panel, model) {
    return panel.dataset.decoders.filter((decoder) => decoder.model === model);
  }

  function offerSizes(panel) {
    const { parts, dataset } = panel;
    const sizes = runsOf(panel, parts.model.value).map((run) => run.latents);
    const before = Number(parts.size.value);
    const wanted = [before, dataset.shown_latents, ...sizes].find((size) => sizes.includes(size));
    const options = sizes.map((size) => [size, size]);
    sparsevae.fillSelect(parts.size, options, wanted);
    parts.size.disabled = !sizes.length;
  }

  async function loadModel(panel) {
    const { parts, context } = panel;
    const turn = ++panel.turn;
    const size = Number(parts.size.value);
    const run = runsOf(panel, parts.model.value).find((one) => one.latents === size);
    panel.model = null;
    parts.body.hidden = !run;
    if (!run) return;
    panel.entry = context.study.models.find((model) => model.name === run.model);
    panel.element.setAttribute("aria-busy", "true");
    try {
      const record = await sparsevae.load(context.folder, `decoder-${run.file}`);
      if (turn !== panel.turn) return; // another one was picked in the meantime
      panel.model = readModel(record);
      // Black would not be seen on a dark page.
      const black = panel.entry.colour === "#000000";
      const colour = black ? "var(--explorer-muted)" : panel.entry.colour;
      panel.element.style.setProperty("--explorer-model", colour);
      panel.list.build(run.latents, panel.model.limit, panel.entry.label);
      offerPrior(panel);
      context.ready(panel);
    } catch (error) {
      parts.body.hidden = true;
      context.say(`${panel.entry.label}: ${error.message}.`);
    } finally {
      if (turn === panel.turn) panel.element.removeAttribute("aria-busy");
    }
  }

  function readModel(record) {
    const codes = sparsevae.readCodes(record);
    const largest = Math.max(...codes.flatMap((code) => Array.from(code.values, Math.abs)));
    return {
      decode: sparsevae.readDecoder(record.layers),
      encode: record.encoder && sparsevae.readEncoder(record.encoder),
      prior: sparsevae.readPrior(record.prior),
      spikes: record.spike_probs !== null,
      peak: record.peak,
      limit: Math.max(3, Math.ceil(largest * 1.1)),
      codes,
    };
  }

  function offerPrior(panel) {
    const { draw, reason } = panel.parts;
    const { kind, reason: text } = panel.model.prior;
    draw.disabled = kind === "none";
    reason.hidden = kind !== "none";
    reason.textContent = text || "";
  }

  function drawFromPrior(panel) {
    const code = sparsevae.drawCode(panel.model.prior, panel.code.values.length, panel.random);
    setCode(panel, code, "Drawn from the prior");
    arrange(panel);
    panel.context.say(`${panel.entry.label}: a draw from the prior, ${summary(panel)}.`);
  }

  function setCode(panel, code, caption) {
    panel.code = code;
    panel.parts["decoded-caption"].textContent = caption;
    panel.list.code = code;
    refresh(panel);
  }

  /** The order of the rows: by what is shown now, then by what image B has. */
  function arrange(panel) {
    const { code, parts, pair } = panel;
    if (!code) return;
    const now = sparsevae.latentsOf(code).map(Math.abs);
    const next = sparsevae.latentsOf(codeAt(panel, pair[1])).map(Math.abs);
    const order = Array.from(now.keys());
    if (parts.order.value === "size") {
      order.sort((i, j) => now[j] - now[i] || next[j] - next[i] || i - j);
    }
    const start = code.on.slice();
    panel.reach = Math.max(1e-9, ...now, ...next) * 1.05;
    panel.list.arrange(order, (j) => parts.zeros.checked || start[j]);
    refresh(panel);
  }

  /** Everything that shows the code, at the next frame. */
  function refresh(panel) {
    if (!panel.frame) {
      panel.frame = requestAnimationFrame(function () {
        panel.frame = 0;
        if (panel.model && panel.code) paint(panel);
      });
    }
  }

  function paint(panel) {
    const { parts, model, code, dataset } = panel;
    const latents = sparsevae.latentsOf(code);
    sparsevae.drawPicture(parts.decoded, model.decode(latents), dataset.shape, model.peak);
    parts.decoded.setAttribute("aria-label", `Decoded by ${panel.entry.label}`);
    const [first, second] = panel.pair.map((image) => codeAt(panel, image));
    panel.list.show(code, sparsevae.usersOf(first, second), first.spikeProbs);
    const look = getComputedStyle(parts.strip);
    sparsevae.drawStrip(parts.strip, latents, panel.reach, look.color, look.borderTopColor);
    parts.summary.textContent = summary(panel);
    const words = `The code, z1 to z${latents.length}: ${summary(panel)}`;
    parts.strip.setAttribute("aria-label", words);
    const zeros = code.on.reduce((n, on) => n + !on, 0);
    parts["zeros-label"].hidden = !model.spikes && !zeros;
    parts["zeros-text"].textContent = `Show the zeros (${zeros})`;
  }

  function summary(panel) {
    const { on } = panel.code;
    const number = on.reduce((sum, one) => sum + one, 0);
    return `${number} of ${on.length} latents on`;
  }
})((window.sparsevae = window.sparsevae || {}));
