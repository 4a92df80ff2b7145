import type { Sphere } from "three";
import { MathUtils, Vector2, Vector3 } from "three";
import type { Stand } from "../data/measure.js";
import type { Layer, Thing } from "../data/types.js";
import type { ChosenParts, Margins } from "../picture.js";
import type { View } from "../state/address.js";
import { Eye } from "./camera.js";
import { Chosen } from "./chosen.js";
import { Frame } from "./frame.js";
import { framing } from "./framing.js";
import { Ground } from "./ground.js";
import { Home } from "./home.js";
import { Lettering } from "./lettering.js";
import { Daylight } from "./light.js";
import { Marks } from "./marks.js";
import { Overlay } from "./overlay.js";
import type { Label } from "./marks.js";
import { Look } from "./materials.js";
import { Model } from "./model.js";
import type { Palette } from "./palette.js";
import { DAY, NIGHT, outlined } from "./palette.js";
import type { SceneOptions } from "./options.js";
import { pick } from "./pick.js";
import { Plan } from "./plan.js";
import { Drawing } from "./drawing.js";
import { Probe } from "./probe.js";
import { Rest } from "./rest.js";
import { lifted, roofAbove } from "./roofs.js";
import { Settling } from "./settling.js";
import { Stations } from "./stations.js";
import { Succession } from "./succession.js";
import type { Outcome } from "./succession.js";
import { light } from "./sun.js";
import { Things } from "./things.js";

export type { Hit } from "./pick.js";
export type { Label } from "./marks.js";

/** Half the size of a label, so that one sees it when one sees its thing. */
const LABEL_PX = { wide: 40, high: 20 };
/** From further off nobody stands inside a house. */
const INSIDE_M = 400;

/** The scene: the city's tiles in good light, the data on them, and an eye that moves. */
export class CityScene {
  readonly eye: Eye;
  readonly overlay: Overlay;
  readonly probe: Probe;
  readonly #drawing: Drawing;
  readonly #models: Succession;
  /** Tells a new model which layers there are. */
  #layered: (model: Model) => void = () => undefined;
  #layers: readonly Layer[] = [];
  #datetime: string | null;
  readonly #ground = new Ground();
  readonly #frame: Frame;
  readonly #look: Look;
  readonly #stations: Stations;
  readonly #chosen: Chosen;
  readonly #plan: Plan;
  readonly #marks: Marks;
  readonly #lettering: Lettering;
  readonly #daylight: Daylight;
  readonly #point = new Vector3();
  readonly #home: Home;
  readonly #things: Things;
  readonly #settling = new Settling(() => this.#moved && this.#drawing.awaited, () => this.#settled());
  #moved = false;
  #aimed = "";
  #announced = false;
  #arrived = false;
  /** The picture has come to rest once. */
  #still = false;
  readonly #rest: Rest;

