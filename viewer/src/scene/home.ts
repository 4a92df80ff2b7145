import { distance } from "../data/places.js";
import type { Layer } from "../data/types.js";
import type { View } from "../state/address.js";
import type { SceneOptions } from "./options.js";

const NEAREST_M = 450;
const FURTHEST_M = 1500;
/** Without a model it takes more of a city to see a city: from so far off at most, */
const FURTHEST_BARE_M = 9000;
/** and so many times as far off as the nearer half of its things lies apart. */
const STEP_BACK = 2.4;
const HEART = 0.5;
/** So few things make no heart where there are houses. */
const FEW = 3;
const M_PER_DEGREE = 111_320;
/** Layers of houses: where they are, one looks at them. */
const HOUSES = new Set<Layer["geometry"]>(["building", "model"]);

type Place = { lon: number; lat: number };
type Box = readonly [number, number, number, number];

/** From where the city is looked at first, and how far off one may go. */
export class Home {
  readonly view: View;
  #reach: number;
  /** An upright phone stands further back. */
  #narrow = 1;
  /** Metres across what one looks at, other than the model as a whole, and the furthest for it. */
  #framed: { reach: number; furthest: number } | null = null;

  constructor(
    private readonly city: Pick<SceneOptions, "centre" | "bbox">,
    /** Degrees that one looks down by. */
    pitch = 45,
  ) {
    const [lon, lat] = city.centre;
    const { wide, high } = sizeOf(city.bbox);
    this.#reach = Math.hypot(wide, high);
    this.view = { lon, lat, range: clamp(Math.min(wide, high) * 0.62, FURTHEST_M), heading: 0, pitch };
  }

  /** Metres across all that there is to see. */
  get reach(): number {
    return this.#reach;
  }

  /** Metres that the eye may be away from what it looks at. */
  get furthest(): number {
    return Math.max(3000, this.#reach * 1.6);
  }

  /** The model, which may be smaller than the area the city names, has this radius, and the picture is so much wider than high. */
  fit(radius: number, aspect: number): void {
    this.#reach = Math.min(this.#reach, radius * 2);
    this.#narrow = Math.max(1, 1.1 / aspect);
    this.#stepBack();
  }

  /**
   * What the city has: where no houses stand at its centre one looks at the heart of its things, and where there are
   * hardly any at the houses that there are. Returns whether that is another view than before.
   */
  frame(layers: readonly Layer[], things: readonly Place[]): boolean {
    const boxes = layers.flatMap(({ geometry, revision, extent }) => (HOUSES.has(geometry) && revision !== null && extent ? [extent] : []));
    const centre = { lon: this.city.centre[0], lat: this.city.centre[1] };
    if (boxes.some((box) => holds(box, centre))) return false;
    const [box] = boxes;
    const within = things.filter((each) => holds(this.city.bbox, each));
    const houses = box && within.length < FEW ? { ...middleOf(box), reach: Math.min(...Object.values(sizeOf(box))), furthest: FURTHEST_M } : null;
    const found = houses ?? heartOf(within, centre);
    if (!found) return false;
    const before = { ...this.view };
    const { lon, lat } = found;
    this.#framed = found;
    Object.assign(this.view, { lon, lat });
    this.#stepBack();
    return !this.is(before);
  }

  /** Whether somebody looks from here. A link may name the range of home by chance, but hardly its place as well. */
  is({ lon, lat, range }: View): boolean {
    const near = Math.abs(lon - this.view.lon) + Math.abs(lat - this.view.lat) < 1e-4;
    return near && Math.abs(range - this.view.range) < 1;
  }

  #stepBack(): void {
    const { reach, furthest } = this.#framed ?? { reach: this.#reach * 0.5, furthest: FURTHEST_M };
    this.view.range = clamp(reach * this.#narrow, furthest * this.#narrow);
  }
}

/** Around the city's centre where its things lie around it, else around their own middle: a few far away move neither. */
function heartOf(things: readonly Place[], centre: Place): (Place & { reach: number; furthest: number }) | null {
  if (things.length === 0) return null;
  const own = { lon: quantile(things.map(({ lon }) => lon)), lat: quantile(things.map(({ lat }) => lat)) };
  const spread = (place: Place) => quantile(things.map((each) => distance(place, each)));
  const place = distance(own, centre) <= spread(own) ? centre : own;
  return { ...place, reach: spread(place) * STEP_BACK, furthest: FURTHEST_BARE_M };
}

const clamp = (range: number, furthest: number) => Math.min(Math.max(range, NEAREST_M), furthest);

/** The value below which that part of them lies. */
function quantile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * HEART)] as number;
}

function sizeOf([west, south, east, north]: Box): { wide: number; high: number } {
  return { wide: (east - west) * M_PER_DEGREE * Math.cos(((south + north) * Math.PI) / 360), high: (north - south) * M_PER_DEGREE };
}

const middleOf = ([west, south, east, north]: Box): Place => ({ lon: (west + east) / 2, lat: (south + north) / 2 });

const holds = ([west, south, east, north]: Box, { lon, lat }: Place): boolean => lon >= west && lon <= east && lat >= south && lat <= north;
