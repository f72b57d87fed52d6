/** What needs a page: pictures of external nodes, drawing, pointer and keys. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { cleanGraph } from "../../src/graph/clean";
import { type Attachment, attach, load, type OpenMenu, stateOf } from "../../src/litegraph";
import { setOverrides } from "../../src/litegraph/overrides";
import { type Drain, FakeEngine, graphOf, type LGraph, type LGraphNode, LiteGraph, type Source, storedNode } from "./fake";

const onPage = describe.skipIf(typeof document === "undefined");
let attachment: Attachment | undefined;
const opened: { stopRendering(): void; canvas: HTMLCanvasElement }[] = [];

const attached = (graph: LGraph, auto = false) => {
  const engine = new FakeEngine();
  attachment = attach(graph, { engine, auto });
  return { engine, attachment };
};

/** The graph on a canvas of 800 × 600 pixels at the page's corner, drawn when asked. */
async function shown(graph: LGraph) {
  const { LGraphCanvas } = await import("litegraph.js");
  const element = document.createElement("canvas");
  element.width = 800;
  element.height = 600;
  Object.assign(element.style, { position: "fixed", left: "0", top: "0", width: "800px", height: "600px" });
  document.body.append(element);
  const canvas = new LGraphCanvas(element, graph, { skip_render: true });
  opened.push(canvas);
  const at = (node: LGraphNode, x: number, y: number) => ({ clientX: node.pos[0] + x, clientY: node.pos[1] + y });
  const mouse = (type: string, place: { clientX: number; clientY: number }, more: MouseEventInit = {}) => {
    const event = new MouseEvent(type, { bubbles: true, button: 0, buttons: type === "mouseup" ? 0 : 1, ...place, ...more });
    Object.defineProperty(event, "which", { value: more.button === 2 ? 3 : 1 });
    element.dispatchEvent(event);
  };
  canvas.draw(true, true);
  return { canvas, at, mouse, draw: () => canvas.draw(true, true) };
}

/** The clock stands from now on but for `pass`, and while something is waited for. */
const turnClock = () => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** Until a node has pictures, and all it has asked for. */
const drawn = (node: LGraphNode) =>
  vi.waitFor(() => {
    const pictures = [...stateOf(node).pictures.values()];
    expect(pictures.length).toBeGreaterThan(0);
    expect(pictures.every(({ asking }) => !asking)).toBe(true);
  });

afterEach(() => {
  vi.useRealTimers();
  attachment?.detach();
  for (const canvas of opened.splice(0)) {
    canvas.stopRendering();
    canvas.canvas.remove();
  }
  setOverrides(LiteGraph as never, {});
  for (const element of document.querySelectorAll(".litecontextmenu, .sftgan-entry")) element.remove();
});

const widgetY = (node: LGraphNode, name: string): number => {
  const { widgets } = node as unknown as { widgets: { name: string; last_y: number }[] };
  return widgets.find((widget) => widget.name === name)!.last_y + 10;
};

function painted(width: number, height: number, colour = "rgb(200 100 50)"): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const ctx = canvas.getContext("2d")!;
  ctx.fillStyle = colour;
  ctx.fillRect(0, 0, width, height);
  return canvas;
}

