// A built site as the browser checks see it: its pages, a server for them, a browser, and one way to end.

import { createServer } from "node:http";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { chromium } from "playwright-core";

/** What a phone and a desk show, in CSS pixels (DESIGN: every page is looked at on both). */
export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 900 };

/** No page of ours takes long to open from this machine; one that does is reported instead of waited for. */
export const PAGE_MS = 15_000;

/** Two pages at a time: the checks are written for machines with two cores. */
const PAGES_AT_ONCE = 2;

/** SPEC section 9: the site must work under this policy, without exceptions. */
const POLICY = "default-src 'self'";

const TYPES = new Map([
  [".html", "text/html; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".json", "application/json; charset=utf-8"],
  [".xml", "application/xml; charset=utf-8"],
  [".svg", "image/svg+xml; charset=utf-8"],
  [".ics", "text/calendar; charset=utf-8"],
  [".txt", "text/plain; charset=utf-8"],
  [".csv", "text/csv; charset=utf-8"],
  [".png", "image/png"],
  [".jpg", "image/jpeg"],
  [".webp", "image/webp"],
  [".pdf", "application/pdf"],
]);

/** The folder named first on the command line; the usage and exit code 2 where there is none. */
export function folderFromArguments(usage) {
  const folder = process.argv[2];
  if (!folder || !existsSync(folder) || !statSync(folder).isDirectory()) {
    console.error(`${usage}\n${folder ? `There is no folder ${folder}.` : "Name the folder of a built site."}`);
    process.exit(2);
  }
  return resolve(folder);
}

/**
 * Whether a part of a check is wanted: all of them, or those named after the folder on the command line. The usage and
 * exit code 2 where a name is none of `parts`.
 */
export function partsFromArguments(usage, parts) {
  const named = process.argv.slice(3);
  const unknown = named.find((name) => !parts.includes(name));
  if (unknown) {
    console.error(`${usage}\nThere is no part ${unknown}; there are ${parts.join(", ")}.`);
    process.exit(2);
  }
  return (part) => named.length === 0 || named.includes(part);
}

/**
 * Every HTML page below `folder`, by route: `{ route, file, template, what, bytes, redirects }`; `what` a list or register
 * lists, else nothing. Dot folders are not the site's.
 */
export function pagesOf(folder) {
  const pages = [];
  const walk = (here) => {
    for (const item of readdirSync(here, { withFileTypes: true })) {
      const file = join(here, item.name);
      if (item.isDirectory() && !item.name.startsWith(".")) walk(file);
      else if (item.isFile() && item.name.endsWith(".html")) pages.push(pageAt(folder, file));
    }
  };
  walk(folder);
  return pages.sort((a, b) => (a.route < b.route ? -1 : 1));
}

function pageAt(folder, file) {
  const html = readFileSync(file, "utf8");
  const path = relative(folder, file).split(sep).map(encodeURIComponent).join("/");
  return {
    route: `/${path.replace(/(^|\/)index\.html$/, "$1")}`,
    file,
    template: /<body\b[^>]*\bdata-template="([^"]*)"/.exec(html)?.[1] ?? "(none)",
    what: /<div class="index\b[^"]*\bindex-([\w-]+)"/.exec(html)?.[1] ?? "",
    bytes: html.length,
    redirects: /<meta\b[^>]*\bhttp-equiv="refresh"/i.test(html),
  };
}

/**
 * Of each template the first page, the last and the largest: enough to meet its short, long and odd cases. Lists and
 * registers look different by what they list, so of each of those the largest too.
 * A redirect is left as soon as it is opened, so there is nothing of it to look at.
 */
export function choosePages(pages) {
  const lasting = pages.filter((page) => !page.redirects);
  const byTemplate = groupBy(lasting, (page) => page.template);
  const byWhat = groupBy(lasting, (page) => `${page.template} ${page.what}`);
  const chosen = new Set();
  for (const template of [...byTemplate.keys()].sort()) {
    const group = byTemplate.get(template);
    const largestOfEach = [...byWhat.values()].filter(([page]) => page.template === template).map(largest);
    for (const page of [group[0], group[group.length - 1], ...largestOfEach]) chosen.add(page);
  }
  return [...chosen];
}

function largest(group) {
  return group.reduce((a, b) => (b.bytes > a.bytes ? b : a));
}

function groupBy(pages, key) {
  const groups = new Map();
  for (const page of pages) groups.set(key(page), [...(groups.get(key(page)) ?? []), page]);
  return groups;
}

