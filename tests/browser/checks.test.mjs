// The checks check themselves: each passes a sound site and finds what is wrong with a broken one.
// Run with `node --test` in this folder.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { choosePages, pagesOf, serve } from "./site.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "folkmoot-checks-"));
const sound = join(scratch, "sound");
const soundCalendar = join(scratch, "sound-calendar");
const soundGaps = join(scratch, "sound-gaps");
const theme = join(here, "..", "..", "themes", "default", "assets");
let count = 0;

/** So many tests at once: a check and its browser keep about one processor busy, and only now and then wait for a time to pass. */
const AT_ONCE = availableParallelism();
const crowd = [];

/** A small map of gaps: its rows with their cells (what they hold, how dark they are, their letters), and its columns. */
const TOPICS = [
  { id: "licensing", title: "Licensing", cells: [["practice2 session1", 4, "Q"], ["session1", 1, "TP"]] },
  { id: "vaping", title: "Vaping", cells: [["practice1", 2, "TP"], ["", 0, "AP"]] },
];
const ASPECTS = ["Evidence", "Cost"];
const LETTERS = { absolute: "A", thin: "T" };
const CHOICES = { kind: ["practice", "session"], branch: TOPICS.map(({ id }) => id), gap: Object.keys(LETTERS) };

/** Whether a cell of a row is shown where only some of the map is. */
const SHOWS = {
  kind: (kind, row, [held]) => numberOf(held, kind) > 0,
  branch: (branch, row) => row.id === branch,
  gap: (gap, row, [, , letters]) => letters.includes(LETTERS[gap]),
};

const STYLE = `body { color: #222; background: #fff }
a { color: #00565b }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } a { color: #7fd0d0 } }
`;
const NOTES = '<p>Notes long enough to be read by somebody.</p>';

function page({ up = "../../", template = "session", title = "Opening call", head = "", body = NOTES } = {}) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${up}assets/site.css">
${head}</head>
<body data-template="${template}">
<header><a href="${up}index.html">Home</a></header>
<main><h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
}

function write(site, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, path), text);
  }
}

/** A copy of the sound site with some files of its own. */
function siteWith(files) {
  const site = join(scratch, `broken-${(count += 1)}`);
  cpSync(sound, site, { recursive: true });
  write(site, files);
  return site;
}

/** A copy of the sound calendar site in which some words of some files are others: `[file, word, other]`. */
function calendarWith(...changes) {
  return changed(soundCalendar, changes);
}

/** The same of the sound site with a map of gaps. */
function gapsWith(...changes) {
  return changed(soundGaps, changes);
}

function changed(sound, changes) {
  const site = join(scratch, `broken-${(count += 1)}`);
  cpSync(sound, site, { recursive: true });
  for (const [path, word, other] of changes) {
    const text = readFileSync(join(site, path), "utf8");
    assert.ok(text.includes(word), `${path} has “${word}”`);
    writeFileSync(join(site, path), text.replaceAll(word, other));
  }
  return site;
}

/** A site whose session page has this in its text or head. */
function siteSaying(body, head) {
  return siteWith({ "sessions/opening/index.html": page({ body: NOTES + body, head }) });
}

/** A test that may run beside others: it waits for checks in which nothing is timed. */
function beside(name, work) {
  crowd.push([name, work]);
}

/** What a check, or only the parts of it that are named after it, says of a site. */
async function run(check, site) {
  const [script, ...parts] = check.split(" ");
  const [command, path] = script.endsWith(".py") ? ["python3", join(here, "..", script)] : [process.execPath, join(here, script)];
  const child = spawn(command, [path, site, ...parts], { stdio: ["ignore", "pipe", "pipe"], timeout: 120_000 });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
  const [status] = await once(child, "close");
  return { status, said: out + err };
}

async function passes(check, site) {
  const { status, said } = await run(check, site);
  assert.equal(status, 0, said);
}

async function finds(check, site, ...expected) {
  const { status, said } = await run(check, site);
  for (const pattern of expected) assert.match(said, pattern);
  assert.equal(status, 1, said);
}

before(() => {
  write(sound, {
    "index.html": page({
      up: "",
      template: "home",
      title: "Coast community",
      body: `${NOTES}<p><a href="sessions/opening/index.html#notes">Opening call</a></p>`,
    }),
    "sessions/opening/index.html": page({ body: `<h2 id="notes">Notes</h2>${NOTES}` }),
    "assets/site.css": STYLE,
    "data/entries.json": '{"entries": []}',
  });
  writeCalendar(soundCalendar);
  writeGaps(soundGaps);
});

