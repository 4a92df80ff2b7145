import type { Camera } from "three";
import { Vector3 } from "three";

/** What is drawn over the scene in the page's own lines: sharp at any zoom, in the colours of its styles. */
export interface Shape {
  kind: "pin" | "you" | "path" | "ring";
  /** In the local frame. */
  points: readonly Vector3[];
  /** Whether a path returns to its beginning. */
  closed?: boolean;
}

const SPACE = "http://www.w3.org/2000/svg";
const SIGNS: Record<Shape["kind"], string> = {
  pin: "M0 0c-7-10-9.500-14-9.500-18.500a9.500 9.500 0 1 1 19 0C9.500-14 7-10 0 0Z",
  you: "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0",
  path: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0",
  ring: "M-18 0a18 18 0 1 0 36 0a18 18 0 1 0-36 0",
};

/** Marks and lines over the scene; they follow the camera. */
export class Overlay {
  readonly #root = document.createElementNS(SPACE, "svg");
  readonly #shapes = new Map<string, { shape: Shape; group: SVGElement }>();

  #aimed: (() => readonly [number, number] | null) | null = null;
  readonly #cross = element("path", "cross", "M-14 0H-4M4 0H14M0-14V-4M0 4V14");

  constructor(
    host: HTMLElement,
    /** Something has to be drawn. */
    private readonly stir: () => void,
  ) {
    this.#root.classList.add("overlay");
    this.#root.setAttribute("aria-hidden", "true");
    host.prepend(this.#root);
  }

  /** Draw a shape under a name, in the place of what was there; null takes it away. */
  set(name: string, shape: Shape | null): void {
    this.#shapes.get(name)?.group.remove();
    this.#shapes.delete(name);
    if (shape && shape.points.length > 0) {
      const group = document.createElementNS(SPACE, "g");
      group.classList.add(shape.kind);
      if (shape.kind === "path") for (const name of ["halo", "line"]) group.append(element("path", name));
      for (const _ of shape.points) group.append(element("path", "sign", SIGNS[shape.kind]));
      this.#root.append(group);
      this.#shapes.set(name, { shape, group });
    }
    this.stir();
  }

  /** Show a cross where keys aim, CSS pixels; null takes it away. */
  aim(at: (() => readonly [number, number] | null) | null): void {
    this.#aimed = at;
    this.#cross.remove();
    if (at) this.#root.append(this.#cross);
    this.stir();
  }

  /** Put all shapes where the camera sees them now. */
  place(camera: Camera, width: number, height: number): void {
    const aim = this.#aimed?.();
    if (aim) this.#cross.setAttribute("transform", `translate(${aim.join(" ")})`);
    for (const { shape, group } of this.#shapes.values()) {
      const eyes = shape.points.map((each) => each.clone().applyMatrix4(camera.matrixWorldInverse));
      const signs = group.querySelectorAll<SVGElement>(".sign");
      eyes.forEach((point, i) => {
        const sign = signs[i] as SVGElement;
        const place = point.z < -NEAR ? onScreen(point, camera, width, height) : null;
        if (place) sign.setAttribute("transform", `translate(${place.join(" ")})`);
        sign.toggleAttribute("hidden", !place);
      });
      if (shape.kind !== "path") continue;
      const ends = shape.closed && eyes.length > 2 ? [...eyes, eyes[0] as Vector3] : eyes;
      const line = segments(ends).map((pair) => `M${pair.map((each) => onScreen(each, camera, width, height).join(" ")).join("L")}`).join("");
      for (const path of group.querySelectorAll(".halo, .line")) path.setAttribute("d", line);
    }
  }
}

/** Metres before the eye from which on something is seen. */
const NEAR = 0.5;

function element(tag: string, name: string, path = ""): SVGElement {
  const made = document.createElementNS(SPACE, tag);
  made.classList.add(name);
  if (path) made.setAttribute("d", path);
  return made;
}

function onScreen(point: Vector3, camera: Camera, width: number, height: number): [string, string] {
  const { x, y } = point.clone().applyMatrix4(camera.projectionMatrix);
  return [(((x + 1) / 2) * width).toFixed(1), (((1 - y) / 2) * height).toFixed(1)];
}

/** The parts of a line that lie before the eye, in its coordinates. */
export function segments(points: readonly Vector3[]): [Vector3, Vector3][] {
  return points.slice(1).flatMap((to, i): [Vector3, Vector3][] => {
    const from = points[i] as Vector3;
    if (from.z > -NEAR && to.z > -NEAR) return [];
    const at = (-NEAR - from.z) / (to.z - from.z);
    const edge = from.clone().lerp(to, at);
    return [[from.z > -NEAR ? edge : from, to.z > -NEAR ? edge : to]];
  });
}
