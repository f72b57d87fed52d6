/** (h) The editor with a graph as large as they come: the longest that the page stands still while it is worked on. */

/** Milliseconds that nobody should have to wait. */
const TARGET = 100;

/** In the page: does each of these a few times, and returns the longest pauses in milliseconds, those of the first time left out. */
async function pauses({ graph, repeats }) {
  const { canvas, document: doc, graph: live } = window.__editor;
  const first = (type) => live._nodes.find((node) => node.type === type);
  const acts = {
    "opening it": () => doc.replace(graph, "open", { fit: true }),
    "drawing it": () => canvas.draw(true, true),
    "moving a node": () =>
      doc.edit("move Segment", () => {
        const node = first("sftgan/segment");
        node.pos = [node.pos[0] + 10, node.pos[1]];
      }),
    "setting a parameter": () => {
      const node = first("sftgan/sft-resblocks");
      doc.edit("set blocks", () => node.setProperty("blocks", 1 + (node.properties.blocks % 16)));
    },
    "undoing that": () => doc.undo(),
    "doing it again": () => doc.redo(),
    "deleting a node": () => doc.edit("delete Preview", () => live.remove(first("sftgan/preview"))),
    "undoing the deletion": () => doc.undo(),
    "showing or hiding the takes": () =>
      document.dispatchEvent(new KeyboardEvent("keydown", { key: "t", bubbles: true, cancelable: true })),
  };
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  let tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
    type: "longtask",
  });
  const found = Object.fromEntries(Object.keys(acts).map((what) => [what, []]));
  for (let i = 0; i <= repeats; i++)
    for (const [what, act] of Object.entries(acts)) {
      await wait(100);
      tasks = [];
      const start = performance.now();
      act();
      const own = performance.now() - start;
      await wait(500); // what follows: looking for changes, drawing, keeping
      if (i > 0) found[what].push(Math.max(own, ...tasks));
    }
  return found;
}

/**
 * @param {import("playwright").Page} page the editor's
 * @param {{ nodes: readonly unknown[] }} graph
 * @param {number} repeats
 * @param {(row: { what: string, median: string, spread: string }) => void} print
 */
export async function benchEditor(page, graph, repeats, print) {
  await page.waitForFunction(() => window.__editor);
  for (const [what, values] of Object.entries(await page.evaluate(pauses, { graph, repeats }))) {
    values.sort((a, b) => a - b);
    const median = values[values.length >> 1];
    print({
      what: `(h) ${graph.nodes.length} nodes: ${what}`,
      median: `${median.toFixed(0)} ms`,
      spread: `${values[0].toFixed(0)} … ${values.at(-1).toFixed(0)}${median > TARGET ? `   more than ${TARGET}` : ""}`,
    });
  }
}
