import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

import svelteConfig from "./svelte.config.js";

const onlyHost = {
  patterns: [
    {
      group: ["@tauri-apps/*"],
      message: "Only src/host knows Tauri: with host/fake the whole interface runs in a browser.",
    },
    {
      group: ["**/host/bindings", "**/host/tauri", "**/host/fake", "**/host/fake/*"],
      message: "Types come from src/wire; the host comes from the context.",
    },
  ],
};

export default ts.config(
  { ignores: ["dist/", "node_modules/", "src/host/bindings.ts"] },
  js.configs.recommended,
  ts.configs.recommended,
  svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    rules: {
      "no-console": "error",
      "no-undef": "off",
      "@typescript-eslint/no-explicit-any": "error",
      "svelte/no-at-html-tags": "error",
      // The content policy allows no inline style.
      "svelte/no-inline-styles": "error",
      "svelte/button-has-type": "error",
    },
  },
  {
    files: ["src/**"],
    ignores: ["src/host/**", "src/wire/**", "src/main.ts", "src/**/*.test.ts"],
    rules: { "no-restricted-imports": ["error", onlyHost] },
  },
  {
    files: ["tests/**", "*.config.*"],
    languageOptions: { globals: { ...globals.node } },
  },
);
