import type { Object3D } from "three";
import { Color, MathUtils, PCFShadowMap, Scene, Sphere, Vector2, Vector3, WebGLRenderer } from "three";
import type { TilesRenderer } from "3d-tiles-renderer/three";
import { formOf, isTimed } from "../data/kinds.js";
import type { Layer, Thing } from "../data/types.js";
import { kind } from "../data/types.js";
import type { View } from "../state/address.js";
import { Eye } from "./camera.js";
import type { Margins } from "./camera.js";
import { Chosen } from "./chosen.js";
import { Dresser } from "./dress.js";
import { Frame } from "./frame.js";
import { framing } from "./framing.js";
import { Ground } from "./ground.js";
import type { Guise } from "./guise.js";
import { guiseOf } from "./guise.js";
import { LayerSwitch } from "./layers.js";
import { Daylight } from "./light.js";
import { Marks } from "./marks.js";
import type { Label } from "./marks.js";
import { Look } from "./materials.js";
import type { Palette } from "./palette.js";
import { DAY, NIGHT, outlined } from "./palette.js";
import type { SceneOptions } from "./options.js";
import { pick } from "./pick.js";
import { Rest } from "./rest.js";
import { Stations } from "./stations.js";
import { light } from "./sun.js";
import { busy, models, tilesAt } from "./tileset.js";

export type { Hit } from "./pick.js";
export type { Label } from "./marks.js";

const SETTLED_MS = 220;
const SHADE_MS = 500;
/** Half the width of a label, so that one sees it when one sees its thing. */
const CLEAR_PX = 40;
const FURTHEST_HOME = 1500;
const M_PER_DEGREE = 111_320;

/** The scene: the city's tiles in good light, the data on them, and an eye that moves. */
export class CityScene {
  readonly eye: Eye;
  readonly home: View;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #tiles: TilesRenderer | null;
  readonly #ground = new Ground();
  readonly #frame: Frame;
  readonly #switch: LayerSwitch;
  readonly #look: Look;
  readonly #dresser: Dresser;
  readonly #guises = new Map<string, Guise>();
  readonly #stations: Stations;
  readonly #chosen: Chosen;
  readonly #marks: Marks;
  readonly #daylight: Daylight;
  readonly #size = new Vector2(1, 1);
  readonly #point = new Vector3();
  #reach: number;
  #things: readonly Thing[] = [];
  /** Phases of sites and warnings by their feature's id. */
  #phases = new Map<string, Thing["feature"]["phase"]>();
  #labelled: { thing: Thing; label: Label }[] = [];
  #asked = 0;
  #settling = 0;
  #moved = false;
  #aimed = "";
  #first = false;
  #announced = false;
  #shaded = 0;
  #arrived = false;
  #failed = false;
  readonly #rest: Rest;

