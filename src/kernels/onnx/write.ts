/** Writes a network as an ONNX model: PyTorch's operations as ONNX's, weights as initialisers, any height and width. */
import type { HostTensor } from "../../types";
import { type MapShape, type Shaped, shapesOf } from "../cost";
import {
  type Activation,
  type Conv,
  layerOf,
  type Network,
  type Operation,
  outputOf,
  padding,
  type Sft,
  type SftBranches,
} from "../network";
import { type Attribute, encodeOnnx, type Initialiser, type Node, type Value } from "./proto";
import { type SymbolicSize, sides, sizeOf, sizesOf } from "./sizes";

/** Whom a file says that it was made by. */
export const PRODUCER = "litegraph-sftgan";

export const OPSET = 17;

export interface OnnxOptions {
  /** What the result is called. Absent: as the last operation. */
  readonly output?: string;
  readonly description?: string;
  /** Texts in the file, by key. */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * "exchange", unless said otherwise: maps are `[1, c, h, w]`, PyTorch's, and operations as other programs know them best. "native":
   * for the native runtime, `[1, h, w, c]`, which saves it a turn of every map; what onnxruntime is slow at is written out.
   */
  readonly purpose?: "exchange" | "native";
  /**
   * For the native runtime where onnxruntime will keep maps in blocks of channels, as its highest level of optimisation does on x64:
   * sizes of maps are written down too, or it would turn each map back for an SFT layer, not knowing that γ and β are as large.
   */
  readonly inBlocks?: boolean;
}

/** The bytes of an .onnx file that gives what the network gives, float32. Inputs are called as the network calls them. */
export function writeOnnx(model: Written, network: Network, options: OnnxOptions = {}): Uint8Array {
  const { output = outputOf(network), description = "", metadata = {}, purpose = "exchange", inBlocks = false } = options;
  const shapes = shapesOf(model, network);
  const turned = purpose === "native";
  const graph = new Graph(model.weights.tensors, shapes, turned, inBlocks ? sizesOf(model, network) : new Map());
  const names = new Map<string, string>();
  const shape = (channels: number, size: SymbolicSize) =>
    turned ? [1, ...sides(size), channels] : [1, channels, ...sides(size)];
  const result = outputOf(network);
  const nameOf = (map: string) => (map !== result ? map : turned ? `${output} nchw` : output);
  /**
   * Names a map; what SFT layers make of it comes at once: onnxruntime computes late what stands early, and holds it for less long.
   * Where it makes blocks it numbers all anew, the other way round: what is used late has to stand late.
   */
  const made = (map: string, name: string) => {
    names.set(map, name);
    for (const operation of inBlocks ? [] : network.operations)
      if (operation.op === "sft" && operation.condition === map) graph.branches(operation, name, nameOf(operation.name));
  };
  for (const input of Object.keys(network.inputs))
    made(input, turned ? graph.add("Transpose", [input], `${input} nchw`, { perm: [0, 3, 1, 2] }) : input);
  for (const operation of network.operations) {
    const of = (map: string) => names.get(map)!;
    if (inBlocks && operation.op === "sft") graph.branches(operation, of(operation.condition), nameOf(operation.name));
    made(operation.name, graph.operation(operation, of, nameOf(operation.name)));
  }
  if (turned) graph.add("Transpose", [names.get(result)!], output, { perm: [0, 2, 3, 1] });
  const { channels, scale: times } = shapes.get(result)!;
  const name = turned ? shortNames([...Object.keys(network.inputs), output]) : (own: string) => own;
  return encodeOnnx({
    producer: PRODUCER,
    name: model.name,
    description,
    metadata,
    opset: OPSET,
    nodes: graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(name), output: name(node.output) })),
    initialisers: graph.initialisers.map((held) => ({ ...held, name: name(held.name) })),
    inputs: Object.entries(network.inputs).map(([name, input]) => ({ name, shape: shape(input.channels, sizeOf(name, input)) })),
    outputs: [{ name: output, shape: shape(channels, { base: "", times }) }],
    between: graph.sized.map((value) => ({ ...value, name: name(value.name) })),
  });
}

/** Names of a few letters but for those that are kept: onnxruntime compares them so often that a model opens a tenth sooner. */
function shortNames(kept: readonly string[]): (name: string) => string {
  const known = new Map(["", ...kept].map((name) => [name, name]));
  return (name) => {
    const short = known.get(name) ?? `:${known.size.toString(36)}`;
    known.set(name, short);
    return short;
  };
}

/** What of a model goes into a file. */
export interface Written extends Shaped {
  readonly name: string;
}

type Attributes = Readonly<Record<string, Attribute>>;

