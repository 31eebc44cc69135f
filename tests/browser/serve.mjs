// The preview in a browser: an open page follows each save, findings lie over the last good page, and a panel says what the page is made from.

import axe from "axe-core";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import * as site from "./site.mjs";

/** Far longer than anything here takes on a busy machine, so that only what would never come ends by it. */
const PATIENCE_MS = 15_000;
/** A page that has not answered by then is asked once more. */
const AGAIN_MS = 2_000;
/** No check takes this long. */
const CHECK_MS = 60_000;
/** After so many questions a page would have done what it does about an answer. */
const QUESTIONS = 4;
/** How often a save is timed. */
const SAVES = 10;
const TABS = 10;
const MARKUP = "<img src=x onerror=alert(1)>";
/** Turns round what follows it (Unicode, bidirectional controls). */
const TURN = "\u202e";
/** Without reading stylesheets anew: in a shadow tree it would put them into the page, against the policy. */
const AXE = { preload: false, runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } };
const LOOKS = [site.PHONE, site.DESK].flatMap((size) => ["light", "dark"].map((colorScheme) => ({ size, colorScheme })));
/** The narrowest phone, and a desk at 400 % (WCAG 2.2, 1.4.10). */
const NARROW = { width: 320, height: 256 };
const TODAY = "2026-11-22";

const VISITS = "content/practices/visits.md";
const WRONG = ['summary = "Each store, once a year."', 'summary = "Each store, once a year."\ntopisc = ["retail"]'];

const USAGE = "node serve.mjs BINARY (pictures of all looks go where the variable PICTURES says)";
const binary = process.argv[2] && resolve(process.argv[2]);
if (!binary || !existsSync(binary) || !statSync(binary).isFile()) {
  console.error(USAGE);
  process.exit(2);
}
const pictures = process.env.PICTURES;

const problems = new site.Problems();
const scratch = mkdtempSync(join(tmpdir(), "folkmoot-preview-"));
const servers = new Set();
let browser;
let visits = 0;

