import type { Stand } from "./data/measure.js";
import type { Geometry, Layer, Thing } from "./data/types.js";
import type { Label } from "./scene/marks.js";
import type { Overlay } from "./scene/overlay.js";
import type { Probe } from "./scene/probe.js";
import type { View } from "./state/address.js";

/** A point in a picture's own numbers: what `toLonLat` takes. */
export interface Point {
  x: number;
  y: number;
  z: number;
}

/** What lies under a point of a picture. */
export type Hit =
  | { kind: "thing"; thing: Thing }
  | { kind: "feature"; layer: string; row: Record<string, string | number | boolean | null>; point: Point }
  | { kind: "ground"; point: Point };

/** Pixels of the picture that other things cover: the view's middle is the middle of the rest. */
export interface Margins {
  left: number;
  top: number;
  bottom: number;
  /** What `bottom` is while the sheet rests: what one counts does not change with the sheet. */
  resting: number;
  /** Where search, buttons and slider stand over the picture: no label slips under them. */
  over: readonly { left: number; right: number; top: number; bottom: number }[];
}

/** A thing that is chosen: its key, the ids of the features that it consists of, and its floor plan. */
export interface ChosenParts {
  key: string;
  ids: ReadonlySet<string>;
  plan?: Geometry | null;
}

/** What the state behind the page asks of a picture of the city: the scene in 3D, or the map where there is no WebGL. */
export interface Picture {
  readonly view: View;
  readonly home: View;
  readonly eye: {
    go(view: View, fly: boolean): void;
    nudge(by: { zoom?: number; turn?: number; tilt?: number; right?: number; ahead?: number }): void;
  };
  /** Of the scene in 3D alone: lines over it, and what its surfaces tell. */
  readonly overlay?: Overlay;
  readonly probe?: Probe;
  /** The middle of what nothing covers, CSS pixels. */
  readonly middle?: readonly [number, number];
  setLayers(layers: readonly Layer[], shown: (layer: Layer) => boolean): void;
  /** Colour buildings by a column of theirs, or as they are built; a map has no need to. */
  setDye?(column: string | null): void;
  /** Things, what their marks say, how stations stand, and of sites each area; a map has no columns. */
  setThings(things: readonly Thing[], labels: (thing: Thing) => Label | null, stand: (thing: Thing) => Stand, areas: readonly Thing[]): void;
  /** Show one thing as chosen, with all its parts, and its outline on the ground where that is known; null clears. */
  choose(thing: ChosenParts | null): void;
  inView(things?: readonly Thing[]): Thing[];
  shows(thing: Thing): boolean;
  lookAt(thing: Thing, view: View, fly: boolean): void;
  arrived(): void;
  /** Draw now, so that the canvas can be copied at once; a map keeps what it has drawn. */
  redraw?(): void;
  resize(width: number, height: number, margins: Margins): void;
  pickAt(x: number, y: number): void;
  pickMiddle(): void;
  toLonLat(point: Point): { lon: number; lat: number };
  /** Show another instant: what is there stays until that has come; nothing of the model unless it was `there`. */
  travel?(datetime: string | null, at: Date, there: boolean): void;
  /** Something was published anew: fetch it, and let go of what is there only then. */
  renew?(): void;
  /** Let the sun stand where it stands at an instant. */
  shine?(at: Date): void;
  dispose(): void;
}
