// The build's files as they travel, packed as tightly as can be: `x.js` lies beside `x.js.br` and `x.js.gz`.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const SMALLEST = 600;
const folder = new URL("../dist/assets/", import.meta.url);
for (const name of readdirSync(folder)) {
  const data = readFileSync(new URL(name, folder));
  if (!/\.(js|css|svg)$/.test(name) || data.length < SMALLEST) continue;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: data.length };
  writeFileSync(new URL(`${name}.br`, folder), brotliCompressSync(data, { params }));
  writeFileSync(new URL(`${name}.gz`, folder), gzipSync(data, { level: 9 }));
}
