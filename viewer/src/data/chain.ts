import type { Service } from "./service.js";
import type { Text, Thing } from "./types.js";

interface Body {
  url: string;
  sha256?: string;
  blake3?: string;
  bytes: number;
  fetched_at: string;
}

export interface Source {
  step: "source";
  publisher: string | null;
  addresses: string[];
  licence: { id: string; title: string | Text; url: string | null };
  attribution: string | null;
}

export interface Fetched {
  step: "fetched";
  at: string;
  count: number;
  bodies: Body[];
  /** In which of them the thing lay, where that is known. */
  file: (Body & { inside: string | null }) | null;
}

export interface Changed {
  step: "changed";
  software: string;
  recipe_sha256: string;
  schema: string;
  /** Our column → what of the source feeds it; null where nobody wrote that down. */
  columns: Record<string, string> | null;
  changed: Text[];
  heights: { method: string; detail: string; error_m: number | null } | null;
  derived: { of: string; rule: string; title: Text | null }[];
  position: "source" | "recipe";
  repairs: Record<string, number>;
}

export interface Checked {
  step: "checked";
  counts: Partial<Record<"in" | "published" | "held" | "broken" | "duplicate", number>>;
  gate: { act: string; title: Text; column: string; count: number; reason: Text }[];
}

export interface Published {
  step: "published";
  revision: string;
  published_at: string;
  holds_from: string;
  digest: string;
}

/** One value: when each version of it was recorded. */
export interface Observed {
  property: string;
  observed_at: string;
  versions: { recorded_at: string; value: number | null; unit: string }[];
}

/** Where a thing comes from, step by step, as the service tells it. */
export interface Chain {
  since: string | null;
  chain: (Source | Fetched | Changed | Checked | Published)[];
  observation?: Observed;
}

export interface Change {
  from: string;
  to: string | null;
  change: "appeared" | "changed" | "gone" | "returned";
  columns: Record<string, { before: unknown; after: unknown }>;
}

export interface Story {
  numberMatched: number;
  changes: Change[];
}

/** More changes than this are not asked for at once. */
const MOST_CHANGES = 1000;

function path(thing: Thing, what: string): string {
  return `ogc/collections/${encodeURIComponent(thing.layer.id)}/items/${encodeURIComponent(thing.feature.id)}/${what}`;
}

/** Ask where a thing comes from, and with it one of its values. */
export function chainOf(service: Service, thing: Thing, value?: { property: string; observed: string }): Promise<Chain> {
  const asked: Record<string, string> = value ? { property: value.property, observed_at: value.observed } : {};
  return service.json<Chain>(path(thing, "provenance"), { f: "json", ...asked });
}

/** Ask what became of a thing, the oldest change first. */
export function storyOf(service: Service, thing: Thing): Promise<Story> {
  return service.json<Story>(path(thing, "history"), { f: "json", limit: String(MOST_CHANGES) });
}
