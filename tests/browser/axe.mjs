// Accessibility: axe-core on pages of every template, light and dark, phone and desk, under the site's content policy; on tables of maps also in print and in forced colours.

import axe from "axe-core";
import * as site from "./site.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// The table of a map has a look of its own in print and in forced colours.
const TABLE = "table.mx";
const TABLE_LOOKS = [{ forcedColors: "active", colorScheme: "light" }, { media: "print", colorScheme: "light" }];
const LOOKS = [site.PHONE, site.DESK].flatMap((size) => ["light", "dark"].map((colorScheme) => ({ size, colorScheme })));

const folder = site.folderFromArguments("node axe.mjs DIR");

await site.runWithin(12, async () => {
  const pages = site.pagesOf(folder);
  const chosen = site.choosePages(pages);
  site.announce("axe", chosen, pages);
  const problems = new site.Problems();
  let tables = 0;
  const server = await site.serve(folder);
  const browser = await site.openBrowser();
  // Reduced motion, so that no colour is measured half-way through a transition.
  const context = await browser.newContext({ reducedMotion: "reduce" });
  context.setDefaultTimeout(site.PAGE_MS);

  await site.forEachPage(chosen, context, server, problems, async (page, route, report) => {
    // Handed over by the debugger, not as a script element, which the content policy would refuse.
    await page.evaluate(axe.source);
    for (const { size, colorScheme } of LOOKS) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      for (const violation of await violationsOf(page)) report(`${size.width} px, ${colorScheme}: ${violation}`);
    }
    for (const look of (await page.locator(TABLE).count()) > 0 ? TABLE_LOOKS : []) {
      await page.emulateMedia(look);
      for (const violation of await violationsOf(page)) report(`${Object.values(look)[0]}: ${violation}`);
      await page.emulateMedia({ media: "screen", forcedColors: "none" });
      tables += 1;
    }
  });

  await browser.close();
  server.close();
  if (chosen.length === 0) problems.at(folder)("holds no page");
  return problems.end("axe", `${chosen.length} pages in ${LOOKS.length} looks, tables of maps in ${tables} more`);
});

async function violationsOf(page) {
  const found = await page.evaluate(async (tags) => {
    const options = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] };
    const { violations } = await globalThis.axe.run(document, options);
    return violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.slice(0, 3).map((node) => `${node.target.join(" ")} — ${node.failureSummary.split("\n").slice(1).join(" ").trim()}`),
      more: nodes.length - 3,
    }));
  }, TAGS);
  return found.map(({ id, help, where, more }) => {
    const rest = more > 0 ? `\n    and ${more} more` : "";
    return `${id} (${help})\n    ${where.join("\n    ")}${rest}`;
  });
}
