import type { Object3D } from "three";
import { BufferAttribute, BufferGeometry, LineSegments, Mesh } from "three";
import { describe, expect, it } from "vitest";
import type { Feature, Phase, Thing } from "../src/data/types.js";
import type { ChosenParts } from "../src/picture.js";
import { Chosen } from "../src/scene/chosen.js";
import { tone } from "../src/scene/dress.js";
import type { Role } from "../src/scene/materials.js";
import { DAY } from "../src/scene/palette.js";
import type { Table } from "../src/scene/table.js";
import { Choice } from "../src/state/choice.js";
import type { Story } from "../src/story.js";

const TABLE = { count: 3, value: (column: string, row: number) => (column === "id" ? `s${row}` : null) } as unknown as Table;

/** Three features of a layer, each of so many corners. */
function features(corners: number): BufferGeometry {
  const geometry = new BufferGeometry().setAttribute("position", new BufferAttribute(new Float32Array(corners * 9).map((_, i) => i), 3));
  return geometry.setAttribute("_feature_id_0", new BufferAttribute(Uint16Array.from({ length: corners * 3 }, (_, i) => Math.floor(i / corners)), 1));
}

/** Phase and metres from dash to dash of the lines of three features. */
function lines(role: Role, phases: Record<string, Phase>): number[][] {
  const mesh = new LineSegments(features(2)) as unknown as Mesh;
  tone(mesh, TABLE, role, { phaseOf: (id) => phases[id], guise: null, unseen: null, dye: null });
  const bytes = mesh.geometry.getAttribute("feature");
  return [0, 2, 4].map((corner) => [bytes.getZ(corner), bytes.getW(corner)]);
}

describe("the outline of a site", () => {
  it("is dashed while it is coming, whole while it runs, and told as over", () => {
    expect(lines("border", { s0: "coming", s1: "running", s2: "done" })).toEqual([[0, 6], [1, 6], [2, 6]]);
    expect(lines("border", {})[0]).toEqual([1, 6]);
  });

  it("differs from a warning's, which is gone once it is over or unknown, and from a district's, which is always dashed", () => {
    expect(lines("timed-environment", { s0: "coming", s2: "done" })).toEqual([[0, 120], [3, 120], [3, 120]]);
    expect(lines("district", { s1: "done" })).toEqual([[0, 30], [0, 30], [0, 30]]);
  });
});

describe("a chosen site", () => {
  const thing = (id: string, site: string | null, layer = "city.sites"): Thing => ({
    key: `${layer}/${id}`,
    layer: { id: layer, schema: "roadwork/3" } as Thing["layer"],
    feature: { type: "Feature", id, geometry: null, properties: { site } } as Feature,
    lon: NaN,
    lat: NaN,
  });

  it("is chosen with all of its areas, and without those of others", () => {
    const areas = [thing("a", "1"), thing("b", "1"), thing("c", "2"), thing("d", "1", "city.roads"), thing("e", null)];
    const told: (ChosenParts | null)[] = [];
    const story = {
      told: true, spots: { secret: false, leave: () => undefined }, remember: () => undefined, showing: { areas: () => areas },
      scene: { choose: (each: ChosenParts | null) => told.push(each) }, teller: { requestUpdate: () => undefined, present: () => Promise.resolve() },
    } as unknown as Story;
    const choice = new Choice(story);
    choice.choose(areas[0] as Thing, false);
    choice.choose(areas[4] as Thing, false);
    expect(told.map((each) => [...(each?.ids ?? [])])).toEqual([["a", "b"], ["e"]]);
  });

  it("is drawn with all of them", () => {
    const mesh = new Mesh(features(3));
    const accessor = { count: 3, properties: { id: {} }, getPropertyValue: (_: string, row: number) => `s${row}` };
    mesh.userData = { role: "site", structuralMetadata: { tableAccessors: [accessor] } };
    const chosen = new Chosen(DAY);
    chosen.show(new Set(["s0", "s2"]), [mesh as Object3D]);
    expect((chosen.group.children[0] as Mesh).geometry.getAttribute("position").count).toBe(6);
  });

  it("has its own border as its outline, not the triangles of what fills it", () => {
    const accessor = { count: 3, properties: { id: {} }, getPropertyValue: (_: string, row: number) => `s${row}` };
    const structuralMetadata = { tableAccessors: [accessor] };
    const [fill, border] = [new Mesh(features(3)), new LineSegments(features(2))];
    fill.userData = { role: "site", structuralMetadata };
    border.userData = { role: "border", structuralMetadata };
    const chosen = new Chosen(DAY);
    chosen.show(new Set(["s1"]), [fill, border]);
    const outline = chosen.group.children[1] as Mesh;
    expect([...outline.geometry.getAttribute("position").array]).toEqual([6, 7, 8, 9, 10, 11]);
  });
});
