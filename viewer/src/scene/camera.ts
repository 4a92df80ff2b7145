import { MathUtils, MOUSE, PerspectiveCamera, Spherical, TOUCH, Vector3 } from "three";
import { MapControls } from "three/addons/controls/MapControls.js";
import type { Margins } from "../picture.js";
import type { View } from "../state/address.js";
import { isClear } from "./clear.js";
import type { Upright } from "./clear.js";
import type { Frame } from "./frame.js";
import type { Ground } from "./ground.js";
import { lensAt, stretchOf, WIDE } from "./lens.js";

const FLIGHT_MS = 700;
const STEEPEST = 0.002;
const FLATTEST = MathUtils.degToRad(84);
const CLOSEST = 25;

/** The eye: orbit, touch and keys; where it looks can be said and set as a `View`. */
export class Eye {
  readonly camera = new PerspectiveCamera(WIDE, 1, 1, 50_000);
  readonly controls: MapControls;
  margins: Margins = { left: 0, top: 0, bottom: 0, resting: 0, over: [] };
  #size = { width: 1, height: 1 };
  #flight: { from: Pose; to: Pose; start: number } | null = null;
  #furthest: number;
  #settling = false;

  constructor(
    canvas: HTMLCanvasElement,
    private readonly frame: Frame,
    private readonly ground: Ground,
    private readonly calm: boolean,
    furthest: number,
    /** The eye will move by itself: somebody has to draw. */
    private readonly woken: () => void,
  ) {
    this.controls = new MapControls(this.camera, canvas);
    this.controls.enableDamping = !calm;
    this.controls.dampingFactor = 0.12;
    this.controls.zoomToCursor = true;
    this.#furthest = furthest;
    this.#focus(WIDE);
    this.controls.minPolarAngle = STEEPEST;
    this.controls.maxPolarAngle = FLATTEST;
    this.controls.mouseButtons = { LEFT: MOUSE.PAN, MIDDLE: MOUSE.DOLLY, RIGHT: MOUSE.ROTATE };
    this.controls.touches = { ONE: TOUCH.PAN, TWO: TOUCH.DOLLY_ROTATE };
    this.controls.addEventListener("start", () => (this.#flight = null));
  }

  /** Metres that the eye may be away from what it looks at. */
  set furthest(metres: number) {
    this.#furthest = metres;
    this.#focus(this.camera.fov);
  }

  /** How many times further off than it seems the eye stands: a map is looked at through a long lens. */
  get stretch(): number {
    return stretchOf(this.camera.fov);
  }

  /** How far off what it looks at seems, metres. */
  get range(): number {
    return this.distance(this.controls.target);
  }

  /** How far off a place seems, metres. */
  readonly distance = (place: Vector3): number => this.camera.position.distanceTo(place) / this.stretch;

  /** Where the eye looks now. */
  get view(): View {
    const pose = this.#pose();
    const { lon, lat } = this.frame.toLonLat(pose.target);
    return {
      lon,
      lat,
      range: pose.spherical.radius,
      heading: (MathUtils.radToDeg(-pose.spherical.theta) + 360) % 360,
      pitch: 90 - MathUtils.radToDeg(pose.spherical.phi),
    };
  }

  /** Look there at once, or fly there where motion is welcome. */
  go(view: View, fly: boolean): void {
    const target = this.frame.toLocal(view.lon, view.lat);
    target.y = this.ground.at(target.x, target.z);
    const phi = MathUtils.clamp(MathUtils.degToRad(90 - view.pitch), STEEPEST, FLATTEST);
    const radius = MathUtils.clamp(view.range, CLOSEST, this.#furthest);
    const to = { target, spherical: new Spherical(radius, phi, -MathUtils.degToRad(view.heading)) };
    if (fly && !this.calm) {
      const from = this.#pose();
      const turn = to.spherical.theta - from.spherical.theta;
      to.spherical.theta = from.spherical.theta + Math.atan2(Math.sin(turn), Math.cos(turn));
      this.#flight = { from, to, start: performance.now() };
      this.woken();
    } else {
      this.#flight = null;
      this.#apply(to);
    }
  }

  /** Change the view: factors and degrees, and metres to the right and ahead. */
  nudge(by: { zoom?: number; turn?: number; tilt?: number; right?: number; ahead?: number }, fly = true): void {
    const pose = this.#flight?.to ?? this.#pose();
    const target = pose.target.clone();
    const heading = -pose.spherical.theta;
    const [right, ahead] = [by.right ?? 0, by.ahead ?? 0];
    target.x += Math.cos(heading) * right + Math.sin(heading) * ahead;
    target.z += Math.sin(heading) * right - Math.cos(heading) * ahead;
    const { lon, lat } = this.frame.toLonLat(target);
    this.go(
      {
        lon,
        lat,
        range: pose.spherical.radius / (by.zoom ?? 1),
        heading: MathUtils.radToDeg(heading) + (by.turn ?? 0),
        pitch: 90 - MathUtils.radToDeg(pose.spherical.phi) + (by.tilt ?? 0),
      },
      fly,
    );
  }

  /** The eye is put on the ground: nobody has steered. */
  get settling(): boolean {
    return this.#settling;
  }

  /** Put the eye's target on the ground, now that it is known. */
  settle(): void {
    if (this.#flight) return;
    const { target } = this.controls;
    const height = this.ground.at(target.x, target.z);
    if (Math.abs(height - target.y) < 0.5) return;
    this.camera.position.y += height - target.y;
    target.y = height;
    this.#settling = true;
    this.controls.update(); // else the next picture would be one of a movement
    this.#settling = false;
    this.camera.updateMatrixWorld();
  }

  resize(width: number, height: number): void {
    this.#size = { width, height };
    this.camera.aspect = width / height;
    const { left, top, bottom } = this.margins;
    this.camera.setViewOffset(width, height, -left / 2, (bottom - top) / 2, width, height);
    this.camera.updateProjectionMatrix();
  }

  /** Move on; true while something still moves. */
  update(now: number): boolean {
    let moving = false;
    if (this.#flight) {
      const { from, to, start } = this.#flight;
      const t = Math.min(1, (now - start) / FLIGHT_MS);
      this.#apply(between(from, to, t * t * (3 - 2 * t)));
      moving = t < 1;
      if (!moving) this.#flight = null;
    } else {
      moving = this.controls.update();
      this.#apply(this.#pose(), false);
    }
    const distance = this.camera.position.distanceTo(this.controls.target);
    const near = MathUtils.clamp(distance * 0.05, 1, 400);
    if (Math.abs(near - this.camera.near) > near * 0.05) {
      this.camera.near = near;
      this.camera.far = Math.max(20_000, distance * 12);
      this.camera.updateProjectionMatrix();
    }
    this.camera.updateMatrixWorld();
    return moving;
  }

  /** Whether nothing covers any of a box of the canvas. */
  readonly frees = (box: Upright): boolean => isClear(box, this.margins, this.#size);

  /** Tells of places whether they are in the picture as it is while the sheet rests. */
  beholder(): (place: Vector3) => boolean {
    const { width, height } = this.#size;
    const { left, top, resting } = this.margins;
    const still = this.camera.clone();
    still.setViewOffset(width, height, -left / 2, (resting - top) / 2, width, height);
    const point = new Vector3();
    const [west, south, north] = [-1 + (2 * left) / width, -1 + (2 * resting) / height, 1 - (2 * top) / height];
    return (place) => {
      const { x, y, z } = point.copy(place).project(still);
      return z < 1 && x > west && x < 1 && y > south && y < north;
    };
  }

  /** Pixels of the canvas's height, and of it those that nothing covers, and its angle in degrees. */
  get picture(): { height: number; free: number; fov: number } {
    const { height } = this.#size;
    return { height, free: height - this.margins.top - this.margins.bottom, fov: WIDE };
  }

  #pose(): Pose {
    const offset = this.camera.position.clone().sub(this.controls.target);
    const spherical = new Spherical().setFromVector3(offset);
    spherical.radius /= this.stretch;
    return { target: this.controls.target.clone(), spherical };
  }

  /** Stand as the pose says; the lens follows the angle. With `settle` the controls forget where they were going. */
  #apply({ target, spherical }: Pose, settle = true): void {
    const lens = lensAt(spherical.phi);
    if (!settle && Math.abs(lens - this.camera.fov) < 1e-3) return;
    this.#focus(lens);
    this.controls.target.copy(target);
    this.camera.position.setFromSpherical(spherical).multiplyScalar(this.stretch).add(target);
    this.camera.lookAt(target);
    if (settle) this.controls.update();
  }

  #focus(lens: number): void {
    this.camera.fov = lens;
    this.camera.updateProjectionMatrix();
    // A little beyond: a limit that is just met is moved to and fro by rounding, for ever.
    this.controls.minDistance = CLOSEST * this.stretch * 0.99;
    this.controls.maxDistance = this.#furthest * this.stretch * 1.01;
  }
}

interface Pose {
  target: Vector3;
  spherical: Spherical;
}

function between(from: Pose, to: Pose, t: number): Pose {
  const mix = (a: number, b: number) => a + (b - a) * t;
  const radius = Math.exp(mix(Math.log(from.spherical.radius), Math.log(to.spherical.radius)));
  return {
    target: from.target.clone().lerp(to.target, t),
    spherical: new Spherical(radius, mix(from.spherical.phi, to.spherical.phi), mix(from.spherical.theta, to.spherical.theta)),
  };
}
