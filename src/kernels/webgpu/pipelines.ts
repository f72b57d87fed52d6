/** Compiled shaders of a device, each made once: beside what else there is to do, or when first used. */
import { convShader } from "./conv";
import { type GeneralProgram, generalShader } from "./general/shaders";
import type { ConvProgram, SftProgram } from "./plan";
import { sftShader } from "./sft";

export type ProgramKind = ConvProgram | SftProgram | GeneralProgram;

/** A driver does not compile a shader. */
export class PipelineError extends Error {}

export class Pipelines {
  private readonly ready = new Map<string, GPUComputePipeline>();
  private readonly started = new Map<string, Promise<void>>();

  constructor(private readonly device: GPUDevice) {}

  /** How many have been compiled. */
  get count(): number {
    return this.ready.size;
  }

  /**
   * Compiles all that are not there yet: together, or, ahead of their need, one after another until `turn` rejects. Rejects with a
   * PipelineError where one does not compile.
   */
  async prepare(kinds: readonly ProgramKind[], turn?: () => Promise<void>): Promise<void> {
    if (!turn) return void (await Promise.all(kinds.map((kind) => this.start(kind))));
    for (const kind of kinds) {
      await turn();
      await this.start(kind);
    }
  }

  /** A shader that does not compile is an uncaptured error of the device: `prepare` tells of it. */
  use(kind: ProgramKind): GPUComputePipeline {
    const key = JSON.stringify(kind);
    const found = this.ready.get(key);
    if (found) return found;
    const made = this.device.createComputePipeline(this.describe(kind));
    this.ready.set(key, made);
    return made;
  }

  private start(kind: ProgramKind): Promise<void> {
    const key = JSON.stringify(kind);
    if (this.ready.has(key)) return Promise.resolve();
    const found = this.started.get(key);
    if (found) return found;
    const compiling = this.device.createComputePipelineAsync(this.describe(kind)).then(
      (pipeline) => void this.ready.set(key, pipeline),
      (error: Error) => {
        throw new PipelineError(`a shader does not compile: ${error.message.slice(0, 300)}`);
      },
    );
    this.started.set(key, compiling);
    return compiling;
  }

  private describe(kind: ProgramKind): GPUComputePipelineDescriptor {
    const code = shaderOf(kind);
    return { layout: "auto", compute: { module: this.device.createShaderModule({ code }), entryPoint: "main" } };
  }
}

function shaderOf(kind: ProgramKind): string {
  switch (kind.kind) {
    case "conv":
      return convShader(kind);
    case "sft":
      return sftShader(kind);
    case "general":
      return generalShader(kind);
  }
}
