/** An app's photo as the browser itself decodes it: there before the engine is. */

import { FileStore } from "../../browser/files";
import { pictureAddress } from "../../browser/sample-pictures";
import type { FileRef } from "../../graph/node";

/** Undefined where the browser cannot decode it, as a TIFF, or it is not here. */
export async function photoBitmap(file: Blob | FileRef | null | undefined): Promise<ImageBitmap | undefined> {
  try {
    const blob = file instanceof Blob ? file : file && (await contentOf(file));
    return blob ? await createImageBitmap(blob) : undefined;
  } catch {
    return undefined;
  }
}

async function contentOf(ref: FileRef): Promise<Blob | undefined> {
  if (ref.sha256 !== undefined) {
    const bytes = await new FileStore().read(ref);
    return bytes && new Blob([bytes as Uint8Array<ArrayBuffer>]);
  }
  const address = pictureAddress(ref.name);
  return address === undefined ? undefined : (await fetch(address)).blob();
}
