#!/usr/bin/env python3
"""Draws words from the pages of a built site and asks the search engine for each: every entry that holds it must be found.

    tests/search/words.py DIR [--count 200] [--seed 1] [--engine COMMAND]

DIR is a built site. What an entry says is read from its own page, by Python's own HTML parser, and what is one word and
which words are the same is settled here by Python's Unicode tables; nothing of the program is used. An entry holds the
words of its title, of its summary (from data/entries.json) and of its text: the element in which every template puts
what stands below the front matter. What the program adds there (numbers of footnotes, titles of alerts) is left out.

Drawn are --count words, each written form equally often, and a quarter as many by how often they stand. Where words are
not parted by spaces (Chinese, Japanese, Thai, Korean), two to four characters that stand together are a word.

The engine is a command that reads a line of JSON for each query and answers with one; see engine.mjs. A word is followed
by a space, so that it is not a beginning.

Two more things are told, and fail nothing: how many of the words of other fields (takeaways, lessons, problems …) are
found, and how many of the entries found hold no word that begins like the one asked for, in their text, their fields or
the ids of what they name. (They may have it from the title of a topic or a person, or from a form such as `went`.)

Prints `N words, M (word, entry) pairs, K missing`, and ends with 1 where K is above 0. Needs nothing but Python 3.11.
"""

import argparse
import contextlib
import json
import random
import shlex
import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
# Elements that stand within a line of text and part no words.
WITHIN_A_LINE = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "label", "mark", "q", "s",
    "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
}
# Elements that have no end.
WITHOUT_END = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "path", "source", "track", "wbr"}
# What the program writes into a text, by class: no author wrote these words.
NOT_WRITTEN = {"note-ref", "note-back", "alert-title"}
# Fields that hold sentences of the author, whose words are counted apart.
SENTENCES = (
    "takeaways", "decisions", "lessons", "objectives", "problem", "context", "when_not", "barriers", "enablers", "why",
    "definition", "synonyms", "answer", "purpose", "role",
)
# Where words are not parted by spaces, and Korean, which is written in syllables.
DENSE_NAMES = (
    "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "MYANMAR", "KHMER", "IDEOGRAPHIC",
)
# The lengths of what is drawn from such a text.
DENSE_LENGTHS = (2, 3, 4)
# How many results of how many words are looked at from the other side.
OTHER_SIDE_WORDS, OTHER_SIDE_RESULTS = 60, 20
# As many characters must be alike for two words to begin alike.
BEGINNING = 3


# ---- What an entry says ----------------------------------------------------------------------------------------------

