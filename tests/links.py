#!/usr/bin/env python3
"""Checks a built site as files: every link and anchor leads somewhere, and every page keeps the theme's promises.

    tests/links.py DIR

Prints all problems and ends with 1 if there are any. Needs nothing but Python; 12,000 pages take seconds.
"""

import html
import json
import multiprocessing
import os
import posixpath
import re
import sys
import xml.etree.ElementTree as ElementTree
from urllib.parse import unquote, urlsplit

# SPEC section 10: style sheets and scripts of an ordinary page together, uncompressed.
MOST_ASSET_BYTES = 60_000
# The search page loads its index as script files; it is bounded by a check of its own.
HEAVY_TEMPLATES = {"search"}
# Told with a page at most this often; the rest is counted, so that one fault in a template stays readable.
MOST_TOLD_OF_ONE_SORT = 20

ATOM = "{http://www.w3.org/2005/Atom}"

# Pages pass the Nu validator, so tags can be told from text by their quotes alone; this is twenty times faster than
# a parser in Python. The text of scripts, styles, comments and raw-text elements is stepped over.
TAG = re.compile(
    r"<!--.*?-->"
    r"|<(script|style|title|textarea)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>(.*?)</\1\s*>"
    r"|<([a-zA-Z][^\s/>]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.S | re.I,
)
ATTRIBUTE = re.compile(r"([^\s=/\"'<>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
STYLE_ADDRESS = re.compile(r"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)|@import\s+[\"']([^\"']+)", re.I)
REFRESH = re.compile(r"^\s*\d+\s*;\s*url\s*=\s*(.+?)\s*$", re.I)

# What a browser fetches by itself: these must be the site's own files.
FETCHED = {"src", "srcset", "poster", "data"}
FETCHED_RELATIONS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch"}
ADDRESSES = FETCHED | {"href", "xlink:href", "action", "formaction", "cite"}

FILES = {}  # every file of the site with its size in bytes, by path; laid before the workers start
ROOT = ""
BASE = "/"


class Page:
    """One HTML page: its problems, its ids, and where in other pages it points."""

    def __init__(self, path):
        self.path = path
        self.folder = posixpath.dirname(path)
        self.ids = set()
        self.anchors = set()  # (path, fragment, the link as written) in other pages
        self.problems = []
        self.assets = set()
        self.template = ""

    def problem(self, sort, text):
        self.problems.append((sort, f"{self.path}: {text}"))

    def read(self):
        with open(os.path.join(ROOT, self.path), encoding="utf-8", newline="") as file:
            text = file.read()
        own_anchors, headings, title, viewport, language = [], 0, "", False, False
        for found in TAG.finditer(text):
            name = (found[1] or found[4] or "").lower()
            if not name:
                continue
            values = attributes(found[2] if found[1] else found[5])
            self.note_id(values.get("id"))
            self.check_inline(name, values, found[3])
            own_anchors += self.check_addresses(name, values)
            if name == "h1":
                headings += 1
            elif name == "title" and not title:
                title = (found[3] or "").strip()
            elif name == "html":
                language = bool(values.get("lang"))
            elif name == "body":
                self.template = values.get("data-template", "")
            elif name == "meta" and values.get("name", "").lower() == "viewport":
                viewport = True
        for present, what in [(title, "title"), (language, "lang on <html>"), (viewport, "viewport")]:
            if not present:
                self.problem(f"no {what}", f"has no {what}")
        if headings != 1:
            self.problem("headings", f"has {headings} h1 elements; one is expected")
        for fragment, link in own_anchors:
            if fragment not in self.ids:
                self.problem("anchor", f"links to {link}, but has no such id")
        self.check_weight()
        return self

    def note_id(self, value):
        if value is None:
            return
        if value in self.ids:
            self.problem("id", f'has two elements with id "{value}"')
        self.ids.add(value)

    def check_inline(self, name, values, content):
        if name == "style":
            self.problem("inline style", "has a <style> element")
        if "style" in values:
            self.problem("inline style", f'has an inline style on <{name}>: "{values["style"]}"')
        if name == "script" and "src" not in values and values.get("type") != "application/ld+json":
            self.problem("inline script", f"has an inline script: {(content or '').strip()[:60]}")
        if name == "script" and values.get("type") == "application/ld+json":
            try:
                json.loads(content)
            except ValueError as error:
                self.problem("linked data", f"has linked data that is not JSON: {error}")
        for handler in values:
            if handler.startswith("on"):
                self.problem("inline script", f"has an inline script: {handler} on <{name}>")

    def check_addresses(self, name, values):
        """Checks each address of a tag; returns the fragments of this page that it points to."""
        relations = set(values.get("rel", "").lower().split())
        own = []
        for attribute, value in values.items():
            if attribute == "srcset":
                links = [part.split()[0] for part in value.split(",") if part.split()]
            elif attribute in ADDRESSES:
                links = [value]
            elif name == "meta" and attribute == "content" and values.get("http-equiv", "").lower() == "refresh":
                found = REFRESH.match(value)
                links = [found[1]] if found else []
            else:
                continue
            fetched = attribute in FETCHED or (name == "link" and bool(relations & FETCHED_RELATIONS))
            for link in links:
                own += self.check_address(link.strip(), fetched)
                if name == "script" or "stylesheet" in relations:
                    self.assets.add(link)
        return own

    def check_address(self, link, fetched):
        parts = urlsplit(link)
        if parts.scheme or link.startswith("//"):
            if fetched:
                self.problem("third party", f"fetches {link} from somewhere else")
            elif parts.scheme in ("javascript", "data", "vbscript", "file"):
                self.problem("scheme", f"links to {link}")
            return []
        path = unquote(parts.path)
        fragment = unquote(parts.fragment)
        if not path:
            # `#` and `#top` are the top of any page (HTML, section "navigating to a fragment").
            return [(fragment, link)] if fragment and fragment.lower() != "top" else []
        if path.startswith("/"):
            if self.path != "404.html":
                self.problem("absolute", f"links to {link}; links inside the site are relative")
                return []
            if not path.startswith(BASE):
                self.problem("absolute", f"links to {link}, which is outside the site's own address {BASE}")
                return []
            target = posixpath.normpath(path[len(BASE) :] or ".")
        else:
            target = posixpath.normpath(posixpath.join(self.folder, path))
        if target.startswith(".."):
            self.problem("file", f"links to {link}, which is outside the site")
            return []
        if path.endswith("/") or posixpath.basename(path) in (".", ".."):
            target = posixpath.normpath(posixpath.join(target, "index.html"))
        if target not in FILES:
            slash = f"{target}/index.html" in FILES
            self.problem("file", f"links to {link}, " + ("a folder: add a slash" if slash else "where no file is"))
        elif fragment and target == self.path:
            return [(fragment, link)]
        elif fragment and target.endswith(".html"):
            self.anchors.add((target, fragment, link))
        return []

    def check_weight(self):
        if self.template in HEAVY_TEMPLATES:
            return
        paths = {posixpath.normpath(posixpath.join(self.folder, unquote(urlsplit(link).path))) for link in self.assets}
        size = sum(FILES.get(path, 0) for path in paths)
        if size >= MOST_ASSET_BYTES:
            self.problem("weight", f"loads {size} bytes of style sheets and scripts; fewer than {MOST_ASSET_BYTES} are wanted")


def attributes(text):
    values = {}
    for name, double, single, bare in ATTRIBUTE.findall(text or ""):
        value = double or single or bare
        values.setdefault(name.lower(), html.unescape(value) if "&" in value else value)
    return values


def read_page(path):
    page = Page(path).read()
    return page.path, page.ids, page.anchors, page.problems


def check_anchors(pages, problems):
    ids = {path: found for path, found, _, _ in pages}
    for path, _, anchors, _ in pages:
        for target, fragment, link in sorted(anchors):
            if fragment not in ids[target]:
                problems.append(("anchor", f"{path}: links to {link}, but {target} has no such id"))


def check_xml(problems):
    """The sitemap leads to files, and each Atom feed has entries of its own with what readers need."""
    for path in sorted(FILES):
        if not path.endswith(".xml"):
            continue
        try:
            root = ElementTree.parse(os.path.join(ROOT, path)).getroot()
        except ElementTree.ParseError as error:
            problems.append(("xml", f"{path}: is not XML: {error}"))
            continue
        if path == "sitemap.xml":
            check_sitemap(path, root, problems)
        elif root.tag == f"{ATOM}feed":
            entries = root.findall(f"{ATOM}entry")
            for element, name in [(root, "the feed")] + [(entry, "an entry") for entry in entries]:
                for wanted in ("id", "title", "updated"):
                    if not (element.findtext(f"{ATOM}{wanted}") or "").strip():
                        problems.append(("feed", f"{path}: {name} has no {wanted}"))
            check_unique(path, [entry.findtext(f"{ATOM}id") for entry in entries], problems)


def check_sitemap(path, root, problems):
    locations = [(element.text or "").strip() for element in root.iter() if element.tag.endswith("}loc")]
    check_unique(path, locations, problems)
    for location in locations:
        below = unquote(urlsplit(location).path)
        target = below[len(BASE) :] if below.startswith(BASE) else None
        if target is not None and (target == "" or target.endswith("/")):
            target += "index.html"
        if target not in FILES:
            problems.append(("sitemap", f"{path}: names {location}, where no file is"))


def check_json(problems):
    for path in sorted(FILES):
        if not path.endswith(".json"):
            continue
        try:
            with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                data = json.load(file)
        except ValueError as error:
            problems.append(("json", f"{path}: is not JSON: {error}"))
            continue
        if posixpath.basename(path) == "feed.json":
            check_unique(path, [item.get("id") for item in data.get("items", [])], problems)


def check_styles(problems):
    for path in sorted(FILES):
        if not path.endswith(".css"):
            continue
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            links = {found[1] or found[2] for found in STYLE_ADDRESS.finditer(file.read())}
        for link in sorted(links):
            parts = urlsplit(link)
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
            if parts.scheme == "data" or link.startswith("#"):
                continue
            if parts.scheme or link.startswith("//"):
                problems.append(("third party", f"{path}: fetches {link} from somewhere else"))
            elif target not in FILES:
                problems.append(("file", f"{path}: names {link}, where no file is"))


def check_unique(path, ids, problems):
    seen = set()
    for value in ids:
        if value in seen:
            problems.append(("id", f"{path}: names {value} twice"))
        seen.add(value)


def base_path():
    """The path of the site's own address, as its home page's canonical link names it."""
    if "index.html" not in FILES:
        return "/"
    with open(os.path.join(ROOT, "index.html"), encoding="utf-8") as file:
        for found in TAG.finditer(file.read()):
            if (found[4] or "").lower() == "link":
                values = attributes(found[5])
                if values.get("rel") == "canonical":
                    return urlsplit(values.get("href", "/")).path.removesuffix("index.html") or "/"
    return "/"


def list_files():
    files = {}
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = os.path.join(folder, name)
            files[os.path.relpath(path, ROOT).replace(os.sep, "/")] = os.path.getsize(path)
    return files


def show(problems):
    told = {}
    for sort, text in sorted(set(problems)):
        told[sort] = told.get(sort, 0) + 1
        if told[sort] <= MOST_TOLD_OF_ONE_SORT:
            print(text)
    for sort, count in told.items():
        if count > MOST_TOLD_OF_ONE_SORT:
            print(f"… and {count - MOST_TOLD_OF_ONE_SORT} more like these ({sort})")


def main():
    global FILES, ROOT, BASE
    if len(sys.argv) != 2 or not os.path.isdir(sys.argv[1]):
        print("usage: tests/links.py DIR, the folder of a built site", file=sys.stderr)
        return 2
    ROOT = os.path.abspath(sys.argv[1])
    FILES = list_files()
    BASE = base_path()
    paths = sorted(path for path in FILES if path.endswith(".html"))
    problems = [] if paths else [("pages", f"{ROOT}: holds no page")]
    # Workers are forked, so that each has the list of files without being sent it.
    with multiprocessing.get_context("fork").Pool() as workers:
        pages = workers.map(read_page, paths, chunksize=64)
    for page in pages:
        problems += page[3]
    check_anchors(pages, problems)
    check_xml(problems)
    check_json(problems)
    check_styles(problems)
    if "data/entries.json" not in FILES:
        problems.append(("json", "data/entries.json: is missing"))
    show(problems)
    links = sum(len(page[2]) for page in pages)
    print(f"links: {len(paths)} pages, {len(FILES)} files, {links} links to anchors elsewhere, {len(set(problems))} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
