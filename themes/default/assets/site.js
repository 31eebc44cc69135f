// Small courtesies; every page is complete without them.
"use strict";

const language = document.documentElement.lang || undefined;
const words = document.body.dataset;

// The reader's own time beside each meeting, where it differs from the time of the place it is held in: at the hours of
// a session, and in the lines of those that are coming.
for (const time of document.querySelectorAll("time[data-local]")) {
  const note = ownTime(time.dateTime, time.dataset.local);
  if (note) time.after(" ", note);
}
for (const row of document.querySelectorAll(".row[data-ends]")) {
  const leaf = row.querySelector(".leaf:not(.leaf-struck)");
  const said = row.querySelector(".row-facts > span:not([class])");
  const note = leaf && said && ownTime(leaf.dateTime, row.dataset.ends);
  if (note) said.after(" ", note);
}

function ownTime(from, to) {
  const start = new Date(from);
  const end = new Date(to);
  const offset = /T.*([+-])(\d\d):?(\d\d)$/.exec(from);
  // A whole day is the same day everywhere.
  if (isNaN(start) || isNaN(end) || !from.includes("T")) return null;
  const held = offset ? (offset[1] === "-" ? -1 : 1) * (offset[2] * 60 + +offset[3]) : 0;
  if (held === -start.getTimezoneOffset()) return null;
  const shifted = new Date(start.getTime() + held * 60000);
  // Said as the page says it: on another day with its weekday, and one half of the day for both ends only once.
  const day = shifted.getUTCDate() === start.getDate() ? "" : `${spoken(start, "weekday", "long")}, `;
  const begins = halfOf(start) === halfOf(end) ? clockOf(start) : clockOf(start) + halfOf(start);
  const time = `${day}${begins}–${clockOf(end)}${halfOf(end)} ${spoken(end, "timeZoneName", "short")}`;
  return make("span.your-time", fill(words.yourTime, { time }));
}

function clockOf(date) {
  const hour = words.clock === "12" ? String(((date.getHours() + 11) % 12) + 1) : String(date.getHours()).padStart(2, "0");
  return `${hour}:${String(date.getMinutes()).padStart(2, "0")}`;
}

/** The half of the day, where the clock of the language has twelve hours. */
function halfOf(date) {
  if (words.clock !== "12") return "";
  return ` ${date.getHours() < 12 ? words.am : words.pm}`;
}

function spoken(date, part, length) {
  const parts = new Intl.DateTimeFormat(language, { [part]: length }).formatToParts(date);
  return parts.find((found) => found.type === part).value;
}

// What was still to come when the page was made, and is over by now, goes to what has been, or else out of sight.
for (const coming of document.querySelectorAll("[data-coming]")) {
  const items = [...coming.querySelectorAll("[data-ends]")];
  const over = items.filter((item) => Date.parse(item.dataset.ends) <= Date.now());
  if (over.length === 0) continue;
  const past = coming.hasAttribute("data-past") ? null : document.querySelector("[data-past]");
  for (const item of over) {
    const month = item.closest("[data-month]");
    if (past && item.matches(".row")) shelf(past, month).prepend(item);
    else item.hidden = true;
    item.classList.add("row-held");
    item.querySelector(".your-time")?.remove();
    if (month && !month.querySelector(".row")) month.remove();
  }
  const moved = over.filter((item) => item.matches(".row")).length;
  count(coming, -moved);
  if (past) count(past, moved);
  if (items[0] === over[0]) coming.querySelector("[data-then]")?.remove();
  if (items.length > over.length || coming.querySelector(".more")) continue;
  // Nothing is left. Where that can be said it is said; else there is no reason for the heading.
  const none = coming.querySelector("[data-none]");
  if (none) none.hidden = false;
  else coming.hidden = true;
}

