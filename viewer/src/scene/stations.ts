import type { Raycaster } from "three";
import { Group, Vector3 } from "three";
import type { Stand } from "../data/measure.js";
import type { Thing } from "../data/types.js";
import { Columns } from "./columns.js";
import type { Frame } from "./frame.js";
import type { Ground } from "./ground.js";
import type { Palette } from "./palette.js";
import { Rings } from "./rings.js";
import { fullHeight, standing } from "./standing.js";
import type { Standing } from "./standing.js";

const GROUND_M = 0.6;
const GROUND_WIDE = 5;
const LIMIT_WIDE = 2.6;

/** Stations as columns: as high as their value on their layer's scale, in the colour of its class. */
export class Stations {
  readonly group = new Group();
  readonly #columns: Columns;
  readonly #lying = new Rings(true);
  readonly #limits = new Rings(false);
  #things: readonly Thing[] = [];
  #all: Standing[] = [];
  #feet = new Float32Array();
  #places = new Map<string, number>();
  #stand: (thing: Thing) => Stand = () => ({ kind: "plain" });
  #chosen: string | null = null;

  constructor(
    private readonly frame: Frame,
    private readonly ground: Ground,
    private readonly palette: Palette,
  ) {
    this.#columns = new Columns(palette.edge, !palette.flat);
    this.group.add(this.#columns.group, this.#lying.group, this.#limits.group);
  }

  choose(key: string | null): void {
    if (key === this.#chosen) return;
    this.#chosen = key;
    this.#raise();
  }

  set(things: readonly Thing[], stand: (thing: Thing) => Stand): void {
    this.#things = things;
    this.#stand = stand;
    this.#places = new Map(things.map((each, i) => [each.key, i]));
    this.#feet = new Float32Array(things.length * 3);
    this.#raise();
    this.stand();
  }

  /** Put all on the ground, as far as it is known. */
  stand(): void {
    const place = new Vector3();
    this.#things.forEach((thing, i) => {
      this.frame.toLocal(thing.lon, thing.lat, this.frame.height, place);
      place.y = this.ground.at(place.x, place.z);
      place.toArray(this.#feet, i * 3);
    });
  }

  /** Never thinner than a few pixels: widths follow the distance. */
  face(distance: (place: Vector3) => number): void {
    for (const each of [this.#columns, this.#lying, this.#limits]) each.face(this.#feet, distance);
  }

  /** The top of a thing's column in the local frame, or null where it has none. */
  head(thing: Thing): Vector3 | null {
    const place = this.#places.get(thing.key);
    if (place === undefined) return null;
    const foot = new Vector3().fromArray(this.#feet, place * 3);
    return foot.setY(foot.y + this.tall(thing));
  }

  /** Metres from the ground to the top; 0 for things that lie. */
  tall(thing: Thing): number {
    return this.#all[this.#places.get(thing.key) ?? -1]?.head ?? 0;
  }

  pick(raycaster: Raycaster): { thing: Thing; distance: number } | null {
    const hit = this.#columns.pick(raycaster);
    const thing = hit && this.#things[hit.station];
    return thing ? { thing, distance: hit.distance } : null;
  }

  #raise(): void {
    const { palette } = this;
    const counts = new Map<string, number>();
    for (const { layer } of this.#things) counts.set(layer.id, (counts.get(layer.id) ?? 0) + 1);
    this.#all = this.#things.map((thing) => {
      const { layer, key } = thing;
      const theme = key === this.#chosen ? palette.chosen : palette.themes[layer.theme];
      return standing(this.#stand(thing), fullHeight(layer, counts.get(layer.id) ?? 0), theme, palette);
    });
    this.#columns.set(this.#all.flatMap(({ pieces }, station) => pieces.map((each) => ({ ...each, station }))));
    this.#lying.set(this.#all.flatMap(({ ring }, station) => (ring ? [{ station, at: GROUND_M, wide: GROUND_WIDE, colour: ring }] : [])));
    this.#limits.set(this.#all.flatMap(({ limit }, station) => (limit === null ? [] : [{ station, at: limit, wide: LIMIT_WIDE, colour: palette.edge }])));
  }
}
