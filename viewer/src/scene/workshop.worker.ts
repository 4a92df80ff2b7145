import { MeshoptDecoder } from "three/addons/libs/meshopt_decoder.module.js";
import { buffersOf, work } from "./chores.js";
import type { Ask } from "./workshop.js";

/** The worker of the workshop: unpacks and works out what the page asks for, one after the other. */
const here = self as unknown as {
  onmessage: (event: MessageEvent<Ask>) => void;
  postMessage(answer: object, transfer: ArrayBuffer[]): void;
};

here.onmessage = async ({ data }) => {
  const { number } = data;
  try {
    if ("order" in data) {
      const done = work(data.order);
      here.postMessage({ number, done }, buffersOf(done));
    } else {
      const { count, size, source, mode, filter } = data;
      await MeshoptDecoder.ready;
      const done = new Uint8Array(count * size);
      MeshoptDecoder.decodeGltfBuffer(done, count, size, source, mode, filter);
      here.postMessage({ number, done }, [done.buffer]);
    }
  } catch (fault) {
    here.postMessage({ number, fault: String(fault) }, []);
  }
};
