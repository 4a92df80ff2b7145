import { Vector3 } from "three";
import { formOf, isTimed } from "../data/kinds.js";
import type { Stand } from "../data/measure.js";
import type { Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import type { Eye } from "./camera.js";
import type { Frame } from "./frame.js";
import type { Ground } from "./ground.js";
import type { Label, Standing } from "./marks.js";
import type { Stations } from "./stations.js";

/** Metres above the ground at which a thing without a form is written. */
const ABOVE_M = 2;
/** What is so many times as far off as what one looks at is not in view. */
const FAR = 5;

/** The things of all layers shown: where each stands, and what is written there. */
export class Things {
  all: readonly Thing[] = [];
  #labelled: { thing: Thing; label: Label }[] = [];
  /** Phases of sites and warnings by their feature's id. */
  #phases = new Map<string, Thing["feature"]["phase"]>();

  constructor(
    private readonly frame: Frame,
    private readonly ground: Ground,
    private readonly stations: Stations,
  ) {}

  /** These there are; so is each of the `areas` of a site. */
  set(all: readonly Thing[], labels: (thing: Thing) => Label | null, stand: (thing: Thing) => Stand, areas: readonly Thing[]): void {
    this.all = all;
    this.#labelled = all.flatMap((thing) => {
      const label = labels(thing);
      return label ? [{ thing, label }] : [];
    });
    this.stations.set(all.filter((each) => formOf(each.layer) === "point" && kind(each.layer) !== "place"), stand);
    this.#phases = new Map(areas.filter((each) => isTimed(each.layer)).map(({ feature }) => [feature.id, feature.phase]));
  }

  readonly phaseOf = (id: string): Thing["feature"]["phase"] => this.#phases.get(id);

  /** Where a thing stands: the head of its column, or on the ground. */
  place(thing: Thing, target = new Vector3()): Vector3 {
    const head = this.stations.head(thing);
    if (head) return target.copy(head);
    this.frame.toLocal(thing.lon, thing.lat, 0, target);
    return target.setY(this.ground.at(target.x, target.z) + ABOVE_M);
  }

  /** What is written, and where. */
  get standing(): Standing[] {
    return this.#labelled.map(({ thing, label }) => ({ thing, label, place: this.place(thing) }));
  }

  /** Those of `some` that one sees now, or would while the sheet rests. */
  seenBy(eye: Eye, some = this.all): Thing[] {
    const point = new Vector3();
    const far = eye.view.range * FAR;
    const beholds = eye.beholder();
    return some.filter((thing) => {
      const place = this.place(thing, point);
      return eye.distance(place) <= far && beholds(place);
    });
  }
}
