// Has an open page follow the site while it is being written. Only `folkmoot serve` puts this into pages.
//
// The page asks for a tiny state, as long as somebody can see it. Another build than the one it was made from means
// that it is out of date; a build with errors has no new pages, so its findings are laid over the page instead.
(() => {
  "use strict";

  // Milliseconds. Sooner than a glance from the editor to the browser takes.
  const EVERY = 150;
  // While the server does not answer (it is being restarted), asking slows down to this.
  const EVERY_AT_MOST = 2000;
  // An answer takes a millisecond; after this long it will not come any more.
  const PATIENCE = 5000;

  // Known only while the script first runs.
  const made = document.currentScript.dataset;

  let pause = EVERY;
  let timer = 0;
  let asking = false;
  let leaving = false;

  async function ask() {
    clearTimeout(timer);
    // A page nobody sees costs nothing; `visibilitychange` asks as soon as somebody does.
    if (asking || leaving || document.visibilityState !== "visible") return;
    asking = true;
    try {
      const answer = await get("/_folkmoot/state");
      await follow(await answer.json());
      pause = EVERY;
    } catch {
      pause = Math.min(pause * 2, EVERY_AT_MOST);
    }
    asking = false;
    timer = setTimeout(ask, pause);
  }

  async function get(address) {
    const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
    return answer;
  }

  async function follow(state) {
    if (state.errors > 0) {
      await findings.show(state);
    } else if (state.run !== made.run || String(state.build) !== made.build) {
      reload();
    } else {
      findings.hide();
    }
  }

  // --- Reading on where one was ---

  const PLACE = "folkmoot-place";

  function reload() {
    leaving = true;
    keep(PLACE, JSON.stringify({ page: location.pathname, x: scrollX, y: scrollY }));
    // The browser's own memory of the place works for pages that keep their length only.
    history.scrollRestoration = "manual";
    location.reload();
  }

  function returnToPlace() {
    const kept = recall(PLACE);
    if (!kept) return;
    keep(PLACE, "");
    history.scrollRestoration = "auto";
    const { page, x, y } = JSON.parse(kept);
    if (page !== location.pathname) return;
    // At once, whatever style the site gives to scrolling.
    const go = () => scrollTo({ left: x, top: y, behavior: "instant" });
    go();
    // Pictures may have made the page longer meanwhile. Whoever has moved on by then is left alone.
    const moved = new AbortController();
    for (const move of ["wheel", "touchstart", "keydown", "pointerdown"]) {
      addEventListener(move, () => moved.abort(), { passive: true, signal: moved.signal });
    }
    addEventListener("load", () => { go(); moved.abort(); }, { once: true, signal: moved.signal });
  }

  // --- Findings over the page ---

  const CLOSED = "folkmoot-closed";

  const findings = {
    host: null,
    build: "",

    async show(state) {
      const build = `${state.run} ${state.build}`;
      if (build === this.build || build === recall(CLOSED)) return;
      const text = await (await get("/_folkmoot/findings")).text();
      this.hide();
      this.build = build;
      this.host = this.draw(headline(state), text);
      document.documentElement.append(this.host);
    },

    hide() {
      this.host?.remove();
      this.host = null;
      this.build = "";
    },

    // Closed findings stay closed, on other pages too, until there are other ones.
    close() {
      keep(CLOSED, this.build);
      this.hide();
    },

    draw(title, text) {
      // A shadow tree: the site's styles do not reach in, and these do not reach out.
      const host = element("folkmoot-findings");
      const style = element("link", { rel: "stylesheet", href: "/_folkmoot/overlay.css" });
      const panel = element("section", { role: "region", "aria-label": "Findings" });
      const heading = element("h2", { role: "alert" }, title);
      const note = element("p", {}, "Behind this is the site as it was before. It follows as soon as this is mended.");
      const button = element("button", { type: "button" }, "Close (Esc)");
      // Focusable, so that a long list can be scrolled with the keyboard.
      const list = element("pre", { tabindex: "0" }, text);
      button.addEventListener("click", () => this.close());
      panel.append(heading, note, button, list);
      panel.hidden = true;
      // Never seen without its style. If that cannot be had, the words matter more.
      style.onload = style.onerror = () => { panel.hidden = false; };
      host.attachShadow({ mode: "open" }).append(style, panel);
      return host;
    },
  };

  function headline({ errors, warnings }) {
    const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
    return warnings > 0 ? `${count(errors, "error")}, ${count(warnings, "warning")}` : count(errors, "error");
  }

  // Text is only ever set as text, so nothing a finding quotes can become part of the page.
  function element(name, attributes = {}, text = "") {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  }

  // --- What outlasts a reload, within this tab. Some browsers forbid it; then it is simply not there. ---

  function keep(key, value) {
    try { sessionStorage.setItem(key, value); } catch { /* Forgotten. */ }
  }

  function recall(key) {
    try { return sessionStorage.getItem(key); } catch { return null; }
  }

  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && findings.host) findings.close();
  });
  document.addEventListener("visibilitychange", ask);
  ask();
  returnToPlace();
})();
