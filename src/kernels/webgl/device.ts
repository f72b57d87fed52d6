/** Runs planned networks on a tfjs WebGL backend's context: draws passes, and leaves the context as tfjs expects it. */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import type * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../image/raster";
import type { Weights } from "../../types";
import type { Network } from "../network";
import { layerOf, outputOf } from "../network";
import { isSft, sizesOf, vectorsOf } from "../passes";
import type { ImportProgram } from "./ends";
import { type MapShape, Maps, type TextureMap, texelsOf } from "./maps";
import type { ConvPass, MapPlan, Pass, Plan, SftPass } from "./plan";
import { bindTensor, type Program, type ProgramKind, Programs, unitOf } from "./programs";
import { newTensor, type TensorTexture, tensorTexture } from "./tensors";
import { type Packed, packed, weightsTexture } from "./weights";

/** Bytes of textures that are kept for later maps. */
const KEPT_BYTES = 192 * 2 ** 20;

/** Weights on the GPU. */
interface DeviceWeights extends Packed {
  readonly device: Device;
  readonly buffer: WebGLBuffer | undefined;
  readonly texture: WebGLTexture | undefined;
  dispose(): void;
}

const devices = new WeakMap<MathBackendWebGL, Device>();

/** The one device of a backend. */
export function deviceOf(backend: MathBackendWebGL): Device {
  const device = devices.get(backend) ?? new Device(backend);
  devices.set(backend, device);
  return device;
}

export class Device {
  readonly gl: WebGL2RenderingContext;
  readonly programs: Programs;
  readonly maps: Maps;
  /** Textures that a shader of ours may render to at once, and how large they may be. */
  readonly limits: { readonly targets: number; readonly side: number };

  constructor(readonly backend: MathBackendWebGL) {
    const gl = backend.gpgpu.gl as WebGL2RenderingContext;
    this.gl = gl;
    this.programs = new Programs(gl);
    this.maps = new Maps(gl, KEPT_BYTES);
    const at = (name: number) => gl.getParameter(name) as number;
    this.limits = {
      targets: Math.min(at(gl.MAX_DRAW_BUFFERS), at(gl.MAX_COLOR_ATTACHMENTS)),
      side: at(gl.MAX_TEXTURE_SIZE),
    };
  }

