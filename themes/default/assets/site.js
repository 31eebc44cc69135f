// Two small courtesies; every page is complete without them.
"use strict";

// The reader's own time beside each meeting, where it differs from the time of the place it is held in.
for (const time of document.querySelectorAll("time[data-local]")) {
  const start = new Date(time.dateTime);
  const end = new Date(time.dataset.local);
  const offset = /([+-])(\d\d):?(\d\d)$/.exec(time.dateTime);
  if (isNaN(start) || isNaN(end)) continue;
  const held = offset ? (offset[1] === "-" ? -1 : 1) * (offset[2] * 60 + +offset[3]) : 0;
  if (held === -start.getTimezoneOffset()) continue;
  const language = document.documentElement.lang || undefined;
  const shifted = new Date(start.getTime() + held * 60000);
  const sameDay = shifted.getUTCDate() === start.getDate();
  const clock = { hour: document.body.dataset.clock === "12" ? "numeric" : "2-digit", minute: "2-digit", hourCycle: document.body.dataset.clock === "12" ? "h12" : "h23" };
  const day = sameDay ? {} : { weekday: "long", day: "numeric", month: "long" };
  const from = new Intl.DateTimeFormat(language, { ...day, ...clock }).format(start);
  const to = new Intl.DateTimeFormat(language, { ...clock, timeZoneName: "short" }).format(end);
  const note = document.createElement("span");
  note.className = "your-time";
  note.textContent = document.body.dataset.yourTime.replace("{time}", `${from}–${to}`);
  time.after(" ", note);
}

// A long navigation folds behind a button on a narrow screen.
const nav = document.querySelector(".site-nav");
if (nav && nav.dataset.menu && nav.querySelectorAll("li").length > 4) {
  const list = nav.querySelector("ul");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "menu-button";
  button.textContent = nav.dataset.menu;
  button.setAttribute("aria-controls", list.id);
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
  });
  nav.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
      button.setAttribute("aria-expanded", "false");
      button.focus();
    }
  });
  nav.prepend(button);
  nav.classList.add("foldable");
}
