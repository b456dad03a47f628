// The code as a list of sliders: each is a bar from zero, with a switch that sets it to zero.
(function (sparsevae) {
  "use strict";

  const AT_ONCE = 16; // rows; a longer list grows by a button, so that nothing scrolls in the page
  const KEY_STEPS = {
    ArrowRight: 0.02,
    ArrowUp: 0.02,
    ArrowLeft: -0.02,
    ArrowDown: -0.02,
    PageUp: 0.2,
    PageDown: -0.2,
  };
  const USERS = ["", "A", "B", "A B"];
  const USED_BY = ["neither image", "image A only", "image B only", "both images"];

  /**
   * Rows in `parts.latents`, made from `template`; `changed(j)` is called when a reader moved or
   * switched latent j of the code that was shown last.
   */
  sparsevae.latentList = function (parts, template, changed) {
    const list = { rows: [], order: [], wanted: () => true, shown: AT_ONCE, limit: 1 };
    Object.assign(list, { code: null, users: null, spikeProbs: null });

    /** A new set of latents: as many rows as `latents`, for values from -limit to limit. */
    list.build = function (latents, limit, modelName) {
      list.limit = limit;
      list.shown = AT_ONCE;
      list.code = list.users = null;
      list.order = [];
      list.rows = Array.from({ length: latents }, (_, j) =>
        makeRow(list, template, j, modelName, changed)
      );
    };

    /** Sorts the rows; `wanted(j)` says which are shown while their latent is off. */
    list.arrange = function (order, wanted) {
      list.order = order;
      list.wanted = wanted;
      place(list, parts);
    };

    /** Shows a code, the images that use each latent, and image A's spike probabilities or null. */
    list.show = function (code, users, spikeProbs) {
      list.code = code;
      list.users = users;
      list.spikeProbs = spikeProbs;
      place(list, parts);
    };

    parts.more.addEventListener("click", function () {
      const first = list.shown;
      list.shown += AT_ONCE;
      place(list, parts);
      const next = parts.latents.children[first];
      if (next) next.querySelector("input").focus();
    });
    return list;
  };

  function place(list, parts) {
    const { code, users, limit } = list;
    if (!code || !users) return;
    const visible = list.order.filter((j) => list.wanted(j) || code.on[j]);
    const placed = visible.slice(0, list.shown);
    for (const j of placed) {
      fill(list.rows[j], code.values[j], code.on[j], users[j], limit);
      explain(list.rows[j], users[j], list.spikeProbs && list.spikeProbs[j]);
    }
    const items = placed.map((j) => list.rows[j].item);
    const now = parts.latents.children;
    if (items.length !== now.length || items.some((item, i) => item !== now[i])) {
      parts.latents.replaceChildren(...items);
    }
    const left = visible.length - placed.length;
    parts.more.hidden = left <= 0;
    const rest = left <= AT_ONCE ? `${left} more` : `${AT_ONCE} more of ${left}`;
    parts.more.textContent = `Show ${rest}`;
  }

  function makeRow(list, template, j, modelName, changed) {
    const item = template.content.firstElementChild.cloneNode(true);
    const part = (name) => item.querySelector(`[data-part="${name}"]`);
    const row = { item };
    for (const each of ["on", "value", "text", "users"]) row[each] = part(each);
    const name = "z" + (j + 1);
    part("name").textContent = name;
    row.on.setAttribute("aria-label", `Latent ${name} of ${modelName} on`);
    row.value.setAttribute("aria-label", `Latent ${name} of ${modelName}`);
    row.value.min = -list.limit;
    row.value.max = list.limit;
    row.on.addEventListener("change", function () {
      list.code.on[j] = row.on.checked ? 1 : 0;
      changed(j);
    });
    const set = function (value) {
      list.code.values[j] = Math.max(-list.limit, Math.min(list.limit, value));
      list.code.on[j] = 1;
      changed(j);
    };
    row.value.addEventListener("input", () => set(Number(row.value.value)));
    row.value.addEventListener("keydown", function (event) {
      const step = KEY_STEPS[event.key];
      if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault(); // browsers do not agree on how far a key goes without a step
      set((list.code.on[j] ? list.code.values[j] : 0) + step * list.limit);
    });
    return row;
  }

  /** Three digits or so, with a minus sign that is one. */
  function written(value) {
    const size = Math.abs(value);
    return value.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0).replace("-", "\u2212");
  }

  /** One row; of a bar only the ends are set, the style draws it. */
  function fill(row, value, on, users, limit) {
    const shown = on ? value : 0;
    const state = shown + "/" + on + "/" + users;
    if (row.state === state) return;
    row.state = state;
    const end = 0.5 + (0.5 * Math.max(-limit, Math.min(limit, shown))) / limit;
    row.value.value = shown;
    row.value.style.setProperty("--from", Math.min(0.5, end));
    row.value.style.setProperty("--to", Math.max(0.5, end));
    const text = on ? written(value) : "0, off";
    row.value.setAttribute("aria-valuetext", text);
    row.text.textContent = text;
    row.on.checked = Boolean(on);
    row.item.classList.toggle("explorer-off", !on);
    row.users.textContent = USERS[users];
  }

  /** What a pointer that rests on the letters is told. */
  function explain(row, users, spikeProb) {
    let title = `Active in ${USED_BY[users]}`;
    if (spikeProb !== null) title += `; spike probability in image A ${spikeProb.toFixed(2)}`;
    if (row.users.title !== title) row.users.title = title;
  }
})((window.sparsevae = window.sparsevae || {}));
