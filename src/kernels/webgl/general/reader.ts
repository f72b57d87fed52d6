/** Runs networks by the general kernels on a WebGL device, one draw for an operation, two for a mean. */
import type * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../image/raster";
import type { Model, Size, Weights } from "../../../types";
import type { Reader } from "../../execution";
import {
  GENERAL_KERNELS,
  type GeneralKernel,
  generalKernel,
  generalKernels,
  kernelShape,
  poolPadding,
  resultOf,
  type Shape,
} from "../../general";
import { type Conv, layerOf, type Network, type Operation, padding } from "../../network";
import { packConv, packDepthwise } from "../../pack";
import { vectorsOf } from "../../passes";
import type { Device } from "../device";
import { oddSide, type Stored } from "../maps";
import { bindTensor, type Program, unitOf } from "../programs";
import { newTensor, type TensorTexture, tensorTexture } from "../tensors";
import { weightsTexture } from "../weights";
import { ACTIVATIONS, type GeneralProgram, shaderOf } from "./shaders";

/** Vectors of a fragment: two where as many textures as that takes can be rendered to at once. */
const eachOn = ({ limits }: Device): 1 | 2 => (limits.targets >= 8 ? 2 : 1);

/** A map in tiles of cells, as many vectors to a tile as a fragment has: `across` tiles lie side by side, `down` in all. */
export interface TileMap extends Shape {
  readonly stored: Stored;
  readonly across: number;
  readonly down: number;
}

interface DeviceWeights {
  readonly device: Device;
  readonly texture: WebGLTexture;
  /** Texels before the bias. */
  readonly bias: number;
  dispose(): void;
}

const tileOf = ({ height, width }: Size): readonly [number, number] => [Math.ceil(width / 2), Math.ceil(height / 2)];

/** Tiles side by side and in all, about a square. Undefined where a texture may not be as large as that takes. */
function tilesOf(shape: Shape, device: Device): Pick<TileMap, "across" | "down"> | undefined {
  const [width, height] = tileOf(shape);
  const tiles = Math.ceil(vectorsOf(shape.channels) / eachOn(device));
  const most = Math.floor((device.limits.side - 1) / width);
  const across = Math.min(tiles, most, Math.max(1, Math.round(Math.sqrt((tiles * height) / width))));
  const down = Math.ceil(tiles / across);
  return across > 0 && down * height < device.limits.side ? { across, down } : undefined;
}

/** What a network is drawn with; undefined where the general kernels cannot run it. */
export function generalPrograms(
  device: Device,
  model: Pick<Model, "weights">,
  network: Network,
): readonly GeneralProgram[] | undefined {
  const kernels = generalKernels(model, network);
  return kernels && programsOf(device, kernels);
}

/** What any network is drawn with. */
export const allPrograms = (device: Device): readonly GeneralProgram[] => programsOf(device, GENERAL_KERNELS);

function programsOf(device: Device, kernels: readonly GeneralKernel[]): GeneralProgram[] {
  const each = eachOn(device);
  const names = new Set([...kernels.map((kernel) => shaderOf(kernel).name), "import", "export"] as const);
  return [...names].map((name) => ({ kind: "general", name, each }));
}

/** Undefined where the general kernels cannot run the network, or a map would be larger than textures may be. */
export function generalReader(
  device: Device,
  model: Pick<Model, "weights">,
  network: Network,
  given: Readonly<Record<string, tf.Tensor4D>>,
): Reader<unknown> | undefined {
  const programs = generalPrograms(device, model, network);
  if (!programs) return undefined;
  const shapes = new Map<string, Shape>();
  const shapeOf = (name: string) => shapes.get(name)!;
  for (const [name, { channels }] of Object.entries(network.inputs)) shapes.set(name, { ...sizeOf(given[name]!), channels });
  for (const operation of network.operations) shapes.set(operation.name, resultOf(model.weights, operation, shapeOf));
  if ([...shapes.values()].some((shape) => tilesOf(shape, device) === undefined)) return undefined;
  for (const program of programs) device.programs.use(program);
  return new GeneralReader(device, model.weights);
}

export class GeneralReader implements Reader<TileMap> {
  private readonly gl: WebGL2RenderingContext;
  /** Of all textures of a map: all are drawn to at once. */
  private readonly layers: readonly number[];

