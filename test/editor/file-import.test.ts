/** Files on their way in: none is lost without a word, and nothing is replaced by one that cannot be taken. */
import { zipSync } from "fflate";
import { beforeEach, describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import type { EngineEvent } from "../../src/browser/protocol";
import { encodePng } from "../../src/codec/png-encode";
import { pngTextChunks } from "../../src/codec/png-text";
import { fileRefusal } from "../../src/codec/refusal";
import { createFileImport, type FileImport } from "../../src/editor/file-import";
import type { Gift } from "../../src/editor/node-actions";
import type { Target } from "../../src/editor/routing";
import type { FileRef } from "../../src/graph/node";
import type { StoredGraph } from "../../src/graph/stored";
import { caseFile } from "../fixture";
import { graph } from "./stored";

const loader = (id: number, holds?: string): Target => ({
  id,
  title: "Load LR",
  files: [{ param: "file", accept: "image/png,image/jpeg,image/webp,image/avif", holds }],
});
const rgb = Uint8Array.from({ length: 12 }, (_, i) => 20 * i);
const picture = async (name: string) =>
  new File([(await encodePng({ width: 2, height: 2, bits: 8, rgb })) as Uint8Array<ArrayBuffer>], name);
const saved = async (name: string) => {
  const png = await encodePng({ width: 2, height: 2, bits: 8, rgb });
  const at = 33; // past the signature and IHDR
  const chunks = pngTextChunks({ sftgan: JSON.stringify(graph()) });
  return new File([png.slice(0, at), ...chunks, png.slice(at)] as Uint8Array<ArrayBuffer>[], name);
};
const json = (name: string) => new File([JSON.stringify(graph())], name);

let loaders: Target[];
/** In subgraphs. */
let elsewhere: Target[];
let steps: unknown[];
let messages: string[];
let said: string[];
let actions: Record<string, () => void>;
let fileImport: FileImport;
let whileKeeping: () => void;
/** The engine says something. */
let tell: (event: EngineEvent) => void;
/** The graph has changed. */
let change: (of: { readonly replaced?: true } | "restored") => void;
/** The graph has a place for several photos. */
let hasPlace: boolean;
/** The graph goes with its own photo. */
let keepsItsOwn: boolean;

beforeEach(() => {
  loaders = [loader(1)];
  elsewhere = [];
  steps = [];
  messages = [];
  said = [];
  actions = {};
  whileKeeping = () => {};
  hasPlace = false;
  keepsItsOwn = false;
  let replaced = (_: Parameters<typeof change>[0]): void => {};
  change = (of) => replaced(of);
  const show = (message: string, _kind?: unknown, offered: readonly { label: string; act(): void }[] = []) => {
    messages.push(message);
    for (const { label, act } of offered) actions[label] = act;
    return () => {
      for (const { label } of offered) delete actions[label];
    };
  };
  fileImport = createFileImport({
    document: {
      listen: (listener: typeof replaced) => {
        replaced = listener;
      },
      replace(opened: StoredGraph, label: string) {
        steps.push(label);
        loaders = opened.nodes.filter(({ title }) => title === "Load LR").map(({ id }) => loader(id));
        replaced({ replaced: true });
      },
      undo() {
        steps.push("undo");
        replaced("restored");
      },
    },
    canvas: { middle: () => [0, 0] },
    nodes: {
      definitions,
      get all() {
        return loaders;
      },
      get elsewhere() {
        return elsewhere;
      },
      target: (node: Target) => node,
      give: (gifts: readonly Gift[]) => steps.push(gifts.map(({ to, value }) => [to, (value as { name: string }).name])),
    },
    engine: {
      listen: (listener: typeof tell) => {
        tell = listener;
      },
      async addFile(bytes: Uint8Array, name: string, { accept = "" } = {}) {
        const refusal = fileRefusal(bytes, name, accept);
        if (refusal) throw new Error(refusal);
        whileKeeping();
        return { name, sha256: "00" };
      },
    },
    toasts: {
      show,
      attempt: (act: () => void) => {
        act();
        return true;
      },
    },
    several: (files: readonly File[]) => {
      if (!hasPlace) return undefined;
      steps.push(`list ${files.map(({ name }) => name).join(", ")}`);
      return () => steps.push("take off the list");
    },
    offer({ name }: FileRef) {
      if (keepsItsOwn) steps.push(`offer ${name}`);
      return keepsItsOwn;
    },
    status: { say: (text: string) => said.push(text), doing: (text: string) => said.push(text) },
  } as unknown as Parameters<typeof createFileImport>[0]);
});

describe("Files that come together", () => {
  it("are one step, each in a node of its own", async () => {
    await fileImport.take([await picture("a.png"), await picture("b.png")], [0, 0]);
    expect(steps).toEqual([
      [
        [1, "a.png"],
        ["sftgan/load-lr", "b.png"],
      ],
    ]);
    expect(messages).toEqual([]);
  });

  it("go into a Load LR in a subgraph where none is shown, and into the one that is", async () => {
    elsewhere = [loader(9)];
    await fileImport.take([await picture("a.png")], [0, 0]);
    loaders = [];
    await fileImport.take([await picture("b.png")], [0, 0]);
    expect(steps).toEqual([[[1, "a.png"]], [[9, "b.png"]]]);
  });

  it("go to the graph that comes with them, and not to a node of the old one that they were dropped on", async () => {
    const over = loader(2);
    loaders = [loader(1), over];
    await fileImport.take([await picture("a.png"), json("g.json")], [0, 0], over);
    expect(steps).toEqual(["open “g.json”", [[1, "a.png"]]]);
  });

  it("are said to be here, or open where that is a graph alone", async () => {
    await fileImport.take([await picture("a.png"), json("g.json")], [0, 0]);
    expect(said.at(-1)).toBe("2 files are here");
    await fileImport.take([json("g.json")], [0, 0]);
    expect(said.at(-1)).toBe("“g.json” is open");
  });

  it("are offered where only one can be had: graphs, and those that pictures carry", async () => {
    await fileImport.take([json("g.json"), json("h.json")], [0, 0]);
    expect(steps).toEqual(["open “g.json”"]);
    expect(messages).toEqual(["“g.json” is open, and 1 more graph has come with it."]);
    actions["Open “h.json”"]!();
    expect(steps).toHaveLength(2);
    await fileImport.take([await saved("s.png"), await saved("t.png")], [0, 0]);
    expect(steps.at(-1)).toEqual([
      [1, "s.png"],
      ["sftgan/load-lr", "t.png"],
    ]);
    expect(Object.keys(actions)).toEqual(expect.arrayContaining(["Open that of “s.png”", "Open that of “t.png”"]));
  });

  it("are said by name where they cannot be taken, and the others are taken", async () => {
    const bad = new File([(await caseFile("pictures/x.heic")) as Uint8Array<ArrayBuffer>], "x.heic");
    await fileImport.take([bad, await picture("a.png"), new File(["?"], "a.exe"), json("g.json")], [0, 0]);
    expect(steps.at(-1)).toEqual([[1, "a.png"]]);
    expect(messages.join("\n")).toMatch(/“x\.heic” is a HEIC picture.*\n"a\.exe" is no picture/);
  });
});

describe("Several photos", () => {
  beforeEach(() => {
    hasPlace = true;
  });

  it("are listed to be run one after another, or added as nodes where that was meant", async () => {
    await fileImport.take([await picture("a.png"), await picture("b.png"), await picture("c.png")], [0, 0], loader(1));
    expect(steps).toEqual(["list a.png, b.png, c.png"]);
    expect(messages).toEqual(["3 photos are listed: run the graph for all of them."]);
    actions["Add them as nodes instead"]!();
    await expect
      .poll(() => steps.at(-1))
      .toEqual([
        [1, "a.png"],
        ["sftgan/load-lr", "b.png"],
        ["sftgan/load-lr", "c.png"],
      ]);
    expect(steps[1]).toBe("take off the list");
  });

  it("go to nodes where something else comes with them, or they are brought to a node that is given none", async () => {
    await fileImport.take([await picture("a.png"), await picture("b.png"), json("g.json")], [0, 0]);
    const prior: Target = { id: 1, title: "Load Prior", files: [{ param: "file", accept: "image/png" }] };
    await fileImport.take([await picture("a.png"), await picture("b.png")], [0, 0], prior);
    expect(steps.filter((step) => typeof step === "string")).toEqual(["open “g.json”"]);
  });
});

describe("A file that comes alone", () => {
  it.each(["x.heic", "x.svg", "zero.png", "html.jpg"])("replaces nothing where it is refused: %s", async (name) => {
    const bytes = (await caseFile(`pictures/${name}`)) as Uint8Array<ArrayBuffer>;
    for (const over of [undefined, loader(1)]) await fileImport.take([new File([bytes], name)], [0, 0], over);
    expect(steps).toEqual([]);
    expect(messages).toHaveLength(2);
    expect(messages[0]).toContain(name);
  });

  it("opens the graph it carries, or is a picture where that was meant", async () => {
    await fileImport.take([await saved("s.png")], [0, 0]);
    expect(steps).toEqual(["open “s.png”"]);
    actions["Use as picture"]!();
    await expect.poll(() => steps).toEqual(["open “s.png”", "undo", [[1, "s.png"]]]);
  });

  it("is given up by its message only as long as nothing was done since, which undo would take back", async () => {
    await fileImport.take([await saved("s.png")], [0, 0]);
    expect(Object.keys(actions)).toEqual(["Undo", "Use as picture"]);
    change({});
    expect(Object.keys(actions)).toEqual([]);
  });

  it("stays a picture on a node that takes one", async () => {
    await fileImport.take([await saved("s.png")], [0, 0], loader(1));
    expect(steps).toEqual([[[1, "s.png"]]]);
  });

  it("goes into the graph that was opened while it was read, or is offered to one that keeps its own photo", async () => {
    const own = graph({ nodes: [{ id: 4, type: "sftgan/load-lr", title: "Load LR" }] });
    whileKeeping = () => fileImport.openGraph(own, "other");
    for (const over of [undefined, loader(1)]) await fileImport.take([await picture("a.png")], [0, 0], over);
    expect(steps).toEqual(["open “other”", [[4, "a.png"]], "open “other”", [[4, "a.png"]]]);
    expect([messages, said.at(-1)]).toEqual([[], "“a.png” is here"]);

    steps = [];
    whileKeeping = () => {};
    const landing = fileImport.take([await picture("a.png")], [0, 0], loader(4));
    fileImport.openGraph({ ...own, nodes: [{ ...own.nodes[0]!, id: 5 }] }, "next");
    await landing;
    expect(steps).toEqual(["open “next”", [[5, "a.png"]]]);

    steps = [];
    whileKeeping = () => fileImport.openGraph(own, "other");
    keepsItsOwn = true;
    await fileImport.take([await picture("a.png")], [0, 0]);
    expect(steps).toEqual(["open “other”", "offer a.png"]);
  });

  it("is asked for again where the node that it was brought to has gone with its graph", async () => {
    whileKeeping = () => fileImport.openGraph(graph(), "other");
    const prior: Target = { id: 1, title: "Load Prior", files: [{ param: "file", accept: "image/png" }] };
    for (const over of [prior, { ...loader(1), renamed: true }]) await fileImport.take([await picture("a.png")], [0, 0], over);
    expect(steps).toEqual(["open “other”", "open “other”"]);
    const message = "“a.png”: its node was in the graph before this one, so bring it again";
    expect([messages, said.at(-1)]).toEqual([[message, message], "“a.png” could not be taken"]);
  });

  it("is said to be read until it has landed, what undo takes back until then, and that it cannot be decoded where that comes out", async () => {
    const landing = fileImport.take([await picture("a.png")], [0, 0], loader(1));
    expect(said).toEqual(["Reading “a.png”…"]);
    await landing;
    expect(said.at(-1)).toBe("“a.png” is here");
    tell({ kind: "failed", node: "7", message: "other.png is cut short" });
    expect(messages).toEqual([]);
    tell({ kind: "failed", node: "1", message: "a.png is cut short; copy it again, or set “damaged”." });
    expect([messages, said.at(-1)]).toEqual([
      ["“a.png” is cut short; copy it again, or set “damaged”."],
      "“a.png” cannot be read",
    ]);
    messages = [];
    expect(fileImport.giveUp()).toBeUndefined();

    steps = [];
    const givenUp = fileImport.take([await picture("b.png")], [0, 0], loader(1));
    expect(fileImport.giveUp()).toBe("bringing “b.png”");
    await givenUp;
    expect([steps, messages]).toEqual([[], []]);
  });

  it("goes to a node of its own where the one it was dropped on is gone", async () => {
    whileKeeping = () => {
      loaders = [];
    };
    await fileImport.take([await picture("a.png")], [0, 0], loader(1));
    expect(steps).toEqual([[["sftgan/load-lr", "a.png"]]]);
  });
});

describe("A .zip as batches and takes are saved", () => {
  const zip = (files: Record<string, Uint8Array>) =>
    new File([zipSync(files, { level: 0 }) as Uint8Array<ArrayBuffer>], "photos.zip");
  const bytes = async (file: Promise<File> | File) => new Uint8Array(await (await file).arrayBuffer());

  it("opens the graph that its first picture carries, and offers the others", async () => {
    const [a, b, plain] = [await bytes(saved("a.png")), await bytes(saved("b.png")), await bytes(picture("c.png"))];
    await fileImport.take([zip({ "c.png": plain, "day 1/a.png": a, "b.png": b })], [0, 0]);
    expect(steps).toEqual(["open “a.png”"]);
    expect(Object.keys(actions)).toEqual(["Open “b.png”"]);
  });

  it("opens the graph in it rather than those of the pictures beside that", async () => {
    await fileImport.take([zip({ "a.png": await bytes(saved("a.png")), "takes.json": await bytes(json("takes.json")) })], [0, 0]);
    expect([steps, messages]).toEqual([["open “takes.json”"], []]);
  });

  it("that is damaged is said to be, and replaces nothing", async () => {
    const whole = await bytes(zip({ "a.png": await bytes(saved("a.png")) }));
    await fileImport.take([new File([whole.slice(0, 60)], "cut.zip")], [0, 0]);
    expect(steps).toEqual([]);
    expect(messages).toEqual([expect.stringMatching(/“cut\.zip”: it is damaged, or not whole/)]);
  });
});