  constructor(private readonly options: SceneOptions) {
    const { canvas, centre, night } = options;
    this.#rest = new Rest((resting) => {
      if (resting && !this.#still) this.#soften();
      options.onRest(resting);
    }, this.#again);
    const palette: Palette = options.contrast ? outlined(night ? NIGHT : DAY, night) : night ? NIGHT : DAY;
    this.#home = new Home(options);
    this.#frame = new Frame(centre[0], centre[1], 0);
    this.eye = new Eye(canvas, this.#frame, this.#ground, options.calm, this.#home.furthest, () => this.invalidate());
    this.eye.controls.addEventListener("change", this.#onMoved);
    this.#drawing = new Drawing(options, palette.horizon, this.eye.camera, this.#draw);
    const { scene } = this.#drawing;
    this.#daylight = new Daylight(scene, palette, light(options.at, centre[0], centre[1]), palette.flat ? 0 : this.#drawing.shadowSize);
    this.#stations = new Stations(this.#frame, this.#ground, palette);
    this.#things = new Things(this.#frame, this.#ground, this.#stations);
    this.#chosen = new Chosen(palette);
    this.#plan = new Plan(this.#frame, this.#ground, palette);
    scene.add(this.#stations.group, this.#chosen.group, this.#plan.lines);
    this.#marks = new Marks(options.marks, options.count, (things) => options.onPick({ kind: "things", things }), options.iconOf);
    this.#lettering = new Lettering(options.marks);
    this.overlay = new Overlay(options.marks, () => this.invalidate());
    this.#look = new Look(palette);
    this.#datetime = options.datetime;
    this.#models = new Succession(this.#onChanged);
    if (options.tileset && options.there) this.#models.begin(this.#load(options.tileset));
    this.probe = new Probe(this.eye.camera, this.#drawing.size, this.#frame, this.#ground, () => this.#model);
    void this.#drawing.prepare(this.#look);
    this.eye.go(this.home, false);
    this.invalidate();
  }

  get #model(): Model | null {
    return this.#models.now;
  }

  get view(): View {
    return this.eye.view;
  }

  get home(): View {
    return this.#home.view;
  }

  /** Things of these layers are shown, joined to the tiles by their id; so is each of the `areas` of a site. */
  setThings(things: readonly Thing[], labels: (thing: Thing) => Label | null, stand: (thing: Thing) => Stand, areas: readonly Thing[]): void {
    this.#things.set(things, labels, stand, areas);
    for (const each of this.#models.all) each.setPhases(this.#things.phaseOf);
    this.#reframe(things);
    this.#stand();
  }

  /** These layers there are; tiles of those not shown are not fetched. */
  setLayers(layers: readonly Layer[], shown: (layer: Layer) => boolean): void {
    this.#layers = layers;
    this.#layered = (model) => model.setLayers(layers, shown);
    this.#models.all.forEach(this.#layered);
    this.#drawing.shade();
    this.invalidate();
  }

  /** Colour buildings by a column of theirs; null is as they are built. */
  setDye(column: string | null): void {
    this.#model?.setDye(column);
    this.invalidate();
  }

  /** Show one thing or building as chosen; null clears. */
  choose(thing: ChosenParts | null): void {
    this.#plan.lay(thing?.plan ?? null);
    this.#marks.chosen = thing?.key ?? null;
    this.#stations.choose(thing?.key ?? null);
    if (thing) this.#chosen.show(thing.ids, this.#model?.models ?? []);
    else this.#chosen.clear();
    this.invalidate();
  }

  /** Things that one sees now, or would while the sheet rests. */
  inView(things?: readonly Thing[]): Thing[] {
    return this.#things.seenBy(this.eye, things);
  }

  /** Whether nothing covers a thing and its label. */
  shows(thing: Thing): boolean {
    const seen = this.#onCanvas(this.#things.place(thing));
    return seen !== null && this.eye.frees({ ...seen, ...LABEL_PX });
  }

  /** Look at a thing from where the view says, so that it stands whole in the free part of the picture. */
  lookAt(thing: Thing, view: View, fly: boolean): void {
    const tall = this.#stations.tall(thing);
    this.eye.go(framing({ ...view, lon: thing.lon, lat: thing.lat }, tall, this.eye.picture), fly);
  }

  /** All data have come that will come; what is drawn from now on may be complete. */
  arrived(): void {
    this.#arrived = true;
    this.invalidate();
  }

  resize(width: number, height: number, margins: Margins): void {
    const { size, renderer } = this.#drawing;
    const same = size.x === width && size.y === height && JSON.stringify(this.eye.margins) === JSON.stringify(margins);
    if (same || width < 1 || height < 1) return;
    this.#drawing.resize(width, height);
    (this.#look.uniforms["picture"]?.value as Vector2).set(width / 2, height / 2);
    this.eye.margins = margins;
    this.eye.resize(width, height);
    for (const each of this.#models.all) each.tiles.setResolutionFromRenderer(this.eye.camera, renderer);
    this.#settling.stir(); // what is in view is another
    this.invalidate();
  }

  redraw(): void {
    this.#drawing.now();
  }

  /** Show another instant, under its sun; what is there stays until its tiles have come. */
  travel(datetime: string | null, at: Date, there: boolean): void {
    this.#datetime = datetime;
    this.shine(at);
    if (there) this.renew();
    else this.#models.end();
  }

  /** Fetch the city's tiles anew; those that are there stay until the others show as much. */
  renew(): void {
    const { tileset } = this.options;
    if (!tileset) return;
    const next = this.#load(tileset);
    next.tiles.setResolutionFromRenderer(this.eye.camera, this.#drawing.renderer);
    next.setPhases(this.#things.phaseOf);
    this.#layered(next);
    this.#models.follow(next);
    this.invalidate();
  }

  /** The sun stands where it stands at this instant. */
  shine(at: Date): void {
    if (!this.#daylight.turn(light(at, ...this.options.centre))) return;
    this.#aimed = "";
    this.invalidate();
  }

  /** What lies at a point of the canvas, CSS pixels. */
  pickAt(x: number, y: number): void {
    if (!this.#model) return this.options.onPick(null);
    const { size } = this.#drawing;
    const point = new Vector2((x / size.x) * 2 - 1, 1 - (y / size.y) * 2);
    this.options.onPick(pick(point, this.eye.camera, this.#model.tiles.group, this.#stations, this.#model.layerOf));
  }

  /** What lies in the middle of the view. */
  pickMiddle(): void {
    this.pickAt(...this.middle);
  }

  /** The middle of what nothing covers, CSS pixels. */
  get middle(): [number, number] {
    const { left, top, bottom } = this.eye.margins;
    const { size } = this.#drawing;
    return [(size.x + left) / 2, (size.y + top - bottom) / 2];
  }

  toLonLat(local: Vector3): { lon: number; lat: number } {
    return this.#frame.toLonLat(local);
  }

  /** Draw soon: nothing is drawn while nothing changes. */
  invalidate = (): void => {
    this.#rest.stir();
    this.#drawing.ask();
  };

  dispose(): void {
    this.#settling.dispose();
    this.#rest.stir();
    this.#lettering.dispose();
    this.#marks.dispose();
    this.eye.controls.dispose();
    this.#models.dispose();
    this.#drawing.dispose();
  }

  #load(address: string): Model {
    const { options } = this;
    const parts = { frame: this.#frame, ground: this.#ground, look: this.#look, drawing: this.#drawing, eye: this.eye };
    const onFailed = (model: Model) => void (this.#models.fail(model) || options.onTilesFailed());
    return new Model(address, { datetime: this.#datetime }, parts, { onRoot: this.#onRoot, onModel: this.#onModel, onFailed, onBroken: this.#onBroken });
  }

  /** Another model took the place of the one that was shown, or could not. */
  readonly #onChanged = (outcome: Outcome): void => {
    if (this.#model) this.#model.first = true; // even where it shows nothing here, it is the picture now
    if (this.#still && !this.options.calm) this.#model?.fade();
    this.#onModel();
    this.#onBroken();
    this.options.onChanged(outcome);
  };

  readonly #onRoot = (sphere: Sphere): void => {
    this.#ground.level = sphere.center.y;
    const { size } = this.#drawing;
    const atHome = this.#home.is(this.view);
    this.#home.fit(sphere.radius, size.x / size.y);
    this.eye.furthest = this.#home.furthest;
    if (atHome) this.eye.go({ ...this.view, range: this.home.range }, false);
    this.#reframe(this.#things.all);
    this.eye.settle();
    this.#stand();
  };

  /** Home is where the city has something; who is there before all has come, stays there. */
  #reframe(things: readonly Thing[]): void {
    if (this.#arrived) return;
    const atHome = !this.options.placed && this.#home.is(this.view);
    if (this.#home.frame(this.#layers, things) && atHome) this.eye.go(this.home, false);
  }

  readonly #again = (): void => {
    this.#models.update();
    if (this.#models.whole) this.invalidate();
  };

  readonly #onBroken = (): void => this.options.onBroken(this.#model?.broken ?? 0);

  readonly #onModel = (): void => {
    this.#drawing.shade();
    this.#settling.stir();
    this.invalidate();
  };

  readonly #onMoved = (): void => {
    if (this.eye.settling) return;
    this.#moved = true;
    this.#settling.move();
    this.invalidate();
  };

  /** Nothing has moved or come for a moment: stand on the ground, cast shadows, tell. */
  #settled(): void {
    this.eye.settle();
    this.#rise();
    this.#stand();
    this.#chosen.refresh(this.#model?.models ?? []);
    this.#plan.stand();
    this.#drawing.shade(true);
    this.options.onView();
  }

  #stand(): void {
    const { x, z } = this.eye.controls.target;
    this.#ground.level = this.#ground.height(x, z) ?? this.#ground.level;
    this.#stations.stand();
    this.#daylight.lay(this.#ground, this.#ground.level, Math.max(30_000, this.#home.reach * 4));
    this.#marks.set(this.#things.standing);
    this.invalidate();
  }

  readonly #draw = (now: number): void => {
    const moving = this.eye.update(now);
    if (moving) this.#settling.stir();
    if (!this.#moved || !moving) this.#aim();
    const steered = moving || this.#moved;
    this.#moved = moving;
    const { size, ready } = this.#drawing;
    const model = this.#model;
    this.#models.update();
    // What settles after the first picture would be a second one, and the first takes longest of all: it is the next.
    if (ready && !this.#announced && model?.first && this.#settling.pending) return this.#settling.now();
    this.#stations.face(this.eye.distance);
    this.#marks.place((place) => this.#point.copy(place).project(this.eye.camera), size.x, size.y, this.eye.frees, this.view.heading);
    this.#letter();
    this.#look.stretch(this.eye.stretch);
    this.overlay.place(this.eye.camera, size.x, size.y);
    // Where one looks there may be no tile at all: then columns and sky are the picture.
    const bare = this.#arrived && model?.bare === true;
    if (bare && model) model.first = true;
    const drawn = this.#drawing.draw(model?.first === false, steered, this.#settling.roaming);
    if (!this.#announced && drawn && (bare || model?.tiles.visibleTiles.size)) {
      this.#announced = true;
      this.options.onFirst();
    }
    if (moving) this.invalidate();
    this.#rest.drawn(ready && !this.#drawing.awaited && !this.#settling.pending && this.#arrived && this.#models.whole);
  };

  /** Write the names of the streets. */
  #letter(): void {
    this.#lettering.place(this.#model?.names.all ?? [], this.eye.range, (x, y, z) => this.#onCanvas(this.#point.set(x, y, z)), this.#marks.boxes, this.eye.frees);
  }

  /** Where a place is seen, CSS pixels; null behind the eye. The place is lost. */
  readonly #onCanvas = (place: Vector3): { x: number; y: number } | null => {
    const { size } = this.#drawing;
    const { x, y, z } = place.project(this.eye.camera);
    return z > 1 ? null : { x: ((x + 1) / 2) * size.x, y: ((1 - y) / 2) * size.y };
  };

  /** Who has come to stand inside a house is lifted out of it. */
  #rise(): void {
    const { model, view } = { model: this.#model, view: this.view };
    const roof = model && view.range < INSIDE_M ? roofAbove(this.eye.camera.position, model.tiles.group) : null;
    if (roof !== null) this.eye.go(lifted(view, roof - this.eye.controls.target.y), true);
  }

  /** What comes from now on fades in, where motion is welcome. */
  #soften(): void {
    this.#still = true;
    if (!this.options.calm) void this.#drawing.programs.warmFading(this.#look).then(() => this.#model?.fade());
  }

  #aim(): void {
    const { target } = this.eye.controls;
    const where = `${target.toArray().map(Math.round).join()} ${Math.round(this.view.range)}`;
    if (where === this.#aimed) return;
    this.#aimed = where;
    this.#daylight.aim(target, MathUtils.clamp(this.eye.distance(target) * 1.15, 150, 3500));
    this.#drawing.shade(true);
  }
}
