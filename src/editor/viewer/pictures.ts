/** The pictures in the large view: the one that is shown, what it is compared with, and what a tool lays over it. */
import type { View, ViewRequest } from "../../browser/protocol";
import type { Region, Size } from "../../types";
import type { Layer, Layers } from "../layers";
import * as geometry from "./geometry";
import { PreviewTiles } from "./preview-tiles";
import { ViewSource } from "./view-source";

export class ViewPictures {
  /** Parts of the picture that have come before the rest of it. */
  readonly previewTiles = new PreviewTiles();
  #chosen: Layers | undefined;
  /** Chosen in place of what the picture would be compared with. */
  #other: Layer | undefined;
  /** What a tool lays over the picture; undefined without a tool. */
  #above: readonly Layer[] | undefined;
  #after: ViewSource | undefined;
  #before: ViewSource | undefined;
  #over: ViewSource | undefined;

  /**
   * `onChange` is called when there is something new to draw; `onResize` when the pictures are others, or of other sizes.
   * `isStale`: what is shown of a layer is of an earlier recipe, and stays until there is another.
   */
  constructor(
    private readonly view: (request: ViewRequest) => Promise<View | undefined>,
    private readonly onChange: () => void,
    private readonly onResize: () => void,
    private readonly isStale: (layer: Layer) => boolean = () => false,
  ) {}

  /** What has been chosen first, whether the engine has a picture of it or not. */
  get chosen(): Layer | undefined {
    return this.#chosen?.after[0];
  }
  get after(): ViewSource | undefined {
    return this.#after;
  }
  /** What is compared with; undefined as long as there is nothing to draw of it. */
  get before(): ViewSource | undefined {
    return this.#after?.size && this.#before?.tiles.length ? this.#before : undefined;
  }
  get over(): ViewSource | undefined {
    return this.#over;
  }
  /** Chosen for comparison: it may not be there yet. */
  get compared(): ViewSource | undefined {
    return this.#before;
  }
  /** Nodes whose outputs these are. */
  get nodes(): readonly string[] {
    const { after = [], before = [] } = this.#chosen ?? {};
    const layers = [...after, ...before, ...(this.#other ? [this.#other] : []), ...(this.#above ?? [])];
    return [...new Set(layers.map((layer) => layer.node))];
  }

  show(layers: Layers | undefined): void {
    if (JSON.stringify(layers) === JSON.stringify(this.#chosen)) return;
    this.#chosen = layers;
    const other = this.#other;
    if (layers?.after.some((layer) => layer.node === other?.node && layer.output === other.output)) this.#other = undefined;
    this.#connect();
  }

  /** Compares with this picture instead of the one that belongs there. */
  compareWith(layer: Layer | undefined): void {
    this.#other = layer;
    this.#connect();
  }

  /** A tool works on the picture: this lies over it, and nothing is compared meanwhile. */
  layOver(candidates: readonly Layer[] | undefined): void {
    this.#above = candidates;
    this.#over?.close();
    this.#over = candidates && new ViewSource(candidates, this.view, this.onChange, this.onResize, () => true);
    this.#connect();
  }

  /** A node's output may have changed; absent: any, and nothing computes. */
  refresh(node?: string): void {
    if (node !== undefined && !this.nodes.includes(node)) return;
    if (node === undefined) this.previewTiles.stopped();
    else if (node === this.#after?.layer?.node) this.previewTiles.computed();
    for (const source of [this.#after, this.#before, this.#over]) source?.refresh(node);
  }

  /** Asks for a region of the picture that is shown at this scale, and for the same part of the others. */
  want(region: Region, scale: number): void {
    const whole = this.#after?.size;
    if (!whole) return;
    this.#after?.want(region, geometry.bitmapSize(region, scale));
    const want = (source: ViewSource | undefined, size: Size | undefined): void => {
      if (!size) return;
      const part = geometry.regionIn(size, region, whole);
      source?.want(part, geometry.bitmapSize(part, (scale * whole.width) / size.width));
    };
    for (const source of [this.#over, this.#before]) want(source, source?.size);
  }

  /** Makes the sources for what is chosen. */
  #connect(): void {
    const before = this.#other ? [this.#other] : this.#chosen?.before;
    const working = this.#above !== undefined;
    const keeps = working ? () => true : this.isStale;
    const source = (candidates: readonly Layer[] | undefined): ViewSource | undefined =>
      this.#chosen && candidates && new ViewSource(candidates, this.view, this.onChange, this.onResize, keeps);
    this.#after?.close();
    this.#before?.close();
    this.previewTiles.clear();
    this.#after = source(this.#chosen?.after);
    this.#before = working ? undefined : source(before);
    this.onResize();
  }
}
