import { defineConfig } from "vite";
import type { Plugin } from "vite";

/** Styles and markup travel within the script: without indents, and styles without comments. */
const terse: Plugin = {
  name: "terse",
  apply: "build",
  enforce: "pre",
  transform: (code, id) => (/\/src\/.+\.ts$/.test(id) ? code.replace(/css`[^`]*`/g, plainly).replace(/\n[ \t]+/g, "\n") : null),
};

function plainly(css: string): string {
  return css
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,]) ?/g, "$1")
    .replace(/: /g, ":")
    .replace(/(?<![\w.])0\.(?=\d)/g, ".")
    .replace(/;}/g, "}");
}

export default defineConfig({
  plugins: [terse],
  base: "./", // wherever the service stands, and whoever embeds it
  build: {
    target: "es2022",
    outDir: "dist",
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rollupOptions: { input: "src/main.ts" },
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      ["/ogc", "/tiles", "/stac", "/ops", "/live"].map((path) => [path, process.env["TWIN_URL"] ?? "http://127.0.0.1:8000"]),
    ),
  },
});
