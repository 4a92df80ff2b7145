// Validates glb files with the Khronos validator: `node scripts/validate-gltf.mjs FILE-or-FOLDER…`
// Prints a JSON summary; exit code 1 if any file has an error.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import validator from "gltf-validator";

const MOST_MESSAGES = 5;

function* files(path) {
  if (!statSync(path).isDirectory()) return void (yield path);
  for (const name of readdirSync(path).sort()) {
    const inside = join(path, name);
    if (statSync(inside).isDirectory() || name.endsWith(".glb")) yield* files(inside);
  }
}

const paths = process.argv.slice(2).flatMap((each) => [...files(each)]);
if (paths.length === 0) {
  console.error("no glb given; name files or folders");
  process.exit(2);
}
const summary = { files: paths.length, errors: 0, warnings: 0, codes: {}, failing: [] };
for (const path of paths) {
  const { issues } = await validator.validateBytes(new Uint8Array(readFileSync(path)), { uri: path, maxIssues: 1000 });
  summary.errors += issues.numErrors;
  summary.warnings += issues.numWarnings;
  for (const { code, severity } of issues.messages) {
    if (severity > 1) continue;
    summary.codes[code] = (summary.codes[code] ?? 0) + 1;
  }
  if (issues.numErrors > 0) {
    const messages = issues.messages.filter((each) => each.severity === 0).slice(0, MOST_MESSAGES);
    summary.failing.push({ path, errors: issues.numErrors, messages });
  }
}
console.log(JSON.stringify(summary, null, 2));
process.exit(summary.errors > 0 ? 1 : 0);
