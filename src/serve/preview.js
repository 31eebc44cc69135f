// What the preview lays over a page: a badge at its edge, the panel it opens, and findings while there is an error.

import { drawFindings, inWords, namesOfErrors, numbers } from "./findings.js";
import { drawPanel } from "./panel.js";
import { day, element } from "./words.js";

// Errors somebody has closed, and whether the panel is open: for all tabs, and for the next time.
const CLOSED = "folkmoot-closed";
const PANEL = "folkmoot-panel";
// Findings somebody wanted to see: for this tab.
const WANTED = "folkmoot-wanted";

const stack = element("div", { class: "stack", lang: "en" });
const badge = element("button", { class: "badge", type: "button", "aria-expanded": "false", "aria-controls": "panel", dir: "ltr" });
const panel = element("section", { class: "panel", id: "panel", "aria-label": "About this page", tabindex: "0", dir: "ltr" });
let findings = null;

let news = null;
let waits = false;

/** Shows what the server says about the page. */
export function tell(told) {
  news = told;
  begin();
  // Whoever breaks the same thing once more is told once more.
  if (namesOfErrors(news).length === 0) write("localStorage", CLOSED, "");
  if (!hasFindings()) write("sessionStorage", WANTED, "");
  draw();
}

/** Says that the server does not answer, or that it does again. */
export function wait(isSo) {
  if (waits === isSo) return;
  waits = isSo;
  if (news) draw();
}

function begin() {
  if (stack.isConnected) return;
  // A shadow tree: the site's styles do not reach in, and these do not reach out.
  const host = element("folkmoot-preview");
  const style = element("link", { rel: "stylesheet", href: "/_folkmoot/overlay.css" });
  // Never seen without its style. If that cannot be had, the words matter more.
  stack.hidden = true;
  style.onload = style.onerror = () => { stack.hidden = false; };
  stack.append(element("aside", { class: "edge", "aria-label": "Preview" }, badge, panel));
  host.attachShadow({ mode: "open" }).append(style, stack);
  document.documentElement.append(host);
}

// --- What is open ---

const isPanelOpen = () => read("localStorage", PANEL) === "open";

function areFindingsOpen() {
  if (read("sessionStorage", WANTED) === "yes") return hasFindings();
  const closed = read("localStorage", CLOSED).split(" ");
  return namesOfErrors(news).some((name) => !closed.includes(name));
}

const hasFindings = () => Boolean(news.stopped) || news.about.here.length + news.about.elsewhere.length > 0;

function togglePanel() {
  write("localStorage", PANEL, isPanelOpen() ? "" : "open");
  draw();
}

function closeFindings() {
  const hadFocus = findings?.contains(stack.getRootNode().activeElement);
  write("sessionStorage", WANTED, "");
  write("localStorage", CLOSED, namesOfErrors(news).join(" "));
  draw();
  if (hadFocus) badge.focus();
}

function showFindings() {
  write("sessionStorage", WANTED, "yes");
  write("localStorage", CLOSED, "");
  draw();
  list()?.focus();
}

// --- Drawing: only what says something else than before, so that nobody loses the place they read at ---

let drawnPanel = "";
let drawnFindings = "";

function draw() {
  const open = areFindingsOpen();
  drawBadge();
  drawPanelAgain(isPanelOpen(), !open && hasFindings());
  drawFindingsAgain(open);
}

function drawBadge() {
  const { chosen, day: today } = news.about.today;
  const count = numbers(news);
  const words = [chosen ? `Preview of ${day(today)}` : "Preview", inWords({ ...count, notes: 0 })];
  if (waits) words.push("waiting for the server");
  const said = words.filter(Boolean).join(" · ");
  if (badge.textContent !== said) badge.textContent = said;
  badge.classList.toggle("has-errors", count.errors > 0);
  badge.setAttribute("aria-expanded", String(isPanelOpen()));
}

function drawPanelAgain(open, offersFindings) {
  panel.hidden = !open;
  const says = JSON.stringify([news.about.page, news.about.today, news.about.editor, offersFindings]);
  if (says === drawnPanel) return;
  drawnPanel = says;
  const parts = () => [...panel.querySelectorAll("details")];
  const wereOpen = new Set(parts().filter((part) => part.open).map(titleOf));
  panel.replaceChildren(...drawPanel(news, offersFindings ? showFindings : null));
  for (const part of parts()) part.open = wereOpen.has(titleOf(part));
}

// “Links to”, without its number.
const titleOf = (part) => part.querySelector("summary").textContent.replace(/ \(.*/, "");

function drawFindingsAgain(open) {
  const says = open ? JSON.stringify([news.stopped, news.errors, news.warnings, { ...news.about, page: null }]) : "";
  if (says === drawnFindings) return;
  drawnFindings = says;
  const hadFocus = findings?.contains(stack.getRootNode().activeElement);
  const scrolled = list()?.scrollTop ?? 0;
  findings?.remove();
  findings = open ? drawFindings(news, closeFindings) : null;
  stack.classList.toggle("has-findings", open);
  if (!open) return;
  findings.setAttribute("dir", "ltr");
  stack.append(findings);
  list().scrollTop = scrolled;
  if (hadFocus) list().focus();
}

const list = () => findings?.querySelector(".findings-list");

// --- Keys, and other tabs ---

badge.addEventListener("click", togglePanel);

addEventListener("keydown", (event) => {
  // Escape belongs first to what is being typed, and to the dialogs of the page itself.
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || document.querySelector(":modal")) return;
  if (!panel.hidden && panel.contains(stack.getRootNode().activeElement)) {
    togglePanel();
    badge.focus();
  } else if (findings) {
    closeFindings();
  }
});

addEventListener("storage", () => { if (news) draw(); });

// Some browsers forbid to remember; then it is known until the page is left.

const known = new Map();

function write(storage, key, value) {
  known.set(key, value);
  try { globalThis[storage].setItem(key, value); } catch { /* See above. */ }
}

function read(storage, key) {
  try { return globalThis[storage].getItem(key) ?? ""; } catch { return known.get(key) ?? ""; }
}
