import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  // Relative addresses: the same build opens in the window, from a folder and from a test server.
  base: "./",
  build: {
    target: "safari18",
    // The content policy of the window knows no `data:` fonts and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    // The fake host reads the catalogue and the wording of findings, which live with core.
    fs: { allow: ["..", "../src-tauri/core"] },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["tests/set-up.ts"],
    restoreMocks: true,
    // Read as it is by the test of its contrasts.
    css: { include: [/tokens\.css/] },
  },
});
