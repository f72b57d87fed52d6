/** A machine beside tfjs that runs networks on whole pictures: what stages ask of it, where a host has one. */
import type { Model, Raster, Region, Size } from "../types";
import type { Network } from "./network";

/** A map of one region of the picture only. */
export interface Part {
  readonly raster: Raster;
  readonly region: Region;
}

/** A network and what it is given. */
export interface Stage {
  readonly model: Model;
  readonly network: Network;
  /** By the names of the network's inputs. A map of another resolution is resized as it is read. */
  readonly inputs: Readonly<Record<string, Raster | Part | undefined>>;
  /** The low-resolution picture, and the region of it to compute. Absent: all of it. */
  readonly size: Size;
  readonly region?: Region;
}

export interface RuntimeWork {
  progress(fraction: number): void;
  checkpoint(): Promise<void>;
}

export interface Runtime {
  /** The stage's result for its region. With `stays` it may remain in the runtime's memory, where only later stages read it. */
  map(stage: Stage, work: RuntimeWork, options?: { readonly stays?: boolean }): Promise<Raster>;
  /** Pixels of the picture that it takes at once, for a network. */
  pixels(model: Model, network: Network): number;
  /** Whether maps of so many bytes can stay in its memory beside what it computes with. */
  holds(bytes: number): boolean;
}
