// Draws the findings laid over a page: those of the page first, each with its lines and the way into the editor.

import { counted, element, fileLink, plain, sentence } from "./words.js";

// Of a long line, so many characters before what is marked, of it, and after it: three lines on a phone.
const BEFORE = 60;
const MARKED = 160;
const AFTER = 80;

/** How many errors, warnings and notes there are, in words. */
export function inWords({ errors, warnings, notes = 0 }) {
  const counts = [[errors, "error"], [warnings, "warning"], [notes, "note"]];
  return counts.filter(([number]) => number > 0).map(([number, word]) => counted(number, word)).join(", ");
}

/** How many there are of each. */
export function numbers({ errors, warnings, about }) {
  const told = [...about.here, ...about.elsewhere];
  const of = (severity) => told.filter((finding) => finding.severity === severity).length;
  // What concerns one page alone is told there, and the site's own count knows nothing of it.
  return { errors: Math.max(errors, of("error")), warnings: Math.max(warnings, of("warning")), notes: of("note") };
}

/** What closing these closes: what errors say, and not in which line, because lines move with each word that is written. */
export function namesOfErrors({ stopped, about }) {
  const names = [...about.here, ...about.elsewhere]
    .filter(({ severity }) => severity === "error")
    .map(({ code, title, places }) => JSON.stringify([code, title, places.map(({ file, marked }) => [file, marked])]));
  return [...names, ...(stopped ? [stopped] : [])].map(digest);
}

// Only tells texts apart (FNV-1a, 32 bits); the browser's own digests are not there for addresses without a certificate.
function digest(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(36);
}

/** The whole of it; `close` is called when somebody has read enough. */
export function drawFindings(news, close) {
  const { stopped, about } = news;
  const count = numbers(news);
  const heading = stopped ? "No new pages could be made" : inWords(count);
  const section = element("section", { class: "findings", "aria-labelledby": "findings-heading" });
  const button = element("button", { type: "button", title: "Escape closes too" }, "Close");
  button.addEventListener("click", close);
  const head = element("div", { class: "findings-head" },
    // Read aloud when it appears; nobody's focus is taken away for it.
    element("div", count.errors > 0 ? { role: "alert" } : {}, element("h2", { id: "findings-heading" }, heading)),
    button,
  );
  if (count.errors > 0) head.append(element("p", { class: "soft" }, "New pages show as soon as this is mended."));
  // Focusable, so that a long list can be scrolled with the keyboard.
  const list = element("div", { class: "findings-list", tabindex: "0", role: "group", "aria-labelledby": "findings-heading" });
  if (stopped) list.append(element("p", { class: "stopped", dir: "auto" }, ...plain(stopped)));
  list.append(...group("On this page", about.here, about.editor), ...group("Elsewhere", about.elsewhere, about.editor));
  if (about.more > 0) {
    list.append(element("p", { class: "soft" }, `And ${about.more} more: `, element("code", {}, "folkmoot check"), " shows them all."));
  }
  section.append(head, list);
  return section;
}

function group(title, findings, editor) {
  if (findings.length === 0) return [];
  return [element("h3", {}, title), element("ul", {}, findings.map((finding) => one(finding, editor)))];
}

function one({ severity, code, title, help, places }, editor) {
  return element("li", { class: `finding ${severity}` },
    element("p", { class: "what" },
      element("span", { class: "severity" }, severity),
      " ",
      element("code", { class: "code" }, code),
      " ",
      sentence(title, { class: "title" }),
    ),
    places.map((place) => where(place, editor)),
    help.map((words) => element("p", { class: "help" }, element("span", { class: "soft" }, "help: "), sentence(words))),
  );
}

function where(place, editor) {
  const { file, line, column, label, before, marked, after } = place;
  const drawn = element("div", { class: "place" }, element("p", {}, fileLink(editor, place, `${file}:${line}:${column}`)));
  if (before || marked || after) {
    // A caret between two characters marks none.
    const mark = element("mark", marked ? {} : { class: "caret" }, ...plain(cutAfter(marked, MARKED)));
    drawn.append(element("pre", { dir: "auto" },
      element("code", {}, element("span", {}, ...plain(cutBefore(before, BEFORE))), mark, element("span", {}, ...plain(cutAfter(after, AFTER)))),
    ));
  }
  if (label) drawn.append(element("p", { class: "label" }, sentence(label)));
  return drawn;
}

// By characters, not by halves of them.
function cutAfter(text, most) {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most).join("")}…` : text;
}

function cutBefore(text, most) {
  const characters = [...text];
  return characters.length > most ? `…${characters.slice(-most).join("")}` : text;
}
