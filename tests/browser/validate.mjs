// Markup: the Nu validator over every page, style sheet and picture of a site, in one run of Java.

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as site from "./site.mjs";

/**
 * Messages that are wrong about us, each with its reason. A message is ignored only where the whole pattern fits.
 */
const IGNORED = [
  // Said of scripts, feeds and data files: the validator knows markup and style sheets only.
  { pattern: /^File was not checked\./ },
];

const MINUTES = 6;
/** Far above what a site of some thousand pages prints; a flood beyond it is cut and told as a failure. */
const MOST_OUTPUT = 256 * 1024 * 1024;

const folder = site.folderFromArguments("node validate.mjs DIR");

await site.runWithin(MINUTES + 1, async () => {
  const pages = site.pagesOf(folder);
  const problems = new site.Problems();
  if (pages.length === 0) problems.at(folder)("holds no page");
  for (const message of messagesAbout(folder)) {
    if (isNote(message) || IGNORED.some(({ pattern }) => pattern.test(message.message))) continue;
    const file = message.url ? relative(folder, fileURLToPath(message.url)) : "the validator";
    const word = message.type === "info" ? "warning" : message.type;
    problems.at(`${file}:${message.lastLine ?? 0}`)(`${word}: ${message.message}${near(message)}`);
  }
  return problems.end("validate", `${pages.length} pages with their style sheets and SVG pictures`);
});

function messagesAbout(folder) {
  const jar = join(dirname(createRequire(import.meta.url).resolve("vnu-jar/package.json")), "build/dist/vnu.jar");
  // Deep markup needs a deeper stack than Java's own; pages are checked one after another, so memory stays small.
  const java = ["-Xss4m", "-Xmx1g", "-jar", jar];
  const options = ["--skip-non-html", "--also-check-css", "--also-check-svg", "--format", "json", "--stdout"];
  const run = spawnSync("java", [...java, ...options, folder], {
    encoding: "utf8",
    timeout: MINUTES * 60_000,
    maxBuffer: MOST_OUTPUT,
  });
  if (run.error) throw run.error;
  // It ends with 1 where a page has errors; those are in its answer, as everything else is.
  if (run.status > 1) throw new Error(`The validator ended with ${run.status}: ${run.stderr.slice(0, 2000)}`);
  return JSON.parse(run.stdout).messages;
}

/** The validator's advice is `info`; its warnings are `info` with a sub-type. */
function isNote(message) {
  return message.type === "info" && message.subType !== "warning";
}

function near(message) {
  return message.extract ? ` [${message.extract.replace(/\s+/g, " ").trim()}]` : "";
}
