// Tables of gap maps in a browser: every cell by keyboard and in words, filters that count as their pages do, lists on a phone, and speed.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as site from "./site.mjs";

/** A whole table; those with only some of it stand below. */
const WHOLE = /\/matrix\/(index\.html)?$/;
/** What a script does here, it does at once. */
const SCRIPT_MS = 3_000;
/** The table that a filter must be quick on, and how quick: wanted of a machine at rest, and asked of any. */
const LARGE = { rows: 60, columns: 40 };
const WANTED_MS = 100;
const ASKED_MS = 300;
/** A busy machine is slow now and then, so of a few tries the best counts. */
const TRIES = 4;
/** How many cells of each sort are read out. */
const READ_ALOUD = 3;

const USAGE = "node gaps.mjs DIR [PART…]";
const folder = site.folderFromArguments(USAGE);
/** What stands there without script is looked at whatever is wanted. */
const isWanted = site.partsFromArguments(USAGE, ["cells", "filters", "address", "phone", "file", "speed"]);
const problems = new site.Problems();
let server;
let browser;
let visits = 0;

await site.runWithin(6, async () => {
  const tables = site.pagesOf(folder).filter((page) => page.template === "gap-matrix" && WHOLE.test(page.route));
  if (tables.length === 0) {
    problems.at(folder)("holds no table of a map of gaps");
    return problems.end("gaps", "nothing was opened");
  }
  server = await site.serve(folder);
  browser = await site.openBrowser();
  for (const { route } of tables) await checkTable(route);
  const [largest] = [...tables].sort((a, b) => b.bytes - a.bytes);
  if (isWanted("file")) await checkFile(largest);
  if (isWanted("speed")) await checkSpeed(largest);
  await browser.close();
  server.close();
  return problems.end("gaps", `${tables.length} tables in ${visits} visits`);
});

async function checkTable(route) {
  let choices = [];
  await visit(route, { script: false }, async (page, report) => {
    choices = await choicesWithoutScript(page);
    await checkWritten(page, choices, report);
  });
  if (isWanted("cells")) {
    await visit(route, {}, checkNames);
    await visit(route, {}, checkKeys);
  }
  if (isWanted("filters")) await visit(route, {}, (page, report) => checkFilters(page, choices, report));
  if (isWanted("address")) await visit(route, {}, (page, report) => checkAddress(page, choices, report));
  if (isWanted("phone")) await visit(route, { size: site.PHONE }, checkLists);
  if (choices.length === 0 || !isWanted("address")) return;
  const part = new URL(choices[0].href).pathname;
  await visit(part, { absolute: true }, (page, report) => checkPart(page, choices, report));
}

/** Opens a page as one reader meets it: on a desk or a phone, with or without script. */
async function visit(route, { script = true, size = site.DESK, absolute = false }, work) {
  visits += 1;
  const report = problems.at(route);
  const context = await browser.newContext({ javaScriptEnabled: script, viewport: size, reducedMotion: "reduce" });
  context.setDefaultTimeout(SCRIPT_MS);
  context.setDefaultNavigationTimeout(site.PAGE_MS);
  const page = await context.newPage();
  watch(page, server.origin, report);
  try {
    const answer = await page.goto(absolute ? server.origin + route : server.address(route), { waitUntil: "load" });
    const policy = answer.headers()["content-security-policy"];
    if (policy !== "default-src 'self'") report(`is served under the policy “${policy}”`);
    await work(page, report);
  } catch (error) {
    report(error.message);
  }
  await context.close();
}

/** Watches a page that is left again while its icon may still be on the way, which is nobody's fault. */
function watch(page, origin, report) {
  site.watch(page, origin, (text) => text.includes("net::ERR_ABORTED") || report(text));
}

// ---- As the page is written -------------------------------------------------------------------------------------------

/** Every page with only some of the table: which filter, which of its choices, and where. */
async function choicesWithoutScript(page) {
  return page.locator("details.filters .filter").evaluateAll((filters) =>
    filters.flatMap((filter, group) =>
      [...filter.querySelectorAll("li a")].map((link, at) => ({ group, at, href: link.href, label: link.textContent.trim() })),
    ),
  );
}

