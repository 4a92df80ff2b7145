// Script sizes as browsers get them (brotli), against the budget: at most 250 kB to the first building.
import { readFileSync, readdirSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const BUDGET = 250_000;
const folder = new URL("../dist/assets/", import.meta.url);
const sizes = {};
for (const name of readdirSync(folder).filter((each) => each.endsWith(".js"))) {
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  sizes[name] = brotliCompressSync(readFileSync(new URL(name, folder)), options).length;
}
const total = Object.values(sizes).reduce((sum, each) => sum + each, 0);
console.log(JSON.stringify({ brotli: sizes, total, budget: BUDGET }, null, 2));
process.exit(total > BUDGET ? 1 : 0);
