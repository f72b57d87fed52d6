/**
 * How long a run of a stored graph takes on this device, and what would make it shorter: for the editor and for apps. No DOM, no
 * litegraph.
 */
import type { Engine, Forecast } from "../../browser/protocol";
import { PHOTO_LOADERS } from "../../engine/ends";
import type { StoredGraph } from "../../graph/stored";
import { flat } from "../../graph/subgraphs";
import type { Size } from "../../region";
import type { Definitions } from "../layers";
import { type Remedy, withCrop, withLite } from "./remedies";

/** Milliseconds from which on a run is long. */
const LONG_MS = 60_000;
/** A run under way is spoken of after so long, once: by then it has shown how fast it is. */
const SETTLED_MS = 6000;
/** A part of a photo is to take so long, and its sides are multiples of so many pixels, within these. */
const SHORT_MS = 20_000;
const SIDES = { step: 16, least: 64, most: 1024 };
/** A remedy takes at most so much of the time. */
const WORTH = 0.7;

/** A run that is long, and what would make it shorter. */
export interface LongRun {
  readonly ms: number;
  readonly bytes: number;
  readonly remedies: readonly Remedy[];
}

type Targets = readonly string[] | undefined;

export class Outlook {
  /** The run that is under way and has not been spoken of: since when, and the share of the work that it is with lite. */
  #begun: { readonly time: number; readonly lite: number | undefined } | undefined;

  constructor(
    private readonly parts: {
      readonly engine: Pick<Engine, "forecast" | "view">;
      readonly definitions: Definitions;
    },
  ) {}

  /** Before a run: what there is to say of it; undefined where it is short, or nothing has been measured on this device yet. */
  async before(graph: StoredGraph, targets: Targets): Promise<LongRun | undefined> {
    this.#begun = undefined;
    const found = await this.#forecast(graph, targets);
    if (found?.ms !== undefined && found.ms >= LONG_MS)
      return { ms: found.ms, bytes: found.bytes, remedies: await this.#remedies(graph, targets, found.ms) };
    // Forecasts wait for a run, so that what is to be said while it is under way is asked now.
    const lite = found?.ms === undefined && found?.multiplyAdds ? withLite(graph, this.parts.definitions) : undefined;
    const shorter = lite && (await this.#forecast(lite.graph, targets));
    this.#begun = { time: performance.now(), lite: shorter && found && shorter.multiplyAdds / found.multiplyAdds };
    return undefined;
  }

  /** The run has ended, or has been spoken of. */
  forget(): void {
    this.#begun = undefined;
  }

  /**
   * While a run is under way, of which `left` milliseconds are left: what would make it shorter. Once a run, as soon as it is clear
   * that it is long; else undefined.
   */
  async during(graph: StoredGraph, left: number): Promise<readonly Remedy[] | undefined> {
    const begun = this.#begun;
    if (!begun || left < LONG_MS || performance.now() - begun.time < SETTLED_MS) return undefined;
    this.#begun = undefined;
    const crop = await this.#crop(graph, left);
    const remedies: Remedy[] = [];
    if (crop) remedies.push({ ...crop, ms: left * crop.share });
    if (begun.lite !== undefined) remedies.push({ ...this.#lite, ms: left * begun.lite });
    return remedies.filter(({ ms, remedied }) => ms < WORTH * left && remedied(graph));
  }

  get #lite(): Omit<Remedy, "ms"> {
    const remedied = (now: StoredGraph) => withLite(now, this.parts.definitions);
    return { label: "Take lite, smaller weights", step: "take the weights lite", remedied };
  }

  #forecast(graph: StoredGraph, targets: Targets): Promise<Forecast | undefined> {
    return this.parts.engine.forecast(graph, targets).catch(() => undefined); // the run says what is wrong
  }

  async #remedies(graph: StoredGraph, targets: Targets, ms: number): Promise<Remedy[]> {
    const crop = await this.#crop(graph, ms);
    const found: Remedy[] = [];
    for (const { label, step, remedied } of crop ? [crop, this.#lite] : [this.#lite]) {
      const shorter = remedied(graph);
      const needed = shorter && (await this.#forecast(shorter.graph, targets))?.ms;
      if (needed !== undefined && needed < WORTH * ms) found.push({ label, step, remedied, ms: needed });
    }
    return found;
  }

  /** The largest photo's middle, so that what takes `ms` is short. `share`: of the photo, which is about the share of the time. */
  async #crop(graph: StoredGraph, ms: number) {
    const photo = await this.#largestPhoto(graph);
    if (!photo) return undefined;
    const share = Math.sqrt(SHORT_MS / ms);
    const side = (length: number) =>
      Math.min(length, SIDES.most, Math.max(SIDES.least, SIDES.step * Math.floor((length * share) / SIDES.step)));
    const part = { width: side(photo.size.width), height: side(photo.size.height) };
    return {
      label: `Crop to ${part.width} × ${part.height}`,
      step: "crop the photo",
      remedied: (now: StoredGraph) => withCrop(now, this.parts.definitions, photo.id, photo.size, part),
      share: area(part) / area(photo.size),
    };
  }

  /** The node that gives the largest photo there is. */
  async #largestPhoto(graph: StoredGraph): Promise<{ readonly id: number; readonly size: Size } | undefined> {
    const sources = flat(graph).graph.nodes.filter(({ type }) => PHOTO_LOADERS.includes(type));
    const sizes = await Promise.all(
      sources.map(async ({ id }) => {
        const view = await this.parts.engine.view({ node: String(id), width: 1, height: 1 }).catch(() => undefined);
        view?.bitmap.close();
        return view ? [{ id, size: view.size }] : [];
      }),
    );
    return sizes.flat().sort((a, b) => area(b.size) - area(a.size))[0];
  }
}

const area = ({ width, height }: Size): number => width * height;