  /** The network's result, as tfjs tracks it. Undefined where a map would be larger than textures may be. */
  run(...asked: Parameters<Device["steps"]>): tf.Tensor4D | undefined {
    const steps = this.steps(...asked);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
    }
  }

  /** The same with `between` awaited after each pass, in which others may draw. Stops where that rejects. */
  async runSlowly(between: () => Promise<void>, ...asked: Parameters<Device["steps"]>): Promise<tf.Tensor4D | undefined> {
    const steps = this.steps(...asked);
    try {
      for (;;) {
        const { done, value } = steps.next();
        if (done) return value;
        await between();
      }
    } finally {
      steps.return(undefined);
    }
  }

  /** Pass by pass; whatever is held meanwhile is released where it is left. */
  private *steps(
    weights: Weights,
    network: Network,
    plan: Plan,
    given: Readonly<Record<string, tf.Tensor4D>>,
  ): Generator<void, tf.Tensor4D | undefined> {
    const shapes = shapesIn(plan, network, given);
    if ([...shapes.values()].some((shape) => Math.max(...texelsOf(shape)) > this.limits.side)) return undefined;
    const maps = new Map<string, TextureMap>();
    const release = (name: string) => {
      const map = maps.get(name);
      if (map && maps.delete(name)) this.maps.release(map);
    };
    const textures = new Map(Object.keys(network.inputs).map((name) => [name, tensorTexture(this.backend, given[name]!)]));
    try {
      this.begin();
      for (const [name, source] of textures) {
        const shape = shapes.get(name);
        if (shape) maps.set(name, this.import(source, this.take(maps, name, shape)));
      }
      for (const pass of plan.passes) {
        const made = this.take(maps, pass.name, shapes.get(pass.name)!);
        const map = (name: string) => maps.get(name)!;
        if (isSft(pass)) this.sft(weights, pass, map(pass.x), map(pass.condition), made);
        else this.conv(weights, pass, map(pass.x), pass.residual === undefined ? undefined : map(pass.residual), made);
        for (const name of pass.last) release(name);
        this.end();
        yield;
        this.begin();
      }
      return this.export(maps.get(outputOf(network))!);
    } finally {
      this.end();
      for (const name of [...maps.keys()]) release(name);
      for (const { dispose } of textures.values()) dispose();
    }
  }

  /** What a plan is drawn with. */
  kindsOf(network: Network, { passes, maps }: Plan): ProgramKind[] {
    const ends = Object.keys(network.inputs).map((name) => this.importKind(maps.get(name)!));
    return [...passes.map(({ program }) => program), ...ends, { kind: "export", cell: maps.get(outputOf(network))!.cell }];
  }

  private importKind({ channels, cell }: MapPlan): ImportProgram {
    return { kind: "import", cell, out: Math.min(this.limits.targets, 8, vectorsOf(channels)) };
  }

  private take(maps: Map<string, TextureMap>, name: string, shape: MapShape): TextureMap {
    const map = this.maps.take(shape);
    maps.set(name, map);
    return map;
  }

  private conv(weights: Weights, pass: ConvPass, x: TextureMap, residual: TextureMap | undefined, made: TextureMap): void {
    const { gl } = this;
    const { program: kind, operation } = pass;
    const { activation } = operation;
    const program = this.programs.use(kind);
    const own = this.weightsOf(weights, pass);
    this.bind("x", x);
    if (residual) this.bind("residual", residual);
    gl.uniform2i(program.location("size"), x.width, x.height);
    gl.uniform1i(program.location("vectors"), kind.vectors);
    if (typeof activation === "object" && "leaky" in activation) gl.uniform1f(program.location("slope"), activation.leaky);
    const layers = made.cell ** 2;
    for (let draw = 0; draw < own.draws; draw++) {
      gl.uniform1i(program.location("draw"), draw);
      this.bindWeights(program, own, draw);
      this.draw(made, layersOf(made, draw * kind.out, kind.out, [...Array(layers).keys()]));
    }
  }

  private sft(weights: Weights, pass: SftPass, x: TextureMap, condition: TextureMap, made: TextureMap): void {
    const { gl } = this;
    const { program: kind, operation } = pass;
    const program = this.programs.use(kind);
    const own = this.weightsOf(weights, pass);
    this.bind("x", x);
    this.bind("condition", condition);
    gl.uniform1f(program.location("slope"), operation.slope);
    gl.uniform1i(program.location("vectors"), kind.vectors);
    gl.uniform4fv(program.location("hiddenBias"), own.hiddenBias!);
    for (let draw = 0; draw < own.draws; draw++) {
      gl.uniform1i(program.location("draw"), draw);
      this.bindWeights(program, own, draw);
      this.eachPhase(program, made, draw, kind.out);
    }
  }

  private import(source: TensorTexture, made: TextureMap): TextureMap {
    const { gl } = this;
    const kind = this.importKind(made);
    const program = this.programs.use(kind);
    bindTensor(gl, program, source);
    gl.uniform1i(program.location("channels"), made.channels);
    gl.uniform2i(program.location("size"), made.width, made.height);
    for (let draw = 0; draw * kind.out < vectorsOf(made.channels); draw++) {
      gl.uniform1i(program.location("draw"), draw);
      this.eachPhase(program, made, draw, kind.out);
    }
    return made;
  }

  private export(x: TextureMap): tf.Tensor4D {
    const { gl } = this;
    const { tensor, texture, columns, rows } = newTensor(this.backend, [1, x.height, x.width, x.channels]);
    const program = this.programs.use({ kind: "export", cell: x.cell });
    this.bind("x", x);
    gl.uniform1i(program.location("resultColumns"), columns);
    gl.uniform1i(program.location("channels"), x.channels);
    gl.uniform2i(program.location("resultSize"), x.width, x.height);
    this.maps.drawTexture(texture, columns, rows);
    return tensor;
  }

  /** A draw for one pixel of each cell after the other. */
  private eachPhase(program: Program, made: TextureMap, draw: number, out: number): void {
    for (let phase = 0; phase < made.cell ** 2; phase++) {
      this.gl.uniform1i(program.location("phase"), phase);
      this.draw(made, layersOf(made, draw * out, out, [phase]));
    }
  }

  private draw(made: TextureMap, layers: readonly (number | undefined)[]): void {
    const { gl } = this;
    this.maps.bindTarget(made, layers);
    gl.viewport(0, 0, ...texelsOf(made));
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  private bind(sampler: "x" | "residual" | "condition", { stored }: TextureMap): void {
    this.gl.activeTexture(this.gl.TEXTURE0 + unitOf(sampler));
    this.gl.bindTexture(this.gl.TEXTURE_2D_ARRAY, stored.texture);
  }

  private bindWeights(program: Program, { buffer, texture, block, blocks, bias, draws }: DeviceWeights, draw: number): void {
    const { gl } = this;
    const each = bias.length / draws;
    gl.uniform4fv(program.location("bias"), bias.subarray(draw * each, (draw + 1) * each));
    if (texture) {
      gl.activeTexture(gl.TEXTURE0 + unitOf("weights"));
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.uniform1i(program.location("first"), draw * blocks * block);
    }
    if (!buffer) return;
    const bytes = 64 * block;
    for (let i = 0; i < blocks; i++) gl.bindBufferRange(gl.UNIFORM_BUFFER, i, buffer, (draw * blocks + i) * bytes, bytes);
  }

  private weightsOf(weights: Weights, pass: Pass): DeviceWeights {
    const key = `webgl ${layerOf(pass.operation)} ${JSON.stringify(pass.program)}`;
    const found = weights.copies.get(key) as DeviceWeights | undefined;
    if (found?.device === this) return found;
    const made = this.upload(packed(weights, pass), pass.program.weights);
    weights.copies.set(key, made);
    return made;
  }

  private upload(own: Packed, where: "uniforms" | "texture"): DeviceWeights {
    const { gl } = this;
    if (where === "uniforms") {
      const buffer = gl.createBuffer()!;
      gl.bindBuffer(gl.UNIFORM_BUFFER, buffer);
      gl.bufferData(gl.UNIFORM_BUFFER, own.matrices, gl.STATIC_DRAW);
      return { ...own, device: this, buffer, texture: undefined, dispose: () => gl.deleteBuffer(buffer) };
    }
    const texture = weightsTexture(gl, own.matrices);
    return { ...own, device: this, buffer: undefined, texture, dispose: () => gl.deleteTexture(texture) };
  }

  /** Before draws of ours. */
  begin(): void {
    this.gl.disable(this.gl.SCISSOR_TEST);
    this.gl.bindVertexArray(null);
  }

  /** After them: tfjs sets program, framebuffer, viewport and textures before each of its draws; the rest it expects as it set it once. */
  end(): void {
    this.gl.enable(this.gl.SCISSOR_TEST);
    this.gl.bindFramebuffer(this.gl.FRAMEBUFFER, null);
  }
}

/** What a draw renders to: vectors `first` to `first + count`, of these pixels of a cell. */
function layersOf({ channels, cell }: MapShape, first: number, count: number, phases: readonly number[]) {
  return phases.flatMap((phase) =>
    Array.from({ length: count }, (_, i) => (first + i < vectorsOf(channels) ? (first + i) * cell ** 2 + phase : undefined)),
  );
}

/** How all maps of a plan are stored. */
function shapesIn({ passes, maps }: Plan, network: Network, given: Readonly<Record<string, tf.Tensor4D>>) {
  const inputs = Object.keys(network.inputs).map((name) => [name, sizeOf(given[name]!)] as const);
  const sizes = sizesOf(passes, Object.fromEntries(inputs));
  return new Map([...sizes].map(([name, size]): [string, MapShape] => [name, { ...maps.get(name)!, ...size }]));
}
