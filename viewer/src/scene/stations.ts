import type { Raycaster } from "three";
import { CylinderGeometry, Group, Mesh, MeshLambertMaterial, RingGeometry, MeshBasicMaterial, DoubleSide, Vector3 } from "three";
import { airIndex, bicycles, isFamiliar } from "../data/here.js";
import type { Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import { COLUMN_M, Columns } from "./columns.js";
import type { Frame } from "./frame.js";
import type { Ground } from "./ground.js";
import type { Palette } from "./palette.js";

/** The counter that has counted most in 24 hours is as tall as this; nobody counts for less than these bicycles. */
const TALLEST_M = 130;
const LEAST_MOST = 1_000;
const LEAST_M = 14;
const STEM_M = 46;

const shaft = new CylinderGeometry(1, 1, 1, 20).translate(0, 0.5, 0);
const ring = new RingGeometry(0.7, 1, 40).rotateX(-Math.PI / 2);

interface Standing {
  thing: Thing;
  group: Group;
  head: number;
  width: number;
}

/** Counters as thin columns whose height is the day's count; air stations as a ring in their class's colour; others alike. */
export class Stations {
  readonly group = new Group();
  #all: Standing[] = [];
  readonly #columns: Columns;

  constructor(
    private readonly frame: Frame,
    private readonly ground: Ground,
    private readonly palette: Palette,
  ) {
    this.#columns = new Columns(frame, ground, palette);
  }

  choose(key: string | null): void {
    this.#columns.choose(key);
  }

  set(things: readonly Thing[]): void {
    for (const each of this.#all) dispose(each.group);
    this.group.clear();
    const most = Math.max(LEAST_MOST, ...things.filter((each) => kind(each.layer) === "counter").map((each) => bicycles(each) ?? 0));
    this.#all = things.filter(isFamiliar).flatMap((thing) => {
      const standing = this.#raise(thing, most);
      return standing ? [standing] : [];
    });
    for (const each of this.#all) this.group.add(each.group);
    this.#columns.set(things.filter((each) => !isFamiliar(each)));
    this.group.add(this.#columns.group);
    this.stand();
  }

  /** Put all on the ground, as far as it is known. */
  stand(): void {
    this.#columns.stand();
    for (const { thing, group } of this.#all) {
      this.frame.toLocal(thing.lon, thing.lat, this.frame.height, group.position);
      group.position.y = this.ground.at(group.position.x, group.position.z);
    }
  }

  /** Never thinner than a few pixels: widths follow the distance. */
  face(distance: (place: Vector3) => number): void {
    this.#columns.face(distance);
    for (const { group, width } of this.#all) {
      const far = distance(group.position);
      const scale = Math.max(width, far * 0.0042);
      group.children.forEach((child) => {
        const wide = child.userData["wide"] as number;
        child.scale.x = child.scale.z = scale * wide;
      });
    }
  }

  /** The top of a thing's column in the local frame, or null where it has none. */
  head(thing: Thing): Vector3 | null {
    const standing = this.#all.find((each) => each.thing.key === thing.key);
    if (!standing) return this.#columns.head(thing);
    return standing.group.position.clone().setY(standing.group.position.y + standing.head);
  }

  /** Metres from the ground to the top; 0 for things that lie. */
  tall(thing: Thing): number {
    return this.#all.find((each) => each.thing.key === thing.key)?.head ?? (this.#columns.head(thing) ? COLUMN_M : 0);
  }

  pick(raycaster: Raycaster): { thing: Thing; distance: number } | null {
    const column = this.#columns.pick(raycaster);
    const hit = raycaster.intersectObjects(this.#all.map((each) => each.group), true)[0];
    const standing = hit && this.#all.find((each) => each.group === hit.object.parent);
    if (!hit || !standing || (column && column.distance < hit.distance)) return column;
    return { thing: standing.thing, distance: hit.distance };
  }

  #raise(thing: Thing, most: number): Standing | null {
    const group = new Group();
    if (kind(thing.layer) === "counter") {
      const count = bicycles(thing);
      const height = LEAST_M + (TALLEST_M - LEAST_M) * ((count ?? 0) / most);
      const material = new MeshLambertMaterial({ color: this.palette.counter });
      if (count === null) Object.assign(material, { transparent: true, opacity: 0.35 });
      const column = new Mesh(shaft, material);
      column.scale.y = height;
      column.userData["wide"] = 1;
      column.castShadow = true;
      group.add(column);
      return { thing, group, head: height, width: 2.2 };
    }
    if (kind(thing.layer) === "air-station") {
      const index = airIndex(thing);
      const colour = index === null ? this.palette.siteDone : this.palette.air[index as 0 | 1 | 2 | 3 | 4];
      const stem = new Mesh(shaft, new MeshLambertMaterial({ color: this.palette.siteDone }));
      stem.scale.y = STEM_M;
      stem.userData["wide"] = 0.35;
      const spot = new Mesh(ring, new MeshBasicMaterial({ color: colour, side: DoubleSide, transparent: true, opacity: 0.85, depthTest: false, forceSinglePass: true }));
      spot.position.y = 0.6;
      spot.renderOrder = -4;
      spot.userData["wide"] = 5;
      group.add(stem, spot);
      return { thing, group, head: STEM_M, width: 2.2 };
    }
    return null;
  }
}

function dispose(group: Group): void {
  group.traverse((each) => {
    if (each instanceof Mesh) (each.material as MeshLambertMaterial).dispose();
  });
}
