// What readers see of search: its page, or the box over any other page. site.js makes elements.
"use strict";
{
const link = document.querySelector(".find");
const site = new URL("..", link.href).href;
const engine = folkmootSearch(`${site}search/`);
const page = document.querySelector("form.search");
const box = page ?? document.querySelector(".search-box");
const part = (name) => box.querySelector(name);
const field = part("[name=q]");
const dates = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const RECENT = "folkmoot-searches";
const PAGE = 10;
let root, texts, ask, show, turn = 0;

const addressOf = (text) => `${link.href}?q=${encodeURIComponent(text)}`;
const linkTo = (text) => make("a.hit", { href: addressOf(text) }, make("bdi", text));
const recent = () => kept(RECENT) ?? [];

/** Asks and shows after some milliseconds; what a later call overtakes waits for ever. */
async function draw(ms) {
  const mine = ++turn;
  const rest = (ms) => new Promise((go) => setTimeout(() => mine === turn && go(), ms));
  try {
    await rest(ms);
    ({ texts } = root = await engine.root());
    const [options, most, groups] = ask();
    const answer = options && (await engine.find(field.value.replace(/[“”„«»]/g, '"'), options));
    const { results, complete } = answer || { results: [] };
    const best = results.slice(0, most);
    const parts = answer ? [notesOn(answer), engine.counts(answer, groups)] : [];
    const [entries, notes, counts] = await Promise.all([engine.entries(best.map(([entry]) => entry)), ...parts]);
    await rest();
    const more = complete ? "" : "+";
    box.dataset.state = answer ? "found" : "empty";
    part(".search-notes").replaceChildren(make("div", notes));
    show(answer, entries.map((entry, at) => rowOf(answer, entry, best[at][2])), counts, more);
    // Told once the reader pauses.
    await rest(300);
    const total = fill([texts.none, texts.result][results.length] ?? texts.results, { n: results.length + more });
    part("[role=status]").textContent = answer ? total : texts.recent;
  } catch {
    if (mine !== turn) return;
    box.dataset.state = "failed";
    // The box leads to the page, where the lists are.
    box.firstChild.submit?.();
  }
}

/** Words not found or read as others; with little, known gaps; with nothing, ways on. */
async function notesOn({ wanted, results: { length } }) {
  const notes = wanted.map(({ text: word, unknown, near: [near] }) => {
    const said = unknown ? texts.unknown : near && texts.read_as;
    return said && make("p", fill(said, { word, near }));
  });
  for (const [title, path] of length < 4 ? await engine.gaps(field.value) : []) {
    const ask = make("a.missing-ask", { href: site + path }, texts.gap_ask);
    notes.push(make("p.missing", make("span.missing-what", fill(texts.gap, { title })), ask));
  }
  if (length) return notes;
  const near = await Promise.all(wanted.map(({ text, unknown }) => unknown && engine.nearest(text)));
  const meant = linkTo(wanted.map(({ text }, at) => near[at] || text).join(" "));
  const href = root.ask.replace("{query}", encodeURIComponent(field.value));
  return [near.some(Boolean) && make("p", texts.meant, " ", meant), notes, href && make("p", make("a", { href }, texts.ask))];
}

/** An entry and places in it, with passages, or else with what matches. */
function rowOf(answer, entry, section) {
  const [path, title, number, datetime, word, series, summary, sections] = entry;
  const kind = root.kinds[number];
  const best = sections[engine.section(answer, entry, section) - 1];
  const marked = (text) => {
    let from = 0;
    const parts = engine.marks(answer, text).map(([start, end]) => [text.slice(from, start), make("mark", text.slice(start, (from = end)))]);
    return make("bdi", parts, text.slice(from));
  };
  const passage = (text) => text && make("p.row-summary", marked(text));
  const date = datetime && dates.formatToParts(new Date(datetime)).map(({ type, value }) => make(`span.leaf-${type}`, value));
  const facts = make(
    "span.row-facts",
    make("span", make(`span.mark.mark-${kind}`), texts.kinds[kind]),
    word && make(`span.state.state-${texts.states?.[word]}`, word),
    series && make("bdi", series),
    date && make(kind === "session" ? "time.leaf" : "time", { datetime }, date),
  );
  const places = sections.filter((place) => place === best || engine.marks(answer, place[1]).length);
  const row = make(
    "li.row",
    make("a.hit", { href: site + path }, make("span.row-title", marked(title)), facts),
    passage(best?.[2] ? "" : summary),
    places.sort((a, b) => (b === best) - (a === best)).slice(0, 3).map(([anchor, name, opening, time]) => [
      make("a.hit.hit-place", { href: `${site}${path}#${encodeURIComponent(anchor)}` }, time && make("span.at", time), marked(name)),
      passage(opening),
    ]),
  );
  const words = answer.wanted.flatMap(({ text, unknown, near: [near] }) => (unknown ? [] : near ?? text)).join(", ");
  if (words && !row.querySelector("mark")) row.append(make("p.quiet", fill(texts.matches, { words })));
  return row;
}

/** The page; its address holds all that is asked. */
function usePage() {
  const groups = Array.from(page.querySelectorAll(".facet"), ({ id }) => id);
  const start = (ms) => draw(ms, (shown = PAGE));
  let shown, query;

  function read() {
    query = new URLSearchParams(location.search);
    field.value = query.get("q") ?? "";
    page.order.checked = query.has("order");
    for (const id of groups) part(`#${id}`).open ||= query.has(id);
    start();
  }

  ask = () => {
    query.set("q", field.value);
    history.replaceState(0, "", `?${query}`);
    const order = query.get("order");
    const filters = Object.fromEntries(groups.map((id) => [id, query.getAll(id)]));
    const narrow = groups.some((id) => query.has(id));
    Object.assign(part(".found-clear"), { href: addressOf(field.value), hidden: !narrow });
    const open = groups.filter((id) => part(`[open] > #${id}[open]`));
    // The best few will not do to narrow, to count or to order.
    const whole = shown > PAGE || narrow || order || open.some((id) => id !== "kind");
    return [(narrow || field.value.trim()) && { filters, order, whole }, shown, open];
  };

  show = (answer, rows, counts, more) => {
    const was = document.activeElement;
    part(".found").replaceChildren(...rows);
    part(".recent").replaceChildren(...recent().map(linkTo));
    part(".found-more").hidden = !more && rows.length === answer?.results.length;
    for (const name in counts) {
      const below = (parent, depth) =>
        counts[name].filter((value) => value[2] === parent).flatMap(([value, title, , n]) => {
          const box = make("input", { type: "checkbox", id: `${name} ${value}`, name, value });
          box.checked = query.getAll(name).includes(value);
          const label = make("bdi", { ...texts, kind: texts.kinds }[name]?.[value] ?? title);
          return [make(`label.depth-${depth}`, box, label, make("span.count", n + more)), ...below(value, depth + 1)];
        });
      part(`#${name} div`).replaceChildren(...below(0, 0));
    }
    const now = document.getElementById(was.id) ?? was;
    (now.isConnected && !now.hidden ? now : part(".found-total")).focus();
  };

  field.oninput = () => start(80);
  part(".search-body").onchange = ({ target: { name } }) => {
    // Back undoes this, and no letters.
    history.pushState(0, "");
    query.delete(name);
    for (const box of page.querySelectorAll(`[name=${name}]:checked`)) query.append(name, box.value);
    start();
  };
  page.onsubmit = (event) => event.preventDefault(part("[role=status]").focus());
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

  ask = () => [field.value.trim() && {}, 8, []];
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
