import type { Mesh } from "three";
import type { Column } from "../data/types.js";
import type { Table } from "./table.js";

/** Whether a row is drawn by nobody, because one of a better choice lies in its place. */
export type Unseen = (row: number) => boolean;
type Draw = (mesh: Mesh, table: Table, unseen: Unseen) => void;

/** Of features that lie on each other by choice (noise by day and by night), those of the first choice that there is. */
export class Instead {
  /** By column: the place of the first choice that any tile has had, and the meshes drawn by it. */
  readonly #known = new Map<Column, { first: number; meshes: Map<Mesh, [Table, Draw]> }>();

  add(mesh: Mesh, table: Table, column: Column, draw: Draw): void {
    const known = this.#known.get(column) ?? { first: Infinity, meshes: new Map() };
    this.#known.set(column, known);
    known.meshes.set(mesh, [table, draw]);
    const first = Math.min(known.first, ...Array.from({ length: table.count }, (_, row) => place(column, table, row)));
    const again = first < known.first ? [...known.meshes] : [[mesh, [table, draw]] as const];
    known.first = first;
    for (const [each, [rows, drawn]] of again) drawn(each, rows, (row: number) => place(column, rows, row) > first);
  }

  forget(mesh: Mesh): void {
    for (const { meshes } of this.#known.values()) meshes.delete(mesh);
  }
}

/** What says nothing comes last. */
function place(column: Column, table: Table, row: number): number {
  const found = column.choices.findIndex((each) => each.value === table.value(column.name, row));
  return found < 0 ? column.choices.length : found;
}
