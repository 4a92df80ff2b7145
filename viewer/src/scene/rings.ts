import type { Vector3 } from "three";
import { Color, DoubleSide, InstancedMesh, MeshBasicMaterial, Object3D, RingGeometry } from "three";
import { widthAt } from "./columns.js";

/** A ring around a station. */
export interface Ring {
  station: number;
  /** Metres over the ground. */
  at: number;
  /** As many times as wide as a column. */
  wide: number;
  colour: Color;
}

/** Level rings around columns: on the ground, under whatever stands there, or in the air. */
export class Rings {
  readonly group = new Object3D();
  readonly #material: MeshBasicMaterial;
  readonly #dummy = new Object3D();
  #mesh: InstancedMesh | null = null;
  #rings: readonly Ring[] = [];

  constructor(private readonly lying: boolean) {
    this.#material = new MeshBasicMaterial({ side: DoubleSide, transparent: lying, opacity: lying ? 0.85 : 1, depthTest: !lying, forceSinglePass: true });
  }

  set(rings: readonly Ring[]): void {
    this.#rings = rings;
    this.#mesh?.dispose();
    this.group.clear();
    this.#mesh = null;
    if (rings.length === 0) return;
    const mesh = new InstancedMesh(BAND, this.#material, rings.length);
    mesh.frustumCulled = false;
    mesh.raycast = () => undefined;
    if (this.lying) mesh.renderOrder = -4;
    rings.forEach(({ colour }, i) => mesh.setColorAt(i, colour));
    this.#mesh = mesh;
    this.group.add(mesh);
  }

  face(feet: Float32Array, distance: (place: Vector3) => number): void {
    const { position, scale } = this.#dummy;
    this.#rings.forEach(({ station, at, wide }, i) => {
      position.fromArray(feet, station * 3);
      scale.setScalar(widthAt(distance(position)) * wide);
      position.y += at;
      this.#dummy.updateMatrix();
      this.#mesh?.setMatrixAt(i, this.#dummy.matrix);
    });
    if (this.#mesh) this.#mesh.instanceMatrix.needsUpdate = true;
  }
}

const BAND = new RingGeometry(0.7, 1, 40).rotateX(-Math.PI / 2);
