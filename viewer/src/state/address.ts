import { registerOf } from "../words/register.js";
import { instantOf } from "./instant.js";
import type { Register } from "../words/register.js";

/** Where the camera looks: a place on the ground, how far away, from which side, how steeply. */
export interface View {
  lon: number;
  lat: number;
  /** Metres from the camera to the place. */
  range: number;
  /** Degrees clockwise from north, the direction one looks in. */
  heading: number;
  /** Degrees below the horizon: 45 is oblique, 90 straight down. */
  pitch: number;
}

/** What the address bar says. A missing member means: as the page opens by itself. */
export interface Address {
  view?: View;
  layers?: string[];
  selected?: string;
  language?: Register;
  list?: boolean;
  /** The column that colours buildings. */
  colour?: string;
  /** The property that the columns of a layer show, by the layer's name. */
  values?: Record<string, string>;
  datetime?: string;
  /** It says something that makes no sense. */
  faulty?: true;
}

const MOST_VALUES = 50;
const LIMITS: Record<keyof View, [number, number]> = {
  lon: [-180, 180],
  lat: [-90, 90],
  range: [20, 200_000],
  heading: [0, 360],
  pitch: [0, 90],
};

/** Read the address: the fragment is ours, the query may say the same; what makes no sense is left out. */
export function readAddress(location: { search: string; hash: string }): Address {
  const query = new URLSearchParams(location.search);
  const fragment = new URLSearchParams(location.hash.replace(/^#/, ""));
  const get = (name: string) => fragment.get(name) ?? query.get(name);
  const address: Address = {};
  const view = readView(get("view"));
  if (view) address.view = view;
  const layers = get("layers");
  if (layers !== null) address.layers = layers.split(",").filter((each) => /^[\w.-]+$/.test(each));
  const selected = get("selected");
  if (selected) address.selected = selected.slice(0, 200);
  const language = registerOf(get("lang")?.slice(0, 35));
  if (language) address.language = language;
  if (get("list") === "1") address.list = true;
  const colour = get("colour");
  if (colour && /^[a-z][a-z0-9_]{0,40}$/.test(colour)) address.colour = colour;
  const values = readValues(get("values"));
  if (values) address.values = values;
  const datetime = query.get("datetime") ?? fragment.get("datetime");
  const instant = datetime === null ? null : instantOf(datetime);
  if (datetime !== null && instant) address.datetime = datetime;
  if (instant === undefined || (get("view") && !view)) address.faulty = true;
  return address;
}

/** `air-quality:no2,weather:air_temperature`. */
function readValues(text: string | null): Record<string, string> | null {
  const pairs = (text ?? "").split(",", MOST_VALUES).flatMap((each) => [/^([a-z0-9-]{1,80}):([a-z][a-z0-9_]{0,40})$/.exec(each)?.slice(1) ?? []]);
  const known = pairs.filter((each): each is [string, string] => each.length === 2);
  return known.length ? Object.fromEntries(known) : null;
}

function readView(text: string | null): View | null {
  if (!text) return null;
  const numbers = text.split(",").map(Number);
  const names = Object.keys(LIMITS) as (keyof View)[];
  if (numbers.length !== names.length || numbers.some((each) => !Number.isFinite(each))) return null;
  const view = Object.fromEntries(
    names.map((name, i) => [name, Math.min(Math.max(numbers[i] as number, LIMITS[name][0]), LIMITS[name][1])]),
  );
  return view as unknown as View;
}

/** Write the fragment for an address; `datetime` stays in the query, where the service reads it too. */
export function writeFragment(address: Address): string {
  const parts: string[] = [];
  const { view } = address;
  if (view) {
    const numbers = [
      view.lon.toFixed(5),
      view.lat.toFixed(5),
      view.range.toFixed(0),
      ((((Math.round(view.heading) % 360) + 360) % 360)).toFixed(0),
      view.pitch.toFixed(0),
    ];
    parts.push(`view=${numbers.join(",")}`);
  }
  if (address.layers) parts.push(`layers=${address.layers.map(encodeURIComponent).join(",")}`);
  if (address.selected) parts.push(`selected=${encodeURIComponent(address.selected)}`);
  if (address.language) parts.push(`lang=${address.language}`);
  if (address.list) parts.push("list=1");
  if (address.colour) parts.push(`colour=${address.colour}`);
  const values = Object.entries(address.values ?? {});
  if (values.length) parts.push(`values=${values.map((each) => each.join(":")).join(",")}`);
  return parts.length ? `#${parts.join("&")}` : "";
}
