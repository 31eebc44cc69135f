// Finds entries in the index of a site, by the rules of docs/content/pages/search-index.md.
"use strict";

{
const regex = (source) => new RegExp(source.replace(/~([\w-]+)/g, (_, codes) => codes.replace(/\w+/g, "\\u{$&}")), "gu");
const LETTERS = "\\p{Alphabetic}\\p{M}\\p{N}";
const DENSE =
  "~e00-eff~1000-109f~1100-11ff~1780-17ff~3005-3007~3040-30ff~31f0-31ff~3400-4dbf~4e00-9fff~a960-a97f~ac00-d7ff~f900-faff~20000-3ffff";
const LEFT_OUT = regex(
  "[~300-36f~483-489~591-5bd~5bf~5c1-5c2~5c4-5c5~5c7~610-61a~64b-65f~670~6d6-6dc~6df-6e4~6e7-6e8~6ea-6ed\\p{Cf}\\p{Cs}]",
);
const SPELT = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ı: "i", ς: "σ" };
const NO_WORD = regex(`[^${LETTERS}\\p{Cf}]`);
const WORD = regex(`[${DENSE}](?=([${DENSE}]?))|[^${DENSE} ]+`);
// What is unwanted, or a phrase.
const SPECIAL = regex(`(?:^|\\p{White_Space})-("[^"]*"?|[${LETTERS}][^\\p{White_Space}"]*)|"([^"]*)"?`);

const all = (list, work) => Promise.all(Array.from(list, work));
const placeOf = (rising, key) => rising.filter((least) => least <= key).length - 1;
const fold = (text) =>
  text.normalize("NFKD").toLowerCase().replace(LEFT_OUT, "").replace(/[ßæœøđðþłıς]/g, (c) => SPELT[c]).normalize("NFC");

/** Where the words of a text are, `[start, end]`: of dense characters each two. */
function places(text) {
  const found = [];
  for (const { 0: { length }, 1: next, index } of text.replace(NO_WORD, (c) => " ".repeat(c.length)).matchAll(WORD)) {
    const end = index + length;
    // The last dense character is a word only if it is also the first.
    if (next !== "" || found.at(-1)?.[1] !== end) found.push([index, end + (next ?? "").length]);
  }
  return found;
}

const split = (folded) => places(folded).map((place) => folded.slice(...place));

function parse(query) {
  const wanted = [];
  const phrases = [];
  query.slice(0, 256).split(SPECIAL).forEach((part = "", at, parts) => {
    const phrase = at % 3 > 0;
    const unwanted = at % 3 === 1;
    const folded = fold(part);
    const words = split(folded).map((text) => {
      const known = !phrase && wanted.find((word) => word.text === text && !word.phrase);
      const word = known || { text, phrase, typed: false, near: [] };
      if (!known && !unwanted && wanted.length < 16) wanted.push(word);
      return word;
    });
    if (at === parts.length - 1 && words[0]) words.at(-1).typed = folded.endsWith(words.at(-1).text);
    const heard = words.filter((word) => unwanted || wanted.includes(word));
    if (phrase && heard[0]) phrases.push({ words: heard, unwanted });
  });
  return { wanted, phrases };
}

function digit(text, at = 0) {
  const code = text.charCodeAt(at);
  return code - 33 - (code > 34) - (code > 60) - (code > 92);
}

/** Gives the numbers of a text one by one, then NaN. */
const reader = (text = "", at = 0) => () => {
  let number = 0;
  for (let value = 60, factor = 1; value >= 60; factor *= 31) number += factor * (value = digit(text, at++));
  return number;
};

/** The words of a file of `w` or `e`, and what their lines say after the comma. */
function decode(text) {
  let word = "";
  return new Map(
    text.split("\n").map((line) => {
      const comma = line.indexOf(",", 1);
      word = word.slice(0, digit(line)) + line.slice(1, comma);
      return [word, line.slice(comma + 1)];
    }),
  );
}

const termsOf = ([word, said = ""]) =>
  Array.from(said.slice(1).matchAll(/(.)([^,]*),?/g), ([, cut, end]) => word.slice(0, word.length - digit(cut)) + end);

// Few words need a list of their characters, and lists take time.
const charsOf = (word) => (/[\ud800-\udfff]/.test(word) ? [...word] : word);

/** The distance of two lists of characters from two places on, or any number above `most`. */
function distance(a, b, most, i = 0, j = 0) {
  for (; i < a.length && a[i] === b[j]; i++) j++;
  const [left, right] = [a.length - i, b.length - j];
  if (!most || !left || !right || Math.abs(left - right) > most) return Math.max(left, right);
  const then = (x, y) => distance(a, b, most - 1, i + x, j + y);
  const swapped = a[i] === b[j + 1] && a[i + 1] === b[j];
  return 1 + Math.min(then(1, 0), then(0, 1), then(1, 1), swapped ? then(2, 2) : most);
}

