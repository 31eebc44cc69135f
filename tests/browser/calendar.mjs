// Calendars in a browser: keys and today on a month, what is over, the reader's own time, ways to subscribe; all there without script.

import * as site from "./site.mjs";

const CALENDAR = "/calendar/";
/** A series that repeats, with dates for which nobody has written a session yet. */
const SERIES = "/series/office-hours/";
/** The zone of the example site, and one where its afternoons are the next morning. */
const HOME_ZONE = "America/Chicago";
const FAR_ZONE = "Pacific/Guam";
/** "1:00–2:30 pm CST": hours without a zone are nobody's hours. */
const ZONED = /\d:\d\d.*\s[A-Z+−-]\w+/;
/** What a script does here, it does at once. */
const SCRIPT_MS = 3_000;
const DAY_MS = 86_400_000;
/** Whoever reads at noon in Chicago has the same date in every other zone of America. */
const NOON_UTC = 18;

const USAGE = "node calendar.mjs DIR [PART…]";
const folder = site.folderFromArguments(USAGE);
/** What stands there without script is looked at whatever is wanted. */
const isWanted = site.partsFromArguments(USAGE, ["month", "over", "zones", "subscribe", "planned"]);
const problems = new site.Problems();
let server;
let browser;
let visits = 0;

await site.runWithin(5, async () => {
  const pages = site.pagesOf(folder);
  const months = pages.filter((page) => page.template === "month").map((page) => page.route);
  const missing = [CALENDAR, SERIES].filter((route) => !pages.some((page) => page.route === route));
  for (const route of missing) problems.at(route)("is no page of this site");
  if (months.length === 0) problems.at(folder)("holds no month");
  if (missing.length > 0 || months.length === 0) return problems.end("calendar", "nothing was opened");

  server = await site.serve(folder);
  browser = await site.openBrowser();
  const written = await readWithoutScript(months);
  if (written.today) await checkAsReaders(written);
  await browser.close();
  server.close();
  return problems.end("calendar", `${visits} visits`);
});

async function checkAsReaders(written) {
  const now = noonOf(written.today);
  if (isWanted("month")) await checkMonths(written, now);
  if (isWanted("over")) await checkComingAndOver(written, now);
  if (isWanted("zones")) await checkZones(written, now);
  for (const route of isWanted("subscribe") ? [CALENDAR, SERIES] : []) {
    await visit(route, { now }, checkCopies);
    await visit(route, { now, prepare: withoutClipboard }, checkCannotCopy);
    await visit(route, { now }, checkSubscribe);
  }
  if (isWanted("planned")) await visit(SERIES, { now }, (page, report) => checkPlanned(page, written, report));
}

async function checkMonths({ today, monthOfToday, fullest }, now) {
  const other = otherDayOfMonth(today);
  await visit(monthOfToday, { now }, (page, report) => checkTable(page, today, report));
  await visit(monthOfToday, { now: noonOf(other) }, (page, report) => checkToday(page, other, report));
  await visit(monthOfToday, { now: monthsLater(today, 2) }, (page, report) => checkToday(page, undefined, report));
  await visit(fullest, { now }, checkKeys);
}

async function checkComingAndOver(written, now) {
  const later = monthsLater(written.today, 2);
  await visit(CALENDAR, { now }, (page, report) => checkSameAsWritten(page, written, report));
  await visit(CALENDAR, { now: later }, (page, report) => checkOver(page, written, later, report));
  const ends = written.coming.map((row) => Date.parse(row.ends)).filter(Number.isFinite);
  await visit(CALENDAR, { now: new Date(Math.max(Number(now), ...ends) + DAY_MS) }, checkAllOver);
}

async function checkZones({ fullest }, now) {
  for (const route of [CALENDAR, SERIES, fullest]) {
    await visit(route, { now }, async (page, report) => {
      const added = await page.locator(".your-time").count();
      if (added > 0) report(`adds the reader's own time ${added} times, though the reader is in ${HOME_ZONE} too`);
    });
  }
  await visit(CALENDAR, { now, zone: FAR_ZONE }, checkOwnTimes);
  await visit(SERIES, { now, zone: FAR_ZONE }, checkOwnTimeOfNext);
}

