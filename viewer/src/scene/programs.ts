import type { Camera, Material, Object3D, Scene, WebGLRenderer } from "three";
import { BackSide, BoxGeometry, BufferGeometry, Color, DoubleSide, Group, InstancedMesh, LineSegments, Mesh, MeshBasicMaterial, MeshDepthMaterial, WebGLRenderTarget } from "three";
import type { Card } from "./card.js";
import { Slice } from "../slices.js";
import type { Look, Role } from "./materials.js";

/** What a city is drawn with, whatever its layers; other roles are built when their first tile comes. */
const SURFACES: Role[] = ["wall", "terrain", "green", "site"];
const LINES: Role[] = ["edge", "street-line", "district"];

/**
 * The graphics programs, built ahead and one after the other: who draws with a program that is not ready makes
 * everybody wait, a finger too.
 */
export class Programs {
  readonly #known = new WeakSet<object>();
  #asking = 0;

  constructor(
    private readonly renderer: WebGLRenderer,
    private readonly scene: Scene,
    private readonly camera: Camera,
    private readonly card: Card,
    /** Told once no program is asked for any more. */
    private readonly done: () => void,
  ) {
    // Asking for errors waits for the graphics card each time; what we write is tested.
    renderer.debug.checkShaderErrors = false;
  }

  /** Build what this is drawn with; done when it can be drawn without waiting. */
  async ready(what: Object3D): Promise<void> {
    const before = this.renderer.info.programs?.length ?? 0;
    this.renderer.compile(what, this.camera, this.scene);
    if ((this.renderer.info.programs?.length ?? 0) > before) await this.#ask();
  }

  /** Build what any city is drawn with, and what the scene has in it by now. */
  async warm(look: Look): Promise<void> {
    const { renderer, camera, scene } = this;
    const slice = new Slice();
    for (const sample of [...sampled(look).children, ...signs()]) {
      await slice.pause();
      renderer.compile(sample, camera, scene);
    }
    await slice.pause();
    renderer.compile(scene, camera);
    await this.card.quiet(); // the first texture asks what the card can
    if (!look.palette.flat) this.#shadows();
    await this.#ask();
  }

  /** Build what tiles are drawn with while they come and go. */
  async warmFading(look: Look): Promise<void> {
    const samples = sampled(look);
    samples.traverse((each) => {
      const material = (each as Mesh).material as Material | undefined;
      if (material?.defines) material.defines["FEATURE_FADE"] = 1;
    });
    await this.ready(samples);
  }

  /** Shadows are cast by programs of their own, which are those of a picture that is kept. */
  #shadows(): void {
    const { renderer, camera, scene } = this;
    const box = new BoxGeometry();
    const target = new WebGLRenderTarget(1, 1);
    const tree = new InstancedMesh(box, new MeshDepthMaterial({ side: BackSide }), 1);
    tree.setColorAt(0, new Color());
    const casters = new Group().add(tree);
    for (const side of [DoubleSide, BackSide] as const) casters.add(new Mesh(box, new MeshDepthMaterial({ side })));
    const before = renderer.getRenderTarget();
    renderer.setRenderTarget(target);
    renderer.compile(casters, camera, scene);
    renderer.setRenderTarget(before);
    target.dispose();
  }

  /** Whether programs are asked for: who orders a picture meanwhile makes them wait for it. */
  get asking(): boolean {
    return this.#asking > 0;
  }

  /**
   * Ask each new program once what it wants. The first question is answered when the card has done all it was
   * given, by other pages and the browser's own painting as well, and holds up the page until then; so it is put
   * when the program is built and the card does nothing.
   */
  async #ask(): Promise<void> {
    const fresh = [...(this.renderer.info.programs ?? [])].filter((each) => !this.#known.has(each)) as unknown as Program[];
    for (const each of fresh) this.#known.add(each);
    this.#asking += 1;
    for (const each of fresh) {
      do await this.card.quiet();
      while (each.usedTimes > 0 && !this.card.gone && !each.isReady());
      if (each.usedTimes === 0) continue; // its tile has gone meanwhile
      each.getUniforms();
      each.getAttributes();
    }
    this.#asking -= 1;
    this.done();
  }
}

/** What the library keeps of a program; its types leave this out. */
interface Program {
  usedTimes: number;
  isReady(): boolean;
  getUniforms(): void;
  getAttributes(): void;
}

/** One of each that a city is drawn with. */
function sampled(look: Look): Group {
  const box = new BoxGeometry();
  const samples = new Group();
  for (const role of SURFACES) samples.add(new Mesh(box, look.material(role)));
  const line = new BufferGeometry().setAttribute("position", box.getAttribute("position"));
  for (const role of LINES) samples.add(new LineSegments(line, look.material(role)));
  const tree = new InstancedMesh(box, look.material("leaves"), 1);
  tree.setColorAt(0, look.palette.leaves);
  return samples.add(tree);
}

/** What rings around stations are drawn with, lying and in the air: they come with the first values. */
function signs(): Mesh[] {
  const box = new BoxGeometry();
  return [true, false].map((transparent) => {
    const ring = new InstancedMesh(box, new MeshBasicMaterial({ side: DoubleSide, transparent, forceSinglePass: true }), 1);
    ring.setColorAt(0, new Color());
    return ring;
  });
}
