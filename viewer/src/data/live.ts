/** What `/live` tells: CloudEvents whose subject is a layer. */
interface CloudEvent {
  type: string;
  subject: string;
  data: unknown;
}

/** Who listens. */
export interface Listener {
  /** Something happened to a layer. */
  heard(type: string, layer: string, data: unknown): void;
  /** The connection was lost for longer than a moment, or is there again. */
  lost(lost: boolean): void;
  /** Something may have been missed: the service does not know any more what we heard last. */
  missed(): void;
}

const TYPES = ["revision", "observation", "freshness"];
/** A connection that comes back within this time was never away. */
const PATIENCE_MS = 5000;
/** The browser comes back by itself from a broken connection, but not from an answer that is an error. */
const AGAIN_MS = 5000;

/** One connection to `/live`, for the layers that are shown now. */
export class Live {
  #source: EventSource | null = null;
  #layers = "";
  #last = "";
  /** The connection was begun anew: what happened between was not told. */
  #gap = false;
  #gone: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly base: string,
    private readonly listener: Listener,
  ) {}

  /** Whether news come by themselves. */
  get open(): boolean {
    return this.#source?.readyState === EventSource.OPEN;
  }

  /** Listen to these layers; none ends it. What was missed meanwhile comes first, unless `anew`. */
  follow(layers: readonly string[], anew = false): void {
    const wanted = [...layers].sort().join();
    if (wanted === this.#layers && !anew) return;
    this.#layers = wanted;
    if (anew) this.#last = "";
    this.#connect();
  }

  stop(): void {
    this.#layers = "";
    this.#last = "";
    this.#gap = false;
    this.#close();
    clearTimeout(this.#gone);
    this.#gone = undefined;
  }

  #connect(): void {
    this.#close();
    if (!this.#layers) return;
    const url = new URL("live", this.base);
    url.searchParams.set("layers", this.#layers);
    if (this.#last) url.searchParams.set("last-event-id", this.#last);
    const source = new EventSource(url);
    this.#source = source;
    source.onopen = () => this.#here();
    source.onerror = () => this.#away(source);
    for (const type of TYPES) source.addEventListener(type, this.#onEvent);
  }

  #close(): void {
    clearTimeout(this.#again);
    this.#source?.close();
    this.#source = null;
  }

  #here(): void {
    clearTimeout(this.#gone);
    this.#gone = undefined;
    this.listener.lost(false);
    if (this.#gap) this.listener.missed();
    this.#gap = false;
  }

  #away(source: EventSource): void {
    this.#gone ??= setTimeout(() => this.listener.lost(true), PATIENCE_MS);
    if (source.readyState !== EventSource.CLOSED || source !== this.#source) return;
    // An error, perhaps because what we heard last is too long ago: begin anew, and ask for what is now.
    this.#again = setTimeout(() => {
      this.#gap = true;
      this.#last = "";
      this.#connect();
    }, AGAIN_MS);
  }

  readonly #onEvent = (message: MessageEvent<string>): void => {
    this.#last = message.lastEventId;
    const event = parsed(message.data);
    if (event) this.listener.heard(event.type, event.subject, event.data);
  };
}

/** The event in a message; null for what is none. */
export function parsed(text: string): CloudEvent | null {
  try {
    const event = JSON.parse(text) as Partial<CloudEvent> | null;
    return typeof event?.type === "string" && typeof event.subject === "string" && event.data ? (event as CloudEvent) : null;
  } catch {
    return null; // a proxy that says something of its own; the next event is whole again
  }
}
