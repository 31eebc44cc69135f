// Search in a browser: typed on its page and in its box, by keyboard alone, from a server and from a folder, and what it says where there is nothing.

import axe from "axe-core";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as site from "./site.mjs";

/** What a script does here, it does at once, once its files have come. */
const SCRIPT_MS = 5_000;
/** All that a search runs, as it is written (issue: search). */
const MOST_SCRIPT = 20_000;
const MARKUP = '<img src=x onerror="document.title=1">';
const AXE = { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } };
const LOOKS = [site.PHONE, site.DESK].flatMap((size) => ["light", "dark"].map((colorScheme) => ({ size, colorScheme })));
/** With fewer entries than this, known gaps are told. */
const FEW = 4;
/** After such a pause, what was found has been said. */
const PAUSE_MS = 500;
/** A word that nobody wrote, and that is near to none. */
const NOWHERE = "qqzzxxqqzzxx";

const USAGE = "node search.mjs DIR PORTABLE_DIR (of a build with --portable)";
const folder = site.folderFromArguments(USAGE);
const portable = process.argv[3] && resolve(process.argv[3]);
if (!portable || !existsSync(portable) || !statSync(portable).isDirectory()) {
  console.error(USAGE);
  process.exit(2);
}

const problems = new site.Problems();
let server;
let browser;
let visits = 0;

await site.runWithin(8, async () => {
  if (!existsSync(join(folder, "search", "root.js"))) {
    problems.at(folder)("cannot be searched");
    return problems.end("search", "nothing was opened");
  }
  checkSize();
  server = await site.serve(folder);
  browser = await site.openBrowser();
  const known = whatIsKnown();
  await onPage("typed", "/search/", (page, report) => checkTyping(page, known, report));
  await onPage("facets", address({ q: known.word }), checkFacets);
  await onPage("facets by keyboard", address({ q: known.word }), checkFacetByKeyboard);
  await onPage("order", address({ q: known.word }), checkOrder);
  await onPage("more", address({ q: known.word }), checkMore);
  await onPage("deep link", address({ q: known.heading }), (page, report) => checkDeepLink(page, known, report));
  await onPage("nothing found", address({ q: NOWHERE }), checkNothing);
  await onPage("misspelt", address({ q: known.misspelt }), (page, report) => checkMisspelt(page, known, report));
  await onPage("known gaps", "/search/", (page, report) => checkGaps(page, known, report));
  await onPage("recent", address({ q: known.word }), (page, report) => checkRecent(page, known, report));
  await onPage("hostile query", address({ q: MARKUP }), checkHostileQuery);
  await onPage("hostile entries", "/404.html", (page, report) => checkHostileEntries(page, known, report));
  await onPage("storage refused", "/404.html", (page, report) => checkNoStorage(page, known, report));
  await onPage("files gone", "/", checkGone);
  await onPage("published meanwhile", "/", (page, report) => checkPublishedMeanwhile(page, known, report));
  await onPage("without script", "/search/", checkWithoutScript, { javaScriptEnabled: false });
  await onPage("box", "/a-z/", (page, report) => checkBox(page, known, report));
  await onPage("box on a phone", "/a-z/", (page, report) => checkBoxFits(page, known, report), { viewport: site.PHONE });
  await onPage("key turned off", "/search/", checkSlash);
  await checkFiles(known);
  for (const look of LOOKS) await checkAxe(look, known);
  await browser.close();
  server.close();
  return problems.end("search", `${visits} visits`);
});

// ---- The site, and how one meets it -----------------------------------------------------------------------------------

/** The scripts of a search, in bytes. */
function checkSize() {
  const scripts = readdirSync(join(folder, "assets")).filter((name) => /^search.*\.js$/.test(name));
  const bytes = scripts.reduce((sum, name) => sum + statSync(join(folder, "assets", name)).size, 0);
  console.log(`search: ${bytes} bytes of script`);
  if (bytes >= MOST_SCRIPT) problems.at(folder)(`searches with ${bytes} bytes of script; fewer than ${MOST_SCRIPT} are wanted`);
}

