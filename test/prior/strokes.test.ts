import { describe, expect, it } from "vitest";
import { addStroke, commonWords, formatStroke, LIMITS, type Stroke, strokeName, strokeWords } from "../../src/prior/strokes";
import { refusal } from "../message";
import { random } from "../support";
import { formatStrokes, parseStrokes } from "./stroke-text";

const brush: Stroke = { tool: "brush", label: 2, size: 32, hardness: 0.8, strength: 1, points: [10, 12.5, 11.0625, 13] };

describe("Stored strokes", () => {
  it("come back as they were, to a sixteenth of a pixel", () => {
    const strokes: Stroke[] = [
      brush,
      { ...brush, tool: "eraser", label: 0, size: 0.5, hardness: 0, strength: 0.25, points: [-3, 700.9375] },
      { ...brush, tool: "fill", label: 7, points: [0, 0] },
      { ...brush, tool: "lasso", label: 1, points: [0, 0, 9, 1, 4.5, 8] },
      { ...brush, pressures: [1, 0.2] },
    ];
    expect(parseStrokes(formatStrokes(strokes))).toEqual(strokes);
    const [rounded] = parseStrokes(formatStroke({ ...brush, points: [1.01, 2.99] }).replace(/^/, "1 "));
    expect(rounded!.points).toEqual([1, 3]);
  });

  it("are no text at all where nothing is painted", () => {
    expect(formatStrokes([])).toBe("");
    expect(parseStrokes("")).toEqual([]);
  });

  it("take a word each, so that one more leaves the others alone", () => {
    const one = addStroke("", brush);
    const two = addStroke(one, { ...brush, label: 3 });
    expect(two.startsWith(`${one} `)).toBe(true);
    expect(commonWords(strokeWords(one), strokeWords(two))).toBe(1);
    expect(commonWords(strokeWords(two), strokeWords(addStroke(one, brush)))).toBe(1);
    expect(parseStrokes(two).map(({ label }) => label)).toEqual([2, 3]);
  });

  it("of an afternoon's painting take well under 100 KB", () => {
    const next = random(3);
    const stroke = (): Stroke => {
      let [x, y] = [480 * next(), 320 * next()];
      const points: number[] = [];
      for (let i = 0; i < 60; i++) {
        points.push(x, y);
        x += 8 * next() - 4;
        y += 8 * next() - 4;
      }
      return { ...brush, points, pressures: Array.from({ length: 60 }, () => next()) };
    };
    const pen = formatStrokes(Array.from({ length: 150 }, stroke));
    const mouse = formatStrokes(Array.from({ length: 150 }, () => ({ ...brush, points: stroke().points })));
    expect(mouse.length).toBeLessThan(30_000);
    expect(pen.length).toBeLessThan(60_000);
  });

  it("of the eraser have no class, whatever their text says", () => {
    expect(parseStrokes("1 e5.16.100.100.AAA")[0]).toMatchObject({ tool: "eraser", label: 0 });
  });

  it("have names for people", () => {
    expect(strokeName({ ...brush, label: 1 })).toBe("paint sky");
    expect(strokeName({ ...brush, tool: "fill" })).toBe("fill water");
    expect(strokeName({ ...brush, tool: "lasso" })).toBe("outline water");
    expect(strokeName({ ...brush, tool: "eraser" })).toBe("erase");
  });
});

describe("A text that holds no strokes", () => {
  const good = formatStroke(brush);
  const hostile: readonly (readonly [string, string, string])[] = [
    ["of another format", `2 ${good}`, 'strokes of the format "2" are unknown'],
    ["of other words", "1 <script>alert(1)</script>", "stroke 1 of 1 cannot be read"],
    ["of a class there is none of", `1 ${good.replace("b2", "b9")}`, "stroke 1 of 1 cannot be read"],
    ["with numbers cut off", `1 ${good} b2.512.80.100.gA`, "stroke 2 of 2 has points that cannot be read"],
    ["with one number of a pair", "1 b2.512.80.100.AA", "has points that cannot be read"],
    ["with numbers past all bounds", "1 b2.512.80.100._____38A", "has points that cannot be read"],
    ["further away than any picture", "1 b2.512.80.100.gICAgAgA", "reaches further than 65536 pixels"],
    ["without a size", `1 ${good.replace(".512.", ".0.")}`, "has the size 0"],
    ["larger than any picture", `1 ${good.replace(".512.", ".999999.")}`, "sizes are above 0 and at most 4096"],
    ["stronger than all", `1 ${good.replace(".80.100.", ".80.101.")}`, "harder or stronger than 100 percent"],
    ["with an outline of two corners", `1 ${good.replace("b2", "l2")}`, "has 2 points, which no lasso has"],
    ["with a fill from two points", `1 ${good.replace("b2", "f2")}`, "has 2 points, which no fill has"],
    ["with pressures that are too few", `1 ${good}.AA`, "has pressures that do not fit its points"],
    ["longer than is read", "1 ".padEnd(LIMITS.characters + 1, "x"), "characters and at most 1048576 are read"],
    ["of more strokes than are read", `1 ${`${good} `.repeat(LIMITS.strokes + 1)}`, "4097 strokes and at most 4096 are read"],
  ];
  it.each(hostile)("%s is refused in one message", async (_, text, message) => {
    expect(await refusal(() => parseStrokes(text))).toContain(message);
  });

  it("made of any characters whatever is refused or read, and nothing else happens", async () => {
    const next = random(11);
    const letters = "1 bef27.AZaz09-_\u0000\n%é";
    for (let i = 0; i < 300; i++) {
      const text = Array.from({ length: 40 }, () => letters[Math.floor(letters.length * next())]).join("");
      const read = (): unknown => parseStrokes(`1 ${text}`);
      try {
        read();
      } catch {
        await refusal(read);
      }
    }
  });
});