/** A row of an agenda: all hours are those of Chicago in winter. */
function row({ day, from, to, time, href, title, id = "" }) {
  return `<li class="row"${id && ` id="${id}"`} data-ends="${day}T${to}:00-06:00">
<time class="leaf" datetime="${day}T${from}:00-06:00">${day}</time>
<p class="row-title"><a href="${href}">${title}</a></p><p class="row-facts"><span>${time} pm CST</span></p></li>`;
}

/** The day of a month in a table, with the session on it. */
function cell(day, today, ...events) {
  const links = events.map(([href, title]) => `<li><a href="${href}"><span class="event-time">1:00–2:30 pm CST</span> ${title}</a></li>`);
  return `<td class="day"${day === today ? ' aria-current="date"' : ""}><time class="day-n" datetime="2026-11-${day}">${day}</time>
${day === today ? '<span class="day-today">Today</span>' : ""}<ul class="events">${links.join("")}</ul></td>`;
}

/** A whole calendar into the reader's own, four ways. */
function subscribe(up, path) {
  const address = `https://coast.example/${path}`;
  const webcal = `webcal://coast.example/${path}`;
  return `<div class="subscribe"><ul><li><a href="${webcal}">Subscribe</a></li>
<li><a href="https://calendar.google.com/calendar/render?cid=${encodeURIComponent(webcal)}">Google</a></li>
<li><a href="https://outlook.office.com/calendar/addfromweb?url=${encodeURIComponent(address)}">Outlook</a></li>
<li><a href="${up}${path}">Download</a></li></ul>
<p class="feed" data-copy="Copy" data-copied="Copied." data-not-copied="Copy it yourself.">
<label for="feed">Address</label> <input id="feed" readonly value="${address}"></p></div>`;
}

/** A site with a calendar, built for 20 November 2026, that loads the theme's own scripts and style sheets. */
function writeCalendar(site) {
  const scripted = (up) => `<link rel="stylesheet" href="${up}assets/calendar.css"><script src="${up}assets/site.js" defer></script>
<script src="${up}assets/calendar.js" defer></script>`;
  const words = 'data-clock="12" data-am="am" data-pm="pm" data-your-time="{time} where you are"';
  const calendarPage = (up, rest) => page({ up, head: scripted(up), ...rest }).replace("<body ", `<body ${words} `);
  const office = { from: "12:00", to: "13:00", time: "12:00–1:00", title: "Office hours" };
  const lab = { from: "13:00", to: "14:30", time: "1:00–2:30" };
  const planned = (day, up) => row({ ...office, day, id: `on-${day}`, href: `${up}series/office-hours/#on-${day}` });
  const ofLab = (day, up) => row({ ...lab, day, href: `${up}sessions/lab-${day.slice(-2)}/`, title: `Lab of ${day}` });
  const month = (id, name, rows) => `<div data-month><h3 id="fm-${id}">${name}</h3><ul class="rows">${rows}</ul></div>`;
  const event = (day) => [`../../../sessions/lab-${day}/`, `Lab of ${day}`];
  const november = ["04", "12", "16", "19"].map((day) => ofLab(`2026-11-${day}`, "../../../"));
  const week = (cells) => `<tr>${cells.join("")}</tr>`;
  const empty = "<td></td>";
  write(site, {
    "calendar/index.html": calendarPage("../", {
      template: "calendar",
      title: "Calendar",
      body: `<section data-coming><h2>Coming up <span class="count">4</span>
<span data-as-of>as of <time datetime="2026-11-20">20 November</time></span></h2>
${month("month-2026-12", "December 2026", ofLab("2026-12-09", "../") + planned("2026-12-10", "../"))}
${month("month-2027-02", "February 2027", ofLab("2027-02-03", "../") + planned("2027-02-11", "../"))}
<p data-none hidden>No session is planned yet.</p></section>
<section data-past><h2>What has been</h2>
${month("past-2026-11", "November 2026", ofLab("2026-11-04", "../").replace(/ data-ends="[^"]*"/, ""))}</section>
${subscribe("../", "calendar.ics")}`,
    }),
    "calendar/2026/11/index.html": calendarPage("../../../", {
      template: "month",
      title: "November 2026",
      body: `<table class="month" data-today="Today" data-keys="Arrow keys lead about."><caption>November 2026: 4 sessions</caption>
<thead><tr>${["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead>
<tbody>${week([empty, empty, cell("04", "20", event("04")), empty, empty, empty, empty])}
${week([empty, empty, empty, cell("12", "20", event("12")), empty, empty, empty])}
${week([cell("16", "20", event("16")), cell("17", "20"), empty, cell("19", "20", event("19")), cell("20", "20"), empty, empty])}
${week([cell("23", "20"), empty, empty, empty, empty, empty, empty])}</tbody></table>
<section class="month-agenda"><ul class="rows">${november.join("")}</ul></section>`,
    }),
    "series/office-hours/index.html": calendarPage("../../", {
      template: "series",
      title: "Office hours",
      body: `<section data-coming><div class="next-up" data-ends="2026-12-10T13:00:00-06:00">
<p><time datetime="2026-12-10T12:00:00-06:00" data-local="2026-12-10T13:00:00-06:00">12:00–1:00 pm CST</time></p>
<ul class="zones"><li>Guam <span class="when-time">4:00–5:00 am ChST</span></li></ul></div></section>
<section data-coming><ul class="rows">${planned("2026-12-10", "../../")}${planned("2027-02-11", "../../")}</ul></section>
${subscribe("../../", "series/office-hours/calendar.ics")}`,
    }),
    "calendar.ics": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "series/office-hours/calendar.ics": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "assets/site.css": readFileSync(join(theme, "style.css"), "utf8"),
    "assets/calendar.css": readFileSync(join(theme, "calendar.css"), "utf8"),
    "assets/site.js": readFileSync(join(theme, "site.js"), "utf8"),
    "assets/calendar.js": readFileSync(join(theme, "calendar.js"), "utf8"),
  });
}

