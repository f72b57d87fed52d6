/** What the large view says of its colours (in a page). */
import { describe, expect, it } from "vitest";
import { createLegendView } from "../../../src/editor/viewer/legend";
import { colourBar } from "../../../src/image/legend";
import { colourKey } from "../../../src/prior/legend";
import { CLASSES } from "../../../src/types";

const bar = colourBar("viridis", "entropy, <b>bits</b>", { low: 0, high: 3 }, { min: 0, max: 4 });

describe.skipIf(typeof document === "undefined")("The legend of the large view", () => {
  it("is a bar with numbers, in words for who cannot see it", () => {
    const { element, button, show } = createLegendView();
    expect([element.hidden, button.hidden]).toEqual([true, true]);
    show([undefined, bar]);
    expect([element.hidden, button.hidden]).toEqual([false, false]);
    const figure = element.querySelector("figure")!;
    expect(figure.getAttribute("aria-label")).toBe("entropy, <b>bits</b>: 0 to ≥ 3");
    expect(figure.querySelector("figcaption")!.textContent).toBe("entropy, <b>bits</b>");
    expect(element.querySelector("b")).toBeNull();
    const ticks = [...element.querySelectorAll<HTMLElement>(".viewer-bar-ticks span")];
    expect(ticks.map((tick) => [tick.textContent, tick.style.left])).toEqual([
      ["0", "0%"],
      ["1.5", "50%"],
      ["≥ 3", "100%"],
    ]);
    expect(element.querySelector<HTMLElement>(".viewer-bar-colours")!.style.background).toContain("rgb(253, 231, 37)");
  });

  it("names the classes, says equal ones once, and goes with the picture", () => {
    const { element, button, show } = createLegendView();
    show([colourKey(CLASSES), colourKey(CLASSES)]);
    expect([...element.querySelectorAll("li")].map((item) => item.textContent)).toEqual([...CLASSES]);
    show([bar, colourKey(CLASSES)]);
    expect(element.children).toHaveLength(2);
    show([]);
    expect([element.hidden, button.hidden]).toEqual([true, true]);
  });

  it("is hidden and shown by its button, also for the next picture", () => {
    const { element, button, show } = createLegendView();
    show([bar]);
    expect(button.getAttribute("aria-pressed")).toBe("true");
    button.click();
    expect([element.hidden, button.getAttribute("aria-pressed")]).toEqual([true, "false"]);
    show([colourKey(CLASSES)]);
    expect(element.hidden).toBe(true);
    button.click();
    expect(element.hidden).toBe(false);
  });
});
