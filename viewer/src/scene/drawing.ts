import type { Camera } from "three";
import { Color, PCFShadowMap, Scene, Vector2, WebGLRenderer } from "three";
import { breathe } from "../slices.js";
import { measured } from "./canvas.js";
import { Card } from "./card.js";
import type { Look } from "./materials.js";
import { Programs } from "./programs.js";

const SHADE_MS = 500;
/** While much changes, shadows are cast anew once in so many pictures. */
const SHADE_EACH = 8;
/** Who needs longer than this for a picture draws a coarser one while the view moves. */
const SLOW_MS = 60;
const COARSE = 0.5;

/** The canvas and what is on it: drawn when something changes, and only then. */
export class Drawing {
  readonly scene = new Scene();
  readonly size = new Vector2(1, 1);
  readonly renderer: WebGLRenderer;
  readonly programs: Programs;
  /** What it is drawn with is built: from now on it can be drawn. */
  ready = false;
  readonly #card: Card;
  #asked = 0;
  #shaded = 0;
  #owed = false;
  /** The canvas shows nothing but the background: to say so again would be a picture for nothing. */
  #blank = false;
  #ratio: number;
  #disposed = false;

  constructor(
    options: { canvas: HTMLCanvasElement; context: WebGL2RenderingContext; onLost: (lost: boolean) => void },
    background: Color,
    private readonly camera: Camera,
    private readonly frame: (now: number) => void,
  ) {
    this.renderer = new WebGLRenderer({ ...options, antialias: true });
    this.renderer.setClearColor(background);
    const { width, height, ratio } = measured(options.canvas);
    this.#ratio = ratio;
    this.renderer.setDrawingBufferSize(width, height, ratio);
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.renderer.shadowMap.autoUpdate = false;
    // After the renderer's own listeners: once its context is there again it draws all anew, if it is asked to.
    for (const lost of [true, false]) options.canvas.addEventListener(lost ? "webglcontextlost" : "webglcontextrestored", () => this.#turn(lost, options.onLost));
    this.#card = new Card(options.context);
    this.programs = new Programs(this.renderer, this.scene, camera, this.#card, this.#pay);
  }

  /** Build what the scene is drawn with; call once all that every city has is in it. */
  async prepare(look: Look): Promise<void> {
    await breathe(); // to make the renderer took long enough
    await this.programs.warm(look);
    this.ready = true;
    this.ask();
  }

  /** Whether a picture is asked for, or was put off. */
  get awaited(): boolean {
    return this.#asked !== 0 || this.#owed;
  }

  /** Draw soon. */
  ask(): void {
    this.#asked ||= requestAnimationFrame((now) => {
      this.#asked = 0;
      this.frame(now);
    });
  }

  /**
   * Draw now; nothing but the background while `bare` or not ready. A picture nobody moves waits for the one
   * before it, and for programs that are asked for. Until one has settled it is coarser on a slow card.
   *
   * @returns Whether the scene was drawn.
   */
  draw(bare: boolean, moving: boolean, roaming: boolean): boolean {
    if (bare || !this.ready) {
      if (!this.#blank) this.renderer.clear();
      this.#blank = true;
      return false;
    }
    this.#owed = this.programs.asking || (!moving && this.#card.busy);
    if (this.#owed) return false;
    const ratio = this.#ratio * (roaming && this.#card.took > SLOW_MS ? COARSE : 1);
    if (ratio !== this.renderer.getPixelRatio()) this.renderer.setPixelRatio(ratio);
    this.#blank = false;
    this.renderer.render(this.scene, this.camera);
    void this.#card.drawn(this.#pay);
    return true;
  }

  /** Draw at once, whoever has to wait for it. */
  now(): void {
    if (this.ready) this.renderer.render(this.scene, this.camera);
  }

  /** What was put off is drawn. */
  readonly #pay = (): void => {
    if (this.#owed) this.ask();
  };

  /** Give the canvas another size, CSS pixels. */
  resize(width: number, height: number): void {
    this.size.set(width, height);
    this.#blank = false;
    this.renderer.setSize(width, height, false);
  }

  /** Pixels across the map of shadows: as many as the machine and its screen are good for. */
  get shadowSize(): number {
    return Math.min(this.renderer.capabilities.maxTextureSize, window.devicePixelRatio > 1.5 && innerWidth < 600 ? 1024 : 2048);
  }

  /** Cast the shadows again; while tiles stream in not with every one of them, but once all is settled. */
  shade(settled = false): void {
    const now = performance.now();
    if (!settled && now - this.#shaded < Math.max(SHADE_MS, SHADE_EACH * this.#card.took)) return;
    this.#shaded = now;
    this.renderer.shadowMap.needsUpdate = true;
  }

  dispose(): void {
    this.#disposed = true;
    cancelAnimationFrame(this.#asked);
    this.renderer.dispose();
  }

  /** The graphics card took away all that it was given, or takes it again. */
  #turn(lost: boolean, told: (lost: boolean) => void): void {
    if (this.#disposed) return;
    if (!lost) {
      this.#blank = false;
      this.shade(true);
      this.ask();
    }
    told(lost);
  }
}
