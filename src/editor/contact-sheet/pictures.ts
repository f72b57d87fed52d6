/** What a contact sheet on the page is drawn from: bitmaps of the sheet, of the photo, and of its regions, from the last run. */
import type { View, ViewRequest } from "../../browser/protocol";
import { cellSize, enlarged } from "../../prior/contact-sheet";
import type { Region, Size } from "../../types";
import type { Spot } from "../viewer/tool";
import { OVERVIEW } from "./overview";
import type { SheetPlace, Source } from "./place";
import { type Outline, RegionMap } from "./regions";

export interface Pictures {
  readonly bitmap: ImageBitmap;
  readonly cell: Size;
  photo?: { readonly bitmap: ImageBitmap; readonly picture: Size; readonly crop: Region };
  regions?: RegionMap;
}

/** Longest side of the map that regions are looked up on. */
const REGION_SIDE = 1024;

export class SheetPictures {
  #now: Pictures | undefined;
  #turn = 0;

  /** `crop` is what the node is set to show of a photo of this size; `onChange` is called when there is something new to draw. */
  constructor(
    private readonly view: (request: ViewRequest) => Promise<View | undefined>,
    private readonly crop: (picture: Size) => Region | undefined,
    private readonly onChange: () => void,
  ) {}

  get now(): Pictures | undefined {
    return this.#now;
  }

  /** Fetches the sheet, then the photo, then the regions; a newer call takes over. */
  async load({ sheet, photo, regions }: SheetPlace): Promise<void> {
    const turn = ++this.#turn;
    const isOld = (view: View | undefined): boolean => {
      if (turn !== this.#turn) view?.bitmap.close();
      return turn !== this.#turn;
    };
    const cells = await this.#draw(sheet, { width: Infinity, height: Infinity });
    if (isOld(cells)) return;
    const before = this.#now;
    if (!cells) this.#close();
    else {
      before?.bitmap.close();
      // Photo and regions stay in sight until they have come anew.
      this.#now = { ...before, bitmap: cells.bitmap, cell: cellSize(cells.size) };
      const old = this.#now.photo;
      if (old) this.#now.photo = { ...old, crop: this.crop(old.picture) ?? old.crop };
    }
    this.onChange();
    const now = this.#now;
    if (!now || !photo) return;
    const fine = { width: OVERVIEW.width * devicePixelRatio, height: OVERVIEW.height * devicePixelRatio };
    const small = await this.#draw(photo, fine);
    if (isOld(small) || !small) return;
    const crop = this.crop(small.size);
    if (!crop) return small.bitmap.close();
    now.photo?.bitmap.close();
    now.photo = { bitmap: small.bitmap, picture: small.size, crop };
    this.onChange();
    const map = await this.#draw(regions, { width: REGION_SIDE, height: REGION_SIDE });
    if (isOld(map) || !map) return;
    now.regions = RegionMap.of(map.bitmap, small.size);
    map.bitmap.close();
    this.onChange();
  }

  /** Forgets what there is, and what is on its way. */
  drop(): void {
    this.#turn++;
    this.#close();
  }

  /** A place of a cell in low-resolution pixels of the photo; undefined where the cells show another crop than is known. */
  placeOf({ x, y }: Spot): { x: number; y: number } | undefined {
    const crop = this.#now?.photo?.crop;
    if (!crop) return undefined;
    const { width, height } = enlarged(crop);
    if (this.#now?.cell.width !== width || this.#now.cell.height !== height) return undefined;
    return { x: crop.left + x * crop.width, y: crop.top + y * crop.height };
  }

  /** The region around a place of the cells, and what the cells show of the map that it lies in. */
  regionAt(spot: Spot): { readonly outline: Outline; readonly crop: Region } | undefined {
    const { regions, photo } = this.#now ?? {};
    const at = this.placeOf(spot);
    const outline = at && regions?.at(at);
    if (!outline || !regions || !photo) return undefined;
    const [across, down] = [regions.size.width / photo.picture.width, regions.size.height / photo.picture.height];
    const { left, top, width, height } = photo.crop;
    return { outline, crop: { left: left * across, top: top * down, width: width * across, height: height * down } };
  }

  /** A picture of the last run, shrunk to fit `most`; undefined where there is none. */
  async #draw({ node, output }: Source, most: Size): Promise<View | undefined> {
    const ask = (size: Size, region?: Region) =>
      this.view({ node, output, ...size, ...(region && { region }) }).catch(() => undefined);
    const probe = await ask({ width: 1, height: 1 }, { left: 0, top: 0, width: 1, height: 1 });
    if (!probe) return undefined;
    probe.bitmap.close();
    const { width, height } = probe.size;
    const scale = Math.min(1, most.width / width, most.height / height);
    return ask({ width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) });
  }

  #close(): void {
    this.#now?.bitmap.close();
    this.#now?.photo?.bitmap.close();
    this.#now = undefined;
  }
}