/** Opens a page as one reader meets it: at this moment, in this zone, with or without script. */
async function visit(route, { now, zone = HOME_ZONE, script = true, prepare }, work) {
  visits += 1;
  const report = problems.at(route);
  const context = await browser.newContext({
    timezoneId: zone,
    javaScriptEnabled: script,
    viewport: site.DESK,
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(SCRIPT_MS);
  context.setDefaultNavigationTimeout(site.PAGE_MS);
  if (now) await context.clock.setFixedTime(now);
  if (prepare) await context.addInitScript(prepare);
  else await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.origin });
  const page = await context.newPage();
  site.watch(page, server.origin, report);
  try {
    await page.goto(server.address(route), { waitUntil: "load" });
    await work(page, report);
  } catch (error) {
    report(error.message);
  }
  await context.close();
}

// ---- As the pages are written -----------------------------------------------------------------------------------------

/** What stands there without any script: it must be everything, and it is what the checks with script are measured by. */
async function readWithoutScript(months) {
  const written = { today: "", coming: [], past: [], anchors: [], monthOfToday: "", fullest: "" };
  await visit(CALENDAR, { script: false }, async (page, report) => {
    written.today = await page.locator("[data-coming] [data-as-of] time").first().getAttribute("datetime");
    written.coming = await rowsIn(page, "[data-coming]");
    written.past = await rowsIn(page, "[data-past]");
    const links = await page.locator('[data-coming] a[href*="#"]').evaluateAll((links) => links.map((link) => link.href));
    const toSeries = links.map((link) => new URL(link)).filter(({ pathname }) => pathname.endsWith(SERIES));
    written.anchors = toSeries.map(({ hash }) => hash.slice(1));
    await checkWritten(page, written, report);
  });

  const counts = [];
  for (const route of months) {
    await visit(route, { script: false }, async (page, report) => {
      const today = await page.locator('.month [aria-current="date"]').count();
      if (today > 0) written.monthOfToday = route;
      counts.push({ route, links: await page.locator(".month .events a").count() });
      await checkMonthWritten(page, report);
    });
  }
  const [most] = counts.sort((a, b) => b.links - a.links);
  written.fullest = most.route;
  if (most.links < 3) problems.at(most.route)(`is the fullest month, and has ${most.links} sessions: too few to lead from one to the next`);
  if (!written.monthOfToday) {
    problems.at(folder)(`has no month with today (${written.today}) in it`);
    written.today = "";
  }
  return written;
}

/** The rows of a part that can be seen, in their order. */
async function rowsIn(page, part) {
  return page.locator(`${part} .row`).evaluateAll((rows) =>
    rows
      .filter((row) => row.checkVisibility())
      .map((row) => ({
        title: row.querySelector(".row-title")?.textContent.trim() ?? "",
        starts: row.querySelector(".leaf")?.dateTime ?? "",
        struck: row.querySelector(".leaf-struck") !== null,
        ends: row.dataset.ends ?? "",
        time: row.querySelector(".row-facts > span:not([class])")?.textContent ?? "",
        own: row.querySelector(".your-time")?.textContent ?? "",
        month: row.closest("[data-month]")?.querySelector("h3")?.textContent ?? "",
      })),
  );
}

function nameOf({ title, starts }) {
  return `“${title}” of ${starts.slice(0, 10)}`;
}

/** Not a whole day. */
function isTimed({ starts }) {
  return starts.includes("T");
}

async function checkWritten(page, { coming, past }, report) {
  if (coming.length === 0 || past.length === 0) {
    report(`without script shows ${coming.length} sessions to come and ${past.length} that were`);
  }
  const inAll = await page.locator("[data-coming] .row, [data-past] .row").count();
  const hidden = inAll - coming.length - past.length;
  if (hidden > 0) report(`without script ${hidden} sessions are not to be seen`);
  const counted = Number(await page.locator("[data-coming] h2 .count").first().textContent());
  if (counted !== coming.length) report(`counts ${counted} sessions to come, and shows ${coming.length}`);
  for (const row of [...coming, ...past]) {
    if (isTimed(row) && !ZONED.test(row.time)) report(`without script ${nameOf(row)} has no hours with a zone: “${row.time}”`);
  }
  for (const row of coming) {
    if (!(Date.parse(row.ends) > Date.parse(row.starts))) report(`does not say when ${nameOf(row)} ends, so it can never be over`);
  }
  const button = await page.locator(".feed button").count();
  if (button > 0) report("without script offers a button that does nothing");
}