onPage("A picture of an external node", () => {
  function fed(value: unknown) {
    const { graph, nodes } = graphOf("test/source", "test/sink");
    const [source, node] = nodes as [Source, LGraphNode];
    source.value = value;
    source.connect(0, node, "picture");
    return { graph, source, node };
  }

  const kinds: [string, () => unknown][] = [
    ["HTMLCanvasElement", () => painted(5, 3)],
    ["OffscreenCanvas", () => new OffscreenCanvas(5, 3).getContext("2d")!.canvas],
    ["ImageData", () => new ImageData(5, 3)],
    ["ImageBitmap", () => createImageBitmap(painted(5, 3))],
    [
      "HTMLImageElement",
      async () => {
        const image = new Image();
        image.src = painted(5, 3).toDataURL();
        await image.decode();
        return image;
      },
    ],
  ];
  it.each(kinds)("as %s takes Load LR's place as a PNG of its size", async (_, make) => {
    const { graph } = fed(await make());
    const { engine, attachment } = attached(graph);
    await attachment.run();
    expect(engine.files.map(({ keep }) => keep)).toEqual([false]);
    const size = await createImageBitmap(new Blob([engine.files[0]!.bytes as Uint8Array<ArrayBuffer>]));
    expect([size.width, size.height]).toEqual([5, 3]);
    const loader = engine.runs[0]!.nodes.find(({ type }) => type === "sftgan/load-lr")!;
    expect(loader.properties!.file).toMatchObject({ name: "picture.png" });
    expect(engine.runs[0]!.links).toEqual([[1, loader.id, 0, 2, 0, "image"]]);
  });

  it("is encoded once for all it feeds", async () => {
    const { graph, source } = fed(painted(4, 4));
    const other = LiteGraph.createNode("test/sink") as LGraphNode;
    graph.add(other);
    source.connect(0, other, "picture");
    const { engine, attachment } = attached(graph);
    await attachment.run();
    expect(engine.files).toHaveLength(1);
    expect(engine.runs[0]!.links).toHaveLength(2);
  });

  it("that is not loaded yet is said on the node", async () => {
    const { graph, node } = fed(new Image());
    const { attachment } = attached(graph);
    await attachment.run();
    expect(stateOf(node).error).toContain("the picture has no pixels yet");
  });

  it("that the browser keeps secret is said on the node", async () => {
    const { graph, node } = fed(painted(4, 4));
    const { convertToBlob } = OffscreenCanvas.prototype;
    OffscreenCanvas.prototype.convertToBlob = () => Promise.reject(new DOMException("tainted", "SecurityError"));
    try {
      const { attachment } = attached(graph);
      await attachment.run();
    } finally {
      OffscreenCanvas.prototype.convertToBlob = convertToBlob;
    }
    expect(stateOf(node).error).toContain("serve it with CORS headers");
  });

  it("runs the graph again when it was drawn anew", async () => {
    const canvas = painted(64, 64);
    const { graph, node } = fed(canvas);
    turnClock();
    const { engine } = attached(graph, true);
    await vi.waitFor(() => expect(stateOf(node).phase).toBe("finished"));
    graph.runStep();
    await pass(400);
    expect([engine.runs.length, stateOf(node).phase]).toEqual([1, "finished"]);
    canvas.getContext("2d")!.fillRect(10, 10, 8, 8);
    canvas.getContext("2d")!.clearRect(10, 10, 8, 8);
    graph.runStep();
    await vi.waitFor(() => expect(engine.runs).toHaveLength(2));
  });

  it("that changes all the time does not keep a run from ending", async () => {
    const canvas = painted(64, 64);
    const { graph, node } = fed(canvas);
    turnClock();
    const { engine } = attached(graph, true);
    await vi.waitFor(() => expect(stateOf(node).phase).toBe("finished"));
    let end = () => {};
    engine.gate = new Promise<void>((resolve) => (end = resolve));
    const ctx = canvas.getContext("2d")!;
    const frame = async (i: number) => {
      ctx.fillStyle = `rgb(${i * 20} 0 0)`;
      ctx.fillRect(0, 0, 64, 64);
      await pass(300);
      graph.runStep();
    };
    await frame(0);
    await vi.waitFor(() => expect(engine.runs).toHaveLength(2));
    for (let i = 1; i < 12; i++) await frame(i);
    await pass(1000);
    expect([engine.runs.length, engine.cancelled]).toEqual([2, 0]);
    end();
    await vi.waitFor(() => expect(engine.runs).toHaveLength(3));
  });
});

