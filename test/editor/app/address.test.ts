import { zlibSync } from "fflate";
import { describe, expect, it } from "vitest";
import { addressWith, fileAddress, graphAt, graphInAddress, LONGEST_SHARED, readAddress } from "../../../src/editor/app/address";
import { cleanGraph, LIMITS } from "../../../src/graph/clean";
import { graphOf } from "../../graph-builder";

const PAGE = "https://example.test/some/where/index.html?x=1#old";
const GRAPH = cleanGraph(graphOf([["load-lr"], ["bicubic-upscale", {}, { image: [1, "image"] }]]));
const dataOf = (href: string) => {
  const { source } = readAddress(href);
  return source?.kind === "data" ? source.text : "";
};

describe("An address", () => {
  it("says whether an app is wanted, and where its graph is", () => {
    expect(readAddress("https://a.test/")).toEqual({ isApp: false });
    expect(readAddress("https://a.test/?q#part")).toEqual({ isApp: false });
    expect(readAddress("https://a.test/?app=graphs/x.json")).toEqual({
      isApp: true,
      source: { kind: "file", address: "graphs/x.json" },
    });
    expect(readAddress("https://a.test/?app")).toEqual({ isApp: true, source: { kind: "file", address: "graphs/sft-gan.json" } });
    expect(readAddress("https://a.test/?app#graph=eJw")).toEqual({ isApp: true, source: { kind: "data", text: "eJw" } });
    expect(readAddress("https://a.test/#graph=eJw")).toEqual({ isApp: false, source: { kind: "data", text: "eJw" } });
  });

  it("carries a whole graph, for the app and for the editor, short enough to be sent", () => {
    const app = addressWith(GRAPH, PAGE, true, LONGEST_SHARED);
    expect(app).toMatch(/^https:\/\/example\.test\/some\/where\/index\.html\?app#graph=[\w-]+$/);
    expect(app.length).toBeLessThan(1000);
    expect(graphInAddress(dataOf(app))).toEqual(GRAPH);
    const editor = addressWith(GRAPH, PAGE, false);
    expect(readAddress(editor).isApp).toBe(false);
    expect(graphInAddress(dataOf(editor))).toEqual(GRAPH);
  });

  it("is refused for a graph that is too large to be sent so, with what to do", () => {
    const data = Array.from({ length: 40_000 }, (_, i) => (i * 7919).toString(36)).join("");
    const large = graphOf([["load-lr", { file: { name: "mine.png", data } }]]);
    expect(() => addressWith(large, PAGE, true, LONGEST_SHARED)).toThrow(/at most 30000 .*\?app=NAME\.json/);
  });

  it("that is damaged, cut short, no graph, or unpacks to more than a graph may have says so at once", () => {
    const text = dataOf(addressWith(GRAPH, PAGE, true));
    for (const bad of ["%%%", "AAAA", text.slice(0, -20), "A".repeat(1_000_001)])
      expect(() => graphInAddress(bad)).toThrow(/damaged or was cut short/);
    const packed = (content: Uint8Array) => Buffer.from(zlibSync(content)).toString("base64url");
    expect(() => graphInAddress(packed(new Uint8Array(LIMITS.text + 1)))).toThrow(/damaged or was cut short/);
    expect(() => graphInAddress(packed(new TextEncoder().encode("alert(1)")))).toThrow(/not JSON/);
    expect(() => graphInAddress(packed(new TextEncoder().encode("[]")))).toThrow(/not a litegraph graph/);
  });
});

describe("A graph's file", () => {
  const answer =
    (body: BodyInit, status = 200) =>
    async () =>
      new Response(body, { status });

  it("is read from the page's own server, beside it or at a whole address", async () => {
    expect(fileAddress("graphs/x.json", PAGE)).toBe("https://example.test/some/where/graphs/x.json");
    const asked: string[] = [];
    const get = async (href: unknown) => {
      asked.push(String(href));
      return new Response(JSON.stringify(GRAPH));
    };
    expect(await graphAt("https://example.test/y.json", PAGE, get as typeof fetch)).toEqual(GRAPH);
    expect(asked).toEqual(["https://example.test/y.json"]);
  });

  it("elsewhere, or that is code and no file, is not asked for", async () => {
    let asked = 0;
    const get = async () => {
      asked++;
      return new Response("{}");
    };
    for (const address of [
      "https://other.test/x.json",
      "//other.test/x.json",
      "javascript:alert(1)",
      "data:,{}",
      "file:///etc/passwd",
    ])
      await expect(graphAt(address, PAGE, get)).rejects.toThrow(/its own server only \(https:\/\/example\.test\)/);
    await expect(graphAt("http://", PAGE, get)).rejects.toThrow(/no address of a graph/);
    expect(asked).toBe(0);
  });

  it("that is missing, too large or no graph is refused by name", async () => {
    await expect(graphAt("x.json", PAGE, answer("gone", 404))).rejects.toThrow(
      /“x\.json” cannot be read \(the server says 404\)/,
    );
    await expect(graphAt("x.json", PAGE, answer("<!doctype html>"))).rejects.toThrow(/not JSON/);
    await expect(graphAt("x.json", PAGE, () => Promise.reject(new TypeError("no")))).rejects.toThrow(
      /whether there is a network/,
    );
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(into) {
        sent += 2 ** 22;
        into.enqueue(new Uint8Array(2 ** 22));
      },
    });
    await expect(graphAt("x.json", PAGE, answer(endless))).rejects.toThrow(/more than \d+ bytes/);
    expect(sent).toBeLessThan(6 * LIMITS.text);
  });
});