/** Without script there are links instead of what only a script can do, and each cell leads to its page. */
async function checkWritten(page, choices, report) {
  if (await page.locator("form.filters").isVisible()) report("without script shows choices that do nothing");
  const bare = choices.filter(({ href }) => !href);
  if (bare.length > 0) report(`the choice “${bare[0].label}” leads to no page`);
  const cells = await cellsOf(page);
  if (cells.length === 0) report("has no cell that leads anywhere");
  const lost = [];
  for (const { href } of cells) {
    const answer = await page.request.head(href);
    if (!answer.ok()) lost.push(href);
  }
  if (lost.length > 0) report(`${lost.length} cells lead nowhere, ${new URL(lost[0]).pathname} for one`);
  const headers = await page.locator(".mx").evaluate((table) => ({
    caption: table.caption?.textContent.trim() ?? "",
    unscoped: [...table.querySelectorAll("th")].filter((th) => !th.scope).map((th) => th.textContent.trim()),
    crowded: [...table.tBodies].some((body) => [...body.rows].some((row) => row.cells.length > table.tHead.rows[0].cells.length)),
  }));
  if (!headers.caption) report("the table has no caption");
  if (headers.unscoped.length > 0) report(`the header “${headers.unscoped[0]}” does not say what it is the header of`);
  if (headers.crowded) report("a row has more cells than there are columns");
}

/** The cells that can be seen: where they lead, and the number on them. */
async function cellsOf(page) {
  return page.locator(".mx td a").evaluateAll((links) =>
    links
      .filter((link) => link.checkVisibility({ visibilityProperty: true }))
      .map((link) => ({
        href: link.href,
        n: link.querySelector("b").textContent,
        letters: link.querySelector("i")?.textContent ?? "",
        group: link.closest("td").classList.contains("gr"),
      })),
  );
}

// ---- In words, and by keyboard ----------------------------------------------------------------------------------------

/** What is read aloud of a cell: its row, its column and its number; and of the part that scrolls, what it is. */
async function checkNames(page, report) {
  const region = page.locator(".mx-scroll");
  if (!(await region.ariaSnapshot()).startsWith("- region \"")) report("what scrolls is no region with a name");
  for (const sort of [".s0", ".s1", ".s2", ".s3", ".s4", ".x", ".ok", ".gr"]) {
    const cells = page.locator(`.mx td${sort}`);
    for (let at = 0; at < Math.min(READ_ALOUD, await cells.count()); at += 1) await checkName(cells.nth(at), report);
  }
  const senseless = page.locator(".mx td.na");
  if ((await senseless.count()) > 0) {
    const said = await senseless.first().locator(".unseen").textContent();
    if (said.trim().length < 10) report(`a cell that makes no sense does not say why: “${said}”`);
  }
}

async function checkName(cell, report) {
  const written = await cell.evaluate((td) => {
    const table = td.closest("table");
    const words = (th) => (th.querySelector("a") ?? th).textContent.trim();
    const column = table.tHead.rows[0].cells[td.cellIndex];
    return { row: words(td.parentElement.cells[0]), column: words(column), n: td.querySelector("b").textContent };
  });
  const spoken = /link "((?:[^"\\]|\\.)*)"/.exec(await cell.ariaSnapshot())?.[1] ?? "";
  const name = spoken.replaceAll('\\"', '"');
  const { row, column, n } = written;
  const said = `the cell ${row}, ${column} is read out as “${name}”`;
  for (const word of [row, column]) if (!name.includes(word)) report(`${said}, without “${word}”`);
  if (n !== "0" && !new RegExp(`\\b${n}\\b`).test(name)) report(`${said}, without its number ${n}`);
  // The number and the letters are drawn for eyes, and said once in words.
  if (name.trim().startsWith(n)) report(`${said}, which is what is drawn`);
}

