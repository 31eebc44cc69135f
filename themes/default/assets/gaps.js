// Filters of a map's table: without this they are links, with it they work together.
"use strict";

const form = document.querySelector("form.filters");
if (form) {
  const { whole, shown, chosen } = form.dataset;
  const table = document.querySelector(".mx");
  const selects = [...form.querySelectorAll("select")];
  const total = table.querySelectorAll("td:not(.gr) a").length;
  let rows;
  document.querySelector("details.filters").remove();
  form.hidden = false;

  form.addEventListener("change", () => {
    const query = new URLSearchParams(selects.filter((select) => select.value).map(({ name, value }) => [name, value])).toString();
    // The page of a part has only that part.
    if (whole) return location.assign(`${whole}?${query}`);
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
    show();
  });
  if (!whole && location.search) restore();
  else if (!whole) say(total);

  function say(n) {
    form.querySelector("output").textContent = shown.replace("{n}", n).replace("{of}", total);
  }

  function restore() {
    const query = new URLSearchParams(location.search);
    for (const select of selects) {
      select.value = query.get(select.name) ?? "";
      if (select.selectedIndex < 0) select.value = "";
    }
    show();
  }

  function read(td) {
    const number = td.querySelector("b");
    const said = td.querySelector(".unseen");
    const letters = td.matches(".ok, .gr") ? "" : td.querySelector("i")?.textContent ?? "";
    return { td, number, said, n: number.textContent, text: said.textContent, letters };
  }

  /** First all is reckoned, then all is written. */
  function show() {
    rows ??= [...table.querySelectorAll("[data-b]")].map((tr) => ({ tr, cells: [...tr.cells].slice(1).map(read) }));
    const want = Object.fromEntries(selects.map(({ name, value }) => [name, value]));
    const some = Object.values(want).some(Boolean);
    const counts = Boolean(want.kind || want.community);
    const community = want.community ? `${form.community.selectedIndex - 1}` : "";
    const letter = want.gap && form.gap.selectedOptions[0].dataset.letter;
    const heads = [...table.tHead.rows[0].cells].slice(1);
    const columns = heads.map(() => !some);
    let left = 0;
    for (const row of rows) {
      row.on = !some;
      row.cells.forEach((cell, at) => {
        const { k, c, o } = cell.td.dataset;
        cell.now = counts ? sum(community ? c : k, community, want.kind) : cell.n;
        cell.on =
          (!want.branch || row.tr.dataset.b === want.branch) &&
          (!counts || cell.now > 0) &&
          (!letter || cell.letters.includes(letter)) &&
          (!want.owner || o === want.owner);
        if (!cell.on) return;
        row.on = columns[at] = true;
        if (!cell.td.matches(".gr, .na")) left += 1;
      });
    }

    table.classList.toggle("part-of", counts);
    heads.forEach((th, at) => (th.hidden = !columns[at]));
    for (const { tr, on, cells } of rows) {
      tr.hidden = !on;
      if (on) cells.forEach(({ td, number, said, now, text, on }, at) => {
        td.hidden = !columns[at];
        td.classList.toggle("off", !on);
        if (!on || number.textContent === `${now}`) return;
        number.textContent = now;
        said.textContent = counts ? `${chosen.replace("{n}", now)} ${text}` : text;
      });
    }
    for (const body of table.tBodies) {
      const section = body.querySelector(".sec th");
      if (section) section.colSpan = columns.filter(Boolean).length + 1;
      body.hidden = !body.querySelector("[data-b]:not([hidden])");
    }
    say(left);
  }
}

/** How many in `practice2 session1`, or in `0session2 1practice1`, are of a kind and of a community. */
function sum(held = "", community, kind) {
  let n = 0;
  for (const [, of, what, count] of held.matchAll(/(\d*)([a-z-]+)(\d+)/g)) {
    if (of === community && (!kind || kind === what)) n += +count;
  }
  return n;
}
