// Draws what staff want to know about the page they look at: where it comes from, how fresh it is, and how it hangs together.

import { counted, day, element, fileLink, pageLink, quoted } from "./words.js";

const MARKS = {
  draft: "Draft: a public build leaves it out.",
  internal: "Internal: for staff only; a public build leaves it out.",
  unlisted: "Unlisted: only whoever has its address finds it.",
  archived: "Archived: kept, and no longer looked after.",
  superseded: "Superseded: something newer has taken its place.",
};

const PARTS = { planned: "planned", question: "question" };

const UNCERTAIN = "It has several topics on both sides of the map, and does not say which of them belong together.";

/** The content of the panel. `showFindings` is none where there is nothing more to show. */
export function drawPanel({ about }, showFindings) {
  const { page, today, editor } = about;
  const drawn = [element("h2", {}, page ? quoted(page.title) : heading())];
  if (page) drawn.push(...page.marks.map((mark) => element("p", { class: "mark" }, MARKS[mark] ?? mark)));
  else drawn.push(element("p", {}, explanation()));
  const facts = element("dl", {});
  if (page) {
    fact(facts, "Made from", page.file ? fileLink(editor, { file: page.file }) : "No file yet; others name it.");
    fact(facts, "Kind", quoted(page.kind));
    if (page.owner) fact(facts, "Owner", pageLink(page.owner.path, page.owner.title));
    fact(facts, "Freshness", freshness(page.freshness));
  }
  fact(facts, "Shown as on", today.chosen ? `${day(today.day)}, the day chosen with --today` : `${day(today.day)}, today`);
  drawn.push(facts);
  if (page) {
    drawn.push(...links("Links to", page.links_to), ...links("Linked from", page.linked_from), ...placements(page.placements));
  }
  if (showFindings) {
    const button = element("button", { type: "button" }, "Show findings");
    button.addEventListener("click", showFindings);
    drawn.push(element("p", { class: "show" }, button));
  }
  return drawn;
}

// What the server answered this page with, where the browser remembers.
function status() {
  return performance.getEntriesByType("navigation")[0]?.responseStatus;
}

function heading() {
  return { 404: "No page here", 500: "No page yet" }[status()] ?? "This page";
}

function explanation() {
  const words = {
    404: "There is no page at this address. Once there is one, it shows here by itself.",
    500: "This page could not be made. Once what is wrong is mended, it shows here by itself.",
  };
  return words[status()] ?? "This page gathers what others say.";
}

function fact(list, term, ...words) {
  list.append(element("dt", {}, term), element("dd", {}, ...words));
}

function freshness({ state, since, next }) {
  const looked = since ? `last looked at ${day(since)}` : "";
  const words = {
    current: ["Current", looked, next && `next by ${day(next)}`],
    due: ["Due soon", looked, next && `next by ${day(next)}`],
    overdue: ["Overdue", looked, next && `was due by ${day(next)}`],
    expired: ["Expired", looked, next && `was due by ${day(next)}`],
    exempt: ["Needs no review", looked],
    undated: ["Undated", "nothing says when it was written"],
  };
  const [first, ...rest] = words[state] ?? [state, looked];
  const after = rest.filter(Boolean).join(", ");
  return after ? `${first}; ${after}` : first;
}

function links(title, { named, total }) {
  if (total === 0) return [element("p", { class: "none soft" }, `${title} nothing`)];
  const items = named.map(({ title, path }) => element("li", {}, pageLink(path, title)));
  const more = total - named.length;
  if (more > 0) items.push(element("li", { class: "soft" }, `and ${counted(more, "other")}`));
  return [element("details", {}, element("summary", {}, `${title} (${total})`), element("ul", {}, items))];
}

function placements(placements) {
  if (placements.length === 0) return [];
  const items = placements.map(({ map, row, column, path, part, certain }) => {
    const cell = `${row} × ${column}`;
    const item = element("li", {}, path ? pageLink(path, cell) : quoted(cell), element("span", { class: "soft" }, " in ", quoted(map)));
    const said = [PARTS[part], certain ? "" : "not certain"].filter(Boolean);
    if (said.length > 0) item.append(element("span", { class: "part", ...(!certain && { title: UNCERTAIN }) }, said.join(", ")));
    return item;
  });
  return [element("details", {}, element("summary", {}, `In gap maps (${placements.length})`), element("ul", {}, items))];
}