/** Tab leads from what scrolls to the headers and on from cell to cell, each is marked, and Enter opens its page. */
async function checkKeys(page, report) {
  await page.locator(".mx-scroll").focus();
  const order = await page.locator(".mx a").count();
  const first = page.locator(".mx td a").first();
  for (let step = 0; step <= order; step += 1) {
    if (await first.evaluate((link) => link === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  const arrived = await first.evaluate((link) => link === document.activeElement);
  if (!arrived) return report("the first cell cannot be reached with the Tab key");
  const next = page.locator(".mx td a").nth(1);
  await page.keyboard.press("Tab");
  const reached = await page.evaluate(() => document.activeElement.closest("td, th")?.textContent.trim() ?? "");
  const wanted = await next.evaluate((link) => link.closest("td").textContent.trim());
  const sameRow = await next.evaluate((link) => link.closest("tr") === document.querySelector(".mx td a").closest("tr"));
  if (sameRow && reached !== wanted) report(`from the first cell the Tab key leads to “${reached}”`);
  const outline = await page.evaluate(() => {
    const shown = (...style) => style.some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2);
    return shown(getComputedStyle(document.activeElement), getComputedStyle(document.activeElement, "::after"));
  });
  if (!outline) report("a cell that has the focus does not show it");
  const href = await page.evaluate(() => document.activeElement.href);
  await Promise.all([page.waitForURL(href), page.keyboard.press("Enter")]);
}

// ---- Filters ----------------------------------------------------------------------------------------------------------

/** With script, each choice shows what its own page shows, with the same numbers; two of them show what both do. */
async function checkFilters(page, choices, report) {
  const form = page.locator("form.filters");
  if (choices.length === 0) return;
  if (!(await form.isVisible())) return report("offers no filters");
  if (await page.locator("details.filters").isVisible()) report("offers each filter twice");
  const selects = form.locator("select");
  const whole = await cellsOf(page);
  const shown = {};
  for (const choice of choices) {
    const select = selects.nth(choice.group);
    await select.selectOption({ index: choice.at + 1 });
    const here = await cellsOf(page);
    await checkCount(page, here, report);
    await checkNothingEmpty(page, choice.label, report);
    const there = await cellsAt(page, choice.href);
    const differs = differenceOf(here, there);
    if (differs) report(`with “${choice.label}” chosen, ${differs}, and not so on the page of its own`);
    shown[`${choice.group} ${choice.at}`] = here;
    await select.selectOption({ index: 0 });
  }
  const back = differenceOf(await cellsOf(page), whole);
  if (back) report(`with everything chosen again, ${back}`);
  await checkPairs(page, choices, shown, report);
}

/** Of two filters at once each cell must be one that both show; of those with a count, the number is the smaller's. */
async function checkPairs(page, choices, shown, report) {
  const selects = page.locator("form.filters select");
  const groups = [...new Set(choices.map(({ group }) => group))];
  for (const one of groups) {
    for (const other of groups.filter((group) => group > one)) {
      const [a, b] = [one, other].map((group) => choices.find((choice) => choice.group === group));
      await selects.nth(one).selectOption({ index: a.at + 1 });
      await selects.nth(other).selectOption({ index: b.at + 1 });
      const both = await cellsOf(page);
      const [first, second] = [a, b].map(({ group, at }) => new Map(shown[`${group} ${at}`].map((cell) => [cell.href, Number(cell.n)])));
      const together = `“${a.label}” and “${b.label}” together`;
      for (const { href, n } of both) {
        const path = new URL(href).pathname;
        if (!first.has(href) || !second.has(href)) report(`${together} show ${path}, which one of them does not`);
        else if (Number(n) > Math.min(first.get(href), second.get(href))) report(`${together} count ${n} in ${path}`);
      }
      await checkCount(page, both, report);
      for (const group of [one, other]) await selects.nth(group).selectOption({ index: 0 });
    }
  }
}

/** The number of cells is announced: groups gather others, so they are not counted. */
async function checkCount(page, cells, report) {
  const status = page.locator("form.filters output");
  if (!(await status.ariaSnapshot()).startsWith("- status")) report("does not announce how many cells are shown");
  const said = await status.textContent();
  const counted = cells.filter(({ group }) => !group).length;
  if (!said.match(/\d+/g)?.includes(String(counted))) report(`shows ${counted} cells and says “${said}”`);
}

/** No row, column or section stands there with nothing in it. */
async function checkNothingEmpty(page, label, report) {
  const empty = await page.locator(".mx").evaluate((table) => {
    const seen = (element) => element.checkVisibility({ visibilityProperty: true });
    const full = (cell) => seen(cell) && [...cell.children].some(seen);
    const rows = [...table.querySelectorAll("tbody tr:not(.sec)")].filter(seen);
    const heads = [...table.tHead.rows[0].cells].slice(1);
    const names = rows.filter((row) => ![...row.cells].slice(1).some(full)).map((row) => row.cells[0].textContent);
    heads.forEach((th, at) => {
      if (seen(th) && !rows.some((row) => full(row.cells[at + 1]))) names.push(th.textContent);
    });
    for (const section of table.querySelectorAll(".sec")) {
      if (seen(section) && !rows.some((row) => row.parentElement === section.parentElement)) names.push(section.textContent);
    }
    return names;
  });
  if (empty.length > 0) report(`with “${label}” chosen, “${empty[0].trim()}” stands there with nothing in it`);
}

/** The cells that another page of this site shows, as it is written. */
async function cellsAt(page, href) {
  return page.evaluate(async (address) => {
    const other = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
    const links = [...other.querySelectorAll(".mx td a")];
    return links.map((link) => ({ href: new URL(link.getAttribute("href"), address).href, n: link.querySelector("b").textContent }));
  }, href);
}

/** In words, how the first list of cells differs from the second; nothing where it does not. */
function differenceOf(here, there) {
  const [mine, other] = [here, there].map((cells) => new Map(cells.map(({ href, n }) => [href, n])));
  const path = (href) => new URL(href).pathname;
  for (const [href, n] of mine) if (other.get(href) !== n) return `${path(href)} shows ${n} instead of ${other.get(href) ?? "nothing"}`;
  for (const href of other.keys()) if (!mine.has(href)) return `${path(href)} is not shown`;
  return undefined;
}

/** What is chosen stands in the address, and is there again after a reload and on the way back. */
async function checkAddress(page, choices, report) {
  if (choices.length === 0) return;
  const last = choices[choices.length - 1];
  const select = page.locator("form.filters select").nth(last.group);
  const before = await page.evaluate(() => history.length);
  await select.selectOption({ index: last.at + 1 });
  const [name, value] = await select.evaluate((select) => [select.name, select.value]);
  const chosen = async () => (await select.inputValue()) === value && new URL(page.url()).searchParams.get(name) === value;
  if (!(await chosen())) return report(`with “${last.label}” chosen, the address is ${page.url()}`);
  if ((await page.evaluate(() => history.length)) !== before) report("adds a step back to the browser with each choice");
  const cells = await cellsOf(page);
  await page.reload();
  const kept = async () => (await chosen()) && !differenceOf(await cellsOf(page), cells);
  if (!(await kept())) report(`forgets that “${last.label}” was chosen when it is loaded again`);
  if (cells.length === 0) return;
  await Promise.all([page.waitForURL(cells[0].href), page.locator(".mx td:not(.off) a:visible").first().press("Enter")]);
  await page.goBack();
  if (!(await kept())) report(`forgets that “${last.label}” was chosen on the way back`);
  await page.locator("form.filters select").nth(last.group).selectOption({ index: 0 });
  if (new URL(page.url()).search) report(`keeps ${new URL(page.url()).search} in the address with everything chosen`);
}

/** A page with only some of the table knows what is chosen, and leads to the whole table with what is chosen next. */
async function checkPart(page, choices, report) {
  const [first] = choices;
  const selects = page.locator("form.filters select");
  const label = await selects.nth(first.group).evaluate((select) => select.selectedOptions[0].textContent.trim());
  if (label !== first.label) report(`is the page of “${first.label}”, and has “${label}” chosen`);
  const other = choices.find(({ group }) => group !== first.group) ?? choices[1];
  if (!other) return;
  await Promise.all([
    page.waitForURL((url) => WHOLE.test(url.pathname) && url.search.length > 1),
    selects.nth(other.group).selectOption({ index: other.at + 1 }),
  ]);
}

// ---- On a phone -------------------------------------------------------------------------------------------------------

/** Each row is a list: its name, then its cells below each other, each with the name of its column. */
async function checkLists(page, report) {
  const rows = await page.locator(".mx tbody tr:not(.sec)").evaluateAll((rows) =>
    rows.map((row) => ({
      name: row.cells[0].textContent.trim(),
      named: row.cells[0].checkVisibility(),
      cells: [...row.cells].slice(1).map((cell) => {
        const label = cell.querySelector("[data-l]");
        const { top, left, right } = cell.getBoundingClientRect();
        return { top, left, right, shown: getComputedStyle(label, "::before").content, wanted: label.dataset.l };
      }),
    })),
  );
  for (const { name, named, cells } of rows) {
    if (!named) report(`on a phone the name of “${name}” is not to be seen`);
    const beside = cells.some(({ top }, at) => at > 0 && top <= cells[at - 1].top);
    if (beside) report(`on a phone the cells of “${name}” do not stand below each other`);
    const nameless = cells.find(({ shown, wanted }) => !wanted || shown !== JSON.stringify(wanted));
    if (nameless) report(`on a phone a cell of “${name}” has the name ${nameless.shown} instead of “${nameless.wanted}”`);
    const wider = cells.some(({ left, right }) => left < -1 || right > site.PHONE.width + 1);
    if (wider) report(`on a phone the cells of “${name}” are wider than it`);
  }
}

// ---- From a folder, and at speed --------------------------------------------------------------------------------------

/** Opened as a file, what is chosen stands in the address too. */
async function checkFile({ route, file }) {
  visits += 1;
  const report = problems.at(`${route} by file://`);
  const page = await browser.newPage({ viewport: site.DESK });
  page.setDefaultTimeout(SCRIPT_MS);
  watch(page, pathToFileURL("/").origin, report);
  try {
    await page.goto(pathToFileURL(file).href);
    const select = page.locator("form.filters select").first();
    if ((await select.count()) === 0) return;
    await select.selectOption({ index: 1 });
    const cells = await cellsOf(page);
    const { search } = new URL(page.url());
    if (!search) report("does not keep what is chosen in its address");
    await page.reload();
    if (differenceOf(await cellsOf(page), cells)) report("forgets what is chosen when it is loaded again");
  } catch (error) {
    report(error.message);
  } finally {
    await page.close();
  }
}

/** A table of many cells, made of this one: choosing must take no longer than a blink. */
async function checkSpeed({ route, file }) {
  const scratch = mkdtempSync(join(tmpdir(), "folkmoot-gaps-"));
  const copy = join(scratch, decodeURIComponent(route), "index.html");
  mkdirSync(dirname(copy), { recursive: true });
  cpSync(join(folder, "assets"), join(scratch, "assets"), { recursive: true });
  writeFileSync(copy, enlarged(readFileSync(file, "utf8")));
  const large = await site.serve(scratch);
  const report = problems.at(`${route} with ${LARGE.rows} × ${LARGE.columns} cells`);
  const page = await browser.newPage({ viewport: site.DESK });
  watch(page, large.origin, report);
  try {
    visits += 1;
    await page.goto(large.address(route));
    const best = await page.evaluate(timeChoices, TRIES);
    const slowest = [...best].sort((a, b) => b.ms - a.ms)[0];
    if (!slowest) return report("offers nothing to choose");
    const took = `choosing ${slowest.name} takes ${slowest.ms.toFixed(0)} ms`;
    const verdict = slowest.ms <= WANTED_MS ? "" : ` (${WANTED_MS} ms are wanted of a machine at rest)`;
    console.log(`gaps: ${LARGE.rows} × ${LARGE.columns} cells: ${took} at most${verdict}`);
    if (slowest.ms > ASKED_MS) report(`${took}; ${ASKED_MS} are allowed`);
  } catch (error) {
    report(error.message);
  } finally {
    await page.close();
    large.close();
    rmSync(scratch, { recursive: true });
  }
}

/** In the page: how long each choice takes until the table stands again as it should. */
function timeChoices(tries) {
  const best = new Map();
  const choose = (select, index, name) => {
    const from = performance.now();
    select.selectedIndex = index;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    document.querySelector(".mx").getBoundingClientRect();
    const ms = performance.now() - from;
    best.set(name, Math.min(ms, best.get(name) ?? Infinity));
  };
  for (let one = 0; one < tries; one += 1) {
    for (const select of document.querySelectorAll("form.filters select")) {
      choose(select, select.options.length - 1, `the last ${select.name}`);
      choose(select, 0, `every ${select.name}`);
    }
  }
  return [...best].map(([name, ms]) => ({ name, ms }));
}

/** The page with a table of many rows and columns: its own first cells over and over, in its own branches. */
function enlarged(html) {
  const body = html.slice(html.indexOf("<tbody>"), html.lastIndexOf("</tbody>") + "</tbody>".length);
  const cells = body.match(/<td\b.*?<\/td>/gs);
  const branches = [...new Set([...body.matchAll(/<tr data-b="([^"]*)"/g)].map(([, branch]) => branch))];
  const times = (n, make) => Array.from({ length: n }, (_, at) => make(at)).join("");
  const row = (at) => {
    const filled = times(LARGE.columns, (column) => cells[(at * 7 + column * 3) % cells.length]);
    return `<tr data-b="${branches[at % branches.length]}"><th scope="row">Row ${at + 1}</th>${filled}</tr>`;
  };
  const head = times(LARGE.columns, (at) => `<th scope="col"><span>Column ${at + 1}</span></th>`);
  return html
    .replace(/<img\b[^>]*>/g, "")
    .replace(body, () => `<tbody>${times(LARGE.rows, row)}</tbody>`)
    .replace(/(<th scope="col" class="co">.*?<\/th>).*?<\/tr><\/thead>/s, (_, corner) => `${corner}${head}</tr></thead>`)
    .replace('<table class="mx', '<table class="mx many');
}
