import type { Thing } from "../data/types.js";
import type { Outcome } from "./succession.js";
import type { Hit } from "./pick.js";

/** What a scene needs to know, and whom it tells. */
export interface SceneOptions {
  canvas: HTMLCanvasElement;
  context: WebGL2RenderingContext;
  marks: HTMLElement;
  /** Absolute address of the city's tileset, or null where nothing is published. */
  tileset: string | null;
  datetime: string | null;
  /** Whether any tiles are there at that instant. */
  there: boolean;
  centre: [number, number];
  bbox: [number, number, number, number];
  /** Somebody said from where to look: home may be elsewhere, the eye stays. */
  placed: boolean;
  at: Date;
  night: boolean;
  calm: boolean;
  /** Flat and outlined, without shadows. */
  contrast: boolean;
  count: (sites: number) => string;
  iconOf: (name: string) => SVGElement;
  onView: () => void;
  onPick: (hit: Hit | { kind: "things"; things: Thing[] } | null) => void;
  onFirst: () => void;
  /** The picture has come to rest, or no longer rests. */
  onRest: (resting: boolean) => void;
  /** The graphics card has lost the picture, or has it again. */
  onLost: (lost: boolean) => void;
  onTilesFailed: () => void;
  /** So many tiles could not be had, or made no sense. */
  onBroken: (count: number) => void;
  /** Tiles of another instant or revision are shown, are not there, or did not come. */
  onChanged: (outcome: Outcome) => void;
}
