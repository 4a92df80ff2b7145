import type { Camera, Material, Object3D, Scene, WebGLRenderer } from "three";
import { BackSide, BoxGeometry, BufferGeometry, Color, DoubleSide, Group, InstancedMesh, LineSegments, Mesh, MeshDepthMaterial, WebGLRenderTarget } from "three";
import type { Look, Role } from "./materials.js";
import { breathe } from "./slices.js";

/** What a city is drawn with, whatever its layers; other roles are built when their first tile comes. */
const SURFACES: Role[] = ["wall", "terrain", "green", "site"];
const LINES: Role[] = ["edge", "street-line", "district"];

/**
 * The graphics programs, built ahead and one after the other: who draws with a program that is not ready makes
 * everybody wait, a finger too.
 */
export class Programs {
  readonly #known = new WeakSet<object>();

  constructor(
    private readonly renderer: WebGLRenderer,
    private readonly scene: Scene,
    private readonly camera: Camera,
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
    const samples = sampled(look);
    renderer.compile(samples, camera, scene);
    renderer.compile(scene, camera);
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

  /** Ask each new program once what it wants, while the card has nothing else to do: that is when it is waited for. */
  async #ask(): Promise<void> {
    for (const each of [...(this.renderer.info.programs ?? [])]) {
      if (this.#known.has(each)) continue;
      this.#known.add(each);
      const program = each as unknown as { getUniforms(): void; getAttributes(): void };
      program.getUniforms();
      program.getAttributes();
      await breathe();
    }
  }
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
