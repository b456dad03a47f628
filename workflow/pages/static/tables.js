// Sorting and filtering of the tables with class "sortable". Without it, they are plain tables.
"use strict";

(function () {
  const numeric = (cell) => {
    const value = cell.dataset.value;
    return value === undefined ? null : Number(value);
  };

  // Numbers by value, text by the reader's alphabet, empty cells last whatever the direction.
  function compare(one, other, direction) {
    const [a, b] = [one.textContent.trim(), other.textContent.trim()];
    if (a === "" || b === "") return (a === "") - (b === "");
    const [x, y] = [numeric(one), numeric(other)];
    const order = x !== null && y !== null ? x - y : a.localeCompare(b, undefined, { numeric: true });
    return direction * order;
  }

  function sortable(table) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        heads.forEach((each) => each.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
        const body = table.tBodies[0];
        const rows = [...body.rows];
        rows.sort((a, b) => compare(a.cells[index], b.cells[index], direction));
        body.append(...rows);
      });
    });
  }

  function field(text, control) {
    const label = document.createElement("label");
    label.append(text, control);
    return label;
  }

  function choices(table, index) {
    const select = document.createElement("select");
    const found = new Set([...table.tBodies[0].rows].map((row) => row.cells[index].textContent));
    const sorted = [...found].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
    select.append(new Option("all", "", true, true));
    sorted.forEach((value) => select.append(new Option(value || "(none)", "=" + value)));
    return select;
  }

  function filterable(table) {
    const rows = [...table.tBodies[0].rows];
    const bar = document.createElement("div");
    bar.className = "filters";
    const search = document.createElement("input");
    search.type = "search";
    bar.append(field("contains", search));
    const selects = [...table.tHead.rows[0].cells]
      .map((head, index) => ({ head, index }))
      .filter(({ head }) => head.dataset.filter === "choice")
      .map(({ head, index }) => {
        const select = choices(table, index);
        bar.append(field(head.textContent.trim(), select));
        return { select, index };
      });
    const count = document.createElement("output");
    count.setAttribute("aria-live", "polite");
    bar.append(count);

    const update = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row) => {
        const text = row.textContent.toLowerCase();
        const kept =
          words.every((word) => text.includes(word)) &&
          selects.every(
            ({ select, index }) =>
              select.value === "" || "=" + row.cells[index].textContent === select.value,
          );
        row.hidden = !kept;
        shown += kept;
      });
      count.value = `${shown} of ${rows.length} rows`;
    };
    search.addEventListener("input", update);
    selects.forEach(({ select }) => select.addEventListener("change", update));
    table.closest(".data-table").prepend(bar);
    update();
  }

  document.querySelectorAll("table.sortable").forEach((table) => {
    filterable(table);
    sortable(table);
  });
})();