/** One published index. */
async function open(load, memory, stamp) {
  const root = await load("root", stamp);
  const { shelves, room, entries, kinds, years, facets, bits, buckets } = root;
  const promises = new Map();
  const lines = {};

  function once(name, make = () => load(name)) {
    if (!promises.has(name)) promises.set(name, make());
    return promises.get(name);
  }

  function file(shelf, number, marks = [shelves[shelf]].flat().pop(), at = number) {
    const mark = marks.slice(4 * at, 4 * at + 4);
    return mark && once(`${shelf}${number}-${mark}`);
  }

  const linesOf = (name) => once(name, async () => (lines[name] = decode((await file(name[0], name.slice(1))) || "")));
  const numberOf = (key, shelf = "w") => placeOf(shelves[shelf][0], key);
  const lineOf = async (word) => [word, (await linesOf(`w${numberOf(word)}`)).get(word)];

  /** The words that begin so; in shelf `e`, after one letter. */
  async function wordsFrom(start, shelf = "w") {
    const from = numberOf(start, shelf);
    const files = await all({ length: numberOf(`${start}\uffff`, shelf) - from + 1 }, (_, at) => linesOf(shelf + (from + at)));
    const found = [];
    for (const file of files)
      for (const [word, said] of file)
        if (word.startsWith(start)) for (const first of shelf === "w" ? [""] : said) found.push(first + word);
    return found;
  }

  /** Of words those at the least distance below 4, highest class first. */
  async function pick(most, far, ...lists) {
    let least = 4;
    const near = new Set();
    for (const word of (await Promise.all(lists)).flat()) {
      const distance = far(word);
      if (distance < least) near.clear();
      least = Math.min(least, distance);
      if (distance === least) near.add(word);
    }
    const found = (await all([...near].sort(), lineOf)).sort(([, a], [, b]) => digit(b) - digit(a));
    return Object.assign(found.slice(0, most), { least });
  }

  async function nearly(text, allowed) {
    const chars = charsOf(text);
    const far = (word) => {
      const other = charsOf(word);
      const kin = Math.max(5, chars.length - 3, other.length - 3);
      if (chars[5] && other[5] && !distance(chars.slice(0, kin), other.slice(0, kin), 0)) return 1;
      const far = distance(chars, other, allowed);
      return far > allowed ? 9 : far;
    };
    const [first, second] = chars;
    const found = await pick(8, far, wordsFrom(first));
    return found[0] ? found : pick(8, far, wordsFrom(second), wordsFrom(first, "e"), wordsFrom(second, "e"));
  }

  /** Gives a word its meanings, `[factor, places, term]`, and its weight. */
  async function understand(word) {
    const { text, typed, phrase } = word;
    const chars = charsOf(text);
    const { length } = chars;
    const factors = new Map();
    word.files = new Set();
    const mean = (lines, factor, most = Infinity) => {
      for (const line of lines) {
        if (factors.size >= most) return;
        word.files.add(numberOf(line[0]));
        for (const term of termsOf(line)) if (!factors.has(term)) factors.set(term, factor);
      }
    };
    mean([await lineOf(text)], 16);
    if (typed && text.length < 3) factors.set(`${text}*`, 12);
    else if (typed) mean(await pick(Infinity, () => 0, wordsFrom(text)), 12, factors.size + 6);
    if (!factors.size && !phrase && length > 3 && /\P{N}/u.test(text)) {
      let found = await nearly(text, length < 8 ? 1 : 2);
      const factor = found.least === 1 ? 10 : 8;
      const begins = (other) => ([1, 0, -1].some((more) => distance(chars, charsOf(other).slice(0, length + more), 1) === 1) ? 1 : 9);
      if (!found[0] && typed && length > 4) found = await pick(6, begins, wordsFrom(chars[0]));
      word.near = found.map(([other]) => other);
      mean(found, factor);
    }
    const means = await all(factors, async ([term, factor]) => {
      const list = (await file("p", numberOf(term, "p"))) || [];
      return [factor, list.find((_, at) => at % 2 && list[at - 1] === term), term];
    });
    word.means = means.filter(([, places]) => places);
    word.unknown = !word.means[0];
    const highest = word.means.filter(([factor]) => factor === word.means[0][0]).map(([, places]) => places);
    word.long = highest.some(Array.isArray);
    const held = Math.max(0, ...highest.map((places) => reader([places].flat()[0])()));
    const rare = Math.floor((16 * (entries + 1)) / (held + 1));
    const log = 31 - Math.clz32(rare);
    word.weight = Math.max(4, 16 * log + Math.floor((16 * rare) / 2 ** log) - 76);
  }

  /** Gives a word, for each entry, its value times 64 and its section. */
  async function hold(word, whole) {
    word.holds = new Uint16Array(room);
    const lists = await all(word.means, async ([factor, places]) => {
      const [head, ...names] = [places].flat();
      const more = await all(whole ? names : [], (name) => once(name));
      return [factor, reader(head + more.join(""))];
    });
    for (const [factor, next] of lists) {
      const [, bare] = [next(), next()];
      for (let level; (level = next()); ) {
        for (let left = next(), entry = room; left > 0; left--) {
          entry -= next() + 1;
          const held = level * factor * 64 + (bare ? 0 : next());
          if (held >> 6 > word.holds[entry] >> 6) word.holds[entry] = held;
        }
      }
    }
  }

  /** Gives a phrase the entries in the bucket of each two neighbours. */
  async function stand(phrase) {
    phrase.pairs = await all(phrase.words.slice(1), async ({ text }, at) => {
      let hash = 2166136261;
      for (const unit of `${phrase.words[at].text} ${text}`.split("")) hash = Math.imul(hash ^ unit.charCodeAt(), 16777619);
      const bucket = Math.imul(hash ^ (hash >>> 16), 73244475) >>> (32 - bits);
      const next = reader((await file("n", Math.floor(bucket / buckets))).split(" ")[bucket % buckets]);
      const beside = new Uint8Array(room);
      for (let entry = next(); entry >= 0; entry += next() + 1) beside[entry] = 1;
      return beside;
    });
  }

  /** All values of a group, and for each entry the numbers of its own. */
  const facet = (group) =>
    once(group, async () => {
      const starts = years.map(([, start]) => start);
      const more = (kind) => (number) => (kinds[number % 12] === kind ? Math.floor(number / 12) - 1 : -1);
      const [names, own] = {
        kind: [kinds, (number) => number % 12],
        year: [years.map(([year]) => year), (_, entry) => placeOf(starts, entry)],
        maturity: [["initial", "documented", "validated"], more("practice")],
        recording: [["yes"], more("session")],
      }[group] ?? [];
      const files = await all(facets[group === "year" ? "" : names ? "kind" : group] ?? [], (number) => file("f", number));
      const values = names?.map((name) => [name, name, 0]) ?? files.shift() ?? [];
      const next = reader(files.join(""));
      const owns = Array.from({ length: entries }, (_, entry) => {
        const number = next();
        if (own) return [own(number, entry)];
        const list = [];
        for (let left = number; left > 0; left--)
          for (let value = next(); value >= 0 && !list.includes(value); value = values[value][2] - 1) list.push(value);
        return list;
      });
      return { values, owns };
    });

  async function find(text, options = {}) {
    const { filters = {}, order, whole } = options;
    const { wanted, phrases } = parse(text);
    const words = [...new Set([...wanted, ...phrases.flatMap(({ words }) => words)])];
    const chosen = Object.entries(filters).filter(([, ids]) => ids?.length);
    const tests = all(chosen, async ([group, ids]) => {
      const { values, owns } = await facet(group);
      return { group, fits: ([entry]) => owns[entry].some((value) => ids.includes(values[value]?.[0])) };
    });
    await Promise.all([tests, all(words, understand), all(phrases, stand)]);
    const known = wanted.filter((word) => !word.unknown);
    const partial = !whole && known.length > 0 && known.every((word) => word.long);
    for (const word of known) word.optional = !whole && !partial && word.long;
    await all(words, (word) => hold(word, whole || !wanted.includes(word)));

    const fits = (entry) => ({ words, pairs, unwanted }) =>
      unwanted !== (words.every((word) => word.optional || word.holds[entry]) && pairs.every((beside) => beside[entry]));
    let found = [];
    for (let entry = entries - 1; entry >= 0; entry--) {
      let mass = 0;
      for (const word of wanted) if (!word.optional && word.holds[entry]) mass += word.weight;
      if ((mass || !wanted[0]) && phrases.every(fits(entry))) found.push([entry, mass]);
    }
    const most = found.reduce((most, [, mass]) => Math.max(most, mass), 0);
    found = found.filter(([, mass]) => mass * 8 >= most * 5).map(([entry]) => score(entry, wanted));
    const passed = await tests;
    const results = found.filter((result) => passed.every(({ fits }) => fits(result)));
    if (order !== "date") results.sort((a, b) => b[1] - a[1]);
    return { results, complete: !partial, wanted, query: [text, options], found, tests: passed, index };
  }

  function score(entry, wanted) {
    const sums = [0];
    let [score, all, held] = [0, 0, 0];
    for (const { weight, holds } of wanted) {
      if (!holds[entry]) continue;
      const section = holds[entry] & 63;
      score += weight * (holds[entry] >> 6);
      all += weight;
      held += 1;
      sums[section] = (sums[section] ?? 0) + weight;
    }
    const most = sums.reduce((most, sum) => Math.max(most, sum));
    if (held > 1) score += Math.floor((score * most) / (8 * all));
    return [entry, score, sums.indexOf(most)];
  }

  async function counts(answer, groups) {
    const { found, tests, query } = answer.index === index ? answer : await find(...answer.query);
    const rows = await all(groups, async (group) => {
      const { values, owns } = await facet(group);
      const counts = values.map(() => 0);
      const others = tests.filter((test) => test.group !== group);
      for (const result of found) if (others.every(({ fits }) => fits(result))) for (const value of owns[result[0]]) counts[value]++;
      const rows = values.map(([id, title, parent], at) => [id, title, parent && values[parent - 1][0], counts[at]]);
      return [group, rows.filter(([id, , , count]) => id && (count || query[1].filters?.[group]?.includes(id)))];
    });
    return Object.fromEntries(rows);
  }

  async function row(entry) {
    const number = numberOf(entry, "i");
    const [text, marks] = await file("i", number);
    const next = reader(text);
    const starts = [];
    for (let start = shelves.i[0][number] + next(); start <= entry; start += next()) starts.push(start);
    const at = starts.length - 1;
    return (await file("r", 256 * number + at, marks, at))[entry - starts[at]];
  }

  /** Whether a word of a text is meant by a word of the query. */
  const isMeant = (word) => ({ text, typed, files, means }) => {
    const number = numberOf(word);
    const terms = files.has(number) ? termsOf([word, lines[`w${number}`].get(word)]) : [];
    return (typed && word.startsWith(text)) || means.some(([, , term]) => terms.includes(term));
  };

  function marks({ wanted }, text) {
    const ranges = [];
    for (const place of places(text)) {
      if (!split(fold(text.slice(...place))).some((word) => wanted.some(isMeant(word)))) continue;
      if (ranges.at(-1)?.[1] >= place[0]) ranges.at(-1)[1] = place[1];
      else ranges.push(place);
    }
    return ranges;
  }

  /** The number of the first section whose title holds all that is wanted and known, or else the one given. */
  function section({ wanted }, row, given) {
    const known = wanted.filter((word) => !word.unknown);
    const holds = ([, title]) => known.every((wanted) => split(fold(title)).some((word) => isMeant(word)(wanted)));
    return (known[0] && row[7].findIndex(holds) + 1) || given;
  }

  async function nearest(word) {
    const { length } = [...word];
    return length < 3 ? "" : (await nearly(word, Math.min(3, length >> 1)))[0]?.[0] ?? "";
  }

  async function gaps(text) {
    const heard = parse(text).wanted.map((word) => word.text);
    const asked = (name) => name && split(name).every((word) => heard.includes(word));
    return ((await file("g", 0)) || []).filter(([, , names]) => names.some(asked)).map((gap) => gap.slice(0, 2));
  }

  const index = {
    root: () => root,
    find(...query) {
      memory.years = `${years}`;
      return find(...query);
    },
    entries(numbers) {
      // Of a site that was published since, they would be others.
      if ((memory.years ??= `${years}`) !== `${years}`) throw new Error("entries");
      return all(numbers, row);
    },
    counts,
    section,
    marks,
    nearest,
    gaps,
  };
  return index;
}

const waiting = new Map();
globalThis.folkmootShelf = (name, value) => waiting.get(name)?.(value);

const byScript = (base) => (name, stamp = "") =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    waiting.set(name, resolve);
    script.onload = script.onerror = () => {
      script.remove();
      reject(new Error(name));
    };
    script.src = base + (name === "root" ? `root.js${stamp}` : `data/${name}.js`);
    document.head.append(script);
  });

globalThis.folkmootSearch = (base, load = byScript(base)) => {
  const memory = {};
  let opened;
  const call = (name) => async (...given) => {
    const tried = (opened ??= open(load, memory));
    try {
      return await (await tried)[name](...given);
    } catch {
      // A file that is gone tells of a site that was published meanwhile.
      if (opened === tried) opened = open(load, memory, `?${Date.now()}`);
      return (await opened)[name](...given);
    }
  };
  const calls = ["root", "find", "counts", "entries", "nearest", "gaps"].map((name) => [name, call(name)]);
  const own = ["marks", "section"].map((name) => [name, (answer, ...given) => answer.index[name](answer, ...given)]);
  return Object.fromEntries([...calls, ...own]);
};
}
