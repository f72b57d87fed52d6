/** Tells what a file is from its content, whatever its name says. */

/** Every kind of file that is told apart. Pickles and zips are told to be checkpoints by what they begin with. */
export type FileKind = keyof typeof FILE_KIND;

/** How each kind is called in a message: "sky.png is ...". */
export const FILE_KIND = {
  png: "a PNG picture",
  jpeg: "a JPEG picture",
  webp: "a WebP picture",
  avif: "an AVIF picture",
  heic: "a HEIC picture",
  gif: "a GIF picture",
  bmp: "a BMP picture",
  tiff: "a TIFF picture",
  "jpeg-xl": "a JPEG XL picture",
  "jpeg-2000": "a JPEG 2000 picture",
  svg: "an SVG drawing",
  html: "a web page (HTML)",
  photoshop: "a Photoshop document",
  pdf: "a PDF document",
  safetensors: "a safetensors file of weights",
  "pth-zip": "a PyTorch checkpoint (.pth)",
  "pth-legacy": "a PyTorch checkpoint (.pth, legacy format)",
  npy: "a NumPy array (.npy)",
  npz: "an archive of NumPy arrays (.npz)",
  zip: "a zip archive",
  gzip: "a gzip archive",
  json: "a JSON text, such as a graph",
} as const;

const text = (bytes: Uint8Array, from: number, length: number) => String.fromCharCode(...bytes.subarray(from, from + length));

const starts = (bytes: Uint8Array, ...values: number[]) =>
  bytes.length >= values.length && values.every((v, i) => bytes[i] === v);

/** Brands of an ISO base media file, the major one first. */
function brands(bytes: Uint8Array): string[] {
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  const end = Math.min(size, bytes.length, 256);
  const found = [text(bytes, 8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) found.push(text(bytes, at, 4));
  return found;
}

/** A pickle of protocol 2 or later whose first value is the long integer that `torch.save` wrote before PyTorch 1.6. */
const legacyPth = (bytes: Uint8Array) =>
  starts(bytes, 0x80) && bytes[1]! >= 2 && bytes[1]! <= 5 && bytes[2] === 0x8a && bytes[3] === 0x0a;

/** A safetensors file: an 8-byte little-endian length, then that much JSON. */
function safetensors(bytes: Uint8Array, size: number): boolean {
  if (bytes.length < 10) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true);
  return view.getUint32(4, true) === 0 && length >= 2 && length <= size - 8 && bytes[8] === 0x7b;
}

/** The kind of a zip by the name of its first entry. */
function zipKind(bytes: Uint8Array): "pth-zip" | "npz" | "zip" {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = bytes.length >= 30 ? text(bytes, 30, Math.min(view.getUint16(26, true), 256)) : "";
  if (/(^|\/)(data\.pkl|\.format_version|byteorder|\.data\/serialization_id|version)$/.test(name)) return "pth-zip";
  return name.endsWith(".npy") ? "npz" : "zip";
}

/** Where the white space from `at` on ends. */
function pastSpace(start: string, at: number): number {
  let end = at;
  while (end < start.length && start[end]!.trim() === "") end++;
  return end;
}

/** Whether a text begins as an SVG drawing does: declarations, comments and a document type, then its element. */
function isSvg(start: string): boolean {
  const past = (mark: string, from: number) => {
    const found = start.indexOf(mark, from);
    return found < 0 ? start.length : pastSpace(start, found + mark.length);
  };
  let at = 0;
  while (at < start.length)
    if (start.startsWith("<?", at)) at = past("?>", at);
    else if (start.startsWith("<!--", at)) at = past("-->", at + 4);
    else if (start.startsWith("<!DOCTYPE svg", at)) {
      const [inner, end] = [start.indexOf("[", at), start.indexOf(">", at)];
      at = inner >= 0 && inner < end ? past(">", past("]", inner)) : past(">", at); // what is in brackets has ">" of its own
    } else return start.startsWith("<svg", at) && (start[at + 4] === ">" || pastSpace(start, at + 4) > at + 4);
  return false;
}

/** What the file is, or undefined where its content matches nothing known. Reads its first kilobyte at most; never throws. */
export function sniff(bytes: Uint8Array, size = bytes.length): FileKind | undefined {
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "png";
  if (starts(bytes, 0xff, 0xd8, 0xff)) return "jpeg";
  if (bytes.length >= 12 && text(bytes, 0, 4) === "RIFF" && text(bytes, 8, 4) === "WEBP") return "webp";
  if (bytes.length >= 12 && text(bytes, 4, 4) === "ftyp") {
    const found = brands(bytes);
    if (found.some((b) => b === "avif" || b === "avis")) return "avif";
    if (found.some((b) => /^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(b))) return "heic";
    return undefined;
  }
  if (/^GIF8[79]a/.test(text(bytes, 0, 6))) return "gif";
  if (starts(bytes, 0x49, 0x49, 0x2a, 0) || starts(bytes, 0x4d, 0x4d, 0, 0x2a)) return "tiff";
  if (starts(bytes, 0xff, 0x0a) || (starts(bytes, 0, 0, 0, 0x0c) && text(bytes, 4, 4) === "JXL ")) return "jpeg-xl";
  if (starts(bytes, 0, 0, 0, 0x0c) && text(bytes, 4, 4) === "jP  ") return "jpeg-2000";
  if (text(bytes, 0, 4) === "8BPS") return "photoshop";
  if (text(bytes, 0, 5) === "%PDF-") return "pdf";
  if (starts(bytes, 0x93) && text(bytes, 1, 5) === "NUMPY") return "npy";
  if (starts(bytes, 0x50, 0x4b, 3, 4) || starts(bytes, 0x50, 0x4b, 5, 6)) return zipKind(bytes);
  if (starts(bytes, 0x1f, 0x8b)) return "gzip";
  if (legacyPth(bytes)) return "pth-legacy";
  if (safetensors(bytes, size)) return "safetensors";
  if (bytes.length >= 26 && text(bytes, 0, 2) === "BM" && bytes[14]! >= 12 && bytes[15] === 0) return "bmp";
  const start = text(bytes, 0, 1024)
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart();
  if (isSvg(start)) return "svg";
  if (/^<(!doctype html|html|head|body)[\s>]/i.test(start)) return "html";
  if (/^[[{]\s*(["\]}[{]|$)/.test(start)) return "json";
  return undefined;
}