class Graph {
  readonly nodes: Node[] = [];
  readonly initialisers: Initialiser[] = [];
  /** Maps of which the size is known. */
  readonly sized: Value[] = [];
  private readonly known = new Set<string>();
  /** Of the maps that are being written. */
  private size: SymbolicSize | undefined;

  constructor(
    private readonly tensors: Readonly<Record<string, HostTensor>>,
    private readonly shapes: ReadonlyMap<string, MapShape>,
    private readonly writesOut: boolean,
    private readonly sizes: ReadonlyMap<string, SymbolicSize | undefined>,
  ) {}

  add(op: string, inputs: readonly string[], output: string, attributes: Attributes = {}): string {
    this.nodes.push({ op, inputs, output, attributes });
    return output;
  }

  /** `add` of what gives a map as large as the operation's. */
  private addMap(...node: Parameters<Graph["add"]>): string {
    if (this.size) this.sized.push({ name: node[2], shape: [1, undefined, ...sides(this.size)] });
    return this.add(...node);
  }

  /** One operation; `of` gives the names of maps here, `name` is the result's. */
  operation(operation: Operation, of: (map: string) => string, name: string): string {
    const x = of(operation.x);
    this.size = this.sizes.get(operation.name);
    switch (operation.op) {
      case "conv":
        return this.conv(operation, x, operation.residual === undefined ? undefined : of(operation.residual), name);
      case "sft": {
        const scaled = this.addMap("Mul", [x, `${name}.scale`], `${name}.scaled`);
        return this.activated(operation.activation, name, (to) => this.addMap("Add", [scaled, `${name}.shift`], to));
      }
      case "sftMap":
        return this.sftMap(layerOf(operation), operation.which, operation, x, name);
      case "activate":
        return this.activate(operation.activation, x, name);
      case "pixelShuffle":
        return this.addMap("DepthToSpace", [x], name, { blocksize: operation.factor, mode: "CRD" });
      case "nearest2": {
        const scales = this.floats("twice", [1, 1, 2, 2]);
        return this.addMap("Resize", [x, "", scales], name, {
          mode: "nearest",
          coordinate_transformation_mode: "asymmetric",
          nearest_mode: "floor",
        });
      }
      case "resizeLike": {
        const sides = this.sides(of(operation.like));
        const { times = 1 } = operation;
        const large = times === 1 ? sides : this.add("Mul", [sides, this.integers([times])], `${name}.sides`);
        const first = this.add("Shape", [x], `${name}.first`, { start: 0, end: 2 });
        const sizes = this.add("Concat", [first, large], `${name}.sizes`, { axis: 0 });
        const attributes = { mode: "linear", coordinate_transformation_mode: "half_pixel" };
        return this.add("Resize", [x, "", "", sizes], name, attributes);
      }
      case "concat":
        return this.add("Concat", [x, ...operation.others.map(of)], name, { axis: 1 });
      case "add":
        return this.activated(operation.activation, name, (to) => this.addMap("Add", [x, of(operation.other)], to));
      case "normalise": {
        const { mean, deviation, bgr } = operation;
        const centred = this.add("Sub", [x, this.floats(`${name}.mean`, mean, [3, 1, 1])], `${name}.centred`);
        const over = this.floats(`${name}.deviation`, deviation, [3, 1, 1]);
        if (!bgr) return this.add("Div", [centred, over], name);
        const rgb = this.add("Div", [centred, over], `${name}.rgb`);
        return this.add("Gather", [rgb, this.integers([2, 1, 0])], name, { axis: 1 });
      }
      case "maxPool":
        return this.add("MaxPool", [x], name, { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 });
      case "mean":
        return this.add("GlobalAveragePool", [x], name);
      case "upConv": {
        const { stride } = operation;
        return this.add("ConvTranspose", [x, this.weight(`${layerOf(operation)}.weight`)], name, {
          group: this.shape(layerOf(operation))[0]!,
          kernel_shape: [2 * stride, 2 * stride],
          strides: [stride, stride],
          pads: Array.from({ length: 4 }, () => stride / 2),
        });
      }
      case "padTo": {
        // As many as are missing: the negative side modulo the multiple, which in ONNX has the divisor's sign.
        const less = this.add("Neg", [this.sides(x)], `${name}.less`);
        const missing = this.add("Mod", [less, this.integers([operation.multiple])], `${name}.missing`);
        const pads = this.add("Concat", [this.integers([0, 0, 0, 0, 0, 0]), missing], `${name}.pads`, { axis: 0 });
        return this.add("Pad", [x, pads], name, { mode: "edge" });
      }
      case "cropLike":
        return this.add("Slice", [x, this.integers([0, 0]), this.sides(of(operation.like)), this.integers([2, 3])], name);
      case "softmax":
        return this.writesOut ? this.softmax(x, name) : this.add("Softmax", [x], name, { axis: 1 });
    }
  }