class Page(HTMLParser):
    """The title and the written text of the page of an entry."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.title, self.text = [], []
        # What is open: the element, and what it makes of the text in it.
        self.open = []

    def handle_starttag(self, tag, attributes):
        classes = set((dict(attributes).get("class") or "").split())
        inside = self.open[-1][1] if self.open else ""
        if tag not in WITHIN_A_LINE:
            self.handle_data(" ")
        if tag in WITHOUT_END:
            return
        if classes & NOT_WRITTEN:
            inside = "left out"
        elif tag == "h1":
            inside = "title"
        elif "part-notes" in classes:
            inside = "notes"
        elif inside == "notes" and "prose" in classes:
            inside = "text"
        self.open.append((tag, inside))

    def handle_startendtag(self, tag, attributes):
        if tag not in WITHIN_A_LINE:
            self.handle_data(" ")

    def handle_endtag(self, tag):
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at][0] == tag:
                if tag not in WITHIN_A_LINE:
                    self.handle_data(" ")
                del self.open[at:]
                return

    def handle_data(self, data):
        inside = self.open[-1][1] if self.open else ""
        if inside == "title":
            self.title.append(data)
        elif inside == "text":
            self.text.append(data)


class Entry(NamedTuple):
    path: str
    text: str
    # Sentences of its front matter.
    fields: str
    # Everything else that stands there, ids included.
    rest: str


def entries_of(site):
    """All listed entries of a built site, with what they say."""
    listed = json.loads((site / "data" / "entries.json").read_text(encoding="utf-8"))["entries"]
    without = []
    for one in listed:
        path = one["path"].removesuffix("index.html")
        page = Page()
        page.feed((site / path / "index.html").read_text(encoding="utf-8"))
        page.close()
        title, text = "".join(page.title), "".join(page.text)
        if not title.strip() or (one["words"] and not text.strip()):
            without.append(path)
        fields = [text_of(one["fields"].get(name, "")) for name in SENTENCES]
        yield Entry(path, f"{title}\n{one.get('summary') or ''}\n{text}", "\n".join(fields), text_of(one["fields"]))
    if without:
        sys.exit(f"No title or text was found on {len(without)} pages, so the templates have changed: {', '.join(without[:5])}.")


def text_of(value):
    """The text in a field, however deep it lies."""
    if isinstance(value, list):
        return "\n".join(map(text_of, value))
    if isinstance(value, dict):
        return text_of(list(value.values()))
    return value if isinstance(value, str) else ""


# ---- Words -----------------------------------------------------------------------------------------------------------

def alike(text):
    """The form in which words that differ in case, marks or width are the same."""
    spread = unicodedata.normalize("NFKD", text).casefold()
    spread = unicodedata.normalize("NFKD", spread)
    return unicodedata.normalize("NFC", "".join(c for c in spread if c in KANA_MARKS or not is_dropped(c)))


# The voicing marks of kana are part of the letter.
KANA_MARKS = "\u3099\u309a"


def is_dropped(c):
    category = unicodedata.category(c)
    return category == "Cf" or category == "Mn" and unicodedata.name(c, "").startswith("COMBINING ")


def is_of_a_word(c):
    return unicodedata.category(c)[0] in "LMN" or unicodedata.category(c) == "Cf"


def is_dense(c):
    return unicodedata.name(c, "").startswith(DENSE_NAMES)


def runs_of(text):
    """Runs of letters, marks and digits, parted where a script without spaces begins or ends: the run, is it dense."""
    run, dense = [], False
    for c in unicodedata.normalize("NFC", text) + " ":
        if is_of_a_word(c):
            # A mark goes with the letter before it.
            of_before = run and unicodedata.category(c) in ("Mn", "Mc", "Me", "Cf")
            if run and not of_before and is_dense(c) != dense:
                yield "".join(run), dense
                run = []
            if not run:
                dense = is_dense(c)
            run.append(c)
        elif run:
            yield "".join(run), dense
            run = []


class Corpus:
    """Which entries hold which words."""

    def __init__(self, entries):
        self.entries = entries
        # By how a word is looked up: entries, written forms, how often it stands.
        self.holders, self.forms, self.often = defaultdict(set), defaultdict(set), Counter()
        # Stretches without spaces, by entry.
        self.dense = defaultdict(list)
        self.words = {}
        for entry in entries:
            own = set()
            for run, dense in runs_of(entry.text):
                if dense:
                    self.dense[entry.path].append(alike(run))
                    pieces = {run[at:at + n] for n in DENSE_LENGTHS for at in range(len(run) - n + 1)}
                    # A piece that begins with a mark has lost its letter.
                    for piece in pieces:
                        if unicodedata.category(piece[0])[0] != "M":
                            self.note(piece, None)
                else:
                    own.add(self.note(run, entry.path))
            self.words[entry.path] = own
        for word in self.forms:
            if self.is_dense(word):
                self.holders[word] = {path for path, runs in self.dense.items() if any(word in run for run in runs)}

    def is_dense(self, word):
        return any(map(is_dense, word))

    def note(self, written, path):
        word = alike(written)
        if not word:
            return word
        self.forms[word].add(written)
        self.often[word] += 1
        if path:
            self.holders[word].add(path)
        return word

    def drawn(self, count, seed):
        """Written forms: `count` of all alike, a quarter as many by how often they stand; each once."""
        luck = random.Random(seed)
        all_words = sorted(word for word in self.forms if self.holders[word])
        chosen = luck.sample(all_words, min(count, len(all_words)))
        chosen += luck.choices(all_words, [self.often[word] for word in all_words], k=count // 4)
        return [(word, luck.choice(sorted(self.forms[word]))) for word in dict.fromkeys(chosen)]


# ---- Asking ----------------------------------------------------------------------------------------------------------

class Engine:
    """A running engine, asked a line at a time."""

    def __init__(self, command):
        self.child = subprocess.Popen(
            shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def paths(self, word):
        """Where the entries are that a word finds, in their order."""
        question = {"query": word + " ", "limit": 100_000}
        try:
            self.child.stdin.write(json.dumps(question) + "\n")
            self.child.stdin.flush()
        except BrokenPipeError:
            sys.exit(f"The engine ended before it was asked for {word!r}.")
        line = self.child.stdout.readline()
        if not line:
            sys.exit(f"The engine ended when it was asked for {word!r}.")
        answer = json.loads(line)
        if "results" not in answer:
            sys.exit(f"The engine gave no results for {word!r}: {line[:400]}")
        return [path_of(result) for result in answer["results"]]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(BrokenPipeError):
            self.child.stdin.close()
        self.child.stdout.close()
        self.child.wait()


def path_of(result):
    """The path of a result, which is a list that begins with it, without the name of a portable site's file."""
    return result[0].removesuffix("index.html")


