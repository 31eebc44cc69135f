// Pictures of pages for people to look at: phone and desk, light and dark, the whole page.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import * as site from "./site.mjs";

const USAGE = "node screenshots.mjs DIR OUTDIR [--pages /,/sessions/,/404.html]";
const folder = site.folderFromArguments(USAGE);
const [pictures, option, routes] = process.argv.slice(3);
if (!pictures || (option && (option !== "--pages" || !routes))) {
  console.error(USAGE);
  process.exit(2);
}

await site.runWithin(10, async () => {
  const pages = site.pagesOf(folder);
  const problems = new site.Problems();
  const wanted = routes ? named(routes.split(","), pages, problems) : largestOfEachTemplate(pages);
  mkdirSync(pictures, { recursive: true });
  const server = await site.serve(folder);
  const browser = await site.openBrowser();
  const context = await browser.newContext({ reducedMotion: "reduce" });
  context.setDefaultTimeout(site.PAGE_MS);

  await site.forEachPage(wanted, context, server, problems, async (page, route) => {
    for (const size of [site.PHONE, site.DESK]) {
      for (const colorScheme of ["light", "dark"]) {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme });
        const path = join(pictures, `${nameFor(route)}-${size.width}-${colorScheme}.png`);
        await page.screenshot({ path, fullPage: true });
        console.log(path);
      }
    }
  });

  await browser.close();
  server.close();
  return problems.end("screenshots", `${wanted.length} pages`);
});

/** Pages by route, with or without the slashes around it. */
function named(routes, pages, problems) {
  const bare = (route) => route.replace(/^\/|\/$/g, "");
  return routes.flatMap((route) => {
    const page = pages.find((page) => bare(page.route) === bare(route));
    if (!page) problems.at(route)("is no page of this site");
    return page ?? [];
  });
}

function largestOfEachTemplate(pages) {
  const largest = new Map();
  for (const page of pages) {
    if (page.bytes > (largest.get(page.template)?.bytes ?? -1)) largest.set(page.template, page);
  }
  return [...largest.values()];
}

function nameFor(route) {
  return route.replace(/^\/|\/$|\.html$/g, "").replaceAll("/", "--") || "home";
}
