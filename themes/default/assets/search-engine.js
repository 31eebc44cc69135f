// Finds entries in the index of a site, by the rules of docs/content/pages/search-index.md.
"use strict";

{
// What is unwanted, or a phrase.
const SPECIAL = /(?:^| )-("[^"]*"?|[^ "]+)|"([^"]*)"?/;

const all = (list, work) => Promise.all(Array.from(list, work));
const commonest = (lines) => lines.sort((a, b) => b[1] - a[1]).slice(0, 8);

function digit(text, at = 0) {
  const code = text.charCodeAt(at);
  return code - 33 - (code > 34) - (code > 60) - (code > 92);
}

/** Gives the numbers of a text one by one, then NaN. */
const reader = (text, at = 0) => () => {
  let number = 0;
  for (let value = 60, factor = 1; value >= 60; factor *= 31) number += factor * (value = digit(text, at++));
  return number;
};

/** The lines of a file of words: `[word, class, terms, first letters]`. */
function decode(text) {
  let word = "";
  return text.split("\n").map((line) => {
    const [start, ...ends] = line.split(" ");
    word = word.slice(0, digit(start, 1)) + start.slice(2);
    return [word, digit(start), ends.map((end) => word.slice(0, word.length - digit(end)) + end.slice(1)), ends[0]];
  });
}

/** Whether so few slips lead from a word to another, or to the beginning of one. */
function leads(from, to, slips, beginning) {
  let at = 0;
  while (from[at] && from[at] === to[at]) at++;
  const [a, b] = [from.slice(at), to.slice(at)];
  if (a === b || (beginning && !a)) return true;
  if (!slips) return false;
  // Words that only end differently may be forms of one.
  if (at > 4 && a.length < 4 && b.length < 4) return true;
  const then = (x, y) => leads(a.slice(x), b.slice(y), slips - 1, beginning);
  return then(1, 0) || then(0, 1) || then(1, 1) || (a[0] === b[1] && a[1] === b[0] && then(2, 2));
}

const waiting = {};
globalThis.folkmootShelf = (name, value) => waiting[name]?.(value);

const byScript = (base, stamp) => (name) =>
  new Promise((resolve, reject) => {
    waiting[name] = resolve;
    const script = make("script", { src: base + (name === "root" ? `root.js${stamp}` : `data/${name}.js`) });
    script.onload = script.onerror = () => reject(script.remove());
    document.head.append(script);
  });

