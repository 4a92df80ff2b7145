import { readAddress, writeFragment } from "./address.js";
import type { Address } from "./address.js";
import type { Bar } from "./bar.js";

/** What a page says of an element by its attributes; null or undefined: nothing. */
export interface Attributes {
  layers?: string | null;
  time?: string | null;
  view?: string | null;
}

/** The state of an element in a page that is not its own: kept by itself, for the page's address and history are the page's. */
export class OwnBar implements Bar {
  readonly typed = false;
  readonly listed = false;
  #address: Address;

  constructor(
    private readonly base: string,
    attributes: Attributes,
  ) {
    this.#address = readAttributes(attributes);
  }

  read(): Address {
    return { ...this.#address };
  }

  write(address: Address): void {
    this.#address = { ...address };
  }

  enter(): void {
    // Nothing leads back: the page's history is not ours.
  }

  own(): void {
    // As above.
  }

  back(): void {
    // As above.
  }

  /** An address of the service's own page that shows the same. */
  get link(): string {
    const { datetime } = this.#address;
    const search = datetime ? `?datetime=${encodeURIComponent(datetime)}` : "";
    return new URL(`${search}${writeFragment(this.#address)}`, this.base).href;
  }
}

/** What attributes say, by the reader of addresses; what makes no sense is left out. */
export function readAttributes({ layers, time, view }: Attributes): Address {
  const fragment = new URLSearchParams();
  if (view) fragment.set("view", view.replaceAll(/\s/g, ""));
  if (typeof layers === "string") fragment.set("layers", layers.trim().replaceAll(/[\s,]+/g, ","));
  // An attribute is no link: whoever wrote the page sees what became of it.
  const { faulty: _, ...address } = readAddress({ search: time ? `?${new URLSearchParams({ datetime: time.trim() })}` : "", hash: `#${fragment}` });
  return address;
}
