import type { Mesh, Object3D } from "three";
import { BufferGeometry, EdgesGeometry, Float32BufferAttribute, Group, LineBasicMaterial, LineSegments, Mesh as Surface, MeshBasicMaterial, Vector3 } from "three";
import type { Role } from "./materials.js";
import { formOfRole } from "./materials.js";
import type { Palette } from "./palette.js";
import { tableOf } from "./table.js";

/** The chosen feature, drawn again over the scene: a veil and an outline. */
export class Chosen {
  readonly group = new Group();
  #ids: ReadonlySet<string> | null = null;

  constructor(private readonly palette: Palette) {}

  clear(): void {
    this.#ids = null;
    this.#empty();
  }

  /** Draw the features with these ids from the tiles shown; nothing where no tile has them. Returns their middle. */
  show(ids: ReadonlySet<string>, tiles: Iterable<Object3D>): Vector3 | null {
    this.#ids = ids;
    this.#empty();
    const faces: number[] = [];
    const lines: number[] = [];
    for (const tile of tiles) tile.traverse((each) => collect(each as Mesh, ids, faces, lines));
    if (faces.length + lines.length === 0) return null;
    const geometry = new BufferGeometry().setAttribute("position", new Float32BufferAttribute(faces, 3));
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
    const edges = lines.length ? new BufferGeometry().setAttribute("position", new Float32BufferAttribute(lines, 3)) : new EdgesGeometry(geometry, 25);
    const outline = new LineSegments(
      edges,
      new LineBasicMaterial({ color: this.palette.chosen, depthTest: false, transparent: true, opacity: 0.9 }),
    );
    outline.renderOrder = 4;
    for (const each of [veil, outline]) each.raycast = () => undefined;
    this.group.add(veil, outline);
    const seen = faces.length ? geometry : edges;
    seen.computeBoundingBox();
    return seen.boundingBox?.getCenter(new Vector3()) ?? null;
  }

  /** Draw again after other tiles have come. */
  refresh(tiles: Iterable<Object3D>): void {
    if (this.#ids !== null) this.show(this.#ids, tiles);
  }

  #empty(): void {
    for (const child of this.group.children) (child as Mesh).geometry.dispose();
    this.group.clear();
  }
}

/** Forms whose faces or segments are drawn again. */
const FACES = new Set(["wall", "roof", "site", "area", "line"]);
const LINES = new Set(["stroke", "timed", "district", "border"]);

function collect(mesh: Mesh, wanted: ReadonlySet<string>, faces: number[], lines: number[]): void {
  const role = mesh.userData["role"] as Role | undefined;
  const form = role && formOfRole(role);
  const segments = (mesh as Object3D as LineSegments).isLineSegments && LINES.has(form ?? "");
  if (!segments && !(mesh.isMesh && FACES.has(form ?? ""))) return;
  const ids = mesh.geometry.getAttribute("_feature_id_0");
  const table = tableOf(mesh);
  if (!ids || !table) return;
  const rows = new Set<number>();
  for (let i = 0; i < table.count; i++) if (wanted.has(String(table.value("id", i)))) rows.add(i);
  if (rows.size === 0) return;
  const position = mesh.geometry.getAttribute("position");
  const index = mesh.geometry.getIndex();
  const point = new Vector3();
  const count = index ? index.count : position.count;
  const step = segments ? 2 : 3;
  const target = segments ? lines : faces;
  for (let i = 0; i + step <= count; i += step) {
    const at = (k: number) => (index ? index.getX(i + k) : i + k);
    if (!rows.has(ids.getX(at(0)))) continue;
    for (let k = 0; k < step; k++) {
      point.fromBufferAttribute(position, at(k)).applyMatrix4(mesh.matrixWorld);
      target.push(point.x, point.y, point.z);
    }
  }
}
