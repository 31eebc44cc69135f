// Every calendar below some folders, as calendar programs written in JavaScript read it: by ical.js, strictly.
//
//     node tests/calendar/read.mjs DIR...
//
// Prints a line of JSON for each event. Of zones it knows only what each file itself says. What cannot be read goes to
// standard error with the file's name, and the exit code is 1.

import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import ICAL from "ical.js";

ICAL.design.strict = true;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** What each property of an event must be read as; any other type means that its parameters or its value are wrong. */
const TYPES = new Map([
  ["dtstart", ["date", "date-time"]],
  ["dtend", ["date", "date-time"]],
  ["dtstamp", ["date-time"]],
  ["last-modified", ["date-time"]],
  ["created", ["date-time"]],
  ["duration", ["duration"]],
  ["sequence", ["integer"]],
  ["url", ["uri"]],
]);

/** Types whose values are printed as they are written. */
const EXACT = new Set(["date", "date-time", "utc-offset"]);

/** The files below a folder that end in `.ics`, dot folders aside, in the order of their names. */
function calendarsOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((item) => {
      const path = join(folder, item.name);
      if (item.isDirectory()) return item.name.startsWith(".") ? [] : calendarsOf(path);
      return item.name.endsWith(".ics") ? [path] : [];
    });
}

/** The events of one calendar. Throws what is wrong with it. */
function eventsOf(text) {
  const parsed = ICAL.parse(text);
  if (parsed[0] !== "vcalendar") throw new Error("it is not one calendar");
  const calendar = new ICAL.Component(parsed);

  // Zones of the file before must not help out.
  ICAL.TimezoneService.reset();
  const zones = new Set();
  for (const component of calendar.getAllSubcomponents("vtimezone")) {
    const zone = new ICAL.Timezone(component);
    if (zones.has(zone.tzid)) throw new Error(`it has two VTIMEZONE of ${zone.tzid}`);
    zones.add(zone.tzid);
    ICAL.TimezoneService.register(zone);
  }
  readValues(calendar);
  return calendar.getAllSubcomponents("vevent").map((component) => eventOf(component, zones));
}

/**
 * Reads each value as its type: ical.js does so late, and only then says what it cannot read. Where it makes something
 * else of a value, as of 31 April, the value was none of its type.
 */
function readValues(component) {
  for (const property of component.getAllProperties()) {
    const read = property.getValues();
    if (!EXACT.has(property.type)) continue;
    const name = property.name.toUpperCase();
    property.toJSON().slice(3).forEach((written, index) => {
      if (String(read[index]) !== written) throw new Error(`${name} says ${written}, which is read as ${read[index]}`);
    });
  }
  component.getAllSubcomponents().forEach(readValues);
}

function eventOf(component, zones) {
  for (const property of component.getAllProperties()) {
    const name = property.name.toUpperCase();
    const zone = property.getParameter("tzid");
    if (zone && !zones.has(zone)) throw new Error(`${name} names the zone ${zone}, and no VTIMEZONE says what it is`);
    const types = TYPES.get(property.name);
    if (types && !types.includes(property.type)) throw new Error(`${name} is read as ${property.type}`);
  }
  const event = new ICAL.Event(component);
  const value = (name) => component.getFirstPropertyValue(name);
  return {
    uid: event.uid,
    start_utc: moment(event.startDate, "DTSTART"),
    end_utc: moment(event.endDate, "DTEND"),
    all_day: event.startDate.isDate,
    summary: event.summary,
    status: value("status"),
    sequence: value("sequence"),
    stamp: moment(value("dtstamp"), "DTSTAMP"),
    location: value("location"),
    url: value("url"),
    recurs: event.isRecurring(),
  };
}

/** A day as it is, else the instant, in UTC: `2026-03-04T19:00:00Z`. */
function moment(time, name) {
  if (!time) throw new Error(`an event has no ${name}`);
  const text = time.toString();
  if (time.isDate) {
    if (!DATE.test(text)) throw new Error(`${name} is read as ${text}`);
    return text;
  }
  if (time.zone.tzid === "floating") throw new Error(`${name} is in no zone: ${text}`);
  const instant = new Date(time.toUnixTime() * 1000);
  if (Number.isNaN(instant.getTime())) throw new Error(`${name} is read as ${text}`);
  return instant.toISOString().replace(".000Z", "Z");
}

const folders = process.argv.slice(2);
const missing = folders.find((folder) => !existsSync(folder) || !statSync(folder).isDirectory());
if (folders.length === 0 || missing !== undefined) {
  const why = missing === undefined ? "Name the folder of a built site." : `There is no folder ${missing}.`;
  console.error(`usage: node read.mjs DIR...\n${why}`);
  process.exit(2);
}

const lines = [];
let unread = 0;
for (const folder of folders) {
  for (const path of calendarsOf(folder)) {
    const file = relative(folder, path).split(sep).join("/");
    try {
      for (const event of eventsOf(readFileSync(path, "utf8"))) lines.push(JSON.stringify({ file, ...event }));
    } catch (error) {
      unread += 1;
      console.error(`${file}: ical.js: ${error.message}`);
    }
  }
}
if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
process.exitCode = unread === 0 ? 0 : 1;
