import type { Object3D } from "three";

export type Value = string | number | boolean | null;

interface Accessor {
  count: number;
  properties: Record<string, { noData?: unknown }>;
  definition: { class: string; properties: Record<string, unknown> };
  getPropertyValue(name: string, row: number): unknown;
}

/** The property table of a mesh: rows are features, columns those of the schema. */
export class Table {
  constructor(private readonly accessor: Accessor) {}

  /** The schema's name: `building`, `roadwork` … */
  get className(): string {
    return this.accessor.definition.class;
  }

  get count(): number {
    return this.accessor.count;
  }

  /** One value; null where the column or the value is missing. */
  value(column: string, row: number): Value {
    if (!this.accessor.properties[column] || row >= this.accessor.count) return null;
    const value = this.accessor.getPropertyValue(column, row);
    if (typeof value === "bigint") return Number(value);
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? plain(value) : null;
  }

  /** One row with all its columns. */
  row(row: number): Record<string, Value> {
    return Object.fromEntries(Object.keys(this.accessor.properties).map((column) => [column, this.value(column, row)]));
  }
}

function plain(value: string | number | boolean): Value {
  if (typeof value === "number" && !Number.isFinite(value)) return null;
  return value === "" ? null : value;
}

/** The table that a mesh's feature ids point into, or null. */
export function tableOf(mesh: Object3D): Table | null {
  const features = mesh.userData["meshFeatures"] as { featureIds: { propertyTable: number | null }[] } | undefined;
  const metadata = mesh.userData["structuralMetadata"] as { tableAccessors: Accessor[] } | undefined;
  const accessor = metadata?.tableAccessors[features?.featureIds[0]?.propertyTable ?? 0];
  return accessor ? new Table(accessor) : null;
}