  constructor(private readonly options: SceneOptions) {
    const { canvas, centre, bbox, night } = options;
    this.#rest = new Rest(options.onRest);
    const palette: Palette = options.contrast ? outlined(night ? NIGHT : DAY) : night ? NIGHT : DAY;
    const [west, south, east, north] = bbox;
    const wide = (east - west) * M_PER_DEGREE * Math.cos(MathUtils.degToRad(centre[1]));
    const high = (north - south) * M_PER_DEGREE;
    this.#reach = Math.hypot(wide, high);
    this.home = {
      lon: centre[0],
      lat: centre[1],
      range: MathUtils.clamp(Math.min(wide, high) * 0.62, 450, FURTHEST_HOME),
      heading: 0,
      pitch: 45,
    };
    this.#renderer = new WebGLRenderer({ canvas, context: options.context, antialias: true });
    this.#renderer.setClearColor(new Color(palette.horizon));
    this.#renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    this.#renderer.shadowMap.enabled = true;
    this.#renderer.shadowMap.type = PCFShadowMap;
    this.#renderer.shadowMap.autoUpdate = false;
    this.#frame = new Frame(centre[0], centre[1], 0);
    this.eye = new Eye(canvas, this.#frame, this.#ground, options.calm, Math.max(3000, this.#reach * 1.6), () => this.invalidate());
    this.eye.controls.addEventListener("change", this.#onMoved);
    this.#daylight = new Daylight(this.#scene, palette, light(options.at, centre[0], centre[1]), this.#shadowSize());
    this.#stations = new Stations(this.#frame, this.#ground, palette);
    this.#chosen = new Chosen(palette);
    this.#scene.add(this.#stations.group, this.#chosen.group);
    this.#marks = new Marks(options.marks, options.count, (things) => options.onPick({ kind: "things", things }), options.iconOf);
    this.#switch = new LayerSwitch(options.datetime);
    this.#look = new Look(palette);
    const guise = (tile: object) => this.#guises.get(this.#switch.layer(tile as never)) ?? null;
    this.#dresser = new Dresser(this.#look, this.#ground, this.#frame.matrix, (id) => this.#phases.get(id), guise);
    this.#tiles = options.tileset ? this.#load(options.tileset) : null;
    this.eye.go(this.home, false);
    this.invalidate();
  }

  get view(): View {
    return this.eye.view;
  }

  /** Things of these layers are shown, joined to the tiles by their id. */
  setThings(things: readonly Thing[], labels: (thing: Thing) => Label | null): void {
    this.#things = things;
    this.#labelled = things.flatMap((thing) => {
      const label = labels(thing);
      return label ? [{ thing, label }] : [];
    });
    this.#stations.set(things.filter((each) => formOf(each.layer) === "point" && kind(each.layer) !== "place"));
    this.#phases = new Map(things.filter((each) => isTimed(each.layer)).map(({ feature }) => [feature.id, feature.phase]));
    this.#dresser.setPhases((id) => this.#phases.get(id));
    this.#stand();
  }

