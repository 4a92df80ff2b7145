import type { Material, Raycaster } from "three";
import { BackSide, BufferAttribute, Color, CylinderGeometry, InstancedMesh, MeshBasicMaterial, Object3D, Vector3 } from "three";
import type { Piece } from "./standing.js";

/** As thin as this near by, and never thinner than this part of the distance. */
const RADIUS_M = 1.1;
const THINNEST = 0.0034;
const RIM = 1.22;
const RIM_M = 0.5;
/** How much darker the far side of a shaft is, so that one sees that it is round. */
const TURNED = 0.12;

/** A piece with the place where it stands. */
export type Placed = Piece & { station: number };

/** Any number of columns in the colours of their classes, drawn at once, with a rim that sets them off from the ground. */
export class Columns {
  readonly group = new Object3D();
  readonly #dummy = new Object3D();
  readonly #colour = new MeshBasicMaterial({ vertexColors: true });
  readonly #rim: MeshBasicMaterial;
  #meshes: { mesh: InstancedMesh; rim: boolean }[] = [];
  #placed: readonly Placed[] = [];

  /** @param rim Colour of the rims. */
  constructor(
    rim: Color,
    private readonly shadows: boolean,
  ) {
    this.#rim = new MeshBasicMaterial({ color: rim, side: BackSide });
    this.set([]);
  }

  set(placed: readonly Placed[]): void {
    this.#placed = placed;
    const known = this.#meshes[0]?.mesh.count;
    // One that is not seen is built with the scene: when the first station comes nobody waits for a program.
    if (known !== Math.max(1, placed.length)) this.#make(Math.max(1, placed.length));
    const [columns] = this.#meshes;
    placed.forEach(({ colour }, i) => columns?.mesh.setColorAt(i, colour));
    if (columns?.mesh.instanceColor) columns.mesh.instanceColor.needsUpdate = true;
  }

  /** Let all stand at their stations' feet (x, y, z by station), as wide as the distance asks for. */
  face(feet: Float32Array, distance: (place: Vector3) => number): void {
    const { position, scale } = this.#dummy;
    for (const { mesh, rim } of this.#meshes) {
      this.#placed.forEach(({ station, from, high, wide }, i) => {
        position.fromArray(feet, station * 3);
        const across = widthAt(distance(position)) * wide;
        position.y += from - (rim ? RIM_M : 0);
        scale.set(across * (rim ? RIM : 1), high + (rim ? RIM_M * 2 : 0), across * (rim ? RIM : 1));
        this.#dummy.updateMatrix();
        mesh.setMatrixAt(i, this.#dummy.matrix);
      });
      mesh.instanceMatrix.needsUpdate = true;
      mesh.boundingSphere = null;
    }
  }

  /** The station whose column is hit. */
  pick(raycaster: Raycaster): { station: number; distance: number } | null {
    if (this.#placed.length === 0) return null;
    const hit = this.#meshes[0] && raycaster.intersectObject(this.#meshes[0].mesh, false)[0];
    const placed = hit?.instanceId === undefined ? undefined : this.#placed[hit.instanceId];
    return hit && placed ? { station: placed.station, distance: hit.distance } : null;
  }

  #make(count: number): void {
    for (const { mesh } of this.#meshes) mesh.dispose();
    this.group.clear();
    this.#meshes = [this.#colour, this.#rim].map((material) => ({ mesh: this.#instances(material, count), rim: material === this.#rim }));
    for (const { mesh } of this.#meshes) this.group.add(mesh);
  }

  #instances(material: Material, count: number): InstancedMesh {
    const mesh = new InstancedMesh(SHAFT, material, count);
    mesh.frustumCulled = false;
    mesh.castShadow = this.shadows && material === this.#colour;
    mesh.setColorAt(0, WHITE);
    mesh.setMatrixAt(0, this.#dummy.matrix.makeScale(0, 0, 0));
    return mesh;
  }
}

/** Half the width of a column as far away as this, metres. */
export function widthAt(distance: number): number {
  return Math.max(RADIUS_M, distance * THINNEST);
}

const WHITE = new Color(1, 1, 1);
const SHAFT = shaft();

function shaft(): CylinderGeometry {
  const shaft = new CylinderGeometry(1, 1, 1, 16).translate(0, 0.5, 0);
  const normal = shaft.getAttribute("normal");
  const shades = new Float32Array(normal.count * 3);
  for (let i = 0; i < normal.count; i++) shades.fill(1 - TURNED * (1 - Math.max(normal.getX(i), normal.getY(i))) / 2, i * 3, i * 3 + 3);
  shaft.setAttribute("color", new BufferAttribute(shades, 3));
  return shaft;
}
