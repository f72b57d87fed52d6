/**
 * One picture of the large view: keeps the bitmap of the part in view and a small one of the whole, and asks the engine for
 * another only when the view or the picture has changed. One request at a time; what is wanted last is asked next.
 */

import type { View, ViewRequest } from "../../browser/protocol";
import { sameRegion, sameSize, scaledSize, whole, wholeSize } from "../../region";
import type { Legend, Region, Size } from "../../types";
import type { Layer } from "../layers";

interface Tile {
  readonly bitmap: ImageBitmap;
  readonly region: Region;
  /** The picture's key when this was drawn. */
  readonly key: string;
}

/** Longest side of the bitmap that stands in while a sharper one is on its way. */
const OVERVIEW = 384;

export class ViewSource {
  #size: Size | undefined;
  #key: string | undefined;
  #legend: Legend | undefined;
  #layer: Layer | undefined;
  #overview: Tile | undefined;
  #detail: Tile | undefined;
  #wanted: { region: Region; size: Size } | undefined;
  #stale = true;
  #busy = false;
  #closed = false;

  /**
   * `onChange` is called when there is something new to draw; `onResize` before that, when the picture's size is another. Where
   * the engine has nothing, what is shown is kept as long as it `keeps`, as while a picture is computed anew.
   */
  constructor(
    private readonly candidates: readonly Layer[],
    private readonly view: (request: ViewRequest) => Promise<View | undefined>,
    private readonly onChange: () => void,
    private readonly onResize: () => void,
    private readonly keeps: (layer: Layer) => boolean = () => false,
  ) {
    this.refresh();
  }

  /** The picture's size; undefined until the engine has one to draw. */
  get size(): Size | undefined {
    return this.#size;
  }
  /** The engine has not answered yet whether there is a picture. */
  get searching(): boolean {
    return !this.#layer && this.#busy;
  }
  /** What the picture's colours stand for. */
  get legend(): Legend | undefined {
    return this.#legend;
  }
  /** Which candidate is shown. */
  get layer(): Layer | undefined {
    return this.#layer;
  }
  /** Bitmaps to draw, the coarse one first. */
  get tiles(): readonly Tile[] {
    return [this.#overview, this.#detail].filter((tile) => tile !== undefined);
  }

  /** The picture may have changed; with a node, only that of this node has. */
  refresh(node?: string): void {
    if (node !== undefined && !this.candidates.some((layer) => layer.node === node)) return;
    this.#stale = true;
    this.#pump();
  }

  /** Sets what part is in view and how many pixels the screen has for it. */
  want(region: Region, size: Size): void {
    this.#wanted = { region, size };
    this.#pump();
  }

  close(): void {
    this.#closed = true;
    this.#drop();
  }

  async #pump(): Promise<void> {
    if (this.#busy || this.#closed) return;
    this.#busy = true;
    try {
      while (!this.#closed && (await this.#step()));
    } finally {
      this.#busy = false;
      if (!this.#layer) this.onChange();
    }
  }

  /** One request, if one is due; false when all is as wanted. */
  async #step(): Promise<boolean> {
    if (!this.#layer || !this.#size) {
      if (!this.#stale) return false;
      this.#stale = false;
      return (await this.#find()) || this.#stale;
    }
    if (this.#stale && this.#layer !== this.candidates[0] && (await this.#find(this.#layer))) return true;
    const wanted = this.#wanted;
    if (!wanted) return false;
    const { region, size } = wanted;
    const fresh =
      !this.#stale && this.#detail && sameRegion(this.#detail.region, region) && this.#detail.bitmap.width === size.width;
    if (fresh && this.#detail?.bitmap.height === size.height) return this.#makeOverview();
    this.#stale = false;
    const view = await this.#ask(this.#layer, region, size);
    if (!view) {
      if (!this.tiles.length || !this.keeps(this.#layer)) this.#forget();
      return false;
    }
    if (!this.#accept(view)) return true;
    this.#setDetail({ bitmap: view.bitmap, region, key: view.key });
    return true;
  }

  /** Takes the first candidate that can be drawn and is better than `than`; false if there is none. */
  async #find(than?: Layer): Promise<boolean> {
    for (const layer of this.candidates) {
      if (layer === than) return false;
      const view = await this.#ask(layer, { left: 0, top: 0, width: 1, height: 1 }, { width: 1, height: 1 });
      if (!view) continue;
      view.bitmap.close();
      if (this.#closed) return false;
      this.#drop();
      this.#layer = layer;
      this.#size = view.size;
      this.#key = view.key;
      this.#legend = view.legend;
      this.onResize();
      return true;
    }
    return false;
  }

  async #makeOverview(): Promise<boolean> {
    const size = this.#size!;
    const all = whole(size);
    if (this.#overview || !this.#detail || sameRegion(this.#detail.region, all)) return false;
    const scale = Math.min(1, OVERVIEW / Math.max(size.width, size.height));
    const view = await this.#ask(this.#layer!, all, wholeSize(scaledSize(size, scale)));
    if (!view) return false;
    if (!this.#accept(view)) return true;
    this.#overview = { bitmap: view.bitmap, region: all, key: view.key };
    this.onChange();
    return true;
  }

  async #ask(layer: Layer, region: Region, size: Size): Promise<View | undefined> {
    try {
      const { node, output, scope } = layer;
      return await this.view({
        node,
        ...(output !== undefined && { output }),
        ...(scope !== undefined && { scope }),
        region,
        ...size,
      });
    } catch {
      return undefined;
    }
  }

  /** False where the answer is of another size than was asked about: then the view is laid out anew first. */
  #accept(view: View): boolean {
    if (this.#closed) {
      view.bitmap.close();
      return false;
    }
    if (view.key !== this.#key) {
      this.#key = view.key;
      this.#legend = view.legend;
      this.#overview?.bitmap.close();
      this.#overview = undefined;
    }
    const same = this.#size !== undefined && sameSize(view.size, this.#size);
    if (!same) {
      view.bitmap.close();
      this.#drop();
      this.#size = view.size;
      this.#stale = true;
      this.onResize();
    }
    return same;
  }

  #setDetail(tile: Tile): void {
    const old = this.#detail;
    if (old && old !== this.#overview) {
      if (sameSize(old.region, this.#size!) && !this.#overview && old.key === tile.key) this.#overview = old;
      else old.bitmap.close();
    }
    this.#detail = tile;
    this.onChange();
  }

  #forget(): void {
    this.#drop();
    this.#layer = undefined;
    this.#size = undefined;
    this.#key = undefined;
    this.#legend = undefined;
    this.onResize();
    this.onChange();
  }

  #drop(): void {
    this.#overview?.bitmap.close();
    if (this.#detail !== this.#overview) this.#detail?.bitmap.close();
    this.#overview = undefined;
    this.#detail = undefined;
  }
}