  /** These layers there are; tiles of those not shown are not fetched. */
  setLayers(layers: readonly Layer[], shown: (layer: Layer) => boolean): void {
    const wanted = layers.filter((each) => shown(each) && each.tileset);
    // Stations are columns of our own; their tiles are only fetched where there are no others to begin with.
    const drawn = wanted.filter((each) => formOf(each) !== "point");
    const fetched = new Set(drawn.length > 0 ? drawn : wanted);
    this.#switch.hidden = new Set(layers.filter((each) => !fetched.has(each)).map((each) => each.id));
    for (const each of layers) if (!this.#guises.has(each.id)) this.#guises.set(each.id, guiseOf(each));
    this.#tiles?.dispatchEvent({ type: "needs-update" });
    this.#shade();
    this.invalidate();
  }

  /** Show one thing or building as chosen; null clears. */
  choose(thing: { key: string; id: string } | null): void {
    this.#marks.chosen = thing?.key ?? null;
    this.#stations.choose(thing?.key ?? null);
    if (thing) this.#chosen.show(thing.id, models(this.#tiles));
    else this.#chosen.clear();
    this.invalidate();
  }

  /** Things that one sees now, or would while the sheet rests. */
  inView(): Thing[] {
    const point = new Vector3();
    const far = this.view.range * 5;
    const beholds = this.eye.beholder();
    return this.#things.filter((thing) => {
      const place = this.#place(thing, point);
      return place.distanceTo(this.eye.camera.position) <= far && beholds(place);
    });
  }

  /** Whether nothing covers a thing and its label. */
  shows(thing: Thing): boolean {
    const { x, y, z } = this.#place(thing, new Vector3()).project(this.eye.camera);
    return z < 1 && this.eye.uncovers(x, y, CLEAR_PX);
  }

  /** Look at a thing from where the view says, so that it stands whole in the free part of the picture. */
  lookAt(thing: Thing, view: View): void {
    const tall = this.#stations.tall(thing);
    this.eye.go(framing({ ...view, lon: thing.lon, lat: thing.lat }, tall, this.eye.picture), true);
  }

  /** All data have come that will come; what is drawn from now on may be complete. */
  arrived(): void {
    this.#arrived = true;
    this.invalidate();
  }

  resize(width: number, height: number, margins: Margins): void {
    const same = this.#size.x === width && this.#size.y === height && JSON.stringify(this.eye.margins) === JSON.stringify(margins);
    if (same || width < 1 || height < 1) return;
    this.#size.set(width, height);
    (this.#look.uniforms["picture"]?.value as Vector2).set(width / 2, height / 2);
    this.eye.margins = margins;
    this.#renderer.setSize(width, height, false);
    this.eye.resize(width, height);
    this.#tiles?.setResolutionFromRenderer(this.eye.camera, this.#renderer);
    this.invalidate();
  }

  /** What lies at a point of the canvas, CSS pixels. */
  pickAt(x: number, y: number): void {
    if (!this.#tiles) return this.options.onPick(null);
    const point = new Vector2((x / this.#size.x) * 2 - 1, 1 - (y / this.#size.y) * 2);
    const layerOf = (object: Object3D) => this.#switch.layer(object.userData["tile"] as never);
    this.options.onPick(pick(point, this.eye.camera, this.#tiles.group, this.#stations, layerOf));
  }

  /** What lies in the middle of the view. */
  pickMiddle(): void {
    const { left, top, bottom } = this.eye.margins;
    this.pickAt((this.#size.x + left) / 2, (this.#size.y + top - bottom) / 2);
  }

  toLonLat(local: Vector3): { lon: number; lat: number } {
    return this.#frame.toLonLat(local);
  }

  /** Draw soon: nothing is drawn while nothing changes. */
  invalidate = (): void => {
    this.#rest.stir();
    if (!this.#asked) this.#asked = requestAnimationFrame(this.#draw);
  };

  dispose(): void {
    cancelAnimationFrame(this.#asked);
    clearTimeout(this.#settling);
    this.#rest.stir();
    this.#marks.dispose();
    this.eye.controls.dispose();
    this.#tiles?.dispose();
    this.#renderer.dispose();
  }

  #load(address: string): TilesRenderer {
    const tiles = tilesAt(address, this.#frame, this.#switch, this.#dresser, this.options.calm);
    tiles.setCamera(this.eye.camera);
    for (const event of ["needs-update", "needs-render", "load-tileset", "tiles-load-end"]) tiles.addEventListener(event, this.invalidate);
    tiles.addEventListener("load-model", this.#onModel);
    tiles.addEventListener("dispose-model", ({ scene, tile }: { scene: Object3D; tile: object }) => {
      this.#dresser.forget(scene);
      this.#ground.remove(tile);
    });
    tiles.addEventListener("tile-visibility-change", () => this.#shade());
    tiles.addEventListener("tiles-load-end", () => this.#later());
    tiles.addEventListener("load-error", ({ tile }: { tile: object | null }) => {
      this.invalidate();
      if (tile !== null) return;
      this.#first = true;
      this.#failed = true;
      this.options.onTilesFailed();
    });
    tiles.addEventListener("load-root-tileset", () => this.#onRoot());
    this.#scene.add(tiles.group);
    return tiles;
  }

  #onRoot(): void {
    const sphere = new Sphere();
    if (!this.#ground.empty || !this.#tiles?.getBoundingSphere(sphere)) return;
    this.#ground.level = sphere.center.applyMatrix4(this.#frame.matrix).y;
    // The model may be smaller than the area the city names.
    this.#reach = Math.min(this.#reach, sphere.radius * 2);
    const opened = this.view;
    // A link may name the range of home by chance, but hardly its place as well.
    const { lon, lat, range } = this.home;
    const near = Math.abs(opened.lon - lon) + Math.abs(opened.lat - lat) < 1e-4;
    const atHome = near && Math.abs(opened.range - range) < 1;
    const narrow = Math.max(1, 1.1 / (this.#size.x / this.#size.y)); // an upright phone stands further back
    this.home.range = MathUtils.clamp(this.#reach * 0.5 * narrow, 450, FURTHEST_HOME * narrow);
    this.eye.controls.maxDistance = Math.max(3000, this.#reach * 1.6);
    if (atHome) this.eye.go({ ...opened, range: this.home.range }, false);
    this.eye.settle();
    this.#stand();
  }

  readonly #onModel = (): void => {
    this.#first = true;
    this.#shade();
    this.#later();
    this.invalidate();
  };

  readonly #onMoved = (): void => {
    this.#moved = true;
    this.#later();
    this.invalidate();
  };

  /** Once nothing has moved or come for a moment: stand on the ground, cast shadows, tell. */
  #later(): void {
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => {
      this.#settling = 0;
      this.eye.settle();
      this.#stand();
      this.#chosen.refresh(models(this.#tiles));
      this.#shade(true);
      this.options.onView();
    }, SETTLED_MS);
  }

  #stand(): void {
    const place = new Vector3();
    const { x, z } = this.eye.controls.target;
    this.#ground.level = this.#ground.height(x, z) ?? this.#ground.level;
    this.#stations.stand();
    this.#daylight.lay(this.#ground.level - 12, Math.max(30_000, this.#reach * 4));
    this.#marks.set(this.#labelled.map(({ thing, label }) => ({ thing, label, place: this.#place(thing, place).clone() })));
    this.invalidate();
  }

  #place(thing: Thing, target: Vector3): Vector3 {
    const head = this.#stations.head(thing);
    if (head) return target.copy(head);
    this.#frame.toLocal(thing.lon, thing.lat, 0, target);
    return target.setY(this.#ground.at(target.x, target.z) + 2);
  }

  #shadowSize(): number {
    if (this.options.contrast) return 0;
    return Math.min(this.#renderer.capabilities.maxTextureSize, window.devicePixelRatio > 1.5 && innerWidth < 600 ? 1024 : 2048);
  }

  /** Cast the shadows again; while tiles stream in not with every one of them, but once all is settled. */
  #shade(settled = false): void {
    const now = performance.now();
    if (!settled && now - this.#shaded < SHADE_MS) return;
    this.#shaded = now;
    this.#renderer.shadowMap.needsUpdate = true;
  }

  readonly #draw = (now: number): void => {
    this.#asked = 0;
    const moving = this.eye.update(now);
    if (moving) this.#later();
    if (!this.#moved || !moving) this.#aim();
    this.#moved = moving;
    this.#tiles?.update();
    this.#stations.face(this.eye.camera);
    this.#marks.place((place) => this.#point.copy(place).project(this.eye.camera), this.#size.x, this.#size.y, (x, y, clear) => this.eye.uncovers(x, y, clear));
    // Where one looks there may be no tile at all: then columns and sky are the picture.
    const bare = this.#arrived && this.#tiles !== null && !busy(this.#tiles) && this.#tiles.visibleTiles.size === 0;
    if (bare) this.#first = true;
    // Compiling the sky's shader must not keep the first tile waiting.
    if (this.#first || !this.#tiles) this.#renderer.render(this.#scene, this.eye.camera);
    else this.#renderer.clear();
    if (!this.#announced && (bare || this.#tiles?.visibleTiles.size)) {
      this.#announced = true;
      this.options.onFirst();
    }
    if (moving) this.invalidate();
    this.#rest.drawn(!this.#asked && !this.#settling && this.#arrived && this.#whole);
  };

  /** Nothing of the model is on its way. */
  get #whole(): boolean {
    return !this.#tiles || this.#failed || (this.#first && !busy(this.#tiles));
  }

  #aim(): void {
    const { target } = this.eye.controls;
    const where = `${target.toArray().map(Math.round).join()} ${Math.round(this.view.range)}`;
    if (where === this.#aimed) return;
    this.#aimed = where;
    this.#daylight.aim(target, MathUtils.clamp(this.eye.camera.position.distanceTo(target) * 1.15, 150, 3500));
    this.#shade(true);
  }
}