  constructor(
    private readonly device: Device,
    private readonly weights: Weights,
  ) {
    this.gl = device.gl;
    this.layers = [...Array(4 * eachOn(device)).keys()];
  }

  take(x: tf.Tensor4D): TileMap {
    const source = tensorTexture(this.device.backend, x);
    try {
      return this.import(source, { ...sizeOf(x), channels: x.shape[3] });
    } finally {
      source.dispose();
    }
  }

  /** A map of the values in a texture. */
  import(source: TensorTexture, shape: Shape): TileMap {
    return this.drawn(shape, (made) => {
      const program = this.use("import");
      bindTensor(this.gl, program, source);
      this.gl.uniform2i(program.location("size"), made.width, made.height);
      this.draw(program, made);
    });
  }

  apply(operation: Operation, map: (name: string) => TileMap): TileMap {
    const x = map(operation.x);
    const kernel = generalKernel(this.weights, operation)!;
    if (operation.op === "mean") return this.mean(x);
    return this.drawn(resultOf(this.weights, operation, map), (made) => {
      const program = this.useKernel(kernel);
      this.bind(program, "x", x);
      this.tell(program, operation, map, made);
      this.draw(program, made);
    });
  }

  release({ stored }: TileMap): void {
    this.device.maps.release({ stored });
  }

  give(x: TileMap): tf.Tensor4D {
    const { tensor, texture, columns, rows } = newTensor(this.device.backend, [1, x.height, x.width, x.channels]);
    this.export(x, columns, () => this.device.maps.drawTexture(texture, columns, rows));
    this.release(x);
    return tensor;
  }

  /** Has `draw` render the map's values to a packed texture of so many texels in a row. */
  export(x: TileMap, columns: number, draw: () => void): void {
    const { gl, device } = this;
    device.begin();
    try {
      const program = this.use("export");
      this.bind(program, "x", x);
      gl.uniform1i(program.location("resultColumns"), columns);
      gl.uniform1i(program.location("channels"), x.channels);
      gl.uniform2i(program.location("resultSize"), x.width, x.height);
      draw();
    } finally {
      device.end();
    }
  }

  /** Along the rows, then along what is left. */
  private mean(x: TileMap): TileMap {
    const { gl } = this;
    const along = (of: TileMap, shape: Size, step: readonly [number, number], count: number) =>
      this.drawn({ ...shape, channels: x.channels }, (made) => {
        const program = this.useKernel("mean");
        this.bind(program, "x", of);
        gl.uniform2i(program.location("along"), ...step);
        gl.uniform1i(program.location("count"), count);
        this.draw(program, made);
      });
    const rows = along(x, { height: x.height, width: 1 }, [1, 0], x.width);
    try {
      return along(rows, { height: 1, width: 1 }, [0, 1], x.height);
    } finally {
      this.release(rows);
    }
  }

  /** A new map, drawn by `draw`. */
  private drawn(shape: Shape, draw: (made: TileMap) => void): TileMap {
    const { across, down } = tilesOf(shape, this.device)!;
    const [width, height] = tileOf(shape);
    const stored = this.device.maps.takeLayers(oddSide(across * width), oddSide(down * height), this.layers.length, false);
    const made: TileMap = { height: shape.height, width: shape.width, channels: shape.channels, stored, across, down };
    this.device.begin();
    try {
      draw(made);
      return made;
    } catch (error) {
      this.release(made);
      throw error;
    } finally {
      this.device.end();
    }
  }

  private use(name: GeneralProgram["name"]): Program {
    return this.device.programs.use({ kind: "general", name, each: eachOn(this.device) });
  }

  private useKernel(of: GeneralKernel): Program {
    const { name, kernel = 0 } = shaderOf(of);
    const program = this.use(name);
    this.gl.uniform1i(program.location("kernel"), kernel);
    return program;
  }

