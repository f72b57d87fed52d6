/**
 * Whether this device's driver computes our kernels as they are written: each is given something tiny, in textures of our own, so
 * that nothing of tfjs's is compiled for it.
 */
import { passOver, tapsOver } from "../../image/passes";
import type { Weights } from "../../types";
import { applyAll, differenceOf, type HostMap, noise, whatIsWrong } from "../check";
import type { Shape } from "../general";
import type { Network } from "../network";
import { drawPlaced } from "./assemble";
import type { Device } from "./device";
import { allPrograms, GeneralReader, type TileMap } from "./general/reader";
import { ROW_TEXELS } from "./glsl";
import { type ProgramKind, ShaderError } from "./programs";
import { drawResampled } from "./resample";
import { drawSum } from "./sum-of-squares";
import type { TensorTexture } from "./tensors";
import { weightsTexture } from "./weights";

/** Sets of kernels, each of which is used as a whole or not. */
export const CHECKED = ["general", "resample", "squares", "assemble"] as const;
export type Checked = (typeof CHECKED)[number];

type Turn = () => Promise<void>;

/**
 * What is wrong with a set of kernels on the device; undefined where nothing is. Their shaders are compiled together; messages come
 * in meanwhile (`turn`). Rejects with an error where the context is lost.
 */
export async function checkKernels(device: Device, checked: Checked, turn: Turn): Promise<string | undefined> {
  try {
    await device.programs.prepare(programsOf(device, checked), turn);
    const wrong = await CHECKS[checked](device, turn);
    if (device.gl.isContextLost()) throw new Error("the context is lost");
    return wrong;
  } catch (error) {
    if (error instanceof ShaderError && !device.gl.isContextLost()) return error.message;
    throw error;
  }
}

/** What a set is drawn with. */
export function programsOf(device: Device, checked: Checked): readonly ProgramKind[] {
  switch (checked) {
    case "general":
      return allPrograms(device);
    case "resample":
    case "assemble":
      return [{ kind: checked }];
    case "squares":
      return (["tensor", "parts"] as const).map((of) => ({ kind: "squares", of }));
  }
}

const CHECKS: Readonly<Record<Checked, (device: Device, turn: Turn) => Promise<string | undefined>>> = {
  general(device, turn) {
    let packed = false;
    return whatIsWrong(async (weights, network, x) => {
      packed = !packed;
      return general(device, weights, network, x, packed);
    }, turn);
  },

  /** Enlarged one way, shrunk the other. */
  async resample(device) {
    const x = { height: 7, width: 6, channels: 3, data: noise(7 * 6 * 3, 1) };
    const axis = { border: "mirror", kernel: "cubic", stretch: 1 } as const;
    const passes = [
      { across: false, pass: passOver({ ...axis, source: 7, output: 14, scale: 2 }, 0, 14) },
      { across: true, pass: passOver({ ...axis, source: 6, output: 3, scale: 0.5, stretch: 2 }, 0, 3) },
    ];
    for (const { pass, across } of passes)
      for (const packed of [true, false]) {
        const length = pass.end - pass.start;
        const shape = across ? { ...x, width: length } : { ...x, height: length };
        const { taps, pairs } = tapsOver(pass);
        const expected = Array.from({ length: shape.height * shape.width * 3 }, (_, i) => {
          const [y, column, c] = [Math.floor(i / (3 * shape.width)), Math.floor(i / 3) % shape.width, i % 3];
          let sum = 0;
          for (let tap = (across ? column : y) * taps, end = tap + taps; tap < end; tap++) {
            const [place, weight] = [pairs[2 * tap]!, pairs[2 * tap + 1]!];
            sum += weight * x.data[((across ? y : place) * 6 + (across ? place : column)) * 3 + c]!;
          }
          return sum;
        });
        const found = withSource(device, x, packed, (source) =>
          drawn(device, shape, (draw) => drawResampled(device, source, x, { pass, across }, COLUMNS, draw)),
        );
        const wrong = differenceOf(found, expected);
        if (wrong) return wrong;
      }
    return undefined;
  },

  /** The middle of a map over another, cut off at the right and below, one column further where texels are shared. */
  async assemble(device) {
    const [under, over] = [
      { height: 5, width: 6, channels: 3, data: noise(5 * 6 * 3, 1) },
      { height: 4, width: 5, channels: 3, data: noise(4 * 5 * 3, 2) },
    ];
    for (const packed of [true, false])
      for (const left of [2, 3]) {
        const expected = under.data.slice();
        for (let y = 2; y < 5; y++)
          for (let i = 3 * left; i < 18; i++) expected[18 * y + i] = over.data[15 * (y - 2) + i - 3 * left]!;
        const found = drawn(device, under, (draw) => {
          withSource(device, under, packed, (x) => drawPlaced(device, x, under, { top: 0, left: 0 }, under, COLUMNS, draw));
          withSource(device, over, packed, (x) => drawPlaced(device, x, over, { top: 2, left }, under, COLUMNS, draw));
        });
        const wrong = differenceOf(found, expected);
        if (wrong) return wrong;
      }
    return undefined;
  },

  async squares(device) {
    const x = { height: 37, width: 31, channels: 3, data: noise(37 * 31 * 3, 1) };
    const expected = [x.data.reduce((sum, value) => sum + value * value, 0)];
    const one = { height: 1, width: 1, channels: 1 };
    for (const packed of [true, false]) {
      const found = withSource(device, x, packed, (source) => drawn(device, one, (draw) => drawSum(device, source, x, draw)));
      const wrong = differenceOf(found, expected);
      if (wrong) return wrong;
    }
    return undefined;
  },
};

