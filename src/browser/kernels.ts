/**
 * Which kernels run networks on this browser's GPU. Where nothing is known of it, candidates try a piece of the first network
 * that runs; the fastest is remembered for this renderer, and compiled for each network before it runs.
 */
import * as tf from "@tensorflow/tfjs-core";
import { get, set, type UseStore } from "idb-keyval";
import { type Choice, fastest, type Trial, tryAll } from "../kernels/webgl/choose";
import { BLOCKINGS, compile, planFor, useBlocking } from "../kernels/webgl/kernels";
import { conditionNet, generator, head, residualBlocks, upsample } from "../sftgan/generator";
import { isGenerator } from "../sftgan/roles";
import { type Model, SCALE, type Weights } from "../types";
import { nextTask } from "../webgl/backend";
import type { KernelSetting } from "./protocol";
import { openStorage } from "./storage";

const isChoice = (value: unknown): value is Choice =>
  value === "stock" || (typeof value === "string" && Object.hasOwn(BLOCKINGS, value));

/** Goes up with what is tried, and how: what was remembered before is forgotten. */
const VERSION = 1;
/** Sides of the pictures of a trial. */
const SIDES = [16, 64];
const PATIENCE = { open: 1000, act: 1000 };

export class Kernels {
  private decided: Promise<void> | undefined;
  private choice: Choice | undefined;
  private readonly compiled = new WeakSet<Weights>();

  constructor(
    private readonly gl: WebGL2RenderingContext,
    setting: KernelSetting = "auto",
    private readonly store: UseStore = openStorage("sftgan-kernels", "choices", () => {}, PATIENCE),
    private readonly compare: typeof tryAll = isSoftware(gl) ? onlyStock : tryAll,
  ) {
    this.use(setting === "auto" ? undefined : setting);
  }

  /** What runs networks; undefined as long as that is not decided, and tfjs's own kernels do. */
  get used(): Choice | undefined {
    return this.choice;
  }

  /** Makes ready for a model's networks: decides, the first time, and compiles. Resolves at once for what tfjs runs. */
  async ready(model: Model): Promise<void> {
    if (!isGenerator(model) || this.choice === "stock" || !planFor(BLOCKINGS["2×2×4"], model, generator(model))) return;
    if (this.choice === undefined) {
      this.decided ??= this.decide(model);
      await this.decided;
    }
    const name = this.used;
    if (name === undefined || name === "stock" || this.compiled.has(model.weights)) return;
    this.compiled.add(model.weights);
    try {
      await compile(BLOCKINGS[name], model, stagesOf(model), nextTask);
    } catch {
      if (!this.gl.isContextLost()) this.use("stock");
    }
  }

  private async decide(model: Model): Promise<void> {
    const key = `${VERSION} ${rendererOf(this.gl)}`;
    const known = await get(key, this.store).catch(() => undefined);
    if (isChoice(known)) {
      this.use(known);
      return;
    }
    const tries = await this.compare(trialOf(model), nextTask).catch(() => undefined);
    if (!tries || this.gl.isContextLost()) {
      this.decided = undefined; // the next run tries again
      return;
    }
    const choice = fastest(tries);
    this.use(choice);
    await set(key, choice, this.store).catch(() => {}); // it is tried again on the next visit
  }

  private use(choice: Choice | undefined): void {
    this.choice = choice;
    useBlocking(choice === "stock" ? undefined : choice, () => this.use("stock"));
  }
}

/** Renderers without a GPU compile our shaders for ten seconds, which pays for large pictures only: a setting forces them. */
const isSoftware = (gl: WebGL2RenderingContext) => /llvmpipe|softpipe|swiftshader|basic render/i.test(rendererOf(gl));
const onlyStock: typeof tryAll = async () => [{ choice: "stock", ms: 0 }];

function rendererOf(gl: WebGL2RenderingContext): string {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  return [info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : gl.getParameter(gl.RENDERER), gl.getParameter(gl.VERSION)].join(
    ", ",
  );
}

/** The networks that nodes run, each by itself. */
const stagesOf = (model: Model) => [
  head(model),
  residualBlocks(model, 0, 1),
  upsample(model),
  ...(model.condition > 0 ? [conditionNet(model), residualBlocks(model, 0, 1, false), upsample(model, false)] : []),
];

/** One block and what follows the last, on the features of a picture of noise. */
function trialOf(model: Model): Trial {
  const steered = model.condition > 0;
  const stages: Trial["stages"] = [
    { name: "features", network: head(model), inputs: {} },
    ...(steered ? [{ name: "condition", network: conditionNet(model), inputs: {} }] : []),
    { name: "after", network: residualBlocks(model, 0, 1), inputs: {} },
    { name: "picture", network: upsample(model), inputs: { features: "after", head: "features" } },
  ];
  return {
    model,
    stages,
    sides: SIDES,
    poison: "image",
    given: (side) => ({
      image: tf.randomUniform([1, side, side, 3], 0, 1, "float32", 1),
      ...(steered && { prior: tf.randomUniform([1, SCALE * side, SCALE * side, model.classes], 0, 1, "float32", 2) }),
    }),
  };
}
