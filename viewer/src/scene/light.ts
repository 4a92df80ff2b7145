import type { Scene } from "three";
import {
  BackSide,
  Color,
  DirectionalLight,
  HemisphereLight,
  Mesh,
  ShaderMaterial,
  SphereGeometry,
  Vector3,
} from "three";
import type { Ground } from "./ground.js";
import { hourOf } from "./hour.js";
import type { Palette } from "./palette.js";
import { Plain } from "./plain.js";

const RAD = Math.PI / 180;
/** A sun that has moved by less casts the same shadows to the eye. */
const LEAST_TURN = 0.5 * RAD;

/** Where a light stands, and how high the sun itself, all in degrees. */
interface Stand {
  azimuth: number;
  altitude: number;
  height: number;
}

/** One sun with soft shadows, sky light from above, a gradient sky, and a plain that runs out into it. */
export class Daylight {
  readonly #sun = new DirectionalLight();
  readonly #sky = new HemisphereLight();
  readonly #dome: Mesh;
  readonly #plain: Plain;
  readonly #direction = new Vector3();
  readonly #uniforms = { horizon: { value: new Color() }, zenith: { value: new Color() } };
  #height = NaN;

  constructor(scene: Scene, private readonly palette: Palette, where: Stand, shadowSize: number) {
    this.#plain = new Plain(palette);
    this.turn(where);
    this.#sun.castShadow = shadowSize > 0;
    this.#sun.shadow.mapSize.set(shadowSize, shadowSize);
    this.#sun.shadow.radius = 2.5;
    this.#sun.shadow.intensity = 0.62;
    this.#sky.groundColor.copy(palette.bounce);
    this.#dome = new Mesh(
      new SphereGeometry(1, 24, 16),
      new ShaderMaterial({
        side: BackSide,
        depthTest: false,
        depthWrite: false,
        uniforms: this.#uniforms,
        vertexShader: `varying vec3 way;
          void main() {
            way = position;
            gl_Position = projectionMatrix * vec4(mat3(modelViewMatrix) * position, 1.0);
          }`,
        fragmentShader: `varying vec3 way; uniform vec3 horizon; uniform vec3 zenith;
          void main() {
            gl_FragColor = vec4(mix(horizon, zenith, smoothstep(0.0, 0.55, normalize(way).y)), 1.0);
            #include <colorspace_fragment>
          }`,
      }),
    );
    this.#dome.frustumCulled = false;
    this.#dome.renderOrder = -30;
    scene.add(this.#sun, this.#sun.target, this.#sky, this.#dome, this.#plain.mesh);
  }

  /** Let the sun shine from there; true where that can be seen. Shadows are cast from there after the next `aim`. */
  turn({ azimuth, altitude, height }: Stand): boolean {
    const way = new Vector3(
      Math.sin(azimuth * RAD) * Math.cos(altitude * RAD),
      Math.sin(altitude * RAD),
      -Math.cos(azimuth * RAD) * Math.cos(altitude * RAD),
    );
    const hour = hourOf(this.palette, height);
    if (way.angleTo(this.#direction) < LEAST_TURN && Math.abs(hour.height - this.#height) < LEAST_TURN / RAD) return false;
    this.#direction.copy(way);
    this.#height = hour.height;
    this.#sun.color.copy(hour.sun);
    this.#sun.intensity = hour.sunStrength;
    this.#sky.color.copy(hour.sky);
    this.#sky.intensity = hour.skyStrength;
    this.#uniforms.horizon.value.copy(hour.horizon);
    this.#uniforms.zenith.value.copy(hour.zenith);
    this.#plain.shine(way.y, hour);
    return true;
  }

  /** Let the plain lie around the ground that is known, else at this level, reaching this far. */
  lay(ground: Ground, level: number, radius: number): void {
    this.#plain.lay(ground, level, radius);
  }

  /** Cast the shadows around this place; `radius` in metres. */
  aim(target: Vector3, radius: number): void {
    const step = radius / 64; // moves in steps, so that the shadow's edge does not crawl
    this.#sun.target.position.set(
      Math.round(target.x / step) * step,
      target.y,
      Math.round(target.z / step) * step,
    );
    this.#sun.target.updateMatrixWorld();
    this.#sun.position.copy(this.#direction).multiplyScalar(radius * 3).add(this.#sun.target.position);
    this.#sun.updateMatrixWorld();
    const { camera } = this.#sun.shadow;
    camera.left = camera.bottom = -radius;
    camera.right = camera.top = radius;
    camera.near = radius * 0.5;
    camera.far = radius * 5.5;
    camera.updateProjectionMatrix();
    this.#sun.shadow.normalBias = radius / 420;
    this.#sun.shadow.bias = -0.0006;
  }
}
