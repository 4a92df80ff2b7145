const SLICE_MS = 8;

/** Let the browser do what waits (a finger, a frame), then go on. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Tells now and then that it is time to breathe. */
export class Slice {
  #since = performance.now();

  /** Breathes where this slice has taken long enough. */
  async pause(): Promise<void> {
    if (performance.now() - this.#since < SLICE_MS) return;
    await breathe();
    this.#since = performance.now();
  }
}