/** How many of a kind, or of any, are in `practice2 session1`. */
function numberOf(held, kind) {
  const counts = [...held.matchAll(/([a-z]+)(\d+)/g)].filter(([, what]) => !kind || what === kind);
  return counts.reduce((sum, [, , count]) => sum + Number(count), 0);
}

/** The table of a map, with only what `key` and `value` name. */
function mapTable(up, key, value) {
  const shows = (row, at) => !key || SHOWS[key](value, row, row.cells[at]);
  const all = ASPECTS.map((_, at) => at);
  const rows = TOPICS.filter((row) => all.some((at) => shows(row, at)));
  const columns = all.filter((at) => TOPICS.some((row) => shows(row, at)));
  const cell = (row, at) => {
    if (!shows(row, at)) return '<td class="off"></td>';
    const [held, step, letters] = row.cells[at];
    const n = numberOf(held, key === "kind" ? value : "");
    const only = key === "kind" ? ` ${n} of those chosen.` : "";
    return `<td class="s${step}${step === 0 ? " x" : ""}" data-k="${held}"><a href="${up}${cellPath(row, at)}">
<span aria-hidden="true" data-l="${ASPECTS[at]}"><b>${n}</b><i>${letters}</i></span>
<span class="unseen">${row.title}, ${ASPECTS[at]}: ${numberOf(held)} entries.${only}</span></a></td>`;
  };
  const head = (at) => `<th scope="col"><span>${ASPECTS[at]}</span></th>`;
  const line = (row) => `<tr data-b="${row.id}"><th scope="row">${row.title}</th>${columns.map((at) => cell(row, at)).join("")}</tr>`;
  return `<div class="mx-scroll" role="region" aria-label="The map" tabindex="0"><table class="mx"><caption>The map</caption>
<thead><tr><th scope="col" class="co">Topic</th>${columns.map(head).join("")}</tr></thead>
<tbody>${rows.map(line).join("\n")}</tbody></table></div>`;
}

function cellPath(row, at) {
  return `gaps/main/${row.id}/${ASPECTS[at].toLowerCase()}/`;
}

/** The filters of a map: choices for the script, and links to pages of their own. */
function mapFilters(up, key, chosen) {
  const option = (name, value) => {
    const selected = name === key && value === chosen ? " selected" : "";
    const letter = name === "gap" ? ` data-letter="${LETTERS[value]}"` : "";
    return `<option value="${value}"${selected}${letter}>${value}</option>`;
  };
  const link = (name, value) => {
    const where = name === key && value === chosen ? 'aria-current="page"' : `href="${up}gaps/main/matrix/${name}/${value}/"`;
    return `<li><a ${where}>${value}</a></li>`;
  };
  const all = (name, item) => CHOICES[name].map((value) => item(name, value)).join("");
  const each = (make) => Object.keys(CHOICES).map(make).join("");
  const selects = each((name) => `<label>${name} <select name="${name}"><option value="">All</option>${all(name, option)}</select></label>`);
  const lists = each((name) => `<div class="filter"><p>${name}</p><ul>${all(name, link)}</ul></div>`);
  const whole = key ? ` data-whole="${up}gaps/main/matrix/"` : "";
  return `<form class="filters" hidden autocomplete="off"${whole} data-shown="{n} of {of} cells" data-chosen="{n} of those chosen.">
${selects}<output></output></form><details class="filters"><summary>Only some</summary>${lists}</details>`;
}

