// The page: a dataset, two images and a walk between them, for two models side by side.
(function (sparsevae) {
  "use strict";

  /** Starts the explorer in its element; the data are in the folder that this names. */
  sparsevae.explore = async function (root) {
    const parts = sparsevae.partsOf(root);
    const templates = { panel: parts.panel, latent: parts.latent };
    const folder = root.dataset.folder;
    try {
      const study = await sparsevae.load(folder, "study");
      if (!study.datasets.length) throw new Error("This study has no dataset of images to explore");
      start({ root, parts, templates, folder, study, dataset: null, a: 0, b: 0, panels: [] });
    } catch (error) {
      parts.note.textContent = error.message + ".";
      parts.note.hidden = false;
    }
  };

  function start(state) {
    const { parts, study } = state;
    parts.controls.hidden = false;
    parts.left.hidden = !study.left_out.length;
    parts.left.textContent = leftOut(study.left_out);
    state.say = (text) => (parts.status.textContent = text);
    const titles = study.models.length > 1 ? ["First model", "Second model"] : ["Model"];
    state.panels = titles.map((title, index) =>
      sparsevae.panel(parts.panels, {
        ...state,
        title,
        seed: index + 1,
        optional: index > 0,
        say: state.say,
        ready: (panel) => showIn(state, panel),
      })
    );
    const datasets = study.datasets.map((dataset, index) => [index, dataset.name]);
    sparsevae.fillSelect(parts.dataset, datasets, 0);
    parts.dataset.addEventListener("change", () => showDataset(state, Number(parts.dataset.value)));
    state.pad = sparsevae.ownImage(parts, (live) => showOwn(state, live), state.say);
    parts.walk.addEventListener("input", () => walk(state));
    parts.along.addEventListener("change", () => walk(state));
    const repaint = () => state.panels.forEach((panel) => panel.repaint());
    window.addEventListener("resize", repaint);
    // What is drawn on canvases does not follow the theme by itself.
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
    new MutationObserver(repaint).observe(document.body, { attributeFilter: ["data-theme"] });
    sparsevae.running = state;
    return showDataset(state, 0);
  }

  /** Which models the limits of a study leave out: all of a few, or the first of many. */
  function leftOut(names) {
    const more = names.length > 10 ? `; and ${names.length - 10} more` : "";
    const limits = "by its limits explorer.max_models and explorer.max_mb";
    return `Left out of this page ${limits}: ${names.slice(0, 10).join("; ")}${more}.`;
  }

  /** A VAE and a VSC of a dataset, or what there is: one without spikes, then one with. */
  function firstModels(study, dataset) {
    const there = new Set(dataset.decoders.map((decoder) => decoder.model));
    const models = study.models.filter((model) => there.has(model.name));
    const names = (family) => models.filter((m) => m.family === family).map((m) => m.name);
    const all = models.map((model) => model.name);
    const first = [...names("vae"), ...names("tcvae"), ...all][0];
    return [first, [...names("vsc"), ...all].find((name) => name !== first) || ""];
  }

  async function showDataset(state, number) {
    const { parts, study, folder } = state;
    const dataset = study.datasets[number];
    try {
      const record = await sparsevae.load(folder, `images-${dataset.images}`);
      if (Number(parts.dataset.value) !== number) return; // another one was picked meanwhile
      state.dataset = dataset;
      state.images = sparsevae.readImages(record, dataset.shape);
    } catch (error) {
      state.say(`${dataset.name}: ${error.message}.`);
      return;
    }
    state.a = 0;
    state.pad.clear();
    // The first image of another class; where there is but one class, the second image.
    const other = state.images.findIndex((image) => image.label !== state.images[0].label);
    state.b = other > 0 ? other : Math.min(1, state.images.length - 1);
    offerImages(state);
    parts.walk.value = 0;
    const shown = state.panels.map((panel, index) =>
      panel.showDataset(dataset, state.images, modelFor(state, panel, index))
    );
    await Promise.all(shown);
  }

  /** The model that a panel goes on with: the one it has, if the dataset has it, too. */
  function modelFor(state, panel, index) {
    const before = panel.parts.model.value;
    const there = state.dataset.decoders.some((decoder) => decoder.model === before);
    const none = panel.dataset && index > 0 && before === "";
    return there || none ? before : firstModels(state.study, state.dataset)[index];
  }

  function offerImages(state) {
    const { parts, images, dataset } = state;
    for (const which of ["a", "b"]) {
      const picked = function (index) {
        state[which] = index;
        if (which === "a") showImages(state);
        else showTarget(state);
        const name = sparsevae.imageName(dataset, images[index]);
        state.say(`Image ${which.toUpperCase()}: ${name}.`);
      };
      const place = parts[`image-${which}`];
      const group = `explorer-image-${which}`;
      sparsevae.imagePicker(place, group, images, dataset, state[which], picked);
    }
  }

  /** The reader's image as image A, or the first image again when the pad is empty. */
  function showOwn(state, live) {
    const { images, dataset, pad, parts } = state;
    const own = images.findIndex((image) => image.label === null);
    const place = own < 0 ? images.length : own;
    for (const input of parts["image-a"].querySelectorAll("input")) {
      input.checked = pad.empty && Number(input.value) === 0;
    }
    if (!pad.empty) images[place] = { label: null, pixels: sparsevae.asTrained(pad, dataset) };
    state.a = pad.empty ? 0 : place;
    state.parts.walk.value = 0;
    describeWalk(state);
    for (const panel of state.panels) panel.showImages(state.a, state.b, live);
  }

  /** Image A as each model codes it, at the start of the walk. */
  function showImages(state) {
    state.parts.walk.value = 0;
    describeWalk(state);
    for (const panel of state.panels) panel.showImages(state.a, state.b);
  }

  /** Another image B: where the walk is, or only which latents it uses. */
  function showTarget(state) {
    for (const panel of state.panels) panel.showTarget(state.b);
    if (Number(state.parts.walk.value) > 0) walk(state);
  }

  /** One model's code where the walk is: of one that has just been loaded, or is reset. */
  function showIn(state, panel) {
    panel.showImages(state.a, state.b);
    if (Number(state.parts.walk.value) > 0) walk(state);
  }

  function walk(state) {
    const t = Number(state.parts.walk.value);
    describeWalk(state);
    for (const panel of state.panels) panel.showWalk(state.parts.along.value, t);
  }

  function describeWalk(state) {
    const t = Number(state.parts.walk.value);
    const words = `${Math.round(100 * t)} % of the way from A to B`;
    state.parts.walk.setAttribute("aria-valuetext", words);
  }

  function begin() {
    const root = document.querySelector(".explorer[data-folder]");
    if (root) sparsevae.explore(root);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})((window.sparsevae = window.sparsevae || {}));