  private draw(program: Program, made: TileMap): void {
    const { gl } = this;
    const [width, height] = tileOf(made);
    gl.uniform2i(program.location("tile"), width, height);
    gl.uniform1i(program.location("across"), made.across);
    gl.uniform1i(program.location("targets"), this.layers.length);
    gl.uniform1i(program.location("channels"), made.channels);
    this.device.maps.bindTarget(made, this.layers);
    gl.viewport(0, 0, made.across * width, made.down * height);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  private bind(program: Program, name: "x" | "residual", map: TileMap): void {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + unitOf(name));
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, map.stored.texture);
    gl.uniform2i(program.location(`${name}Size`), map.width, map.height);
    gl.uniform2i(program.location(`${name}Tile`), ...tileOf(map));
    gl.uniform1i(program.location(`${name}Across`), map.across);
  }

  /** What a shader is told beside its maps. */
  private tell(program: Program, operation: Operation, map: (name: string) => TileMap, made: TileMap): void {
    const { gl } = this;
    const x = map(operation.x);
    switch (operation.op) {
      case "conv": {
        const { side, own, before } = this.kernel(operation);
        const { stride = 1, dilation = 1, activation = "none", residual } = operation;
        const numbers = { side, stride, dilation, pad: before, bias: own.bias, vectors: vectorsOf(x.channels) };
        for (const [name, value] of Object.entries(numbers)) gl.uniform1i(program.location(name), value);
        gl.uniform1i(program.location("activation"), ACTIVATIONS[typeof activation === "object" ? "leaky" : activation]);
        if (typeof activation === "object") gl.uniform1f(program.location("slope"), activation.leaky);
        gl.uniform1i(program.location("added"), residual === undefined ? 0 : 1);
        // Something has to be bound, and not by chance what is drawn to.
        this.bind(program, "residual", residual === undefined ? x : map(residual));
        return;
      }
      case "upConv":
        this.bindWeights(this.weightsOf("upConv", layerOf(operation), () => packDepthwise(this.weights, layerOf(operation))));
        gl.uniform1i(program.location("stride"), operation.stride);
        return;
      case "resizeLike":
        gl.uniform2f(program.location("ratio"), x.width / made.width, x.height / made.height);
        return;
      case "maxPool":
        gl.uniform2i(program.location("padding"), poolPadding(x.width), poolPadding(x.height));
        return;
      case "padTo":
      case "cropLike":
      case "normalise": {
        const [mean, deviation] =
          operation.op === "normalise"
            ? [operation.mean, operation.deviation]
            : [
                [0, 0, 0],
                [1, 1, 1],
              ];
        gl.uniform4f(program.location("mean"), ...(mean as [number, number, number]), 0);
        gl.uniform4f(program.location("deviation"), ...(deviation as [number, number, number]), 1);
        gl.uniform1i(program.location("reversed"), operation.op === "normalise" && operation.bgr ? 1 : 0);
      }
    }
  }

  /** Binds the weights of a convolution. */
  private kernel(operation: Conv) {
    const [outputs, inputs, side] = kernelShape(this.weights, operation) as [number, number, number];
    const layer = layerOf(operation);
    const own = this.weightsOf(generalKernel(this.weights, operation)!, layer, (kernel) => {
      if (kernel === "depthwise") return packDepthwise(this.weights, layer);
      const [taps, vectors] = [side * side, vectorsOf(inputs)];
      const { matrices, bias } = packConv(
        this.weights,
        { operation, inputs, outputs, side, shuffle: false },
        {
          out: 1,
          matrices: vectorsOf(outputs) * taps * vectors,
          at: (draw, tap, input) => (draw * taps + tap) * vectors + input,
        },
      );
      return { kernel: matrices, bias };
    });
    this.bindWeights(own);
    return { side, own, before: padding(side, operation)[0] };
  }

  private bindWeights({ texture }: DeviceWeights): void {
    this.gl.activeTexture(this.gl.TEXTURE0 + unitOf("weights"));
    this.gl.bindTexture(this.gl.TEXTURE_2D, texture);
  }

  private weightsOf(
    kernel: GeneralKernel,
    layer: string,
    pack: (kernel: GeneralKernel) => { readonly kernel: Float32Array; readonly bias: Float32Array },
  ): DeviceWeights {
    const key = `webgl general ${layer}`;
    const found = this.weights.copies.get(key) as DeviceWeights | undefined;
    if (found?.device === this.device) return found;
    const packed = pack(kernel);
    const values = new Float32Array(packed.kernel.length + packed.bias.length);
    values.set(packed.kernel);
    values.set(packed.bias, packed.kernel.length);
    const texture = weightsTexture(this.gl, values);
    const dispose = () => this.gl.deleteTexture(texture);
    const made = { device: this.device, texture, bias: packed.kernel.length / 4, dispose };
    this.weights.copies.set(key, made);
    return made;
  }
}