/** A site with a map of two rows and two columns, that loads the theme's own scripts and style sheets. */
function writeGaps(site) {
  const sheets = ["gaps.css", "gap-matrix.css"];
  const mapPage = (up, key, value) => {
    const head = sheets.map((name) => `<link rel="stylesheet" href="${up}assets/${name}">`).join("");
    return page({
      up,
      template: "gap-matrix",
      title: value ? `The map: ${value}` : "The map",
      head: `${head}<script src="${up}assets/gaps.js" defer></script>`,
      body: mapFilters(up, key, value) + mapTable(up, key, value),
    });
  };
  const files = {
    "index.html": page({ up: "", template: "home", title: "Coast community" }),
    "gaps/main/matrix/index.html": mapPage("../../../"),
    "assets/site.css": readFileSync(join(theme, "style.css"), "utf8"),
  };
  for (const [key, values] of Object.entries(CHOICES)) {
    for (const value of values) files[`gaps/main/matrix/${key}/${value}/index.html`] = mapPage("../../../../../", key, value);
  }
  for (const row of TOPICS) {
    ASPECTS.forEach((title, at) => {
      files[`${cellPath(row, at)}index.html`] = page({ up: "../../../../", template: "gap", title: `${row.title}: ${title}` });
    });
  }
  for (const name of [...sheets, "gaps.js"]) files[`assets/${name}`] = readFileSync(join(theme, name), "utf8");
  write(site, files);
}

after(() => rmSync(scratch, { recursive: true }));

for (const check of ["links.py", "validate.mjs", "axe.mjs", "layout.mjs", "portable.mjs"]) {
  beside(`a sound site passes ${check}`, () => passes(check, sound));
}

beside("a sound calendar passes", () => passes("calendar.mjs", soundCalendar));

// It measures how long a choice takes, and a crowd would make that longer.
test("a sound map of gaps passes", () => passes("gaps.mjs", soundGaps));

for (const check of ["links.py", "validate.mjs", "axe.mjs", "layout.mjs", "portable.mjs", "calendar.mjs", "gaps.mjs"]) {
  beside(`an empty folder does not pass ${check}`, async () => {
    const empty = mkdtempSync(join(scratch, "empty-"));
    assert.equal((await run(check, empty)).status, 1);
  });
}

test("of each template the first page, the last and the largest are chosen", () => {
  const site = siteWith({
    "sessions/a/index.html": page(),
    "sessions/b/index.html": page({ body: NOTES.repeat(9) }),
    "sessions/c/index.html": page(),
    "sessions/z/index.html": page(),
    "sessions/zz/index.html": page({ head: '<meta http-equiv="refresh" content="0; url=../z/index.html">' }),
  });
  const chosen = choosePages(pagesOf(site)).map((page) => page.route);
  assert.deepEqual(chosen, ["/", "/sessions/a/", "/sessions/z/", "/sessions/b/"]);
});

test("of lists the largest of each sort is chosen too", () => {
  const list = (what, times) => page({ body: `<div class="index catalogue index-${what}">${NOTES.repeat(times)}</div>` });
  const site = siteWith({
    "a/index.html": list("a", 1),
    "b/index.html": list("b", 2),
    "b/more/index.html": list("b", 3),
    "c/index.html": list("c", 9),
    "z/index.html": list("z", 1),
  });
  const chosen = choosePages(pagesOf(site)).map((page) => page.route);
  assert.deepEqual(new Set(chosen), new Set(["/", "/a/", "/b/more/", "/c/", "/sessions/opening/", "/z/"]));
});

test("the server stays inside its folder", async () => {
  const server = await serve(join(sound, "sessions"));
  const status = async (route) => (await fetch(server.address(route))).status;
  assert.equal(await status("/opening/"), 200);
  assert.equal(await status("/%2e%2e/index.html"), 404);
  assert.equal(await status("/..%2findex.html"), 404);
  server.close();
});

beside("links: what leads nowhere", async () => {
  await finds(
    "links.py",
    siteSaying(
      '<h2 id="notes">Notes</h2><a href="../closing/index.html">a</a><a href="../../sessions/opening">b</a><a href="../../index.html#gone">c</a>' +
        '<a href="#lost">d</a><a href="/sessions/">e</a><a href="javascript:alert(1)">f</a><img srcset="small.png 1x" alt="g">',
    ),
    /links to \.\.\/closing\/index\.html, where no file is/,
    /links to \.\.\/\.\.\/sessions\/opening, a folder: add a slash/,
    /links to \.\.\/\.\.\/index\.html#gone, but index\.html has no such id/,
    /links to #lost, but has no such id/,
    /links to \/sessions\/; links inside the site are relative/,
    /links to javascript:alert\(1\)/,
    /links to small\.png, where no file is/,
    /7 problems/,
  );
});