onPage("Our picture", () => {
  it("reaches an external node as a canvas at full size, the same one until it changes", async () => {
    const { graph, nodes } = graphOf("test/everything", "test/drain");
    nodes[0]!.connect("picture", nodes[1]!, 0);
    const drain = nodes[1] as unknown as Drain;
    const { engine, attachment } = attached(graph);
    engine.size = { width: 3000, height: 20 };
    await attachment.run();
    graph.runStep();
    const canvas = drain.got as HTMLCanvasElement;
    expect([canvas.width, canvas.height]).toEqual([3000, 20]);
    for (const x of [0, 2047, 2048, 2999])
      expect([...canvas.getContext("2d")!.getImageData(x, 19, 1, 1).data]).toEqual([10, 200, 30, 255]);
    expect(engine.views.slice(1).map(({ opacity }) => opacity)).toEqual(["kept", "kept"]);
    await attachment.run();
    graph.runStep();
    expect(drain.got).toBe(canvas);
    engine.key = "2";
    await attachment.run();
    graph.runStep();
    expect(drain.got).not.toBe(canvas);
    expect(engine.open).toBe(0);
  });

  it("is not drawn for external nodes where none is connected", async () => {
    const { graph } = graphOf("test/everything");
    const { engine, attachment } = attached(graph);
    await attachment.run();
    expect(engine.views).toEqual([]);
  });
});

onPage("Pictures on nodes", () => {
  /** What was asked for: with a run, where it was waited for in view, and by itself. */
  const asked = (engine: FakeEngine) => [...engine.drawn.flat(), ...engine.views];

  it("are asked for in device pixels, once until the output changes, and closed at the end", async () => {
    const { graph, nodes } = graphOf("test/sink");
    nodes[0]!.pos = [100, 100];
    const { engine, attachment } = attached(graph);
    engine.size = { width: 3000, height: 2000 };
    const { canvas, draw } = await shown(graph);
    draw();
    expect(asked(engine)).toHaveLength(0);
    await attachment.run();
    draw();
    await drawn(nodes[0]!);
    draw();
    draw();
    expect(asked(engine)).toHaveLength(1);
    expect(asked(engine)[0]!.width).toBeGreaterThanOrEqual(nodes[0]!.size[0] - 20);
    expect(engine.open).toBe(1);
    canvas.ds.scale = 2;
    draw();
    await drawn(nodes[0]!);
    expect(asked(engine)).toHaveLength(2);
    engine.tell({ kind: "cached", node: "1", ms: 0, summary: "6 × 4" });
    draw();
    expect(asked(engine)).toHaveLength(2);
    engine.tell({ kind: "finished", node: "1", ms: 1, summary: "6 × 4" });
    draw();
    await drawn(nodes[0]!);
    expect(asked(engine)).toHaveLength(3);
    expect(engine.open).toBe(1);
    attachment.detach();
    expect(engine.open).toBe(0);
  });

  it("are not asked for again with more pixels than they have", async () => {
    const { graph, nodes } = graphOf("test/sink");
    nodes[0]!.pos = [100, 100];
    const { engine, attachment } = attached(graph);
    const { canvas, draw } = await shown(graph);
    await attachment.run();
    for (const scale of [1, 2, 4]) {
      canvas.ds.scale = scale;
      draw();
      await drawn(nodes[0]!);
    }
    expect(asked(engine)).toHaveLength(1);
  });

  it("show the pixels that came", async () => {
    const { graph, nodes } = graphOf("test/sink");
    nodes[0]!.pos = [100, 100];
    const { attachment } = attached(graph);
    const { canvas, draw } = await shown(graph);
    await attachment.run();
    draw();
    await drawn(nodes[0]!);
    draw();
    const [x, y] = [100 + nodes[0]!.size[0] / 2, 100 + nodes[0]!.size[1] / 2];
    expect([...canvas.canvas.getContext("2d")!.getImageData(x, y, 1, 1).data.slice(0, 3)]).toEqual([10, 200, 30]);
  });

  it("survive undo, which makes the nodes anew", async () => {
    const { graph, nodes } = graphOf("test/sink");
    const { engine, attachment } = attached(graph);
    const { draw } = await shown(graph);
    await attachment.run();
    draw();
    await drawn(nodes[0]!);
    const { save } = await import("../../src/litegraph");
    load(graph, save(graph));
    await vi.waitFor(() => expect(stateOf(graph.getNodeById(1)!).phase).toBe("finished"));
    draw();
    expect(asked(engine)).toHaveLength(1);
    expect(stateOf(graph.getNodeById(1)!).pictures.get("")!.view).toBeDefined();
  });

  it("of Compare have a divider that follows the pointer", async () => {
    const { graph, nodes } = graphOf("sftgan/compare");
    nodes[0]!.pos = [100, 100];
    const { engine, attachment } = attached(graph);
    const { at, mouse, draw } = await shown(graph);
    await attachment.run();
    draw();
    await drawn(nodes[0]!);
    draw();
    expect(
      asked(engine)
        .map(({ output }) => output)
        .sort(),
    ).toEqual(["after", "before"]);
    const [width, height] = nodes[0]!.size;
    mouse("mousedown", at(nodes[0]!, width / 2, height / 2));
    mouse("mousemove", at(nodes[0]!, width / 4, height / 2));
    expect(stateOf(nodes[0]!).split).toBeCloseTo(0.25, 1);
    mouse("mousemove", at(nodes[0]!, width + 300, height / 2));
    expect(stateOf(nodes[0]!).split).toBe(1);
    mouse("mouseup", at(nodes[0]!, width / 4, height / 2));
    mouse("mousemove", at(nodes[0]!, width / 2, height / 2), { buttons: 0 });
    expect(stateOf(nodes[0]!).split).toBe(1);
    expect([...nodes[0]!.pos.slice(0, 2)]).toEqual([100, 100]);
  });
});

