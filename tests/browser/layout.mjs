// Layout: no page scrolls sideways at any width, zoom or direction, and its text is there without script, in print and in forced colours.

import * as site from "./site.mjs";

/** From the narrowest phone that WCAG 1.4.10 (reflow) names to a desk. */
const WIDTHS = [320, 390, 768, 1280];
/** A 1280 × 1024 desk at 400 % zoom: a quarter of the pixels, each four wide. */
const ZOOMED = { width: 320, height: 256, deviceScaleFactor: 4, mobile: false };
/** A4 (210 mm = 794 px) less margins of 15 mm on either side; Letter is wider. */
const PAPER = { width: 680, height: 960 };
/** Fewer letters than this in `main` is a page that shows nothing. */
const LEAST_TEXT = 10;

const folder = site.folderFromArguments("node layout.mjs DIR");

await site.runWithin(10, async () => {
  const pages = site.pagesOf(folder);
  const chosen = site.choosePages(pages);
  site.announce("layout", chosen, pages);
  const problems = new site.Problems();
  const server = await site.serve(folder);
  const browser = await site.openBrowser();
  const scripted = await browser.newContext({ reducedMotion: "reduce" });
  const unscripted = await browser.newContext({ javaScriptEnabled: false });
  for (const context of [scripted, unscripted]) context.setDefaultTimeout(site.PAGE_MS);

  await site.forEachPage(chosen, scripted, server, problems, async (page, route, report) => {
    await checkWidths(page, report);
    await checkZoom(page, report);
    await checkPrint(page, report);
    await checkForcedColours(page, report);
    await checkRightToLeft(page, report);
  });
  await site.forEachPage(chosen, unscripted, server, problems, (page, route, report) =>
    checkText(page, "without script", report),
  );

  await browser.close();
  server.close();
  if (chosen.length === 0) problems.at(folder)("holds no page");
  return problems.end("layout", `${chosen.length} pages`);
});

async function checkWidths(page, report) {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: site.DESK.height });
    await checkFits(page, `at ${width} px`, report);
  }
}

async function checkZoom(page, report) {
  const debug = await page.context().newCDPSession(page);
  await debug.send("Emulation.setDeviceMetricsOverride", ZOOMED);
  await checkFits(page, "at 1280 px and 400 % zoom", report);
  await debug.send("Emulation.clearDeviceMetricsOverride");
  await debug.detach();
}

async function checkPrint(page, report) {
  await page.setViewportSize(PAPER);
  await page.emulateMedia({ media: "print" });
  await checkText(page, "in print", report);
  await checkFits(page, "in print on A4", report);
  await page.emulateMedia({ media: "screen" });
}

async function checkForcedColours(page, report) {
  await page.emulateMedia({ forcedColors: "active" });
  await checkText(page, "in forced colours", report);
  await page.emulateMedia({ forcedColors: "none" });
}

async function checkRightToLeft(page, report) {
  await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
  for (const size of [{ ...site.PHONE, width: WIDTHS[0] }, site.DESK]) {
    await page.setViewportSize(size);
    await checkFits(page, `right to left at ${size.width} px`, report);
  }
}

/** Reports a page that is wider than its window, and the innermost elements that stick out of it. */
async function checkFits(page, when, report) {
  const { excess, culprits } = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const excess = document.scrollingElement.scrollWidth - window.innerWidth;
    if (excess <= 0) return { excess, culprits: [] };
    const sticksOut = (element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && (box.right > room + 1 || box.left < -1);
    };
    const culprits = [...document.body.querySelectorAll("*")]
      .filter((element) => sticksOut(element) && ![...element.children].some(sticksOut))
      .map((element) => `<${element.localName}${element.className ? ` class="${element.getAttribute("class")}"` : ""}>`);
    return { excess, culprits: [...new Set(culprits)].slice(0, 4) };
  });
  if (excess > 0) report(`${when} the page is ${excess} px too wide: ${culprits.join(" ")}`);
}

async function checkText(page, when, report) {
  const main = page.locator("main");
  if ((await main.count()) !== 1) return report(`has ${await main.count()} main elements; one is expected`);
  // What is hidden has no inner text, so a hidden `main` and an empty one are told alike.
  const text = (await main.isVisible()) ? await main.innerText() : "";
  if (text.trim().length < LEAST_TEXT) report(`${when} its main text is not to be seen`);
}
