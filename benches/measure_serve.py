#!/usr/bin/env python3
"""Times what somebody waits for who writes while `folkmoot serve` runs: from the save to the answer with the new page.

    benches/measure_serve.py FOLKMOOT CORPUS [REBUILDS]

Called by benches/run. CORPUS is a generated knowledge base, best in memory; its entries are edited and put back. A real
process is asked over real sockets, again and again until the answer says what was written: so the time includes noticing
the change, waiting for quiet, reading, resolving and rendering. Then REBUILDS further saves (default: 500) show whether
memory grows. Beside each figure stands the limit: SPEC section 13, and for memory the tenth that issue 7 allows.
"""

import http.client
import json
import os
import re
import select
import statistics
import subprocess
import sys
import time
from pathlib import Path

EDITS = 60
LIMIT_MS = 150
REBUILDS = 500
EARLY = 50
MAY_GROW = 1.10
# Nothing takes this long; it ends a run that hangs.
PATIENCE = 30
LOOK_AGAIN = 0.003


class Serve:
    """A running server and what it says."""

    def __init__(self, folkmoot, corpus):
        started = time.perf_counter()
        command = [folkmoot, "serve", str(corpus), "--port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        heard = b""
        while not (found := re.search(rb"http://([^/]+):(\d+)/", heard)):
            if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
                sys.exit("The server did not start.")
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                sys.exit(f"The server ended: {heard.decode()}")
            heard += piece
        self.host, self.port = found[1].decode(), int(found[2])
        os.set_blocking(self.process.stdout.fileno(), False)
        self.get("/")
        self.first_page = time.perf_counter() - started

    def get(self, path):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        # What it says is not wanted, and a full pipe would stop it.
        while self.process.stdout.read(65536):
            pass
        return answer.status, body

    def until(self, path, words, before):
        """Milliseconds until the answer at this path holds these words; `before` is the state before the save."""
        started = time.perf_counter()
        state = before
        while time.perf_counter() - started < PATIENCE:
            # As an open page does, but sooner: asking for the page itself all the time would keep a core busy.
            while (now := self.state()) == state and time.perf_counter() - started < PATIENCE:
                time.sleep(LOOK_AGAIN)
            state = now
            if words in self.get(path)[1]:
                return (time.perf_counter() - started) * 1000
        return sys.exit(f"{path} never showed {words!r}.")

    def state(self):
        return json.loads(self.get("/_folkmoot/state")[1])["build"]

    def megabytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)


def save(path, text, way):
    """In place as some editors do it, or beside and renamed over as the others do."""
    if way == "in place":
        path.write_text(text, encoding="utf-8")
    else:
        beside = path.with_name(path.name + ".tmp")
        beside.write_text(text, encoding="utf-8")
        beside.rename(path)


def edit(kind, text, mark):
    """A text with one change of this kind, and what of it a page shows."""
    if kind == "body":
        return text + f"\nWords {mark} at the end.\n", mark
    if kind == "title":
        return re.sub(r'^title = ".*"$', f'title = "Title {mark}"', text, count=1, flags=re.M), mark
    if kind == "summary":
        return re.sub(r'^summary = ".*"$', f'summary = "Summary {mark}."', text, count=1, flags=re.M), mark
    # Another topic: the entry's own page and two lists change.
    return re.sub(r"^topics = \[.*\]$", f"topics = [\"{mark}\"]", text, count=1, flags=re.M), None


def main():
    folkmoot, corpus = sys.argv[1], Path(sys.argv[2])
    rebuilds = int(sys.argv[3]) if len(sys.argv) > 3 else REBUILDS
    sessions = sorted((corpus / "content" / "sessions").rglob("*.md"))
    topics = sorted((corpus / "content" / "topics").glob("*.md"))
    chosen = sessions[:: max(1, len(sessions) // EDITS)][:EDITS]
    server = Serve(folkmoot, corpus)
    try:
        print(f"First page after {server.first_page:.2f} s, {server.megabytes():.0f} MB.")
        edits(server, chosen, topics)
        memory(server, chosen[0], rebuilds)
    finally:
        server.stop()


def edits(server, chosen, topics):
    times = {}
    for number, path in enumerate(chosen):
        text = path.read_text(encoding="utf-8")
        kind = ("body", "title", "topic", "summary")[number % 4]
        page = f"/sessions/{path.stem}/"
        if kind == "topic":
            topic = topics[number % len(topics)]
            changed, _ = edit(kind, text, topic.stem)
            words = f'/topics/{topic.stem}/"'.encode()
            if words in server.get(page)[1]:
                continue
        else:
            changed, words = edit(kind, text, f"m{number}k")
            words = words.encode()
        if changed == text:
            continue
        way = ("in place", "renamed")[number // 4 % 2]
        before = server.state()
        save(path, changed, way)
        times.setdefault(kind, []).append(server.until(page, words, before))
        save(path, text, way)
        time.sleep(0.4)
    every = sorted(time for row in times.values() for time in row)
    for kind, row in times.items():
        print(f"{kind:>8}: {len(row)} saves, median {statistics.median(row):.0f} ms, most {max(row):.0f} ms")
    worst = every[max(0, -(-len(every) * 95 // 100) - 1)]
    print(f"{len(every)} saves: median {statistics.median(every):.0f} ms, 95th percentile {worst:.0f} ms (limit {LIMIT_MS})")


def memory(server, path, rebuilds):
    text = path.read_text(encoding="utf-8")
    page = f"/sessions/{path.stem}/"
    early = 0
    for number in range(1, rebuilds + 1):
        mark = f"r{number}r"
        before = server.state()
        save(path, text + f"\nWords {mark}.\n", "in place")
        server.until(page, mark.encode(), before)
        if number == EARLY:
            early = server.megabytes()
    save(path, text, "in place")
    if rebuilds > EARLY:
        late = server.megabytes()
        print(f"Memory after {EARLY} rebuilds {early:.0f} MB, after {rebuilds} {late:.0f} MB: {late / early:.2f} times (limit {MAY_GROW:.2f})")


if __name__ == "__main__":
    main()
