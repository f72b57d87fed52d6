import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it, vi } from "vitest";
import { definitions } from "../../nodes";
import { createHost, type HostParts } from "../../src/engine/host";
import { sha256 } from "../../src/graph/file";
import { fixture } from "../fixture";
import { head } from "../sftgan/stages";
import { noise, testHost } from "../support";

const { decode, encode } = testHost();
const hostOf = (parts: Partial<HostParts> = {}) =>
  createHost({
    definitions,
    decode,
    encode,
    checkpoint: async () => {},
    file: async ({ name }) => new TextEncoder().encode(`mine: ${name}`),
    asset: async () => fixture("net-sft-net.pth"),
    graphText: () => '{"nodes":[]}',
    ...parts,
  });

describe("Weights that ship with the package", () => {
  it("are loaded once, however many ask for them at once, and are the host's until released", async () => {
    const before = tf.memory().numTensors;
    const asset = vi.fn(async () => fixture("net-sft-net.pth"));
    const { host, release } = hostOf({ asset });
    const [a, b] = await Promise.all([host.shipped("sftgan"), host.shipped("sftgan")]);
    expect(a).toBe(b);
    expect(await host.shipped("sftgan")).toBe(a);
    expect(asset.mock.calls).toEqual([["weights:sftgan.safetensors"]]);
    expect(a.weights.kept).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
    const picture = noise([1, 2, 3, 3]);
    head(a, picture).dispose();
    picture.dispose();
    expect(tf.memory().numTensors - before, "kernel and bias of the head").toBe(2);
    release();
    await Promise.resolve();
    await Promise.resolve();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("are asked for again after a failure", async () => {
    let tries = 0;
    const asset = async () => {
      if (++tries === 1) throw new Error("the network is down");
      return fixture("net-sft-net.pth");
    };
    const { host, release } = hostOf({ asset });
    await expect(host.shipped("sftgan")).rejects.toThrow("the network is down");
    expect((await host.shipped("sftgan")).architecture).toBe("sft-net");
    release();
  });
});

describe("Files", () => {
  it("of the package and of the user are told by their names", async () => {
    const { host } = hostOf({ asset: async (name) => new TextEncoder().encode(`ours: ${name}`) });
    const text = async (name: string) => new TextDecoder().decode(await host.file({ name }));
    expect(await text("sample:scene.png")).toBe("ours: sample:scene.png");
    expect(await text("weights:psnr.safetensors")).toBe("ours: weights:psnr.safetensors");
    expect(await text("my weights.pth")).toBe("mine: my weights.pth");
  });
});

describe("What a saved picture says of its making", () => {
  const provenance = (host: ReturnType<typeof hostOf>["host"]) => {
    const { sftgan, "sftgan-weights": weights } = host.provenance();
    return { graph: JSON.parse(sftgan!), weights: JSON.parse(weights!) };
  };

  it("is the graph, and the hashes of the weights that it uses of those read so far", async () => {
    const hash = await sha256(await fixture("net-sft-net.pth"));
    let graph: object = { nodes: [] };
    const { host, release } = hostOf({ graphText: () => JSON.stringify(graph) });
    expect(provenance(host)).toEqual({ graph, weights: {} });
    await host.shipped("sftgan");
    expect(provenance(host).weights).toEqual({});
    const net = (id: number, type: string, link: number | null = null) => ({ id, type, inputs: [{ name: "model", link }] });
    graph = { nodes: [net(1, "sftgan/segment"), net(2, "sftgan/upsample")] };
    expect(provenance(host).weights).toEqual({ "weights:sftgan.safetensors": hash });
    await host.shipped("segment");
    expect(provenance(host)).toEqual({
      graph,
      weights: { "weights:segment.safetensors": hash, "weights:sftgan.safetensors": hash },
    });
    const own = { id: 3, type: "sftgan/load-model", properties: { file: { name: "mine.pth" } } };
    graph = { nodes: [net(1, "sftgan/segment"), net(2, "sftgan/upsample", 1), own], links: [[1, 3, 0, 2, 0, "model"]] };
    await host.file({ name: "mine.pth" });
    expect(provenance(host).weights).toEqual({
      "weights:segment.safetensors": hash,
      "mine.pth": await sha256("mine: mine.pth"),
    });
    release();
  });

  it("names both files of a blend, connected or not", async () => {
    const hash = await sha256(await fixture("net-sft-net.pth"));
    const nodes = [
      { id: 1, type: "sftgan/blend-models", inputs: [{ name: "b", link: 1 }], outputs: [{ name: "model", links: [2] }] },
      { id: 2, type: "sftgan/load-model", properties: { file: { name: "mine.pth" } } },
      { id: 3, type: "sftgan/upsample", inputs: [{ name: "model", link: 2 }] },
    ];
    const links = [
      [1, 2, 0, 1, 0, "model"],
      [2, 1, 0, 3, 0, "model"],
    ];
    const given: Record<string, unknown> = { nodes, links };
    const { host, release } = hostOf({ graphText: () => JSON.stringify(given) });
    await Promise.all([host.shipped("psnr"), host.shipped("sftgan"), host.file({ name: "mine.pth" })]);
    expect(provenance(host).weights).toEqual({
      "weights:psnr.safetensors": hash,
      "mine.pth": await sha256("mine: mine.pth"),
    });
    given.links = links.slice(1);
    given.nodes = [{ id: 1, type: "sftgan/blend-models" }, ...nodes.slice(2)];
    expect(provenance(host).weights).toEqual({ "weights:psnr.safetensors": hash, "weights:sftgan.safetensors": hash });
    release();
  });

  it("names the weights that Load Model read, and no other files", async () => {
    const nodes = [
      { id: 1, type: "sftgan/load-model", properties: { file: { name: "mine.pth" } } },
      { id: 2, type: "sftgan/load-model", properties: { file: "bare.safetensors" } },
      { id: 3, type: "sftgan/load-model" },
      { id: 4, type: "sftgan/load-model", properties: { file: null } },
      { id: 5, type: "sftgan/load-prior", properties: { file: { name: "scene_bic.pth" } } },
    ];
    const { host } = hostOf({ graphText: () => JSON.stringify({ nodes }), asset: async () => Uint8Array.of(1) });
    for (const name of ["mine.pth", "bare.safetensors", "weights:sftgan.safetensors", "scene_bic.pth", "other.pth", "a.png"])
      await host.file({ name });
    expect(provenance(host).weights).toEqual({
      "mine.pth": await sha256("mine: mine.pth"),
      "bare.safetensors": await sha256("mine: bare.safetensors"),
      "weights:sftgan.safetensors": await sha256(Uint8Array.of(1)),
    });
  });
});