/** The list that what is over belongs into: of its own month, where months have lists of their own. */
function shelf(past, month) {
  const title = month?.querySelector("[id]");
  const id = title?.id.replace("month", "past");
  if (!title || !past.querySelector("[data-month]")) return past.querySelector(".rows");
  if (!document.getElementById(id)) {
    const own = month.cloneNode(true);
    own.querySelector(".rows").replaceChildren();
    own.querySelector("[id]").id = id;
    past.querySelector("[data-month]").before(own);
  }
  return document.getElementById(id).parentElement.querySelector(".rows");
}

function count(part, by) {
  const number = part.querySelector("h2 .count");
  if (number && +number.textContent) number.textContent = Math.max(0, +number.textContent + by);
}

// The address of a calendar is copied by a button, which says that it was.
for (const feed of document.querySelectorAll("[data-copy]")) {
  const address = feed.querySelector("input");
  const button = make("button.copy", { type: "button" }, feed.dataset.copy);
  const answer = make("span.copy-answer", { role: "status" });
  button.addEventListener("click", async () => {
    address.select();
    // Pages that were not fetched safely have no clipboard of the newer kind.
    const copied = await (navigator.clipboard?.writeText(address.value) ?? Promise.reject()).then(
      () => true,
      () => document.execCommand("copy"),
    );
    answer.textContent = copied ? feed.dataset.copied : feed.dataset.notCopied;
  });
  address.addEventListener("focus", () => address.select());
  feed.append(button, " ", answer);
}

// A long navigation folds behind a button on a narrow screen.
const nav = document.querySelector(".site-nav");
if (nav && nav.dataset.menu && nav.querySelectorAll("li").length > 4) {
  const list = nav.querySelector("ul");
  const attributes = { type: "button", "aria-controls": list.id, "aria-expanded": false };
  const button = make("button.menu-button", attributes, nav.dataset.menu);
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
  });
  nav.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
      button.setAttribute("aria-expanded", "false");
      button.focus();
    }
  });
  nav.prepend(button);
  nav.classList.add("foldable");
}

// Search opens over the page, and what it needs is loaded only then. Where that cannot be had, the link leads to its page.
const find = document.querySelector(".find");
if (find) {
  find.addEventListener("click", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) openSearch(event);
  });
  document.addEventListener("keydown", (event) => {
    const control = event.ctrlKey || event.metaKey;
    const writing = event.target.closest("input, select, textarea, [contenteditable]");
    const slash = event.key === "/" && !control && !event.altKey && !writing && kept("folkmoot-slash") !== "off";
    if (slash || (control && !event.shiftKey && event.key === "k")) openSearch(event);
  });
}

function openSearch(event) {
  const field = document.querySelector("[name=q]");
  const box = field.closest("dialog");
  event.preventDefault();
  if (box && !box.open) box.showModal();
  field.select();
  if (!box || box.dataset.state) return;
  box.dataset.state = "loading";
  Promise.all(find.dataset.parts.split(" ").map(loaded)).catch(() => location.assign(find.href));
}

/** A style sheet or a script; scripts run in the order in which they were asked for. */
function loaded(address) {
  const css = address.endsWith(".css");
  const part = css ? make("link", { rel: "stylesheet", href: address }) : make("script", { src: address });
  return new Promise((onload, onerror) => {
    Object.assign(part, { async: false, onload, onerror });
    document.head.append(part);
  });
}

// Who writes by voice may say "/" and not mean it, so the page of search can turn this key off.
const slash = document.querySelector(".search-keys input");
if (slash) {
  slash.closest("details").hidden = false;
  slash.checked = kept("folkmoot-slash") !== "off";
  slash.addEventListener("change", () => kept("folkmoot-slash", slash.checked ? "on" : "off"));
}

/** What is kept on this device alone, or nothing where that is refused. */
function kept(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(name, JSON.stringify(value));
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

/** A text with its holes filled in. */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (hole, name) => values[name]);
}

/** An element, named `tag.class`; of what follows, an object is its attributes, and the rest its text and elements. */
function make(name, ...inside) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const part of inside.flat(2)) {
    if (part?.constructor === Object) Object.entries(part).forEach((pair) => element.setAttribute(...pair));
    else if (part) element.append(part);
  }
  return element;
}