/** Of a month, the table on a desk and the agenda on a phone: the same sessions, each with its hours and their zone. */
async function checkMonthWritten(page, report) {
  const table = await page.locator(".month .events a").evaluateAll((links) =>
    links.map((link) => ({
      path: link.pathname + link.hash,
      seen: link.checkVisibility(),
      time: link.querySelector(".event-time")?.textContent ?? "",
      day: link.closest("td").querySelector("time").dateTime,
    })),
  );
  await page.setViewportSize(site.PHONE);
  const agenda = await page.locator(".month-agenda .row").evaluateAll((rows) =>
    rows.map((row) => {
      const link = row.querySelector(".row-title a");
      const time = row.querySelector(".row-facts > span:not([class])")?.textContent ?? "";
      return { path: link.pathname + link.hash, seen: row.checkVisibility(), time, starts: row.querySelector(".leaf").dateTime };
    }),
  );
  const unseen = [...table, ...agenda].filter(({ seen }) => !seen);
  if (unseen.length > 0) report(`without script ${unseen[0].path} is not to be seen`);
  for (const { path, starts, time } of agenda) {
    const onWall = table.filter((event) => event.path === path);
    if (onWall.length === 0) report(`has ${path} in the agenda of a phone, and not in the table of a desk`);
    if (!starts.includes("T")) continue;
    const first = onWall.find((event) => event.day === starts.slice(0, 10));
    if (!ZONED.test(time)) report(`without script ${path} has no hours with a zone in the agenda: “${time}”`);
    if (first && !ZONED.test(first.time)) report(`without script ${path} has no hours with a zone in the table: “${first.time}”`);
  }
  for (const { path } of table) {
    if (!agenda.some((row) => row.path === path)) report(`has ${path} in the table of a desk, and not in the agenda of a phone`);
  }
}

// ---- A month on the wall ----------------------------------------------------------------------------------------------

async function checkTable(page, today, report) {
  const table = page.locator("table.month");
  if (!(await table.isVisible())) return report("shows no table of the month on a desk");
  const caption = await table.locator("caption").allTextContents();
  if (caption.length !== 1 || !caption[0].trim()) report("the table of the month has no caption");
  const heads = await table.locator("thead th").evaluateAll((heads) => heads.map((head) => head.scope));
  if (heads.length !== 7 || heads.some((scope) => scope !== "col")) {
    report(`the table of the month has ${heads.filter((scope) => scope === "col").length} heads of columns (scope=col); 7 are expected`);
  }
  await checkToday(page, today, report);
}

/** Exactly this day is marked, for eyes and for ears; without a day, none is. */
async function checkToday(page, day, report) {
  const marked = await page.locator('.month [aria-current="date"]').evaluateAll((days) =>
    days.map((day) => ({
      day: day.querySelector("time").dateTime,
      word: day.querySelector(".day-today")?.textContent,
    })),
  );
  const words = await page.locator(".month .day-today").count();
  const expected = day ? [day] : [];
  if (marked.map(({ day }) => day).join(" ") !== expected.join(" ")) {
    report(`marks ${marked.map(({ day }) => day).join(" ") || "no day"} as today, when it is ${day ?? "another month"}`);
  }
  if (words !== expected.length || marked.some(({ word }) => !word)) {
    report(`says ${words} times that it is today, when it is ${day ?? "another month"}`);
  }
}

