import { Clock } from "./clock.js";
import type { City, Dates, Feature, Layer } from "./types.js";

/** The service could not be asked, or answered with an error; `status` is 0 where nothing came at all. */
export class ServiceError extends Error {
  constructor(
    readonly path: string,
    readonly status: number,
  ) {
    super(`${path}: ${status || "no answer"}`);
  }
}

const PAGE = 1000;
const MOST = 10_000;

/** The public HTTP interface of one service, asked for one instant (`datetime=`) throughout. */
export class Service {
  /** What time it is, by the service's own word. */
  readonly clock = new Clock();
  #datetime: string | null;
  /** Ends what is under way for an instant that nobody looks at any more. */
  #leaving = new AbortController();

  constructor(
    readonly base: string,
    datetime: string | null = null,
  ) {
    this.#datetime = datetime;
  }

  /** The instant that is asked for; null is now. */
  get datetime(): string | null {
    return this.#datetime;
  }

  /** Ask for another instant from now on; answers about the one before are not waited for. */
  moveTo(datetime: string | null): void {
    this.#datetime = datetime;
    this.#leaving.abort();
    this.#leaving = new AbortController();
  }

  /** Absolute address of a path of the service, with `datetime=` where one is set. */
  url(path: string, query: Record<string, string> = {}): string {
    const url = this.at(path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    if (this.datetime && !url.searchParams.has("datetime")) url.searchParams.set("datetime", this.datetime);
    return url.href;
  }

  /** An address as the service tells it: a path from its root is meant below `base`, where a prefix stands before it. */
  at(address: string): URL {
    const base = new URL(this.base);
    const url = new URL(address.replace(/^\/(?!\/)/, ""), base);
    // Behind a web server that cuts a prefix off, a service that was not told so names its own addresses without it.
    if (url.origin === base.origin && !url.pathname.startsWith(base.pathname)) url.pathname = base.pathname + url.pathname.slice(1);
    return url;
  }

  async json<T>(path: string, query: Record<string, string> = {}): Promise<T> {
    return (await (await this.#ask(path, query)).json()) as T;
  }

  /** The bytes of an answer that may be kept as long as it says; none where there is nothing at this address (204). */
  async bytes(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#ask(path, {}, "default")).arrayBuffer());
  }

  /** Answers may be kept for seconds: whoever asks again wants to know whether they still hold. */
  async #ask(path: string, query: Record<string, string> = {}, cache: RequestCache = "no-cache"): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(this.url(path, query), { credentials: "omit", cache, signal: this.#leaving.signal });
    } catch {
      throw new ServiceError(path, 0);
    }
    // What was kept from before says what time it was then.
    if (cache === "no-cache") this.clock.learn(answer.headers.get("date"));
    if (!answer.ok) throw new ServiceError(path, answer.status);
    return answer;
  }

  /** The city with this id; the first one where none is asked for. */
  async city(id: string | null): Promise<City> {
    const answer = await this.json<{ cities: City[] }>("ogc");
    const city = id ? answer.cities.find((each) => each.id === id) : answer.cities[0];
    if (!city) throw new ServiceError(`ogc (${id ?? "city"})`, 404);
    return city;
  }

  /** The layers of all cities, in the service's order. */
  async layers(): Promise<Layer[]> {
    const { collections } = await this.json<{ collections: Collection[] }>("ogc/collections");
    return collections.flatMap(({ id, twin, extent }) => (twin ? [{ ...twin, id, ...(extent && { extent: extent.spatial.bbox[0] }) }] : []));
  }

  /** The dates with data of these layers, whatever instant is shown. */
  async dates(layers: readonly string[]): Promise<Dates[]> {
    const url = new URL("ops/dates", this.base);
    url.searchParams.set("layers", layers.join());
    const answer = await fetch(url, { credentials: "omit" }).catch(() => null);
    if (!answer?.ok) throw new ServiceError("ops/dates", answer?.status ?? 0);
    return ((await answer.json()) as { layers: Dates[] }).layers;
  }

  /** Features of a layer in a box (west, south, east, north), the first `most`. */
  async itemsIn(layer: string, box: readonly number[], most: number): Promise<Feature[]> {
    const bbox = box.map((each) => each.toFixed(6)).join();
    const page: Page = await this.json(`ogc/collections/${encodeURIComponent(layer)}/items`, { limit: String(most), bbox });
    return page.features.map(settle);
  }

  /** All features of a layer, page by page. */
  async items(layer: string): Promise<Feature[]> {
    const features: Feature[] = [];
    let next: string | undefined = this.url(`ogc/collections/${encodeURIComponent(layer)}/items`, { limit: String(PAGE) });
    while (next && features.length < MOST) {
      const page: Page = await this.json(next);
      features.push(...page.features.map(settle));
      next = page.links?.find((each) => each.rel === "next")?.href;
    }
    return features;
  }

  /** One feature with all its columns. */
  async item(layer: string, id: string): Promise<Feature> {
    return settle(await this.json<RawFeature>(`ogc/collections/${encodeURIComponent(layer)}/items/${encodeURIComponent(id)}`));
  }
}

interface Collection {
  id: string;
  extent?: { spatial: { bbox: [Layer["extent"] & {}] } };
  twin?: Omit<Layer, "id">;
}

interface Page {
  features: RawFeature[];
  links?: { rel: string; href: string }[];
}

type RawFeature = Feature & { properties: Record<string, unknown> };

/** The joined members may stand beside the properties or among them; we read both. */
function settle(raw: RawFeature): Feature {
  const inside = raw.properties as Partial<Feature>;
  const { phase, latest, last_24h, usual_24h } = { ...inside, ...strip(raw) } as Feature;
  return { ...raw, id: String(raw.id), phase, latest, last_24h, usual_24h };
}

function strip(raw: RawFeature): Partial<Feature> {
  const { phase, latest, last_24h, usual_24h } = raw;
  return Object.fromEntries(
    Object.entries({ phase, latest, last_24h, usual_24h }).filter(([, value]) => value !== undefined),
  );
}