/** Words to search for, taken from what is there. */
function whatIsKnown() {
  const { entries } = JSON.parse(readFileSync(join(folder, "data", "entries.json"), "utf8"));
  const long = (title, least) => title.toLowerCase().match(new RegExp(`[a-z]{${least},}`, "g")) ?? [];
  const counts = new Map();
  for (const { title } of entries) for (const word of new Set(long(title, 6))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const [word] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0];
  const [longest] = [...counts.keys()].filter((word) => word.length > 8).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const entry = entries.find(({ kind, title }) => kind === "practice" && title.toLowerCase().includes(word)) ?? entries.find(({ title }) => title.toLowerCase().includes(word));
  const root = valueIn("search/root.js");
  const gaps = valueIn(`search/data/g0-${root.marks.g[0]}.js`);
  return { word, entry, longest, misspelt: misspelt(longest), ...headingOf(entries), gaps, ask: root.ask };
}

/** What a file of the index hands over. */
function valueIn(file) {
  const text = readFileSync(join(folder, file), "utf8");
  return JSON.parse(text.slice(text.indexOf(",") + 1, text.lastIndexOf(")")));
}

/** Three letters of its middle are others. */
function misspelt(word) {
  const letters = [...word];
  for (const at of [2, 4, 6]) letters[at] = letters[at] === "q" ? "x" : "q";
  return letters.join("");
}

/** A heading far down on the page of a session, and where it is. */
function headingOf(entries) {
  for (const { kind, path } of entries) {
    if (kind !== "session") continue;
    const html = readFileSync(join(folder, path, "index.html"), "utf8");
    const headings = [...html.matchAll(/<h[23] id="((?!fm-)[^"]+)"[^>]*>([^<]{12,60})</g)];
    if (headings.length > 2) return { heading: headings.at(-1)[2].trim(), anchor: headings.at(-1)[1], path };
  }
  throw new Error("No session has a heading of its own.");
}

function address(asked) {
  return `/search/?${new URLSearchParams(asked)}`;
}