/** Tab leads through the sessions and out; arrow keys lead about as the page says. */
async function checkKeys(page, report) {
  const links = await page.locator(".month .events a").evaluateAll((links) =>
    links.map((link, index) => {
      const cell = link.closest("td");
      const { left: x, top: y } = cell.getBoundingClientRect();
      const within = link.getBoundingClientRect().top;
      return { index, week: link.closest("tr").rowIndex, column: cell.cellIndex, x, y, within };
    }),
  );
  const reading = [...links].sort((a, b) => a.y - b.y || a.x - b.x || a.within - b.within).map(({ index }) => index);
  const first = reading[0];
  const last = reading.at(-1);
  const focused = () => page.evaluate(() => [...document.querySelectorAll(".month .events a")].indexOf(document.activeElement));
  const focus = (index) => page.locator(".month .events a").nth(index).focus();
  const press = async (from, key) => {
    await focus(from);
    await page.keyboard.press(key);
    return focused();
  };

  const tabbed = [];
  const enough = (await page.locator("a, button, input").count()) + links.length;
  await page.locator("main").focus();
  for (let presses = 0, at = -1; presses < enough && (at >= 0 || tabbed.length === 0); presses += 1) {
    await page.keyboard.press("Tab");
    at = await focused();
    if (at >= 0) tabbed.push(at);
  }
  if (tabbed.join(" ") !== reading.join(" ")) {
    report(`Tab leads through the sessions as ${tabbed.join(" ") || "none"}; they stand as ${reading.join(" ")}`);
  }
  if ((await press(last, "Tab")) >= 0) report("Tab does not lead out of the month after its last session");
  if ((await press(first, "Shift+Tab")) >= 0) report("Shift+Tab does not lead out of the month before its first session");

  const expected = [
    ...reading.map((index, at) => [index, "ArrowRight", reading[at + 1] ?? index]),
    ...reading.map((index, at) => [index, "ArrowLeft", reading[at - 1] ?? index]),
    ...links.map((link) => [link.index, "ArrowDown", acrossWeeks(links, link, 1)]),
    ...links.map((link) => [link.index, "ArrowUp", acrossWeeks(links, link, -1)]),
    [last, "Home", first],
    [first, "End", last],
  ];
  for (const [from, key, to] of expected) {
    const reached = await press(from, key);
    if (reached !== to) report(`${key} leads from session ${from} to ${reached < 0 ? "no session" : reached} instead of ${to}`);
  }

  const hint = await page.locator(".month").evaluate((table) => {
    const hint = document.getElementById(table.getAttribute("aria-describedby"));
    return { said: hint?.checkVisibility() ? hint.textContent : "", keys: table.dataset.keys };
  });
  if (!hint.keys || hint.said !== hint.keys) report("does not say which keys lead through the month");
}

/** In the next week (or the one before) that has any, the session whose day of the week is nearest; else this one. */
function acrossWeeks(links, from, way) {
  const beyond = links.filter(({ week }) => (week - from.week) * way > 0);
  if (beyond.length === 0) return from.index;
  const week = way > 0 ? Math.min(...beyond.map((link) => link.week)) : Math.max(...beyond.map((link) => link.week));
  const away = (link) => Math.abs(link.column - from.column);
  const there = beyond.filter((link) => link.week === week);
  // Of two on one day, the one that is met first on the way.
  if (way < 0) there.reverse();
  return there.sort((a, b) => away(a) - away(b))[0].index;
}

// ---- What is over -----------------------------------------------------------------------------------------------------

/** On the day for which it was built the script changes nothing. */
async function checkSameAsWritten(page, written, report) {
  const parts = { "[data-coming]": written.coming, "[data-past]": written.past };
  for (const [part, before] of Object.entries(parts)) {
    const rows = await rowsIn(page, part);
    if (rows.map(nameOf).join() === before.map(nameOf).join()) continue;
    report(`with script ${part} shows other sessions than without, on the day it was built for`);
  }
  if (await page.locator("[data-coming] [data-none]").isVisible()) report("says that nothing is planned, where something is");
}

