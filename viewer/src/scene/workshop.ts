import { work } from "./chores.js";
import type { Done, Order } from "./chores.js";

interface Packed {
  count: number;
  size: number;
  source: Uint8Array;
  mode: string;
  filter: string | undefined;
}

/** What a worker is asked. */
export type Ask = { number: number } & ({ order: Order } | Packed);
type Answer = { number: number; done: never } | { number: number; fault: string };

/**
 * Where the heavy work on tiles is done: in a worker, so that the page stays quick to the finger.
 *
 * Where a page allows no worker (another site's rules) it is done here, tile by tile.
 */
export class Workshop {
  #worker: Worker | null = null;
  #count = 0;
  readonly #waiting = new Map<number, { ask: Ask; resolve: (done: never) => void; reject: (fault: Error) => void }>();

  constructor(raise: () => Worker = hire) {
    try {
      this.#worker = raise();
      this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#answered(data);
      this.#worker.onerror = (event) => {
        event.preventDefault();
        this.#alone();
      };
    } catch {
      this.#worker = null; // another site's rules: the work is done here
    }
  }

  /** For glTF loaders: unpacks meshopt. */
  readonly decoder = {
    supported: typeof WebAssembly === "object",
    ready: Promise.resolve(),
    decodeGltfBufferAsync: (count: number, size: number, source: Uint8Array, mode: string, filter?: string): Promise<Uint8Array> =>
      this.#ask({ count, size, source: source.slice(), mode, filter }),
  };

  /** Work out what is ordered of a mesh. */
  order(order: Order): Promise<Done> {
    return this.#ask({ order });
  }

  dispose(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }

  #ask<T>(what: { order: Order } | Packed): Promise<T> {
    const ask = { number: ++this.#count, ...what } as Ask;
    if (!this.#worker) return alone(ask) as Promise<T>;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(ask.number, { ask, resolve: resolve as (done: never) => void, reject });
      this.#worker?.postMessage(ask, []);
    });
  }

  #answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    if ("fault" in answer) waiting?.reject(new Error(answer.fault));
    else waiting?.resolve(answer.done);
  }

  /** The worker could not be started, or broke: what it was asked is done here, and all that follows. */
  #alone(): void {
    this.dispose();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { ask, resolve, reject } of waiting) alone(ask).then(resolve as (done: unknown) => void, reject);
  }
}

function hire(): Worker {
  return new Worker(new URL("./workshop.worker.ts", import.meta.url), { type: "module" });
}

/** The same without a worker. */
async function alone(ask: Ask): Promise<unknown> {
  if ("order" in ask) return work(ask.order);
  const { MeshoptDecoder } = await import("three/addons/libs/meshopt_decoder.module.js");
  await MeshoptDecoder.ready;
  const done = new Uint8Array(ask.count * ask.size);
  MeshoptDecoder.decodeGltfBuffer(done, ask.count, ask.size, ask.source, ask.mode, ask.filter);
  return done;
}
