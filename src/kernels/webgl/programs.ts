/** Compiled shaders of a context, each made once: started without waiting, finished when first used. */

import { blocksOf, convShader } from "./conv";
import {
  ASSEMBLE_SHADER,
  type AssembleProgram,
  type ExportProgram,
  exportShader,
  type ImportProgram,
  importShader,
  RESAMPLE_SHADER,
  type ResampleProgram,
} from "./ends";
import { type GeneralProgram, generalShader } from "./general/shaders";
import { VERTEX } from "./glsl";
import type { ConvProgram, SftProgram } from "./plan";
import { sftShader } from "./sft";
import { type SquaresProgram, squaresShader } from "./squares";
import type { TensorTexture } from "./tensors";

export type ProgramKind =
  | ConvProgram
  | SftProgram
  | ImportProgram
  | ExportProgram
  | GeneralProgram
  | ResampleProgram
  | AssembleProgram
  | SquaresProgram;

/** Units that a shader's textures are bound to, by the names of its samplers. */
const UNITS = { x: 0, tensor: 0, residual: 1, condition: 1, weights: 2 } as const;
export type Sampler = keyof typeof UNITS;
export const unitOf = (sampler: Sampler): number => UNITS[sampler];

export interface Program {
  readonly program: WebGLProgram;
  location(name: string): WebGLUniformLocation | null;
}

/** Gives the program in use a tensor of tfjs's to read (`tensor` of ends.ts). */
export function bindTensor(gl: WebGL2RenderingContext, program: Program, source: TensorTexture): void {
  const { texture, packed, columns, offset } = source;
  gl.activeTexture(gl.TEXTURE0 + unitOf("tensor"));
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.uniform1i(program.location("packed"), packed ? 1 : 0);
  gl.uniform1i(program.location("columns"), columns);
  gl.uniform1i(program.location("offset"), offset);
}

interface Entry {
  readonly kind: ProgramKind;
  readonly program: WebGLProgram;
  readonly shaders: readonly WebGLShader[];
  ready: Program | undefined;
}

/** Until a compiler is asked again: it needs the processor that a loop would take. */
const nap = () => new Promise<void>((resolve) => setTimeout(resolve, 2));

/** A driver does not compile a shader. */
export class ShaderError extends Error {}

export class Programs {
  private readonly entries = new Map<string, Entry>();
  /** Whether the driver has been seen to. */
  private compilesBeside = false;
  private readonly parallel: { readonly COMPLETION_STATUS_KHR: number } | null;

  constructor(private readonly gl: WebGL2RenderingContext) {
    this.parallel = gl.getExtension("KHR_parallel_shader_compile");
  }

  /** How many have been compiled. */
  get count(): number {
    return this.entries.size;
  }

  /**
   * Compiles all that are not there yet, and lets messages in meanwhile: all together where the driver compiles beside what else is
   * done, else one after another, for then whatever is asked of it waits for all that was begun.
   */
  async prepare(kinds: readonly ProgramKind[], turn: () => Promise<void>): Promise<void> {
    for (let rest = kinds; rest.length > 0; ) {
      const begun = rest.slice(0, this.compilesBeside ? rest.length : 1).map((kind) => this.start(kind));
      rest = rest.slice(begun.length);
      for (const entry of begun) if (!entry.ready) await this.compiled(entry);
      for (const entry of begun) {
        if (entry.ready) continue;
        this.finish(entry);
        await turn();
      }
    }
  }

  /** A driver that says of a program that it is not done yet has not kept us waiting for it. */
  private async compiled({ program }: Entry): Promise<void> {
    const { gl, parallel } = this;
    while (parallel && !gl.isContextLost() && !gl.getProgramParameter(program, parallel.COMPLETION_STATUS_KHR)) {
      this.compilesBeside = true;
      await nap();
    }
  }

  /** Compiles them before they are needed, one after another, so that what is drawn meanwhile waits for one at most. */
  async ahead(kinds: readonly ProgramKind[], turn: () => Promise<void>): Promise<void> {
    for (const kind of kinds) {
      await turn();
      await this.prepare([kind], turn);
    }
  }

  /** Throws a ShaderError with what the driver says where it does not compile. */
  use(kind: ProgramKind): Program {
    const entry = this.start(kind);
    const ready = entry.ready ?? this.finish(entry);
    this.gl.useProgram(ready.program);
    return ready;
  }

  private start(kind: ProgramKind): Entry {
    const key = JSON.stringify(kind);
    const found = this.entries.get(key);
    if (found) return found;
    const { gl } = this;
    const program = gl.createProgram()!;
    const sources = [
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, shaderOf(kind)],
    ] as const;
    const shaders = sources.map(([type, source]) => {
      const shader = gl.createShader(type)!;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      return shader;
    });
    gl.linkProgram(program);
    const entry: Entry = { kind, program, shaders, ready: undefined };
    this.entries.set(key, entry);
    return entry;
  }

  private finish(entry: Entry): Program {
    const { gl } = this;
    const { program, shaders, kind } = entry;
    if (!gl.isContextLost() && !gl.getProgramParameter(program, gl.LINK_STATUS)) {
      const said = [...shaders.map((shader) => gl.getShaderInfoLog(shader)), gl.getProgramInfoLog(program)];
      throw new ShaderError(`a shader does not compile: ${said.filter(Boolean).join(" ").slice(0, 300)}`);
    }
    for (const shader of shaders) gl.deleteShader(shader);
    gl.useProgram(program);
    for (const [name, unit] of Object.entries(UNITS)) {
      const location = gl.getUniformLocation(program, name);
      if (location) gl.uniform1i(location, unit);
    }
    for (let i = 0; i < uniformBlocks(kind); i++) {
      const index = gl.getUniformBlockIndex(program, `Block${i}`);
      if (index !== gl.INVALID_INDEX) gl.uniformBlockBinding(program, index, i);
    }
    const locations = new Map<string, WebGLUniformLocation | null>();
    entry.ready = {
      program,
      location(name) {
        const found = locations.get(name);
        if (found !== undefined) return found;
        const location = gl.getUniformLocation(program, name);
        locations.set(name, location);
        return location;
      },
    };
    return entry.ready;
  }
}

function shaderOf(kind: ProgramKind): string {
  switch (kind.kind) {
    case "conv":
      return convShader(kind);
    case "sft":
      return sftShader(kind);
    case "import":
      return importShader(kind);
    case "export":
      return exportShader(kind);
    case "squares":
      return squaresShader(kind);
    case "resample":
      return RESAMPLE_SHADER;
    case "assemble":
      return ASSEMBLE_SHADER;
    case "general":
      return generalShader(kind);
  }
}

function uniformBlocks(kind: ProgramKind): number {
  if ((kind.kind !== "conv" && kind.kind !== "sft") || kind.weights === "texture") return 0;
  return kind.kind === "conv" ? blocksOf(kind) : 2;
}
