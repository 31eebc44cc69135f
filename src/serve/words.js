// How the preview says things: elements made of plain text, counts, days, and links to files.

// Text is only ever set as text, so nothing a file quotes can become part of the page.
export function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content.flat());
  return made;
}

// What changes the direction of text without being seen (Unicode, bidirectional controls).
const UNSEEN = /([\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])/;

/** Text of authors as what it is: what would turn it round is named instead of obeyed. */
export function plain(text) {
  return text.split(UNSEEN).filter(Boolean).map((part) => {
    if (!UNSEEN.test(part)) return part;
    const code = part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    return element("span", { class: "unseen" }, `U+${code}`);
  });
}

/** The same, kept apart from the direction of what stands around it. */
export function quoted(text, attributes = {}) {
  return element("bdi", attributes, ...plain(text));
}

/** A sentence about files: what stands in back-quotes was or is to be typed. */
export function sentence(text, attributes = {}) {
  const parts = text.split(/`([^`]+)`/);
  return element("bdi", attributes, ...parts.flatMap((part, at) => (at % 2 === 1 ? element("code", {}, ...plain(part)) : plain(part))));
}

/** A path, which is broken between its folders rather than within a name. */
function path(text) {
  const folders = text.split(/(?<=\/)/);
  return element("bdi", {}, ...folders.flatMap((folder) => [...plain(folder), element("wbr")]));
}

/** “1 error”, “2 errors”. */
export function counted(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

/** “1 December 2026”, of a day in ISO 8601. */
export function day(iso) {
  const date = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? iso : DAY.format(date);
}

/** A place in a file; it opens the editor, where there is one to open. `shown` is what is read. */
export function fileLink(editor, { file, line = 1, column = 1 }, shown = file) {
  if (!editor) return element("span", { class: "file" }, path(shown));
  const values = { file: file.split("/").map(encodeURIComponent).join("/"), line, column };
  const href = editor.replace(/\{(file|line|column)\}/g, (_, name) => values[name]);
  return element("a", { class: "file", href, title: "Open in your editor" }, path(shown));
}

/** A link to a page of the site; `path` is from its root. */
export function pageLink(path, text) {
  // Never more than one slash: two would begin the address of another host.
  return element("a", { href: `/${path.replace(/^[/\\]+/, "")}` }, quoted(text));
}