  /** Over channels, of which there are few: onnxruntime's own takes five times as long, a call for each pixel. */
  private softmax(x: string, name: string): string {
    const most = this.add("ReduceMax", [x], `${name}.most`, { axes: [1] });
    const powers = this.add("Exp", [this.add("Sub", [x, most], `${name}.below`)], `${name}.powers`);
    const sum = this.add("ReduceSum", [powers, this.integers([1])], `${name}.sum`);
    return this.add("Div", [powers, sum], name);
  }

  /** γ and β of an SFT layer, which makes map `name` of them: they are `NAME.scale` and `NAME.shift`. */
  branches(operation: Sft, condition: string, name: string): void {
    this.size = this.sizes.get(operation.name);
    for (const which of ["scale", "shift"] as const)
      this.sftMap(layerOf(operation), which, operation, condition, `${name}.${which}`);
  }

  private conv(operation: Conv, x: string, residual: string | undefined, name: string): string {
    return this.activated(operation.activation, name, (to) => {
      const alone = residual === undefined ? to : `${name}.conv`;
      const groups = this.shapes.get(operation.x)!.channels / this.shape(layerOf(operation))[1]!;
      const y = this.convolve(layerOf(operation), x, alone, operation, { groups });
      return residual === undefined ? y : this.addMap("Add", [y, residual], to);
    });
  }

  /** Layer `layer` by itself; `plus` is added to its bias. */
  private convolve(
    layer: string,
    x: string,
    to: string,
    options: Partial<Conv> = {},
    { groups = 1, plus = 0 }: { readonly groups?: number; readonly plus?: number } = {},
  ): string {
    const [, , height, width] = this.shape(layer) as [number, number, number, number];
    const { stride = 1, dilation = 1 } = options;
    const [before, after] = padding(height, options);
    const bias = `${layer}.bias` in this.tensors ? [this.weight(`${layer}.bias`, plus)] : [];
    return this.addMap("Conv", [x, this.weight(`${layer}.weight`), ...bias], to, {
      kernel_shape: [height, width],
      ...(stride !== 1 && { strides: [stride, stride] }),
      ...(dilation !== 1 && { dilations: [dilation, dilation] }),
      ...(before + after !== 0 && { pads: [before, before, after, after] }),
      ...(groups !== 1 && { group: groups }),
    });
  }

  private sftMap(layer: string, which: "scale" | "shift", { slope, unitScale }: SftBranches, condition: string, to: string) {
    const [first, second] = [0, 1].map((i) => `${layer}.SFT_${which}_conv${i}`);
    const hidden = this.activated({ leaky: slope }, `${to}.hidden`, (hidden) => this.convolve(first!, condition, hidden));
    return this.convolve(second!, hidden, to, {}, { plus: which === "scale" && unitScale ? 1 : 0 });
  }

  private activated(activation: Activation | undefined, name: string, make: (to: string) => string): string {
    if (activation === undefined) return make(name);
    return this.activate(activation, make(`${name}.linear`), name);
  }

  private activate(activation: Activation, x: string, name: string): string {
    if (activation === "relu") return this.addMap("Relu", [x], name);
    if (activation === "relu6") return this.addMap("Clip", [x, this.floats("0", [0], []), this.floats("6", [6], [])], name);
    return this.addMap("LeakyRelu", [x], name, { alpha: { float: activation.leaky } });
  }

  private shape(layer: string): readonly number[] {
    return this.tensors[`${layer}.weight`]!.shape;
  }

  /** The weights' tensor `name`, as it is or with a number added. */
  private weight(name: string, plus = 0): string {
    const { shape, data } = this.tensors[name]!;
    return plus === 0
      ? this.hold(name, shape, data)
      : this.hold(
          `${name} + ${plus}`,
          shape,
          data.map((value) => value + plus),
        );
  }

  private floats(name: string, values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.hold(name, shape, Float32Array.from(values));
  }

  private integers(values: readonly number[]): string {
    return this.hold(`integers ${values}`, [values.length], BigInt64Array.from(values, BigInt));
  }

  private hold(name: string, shape: readonly number[], data: Initialiser["data"]): string {
    if (!this.known.has(name)) this.initialisers.push({ name, shape, data });
    this.known.add(name);
    return name;
  }

  /** Height and width of a map, as two numbers. */
  private sides(map: string): string {
    const name = `${map}.height and width`;
    if (!this.known.has(name)) this.add("Shape", [map], name, { start: 2, end: 4 });
    this.known.add(name);
    return name;
  }
}