/** Says which pages a check looks at, a line for each template. */
export function announce(check, chosen, pages) {
  console.log(`${check}: ${chosen.length} of ${pages.length} pages`);
  for (const [template, group] of groupBy(chosen, (page) => page.template)) {
    console.log(`  ${template}: ${group.map((page) => page.route).join("  ")}`);
  }
}

/** Serves `folder` on a free loopback port, below the path that its canonical addresses name. */
export async function serve(folder) {
  const base = basePath(folder);
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://site").pathname;
    const found = fileFor(folder, base, path);
    // Browsers ask for this address on their own account; a site without an icon has done nothing wrong.
    if (!found && path === "/favicon.ico") return response.writeHead(204).end();
    const file = found ?? join(folder, "404.html");
    const body = existsSync(file) ? readFileSync(file) : "Not found";
    response.writeHead(found ? 200 : 404, {
      "content-type": TYPES.get(/\.[a-z]+$/.exec(file)?.[0]) ?? "application/octet-stream",
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    response.end(request.method === "HEAD" ? undefined : body);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    address: (route) => origin + base.replace(/\/$/, "") + route,
    close: () => server.close(),
  };
}

/** The path of the site's own address (`/` without one), since `404.html` alone is linked from there. */
function basePath(folder) {
  const home = join(folder, "index.html");
  const link = existsSync(home) && /<link\b[^>]*\brel="canonical"[^>]*>/.exec(readFileSync(home, "utf8"));
  const address = link && /\bhref="([^"]+)"/.exec(link[0])?.[1];
  return address ? new URL(address, "http://site/").pathname : "/";
}

function fileFor(folder, base, path) {
  if (!path.startsWith(base)) return undefined;
  const file = resolve(folder, `./${decodeURIComponent(path.slice(base.length))}`);
  if (file !== folder && !file.startsWith(folder + sep)) return undefined;
  if (!existsSync(file)) return undefined;
  if (statSync(file).isFile()) return file;
  const index = join(file, "index.html");
  return path.endsWith("/") && existsSync(index) ? index : undefined;
}

/** Headless Chromium (`CHROMIUM` names another one) that can reach nothing but this machine. */
export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // The sandbox cannot start for root, which is who runs tests in containers.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

/** Collects what a page must never do: errors on the console, thrown errors, and requests to anybody else. */
export function watch(page, origin, report) {
  page.on("console", (message) => {
    const { url } = message.location();
    if (message.type() === "error") report(`the console says: ${message.text()}${url ? ` (${url})` : ""}`);
  });
  page.on("pageerror", (error) => report(`the page's script threw: ${error.message}`));
  page.on("request", (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol !== "data:" && protocol !== "blob:" && asked !== origin) {
      report(`asks another origin for ${request.url()}`);
    }
  });
  page.on("requestfailed", (request) => report(`cannot load ${request.url()} (${request.failure()?.errorText})`));
}

/** Opens each of `pages` in a tab of its own and does `work` with it, a few at a time; what it throws is a problem of that page. */
export async function forEachPage(pages, context, server, problems, work) {
  const waiting = [...pages];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { route } = next;
      const report = problems.at(route);
      const tab = await context.newPage();
      watch(tab, server.origin, report);
      try {
        await tab.goto(server.address(route), { waitUntil: "load" });
        await work(tab, route, report);
      } catch (error) {
        report(error.message);
      }
      await tab.close();
    }
  };
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, lane));
}

/** Problems by page; each is told once, however often it was met. */
export class Problems {
  #told = new Set();

  at(route) {
    return (text) => this.#told.add(`${route}: ${text}`);
  }

  /** Prints what was found and gives the exit code: 0 for nothing, 1 for any problem. */
  end(check, looked) {
    for (const line of [...this.#told].sort()) console.log(line);
    console.log(`${check}: ${looked}, ${this.#told.size} problems`);
    return this.#told.size === 0 ? 0 : 1;
  }
}

/** Runs a check to its exit code, and ends the process with code 2 where it takes longer than `minutes`. */
export async function runWithin(minutes, check) {
  setTimeout(() => {
    console.error(`Stopped: this check took longer than ${minutes} minutes.`);
    process.exit(2);
  }, minutes * 60_000).unref();
  try {
    process.exit(await check());
  } catch (error) {
    console.error(error);
    process.exit(2);
  }
}
