// Runs in the page before its own scripts: notes when the words are there to be read, and when the main thread was busy.

/** The notes are in `window.watched`. Times are in ms since the navigation began; a click begins anew. */
export function watchPage({ words, isAnywhere = false }) {
  if (window !== window.top) return;
  const watched = { clicked: 0, readable: null, tasks: [] };
  Object.assign(window, { watched });

  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) watched.tasks.push({ startTime, duration });
  }).observe({ type: "longtask", buffered: true });

  addEventListener("click", () => Object.assign(watched, { clicked: performance.now(), readable: null }), true);

  const isRead = (node) => {
    const element = node.parentElement;
    if (!element?.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    const range = document.createRange();
    range.selectNodeContents(node);
    const { top, bottom, left, right, width, height } = range.getBoundingClientRect();
    if (isAnywhere) return width > 0 && height > 0;
    return width > 0 && height > 0 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  };

  /** Looks through the shadows of custom elements too. */
  const isThere = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.shadowRoot ? isThere(node.shadowRoot) : node.data?.includes(words) && isRead(node)) return true;
    }
    return false;
  };

  // Looking takes a tenth of the time at most, so that it slows down nobody.
  const look = () => {
    const began = performance.now();
    const there = document.body !== null && isThere(document.body);
    if (!there) watched.readable = null;
    else watched.readable ??= performance.now();
    const took = performance.now() - began;
    setTimeout(() => requestAnimationFrame(look), took * 9);
  };
  requestAnimationFrame(look);
}
