// A portable site: opened from a folder by file://, thirty links are followed, and each must lead to a file.

import { existsSync, statSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as site from "./site.mjs";

const LINKS = 30;

const folder = site.folderFromArguments("node portable.mjs DIR (of a build with --portable)");
const root = pathToFileURL(folder).href + "/";

await site.runWithin(4, async () => {
  const problems = new site.Problems();
  if (site.pagesOf(folder).length === 0) {
    problems.at(folder)("holds no page");
    return problems.end("portable", "no link followed");
  }
  const browser = await site.openBrowser();
  const page = await browser.newPage({ viewport: site.DESK });
  page.setDefaultTimeout(site.PAGE_MS);
  let here = "";
  site.watch(page, pathToFileURL("/").origin, (text) => problems.at(here)(text));

  const open = async (address, go) => {
    here = `/${address.slice(root.length)}`;
    await go().catch((error) => problems.at(here)(error.message));
    return linksOn(page, problems.at(here));
  };

  const seen = new Set([root + "index.html"]);
  let links = await open(root + "index.html", () => page.goto(root + "index.html"));
  const waiting = new Set(links);
  let followed = 0;
  while (followed < LINKS) {
    // A link of this page is clicked, so that the walk goes as a reader's would; a dead end is left by address.
    const unseen = links.filter((link) => !seen.has(link));
    const clicked = unseen[Math.floor(unseen.length / 2)];
    const next = clicked ?? [...waiting].find((link) => !seen.has(link));
    if (!next) break;
    seen.add(next);
    followed += 1;
    links = await open(next, () => (clicked ? click(page, next) : page.goto(next)));
    for (const link of links) waiting.add(link);
  }

  await browser.close();
  if (followed === 0) problems.at("/index.html")("links to no other page");
  return problems.end("portable", `${followed} links followed`);
});

/** The pages of this site that the open page links to, each checked to be a file. */
async function linksOn(page, report) {
  const found = await page.$$eval("a[href]", (anchors) => anchors.map((anchor) => anchor.href));
  const pages = new Set();
  for (const href of found) {
    if (!href.startsWith("file:")) continue;
    const address = href.split(/[?#]/)[0];
    if (!href.startsWith(root)) report(`links out of the folder: ${href}`);
    else if (!isFile(address)) report(`links to ${address.slice(root.length) || "the folder itself"}, which is not a file`);
    else if (address.endsWith(".html")) pages.add(address);
  }
  return [...pages];
}

function isFile(address) {
  const path = fileURLToPath(address);
  return existsSync(path) && statSync(path).isFile();
}

async function click(page, address) {
  const arrived = page.waitForURL((url) => url.href.split(/[?#]/)[0] === address, { waitUntil: "load" });
  await page.$$eval(
    "a[href]",
    (anchors, wanted) => anchors.find((anchor) => anchor.href.split(/[?#]/)[0] === wanted).click(),
    address,
  );
  await arrived;
}
