/** What the service says, as its JSON says it. The viewer knows only these public answers. */

export type Language = "de" | "en";
export type Text = Record<Language, string> & {
  /** Leichte Sprache, where a recipe has it. */
  ls?: string;
};
export type Theme = "traffic" | "construction" | "environment" | "model";
export type State = "fresh" | "late" | "silent" | "changed" | "refused" | "not-cleared";
export type Phase = "coming" | "running" | "done";

export interface City {
  id: string;
  title: Text;
  notice: Text | null;
  bbox: [number, number, number, number];
  centre: [number, number];
  languages: string[];
  tileset: string | null;
  gaps?: Gap[];
}

/** What the city does not show, and why. */
export interface Gap {
  name: string;
  title?: Text;
  reason: Text;
}

export interface Choice {
  value: string;
  title: Text;
}

export interface Column {
  name: string;
  title: Text;
  kind: string;
  unit: string | null;
  choices: Choice[];
  /** Codes that the source writes within its texts, in words. */
  codelist?: Choice[];
  /** Class breaks, ascending: a map colours by them. */
  breaks?: number[];
  /** Features of different choices lie on each other: a map shows those of the first choice that there is. */
  alternatives?: boolean;
}

export interface Layer {
  id: string;
  city: string;
  name: string;
  theme: Theme;
  schema: string;
  geometry: "building" | "model" | "terrain" | "cloud" | "area" | "line" | "point" | "any";
  title: Text;
  summary: Text;
  notice: Text | null;
  publisher: string | null;
  licence: { id: string; title: string | Text; url: string | null } | null;
  attribution: string | null;
  revision: number | null;
  features: number | null;
  published_at: string | null;
  holds_from: string | null;
  fetched_at: string | null;
  state: State;
  state_title: Text;
  state_words: Text;
  /** Why the last attempt failed. */
  reason_words: Text | null;
  last_attempt: string | null;
  last_success: string | null;
  last_change: string | null;
  last_value_at?: string | null;
  interval_s: number | null;
  counts: Partial<Record<"in" | "published" | "held" | "broken" | "duplicate", number>> | null;
  heights: { method: string; detail: string; error_m: number | null } | null;
  changed: Text[];
  origins: { url: string; sha256?: string; blake3?: string; size?: number; fetched_at?: string }[];
  columns: Column[];
  properties: { name: string; title: Text; unit: string }[];
  tileset: string | null;
  /** The box around its features: west, south, east, north. */
  extent?: [number, number, number, number];
}

/** Since when revisions of a layer held, and on which days (UTC) something was measured. */
export interface Dates {
  layer: string;
  revisions: string[];
  days: string[];
}

export interface Latest {
  value: number | null;
  unit: string;
  observed_at: string;
  quality?: string | null;
}

export type Ring = [number, number, ...number[]][];
export type Geometry =
  | { type: "Point"; coordinates: [number, number, ...number[]] }
  | { type: "MultiPoint" | "LineString"; coordinates: Ring }
  | { type: "Polygon" | "MultiLineString"; coordinates: Ring[] }
  | { type: "MultiPolygon"; coordinates: Ring[][] }
  | { type: "GeometryCollection"; geometries: Geometry[] };

export interface Feature {
  type: "Feature";
  id: string;
  geometry: Geometry | null;
  properties: Record<string, string | number | boolean | null>;
  phase?: Phase;
  latest?: Record<string, Latest>;
  last_24h?: Record<string, number>;
  usual_24h?: Record<string, number | null>;
}

/** A thing that a person can pick: it has a place, a layer and, once known, its feature. */
export interface Thing {
  key: string;
  layer: Layer;
  feature: Feature;
  lon: number;
  lat: number;
}

/** The schema's name without its version: `roadwork`, `counter`, `air-station`, `building` … */
export function kind(layer: Pick<Layer, "schema">): string {
  return layer.schema.split("/")[0] ?? "";
}