beside("links: what a page must have, and must not", async () => {
  await finds(
    "links.py",
    siteWith({
      "bare/index.html": '<!doctype html><html><body style="color: red"><h1 id="a">A</h1><h1 id="a">A</h1></body></html>',
      "sessions/opening/index.html": page({
        head: '<style>a{}</style><script>1</script><script src="https://cdn.example/x.js"></script><script type="application/ld+json">{</script>',
        body: '<button onclick="1">b</button>',
      }),
    }),
    /bare\/index\.html: has no title/,
    /bare\/index\.html: has no lang/,
    /bare\/index\.html: has no viewport/,
    /bare\/index\.html: has 2 h1 elements/,
    /bare\/index\.html: has two elements with id "a"/,
    /bare\/index\.html: has an inline style on <body>/,
    /has a <style> element/,
    /has an inline script: 1/,
    /has an inline script: onclick/,
    /fetches https:\/\/cdn\.example\/x\.js/,
    /linked data that is not JSON/,
  );
});

beside("links: feeds, sitemap, data and weight", async () => {
  const entry = "<entry><id>tag:a</id><title>A</title><updated>2026-01-01T00:00:00Z</updated></entry>";
  await finds(
    "links.py",
    siteWith({
      "feed.xml": `<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:f</id><title>F</title>${entry}${entry}</feed>`,
      "sessions/feed.xml": "<feed>",
      "feed.json": '{"items": [{"id": "a"}, {"id": "a"}]}',
      "sitemap.xml":
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://example.org/gone/</loc></url></urlset>',
      "data/entries.json": "[",
      "assets/site.css": `${STYLE}/*${"x".repeat(60_000)}*/ h1 { background: url("missing.svg") }`,
    }),
    /^feed\.xml: the feed has no updated/m,
    /^feed\.xml: names tag:a twice/m,
    /^sessions\/feed\.xml: is not XML/m,
    /^feed\.json: names a twice/m,
    /names https:\/\/example\.org\/gone\/, where no file is/,
    /data\/entries\.json: is not JSON/,
    /index\.html: loads 60\d\d\d bytes of style sheets and scripts/,
    /assets\/site\.css: names missing\.svg, where no file is/,
  );
});

beside("validate: markup, style sheets and pictures", async () => {
  await finds(
    "validate.mjs",
    siteWith({
      "sessions/opening/index.html": page({ body: "<ul><p>A paragraph in a list</p></ul>" }),
      "assets/site.css": `${STYLE}h1 { colour: red }`,
      "assets/mark.svg": '<svg xmlns="http://www.w3.org/2000/svg"><circel r="8"/></svg>',
    }),
    /sessions\/opening\/index\.html:\d+: error: /,
    /assets\/site\.css:\d+: error: .*colour/,
    /assets\/mark\.svg:\d+: error: .*circel/,
  );
});

beside("axe: low contrast in dark only, an unnamed picture, and what the console says", async () => {
  await finds(
    "axe.mjs",
    siteWith({
      "sessions/opening/index.html": page({ body: `${NOTES}<img src="../../assets/mark.svg"><script>1</script>` }),
      "assets/site.css": STYLE.replace("#eee", "#333"),
      "assets/mark.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>',
    }),
    /390 px, dark: color-contrast/,
    /1280 px, light: image-alt/,
    /the console says: .*Content Security Policy/i,
  );
});

beside("axe: requests to another origin and thrown errors", async () => {
  await finds(
    "axe.mjs",
    siteWith({
      "sessions/opening/index.html": page({ head: '<script src="../../assets/site.js"></script>' }),
      "assets/site.js": 'new Image().src = "http://127.0.0.1:9/x.png"; missing();',
    }),
    /asks another origin for http:\/\/127\.0\.0\.1:9\/x\.png/,
    /the page's script threw: missing is not defined/,
  );
});

