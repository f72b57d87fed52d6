/**
 * Small pictures of results, kept from one visit to the next under the results' keys: a recipe that is the same shows what came of
 * it before anything is run again. The least recently made go first. Pictures of the first ready graph ship with the package.
 */
import { get, set, type UseStore } from "idb-keyval";
import type { Legend, Size } from "../types";
import { openStorage } from "./storage";

/** Longest side in pixels. */
export const KEPT_SIDE = 512;
const MOST_RESULTS = 60;
const MOST_BYTES = 6 * 2 ** 20;
const PATIENCE = { open: 1000, act: 2000 };

export interface KeptPicture extends Size {
  /** The socket, whose picture is as large as said here; the first of a result is the one that the node shows. */
  readonly output: string;
  /** WebP. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly legend?: Legend;
}

export interface KeptResult {
  readonly summary: string;
  readonly pictures: readonly KeptPicture[];
}

/** "visit": made here before; "package": ships. */
export type Origin = "visit" | "package";

/** What ships: see scripts/first-visit.mjs. */
export interface ShippedResults {
  /** Base64. */
  readonly data: readonly string[];
  readonly results: Readonly<
    Record<
      string,
      { readonly summary: string; readonly pictures: readonly (Omit<KeptPicture, "data"> & { readonly data: number })[] }
    >
  >;
}

/** A key, how many bytes lie under it, the latest last. */
type Index = readonly (readonly [key: string, bytes: number])[];

export class KeptResults {
  private readonly store: UseStore | undefined;
  private shippedOnes: Promise<ShippedResults | undefined> | undefined;
  private writing: Promise<unknown> = Promise.resolve();

  /** `edition` changes with the weights that ship, which are in no key. `shipped` reads what ships. */
  constructor(
    private readonly edition: string,
    private readonly shipped: () => Promise<ShippedResults>,
    open: () => UseStore = () => openStorage("sftgan-results", "results", () => {}, PATIENCE),
  ) {
    try {
      this.store = open();
    } catch {
      // A browser without storage forgets.
    }
  }

  /** `mayShip`: the graph is about what ships. */
  async find(key: string, mayShip: boolean): Promise<{ readonly from: Origin; readonly result: KeptResult } | undefined> {
    const own = this.store && (await get<KeptResult>(this.named(key), this.store).catch(() => undefined));
    if (own) return { from: "visit", result: own };
    if (!mayShip) return undefined;
    this.shippedOnes ??= this.shipped().catch(() => undefined);
    const { results = {}, data = [] } = (await this.shippedOnes) ?? {};
    const found = Object.hasOwn(results, key) ? results[key] : undefined;
    if (!found) return undefined;
    const pictures = found.pictures.map(({ data: at, ...picture }) => ({ ...picture, data: bytesOf(data[at] ?? "") }));
    return { from: "package", result: { ...found, pictures } };
  }

  async has(key: string): Promise<boolean> {
    return (await this.index()).some(([known]) => known === this.named(key));
  }

  /** Keeps a result, and lets the oldest go where there are too many. What cannot be written is not kept. */
  add(key: string, result: KeptResult): Promise<void> {
    const written = this.writing.then(() => this.write(this.named(key), result)).catch(() => {});
    this.writing = written;
    return written;
  }

  private async write(name: string, result: KeptResult): Promise<void> {
    if (!this.store) return;
    const bytes = result.pictures.reduce((sum, { data }) => sum + data.length, 0);
    const index: (readonly [string, number])[] = [...(await this.index()).filter(([known]) => known !== name), [name, bytes]];
    const gone: string[] = [];
    const sum = () => index.reduce((all, [, size]) => all + size, 0);
    while (index.length > MOST_RESULTS || sum() > MOST_BYTES) gone.push(index.shift()![0]);
    await this.store("readwrite", (store) => {
      for (const old of gone) store.delete(old);
      if (!gone.includes(name)) store.put(result, name);
    });
    await set(INDEX, index, this.store);
  }

  private async index(): Promise<Index> {
    const index = this.store && (await get<Index>(INDEX, this.store).catch(() => undefined));
    return Array.isArray(index) ? index : [];
  }

  private named(key: string): string {
    return `${this.edition} ${key}`;
  }
}

const INDEX = "index";
const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

/** A small picture as it is kept. */
export async function encodeKept(bitmap: ImageBitmap): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d")!.drawImage(bitmap, 0, 0);
  bitmap.close();
  const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.8 });
  return new Uint8Array(await blob.arrayBuffer());
}

/** A part of a kept picture, in pixels of what it is a picture of, at a size. Throws an error where it is damaged. */
export async function drawKept(
  { data, width, height }: KeptPicture,
  size: Size,
  region = { left: 0, top: 0, width, height },
): Promise<ImageBitmap> {
  const picture = await createImageBitmap(new Blob([data], { type: "image/webp" }));
  const scale = [picture.width / width, picture.height / height] as const;
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(size.width)), Math.max(1, Math.round(size.height)));
  const part = [region.left * scale[0], region.top * scale[1], region.width * scale[0], region.height * scale[1]] as const;
  canvas.getContext("2d")!.drawImage(picture, ...part, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas.transferToImageBitmap();
}
