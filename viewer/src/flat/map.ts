import type { Service } from "../data/service.js";
import type { Layer, Thing } from "../data/types.js";
import type { ChosenParts, Hit, Margins, Picture, Point } from "../picture.js";
import { isClear } from "../scene/clear.js";
import type { Upright } from "../scene/clear.js";
import { Lettering } from "../scene/lettering.js";
import { Marks } from "../scene/marks.js";
import type { Label } from "../scene/marks.js";
import { Home } from "../scene/home.js";
import { Rest } from "../scene/rest.js";
import type { View } from "../state/address.js";
import { draw, lay } from "./draw.js";
import type { Seen } from "./draw.js";
import { Flight } from "./flight.js";
import { listen } from "./gestures.js";
import { lonLatOf, rangeOf, scaleOf, spotOf } from "./mercator.js";
import type { Spot } from "./mercator.js";
import { SQUARE_M, namesIn } from "./names.js";
import type { Manner } from "./paint.js";
import { hitAt } from "./pick.js";
import { Store } from "./store.js";
import type { Sheet } from "./store.js";

const M_PER_DEGREE = 111_320;
const RANGE_M = { least: 60, most: 60_000 };
const SETTLED_MS = 220;
const LABEL_PX = { wide: 40, high: 20 };

/** What a map needs to know, and whom it tells. */
export interface MapOptions extends Manner {
  canvas: HTMLCanvasElement;
  marks: HTMLElement;
  service: () => Service;
  centre: [number, number];
  bbox: [number, number, number, number];
  /** Somebody said from where to look: home may be elsewhere, the eye stays. */
  placed: boolean;
  calm: boolean;
  count: (sites: number) => string;
  iconOf: (name: string) => SVGElement;
  onView: () => void;
  onPick: (hit: Hit | { kind: "things"; things: Thing[] } | null) => void;
  onFirst: () => void;
  onRest: (resting: boolean) => void;
  onLayer: (layer: Layer, failed: boolean) => void;
}