beside("layout: too wide, hidden in print, only there with script", async () => {
  await finds(
    "layout.mjs",
    siteWith({
      "sessions/wide/index.html": page({ body: `${NOTES}<div class="wide">wide</div>` }),
      "sessions/unprinted/index.html": page({ template: "unprinted" }),
      "sessions/scripted/index.html": page({
        template: "scripted",
        title: "S",
        head: '<script src="../../assets/site.js" defer></script>',
        body: "",
      }),
      "assets/site.css": `${STYLE}
        .wide { width: 500px }
        @media print { [data-template=unprinted] main { display: none } }`,
      "assets/site.js": 'document.querySelector("main").append("Text that only a script has written");',
    }),
    /\/sessions\/wide\/: at 320 px the page is \d+ px too wide: <div class="wide">/,
    /\/sessions\/wide\/: at 390 px/,
    /\/sessions\/wide\/: at 1280 px and 400 % zoom/,
    /\/sessions\/wide\/: right to left at 320 px/,
    /\/sessions\/unprinted\/: in print its main text is not to be seen/,
    /\/sessions\/scripted\/: without script its main text is not to be seen/,
  );
});

beside("portable: folders instead of files, and scripts that file:// refuses", async () => {
  await finds(
    "portable.mjs",
    siteSaying('<a href="../">all</a>', '<script type="module" src="../../assets/site.js"></script>'),
    /links to sessions\/, which is not a file/,
    /\/sessions\/opening\/index\.html: the console says: /,
  );
});

beside("calendar: keys and today on a month", async () => {
  await finds(
    "calendar.mjs month",
    calendarWith(
      ["calendar/2026/11/index.html", "<caption>November 2026: 4 sessions</caption>", ""],
      ["calendar/2026/11/index.html", '<th scope="col">Sun', "<th>Sun"],
      ["calendar/2026/11/index.html", 'sessions/lab-16/"><span', 'sessions/lab-16/" tabindex="1"><span'],
      // The mark stays where the page was built, and the hint is out of sight.
      ["assets/calendar.js", 'marked?.removeAttribute("aria-current");', ""],
      ["assets/calendar.js", "hint.textContent = ", "hint.title = "],
      ["assets/calendar.js", "links.slice(at + 1)", "links.slice(0, at)"],
      ["assets/calendar.js", "Home: () => links[0]", "Home: () => links[1]"],
    ),
    /the table of the month has no caption/,
    /has 6 heads of columns/,
    /Tab leads through the sessions as .*; they stand as 0 1 2 3/,
    /marks 2026-11-20 2026-11-23 as today, when it is 2026-11-23/,
    /marks 2026-11-20 as today, when it is another month/,
    /ArrowDown leads from session 1 to 0 instead of 3/,
    /Home leads from session 3 to 1 instead of 0/,
    /does not say which keys lead through the month/,
  );
});

beside("calendar: a month that keeps the Tab key, or has no keys and two todays", async () => {
  await finds(
    "calendar.mjs month",
    calendarWith(
      ["assets/calendar.js", "Home: () => links[0]", "Tab: () => links[(at + 1) % links.length], Home: () => links[0]"],
      ["assets/calendar.js", " || event.shiftKey", ""],
    ),
    /Tab leads through the sessions as 0 1 2 3 0/,
    /Tab does not lead out of the month after its last session/,
    /Shift\+Tab does not lead out of the month before its first session/,
  );
  await finds(
    "calendar.mjs month",
    calendarWith(
      ["assets/calendar.js", ".month", ".nothing"],
      ["calendar/2026/11/index.html", 'class="day"><time class="day-n" datetime="2026-11-23"', 'aria-current="date"><time datetime="2026-11-23"'],
    ),
    /marks 2026-11-20 2026-11-23 as today, when it is 2026-11-20/,
    /ArrowRight leads from session 0 to 0 instead of 1/,
    /End leads from session 0 to 0 instead of 3/,
  );
});

beside("calendar: what is over stays, or goes nowhere", async () => {
  await finds(
    "calendar.mjs over",
    calendarWith(["assets/site.js", 'document.querySelectorAll("[data-coming]")', "[]"]),
    /two months later “Lab of 2026-12-09” of 2026-12-09 is still to come/,
    /two months later “Office hours” of 2026-12-10 is not among what has been/,
    /two months later December 2026 still has a heading/,
    /two months later counts 4 sessions to come; there are 2/,
    /when everything is over, “Lab of 2026-12-09” of 2026-12-09 is still to come/,
    /when everything is over, does not say that no session is planned/,
  );
  await finds(
    "calendar.mjs over",
    calendarWith(
      ["assets/site.js", "<= Date.now()", "<= Date.now() + 20 * 864e5"],
      ["assets/site.js", "month.remove()", "month.id"],
      ["assets/site.js", ".prepend(item)", ".append(item)"],
      ["assets/site.js", "own.querySelector(\"[id]\").id = id", "own.querySelector(\"[id]\").id = id; own.append(title.cloneNode(true))"],
      ["assets/site.js", "none.hidden = false", "none.hidden"],
    ),
    /with script \[data-coming\] shows other sessions than without/,
    /two months later “Lab of 2027-02-03” of 2027-02-03 is gone, and is still to come/,
    /two months later what has been is not the newest first/,
    /two months later has the ids .*fm-month-2026-12.* twice/,
    /when everything is over, does not say that no session is planned/,
  );
});