async function checkOver(page, written, now, report) {
  const over = written.coming.filter((row) => Date.parse(row.ends) <= now);
  const left = written.coming.filter((row) => Date.parse(row.ends) > now);
  const emptied = new Set(over.map(({ month }) => month).filter((month) => !left.some((row) => row.month === month)));
  if (over.length === 0 || left.length === 0 || emptied.size === 0) {
    const counts = `${over.length} sessions are over, ${left.length} are not and ${emptied.size} months are empty`;
    return report(`two months later ${counts}; there is nothing to check where one of them is 0`);
  }
  const coming = await rowsIn(page, "[data-coming]");
  const past = await rowsIn(page, "[data-past]");
  const has = (rows, row) => rows.some((other) => nameOf(other) === nameOf(row));
  for (const row of over) {
    if (has(coming, row)) report(`two months later ${nameOf(row)} is still to come`);
    if (!has(past, row)) report(`two months later ${nameOf(row)} is not among what has been`);
  }
  for (const row of left) if (!has(coming, row)) report(`two months later ${nameOf(row)} is gone, and is still to come`);
  const starts = past.map((row) => Date.parse(row.starts));
  if (starts.some((start, at) => at > 0 && start > starts[at - 1])) report("two months later what has been is not the newest first");
  const headings = await page.locator("[data-coming] h3").filter({ visible: true }).allTextContents();
  for (const month of headings) if (emptied.has(month)) report(`two months later ${month} still has a heading, and nothing to come`);
  const counted = Number(await page.locator("[data-coming] h2 .count").first().textContent());
  if (counted !== left.length) report(`two months later counts ${counted} sessions to come; there are ${left.length}`);
  const twice = await idsMetTwice(page);
  if (twice.length > 0) report(`two months later has the ids ${twice.join(" ")} twice`);
}

async function checkAllOver(page, report) {
  const coming = await rowsIn(page, "[data-coming]");
  if (coming.length > 0) report(`when everything is over, ${nameOf(coming[0])} is still to come`);
  const none = page.locator("[data-coming] [data-none]");
  const said = (await none.count()) === 1 && (await none.isVisible()) ? await none.innerText() : "";
  if (!said.trim()) report("when everything is over, does not say that no session is planned");
}

// ---- The reader's own time --------------------------------------------------------------------------------------------

async function checkOwnTimes(page, report) {
  const rows = await rowsIn(page, "[data-coming]");
  const afternoon = rows.filter((row) => row.starts.includes("T13:00"));
  if (afternoon.length === 0) return report("has no session at 1 pm to come");
  for (const row of rows) {
    if (!isTimed(row) || row.struck) {
      if (row.own) report(`adds hours to ${nameOf(row)}, which has none: “${row.own}”`);
      continue;
    }
    for (const wanted of [weekdayIn(FAR_ZONE, row.starts), hoursIn(FAR_ZONE, row.starts, row.ends)]) {
      if (!row.own.includes(wanted)) report(`to a reader in ${FAR_ZONE} says of ${nameOf(row)} “${row.own}”, without “${wanted}”`);
    }
  }
}

/** The page lists the hours in that zone too: both must be said alike. */
async function checkOwnTimeOfNext(page, report) {
  const place = FAR_ZONE.split("/")[1];
  const [listed] = await page.locator(".next-up .zones li").filter({ hasText: place }).locator(".when-time").allTextContents();
  if (!listed) return report(`does not list the hours in ${place} for its next session`);
  const [own = ""] = await page.locator(".next-up .your-time").allTextContents();
  const hours = listed.replace(/\s\S+$/, "");
  if (!own.includes(hours)) report(`to a reader in ${FAR_ZONE} says “${own}”, and “${listed}” in the list of zones`);
}

function weekdayIn(timeZone, moment) {
  return new Intl.DateTimeFormat("en", { timeZone, weekday: "long" }).format(new Date(moment));
}

/** "5:00–6:30 am", as the example site writes hours. */
function hoursIn(timeZone, from, to) {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, hour: "numeric", minute: "2-digit" });
  const [[start, startHalf], [end, endHalf]] = [from, to].map((moment) => format.format(new Date(moment)).toLowerCase().split(/\s/));
  return startHalf === endHalf ? `${start}–${end} ${endHalf}` : `${start} ${startHalf}–${end} ${endHalf}`;
}

// ---- Taking it along --------------------------------------------------------------------------------------------------

async function checkCopies(page, report) {
  const { answer, address, said } = await copy(page);
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  if (copied !== address) report(`the button copies “${copied}” instead of the address “${address}”`);
  if (answer !== said.copied) report(`the button says “${answer}” when the address is copied`);
}