onPage("The number widget", () => {
  async function number() {
    const { graph, nodes } = graphOf("test/everything");
    const node = nodes[0]!;
    node.pos = [100, 100];
    const page = await shown(graph);
    const steps = { before: 0, after: 0 };
    Object.assign(graph, { onBeforeChange: () => steps.before++, onAfterChange: () => steps.after++ });
    const place = page.at(node, 60, widgetY(node, "blocks"));
    const click = () => {
      page.mouse("mousedown", place);
      page.mouse("mouseup", place);
      return document.querySelector<HTMLInputElement>(".sftgan-entry input")!;
    };
    const type = (input: HTMLInputElement, text: string, key = "Enter") => {
      input.value = text;
      input.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    };
    return { ...page, node, place, steps, click, type };
  }

  it("takes what is typed", async () => {
    const { node, click, type, steps } = await number();
    type(click(), "8");
    expect(node.properties.blocks).toBe(8);
    expect(document.querySelector(".sftgan-entry")).toBeNull();
    expect(steps).toEqual({ before: 1, after: 1 });
  });

  it("evaluates nothing, says what belongs there and stays open", async () => {
    const { node, click, type } = await number();
    const input = click();
    for (const text of ["1+1", "window.evaluated=1", "99"]) {
      type(input, text);
      expect(node.properties.blocks).toBe(16);
      expect(document.querySelector(".sftgan-entry [role=alert]")!.textContent).toMatch(/blocks/);
    }
    expect((window as { evaluated?: unknown }).evaluated).toBeUndefined();
    type(input, "99", "Escape");
    expect(document.querySelector(".sftgan-entry")).toBeNull();
    expect(node.properties.blocks).toBe(16);
  });

  it("changes while dragged, as one step of undo even when released elsewhere", async () => {
    const { node, mouse, place, steps } = await number();
    mouse("mousedown", place);
    for (const x of [-10, -40, -200, -60]) mouse("mousemove", { ...place, clientX: place.clientX + x });
    expect(node.properties.blocks).toBe(11);
    document.dispatchEvent(new PointerEvent("pointerup"));
    mouse("mouseup", { clientX: 700, clientY: 500 });
    expect(steps).toEqual({ before: 1, after: 1 });
    expect(document.querySelector(".sftgan-entry")).toBeNull();
  });
});