/** Opens a page as a reader of its own, and waits for what search shows. */
async function onPage(name, route, work, options = {}) {
  visits += 1;
  const report = problems.at(name);
  const context = await browser.newContext({ viewport: site.DESK, reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(SCRIPT_MS);
  const page = await context.newPage();
  // A page that is left again may still have files on their way, which is nobody's fault.
  site.watch(page, server.origin, (text) => text.includes("net::ERR_ABORTED") || report(text));
  page.on("dialog", (dialog) => report(`opens a dialog: ${dialog.message()}`));
  try {
    const answer = await page.goto(server.address(route), { waitUntil: "load" });
    const policy = answer.headers()["content-security-policy"];
    if (policy !== "default-src 'self'") report(`is served under the policy “${policy}”`);
    if (route.startsWith("/search/?")) await settled(page);
    await work(page, report);
  } catch (error) {
    report(error.message);
  }
  await context.close();
}

/** Waits until the search page shows what its address asks for. */
async function settled(page) {
  await page.waitForSelector('.search[data-state="found"]');
}

/** How many were found; it is said only once the reader pauses. */
async function totalOf(page) {
  await page.waitForTimeout(PAUSE_MS);
  return Number(/\d+/.exec(await page.locator(".found-total").textContent())?.[0] ?? 0);
}

/** Waits until the page says that so many were found. */
async function totalIs(page, n) {
  await page.waitForFunction((n) => Number(/\d+/.exec(document.querySelector(".found-total").textContent)?.[0] ?? 0) === n, n);
}

// ---- The page ---------------------------------------------------------------------------------------------------------

async function checkTyping(page, { word, entry }, report) {
  await page.locator("[name=q]").focus();
  const before = await page.evaluate(() => history.length);
  await page.keyboard.type(word, { delay: 20 });
  await settled(page);
  await page.waitForFunction((word) => new URLSearchParams(location.search).get("q") === word, word);
  if ((await page.evaluate(() => history.length)) !== before) report("adds a step back to the browser with each letter");
  const hrefs = await page.locator(".found .hit").evaluateAll((links) => links.map((link) => link.href));
  if (!hrefs.some((href) => href.endsWith(`/${entry.path}`))) report(`“${word}” does not show ${entry.path} among the first`);
  const marked = await page.locator(".found mark").allTextContents();
  const beginning = word.slice(0, 4);
  if (!marked.some((text) => text.toLowerCase().startsWith(beginning))) report(`marks nothing that is meant by “${word}”`);
  const total = await totalOf(page);
  await page.waitForFunction((n) => document.querySelector(".search [role=status]").textContent.includes(n), `${total}`);
  await page.reload();
  await totalIs(page, total);
  if ((await page.locator("[name=q]").inputValue()) !== word) report("forgets the query when it is loaded again");
}

/** What a facet counts is what it shows, and Back undoes it. */
async function checkFacets(page, report) {
  const total = await totalOf(page);
  for (const group of ["kind", "topic", "year"]) {
    const facet = page.locator(`#${group}`);
    if (!(await facet.evaluate((details) => details.open))) await facet.locator("summary").click();
    const label = facet.locator("label").first();
    await label.waitFor();
    const [name, n] = [await label.locator("bdi").textContent(), Number(await label.locator(".count").textContent())];
    await label.click();
    await totalIs(page, n).catch(() => report(`“${name}” counts ${n} and shows something else`));
    const loose = await page.locator(".facet > div").evaluateAll((lists) => lists.flatMap((list) => [...list.childNodes]).filter((node) => node.nodeName !== "LABEL").map((node) => node.textContent));
    if (loose.length > 0) report(`after “${name}” was chosen, “${loose[0]}” stands among the filters`);
    if (!new URL(page.url()).searchParams.has(group)) report(`does not keep “${name}” in its address`);
    await page.reload();
    await totalIs(page, n).catch(() => report(`forgets that “${name}” was chosen when it is loaded again`));
    await page.goBack();
    await totalIs(page, total).catch(() => report(`Back does not undo “${name}”`));
    if (new URL(page.url()).searchParams.has(group)) report(`Back leaves “${name}” in the address`);
    if (await page.locator(".found-clear").isVisible()) report("offers to remove filters where there are none");
  }
}

/** The focus stays where it was when the counts are written anew. */
async function checkFacetByKeyboard(page, report) {
  await page.locator("#kind label input").first().focus();
  await page.keyboard.press("Space");
  await page.waitForFunction(() => new URLSearchParams(location.search).has("kind"));
  await totalOf(page);
  const on = await page.evaluate(() => `${document.activeElement.name} ${document.activeElement.checked}`);
  if (on !== "kind true") report(`after a filter was chosen the focus is on “${on}”`);
}

async function checkOrder(page, report) {
  const before = await page.locator(".found .row-title").allTextContents();
  await page.locator("[name=order]").check();
  await page.waitForFunction(() => new URLSearchParams(location.search).get("order") === "date");
  await page.waitForFunction((first) => document.querySelector(".found .row-title").textContent !== first, before[0]).catch(() => {});
  const dates = await page.locator(".found time").evaluateAll((times) => times.map((time) => time.dateTime));
  if (dates.some((date, at) => at > 0 && date > dates[at - 1])) report(`newest first shows ${dates.join(", ")}`);
}

async function checkMore(page, report) {
  const total = await totalOf(page);
  for (let shown = 10; shown < Math.min(total, 40); shown += 10) {
    await page.locator(".found-more").click();
    await page.waitForFunction((n) => document.querySelectorAll(".found > li").length === n, Math.min(shown + 10, total));
  }
  if (total <= 40 && (await page.locator(".found-more").isVisible())) report("offers more where all is shown");
  // What was pressed last must not take the focus with it.
  for (let left = 20; left > 0 && (await page.locator(".found-more").isVisible()); left--) {
    const before = await page.locator(".found > li").count();
    await page.locator(".found-more").click();
    await page.waitForFunction((n) => document.querySelectorAll(".found > li").length > n, before);
  }
  const lost = () => document.activeElement === document.body;
  if (await page.evaluate(lost)) report("loses the focus where there is no more to show");
}

/** A heading is a row of its own, and its link opens the page there. */
async function checkDeepLink(page, { heading, anchor, path }, report) {
  const link = page.locator(`.hit-place[href$="${path}#${encodeURIComponent(anchor)}"]`);
  if ((await link.count()) === 0) return report(`“${heading}” does not lead to ${path}#${anchor}`);
  await link.first().click();
  await page.waitForURL((url) => url.hash.length > 1);
  await page.waitForLoadState("load");
  const top = await page.evaluate(() => document.getElementById(decodeURIComponent(location.hash.slice(1)))?.getBoundingClientRect().top);
  if (!(top >= -1 && top < site.DESK.height)) report(`opens ${path}#${anchor} with the heading at ${top}`);
}

async function checkNothing(page, report) {
  await totalIs(page, 0);
  const notes = page.locator(".search-notes");
  if (!(await notes.textContent()).includes(NOWHERE)) report("does not say which word nobody wrote");
  const links = await page.locator("main a").evaluateAll((links) => links.filter((link) => link.checkVisibility()).map((link) => link.href));
  if (!links.some((href) => href.endsWith("/a-z/"))) report("does not lead to the A–Z where nothing is found");
  const { ask } = valueIn("search/root.js");
  if (ask && !links.includes(new URL(ask.replace("{query}", NOWHERE)).href)) report("does not lead to where a question can be asked");
  if (!ask && (await notes.locator("a").count()) > 0) report("offers to ask a question where there is no place for it");
  if (!(await page.locator(".search-ways").isVisible())) report("does not show the lists where nothing is found");
}

async function checkMisspelt(page, { misspelt, longest }, report) {
  const notes = await page.locator(".search-notes").textContent();
  if (!notes.toLowerCase().includes(longest.slice(0, 5).slice(0, 2))) report(`says nothing of what “${misspelt}” may mean: “${notes}”`);
  const link = page.locator(".search-notes .hit");
  if ((await link.count()) === 0) return;
  await link.click();
  await settled(page);
  if ((await totalOf(page)) === 0) report(`what it offers for “${misspelt}” finds nothing`);
}

async function checkGaps(page, { gaps }, report) {
  let told = 0;
  for (const gap of gaps) {
    await page.goto(server.address(address({ q: gap[2][0] })));
    await settled(page);
    const found = await page.locator(".found > li").count();
    if (found >= FEW) continue;
    told += 1;
    await checkGap(page, gap, report);
  }
  if (gaps.length > 0 && told === 0) report("of every known gap enough is found, so none is told");
}

async function checkGap(page, [title, path], report) {
  const gap = page.locator(".search-notes .missing", { hasText: title });
  if ((await gap.count()) === 0) return report(`does not say that “${title}” is a known gap`);
  const style = await gap.first().evaluate((box) => getComputedStyle(box).borderBlockStartStyle);
  if (style !== "dashed") report("draws a known gap without its dashed outline");
  const href = await gap.first().locator("a").getAttribute("href");
  if (!href.endsWith(path)) report(`leads from “${title}” to ${href} instead of ${path}`);
  const answer = await page.request.head(href);
  if (!answer.ok()) report(`leads from “${title}” to ${href}, where nothing is`);
}

async function checkRecent(page, { word }, report) {
  await page.locator(".found .hit").first().click();
  await page.waitForURL((url) => !url.pathname.endsWith("/search/"));
  await page.goto(server.address("/search/"));
  const recent = page.locator(".recent a");
  await recent.first().waitFor();
  if ((await recent.first().textContent()) !== word) report("does not keep what was searched for");
  await recent.first().click();
  await settled(page);
  await page.goto(server.address("/a-z/"));
  await page.keyboard.press("/");
  const option = page.getByRole("option", { name: word, exact: true });
  await option.waitFor();
  await page.goto(server.address("/search/"));
  await page.locator(".search-recent button").click();
  await page.locator(".search-recent").waitFor({ state: "hidden" });
  await page.reload();
  await page.waitForSelector('.search[data-state="empty"]');
  if ((await page.locator(".recent a").count()) > 0) report("keeps what was cleared");
}

async function checkHostileQuery(page, report) {
  const found = await page.locator("main img").count();
  if (found > 0 || (await page.title()) === "1") report("takes a query for markup");
  await page.locator("[name=q]").fill("\u202e<b>abc</b>\u2066javascript:alert(1)");
  await page.waitForFunction(() => location.search.includes("javascript"));
  await settled(page);
  const odd = await page.locator("main a").evaluateAll((links) => links.filter((link) => !/^https?:/.test(link.protocol)).map((link) => link.href));
  if (odd.length > 0) report(`links to ${odd[0]}`);
  if ((await page.locator(".search-found b").count()) > 0) report("takes a query for markup");
}

/** Whatever an entry is called stays text, in the page and in the box. */
async function checkHostileEntries(page, { word }, report) {
  await page.route("**/search/data/r*.js", async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    const start = text.indexOf(",") + 1;
    const rows = JSON.parse(text.slice(start, text.lastIndexOf(")")));
    for (const row of rows) {
      [row[1], row[6]] = [`${MARKUP}\u202e${row[1]}`, `<script>document.title=1</script>${row[6]}`];
      if (row[7][0]) row[7][0] = ['"><b>', MARKUP, MARKUP];
    }
    route.fulfill({ response: answer, body: `${text.slice(0, start)}${JSON.stringify(rows)});` });
  });
  await page.goto(server.address(address({ q: word })));
  await settled(page);
  const check = async (where) => {
    const made = await page.locator(`${where} :is(img, b, script)`).count();
    if (made > 0 || (await page.title()) === "1") report(`takes the title of an entry for markup in ${where}`);
    if (!(await page.locator(where).innerText()).includes(MARKUP)) report(`does not show the title of an entry in ${where}`);
  };
  await check(".found");
  await page.goto(server.address("/a-z/"));
  await typeInBox(page, word);
  await check("dialog");
}

/** Some readers' browsers keep nothing. */
async function checkNoStorage(page, { word }, report) {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("refused", "SecurityError"); } });
  });
  await page.goto(server.address(address({ q: word })));
  await settled(page);
  if ((await totalOf(page)) === 0) report("finds nothing where storage is refused");
  await page.goto(server.address("/a-z/"));
  await typeInBox(page, word);
}