// However this ends, no server stays behind, and no folder.
process.on("exit", () => {
  for (const server of servers) server.kill("SIGKILL");
  rmSync(scratch, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(2));

// ---- A site, its server, and pages in a browser -----------------------------------------------------------------------

/** A knowledge base that somebody writes, with a server of its own. */
class Desk {
  constructor(name, report) {
    this.folder = join(scratch, name.replaceAll(" ", "-"));
    this.report = report;
    // While a server is away, questions go unanswered, and the browser says so on the console.
    this.isAway = false;
    for (const [path, text] of Object.entries(smallSite())) this.write(path, text);
  }

  write(path, text) {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  read(path) {
    return readFileSync(join(this.folder, path), "utf8");
  }

  edit(path, [from, to]) {
    const text = this.read(path);
    if (!text.includes(from)) throw new Error(`${path} does not say “${from}”`);
    this.write(path, text.replace(from, () => to));
  }

  /** Copies a file of the theme, to change it. */
  copyTheme(name) {
    const { status, stderr } = spawnSync(binary, ["theme", "copy", name, "--site", this.folder], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return `theme/${name}`;
  }

  async serve(...options) {
    const environment = { ...process.env, FOLKMOOT_EDITOR: "" };
    const args = ["serve", this.folder, "--port", "0", "--today", TODAY, ...options];
    const last = (name) => args.lastIndexOf(name);
    // What is said twice counts as it was said last.
    const said = args.filter((word, at) => !["--port", "--today"].some((name) => (word === name || args[at - 1] === name) && at < last(name)));
    const server = spawn(binary, said, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    servers.add(server);
    let heard = "";
    this.origin = await new Promise((answer, refuse) => {
      const hear = (words) => {
        heard += words;
        const url = /” at (http:\/\/[^/]+)\//.exec(heard)?.[1];
        if (url) answer(url);
      };
      server.stdout.on("data", hear);
      server.stderr.on("data", hear);
      server.on("exit", () => refuse(new Error(`the server ended: ${heard}`)));
    });
    this.server = server;
    this.isAway = false;
  }

  async stop() {
    if (!this.server) return;
    this.isAway = true;
    const server = this.server;
    this.server = null;
    const ended = new Promise((end) => server.once("exit", end));
    server.kill("SIGKILL");
    await ended;
    servers.delete(server);
  }

  /** A reader with a memory of their own. */
  async reader(options = {}) {
    const context = await browser.newContext({ viewport: site.DESK, reducedMotion: "reduce", ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    (this.readers ??= []).push(context);
    return context;
  }

  async open(route, { context, ...options } = {}) {
    visits += 1;
    const page = await (context ?? (await this.reader(options))).newPage();
    page.on("dialog", (dialog) => {
      this.report(`${route} opens a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    // A question under way when a page is left, or while there is no server, is nobody's fault; nor is it that the
    // browser remarks on a page that answers 404, as some here are meant to.
    const isExpected = (text) =>
      text.includes("net::ERR_ABORTED") || (this.isAway && /ERR_|Failed to (load|fetch)/.test(text)) || text.includes("status of 404") || text.includes("status of 500");
    site.watch(page, this.origin, (text) => isExpected(text) || this.report(`${route}: ${text}`));
    await page.goto(this.origin + route, { waitUntil: "load" });
    await page.locator("folkmoot-preview .badge").waitFor();
    return page;
  }

  /** Whether something comes to be so; said as a problem where it does not. */
  async expect(what, test) {
    if (!(await isSo(test))) this.report(`${what}: did not come to be`);
  }

  /** Whether something is so now. */
  check(isRight, what) {
    if (!isRight) this.report(what);
  }

  async end() {
    for (const context of this.readers ?? []) await context.close();
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function onDesk(name, work) {
  const report = problems.at(name);
  const desk = new Desk(name, report);
  try {
    await within(CHECK_MS, work(desk));
  } catch (error) {
    report(error.message);
  }
  await desk.end();
}

/** What comes of a promise, unless that takes too long: a page that is just being left may never answer. */
function within(time, promise) {
  let timer;
  const late = new Promise((_, refuse) => { timer = setTimeout(() => refuse(new Error(`nothing came within ${time} ms`)), time); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Asks again and again. A page that is just being loaded cannot be asked, so that counts as no. */
async function isSo(test) {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    if (await within(AGAIN_MS, test()).catch(() => false)) return true;
    await new Promise((next) => setTimeout(next, 20));
  }
  return false;
}

function smallSite() {
  const paragraphs = (from, to) => Array.from({ length: to - from }, (_, at) => `Paragraph ${from + at} of what was learned in stores.\n`).join("\n");
  const topic = (title, dimension) => `+++\ntitle = "${title}"\ndate = 2026-08-01\ndimension = "${dimension}"\n+++\n`;
  return {
    "folkmoot.toml": `title = "Harbor network"
base_url = "https://library.example.org/"

[review]
practice = "12 months"

[[maps]]
id = "main"
title = "What we know"
rows = { topics = "area" }
columns = { topics = "knowledge" }
`,
    "content/topics/retail.md": topic("Retail", "area"),
    "content/topics/menthol.md": topic("Menthol", "area"),
    "content/topics/cost.md": topic("Cost", "knowledge"),
    "content/topics/signs.md": topic("Signs", "knowledge"),
    "content/people/ada.md": '+++\ntitle = "Ada Quill"\n+++\n',
    [VISITS]: `+++
title = "Store visits"
summary = "Each store, once a year."
date = 2026-03-16
topics = ["retail", "cost"]

[review]
owner = "ada"
+++

First line of the practice; see [the form](form.md).

${paragraphs(0, 80)}
The middle of the practice.

${paragraphs(80, 160)}
The last line of the practice.
`,
    "content/practices/form.md": '+++\ntitle = "A form"\nsummary = "For visits."\ndate = 2026-01-10\ntopics = ["retail", "menthol", "cost", "signs"]\n+++\n\nIt is used in [visits](visits.md).\n',
    "content/pages/plan.md": '+++\ntitle = "Plan"\ndraft = true\n+++\n\nNot yet for everybody.\n',
    "content/pages/staff.md": '+++\ntitle = "For staff"\nvisibility = "internal"\n+++\n\nNot for everybody.\n',
    "content/pages/about.md": "+++\ntitle = \"About\"\n+++\n\n![A mark](/mark.svg)\n",
    "static/mark.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="20" height="20"/></svg>',
  };
}

// ---- What a page says of itself ---------------------------------------------------------------------------------------

const says = (page, words) => async () => (await page.locator("main").textContent({ timeout: 500 })).includes(words);
const overlay = (page) => page.locator("folkmoot-preview .findings");
const badge = (page) => page.locator("folkmoot-preview .badge");
const panel = (page) => page.locator("folkmoot-preview .panel");
const isShown = (locator) => () => locator.isVisible();
const isGone = (locator) => async () => (await locator.count()) === 0;

/** Leaves a mark that does not outlast a reload. */
const mark = (page) => page.evaluate(() => { globalThis.marked = true; });
const isMarked = (page) => page.evaluate(() => globalThis.marked === true);

/** Does something, and waits until the page has heard of it and had the time to do something about it. */
async function heard(page, work) {
  const about = page.waitForResponse((answer) => answer.url().includes("/_folkmoot/about"));
  await work();
  await about;
  await asked(page);
}

/** Waits until the page has asked a few times more. */
async function asked(page) {
  for (let count = 0; count < QUESTIONS; count += 1) {
    await page.waitForResponse((answer) => answer.url().endsWith("/_folkmoot/state"));
  }
}

// ---- Following --------------------------------------------------------------------------------------------------------

async function checkFollows(desk) {
  await desk.serve();
  const page = await desk.open("/practices/visits/");
  const place = 1500;
  for (const [what, edit, words] of [
    ["a change below", ["The last line", "The very last line"], "The very last line"],
    ["a change above", ["First line of the practice", "Opening line of the practice"], "Opening line"],
    ["a paragraph more below", ["The very last line", "One more.\n\nThe very last line"], "One more."],
    ["many paragraphs more above", ["Opening line", `${"Another paragraph.\n\n".repeat(12)}Opening line`], "Another paragraph."],
  ]) {
    await page.evaluate((y) => scrollTo(0, y), place);
    desk.edit(VISITS, edit);
    await desk.expect(`${what} shows`, says(page, words));
    await desk.expect(`the place is kept over ${what}`, () => page.evaluate((y) => Math.abs(scrollY - y) < 2, place));
    await page.waitForLoadState("load");
  }
  // Saved as many editors do: written beside it, and renamed.
  desk.write(".new", desk.read(VISITS).replace("One more.", "Renamed into place."));
  renameSync(join(desk.folder, ".new"), join(desk.folder, VISITS));
  await desk.expect("a file renamed into place shows", says(page, "Renamed into place."));
}

async function checkTime(desk) {
  await desk.serve();
  const page = await desk.open("/practices/visits/");
  const times = [];
  let last = "First line";
  for (let save = 1; save <= SAVES; save += 1) {
    const words = `Line of save ${save}`;
    const start = performance.now();
    desk.edit(VISITS, [last, words]);
    await page.waitForFunction((words) => document.querySelector("main")?.textContent.includes(words), words);
    times.push(performance.now() - start);
    last = words;
    await page.waitForLoadState("load");
  }
  times.sort((a, b) => a - b);
  const [median, longest] = [(times[SAVES / 2 - 1] + times[SAVES / 2]) / 2, times[SAVES - 1]];
  console.log(`serve: from a save to the page that shows it, median of ${SAVES}: ${Math.round(median)} ms (longest ${Math.round(longest)} ms)`);
}

/** What was typed, opened and focused is there after a reload. */
async function checkWhatIsKept(desk) {
  desk.write("folkmoot.toml", `${desk.read("folkmoot.toml")}\n[markdown]\nraw_html = "allow"\n`);
  const fields = '<details><summary>More</summary>Words</details>\n<p><label>Name <input id="name"></label> <label>Note <textarea name="note"></textarea></label> <label>Word <input type="password" id="word"></label></p>';
  desk.write("content/pages/form.md", `+++\ntitle = "Fields"\n+++\n\nAs it was.\n\n${fields}\n`);
  await desk.serve();
  const page = await desk.open("/form/");
  await page.locator("#word").fill("secret");
  await page.locator("[name=note]").fill("Half a thought");
  await page.locator("main details").first().evaluate((part) => { part.open = true; });
  await page.locator("#name").fill("Ada");
  await page.locator("#name").evaluate((field) => field.setSelectionRange(1, 2));
  desk.edit("content/pages/form.md", ["As it was.", "As it is."]);
  await desk.expect("the change shows", says(page, "As it is."));
  await page.waitForLoadState("load");
  const kept = await page.evaluate(() => ({
    name: document.querySelector("#name").value,
    note: document.querySelector("[name=note]").value,
    word: document.querySelector("#word").value,
    open: document.querySelector("main details").open,
    focus: document.activeElement.id,
    selection: [document.activeElement.selectionStart, document.activeElement.selectionEnd].join(),
    storage: JSON.stringify(sessionStorage),
  }));
  desk.check(kept.name === "Ada" && kept.note === "Half a thought", `typed text is kept: ${JSON.stringify(kept)}`);
  desk.check(kept.word === "" && !kept.storage.includes("secret"), "a password is not kept");
  desk.check(kept.open, "what was opened stays open");
  desk.check(kept.focus === "name" && kept.selection === "1,2", `the focus stays, and what is selected: ${kept.focus} ${kept.selection}`);
}

async function checkStyles(desk) {
  const style = desk.copyTheme("assets/style.css");
  const base = desk.copyTheme("templates/base.html");
  desk.edit(base, ["{%- block head %}", '<link rel="stylesheet" href="/x.css">\n{%- block head %}']);
  const importing = '@import "parts/y.css";\n';
  desk.write("static/x.css", `${importing}body { --of-static: one }\n`);
  desk.write("static/parts/y.css", "body { --of-part: one }\n");
  await desk.serve();
  const page = await desk.open("/practices/visits/");
  await page.evaluate(() => scrollTo(0, 900));
  await mark(page);
  const value = (name) => page.evaluate((name) => getComputedStyle(document.body).getPropertyValue(name).trim(), name);
  const swapped = async (what, property, wanted, work) => {
    await heard(page, work);
    await desk.expect(`${what} is exchanged`, async () => (await value(property)) === wanted);
    await desk.expect(`after ${what} there are as many stylesheets as before`, async () => (await page.locator('head link[rel="stylesheet"]').count()) === count);
    desk.check(await isMarked(page), `for ${what} the page is loaded again`);
  };
  const count = await page.locator('head link[rel="stylesheet"]').count();
  const original = desk.read(style);
  for (const wanted of ["one", "two"]) {
    await swapped(`the theme's stylesheet (${wanted})`, "--of-theme", wanted, () => desk.write(style, `${original}\nbody { --of-theme: ${wanted} }\n`));
  }
  for (const wanted of ["two", "three"]) {
    await swapped(`a stylesheet of static/ (${wanted})`, "--of-static", wanted, () => desk.write("static/x.css", `${importing}body { --of-static: ${wanted} }\n`));
  }
  await swapped("a stylesheet that another takes in", "--of-part", "two", () => desk.write("static/parts/y.css", "body { --of-part: two }\n"));
  desk.check((await value("--of-theme")) === "two", "the other stylesheet stays as it was");
  desk.check((await page.evaluate(() => scrollY)) === 900, "the place stays as it was");
  // After all that, a change of text still loads the page again.
  desk.edit(VISITS, ["First line", "Another line"]);
  await desk.expect("text follows after stylesheets", says(page, "Another line"));
  desk.check(!(await isMarked(page)), "another text is shown without loading the page, which this check does not expect");
  desk.check((await value("--of-static")) === "three", "the page loaded again has the new stylesheets");
}

async function checkNoReload(desk) {
  await desk.serve();
  const page = await desk.open("/about/");
  await mark(page);
  const now = new Date();
  utimesSync(join(desk.folder, "content/pages/about.md"), now, now);
  desk.write("content/pages/about.md", desk.read("content/pages/about.md"));
  await asked(page);
  desk.check(await isMarked(page), "a touched file has the page loaded again");
  await heard(page, () => desk.edit(VISITS, ["First line", "Another line"]));
  desk.check(await isMarked(page), "a change of another page has this one loaded again");
  desk.edit("static/mark.svg", ["<rect ", '<rect fill="red" ']);
  await desk.expect("a changed picture has the page loaded again", async () => !(await isMarked(page)));
}

async function checkComesToBe(desk) {
  await desk.serve();
  const page = await desk.open("/later/");
  await badge(page).click();
  await desk.expect("the panel says that there is no page", async () => (await panel(page).textContent()).includes("There is no page at this address."));
  desk.write("content/pages/later.md", '+++\ntitle = "Later"\n+++\n\nHere at last.\n');
  await desk.expect("a page that comes to be shows where it was missing", says(page, "Here at last."));
  await desk.expect("the panel says what it is made from", async () => (await panel(page).textContent()).includes("content/pages/later.md"));
  rmSync(join(desk.folder, "content/pages/later.md"));
  await desk.expect("a page that goes shows as missing", async () => !(await says(page, "Here at last.")()));
}

// ---- Findings ---------------------------------------------------------------------------------------------------------

async function checkOverlay(desk) {
  await desk.serve();
  const context = await desk.reader();
  const page = await desk.open("/practices/visits/", { context });
  await mark(page);
  desk.check(await isGone(overlay(page))(), "findings lie over a page that has none");
  desk.edit(VISITS, WRONG);
  await desk.expect("a broken file lays findings over the page", isShown(overlay(page)));
  const text = await overlay(page).innerText();
  for (const words of ["1 error", "On this page", "unknown-key", `${VISITS}:4:1`, "help: "]) {
    desk.check(text.includes(words), `the findings say “${words}”: ${text}`);
  }
  desk.check((await overlay(page).locator("mark").textContent()) === "topisc", "what is wrong is marked in its line");
  const line = (await overlay(page).locator("pre").first().textContent()).trim();
  desk.check(line === 'topisc = ["retail"]', `its line is shown: ${line}`);
  const link = await overlay(page).locator("a.file").first().getAttribute("href");
  desk.check(link === `vscode://file${desk.folder}/${VISITS}:4:1`, `the link opens the editor there: ${link}`);
  desk.check(await isMarked(page), "findings have the page loaded again");
  desk.check(await says(page, "The middle of the practice.")(), "the last good page stays underneath");
  await badge(page).waitFor();
  desk.check((await badge(page).textContent()) === `Preview of 22 November 2026 · 1 error`, "the badge counts errors");
  // The page can be used underneath.
  await page.locator("main a").first().focus();
  await page.mouse.wheel(0, 300);
  await desk.expect("the page scrolls underneath", () => page.evaluate(() => scrollY > 0));

  await page.keyboard.press("Escape");
  await desk.expect("Escape closes the findings", isGone(overlay(page)));
  await page.reload();
  await badge(page).waitFor();
  await asked(page);
  desk.check(await isGone(overlay(page))(), "closed findings come back with a reload");
  const second = await desk.open("/practices/visits/", { context });
  await asked(second);
  desk.check(await isGone(overlay(second))(), "closed findings come back in a second tab");
  const other = await desk.open("/about/", { context });
  await asked(other);
  desk.check(await isGone(overlay(other))(), "closed findings come back on another page");
  await second.close();
  await other.close();
  // A line more, and it still is the same error.
  await heard(page, () => desk.edit(VISITS, ["+++\ntitle", "+++\n# A remark.\ntitle"]));
  desk.check(await isGone(overlay(page))(), "closed findings come back when they move to another line");

  desk.edit(VISITS, ["topisc", "summery"]);
  await desk.expect("another error opens them again", isShown(overlay(page)));
  const close = overlay(page).getByRole("button", { name: "Close" });
  await close.focus();
  await close.press("Enter");
  await desk.expect("the button closes the findings", isGone(overlay(page)));
  desk.check(await page.evaluate(() => document.querySelector("folkmoot-preview").shadowRoot.activeElement?.className.includes("badge")), "the focus goes to the badge, not astray");
  await badge(page).click();
  await panel(page).getByRole("button", { name: "Show findings" }).click();
  await desk.expect("the panel shows them again", isShown(overlay(page)));
  desk.edit(VISITS, ['\nsummery = ["retail"]', ""]);
  await desk.expect("mended, they go by themselves", isGone(overlay(page)));
  desk.edit(VISITS, WRONG);
  await desk.expect("a new error is told", isShown(overlay(page)));
  await page.keyboard.press("Escape");
  await desk.expect("it closes", isGone(overlay(page)));
  await heard(page, () => desk.edit(VISITS, ['\ntopisc = ["retail"]', ""]));
  desk.edit(VISITS, WRONG);
  await desk.expect("what was mended and broken again is told again", isShown(overlay(page)));
  desk.edit(VISITS, ['\ntopisc = ["retail"]', ""]);
  await desk.expect("mended once more, it goes", isGone(overlay(page)));
}

async function checkOrder(desk) {
  await desk.serve();
  const page = await desk.open("/practices/visits/");
  await heard(page, () => desk.edit("content/practices/form.md", ["[visits](visits.md)", "[visits](visits.md) and [nothing]()"]));
  await desk.expect("a warning is counted on the badge", async () => / · 1 warning$/.test(await badge(page).textContent()));
  desk.check(await isGone(overlay(page))(), "a warning lies over the page by itself");
  await badge(page).click();
  await panel(page).getByRole("button", { name: "Show findings" }).click();
  await desk.expect("warnings are shown when asked for", isShown(overlay(page)));
  desk.check((await overlay(page).innerText()).includes("Elsewhere"), "a finding of another page stands under “Elsewhere”");
  await page.keyboard.press("Escape");
  await desk.expect("they close", isGone(overlay(page)));
  // Alphabetically the other file comes first.
  desk.edit("content/practices/form.md", ['summary = "For visits."', 'sumary = "For visits."']);
  desk.edit(VISITS, WRONG);
  await desk.expect("both errors are told", async () => (await overlay(page).locator(".finding.error").count()) >= 2);
  const titles = await overlay(page).locator("h3").allTextContents();
  desk.check(titles.join() === "On this page,Elsewhere", `findings of this page come first: ${titles}`);
  const first = await overlay(page).locator(".file").first().textContent();
  desk.check(first.startsWith(VISITS), `the first finding is of this page: ${first}`);
  desk.check((await overlay(page).locator("h2").textContent()) === "2 errors, 1 warning", `the heading counts: ${await overlay(page).locator("h2").textContent()}`);
}

async function checkTemplate(desk) {
  const template = desk.copyTheme("templates/practice.html");
  await desk.serve();
  const page = await desk.open("/practices/visits/");
  const original = desk.read(template);
  const [start] = original.match(/\{% block parts %\}/) ?? [];
  if (!start) throw new Error("the template has no block to write into");
  desk.write(template, original.replace(start, `${start}\n{{ nobody.knows }}`));
  await desk.expect("a broken template is told over the page", isShown(overlay(page)));
  const text = await overlay(page).innerText();
  desk.check(/theme\/templates\/practice\.html:\d+:\d+/.test(text), `the template and its line are told: ${text}`);
  desk.check(await says(page, "The middle of the practice.")(), "the last good page stays underneath");
  const other = await desk.open("/practices/form/");
  desk.check(await says(other, "It is used in")(), "so does that of a page nobody had looked at");
  await other.close();
  desk.write(template, original.replace(start, `${start}\n<p>Mended.</p>`));
  await desk.expect("mended, the findings go", isGone(overlay(page)));
  await desk.expect("mended, the page follows", says(page, "Mended."));
}

/** Where nothing new can be made at all, that is said, whatever else there is to say. */
async function checkStopped(desk) {
  await desk.serve();
  const page = await desk.open("/about/");
  await mark(page);
  const settings = desk.read("folkmoot.toml");
  rmSync(join(desk.folder, "folkmoot.toml"));
  mkdirSync(join(desk.folder, "folkmoot.toml"));
  await desk.expect("what stopped the making is told", async () => (await overlay(page).innerText()).includes("folkmoot.toml"));
  desk.check((await overlay(page).locator("h2").textContent()) === "No new pages could be made", "the heading says so");
  rmSync(join(desk.folder, "folkmoot.toml"), { recursive: true });
  desk.write("folkmoot.toml", settings);
  await desk.expect("once it goes on, that goes", isGone(overlay(page)));
  desk.check(await isMarked(page), "the page is loaded again although it looks the same");
}

async function checkEditors(desk) {
  desk.edit(VISITS, WRONG);
  await desk.serve("--editor", "my-editor://open{root}/{file}?at={line}");
  const page = await desk.open("/practices/visits/");
  await desk.expect("errors there from the start lie over the page", isShown(overlay(page)));
  const href = await overlay(page).locator("a.file").first().getAttribute("href");
  desk.check(href === `my-editor://open${desk.folder}/${VISITS}?at=4`, `another editor is opened its own way: ${href}`);
}

// ---- Coming back ------------------------------------------------------------------------------------------------------

async function checkRestart(desk) {
  await desk.serve();
  const page = await desk.open("/practices/visits/");
  const port = new URL(desk.origin).port;
  await mark(page);
  await desk.stop();
  await desk.expect("the badge says that there is no server", async () => (await badge(page).textContent()).endsWith("waiting for the server"));
  await desk.serve("--port", port);
  await desk.expect("the badge says that it is there again", async () => !(await badge(page).textContent()).includes("waiting"));
  await asked(page);
  desk.check(await isMarked(page), "the restart of a server that shows the same has the page loaded again");
  desk.edit(VISITS, ["First line", "Line after the restart"]);
  await desk.expect("the page follows the new server", says(page, "Line after the restart"));
  await page.waitForLoadState("load");
  await mark(page);
  await desk.stop();
  desk.edit(VISITS, ["Line after the restart", "Written meanwhile"]);
  await desk.serve("--port", port);
  await desk.expect("what was written meanwhile shows", says(page, "Written meanwhile"));
}

/** Stopped in the middle of what it does, as when a laptop is closed: nothing of the page runs, and no time passes for it. */
async function checkAsleep(desk) {
  await desk.serve();
  const page = await desk.open("/practices/visits/");
  const inspected = await browser.newBrowserCDPSession();
  const { processInfo } = await inspected.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const build = async () => (await (await fetch(`${desk.origin}/_folkmoot/state`)).json()).build;
  const before = await build();
  for (const renderer of renderers) process.kill(renderer, "SIGSTOP");
  try {
    desk.edit(VISITS, ["First line", "Written while it slept"]);
    await desk.expect("the server goes on while a page sleeps", async () => (await build()) > before);
  } finally {
    for (const renderer of renderers) process.kill(renderer, "SIGCONT");
  }
  await desk.expect("a page that slept follows", says(page, "Written while it slept"));
}

/** A page nobody sees asks nothing, and follows as soon as somebody does. */
async function checkHidden(desk) {
  await desk.serve();
  const page = await desk.open("/practices/visits/");
  const other = await desk.open("/practices/visits/");
  // A browser without windows shows all its pages, so the page is told that it is hidden.
  const show = (state) => page.evaluate((state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
  await show("hidden");
  await asked(other);
  let questions = 0;
  page.on("request", () => { questions += 1; });
  desk.edit(VISITS, ["First line", "Written unseen"]);
  await desk.expect("a page that is seen follows", says(other, "Written unseen"));
  await asked(other);
  desk.check(questions === 0, `a page nobody sees asks ${questions} times`);
  await show("visible");
  await desk.expect("a page that is seen again follows", says(page, "Written unseen"));
}

async function checkBack(desk) {
  await desk.serve();
  const page = await desk.open("/practices/visits/");
  await page.goto(`${desk.origin}/about/`);
  desk.edit(VISITS, ["First line", "Written while it was left"]);
  await page.goBack();
  await desk.expect("a page one comes back to follows", says(page, "Written while it was left"));
}

async function checkTabs(desk) {
  await desk.serve();
  const context = await desk.reader();
  const pages = [];
  for (let tab = 0; tab < TABS; tab += 1) pages.push(await desk.open("/practices/visits/", { context }));
  desk.edit(VISITS, ["First line", "Line for all tabs"]);
  const answers = [];
  for (const page of pages) {
    await page.bringToFront();
    const start = performance.now();
    const answer = await fetch(`${desk.origin}/about/`);
    answers.push([answer.status, performance.now() - start]);
    await desk.expect("each of ten tabs follows", says(page, "Line for all tabs"));
  }
  desk.check(answers.every(([status]) => status === 200), "the server answers others meanwhile");
  const slowest = Math.max(...answers.map(([, time]) => time));
  console.log(`serve: with ${TABS} tabs open, the slowest of ${TABS} plain answers took ${Math.round(slowest)} ms`);
}

// ---- Hostile text -----------------------------------------------------------------------------------------------------

async function checkHostile(desk) {
  const file = `content/pages/${MARKUP}.md`;
  desk.write(file, `+++\ntitle = '${MARKUP}</script><script>alert(2)</script>${TURN}txet'\n"${MARKUP}${TURN}" = 1\n+++\n\nWords.\n`);
  desk.edit("content/practices/form.md", ["It is used in", `It is like [that](../pages/${encodeURIComponent(MARKUP)}.md), used in`]);
  await desk.serve();
  const nothingMade = async (page, where) => {
    const made = await page.evaluate(() => {
      const trees = [document, document.querySelector("folkmoot-preview").shadowRoot];
      return trees.reduce((sum, tree) => sum + tree.querySelectorAll("[onerror], img[src=x], script:not([src])").length, 0);
    });
    desk.check(made === 0, `text becomes a part of ${where}`);
  };
  const page = await desk.open("/practices/visits/");
  await desk.expect("hostile findings are shown", isShown(overlay(page)));
  await badge(page).click();
  const text = await overlay(page).textContent();
  desk.check(text.includes(MARKUP), `hostile text is shown as text: ${text}`);
  const pre = await overlay(page).locator("pre").allTextContents();
  desk.check(pre.some((line) => line.includes("U+202E")), `what turns text round is named: ${pre}`);
  desk.check(!text.includes(TURN), "what turns text round is obeyed");
  await nothingMade(page, "the findings");
  const href = await overlay(page).locator("a.file").first().getAttribute("href");
  desk.check(href.startsWith("vscode://file/") && !/[<> "]/.test(href), `the link to a hostile file is escaped: ${href}`);

  desk.write(file, `+++\ntitle = '${MARKUP}</script><script>alert(2)</script>'\n+++\n\nWords.\n`);
  await desk.expect("mended, they go", isGone(overlay(page)));
  const form = await desk.open("/practices/form/");
  await badge(form).click();
  await form.locator("folkmoot-preview .panel summary").first().click();
  desk.check((await panel(form).textContent()).includes(MARKUP), "a hostile title stands in the panel as text");
  const hrefs = await panel(form).locator("a:not(.file)").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  desk.check(hrefs.length > 0 && hrefs.every((href) => /^\/[^/]/.test(href)), `links lead into the site: ${hrefs}`);
  await nothingMade(form, "the panel");
  for (const address of [`/${encodeURIComponent(MARKUP)}/`, "/%E2%80%AEgro.elpmaxe/", "/%3C/script%3E%3Cscript%3Ealert(3)%3C/script%3E/", "/a&b=%26/?x=<i>#<b>"]) {
    const lost = await desk.open(address);
    await nothingMade(lost, `the page for ${address}`);
    await lost.close();
  }
}

// ---- Badge and panel --------------------------------------------------------------------------------------------------

async function checkPanel(desk) {
  await desk.serve();
  const page = await desk.open("/practices/visits/");
  desk.check((await badge(page).getAttribute("aria-expanded")) === "false" && !(await panel(page).isVisible()), "the panel is open at first");
  await badge(page).press("Enter");
  await desk.expect("the badge opens the panel", isShown(panel(page)));
  desk.check((await badge(page).getAttribute("aria-expanded")) === "true", "the badge says that the panel is open");
  const text = (await panel(page).innerText()).replace(/\s+/g, " ");
  for (const words of ["Store visits", VISITS, "Practice", "Ada Quill", "Current; last looked at 16 March 2026, next by 16 March 2027", "22 November 2026", "Links to (", "Linked from (", "In gap maps (1)"]) {
    desk.check(text.includes(words), `the panel says “${words}”: ${text}`);
  }
  desk.check((await panel(page).locator("a.file").getAttribute("href")) === `vscode://file${desk.folder}/${VISITS}:1:1`, "the panel opens the file in the editor");
  await panel(page).locator("summary", { hasText: "Linked from" }).click();
  await panel(page).locator("summary", { hasText: "In gap maps" }).click();
  desk.check((await panel(page).locator('a[href="/practices/form/"]').count()) > 0, "the panel leads to what links here");
  const cell = panel(page).locator('a[href^="/gaps/"]');
  desk.check((await cell.textContent()) === "Retail × Cost", `the panel leads to the cell: ${await cell.textContent()}`);
  await page.reload();
  await desk.expect("an open panel stays open", isShown(panel(page)));
  await panel(page).locator("a.file").focus();
  await page.keyboard.press("Escape");
  await desk.expect("Escape closes the panel one is in", async () => !(await panel(page).isVisible()));
  const form = await desk.open("/practices/form/", { context: page.context() });
  await badge(form).click();
  await panel(form).locator("summary", { hasText: "In gap maps" }).click();
  const unsure = panel(form).locator(".part").first();
  desk.check((await unsure.textContent()) === "not certain" && (await unsure.getAttribute("title")), "a place that is not certain says so, and why");
  for (const [route, word, watermark] of [["/plan/", "Draft:", "Draft"], ["/staff/", "Internal:", "Internal"]]) {
    await form.goto(desk.origin + route);
    await desk.expect(`the panel of ${route} says “${word}”`, async () => (await panel(form).locator(".mark").first().textContent()).startsWith(word));
    desk.check((await form.locator(".watermark").first().textContent()).includes(watermark), `${route} is watermarked`);
  }
  await form.goto(`${desk.origin}/practices/`);
  await desk.expect("a page without a file says what it is", async () => (await panel(form).textContent()).includes("This page gathers what others say."));
  // Right to left, the badge changes sides.
  const side = () => badge(form).evaluate((element) => element.getBoundingClientRect().left < innerWidth / 2);
  desk.check(!(await side()), "the badge stands at the right");
  await form.evaluate(() => { document.documentElement.dir = "rtl"; });
  desk.check(await side(), "right to left, the badge stands at the left");
  await form.emulateMedia({ media: "print" });
  desk.check(!(await badge(form).isVisible()), "the badge is printed");
}

async function checkChoices(desk) {
  await desk.serve("--today", "2030-01-01");
  const page = await desk.open("/practices/visits/");
  await desk.expect("the day that was chosen stands on the badge", async () => (await badge(page).textContent()) === "Preview of 1 January 2030");
  await badge(page).click();
  desk.check((await panel(page).textContent()).includes("Expired; last looked at 16 March 2026"), "freshness is reckoned on that day");
  await page.close();
  await desk.stop();
  await desk.serve("--public");
  const lost = await desk.open("/plan/");
  desk.check(!(await says(lost, "Not yet for everybody.")()), "a draft is public");
  const answers = await Promise.all(["/plan/", "/staff/", "/about/"].map(async (path) => (await fetch(desk.origin + path)).status));
  desk.check(answers.join() === "404,404,200", `drafts and internal pages are not there with --public: ${answers}`);
}

// ---- How it looks -----------------------------------------------------------------------------------------------------

async function checkLooks(desk) {
  desk.edit("content/practices/form.md", ["[visits](visits.md)", "[visits](visits.md#nowhere) and [nothing]()"]);
  desk.edit(VISITS, WRONG);
  desk.edit(VISITS, ["The middle of the practice.", `The middle of the practice, ${"with a very long line of words ".repeat(20)} and [a link](nowhere.md) in it. ${"More words. ".repeat(30)}`]);
  await desk.serve();
  for (const { size, colorScheme } of LOOKS) {
    const page = await desk.open("/practices/visits/", { viewport: size, colorScheme });
    const name = `${size.width}-${colorScheme}`;
    await desk.expect("findings are shown", isShown(overlay(page)));
    await picture(page, `overlay-${name}`);
    await badge(page).click();
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), AXE);
    for (const { id, nodes } of violations) desk.report(`${name}: ${id}: ${nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary}`).join("; ")}`);
    const height = await overlay(page).evaluate((element) => element.getBoundingClientRect().height / innerHeight);
    desk.check(height <= 0.61, `${name}: the findings take ${Math.round(height * 100)} % of the height`);
    const unseen = await overlay(page).locator("mark").evaluateAll((marks) => marks.filter((mark) => {
      const [own, line] = [mark, mark.closest("pre")].map((element) => element.getBoundingClientRect());
      return own.right > line.right || own.left < line.left;
    }).length);
    desk.check(unseen === 0, `${name}: what is marked in a long line is out of view`);
    await checkTargets(desk, page, name);
    await checkContrast(desk, page, name);
    await picture(page, `both-${name}`);
    await page.keyboard.press("Escape");
    await picture(page, `panel-${name}`);
    await badge(page).click();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await picture(page, `badge-${name}`);
  }
  for (const size of [NARROW, { width: 320, height: 640 }]) {
    const page = await desk.open("/practices/visits/", { viewport: size });
    await badge(page).click();
    await picture(page, `narrow-${size.height}`);
    const wide = await page.evaluate(() => {
      const tree = document.querySelector("folkmoot-preview").shadowRoot;
      const parts = [...tree.querySelectorAll(".findings-list, .panel, .stack"), document.documentElement];
      return parts.filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => part.className || part.tagName);
    });
    desk.check(wide.length === 0, `at ${size.width} px something scrolls sideways: ${wide}`);
  }
  const forced = await desk.open("/practices/visits/", { forcedColors: "active" });
  await picture(forced, "forced-colours");
}

/** Whatever is pressed is at least 24 by 24 pixels, links in sentences aside (WCAG 2.2, 2.5.8). */
async function checkTargets(desk, page, name) {
  const small = await page.evaluate(() => {
    const tree = document.querySelector("folkmoot-preview").shadowRoot;
    return [...tree.querySelectorAll("button, summary, a.file")]
      .map((element) => [element.textContent, element.getBoundingClientRect()])
      .filter(([, { width, height }]) => width > 0 && (height < 24 || width < 24))
      .map(([text]) => text);
  });
  desk.check(small.length === 0, `${name}: too small to be pressed: ${small}`);
}

/** What lies over a page hides from axe which colour is behind a text. Here each is one plain colour (WCAG 2.2, 1.4.3). */
async function checkContrast(desk, page, name) {
  const measured = await page.evaluate(() => {
    const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
    const luminance = (colour) => {
      const [r, g, b] = parts(colour).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
      const { backgroundColor } = getComputedStyle(element);
      if (parts(backgroundColor)[3] !== 0) return backgroundColor;
      return element.parentElement ? behind(element.parentElement) : "rgb(255, 0, 255)";
    };
    const tree = document.querySelector("folkmoot-preview").shadowRoot;
    const texts = [...tree.querySelectorAll("*")].filter((element) => element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
    return texts.map((element) => {
      const [dark, light] = [getComputedStyle(element).color, behind(element)].map(luminance).sort((a, b) => a - b);
      return { text: element.textContent.slice(0, 40), ratio: (light + 0.05) / (dark + 0.05) };
    });
  });
  desk.check(measured.length > 20, `${name}: only ${measured.length} texts were measured`);
  const faint = measured.filter(({ ratio }) => ratio < 4.5);
  desk.check(faint.length === 0, `${name}: too faint to be read: ${faint.map(({ text, ratio }) => `“${text}” ${ratio.toFixed(1)}`).join(", ")}`);
}

async function picture(page, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  // Without hiding the caret, for which a style would be put into the page against its policy.
  await page.screenshot({ path: join(pictures, `${name}.png`), caret: "initial" });
}

// ---- All of it -------------------------------------------------------------------------------------------------------

await site.runWithin(8, async () => {
  browser = await site.openBrowser();
  await onDesk("follows", checkFollows);
  await onDesk("time", checkTime);
  await onDesk("reload", checkWhatIsKept);
  await onDesk("stylesheets", checkStyles);
  await onDesk("no needless reload", checkNoReload);
  await onDesk("404 that comes to be", checkComesToBe);
  await onDesk("overlay", checkOverlay);
  await onDesk("order and warnings", checkOrder);
  await onDesk("own template", checkTemplate);
  await onDesk("stopped", checkStopped);
  await onDesk("editor", checkEditors);
  await onDesk("restart", checkRestart);
  await onDesk("asleep", checkAsleep);
  await onDesk("hidden", checkHidden);
  await onDesk("back", checkBack);
  await onDesk("tabs", checkTabs);
  await onDesk("hostile", checkHostile);
  await onDesk("panel", checkPanel);
  await onDesk("day and public", checkChoices);
  await onDesk("looks", checkLooks);
  await browser.close();
  return problems.end("serve", `${visits} pages`);
});
