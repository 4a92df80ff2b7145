/** Nobody waits longer for a first sight of the page. */
const MOST_MS = 3000;

/**
 * Resolves once the browser has shown something of the page, or never shows anything of it.
 *
 * Until then its graphics are starting up, and asking them for WebGL stops all of the page until they are there.
 */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    if (document.hidden || !PerformanceObserver.supportedEntryTypes?.includes("paint")) return resolve();
    const shown = () => {
      clearTimeout(late);
      watch.disconnect();
      resolve();
    };
    const late = setTimeout(shown, MOST_MS);
    // An empty background may be painted long before: then they are starting still.
    const watch = new PerformanceObserver((list) => {
      if (list.getEntriesByName("first-contentful-paint").length > 0) shown();
    });
    watch.observe({ type: "paint", buffered: true });
  });
}