beside("calendar: a reader's own time that is wrong, in another manner, or where it is no other", async () => {
  await finds(
    "calendar.mjs zones",
    calendarWith(["assets/site.js", "if (held === -start.getTimezoneOffset()) return null;", ""]),
    /\/calendar\/: adds the reader's own time 4 times/,
    /\/series\/office-hours\/: adds the reader's own time/,
  );
  await finds(
    "calendar.mjs zones",
    calendarWith(["assets/site.js", "${day}", ""], ["series/office-hours/index.html", "4:00–5:00 am ChST", "3:00–4:00 am ChST"]),
    /says of “Lab of 2026-12-09” of 2026-12-09 “5:00–6:30 am GMT\+10 where you are”, without “Thursday”/,
    /says “.*”, and “3:00–4:00 am ChST” in the list of zones/,
  );
  await finds(
    "calendar.mjs zones",
    calendarWith(["calendar/index.html", 'data-am="am"', 'data-am="AM"']),
    /“Thursday, 5:00–6:30 AM .*”, without “5:00–6:30 am”/,
  );
});

beside("calendar: what only a script shows, and hours without a zone", async () => {
  await finds(
    "calendar.mjs over",
    calendarWith(
      ["calendar/index.html", '<div data-month><h3 id="fm-month-2027-02">', '<div data-month hidden><h3 id="fm-month-2027-02">'],
      ["calendar/index.html", "1:00–2:30 pm CST", "1:00–2:30 pm"],
      ["calendar/index.html", ' data-ends="2026-12-10T13:00:00-06:00"', ""],
      ["calendar/index.html", '<label for="feed">', '<button>Old</button><label for="feed">'],
      ["calendar/2026/11/index.html", '1:00–2:30 pm CST</span> Lab of 12', "1:00–2:30 pm</span> Lab of 12"],
      ["calendar/2026/11/index.html", 'row-title"><a href="../../../sessions/lab-16/">', 'row-title"><a href="../../../sessions/lab-61/">'],
      ["assets/calendar.css", ".month-agenda { display: none; }", ""],
      ["assets/calendar.css", ".month-keys { display: none;", ".month-agenda { display: none;"],
    ),
    /without script 2 sessions are not to be seen/,
    /counts 4 sessions to come, and shows 2/,
    /without script “Lab of 2026-12-09” of 2026-12-09 has no hours with a zone: “1:00–2:30 pm”/,
    /does not say when “Office hours” of 2026-12-10 ends/,
    /without script offers a button that does nothing/,
    /lab-12\/ has no hours with a zone in the table/,
    /has .*lab-61\/ in the agenda of a phone, and not in the table/,
    /has .*lab-16\/ in the table of a desk, and not in the agenda/,
    /without script .*lab-04\/ is not to be seen/,
  );
});

beside("calendar: ways to subscribe and the button that copies", async () => {
  await finds(
    "calendar.mjs subscribe",
    calendarWith(
      ["calendar/index.html", "webcal://coast", "https://coast"],
      ["calendar/index.html", encodeURIComponent("webcal://coast"), encodeURIComponent("webcal://inland")],
      ["calendar/index.html", "addfromweb?url=", "addfromweb?address="],
      ["calendar/index.html", 'href="../calendar.ics"', 'href="../gone.ics"'],
      ["calendar.ics", "BEGIN:VCALENDAR", "BEGIN:VEVENT"],
      ["assets/site.js", "writeText(address.value)", "writeText(address.id)"],
      ["assets/site.js", "address.select();", ""],
      ["assets/site.js", "feed.dataset.copied : feed.dataset.notCopied", "feed.dataset.notCopied : feed.dataset.copied"],
    ),
    /the way to subscribe by webcal: leads to nothing/,
    /the way to subscribe by Google leads to webcal:\/\/inland/,
    /the way to subscribe by Outlook leads to nothing/,
    /the way to subscribe by \.ics leads to \/gone\.ics instead of \/calendar\.ics/,
    /https:\/\/coast\.example\/calendar\.ics is no calendar of this site/,
    /the button copies “feed” instead of the address/,
    /the button says “Copy it yourself\.” when the address is copied/,
    /the button says “Copied\.” when the address cannot be copied/,
    /the address that cannot be copied is not marked/,
  );
});