async function checkCannotCopy(page, report) {
  const { answer, address, said } = await copy(page);
  const selected = await page.locator(".feed input").evaluate((input) => input.value.slice(input.selectionStart, input.selectionEnd));
  if (answer !== said.notCopied) report(`the button says “${answer}” when the address cannot be copied`);
  if (selected !== address) report("the address that cannot be copied is not marked, to be copied by hand");
}

async function copy(page) {
  const feed = page.locator(".feed");
  const said = await feed.evaluate((feed) => ({ ...feed.dataset }));
  const button = feed.getByRole("button", { name: said.copy });
  if ((await button.count()) !== 1) throw new Error("has no button that copies the address");
  await button.click();
  const status = feed.getByRole("status");
  // The answer comes when the browser has copied, or not; one that never comes is an empty one.
  await status.filter({ hasText: /\S/ }).waitFor().catch(() => undefined);
  return { said, answer: await status.textContent(), address: await feed.locator("input").inputValue() };
}

function withoutClipboard() {
  Object.defineProperty(Navigator.prototype, "clipboard", { get: () => undefined });
  Document.prototype.execCommand = () => false;
}

/** Each way to subscribe leads to the one address that is shown, and the file is there. */
async function checkSubscribe(page, report) {
  const part = page.locator(".subscribe").filter({ has: page.locator("input") });
  const address = await part.locator("input").inputValue();
  const webcal = address.replace(/^https?:/, "webcal:");
  const links = (await part.locator("a").evaluateAll((links) => links.map((link) => link.href))).map((link) => new URL(link));
  const of = (start) => links.find(({ href }) => href.startsWith(start));
  const ways = [
    ["webcal:", of("webcal:")?.href, webcal],
    ["Google", of("https://calendar.google.com/calendar/render")?.searchParams.get("cid"), webcal],
    ["Outlook", of("https://outlook.office.com/calendar/addfromweb")?.searchParams.get("url"), address],
    [".ics", links.find(({ origin }) => origin === server.origin)?.pathname, new URL(address).pathname],
  ];
  for (const [way, leads, wanted] of ways) {
    if (leads !== wanted) report(`the way to subscribe by ${way} leads to ${leads ?? "nothing"} instead of ${wanted}`);
  }
  const response = await fetch(server.origin + new URL(address).pathname);
  const type = response.headers.get("content-type");
  const begins = (await response.text()).startsWith("BEGIN:VCALENDAR\r\n");
  if (!response.ok || !type.startsWith("text/calendar") || !begins) report(`${address} is no calendar of this site`);
}

/** A date without a session of its own stands on the page of its series, where links lead to it. */
async function checkPlanned(page, { anchors }, report) {
  const rows = page.locator("[data-coming] .row[id]").filter({ visible: true });
  const ids = await rows.evaluateAll((rows) => rows.map((row) => row.id));
  if (ids.length < 2) report(`has ${ids.length} planned sessions; a series that repeats has more`);
  for (const anchor of new Set(anchors)) {
    if (!ids.includes(anchor)) report(`has no planned session ${anchor}, to which ${CALENDAR} leads`);
  }
  if (anchors.length === 0) report(`has planned sessions to which ${CALENDAR} does not lead`);
  const twice = await idsMetTwice(page);
  if (twice.length > 0) report(`has the ids ${twice.join(" ")} twice`);
}

async function idsMetTwice(page) {
  const ids = await page.locator("[id]").evaluateAll((all) => all.map(({ id }) => id));
  return [...new Set(ids.filter((id, at) => ids.indexOf(id) < at))];
}

// ---- Days -------------------------------------------------------------------------------------------------------------

function noonOf(day) {
  return new Date(Date.parse(day) + NOON_UTC * 3_600_000);
}

function monthsLater(day, months) {
  const noon = noonOf(day);
  noon.setUTCMonth(noon.getUTCMonth() + months);
  return noon;
}

/** Three days on, or back where the month ends before. */
function otherDayOfMonth(day) {
  const [on, back] = [3, -3].map((days) => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10));
  return on.slice(0, 7) === day.slice(0, 7) ? on : back;
}
