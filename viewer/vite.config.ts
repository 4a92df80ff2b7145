import { defineConfig } from "vite";
import type { Plugin } from "vite";

/** Styles travel within the script: without their comments and indents. */
const terse: Plugin = {
  name: "terse-styles",
  apply: "build",
  enforce: "pre",
  transform: (code, id) =>
    /\/src\/styles\/[\w-]+\.ts$/.test(id)
      ? code.replace(/css`[^`]*`/g, (css) => css.replace(/\/\*[^]*?\*\//g, "").replace(/\s+/g, " ").replace(/ ?([{};,]) ?/g, "$1"))
      : null,
};

// The page itself is rendered by the service (`/`); it finds the entry's hashed name in the manifest.
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