onPage("Other widgets", () => {
  it("change a flag and a choice by a click", async () => {
    const { graph, nodes } = graphOf("test/everything");
    const node = nodes[0]!;
    node.pos = [100, 100];
    const { at, mouse } = await shown(graph);
    const click = (name: string) => {
      const place = at(node, 60, widgetY(node, name));
      mouse("mousedown", place);
      mouse("mouseup", place);
    };
    click("on");
    expect(node.properties.on).toBe(false);
    let labels: string[] = [];
    const menu: OpenMenu = (entries) => {
      labels = entries.map(({ label }) => label);
      entries[1]!.act();
    };
    setOverrides(LiteGraph as never, { menu });
    click("mode");
    expect(labels).toEqual(["float", "8 bit"]);
    expect(node.properties.mode).toBe("8 bit");
    click("file");
    expect(labels).toEqual(["Choose a file…", "shipped.test"]);
    expect(node.properties.file).toEqual({ name: "shipped.test" });
  });

  it("take a dropped file, none of several without a word, and a pasted one where the node is selected", async () => {
    const { graph, nodes } = graphOf("test/everything");
    const node = nodes[0]!;
    const { engine } = attached(graph);
    const { canvas } = await shown(graph);
    const file = new File(["abc"], "a.test");
    const { onDropFile } = node as unknown as { onDropFile(file: File): void };
    onDropFile.call(node, file);
    onDropFile.call(node, file); // as litegraph does for the second of two
    await vi.waitFor(() => expect(stateOf(node).error).toContain("2 files have come at once and it takes one"));
    expect([engine.files, node.properties.file]).toEqual([[], null]);
    onDropFile.call(node, file);
    await vi.waitFor(() => expect(node.properties.file).toMatchObject({ name: "a.test" }));
    expect(engine.files.map(({ name }) => name)).toEqual(["a.test"]);

    const paste = () => {
      const data = new DataTransfer();
      data.items.add(new File(["def"], "pasted.png", { type: "image/png" }));
      document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    };
    paste(); // while no node is selected
    canvas.selectNodes([node]);
    paste();
    await vi.waitFor(() => expect(node.properties.file).toMatchObject({ name: "pasted.png" }));
    expect(engine.files.map(({ name }) => name)).toEqual(["a.test", "pasted.png"]);
  });

  it("say so where nothing runs the graph", async () => {
    const { nodes } = graphOf("test/everything");
    (nodes[0] as unknown as { onDropFile(file: File): void }).onDropFile(new File([], "a.test"));
    await vi.waitFor(() => expect(stateOf(nodes[0]!).error).toContain("call attach(graph) first"));
  });
});

