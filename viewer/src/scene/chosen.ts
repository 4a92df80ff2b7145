import type { Mesh, Object3D } from "three";
import { BufferGeometry, EdgesGeometry, Float32BufferAttribute, Group, LineBasicMaterial, LineSegments, Mesh as Surface, MeshBasicMaterial, Vector3 } from "three";
import type { Palette } from "./palette.js";
import { tableOf } from "./table.js";

/** The chosen feature, drawn again over the scene: a veil and an outline. */
export class Chosen {
  readonly group = new Group();
  #id: string | null = null;

  constructor(private readonly palette: Palette) {}

  clear(): void {
    this.#id = null;
    this.#empty();
  }

  /** Draw the feature with this id from the tiles shown; nothing where no tile has it. Returns its middle. */
  show(id: string, tiles: Iterable<Object3D>): Vector3 | null {
    this.#id = id;
    this.#empty();
    const places: number[] = [];
    for (const tile of tiles) tile.traverse((each) => collect(each as Mesh, id, places));
    if (places.length === 0) return null;
    const geometry = new BufferGeometry().setAttribute("position", new Float32BufferAttribute(places, 3));
    const veil = new Surface(
      geometry,
      new MeshBasicMaterial({
        color: this.palette.chosen,
        transparent: true,
        opacity: 0.45,
        depthWrite: false,
        polygonOffset: true,
        polygonOffsetFactor: -1,
        polygonOffsetUnits: -4,
      }),
    );
    veil.renderOrder = 3;
    const outline = new LineSegments(
      new EdgesGeometry(geometry, 25),
      new LineBasicMaterial({ color: this.palette.chosen, depthTest: false, transparent: true, opacity: 0.9 }),
    );
    outline.renderOrder = 4;
    for (const each of [veil, outline]) each.raycast = () => undefined;
    this.group.add(veil, outline);
    geometry.computeBoundingBox();
    return geometry.boundingBox?.getCenter(new Vector3()) ?? null;
  }

  /** Draw again after other tiles have come. */
  refresh(tiles: Iterable<Object3D>): void {
    if (this.#id !== null) this.show(this.#id, tiles);
  }

  #empty(): void {
    for (const child of this.group.children) (child as Mesh).geometry.dispose();
    this.group.clear();
  }
}

function collect(mesh: Mesh, id: string, places: number[]): void {
  const role = mesh.userData["role"] as string | undefined;
  if (!mesh.isMesh || (role !== "wall" && role !== "roof" && role !== "site")) return;
  const ids = mesh.geometry.getAttribute("_feature_id_0");
  const table = tableOf(mesh);
  if (!ids || !table) return;
  let row = -1;
  for (let i = 0; i < table.count && row < 0; i++) if (table.value("id", i) === id) row = i;
  if (row < 0) return;
  const position = mesh.geometry.getAttribute("position");
  const index = mesh.geometry.getIndex();
  const point = new Vector3();
  const count = index ? index.count : position.count;
  for (let i = 0; i + 2 < count; i += 3) {
    const at = (k: number) => (index ? index.getX(i + k) : i + k);
    if (ids.getX(at(0)) !== row) continue;
    for (let k = 0; k < 3; k++) {
      point.fromBufferAttribute(position, at(k)).applyMatrix4(mesh.matrixWorld);
      places.push(point.x, point.y, point.z);
    }
  }
}