/** Opens the index below an address; a stamp leads past caches. */
globalThis.folkmootSearch = async (base, stamp = "", load = byScript(base, stamp)) => {
  const root = await load("root");
  const { keys, marks, room, entries } = root;
  const run = new RegExp(root.words, "gv");
  const promises = {};

  /** Without capitals, accents and what is not seen. */
  function fold(text) {
    const plain = text.normalize("NFKD").toLowerCase().replace(/(?=[\u0300-\u06ff])\p{M}|\p{Cf}|\p{Cs}/gu, "");
    return plain.replace(/[ß-ς]/g, (letter) => root.spelt[letter] ?? letter).normalize("NFC");
  }

  /** Where the words of a text are, `[start, end]`; of dense characters each two, or one alone. */
  const places = (text) =>
    Array.from(text.matchAll(run), ({ 0: { length }, 1: next = "", index }) => [index, index + length + next.length]);
  const split = (folded) => places(folded).map((place) => folded.slice(...place));

  function parse(query) {
    const text = fold(query.slice(0, 256));
    const phrases = [];
    const words = text.split(SPECIAL).flatMap((part = "", at) => {
      const own = split(part).map((text) => ({ text, unwanted: at % 3 === 1, exact: at % 3 > 0, near: [] }));
      if (own[0]?.exact) phrases.push(own);
      return own;
    });
    const last = words.at(-1);
    if (last) last.typed = !last.exact && text.endsWith(last.text);
    return { words, phrases, wanted: words.filter((word) => !word.unwanted) };
  }

  const once = (name, make = load) => (promises[name] ??= make(name));
  const file = (shelf, number) => once(`${shelf}${number}-${marks[shelf][number]}`);
  const numberOf = (key, shelf = "w") => keys[shelf].findLastIndex((least) => least <= key);
  /** All lines of the file that may have a word. */
  const linesBy = (word) => once(numberOf(word), async (number) => decode(await file("w", number)));
  const linesOf = async (word) => (await linesBy(word)).filter(([other]) => other === word);

  async function linesFrom(start) {
    const further = keys.w.filter((least) => least > start && least.startsWith(start));
    return (await all([start, ...further], linesBy)).flat().filter(([word]) => word.startsWith(start));
  }

  /** How few slips lead to any word, and the lines of the commonest that they lead to. */
  async function nearly(text, most, beginning) {
    const [first, second] = text;
    for (let slips = 1; slips <= most; slips++) {
      for (const starts of [[first], [second, `~${first}`, `~${second}`]]) {
        const lines = (await all(starts, linesFrom)).flat();
        const words = lines.flatMap(([word, , , firsts]) => (word[0] === "~" ? [...firsts].map((first) => first + word.slice(1)) : word));
        const near = new Set(words.filter((word) => leads(text, word, slips, beginning)).sort());
        if (near.size) return [slips, commonest((await all(near, linesOf)).flat())];
      }
    }
    return [most, []];
  }

  /** Gives a word its meanings, `[factor, places]`, its forms and weight. */
  async function understand(word) {
    const { text, typed, exact, unwanted } = word;
    const { length } = [...text];
    const factors = new Map();
    const read = [];
    const mean = (lines, factor) => {
      read.push(...lines);
      for (const term of lines.flatMap((line) => line[2])) if (!factors.has(term)) factors.set(term, factor);
    };
    mean(await linesOf(text), 16);
    if (typed) mean(commonest(await linesFrom(text.length < 3 ? `${text}*` : text)), 12);
    if (!factors.size && !unwanted) {
      const [slips, lines] = await nearly(text, Math.min(3, (length - 1) >> 1), typed && length > 4);
      const most = exact || !/\P{N}/u.test(text) ? 0 : length >> 2;
      word.near = lines.map(([other]) => other);
      if (slips <= most) mean(lines, 12 - 2 * slips);
    }
    word.means = await all(factors, async ([term, factor]) => [factor, (await file("p", numberOf(term, "p")))[term]]);
    word.known = factors.size > 0;
    word.common = !unwanted && Array.isArray(word.means[0]?.[1]);
    word.weight = Math.max(1, root.weight - read[0]?.[1]);
    const files = new Set(await all(read, ([other]) => linesBy(other)));
    word.forms = [...files].flat().filter(([, , terms]) => terms.some((term) => factors.has(term))).map(([form]) => form);
  }

  /** Gives a word, by entry, 64 * value + section. */
  async function hold(word, whole) {
    const holds = (word.holds = new Uint16Array(entries));
    for (const [factor, places] of word.means) {
      const [head, ...names] = [places].flat();
      const more = await all(whole ? names : [], (name) => once(name));
      const next = reader(head + more.join(""));
      for (let group; (group = next()); ) {
        for (let left = next(), entry = room; left--; ) {
          entry -= next() + 1;
          const value = (group >> 1) * factor;
          const section = group % 2 ? 0 : next();
          if (holds[entry] >> 6 < value) holds[entry] = value * 64 + section;
        }
      }
    }
  }

  /** Gives a phrase, behind its words, the bucket of each two neighbours. */
  async function stand(phrase) {
    const buckets = await all(phrase.slice(1), async ({ text }, at) => {
      let hash = 0;
      for (const unit of `${phrase[at].text} ${text}`.split("")) hash = Math.imul(hash, 31) + unit.charCodeAt();
      const bucket = (hash >>> 0) % root.buckets;
      const lists = (await file("n", Math.floor(bucket / root.lists))).split(" ");
      return { means: [[1, lists[bucket % root.lists]]] };
    });
    phrase.push(...buckets);
    return buckets;
  }

  /** The values of a group, `[id, title, depth]`, and for each entry the numbers of its own. */
  const facet = (group) =>
    once(group, async () => {
      const [values = [], ...texts] = await all(root.facets[group] ?? [], (name) => once(name));
      const next = reader(texts.join(""));
      return { values, owns: Array.from({ length: entries }, () => Array.from({ length: next() }, next)) };
    });

  /** `groups` are `[name, ids]`: each is counted, and narrowed to its ids if there are any. */
  async function find(text, { groups = [], order } = {}) {
    const { words, wanted, phrases } = parse(text);
    const facets = all(groups, async ([name, ids]) => ({ name, ids, ...(await facet(name)) }));
    const [buckets, tests] = await Promise.all([all(phrases, stand), facets, all(words, understand)]);
    // What is common decides nothing beside what is not.
    const common = wanted.every((word) => word.common || !word.known);
    await all([...words, ...buckets.flat()], (part) => hold(part, part.unwanted || common));

    let found = [];
    let most = 0;
    const sums = new Uint16Array(64);
    for (let entry = entries; entry--; ) {
      if (phrases.some((phrase) => phrase[0].unwanted === phrase.every(({ common, holds }) => common || holds[entry]))) continue;
      let [mass, score, section] = [0, 0, 0];
      sums.fill(0);
      for (const word of wanted) {
        const held = word.holds[entry];
        if (!held) continue;
        if (common || !word.common) mass += word.weight;
        score += word.weight * (held >> 6);
        const at = held % 64;
        sums[at] += word.weight;
        // The weightiest, of equal ones the first.
        if (sums[at] - (at > section) >= sums[section]) section = at;
      }
      if (wanted[0] && !mass) continue;
      most = Math.max(most, mass);
      let misses = tests;
      if (tests[0]) misses = tests.filter(({ ids, values, owns }) => ids[0] && !owns[entry].some((own) => ids.includes(values[own][0])));
      found.push({ entry, mass, score, section, misses });
    }
    found = found.filter(({ mass }) => mass * 8 >= most * 5);
    const results = found.filter(({ misses }) => !misses[0]);
    if (!order) results.sort((a, b) => b.score - a.score);
    const counts = tests.map((test) => {
      const rows = test.values.map((value) => [...value, 0]);
      for (const { entry, misses } of found) if (misses.every((miss) => miss === test)) for (const own of test.owns[entry]) rows[own][3]++;
      return [test.name, rows];
    });
    const asked = (name) => name.split(" ").every((part) => wanted.some(({ text }) => text === part));
    const gaps = (await file("g", 0)).filter(([, , names]) => names.some(asked));
    return { results, wanted, counts, gaps };
  }

  async function row(entry) {
    const starts = await file("i", numberOf(entry, "i"));
    const [start, name] = starts.findLast(([start]) => start <= entry);
    return (await once(name))[entry - start];
  }

  /** A text in pieces, of which every second one is meant. */
  function pieces({ wanted }, text) {
    const found = [];
    let from = 0;
    for (const [start, end] of places(text)) {
      const own = split(fold(text.slice(start, end)));
      const meant = ({ typed, text, forms }) => own.some((word) => (typed && word.startsWith(text)) || forms.includes(word));
      if (!wanted.some(meant)) continue;
      found.push(text.slice(from, start), text.slice(Math.max(from, start), end));
      from = end;
    }
    return [...found, text.slice(from)];
  }

  return { root, find, row, pieces };
};
}
