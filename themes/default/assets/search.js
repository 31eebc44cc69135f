// What readers see of search: its page, or the box over any other page. site.js makes elements.
"use strict";
{
const link = document.querySelector(".find");
const site = new URL("..", link.href).href;
const page = document.querySelector("form.search");
const box = page ?? document.querySelector(".search-box");
const part = (name) => box.querySelector(name);
const field = part("[name=q]");
const dates = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const RECENT = "folkmoot-searches";
const PAGE = 10;
const opened = (stamp) => folkmootSearch(`${site}search/`, stamp);
let index = opened();
let root, texts, ask, show, turn = 0;

const addressOf = (text) => `${link.href}?q=${encodeURIComponent(text)}`;
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
    const answer = options && (await index.find(field.value.replace(/[“”„«»]/g, '"'), options));
    const { results, counts } = answer || { results: [], counts: [] };
    const best = results.slice(0, most).map(async ({ entry, section }) => rowOf(answer, await index.row(entry), section));
    const rows = await Promise.all(best);
    await rest();
    box.dataset.state = answer ? "found" : "empty";
    part(".search-notes").replaceChildren(make("div", answer && notesOn(answer)));
    show(answer, rows, counts, results.length);
    // Told once the reader pauses.
    await rest(300);
    const { length: n } = results;
    part("[role=status]").textContent = answer ? fill([texts.none, texts.result][n] ?? texts.results, { n }) : texts.recent;
  } catch {
    if (mine !== turn) return;
    // A file that is gone tells of a site that was published meanwhile.
    if (again !== "again") return draw(0, "again", (index = opened(`?${Date.now()}`)));
    box.dataset.state = "failed";
    // The box leads to the page, where the lists are.
    box.firstChild.submit?.();
  }
}

/** Words not found or read as others, each told once; with little, known gaps; with nothing, ways on. */
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
  const meant = linkTo(wanted.map(({ text, near: [near = text] }) => near).join(" "));
  const isMeant = wanted.some(({ near }) => near[0]);
  const href = root.ask.replace("{query}", encodeURIComponent(field.value));
  return [isMeant && make("p", texts.meant, " ", meant), notes, href && make("p", make("a", { href }, texts.ask))];
}

/** An entry and places in it, with passages, or else with what matches. */
function rowOf(answer, entry, section) {
  const [path, title, number, datetime, word, series, summary, sections] = entry;
  const kind = root.kinds[number];
  const best = sections[section - 1];
  const pieces = (text) => index.pieces(answer, text);
  const marked = (text) => make("bdi", pieces(text).map((piece, at) => (at % 2 ? make("mark", piece) : piece)));
  const passage = (text) => text && make("p.row-summary", marked(text));
  const date = datetime && dates.formatToParts(new Date(datetime)).map(({ type, value }) => make(`span.leaf-${type}`, value));
  const facts = make(
    "span.row-facts",
    make("span", make(`span.mark.mark-${kind}`), texts.kinds[kind]),
    word && make(`span.state.state-${texts.states?.[word]}`, word),
    series && make("bdi", series),
    date && make(kind === "session" ? "time.leaf" : "time", { datetime }, date),
  );
  const places = sections.filter((place) => place === best || pieces(place[1])[1]);
  const row = make(
    "li.row",
    make("a.hit", { href: site + path }, make("span.row-title", marked(title)), facts),
    passage(best?.[2] ? "" : summary),
    places.sort((a, b) => (b === best) - (a === best)).slice(0, 3).map(([anchor, name, opening, time]) => [
      make("a.hit.hit-place", { href: `${site}${path}#${encodeURIComponent(anchor)}` }, time && make("span.at", time), marked(name)),
      passage(opening),
    ]),
  );
  const words = answer.wanted.flatMap(({ text, known, near: [near = text] }) => (known ? near : [])).join(", ");
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
    const asked = groups.map((id) => [id, query.getAll(id), part(`[open] > #${id}[open]`)]);
    const narrow = asked.some(([, ids]) => ids[0]);
    Object.assign(part(".found-clear"), { href: addressOf(field.value), hidden: !narrow });
    return [(narrow || field.value.trim()) && { groups: asked, order: query.get("order") }, shown];
  };

  show = (answer, rows, counts, total) => {
    const was = document.activeElement;
    part(".found").replaceChildren(...rows);
    part(".recent").replaceChildren(...recent().map(linkTo));
    part(".found-more").hidden = rows.length === total;
    for (const [name, values] of counts) {
      const labels = values.map(([value, title, depth, n]) => {
        const box = make("input", { type: "checkbox", id: `${name} ${value}`, name, value });
        box.checked = query.getAll(name).includes(value);
        return (n || box.checked) && make(`label.depth-${depth}`, box, make("bdi", title), make("span.count", `${n}`));
      });
      part(`#${name} div`).replaceChildren(...labels);
    }
    const now = document.getElementById(was.id) ?? was;
    (now.isConnected && !now.hidden ? now : part(".found-total")).focus();
  };

  field.oninput = () => start(80);
  part(".search-body").onchange = ({ target: { name } }) => {
    // Back undoes this, and no letters.
    history.pushState(0, "");
    query.delete(name);
    for (const value of new FormData(page).getAll(name)) query.append(name, value);
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