/** Where files are gone, the link leads to the page, and the page to the lists. */
async function checkGone(page, report) {
  await page.close();
  const context = await browser.newContext({ viewport: site.DESK });
  context.setDefaultTimeout(SCRIPT_MS);
  const other = await context.newPage();
  await other.route("**/assets/search*.js", (route) => route.abort());
  await other.goto(server.address("/a-z/"));
  await other.locator(".find").click();
  await other.waitForURL((url) => url.pathname.endsWith("/search/"));
  if (!(await other.locator(".search-ways").isVisible())) report("does not show the lists where its scripts are gone");
  await other.unroute("**/assets/search*.js");
  await other.route("**/search/root.js*", (route) => route.abort());
  await other.goto(server.address("/search/?q=anything"));
  await other.locator(".search-failed").waitFor();
  if (!(await other.locator(".search-ways").isVisible())) report("does not show the lists where the index is gone");
  await context.close();
}

/** A page that knows the files of an older site asks once more which there are, and finds what is there now. */
async function checkPublishedMeanwhile(page, { word, entry }, report) {
  await page.close();
  const context = await browser.newContext({ viewport: site.DESK });
  context.setDefaultTimeout(SCRIPT_MS);
  const other = await context.newPage();
  const asked = [];
  await other.route("**/search/root.js*", async (route) => {
    const { search } = new URL(route.request().url());
    asked.push(search);
    if (search) return route.continue();
    const root = valueIn("search/root.js");
    for (const shelf of ["w", "i"]) root.marks[shelf] = root.marks[shelf].map(() => "7777");
    route.fulfill({ contentType: "text/javascript", body: `folkmootShelf("root",${JSON.stringify(root)})` });
  });
  await other.goto(server.address(address({ q: word })));
  await settled(other);
  const hrefs = await other.locator(".found .hit").evaluateAll((links) => links.map((link) => link.href));
  if (!hrefs.some((href) => href.endsWith(`/${entry.path}`))) report(`does not find ${entry.path} in the files that are there now`);
  if (asked.length !== 2 || !/^\?\d+$/.test(asked[1])) report(`asks for root.js as ${asked.map((search) => `“${search}”`).join(" and ")}`);
  await context.close();
}