function general(device: Device, weights: Weights, network: Network, x: HostMap, packed: boolean): Float32Array {
  const reader = new GeneralReader(device, weights);
  const maps = new Map<string, TileMap>();
  try {
    return withSource(device, x, packed, (source) => {
      maps.set("x", reader.import(source, x));
      const result = applyAll(reader, network, maps);
      return drawn(device, result, (draw) => reader.export(result, COLUMNS, draw));
    });
  } finally {
    for (const map of maps.values()) reader.release(map);
  }
}

/** Values before a tensor's first in a texture, as where it is a part of another. */
const OFFSET = 5;
/** What lies where a packed texture has no value. */
const ANYTHING = 9;

/** Lends a texture with a map's values as tfjs would have them: packed, or one by one. */
function withSource<T>({ gl }: Device, x: HostMap, packed: boolean, use: (source: TensorTexture) => T): T {
  const offset = packed ? 0 : OFFSET;
  const places = packed ? packedPlaces(x) : Int32Array.from(x.data, (_, i) => 4 * (i + OFFSET));
  const texels = new Float32Array(4 * ROW_TEXELS * Math.ceil((Math.max(...places) + 1) / (4 * ROW_TEXELS))).fill(ANYTHING);
  for (const [i, value] of x.data.entries()) texels[places[i]!] = value;
  const texture = weightsTexture(gl, texels);
  try {
    return use({ texture, packed, columns: ROW_TEXELS, offset, dispose: () => {} });
  } finally {
    gl.deleteTexture(texture);
  }
}

/** Texels in a row of what results are rendered to. */
const COLUMNS = 23;

/** The values that `render`, which is given what draws, leaves in a packed texture of this shape. */
function drawn({ gl, maps }: Device, shape: Shape, render: (draw: () => void) => void): Float32Array {
  const places = packedPlaces(shape);
  const rows = Math.ceil((Math.max(...places) + 1) / (4 * COLUMNS));
  const stored = maps.takeLayers(COLUMNS, rows, 1, false);
  const texels = new Float32Array(4 * COLUMNS * rows);
  try {
    render(() => {
      maps.bindTarget({ stored }, [0]);
      gl.viewport(0, 0, COLUMNS, rows);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
      gl.readPixels(0, 0, COLUMNS, rows, gl.RGBA, gl.FLOAT, texels);
    });
  } finally {
    maps.release({ stored });
  }
  return Float32Array.from(places, (place) => texels[place]!);
}

/** Where in a packed texture each value of a map lies: two pixels of a row by two channels to a texel. */
function packedPlaces({ height, width, channels }: Shape): Int32Array {
  const [across, deep] = [Math.ceil(width / 2), Math.ceil(channels / 2)];
  return Int32Array.from({ length: height * width * channels }, (_, i) => {
    const [y, x, c] = [Math.floor(i / (width * channels)), Math.floor(i / channels) % width, i % channels];
    return 4 * ((y * across + (x >> 1)) * deep + (c >> 1)) + 2 * (x & 1) + (c & 1);
  });
}