/** The city from above, from our own vector tiles: for browsers without WebGL. North is up. */
export class CityMap implements Picture {
  readonly eye = { go: (view: View, fly: boolean) => this.#go(view, fly), nudge: (by: Nudge) => this.#nudge(by) };
  readonly #context: CanvasRenderingContext2D;
  readonly #store: Store;
  readonly #marks: Marks;
  readonly #lettering: Lettering;
  readonly #rest: Rest;
  readonly #flight: Flight;
  readonly #deaf: () => void;
  #sheets: Sheet[] = [];
  #things: readonly Thing[] = [];
  #chosen: ReadonlySet<string> | null = null;
  #size = { width: 1, height: 1 };
  #margins: Margins = { left: 0, top: 0, bottom: 0, resting: 0, over: [] };
  readonly #home: Home;
  #layers: readonly Layer[] = [];
  #asked = 0;
  #settling = 0;
  #arrived = false;
  #begun = false;
  #view: View;

  constructor(private readonly options: MapOptions) {
    const { canvas } = options;
    const context = canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("this browser draws no canvas");
    this.#context = context;
    this.#home = new Home(options, 90);
    this.#view = { ...this.home };
    this.#store = new Store(options.service, options, () => this.invalidate(), options.onLayer);
    this.#marks = new Marks(options.marks, options.count, (things) => options.onPick({ kind: "things", things }), options.iconOf);
    this.#lettering = new Lettering(options.marks);
    this.#rest = new Rest(options.onRest);
    this.#flight = new Flight(options.calm);
    this.#deaf = listen(canvas, {
      pan: (x, y) => this.#pan(x, y),
      zoom: (factor, x, y) => this.#zoom(factor, x, y),
    });
  }

  get view(): View {
    return this.#view;
  }

  get home(): View {
    return this.#home.view;
  }

  setLayers(layers: readonly Layer[], shown: (layer: Layer) => boolean): void {
    this.#layers = layers;
    this.#sheets = this.#store.want(layers.filter((each) => shown(each) && each.revision !== null && isMapped(each)));
    this.invalidate();
  }

  setThings(things: readonly Thing[], labels: (thing: Thing) => Label | null): void {
    this.#things = things;
    const standing = things.flatMap((thing) => {
      const label = labels(thing);
      return label ? [{ thing, label, place: { ...spotOf(thing), z: 0 } }] : [];
    });
    this.#marks.set(standing);
    this.#reframe();
    this.invalidate();
  }

  /** Home is where the city has something; who is there before all has come, stays there. */
  #reframe(): void {
    if (this.#arrived) return;
    const atHome = !this.options.placed && this.#home.is(this.#view);
    if (this.#home.frame(this.#layers, this.#things) && atHome) this.#go(this.home, false);
  }

  choose(thing: ChosenParts | null): void {
    this.#marks.chosen = thing?.key ?? null;
    this.#chosen = thing?.ids ?? null;
    this.invalidate();
  }

  inView(things = this.#things): Thing[] {
    const { left, top, resting } = this.#margins;
    const { width, height } = this.#size;
    // As while the sheet rests: what one counts does not change with the sheet.
    const moved = (this.#margins.bottom - resting) / 2;
    return things.filter((thing) => {
      const { x, y } = this.#pixel(spotOf(thing));
      return x > left && x < width && y + moved > top && y + moved < height - resting;
    });
  }

  shows(thing: Thing): boolean {
    return isClear({ ...this.#pixel(spotOf(thing)), ...LABEL_PX }, this.#margins, this.#size);
  }

  lookAt(thing: Thing, view: View, fly: boolean): void {
    this.#go({ ...view, lon: thing.lon, lat: thing.lat }, fly);
  }

  arrived(): void {
    this.#arrived = true;
    this.invalidate();
  }

  resize(width: number, height: number, margins: Margins): void {
    if (width < 1 || height < 1) return;
    const { canvas } = this.options;
    const fine = Math.min(devicePixelRatio, 2);
    if (canvas.width !== Math.round(width * fine) || canvas.height !== Math.round(height * fine)) {
      canvas.width = Math.round(width * fine);
      canvas.height = Math.round(height * fine);
    }
    this.#size = { width, height };
    this.#margins = margins;
    this.invalidate();
  }

  pickAt(x: number, y: number): void {
    const seen = this.#seen();
    this.options.onPick(hitAt(seen, this.#sheets, this.#store, this.#things, { x, y }));
  }

  pickMiddle(): void {
    const { x, y } = this.#middle();
    this.pickAt(x, y);
  }

  toLonLat(point: Point): { lon: number; lat: number } {
    return lonLatOf(point);
  }

  invalidate = (): void => {
    this.#rest.stir();
    if (!this.#asked) this.#asked = requestAnimationFrame(this.#draw);
  };

  dispose(): void {
    cancelAnimationFrame(this.#asked);
    clearTimeout(this.#settling);
    this.#rest.stir();
    this.#deaf();
    this.#marks.dispose();
    this.#lettering.dispose();
  }

  readonly #draw = (now: number): void => {
    this.#asked = 0;
    const flown = this.#flight.at(now);
    if (flown) this.#look(flown);
    const { width, height } = this.#size;
    const seen = this.#seen();
    const whole = draw(this.#context, seen, this.#sheets, this.#store, { ...this.options, chosen: this.#chosen });
    const device = ({ x, y }: Point) => {
      const at = this.#pixel({ x, y });
      return { x: (at.x / width) * 2 - 1, y: 1 - (at.y / height) * 2, z: 0 };
    };
    const frees = (box: Upright) => isClear(box, this.#margins, this.#size);
    this.#marks.place(device, width, height, frees);
    const names = namesIn(lay(seen, this.#sheets, this.#store, false).laid);
    const pixel = (x: number, _: number, z: number) => this.#pixel({ x: x / SQUARE_M, y: z / SQUARE_M });
    this.#lettering.place(names, this.#view.range, pixel, this.#marks.boxes, frees);
    if (!this.#begun && this.#sheets.length > 0) {
      this.#begun = true;
      this.options.onFirst();
    }
    if (this.#flight.flying) this.invalidate();
    this.#rest.drawn(!this.#asked && !this.#settling && this.#arrived && whole && !this.#store.busy);
  };

  /** Part of the square that is seen, and how large. */
  #seen(): Seen {
    const { width, height } = this.#size;
    const scale = scaleOf(this.#view, height);
    const middle = spotOf(this.#view);
    const { x, y } = this.#middle();
    return { scale, width, height, west: middle.x - x / scale, north: middle.y - y / scale };
  }

  /** Where on the canvas the view's place lies: in the middle of what nothing covers. */
  #middle(): Spot {
    const { left, top, bottom } = this.#margins;
    return { x: (this.#size.width + left) / 2, y: (this.#size.height + top - bottom) / 2 };
  }

  #pixel({ x, y }: Spot): Spot {
    const { scale, west, north } = this.#seen();
    return { x: (x - west) * scale, y: (y - north) * scale };
  }

  #go(view: View, fly: boolean): void {
    const to = { ...view, range: Math.min(Math.max(view.range, RANGE_M.least), RANGE_M.most), heading: 0, pitch: 90 };
    if (fly && this.#flight.go(this.#view, to)) return this.invalidate();
    this.#flight.stop();
    this.#look(to);
  }

  #nudge({ zoom = 1, right = 0, ahead = 0 }: Nudge): void {
    const { lon, lat, range } = this.#flight.goal ?? this.#view;
    const shrink = Math.cos((lat * Math.PI) / 180);
    this.#go({ lon: lon + right / (M_PER_DEGREE * shrink), lat: lat + ahead / M_PER_DEGREE, range: range / zoom, heading: 0, pitch: 90 }, true);
  }

  #pan(x: number, y: number): void {
    this.#flight.stop();
    const { scale } = this.#seen();
    const middle = spotOf(this.#view);
    this.#look({ ...this.#view, ...lonLatOf({ x: middle.x - x / scale, y: middle.y - y / scale }) });
  }

  /** Closer around a pixel: what lies there stays there. */
  #zoom(factor: number, x: number, y: number): void {
    this.#flight.stop();
    const { scale, west, north } = this.#seen();
    const fixed = { x: west + x / scale, y: north + y / scale };
    const { height } = this.#size;
    const lat = this.#view.lat;
    const range = Math.min(Math.max(rangeOf(scale * factor, lat, height), RANGE_M.least), RANGE_M.most);
    const fine = scaleOf({ lat, range }, height);
    const middle = this.#middle();
    this.#look({ ...this.#view, range, ...lonLatOf({ x: fixed.x + (middle.x - x) / fine, y: fixed.y + (middle.y - y) / fine }) });
  }

  #look(view: View): void {
    this.#view = view;
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => {
      this.#settling = 0;
      this.options.onView();
      this.invalidate();
    }, SETTLED_MS);
    this.invalidate();
  }
}

interface Nudge {
  zoom?: number;
  right?: number;
  ahead?: number;
}

/** Whether a layer has vector tiles that a map shows: points have marks, what has no features has no tiles. */
function isMapped(layer: Layer): boolean {
  return layer.geometry !== "terrain" && layer.geometry !== "cloud" && (layer.features ?? 0) > 0;
}