async function checkWithoutScript(page, report) {
  if (await page.locator("form.search").isVisible()) report("without script shows a field that does nothing");
  if (!(await page.locator("noscript .notice, .notice").first().isVisible())) report("does not say that it needs script");
  const links = await page.locator(".search-ways a").evaluateAll((links) => links.map((link) => link.href));
  for (const list of ["/a-z/", "/topics/"]) if (!links.some((href) => href.endsWith(list))) report(`without script does not lead to ${list}`);
  for (const href of links) if (!(await page.request.head(href)).ok()) report(`leads to ${href}, where nothing is`);
}

// ---- The box ----------------------------------------------------------------------------------------------------------

/** Opens the box by its key and types. */
async function typeInBox(page, text) {
  await page.keyboard.press("/");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.type(text, { delay: 20 });
  await boxHas(page, text);
}

/** Waits until the box shows what is found for a text; its last option leads to all of it. */
async function boxHas(page, text) {
  await page.waitForFunction((text) => {
    const last = [...document.querySelectorAll("dialog[data-state=found] [role=option]")].at(-1);
    return last && new URL(last.href).searchParams.get("q") === text && last.previousElementSibling;
  }, text);
}

async function checkBox(page, { word, entry }, report) {
  const field = page.locator("dialog [role=combobox]");
  const state = () =>
    page.evaluate(() => {
      const field = document.querySelector("dialog [role=combobox]");
      const active = document.getElementById(field.getAttribute("aria-activedescendant"));
      return {
        open: document.querySelector("dialog").open,
        focused: document.activeElement === field,
        expanded: field.getAttribute("aria-expanded"),
        active: active?.id ?? "",
        selected: [...document.querySelectorAll("dialog [aria-selected=true]")].map(({ id }) => id).join(" "),
        value: field.value,
      };
    });
  const before = page.locator(".crumbs a").first();
  await before.focus();
  for (const keys of ["/", "Control+k", "Meta+k"]) {
    await page.keyboard.press(keys);
    await page.waitForSelector("dialog[open]").catch(() => report(`${keys} does not open the box`));
    if (!(await state()).focused) report(`${keys} opens the box without the focus in its field`);
    await page.waitForSelector("dialog[data-state=empty]");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "hidden" });
    if (!(await before.evaluate((link) => link === document.activeElement))) report("the focus does not return to where it was");
  }
  await typeInBox(page, `${word}/`);
  if ((await state()).value !== `${word}/`) report("a / that is typed in the field is not written there");
  await page.keyboard.press("Backspace");
  await boxHas(page, word);
  const options = page.locator("dialog [role=option]");
  const many = await options.count();
  if ((await state()).expanded !== "true") report("does not say that its list is there");
  const announced = page.locator("dialog [role=status]");
  await page.waitForFunction(() => /\d/.test(document.querySelector("dialog [role=status]").textContent));
  if (!/\d/.test(await announced.textContent())) report("does not announce how much was found");
  await page.keyboard.press("ArrowDown");
  const first = await state();
  if (!first.active || first.active !== first.selected) report(`the arrow down chooses “${first.active}” and marks “${first.selected}”`);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  const last = await state();
  if (last.active !== `fm-hit-${many - 1}`) report(`the arrow up from the field chooses “${last.active}” of ${many}`);
  await page.keyboard.press("Home");
  await page.keyboard.type("x");
  if ((await state()).value !== `x${word}`) report("Home is no key of the text");
  await page.keyboard.press("Escape");
  const cleared = await state();
  if (cleared.value !== "" || !cleared.open) report("Escape does not clear the field first");
  await page.waitForSelector("dialog[data-state=empty]");
  await page.keyboard.type(word, { delay: 20 });
  await boxHas(page, word);
  const hrefs = await options.evaluateAll((links) => links.map((link) => link.href));
  if (!hrefs.some((href) => href.includes(`/${entry.path}`))) report(`the box does not show ${entry.path} for “${word}”`);
  if (!hrefs.at(-1).endsWith(`/search/?q=${word}`)) report(`its last option leads to ${hrefs.at(-1)}`);
  await page.keyboard.press("ArrowDown");
  await Promise.all([page.waitForURL(hrefs[0]), page.keyboard.press("Enter")]);
  await page.goto(server.address("/a-z/"));
  await typeInBox(page, word);
  await Promise.all([page.waitForURL((url) => url.pathname.endsWith("/search/") && url.searchParams.get("q") === word), page.keyboard.press("Enter")]);
  await settled(page);
  await page.goto(server.address("/a-z/"));
  await page.locator(".find").click();
  await page.waitForSelector("dialog[open][data-state=empty]");
  await page.locator("dialog button").click();
  await page.waitForSelector("dialog", { state: "hidden" });
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => document.querySelector("dialog").showModal());
  if (await page.locator("dialog").isVisible()) report("the box is printed");
}

