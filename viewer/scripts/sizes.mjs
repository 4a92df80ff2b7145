// Script sizes as browsers get them (brotli), against the budget: at most 250 kB to the first building.
import { readFileSync, readdirSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const BUDGET = 250_000;
// Asked for by a visitor's hand, or only where there is no WebGL or no worker: not on the way to the first building.
const LATER = [
  "node_modules/three/examples/jsm/libs/meshopt_decoder.module.js",
  "src/flat/raise.ts",
  "src/parts/closer.ts",
  "src/parts/measure.ts",
  "src/parts/near.ts",
  "src/parts/paper.ts",
  "src/parts/scale.ts",
  "src/parts/sunny.ts",
  "src/state/finder.ts",
  "src/words/plain.ts",
];
const folder = new URL("../dist/assets/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("../manifest.json", folder), "utf8"));
// What several scripts share lies in one of its own: it comes first only with one that comes first.
const ways = (name) => [...(manifest[name].imports ?? []), ...(manifest[name].dynamicImports ?? []).filter((each) => !LATER.includes(each))];
const first = new Set();
const reach = (name) => first.has(name) || (first.add(name), ways(name).forEach(reach));
Object.keys(manifest).filter((name) => manifest[name].isEntry).forEach(reach);
const later = new Set(Object.keys(manifest).filter((name) => !first.has(name)).map((name) => manifest[name].file.replace("assets/", "")));
const sizes = {};
for (const name of readdirSync(folder).filter((each) => each.endsWith(".js"))) {
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  sizes[name] = brotliCompressSync(readFileSync(new URL(name, folder)), options).length;
}
const total = Object.entries(sizes).reduce((sum, [name, each]) => (later.has(name) ? sum : sum + each), 0);
console.log(JSON.stringify({ brotli: sizes, total, budget: BUDGET }, null, 2));
process.exit(total > BUDGET ? 1 : 0);
