// Runs in the page: when things come to be seen, by the page's own clock, which is the machine's.
(() => {
  const WRAP_MS = 1e8;
  const CARDS = '[class*="st-key-answer-body-"]';
  const newest = new Map();
  const watched = { tokens: [], newest: [], effect: null };

  const ages = () => {
    const now = Date.now();
    for (const card of document.querySelectorAll(CARDS)) {
      const name = [...card.classList].find((each) => each.startsWith("st-key-"));
      const stamps = (card.textContent.slice(-3000).match(/\b\d{8}\b/g) || []).map(Number);
      const seen = newest.get(name) ?? 0;
      const fresh = stamps.filter((stamp) => stamp > seen);
      if (!fresh.length) continue;
      const age = (stamp) => (((now % WRAP_MS) - stamp + WRAP_MS) % WRAP_MS);
      // The first look at a card may find text from before this watch began.
      if (newest.has(name)) {
        watched.tokens.push(...fresh.map(age));
        watched.newest.push(age(fresh.at(-1)));
      }
      newest.set(name, fresh.at(-1));
    }
  };
  new MutationObserver(ages).observe(document.body, { childList: true, subtree: true, characterData: true });

  /** From the next press of the mouse to the frame in which look() is true. */
  watched.time = (look) => {
    watched.effect = null;
    const begin = () => {
      const start = performance.now();
      const step = () => {
        if (look()) watched.effect = performance.now() - start;
        else requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    };
    document.addEventListener("pointerdown", begin, { capture: true, once: true });
  };

  /** Whether an element is anywhere in the page, in the shadow roots of components too. */
  const within = (root, selector) =>
    root.querySelector(selector) !== null ||
    [...root.querySelectorAll("*")].some((element) => element.shadowRoot && within(element.shadowRoot, selector));
  watched.shows = (place, selector) => {
    const found = document.querySelector(place);
    return found !== null && (!selector || within(found, selector));
  };
  watched.text = (selector) => [...document.querySelectorAll(selector)].map((each) => each.textContent).join("\n");
  window.watched = watched;
})();