onPage("HTML in a stored graph", () => {
  it("reaches no element of the page through litegraph's menus and panels", async () => {
    const evil = "<img src=x onerror='window.evaluated=1'>";
    const { graph } = graphOf();
    load(graph, {
      nodes: [
        { id: 1, type: "test/everything", title: evil, pos: [100, 100], properties: { [evil]: evil, mode: evil, name: evil } },
        {
          id: 2,
          type: evil,
          title: evil,
          pos: [500, 100],
          inputs: [{ name: evil, type: evil, link: null }],
          properties: { [evil]: 1 },
        },
        {
          id: 3,
          type: "test/drain",
          title: evil,
          pos: [100, 400],
          inputs: [{ name: evil, type: evil, link: null }],
          outputs: [{ name: evil, type: evil, links: [1] }],
          properties: { [evil]: evil, "<img src=x onerror='window.evaluated=1' ": 1 },
        },
        { id: 4, type: "test/drain", pos: [500, 400], inputs: [{ name: "A<B", type: "image", link: 1 }] },
      ],
      links: [[1, 3, 0, 4, 0, evil]],
    });
    expect(graph.getNodeById(4)!.inputs[0]).toMatchObject({ name: "A<B", link: 1 });
    const { canvas, at, mouse, draw } = await shown(graph);
    const menus = canvas as unknown as Record<"showConnectionMenu" | "showLinkMenu", (...args: unknown[]) => void>;
    const external = graph.getNodeById(3)!;
    const event = new MouseEvent("mouseup", { clientX: 5, clientY: 5 });
    canvas.canvas.dispatchEvent(event); // menus open in the document of the event's target
    menus.showConnectionMenu({ nodeFrom: external, slotFrom: external.outputs[0], e: event });
    menus.showConnectionMenu({ nodeTo: external, slotTo: external.inputs[0], e: event });
    menus.showLinkMenu(graph.links[1], event);
    expect(document.querySelectorAll(".litecontextmenu img")).toHaveLength(0);
    for (const node of [graph.getNodeById(1)!, graph.getNodeById(2)!, external]) {
      for (const place of [at(node, 100, -15), at(node, 10, 14), at(node, node.size[0] - 10, 14)]) {
        mouse("mousedown", place, { button: 2 });
        mouse("mouseup", place, { button: 2 });
        for (const entry of document.querySelectorAll<HTMLElement>(".litecontextmenu .litemenu-entry"))
          if (["Inputs", "Properties"].includes(entry.textContent!) && !entry.classList.contains("disabled")) entry.click();
        expect(document.querySelectorAll(".litecontextmenu img")).toHaveLength(0);
      }
      (canvas as unknown as { showShowNodePanel(node: LGraphNode): void }).showShowNodePanel(node);
      draw();
    }
    expect(document.querySelectorAll(".litegraph img")).toHaveLength(0);
    const late = new Image();
    await new Promise((resolve) => {
      late.onerror = resolve;
      late.src = "x"; // fails after all that were to fail before
    });
    expect((window as { evaluated?: unknown }).evaluated).toBeUndefined();
    (canvas as unknown as { closePanels(): void }).closePanels();
  });
});

onPage("Save", () => {
  it("downloads the file it was asked for under its name", async () => {
    const { graph, nodes } = graphOf("sftgan/save");
    const { attachment } = attached(graph);
    nodes[0]!.setProperty("name", "my/picture.png");
    const { click } = HTMLAnchorElement.prototype;
    let name = "";
    HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
      name = this.download;
    };
    try {
      await attachment.download(nodes[0]!);
    } finally {
      HTMLAnchorElement.prototype.click = click;
    }
    expect(name).toBe("my picture.png");
    expect(storedNode).toBeDefined();
  });

  it("downloads the file of a node in a subgraph, and says so on the node that holds it", async () => {
    const { graph, nodes } = graphOf("test/sink"); // shown in the place of a subgraph, as the editor has it
    const { attachment } = attached(graph);
    const subgraph = { nodes: [{ id: 7, type: "sftgan/save", properties: { name: "hidden" } }], links: [] };
    attachment.whole = () => cleanGraph({ nodes: [{ id: nodes[0]!.id, type: "graph/subgraph", subgraph }], links: [] });
    const { click } = HTMLAnchorElement.prototype;
    let name = "";
    HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
      name = this.download;
    };
    try {
      await attachment.download(7);
    } finally {
      HTMLAnchorElement.prototype.click = click;
    }
    expect([name, stateOf(nodes[0]!).phase]).toEqual(["hidden.png", "finished"]);
    await expect(attachment.download(70)).rejects.toThrow("the graph has no node 70");
  });

  it("says on the node why there is no file", async () => {
    const { graph, nodes } = graphOf("sftgan/save");
    const { engine, attachment } = attached(graph);
    engine.encode = () => Promise.reject(new Error("the picture is 70000 pixels wide: choose PNG"));
    await expect(attachment.download(1)).rejects.toThrow("choose PNG");
    expect(stateOf(nodes[0]!).error).toContain("choose PNG");
  });
});
