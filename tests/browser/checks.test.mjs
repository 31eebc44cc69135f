// The checks check themselves: each passes a sound site and finds what is wrong with a broken one.
// Run with `node --test` in this folder.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { choosePages, pagesOf, serve } from "./site.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "folkmoot-checks-"));
const sound = join(scratch, "sound");
let count = 0;

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

/** A site whose session page has this in its text or head. */
function siteSaying(body, head) {
  return siteWith({ "sessions/opening/index.html": page({ body: NOTES + body, head }) });
}

function run(check, site) {
  const [command, script] = check.endsWith(".py") ? ["python3", join(here, "..", check)] : [process.execPath, join(here, check)];
  const { status, stdout, stderr } = spawnSync(command, [script, site], { encoding: "utf8", timeout: 120_000 });
  return { status, said: stdout + stderr };
}

function finds(check, site, ...expected) {
  const { status, said } = run(check, site);
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
});

after(() => rmSync(scratch, { recursive: true }));

test("a sound site passes every check", () => {
  for (const check of ["links.py", "validate.mjs", "axe.mjs", "layout.mjs", "portable.mjs"]) {
    const { status, said } = run(check, sound);
    assert.equal(status, 0, said);
  }
});

test("an empty folder passes none", () => {
  const empty = join(scratch, "empty");
  mkdirSync(empty);
  for (const check of ["links.py", "validate.mjs", "axe.mjs", "layout.mjs", "portable.mjs"]) {
    assert.equal(run(check, empty).status, 1, check);
  }
});

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

test("the server stays inside its folder", async () => {
  const server = await serve(join(sound, "sessions"));
  const status = async (route) => (await fetch(server.address(route))).status;
  assert.equal(await status("/opening/"), 200);
  assert.equal(await status("/%2e%2e/index.html"), 404);
  assert.equal(await status("/..%2findex.html"), 404);
  server.close();
});

test("links: what leads nowhere", () => {
  finds(
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

test("links: what a page must have, and must not", () => {
  finds(
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

test("links: feeds, sitemap, data and weight", () => {
  const entry = "<entry><id>tag:a</id><title>A</title><updated>2026-01-01T00:00:00Z</updated></entry>";
  finds(
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

test("validate: markup, style sheets and pictures", () => {
  finds(
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

test("axe: low contrast in dark only, an unnamed picture, and what the console says", () => {
  finds(
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

test("axe: requests to another origin and thrown errors", () => {
  finds(
    "axe.mjs",
    siteWith({
      "sessions/opening/index.html": page({ head: '<script src="../../assets/site.js"></script>' }),
      "assets/site.js": 'new Image().src = "http://127.0.0.1:9/x.png"; missing();',
    }),
    /asks another origin for http:\/\/127\.0\.0\.1:9\/x\.png/,
    /the page's script threw: missing is not defined/,
  );
});

test("layout: too wide, hidden in print, only there with script", () => {
  finds(
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

test("portable: folders instead of files, and scripts that file:// refuses", () => {
  finds(
    "portable.mjs",
    siteSaying('<a href="../">all</a>', '<script type="module" src="../../assets/site.js"></script>'),
    /links to sessions\/, which is not a file/,
    /\/sessions\/opening\/index\.html: the console says: /,
  );
});