beside("calendar: planned sessions without a place of their own", async () => {
  await finds(
    "calendar.mjs planned",
    calendarWith(["series/office-hours/index.html", "on-2027-02-11", "on-2026-12-10"]),
    /has no planned session on-2027-02-11, to which \/calendar\/ leads/,
    /\/series\/office-hours\/: has the ids on-2026-12-10 twice/,
  );
  await finds("calendar.mjs planned", calendarWith(["series/office-hours/index.html", ' id="on-', ' data-id="on-']), /has 0 planned sessions/);
});

// ---- Maps of gaps -----------------------------------------------------------------------------------------------------

const TABLE = "gaps/main/matrix/index.html";
const PRACTICES = "gaps/main/matrix/kind/practice/index.html";
const SCRIPT = "assets/gaps.js";
const SHEET = "assets/gap-matrix.css";

beside("gaps: what a cell says", async () => {
  await finds(
    "gaps.mjs cells",
    gapsWith(
      [TABLE, "Licensing, Evidence: 3 entries", "Licensing: some entries"],
      [TABLE, '<span aria-hidden="true" data-l="Cost"><b>1', '<span data-l="Cost"><b>1'],
      [TABLE, 'role="region" ', ""],
    ),
    /the cell Licensing, Evidence is read out as “Licensing: some entries\.”, without “Evidence”/,
    /the cell Licensing, Evidence is read out as “Licensing: some entries\.”, without its number 3/,
    /the cell Licensing, Cost is read out as .*, which is what is drawn/,
    /what scrolls is no region with a name/,
  );
});

beside("gaps: where cells lead, and whether the keyboard gets there", async () => {
  const outline = "td a:focus-visible::after { outline: 3px solid var(--ink); }";
  await finds(
    "gaps.mjs cells",
    gapsWith([TABLE, "gaps/main/vaping/cost/", "gaps/main/vaping/coast/"], [SHEET, outline, ""]),
    /1 cells lead nowhere, \/gaps\/main\/vaping\/coast\/ for one/,
    /a cell that has the focus does not show it/,
  );
  const first = '<td class="s4" data-k="practice2 session1"><a ';
  await finds("gaps.mjs cells", gapsWith([TABLE, first, `${first}tabindex="-1" `]), /the first cell cannot be reached with the Tab key/);
});

beside("gaps: filters that count otherwise than their pages", async () => {
  await finds(
    "gaps.mjs filters",
    gapsWith(
      [PRACTICES, "<b>2</b>", "<b>3</b>"],
      [SCRIPT, "(th.hidden = !columns[at])", "(th.hidden = false)"],
      [SCRIPT, "say(left)", "say(left + 1)"],
    ),
    /with “practice” chosen, \/gaps\/main\/licensing\/evidence\/ shows 2 instead of 3/,
    /with “practice” chosen, “Cost” stands there with nothing in it/,
    /shows 2 cells and says “3 of 4 cells”/,
  );
});

beside("gaps: what is chosen is not kept", async () => {
  await finds(
    "gaps.mjs address file",
    gapsWith([SCRIPT, "history.replaceState(null,", "(() => {})(null,"]),
    /with “thin” chosen, the address is /,
    /by file:\/\/: does not keep what is chosen in its address/,
  );
  await finds(
    "gaps.mjs address file",
    gapsWith([SCRIPT, "history.replaceState(", "history.pushState("], [SCRIPT, "location.search) restore()", "location.hash) restore()"]),
    /adds a step back to the browser with each choice/,
    /forgets that “thin” was chosen when it is loaded again/,
  );
});

test("gaps: on a phone, and slow", async () => {
  const slow = "const end = performance.now() + 400; while (performance.now() < end);";
  await finds(
    "gaps.mjs phone speed",
    gapsWith(
      [TABLE, 'data-l="Evidence"', 'data-l=""'],
      [SHEET, "tbody, tr, .mx :is(th, td) { display: block;", "tbody { display: block;"],
      [SCRIPT, "    const heads = ", `    ${slow}\n    const heads = `],
    ),
    /on a phone a cell of “Licensing” has the name/,
    /on a phone the cells of “Licensing” do not stand below each other/,
    /choosing .* takes \d+ ms; 300 are allowed/,
  );
});

// ---- Side by side -----------------------------------------------------------------------------------------------------

describe("side by side", { concurrency: AT_ONCE }, () => {
  for (const [name, work] of crowd) test(name, work);
});
