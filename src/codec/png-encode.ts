/** Writes PNG, 8 or 16 bits, with or without opacity, of any size: rows are filtered and packed as a stream. */
import type { Picture } from "../types";
import { checkWritable } from "./limits";
import { PNG_SIGNATURE, writeChunk } from "./png-chunk";
import { filterRow } from "./png-filter";
import { pngTextChunks, xmpChunk } from "./png-text";

/** Bytes of rows handed to the packer at once. */
const BATCH = 2 ** 18;

/** A picture's row as PNG stores it: samples interleaved, opacity last, the high byte of 16 bits first. */
function packRow({ width, bits, rgb, alpha }: Picture, y: number, row: Uint8Array): void {
  const channels = alpha ? 4 : 3;
  let from = y * width * 3;
  let to = 0;
  for (let x = y * width; x < (y + 1) * width; x++) {
    for (let c = 0; c < channels; c++) {
      const sample = c < 3 ? rgb[from++]! : alpha![x]!;
      if (bits === 16) row[to++] = sample >> 8;
      row[to++] = sample;
    }
  }
}

/** The filtered rows of a picture, some at a time. */
function filteredRows(picture: Picture): ReadableStream<Uint8Array<ArrayBuffer>> {
  const stride = (picture.alpha ? 4 : 3) * (picture.bits / 8);
  const length = picture.width * stride;
  let above = new Uint8Array(length);
  let row = new Uint8Array(length);
  let y = 0;
  return new ReadableStream({
    pull(controller) {
      const rows = Math.min(picture.height - y, Math.max(1, Math.floor(BATCH / (length + 1))));
      if (rows === 0) return controller.close();
      const batch = new Uint8Array(rows * (length + 1));
      for (let i = 0; i < rows; i++, y++) {
        packRow(picture, y, row);
        filterRow(row, above, stride, batch, i * (length + 1));
        [above, row] = [row, above];
      }
      controller.enqueue(batch);
    },
  });
}

/**
 * The picture as a PNG in sRGB, `texts` in its text chunks by keyword, and an EXIF block and XMP where given. Every sample and
 * the opacity are kept exactly, whatever the opacity is.
 */
export async function encodePng(
  picture: Picture,
  texts: Readonly<Record<string, string>> = {},
  { exif, xmp }: { readonly exif?: Uint8Array; readonly xmp?: string } = {},
): Promise<Uint8Array> {
  checkWritable(picture, "image/png");
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, picture.width);
  view.setUint32(4, picture.height);
  header.set([picture.bits, picture.alpha ? 6 : 2], 8);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const add = (part: Uint8Array) => parts.push(part as Uint8Array<ArrayBuffer>);
  add(PNG_SIGNATURE);
  add(writeChunk("IHDR", header));
  add(writeChunk("sRGB", Uint8Array.of(0)));
  if (exif) add(writeChunk("eXIf", exif));
  pngTextChunks(texts).forEach(add);
  if (xmp !== undefined) add(xmpChunk(xmp));
  const packed = filteredRows(picture).pipeThrough(new CompressionStream("deflate")).getReader();
  for (let part = await packed.read(); !part.done; part = await packed.read()) add(writeChunk("IDAT", part.value));
  add(writeChunk("IEND", new Uint8Array()));
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