/** On a phone and at 400 % zoom all of the box can be reached. */
async function checkBoxFits(page, { word }, report) {
  await typeInBox(page, word);
  for (const size of [site.PHONE, { width: 320, height: 256 }, site.DESK]) {
    await page.setViewportSize(size);
    for (const dir of ["ltr", "rtl"]) {
      await page.evaluate((dir) => (document.documentElement.dir = dir), dir);
      const wide = await page.evaluate(() => {
        const box = document.querySelector("dialog");
        const { left, right } = box.getBoundingClientRect();
        return left < -1 || right > innerWidth + 1 || box.scrollWidth > box.clientWidth + 1;
      });
      if (wide) report(`the box sticks out at ${size.width} px, ${dir}`);
      for (const option of [page.locator("dialog [role=option]").last(), page.locator("dialog [role=combobox]")]) {
        await option.scrollIntoViewIfNeeded();
        const box = await option.boundingBox();
        if (!box || box.y < -1 || box.y + box.height > size.height + 1) report(`not all of the box can be reached at ${size.width} px, ${dir}`);
      }
    }
  }
}

/** The key of one character can be turned off (WCAG 2.1.4). */
async function checkSlash(page, report) {
  await page.locator(".search-help summary").click();
  await page.locator(".search-keys input").uncheck();
  await page.goto(server.address("/a-z/"));
  await page.keyboard.press("/");
  await page.waitForTimeout(300);
  if (await page.locator("dialog").isVisible()) report("/ opens the box although it was turned off");
  await page.keyboard.press("Control+k");
  await page.waitForSelector("dialog[open]");
}

