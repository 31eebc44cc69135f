// Has an open page follow the site while it is being written. Only `folkmoot serve` puts this into pages.
//
// The page asks for a tiny state, as long as somebody can see it. Another build than the one it knows may look otherwise
// or not: the server says, and only a page that does is loaded again. Stylesheets are exchanged where they are. What
// there is to say about the page is asked for when it stands, and drawn by preview.js.
(() => {
  "use strict";

  // Milliseconds. Sooner than a glance from the editor to the browser takes.
  const EVERY = 100;
  // While the next state is being made, it may be there at any moment.
  const SOON = 20;
  // While the server does not answer (it is being restarted), asking slows down to this.
  const EVERY_AT_MOST = 2000;
  // Of a pause, so much more or less, so that open windows do not all ask at once.
  const JITTER = 0.2;
  // An answer takes a millisecond; after this long it will not come any more.
  const PATIENCE = 5000;
  // A question older than this may be from before the machine slept; whoever comes back does not wait for it.
  const STALE = 1000;
  // After so many questions without an answer, the page says that it waits.
  const SILENT = 4;
  // A page that is never idle is told about itself all the same.
  const IDLE_AT_MOST = 500;

  // Known only while the script first runs.
  const script = document.currentScript;
  const made = script.dataset;

  // The state the page shows, and whether it has been told about itself, or is being told, or not before this time.
  let known = { run: made.run, build: Number(made.build) };
  let told = false;
  let telling = false;
  let tellAgain = 0;
  let idle = false;

  let pause = EVERY;
  let unanswered = 0;
  let timer = 0;
  let leaving = false;
  // The question under way.
  let asking = null;

  async function ask() {
    clearTimeout(timer);
    // A page nobody sees costs nothing; `visibilitychange` asks as soon as somebody does.
    if (leaving || document.visibilityState !== "visible") return;
    if (asking && Date.now() - asking.since < STALE) return;
    asking?.abort.abort();
    const question = { since: Date.now(), abort: new AbortController() };
    asking = question;
    try {
      const state = await get("/_folkmoot/state", question);
      await follow(state, question);
      pause = state.coming ? SOON : EVERY;
      unanswered = 0;
    } catch {
      pause = Math.min(Math.max(pause, EVERY) * 2, EVERY_AT_MOST);
      unanswered += 1;
    }
    if (asking !== question) return;
    asking = null;
    if (drawn) drawn.then((preview) => preview.wait(unanswered >= SILENT), () => {});
    timer = setTimeout(ask, pause * (1 - JITTER + 2 * JITTER * Math.random()));
  }

  async function get(address, { abort }) {
    const patience = setTimeout(() => abort.abort(), PATIENCE);
    try {
      const answer = await fetch(address, { cache: "no-store", signal: abort.signal });
      if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
      return await answer.json();
    } finally {
      clearTimeout(patience);
    }
  }

  const isKnown = ({ run, build }) => run === known.run && build === known.build;

  async function follow(state, question) {
    // The path is escaped already, except for what would end the value.
    const page = location.pathname.replaceAll("&", "%26");
    if (!isKnown(state)) {
      const now = await get(`/_folkmoot/looks?at=${page}`, question);
      if (asking !== question) return;
      // A page whose state has not changed is never loaded again, so that nothing can make it load for ever.
      if (!isKnown(now) && !(now.looks === made.page && exchange(now.styles))) return reload();
      known = { run: now.run, build: now.build };
      told = false;
    }
    if (!told && idle) beTold(page);
  }

  // The state is asked for all the while: all that there is to say may take longer than the next save.
  async function beTold(page) {
    if (telling || Date.now() < tellAgain) return;
    telling = true;
    try {
      const news = await get(`/_folkmoot/about?at=${page}`, { abort: new AbortController() });
      // What belongs to the next state is told when that one is known.
      if (leaving || !isKnown(news)) return;
      told = true;
      draw(news);
    } catch {
      tellAgain = Date.now() + EVERY_AT_MOST;
    } finally {
      telling = false;
    }
  }

  // --- What there is to say ---

  let drawn = null;

  function draw(news) {
    drawn ??= import("/_folkmoot/preview.js");
    // Following goes on without it.
    drawn.then((preview) => preview.tell(news), () => { drawn = null; });
  }

  // --- Stylesheets ---

  const styles = stylesOfHead();

  // The stylesheets the server knows of stand before this script; the site's own scripts may have added others.
  // None where the two do not fit together, and then the page is loaded again instead.
  function stylesOfHead() {
    const digests = made.styles.split(" ").filter(Boolean);
    const links = [...document.head.querySelectorAll('link[rel="stylesheet"][href]')].filter(
      (link) => link.compareDocumentPosition(script) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    if (links.length !== digests.length) return null;
    return links.map((link, at) => ({ link, href: link.getAttribute("href"), digest: digests[at], coming: null }));
  }

  // Exchanges what has changed. False where that cannot be done.
  function exchange(now) {
    if (styles?.length !== now.length) return false;
    now.forEach(([href, digest], at) => {
      const style = styles[at];
      if (href !== style.href || digest !== style.digest) load(style, href, digest);
    });
    return true;
  }

  // The new one stands beside the old one until it is there, so that the page is never without.
  function load(style, href, digest) {
    style.coming?.remove();
    const next = style.link.cloneNode();
    const other = href !== style.href;
    // Some browsers would answer the same address again from memory.
    next.setAttribute("href", other ? href : `${href}${href.includes("?") ? "&" : "?"}${digest}`);
    Object.assign(style, { href, digest, coming: next });
    next.onload = () => {
      style.link.remove();
      Object.assign(style, { link: next, coming: null });
    };
    // The old one stays; the next change tries anew.
    next.onerror = () => {
      next.remove();
      Object.assign(style, { digest: "", coming: null });
    };
    style.link.after(next);
  }

  // --- Reading and writing on where one was ---

  const PLACE = "folkmoot-place";
  const FIELDS = 'input:is(:not([type]), [type="text"], [type="search"], [type="email"], [type="url"], [type="tel"], [type="number"]), textarea';

  function reload() {
    leaving = true;
    const typed = [...document.querySelectorAll(FIELDS)]
      .filter((field) => field.value !== field.defaultValue && (field.id || field.name))
      .map(({ id, name, value }) => ({ id, name, value }));
    const focused = document.activeElement;
    const focus = { id: focused?.id, name: focused?.name, from: focused?.selectionStart, to: focused?.selectionEnd };
    const open = [...document.querySelectorAll("details")].map((part) => part.open);
    const place = { page: location.pathname, x: scrollX, y: scrollY, typed, focus, open };
    keep(PLACE, JSON.stringify(place));
    // The browser's own memory of the place works for pages that keep their length only.
    history.scrollRestoration = "manual";
    location.reload();
  }

  function returnToPlace() {
    const kept = recall(PLACE);
    if (!kept) return;
    keep(PLACE, "");
    history.scrollRestoration = "auto";
    const { page, x, y, typed, focus, open } = JSON.parse(kept);
    if (page !== location.pathname) return;
    const parts = document.querySelectorAll("details");
    // Told apart by their order, so only where none has come or gone.
    if (parts.length === open.length) parts.forEach((part, at) => { part.open = open[at]; });
    typed.forEach(write);
    focusAgain(focus);
    // At once, whatever style the site gives to scrolling.
    const go = () => scrollTo({ left: x, top: y, behavior: "instant" });
    go();
    // Pictures may have made the page longer meanwhile, and scripts filled fields. Whoever has moved on by then is left alone.
    const moved = new AbortController();
    for (const move of ["wheel", "touchstart", "keydown", "pointerdown"]) {
      addEventListener(move, () => moved.abort(), { passive: true, signal: moved.signal });
    }
    const again = () => {
      // The site's scripts hear of it as if it had been typed.
      for (const field of typed) write(field)?.dispatchEvent(new Event("input", { bubbles: true }));
      focusAgain(focus);
      go();
      moved.abort();
    };
    addEventListener("load", again, { once: true, signal: moved.signal });
  }

  function write({ id, name, value }) {
    const field = named(id, name);
    if (!field?.matches(FIELDS)) return null;
    if (field.value !== value) field.value = value;
    return field;
  }

  function focusAgain({ id, name, from, to }) {
    const element = named(id, name);
    if (!element || element === document.activeElement) return;
    element.focus({ preventScroll: true });
    if (typeof from === "number") element.setSelectionRange(from, to);
  }

  function named(id, name) {
    return (id && document.getElementById(id)) || (name && document.getElementsByName(name)[0]) || null;
  }

  // What outlasts a reload, within this tab. Some browsers forbid it; then it is simply not there.

  function keep(key, value) {
    try { sessionStorage.setItem(key, value); } catch { /* Forgotten. */ }
  }

  function recall(key) {
    try { return sessionStorage.getItem(key); } catch { return null; }
  }

  // --- Beginning, and coming back: to the tab, the window, the page, or the network ---

  for (const back of ["focus", "online"]) addEventListener(back, ask);
  for (const back of ["visibilitychange", "resume"]) document.addEventListener(back, ask);
  // Back in a page that was kept as it was when it was left.
  addEventListener("pageshow", (event) => {
    if (event.persisted) leaving = false;
    ask();
  });

  returnToPlace();
  ask();
  // Not before the page is there and drawn: it comes first.
  const whenIdle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, IDLE_AT_MOST / 10));
  const loaded = new Promise((go) => {
    addEventListener("load", go, { once: true });
    setTimeout(go, IDLE_AT_MOST);
  });
  loaded.then(() => whenIdle(() => { idle = true; }, { timeout: IDLE_AT_MOST }));
})();
