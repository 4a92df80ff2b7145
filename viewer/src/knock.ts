/** Nobody waits longer for the browser's graphics; who asks then may have to stand still for the rest. */
const MOST_MS = 5000;

/**
 * Resolves once the browser's graphics have answered a first question about WebGL, put by a worker.
 *
 * Who puts it stands still until they have started and done all that they were given, the browser's own painting as
 * well: for seconds where the machine is busy. The page asks after that, and is answered at once.
 */
export function knocked(raise: () => Worker = hire): Promise<void> {
  return new Promise((resolve) => {
    let worker: Worker | undefined;
    const done = (event?: Event) => {
      event?.preventDefault(); // a browser that draws nothing in a worker is no fault
      clearTimeout(late);
      worker?.terminate();
      resolve();
    };
    const late = setTimeout(done, MOST_MS);
    try {
      worker = raise();
      worker.onmessage = worker.onerror = done;
    } catch {
      done(); // another site's rules: the page asks by itself
    }
  });
}

function hire(): Worker {
  return new Worker(new URL("./knock.worker.ts", import.meta.url), { type: "module" });
}
