import { describe, expect, it } from "vitest";

import css from "./tokens.css?raw";

type Colour = [number, number, number];

const pairs = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\(oklch\(([^)]+)\), oklch\(([^)]+)\)\)/g)].map(
    ([, name, light, dark]) => [name, { light: parse(light), dark: parse(dark) }] as const,
  ),
);

const GROUNDS = ["paper", "paper-raised"];
const SOFT = ["accent", "proved", "attention", "fails", "stale"];

for (const theme of ["light", "dark"] as const) {
  describe(`in the ${theme} theme`, () => {
    const against = (name: string, ground: string) =>
      contrast(colour(name, theme), colour(ground, theme));

    it.each(["ink", "ink-2", "ink-3", ...SOFT])("%s is readable as text", (name) => {
      for (const ground of GROUNDS) expect(against(name, ground)).toBeGreaterThanOrEqual(4.5);
    });

    it.each(SOFT)("%s and the inks are readable on its soft ground", (name) => {
      for (const text of [name, "ink", "ink-2"]) {
        expect(against(text, `${name}-soft`)).toBeGreaterThanOrEqual(4.5);
      }
    });

    it("text is readable on the accent", () => {
      expect(against("accent-ink", "accent")).toBeGreaterThanOrEqual(4.5);
    });

    it("the borders of controls and the focus ring stand out", () => {
      for (const ground of [...GROUNDS, "accent-soft"]) {
        expect(against("line-strong", ground)).toBeGreaterThanOrEqual(3);
        expect(against("focus", ground)).toBeGreaterThanOrEqual(3);
      }
    });
  });
}

it("white on black is 21 to 1 and grey 119 on white 4.5 to 1", () => {
  expect(contrast([1, 0, 0], [0, 0, 0])).toBeCloseTo(21, 1);
  expect(contrast([0.5693, 0, 0], [1, 0, 0])).toBeCloseTo(4.48, 1);
});

function colour(name: string, theme: "light" | "dark"): Colour {
  const pair = pairs.get(name);
  if (!pair) throw new Error(`There is no token --${name} of two colours.`);
  return pair[theme];
}

function parse(text = ""): Colour {
  const [l = NaN, c = NaN, h = NaN] = text.split(/\s+/).map(Number);
  return [l, c, h || 0];
}

/** WCAG 2.2, contrast ratio. */
function contrast(a: Colour, b: Colour): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** OKLCH to linear sRGB (Ottosson), clipped as a screen clips, to relative luminance. */
function luminance([l, c, h]: Colour): number {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short;
  const green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short;
  const blue = -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short;
  const clip = (one: number) => Math.min(1, Math.max(0, one));
  return 0.2126 * clip(red) + 0.7152 * clip(green) + 0.0722 * clip(blue);
}