class Told(NamedTuple):
    words: int
    pairs: int
    missing: list
    # Of other fields: pairs, and how many of them are missing.
    field_pairs: int
    field_missing: list
    # From the other side: results looked at, and those that hold no word which begins alike.
    results: int
    other: list


def ask(corpus, paths, count, seed):
    """Asks for drawn words; `paths` gives the paths that a word finds."""
    drawn = corpus.drawn(count, seed)
    in_fields, beginnings = defaultdict(set), {}
    for entry in corpus.entries:
        for run, dense in runs_of(entry.fields):
            if not dense:
                in_fields[alike(run)].add(entry.path)
        rest = (alike(run) for run, _ in runs_of(entry.rest))
        beginnings[entry.path] = {word[:BEGINNING] for word in (*corpus.words[entry.path], *rest)}
    pairs, missing, field_pairs, field_missing, results, other = 0, [], 0, [], 0, []
    luck = random.Random(seed)
    looked_at = set(luck.sample(range(len(drawn)), min(OTHER_SIDE_WORDS, len(drawn))))
    for number, (word, written) in enumerate(drawn):
        found = paths(written)
        is_found = set(found)
        pairs += len(corpus.holders[word])
        missing += [(written, path) for path in sorted(corpus.holders[word] - is_found)]
        in_field = in_fields[word] - corpus.holders[word]
        field_pairs += len(in_field)
        field_missing += [(written, path) for path in sorted(in_field - is_found)]
        if number in looked_at and not corpus.is_dense(word):
            for path in found[:OTHER_SIDE_RESULTS]:
                results += 1
                if word[:BEGINNING] not in beginnings.get(path, ()):
                    other.append((written, path))
    return Told(len(drawn), pairs, missing, field_pairs, field_missing, results, other)


def main():
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("site", type=Path, metavar="DIR")
    asked.add_argument("--count", type=int, default=200)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--engine", help="the command to ask (default: node engine.mjs DIR)")
    asked.add_argument("--verbose", action="store_true", help="list what only the two counts are about, too")
    options = asked.parse_args()

    corpus = Corpus(list(entries_of(options.site)))
    with Engine(options.engine or shlex.join(["node", str(HERE / "engine.mjs"), str(options.site)])) as engine:
        told = ask(corpus, engine.paths, options.count, options.seed)

    for written, path in told.missing[:50]:
        print(f"missing: {written!r} does not find /{path}")
    print(f"Words of other fields: {told.field_pairs} pairs, {len(told.field_missing)} missing.")
    print(f"From the other side: of {told.results} results, {len(told.other)} hold no word of their own that begins alike.")
    if options.verbose:
        for what, which in (("field", told.field_missing), ("other", told.other)):
            for written, path in which[:50]:
                print(f"  {what}: {written!r} /{path}")
    print(f"{told.words} words, {told.pairs} (word, entry) pairs, {len(told.missing)} missing")
    return 1 if told.missing else 0


if __name__ == "__main__":
    sys.exit(main())
