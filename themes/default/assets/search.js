// What readers see of search: its page, or the box over any other page. site.js is there before it.
"use strict";
{
const site = new URL("..", find.href).href;
const page = document.querySelector("form.search");
const box = page ?? document.querySelector(".search-box");
const part = (name) => box.querySelector(name);
const field = part("[name=q]");
const RECENT = "folkmoot-searches";
const PAGE = 10;
const opened = (stamp) => folkmootSearch(`${site}search/`, stamp);
let index = opened();
let root, texts, ask, show, turn = 0;

const addressOf = (text) => `${find.href}?q=${encodeURIComponent(text)}`;
const linkTo = (text) => make("a.hit", { href: addressOf(text) }, make("bdi", text));
const recent = () => kept(RECENT) ?? [];

/** Asks and shows after some milliseconds; what a later call overtakes waits for ever. */
async function draw(ms, again) {
  const mine = ++turn;
  const rest = (ms) => new Promise((go) => setTimeout(() => mine === turn && go(), ms));
  try {
    await rest(ms);
    index = await index;
    ({ texts } = root = index.root);
    const [options, most] = ask();
    const answer = options ? await index.find(field.value.replace(/[“”„«»]/g, '"'), options) : null;
    const rows = await Promise.all(answer?.results.slice(0, most).map((result) => rowOf(answer, result)) ?? []);
    await rest();
    box.dataset.state = answer ? "found" : "empty";
    part(".search-notes").replaceChildren(make("div", answer && notesOn(answer)));
    show(answer, rows);
    // Told once the reader pauses.
    await rest(300);
    const n = answer?.results.length;
    part("[role=status]").textContent = answer ? fill([texts.none, texts.result][n] ?? texts.results, { n }) : texts.recent;
  } catch {
    if (mine !== turn) return;
    // A file that is gone tells of a site that was published meanwhile.
    if (again !== true) return draw(0, true, (index = opened(`?${Date.now()}`)));
    box.dataset.state = "failed";
    // The box leads to the page, where the lists are.
    box.firstChild.submit?.();
  }
}

/** Words not found or read as others; with little, known gaps; with nothing, ways on. */
function notesOn({ wanted, gaps, results: { length } }) {
  const told = wanted.map(({ text: word, known, near: [near] }) => {
    const note = known ? near && texts.read_as : texts.unknown;
    return note && fill(note, { word, near });
  });
  const notes = Array.from(new Set(told), (note) => note && make("p", note));
  for (const [title, path] of length < 4 ? gaps : []) {
    const ask = make("a.missing-ask", { href: site + path }, texts.gap_ask);
    notes.push(make("p.missing", make("span.missing-what", fill(texts.gap, { title })), ask));
  }
  if (length) return notes;
  const meant = wanted.some(({ near }) => near[0]) && linkTo(wanted.map(({ text, near: [near = text] }) => near).join(" "));
  const href = root.ask.replace("{query}", encodeURIComponent(field.value));
  return [meant && make("p", texts.meant, " ", meant), notes, href && make("p", make("a", { href }, texts.ask))];
}

/** An entry and up to three places in it, with passages, or else with what matches. */
async function rowOf(answer, { entry, section }) {
  const [path, title, number, datetime, word, series, summary, sections] = await index.row(entry);
  const kind = root.kinds[number];
  const pieces = (text) => index.pieces(answer, text);
  const marked = (text) => make("bdi", pieces(text).map((piece, at) => (at % 2 ? make("mark", piece) : piece)));
  const passage = (text) => text && make("p.row-summary", marked(text));
  const date = datetime && new Intl.DateTimeFormat(language, texts.date).formatToParts(new Date(datetime));
  const facts = make(
    "span.row-facts",
    make("span", make(`span.mark.mark-${kind}`), texts.kinds[kind]),
    word && make(`span.state.state-${texts.states[word]}`, word),
    series && make("bdi", series),
    date && make(`time.date-${kind}`, { datetime }, date.map(({ type, value }) => make(`span.leaf-${type}`, value))),
  );
  const named = sections.filter(([, name]) => pieces(name)[1]);
  const places = [...new Set(sections.slice(section - 1, section).concat(named))].slice(0, 3);
  const words = new Set(answer.wanted.flatMap(({ text, known, near: [near = text] }) => (known ? near : [])));
  return make(
    "li.row",
    make("a.hit", { href: site + path }, make("span.row-title", marked(title)), facts),
    passage(!places[0]?.[2] && summary),
    places.map(([anchor, name, opening, time]) => [
      make("a.hit.hit-place", { href: `${site}${path}#${anchor}` }, time && make("span.at", time), marked(name)),
      passage(opening),
    ]),
    // Seen where nothing is marked.
    words.size && make("p.quiet", fill(texts.matches, { words: [...words].join(", ") })),
  );
}

/** The page; its address holds all that is asked. */
function usePage() {
  const groups = page.querySelectorAll(".facet");
  const start = (ms) => draw(ms, (shown = PAGE));
  let shown, query;

  function read() {
    query = new URLSearchParams(location.search);
    page.reset();
    field.value = query.get("q");
    page.order.checked = query.has("order");
    for (const group of groups) group.open ||= query.has(group.id);
    start();
  }

  ask = () => {
    query.set("q", field.value);
    history.replaceState(0, "", `?${query}`);
    const asked = Array.from(groups, ({ id }) => [id, query.getAll(id)]);
    const narrow = asked.some(([, ids]) => ids[0]);
    part(".found-clear").href = addressOf(field.value);
    const used = asked.filter(([id, ids]) => ids[0] || part(`[open] > #${id}[open]`));
    return [(narrow || field.value.trim()) && { groups: used, order: query.get("order") }, shown];
  };

  show = (answer, rows) => {
    const was = document.activeElement;
    part(".found").replaceChildren(...rows);
    part(".recent").replaceChildren(...recent().map(linkTo));
    part(".found-more").hidden = rows.length === answer?.results.length;
    for (const [name, values] of answer?.counts ?? []) {
      const labels = values.flatMap(([value, title, depth, n]) => {
        const box = make("input", { type: "checkbox", id: `${name} ${value}`, name, value });
        box.checked = query.has(name, value);
        return n || box.checked ? make(`label.depth-${depth}`, box, make("bdi", title), make("span.count", `${n}`)) : [];
      });
      part(`#${name} div`).replaceChildren(...labels);
    }
    // It may be gone, or hidden.
    if (!was.getClientRects()[0]) (document.getElementById(was.id) ?? part(".found-total")).focus();
  };

  field.oninput = () => start(80);
  part(".search-body").onchange = () => {
    // Back undoes this, and no letters.
    history.pushState(0, "");
    query = new URLSearchParams(new FormData(page));
    start();
  };
  page.onsubmit = () => part("[role=status]").focus();
  page.addEventListener("toggle", draw, true);
  part(".found-more").onclick = () => draw(0, (shown += PAGE));
  part(".recent + button").onclick = () => draw(0, kept(RECENT, []));
  addEventListener("popstate", read);
  part(".facets").open = matchMedia("(min-width: 60rem)").matches;
  read();
}

/** The box: a combobox (ARIA Authoring Practices). With nothing chosen, Enter sends its form to the page. */
function useBox() {
  let options = [], chosen;

  function choose(option) {
    chosen = option;
    for (const other of options) other.ariaSelected = other === option;
    option?.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option?.id ?? "");
  }

  ask = () => [field.value.trim() && {}, 8];
  show = (answer, rows) => {
    const all = make("a.hit", { href: addressOf(field.value) }, texts.all);
    options = [...make("div", answer ? [rows, all] : recent().map(linkTo)).querySelectorAll("a")];
    options.forEach((option, at) => Object.assign(option, { id: `fm-hit-${at}`, role: "option", tabIndex: -1 }));
    part("[role=listbox]").replaceChildren(...options);
    field.ariaExpanded = options.length > 0;
    choose();
  };
  field.oninput = () => draw(80);
  field.onkeydown = (event) => {
    if (event.isComposing) return;
    const at = options.indexOf(chosen);
    const next = { ArrowDown: at + 1, ArrowUp: (at < 0 ? options.length : at) - 1 }[event.key];
    if (next !== undefined) choose(options[next]);
    else if (event.key === "Escape" && field.value) draw(0, (field.value = ""));
    else if (event.key === "Enter" && chosen) chosen.click();
    else return;
    event.preventDefault();
  };
  box.onclick = ({ target }) => (target === box || target.closest("a, button")) && box.close();
  draw();
}

(page ? usePage : useBox)();
addEventListener("pagehide", () => {
  if (field.value.trim()) kept(RECENT, [...new Set([field.value, ...recent()])].slice(0, 8));
});
}
