"""Calendars of reviews, held against the data of the site: each entry on the day it is due, with whoever looks after it."""

import re
from datetime import date, timedelta

NAME = "reviews.ics"


def is_reviews(path):
    return path.rsplit("/", 1)[-1] == NAME


def compare(data, site_id, calendars, problems):
    """Tells where a person's calendar lacks a review, has one too many, or has it on another day."""
    wanted = expected(data, site_id)
    for path in sorted(set(wanted) | {path for path in calendars if is_reviews(path)}):
        found = {event.uid: event for event in calendars.get(path, [])}
        for uid, entry in sorted(wanted.get(path, {}).items()):
            event = found.pop(uid, None)
            if event is None:
                problems.add("review", f"{path}: has no event {uid}, which is due on {entry['next_review']}")
                continue
            due = date.fromisoformat(entry["next_review"])
            if (event.start, event.end) != (due, due + timedelta(days=1)):
                problems.add("review", f"{path}: {uid} is from {event.start} to {event.end}; {due} is wanted, a whole day")
            if entry["title"] not in event.summary:
                problems.add("review", f"{path}: {uid} is called {event.summary!r}, and is about {entry['title']!r}")
            if data["base_url"] and event.url not in (data["base_url"] + entry["path"], data["base_url"] + entry["path"] + "index.html"):
                problems.add("review", f"{path}: {uid} is found under {event.url}")
        for uid in sorted(found):
            problems.add("review", f"{path}: has the event {uid}, which is nobody's, or somebody else's")


def expected(data, site_id):
    """The entries that each person's calendar has to hold, by path and UID."""
    people = {}
    for entry in data["entries"]:
        if entry["kind"] == "person":
            for name in [entry["id"], *entry.get("fields", {}).get("synonyms", [])]:
                people.setdefault(key(name), entry["path"] + NAME)
    wanted = {}
    for entry in data["entries"]:
        fields = entry.get("fields", {})
        owner = (fields.get("review") or {}).get("owner")
        owner = owner or fields.get({"question": "owner", "topic": "steward"}.get(entry["kind"], ""))
        path = owner and people.get(key(owner.removeprefix("people/")))
        if path and entry.get("next_review"):
            wanted.setdefault(path, {})[f"review-{entry['kind']}-{entry['id']}@{site_id}"] = entry
    return wanted


def key(name):
    return re.sub(r"[\s_]+", "-", name.strip().lower())
