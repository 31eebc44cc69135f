// The month on the wall; without this it is complete, and its links are links.
"use strict";

// Today is the reader's today, and the arrow keys lead from one session to the next.
for (const table of document.querySelectorAll(".month")) {
  const now = new Date();
  const iso = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  const marked = table.querySelector(".day[aria-current]");
  const today = table.querySelector(`.day-n[datetime="${iso}"]`)?.parentElement;
  if (marked !== (today ?? null)) {
    marked?.removeAttribute("aria-current");
    marked?.querySelector(".day-today").remove();
    if (today) {
      const word = document.createElement("span");
      word.className = "day-today";
      word.textContent = table.dataset.today;
      today.setAttribute("aria-current", "date");
      today.querySelector("time").after(" ", word);
    }
  }

  const links = [...table.querySelectorAll(".events a")];
  if (links.length < 2) continue;
  const hint = document.createElement("p");
  hint.id = hint.className = "month-keys";
  hint.textContent = table.dataset.keys;
  table.setAttribute("aria-describedby", hint.id);
  table.after(hint);
  table.addEventListener("keydown", (event) => {
    const at = links.indexOf(event.target);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const forward = getComputedStyle(table).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const to = {
      ArrowLeft: () => links[at + (forward === "ArrowLeft" ? 1 : -1)],
      ArrowRight: () => links[at + (forward === "ArrowRight" ? 1 : -1)],
      ArrowUp: () => inWeek(links.slice(0, at).reverse(), event.target),
      ArrowDown: () => inWeek(links.slice(at + 1), event.target),
      Home: () => links[0],
      End: () => links.at(-1),
    }[event.key];
    if (!to) return;
    // The page does not scroll under a reader who has come to the last one.
    event.preventDefault();
    to()?.focus();
  });
}

/** Of the nearest other week among these links, the one whose day of the week is nearest. */
function inWeek(links, from) {
  const week = (link) => link.closest("tr").rowIndex;
  const column = (link) => link.closest("td").cellIndex;
  const other = links.find((link) => week(link) !== week(from));
  const near = links.filter((link) => other && week(link) === week(other));
  const away = (link) => Math.abs(column(link) - column(from));
  return near.sort((a, b) => away(a) - away(b))[0];
}