// ---- From a folder, and for everybody ---------------------------------------------------------------------------------

/** Opened as a file, the box and the page work as from a server. */
async function checkFiles({ word }) {
  visits += 1;
  const report = problems.at("by file://");
  const page = await browser.newPage({ viewport: site.DESK });
  page.setDefaultTimeout(SCRIPT_MS);
  site.watch(page, pathToFileURL("/").origin, (text) => text.includes("net::ERR_ABORTED") || report(text));
  try {
    await page.goto(pathToFileURL(join(portable, "index.html")).href);
    await typeInBox(page, word);
    await page.keyboard.press("ArrowDown");
    await Promise.all([page.waitForURL((url) => !url.pathname.endsWith(`${portable}/index.html`)), page.keyboard.press("Enter")]);
    if ((await page.locator("main h1").count()) === 0) report("its first result is no page");
    await typeInBox(page, word);
    await Promise.all([page.waitForURL((url) => url.pathname.endsWith("/search/index.html")), page.keyboard.press("Enter")]);
    await settled(page);
    const total = await totalOf(page);
    const label = page.locator("#kind label").first();
    await label.waitFor();
    const n = Number(await label.locator(".count").textContent());
    await label.click();
    await totalIs(page, n);
    await page.reload();
    await totalIs(page, n);
    await page.goBack();
    await totalIs(page, total);
    await page.locator(".found .hit").first().click();
    await page.waitForURL((url) => !url.pathname.endsWith("/search/index.html"));
    if ((await page.locator("main h1").count()) === 0) report("a result of the page is no page");
  } catch (error) {
    report(error.message);
  }
  await page.close();
}

async function checkAxe({ size, colorScheme }, known) {
  const look = { viewport: size, colorScheme };
  const check = async (page, state, report) => {
    await page.evaluate(axe.source);
    const found = await page.evaluate(async (options) => (await globalThis.axe.run(document, options)).violations, AXE);
    for (const { id, help, nodes } of found) {
      report(`${state}, ${size.width} px, ${colorScheme}: ${id} (${help}) ${nodes[0].target.join(" ")} ${nodes[0].failureSummary}`);
    }
  };
  await onPage("axe", address({ q: known.word }), async (page, report) => {
    await page.evaluate(() => (document.querySelector(".facets").open = document.querySelector("#topic").open = true));
    await page.locator("#topic label").first().waitFor();
    await check(page, "results", report);
    await page.goto(server.address(address({ q: known.misspelt })));
    await settled(page);
    await check(page, "misspelt", report);
    await page.goto(server.address(address({ q: NOWHERE })));
    await settled(page);
    await check(page, "nothing found", report);
    await page.goto(server.address("/search/"));
    await page.waitForSelector('.search[data-state="empty"]');
    await check(page, "nothing asked", report);
    await page.goto(server.address("/a-z/"));
    await typeInBox(page, known.word);
    await page.keyboard.press("ArrowDown");
    await check(page, "box", report);
  }, look);
}
