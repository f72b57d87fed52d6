/** Text in a PNG: tEXt, zTXt and iTXt (W3C PNG, third edition, section 11.3.3). A saved picture carries its graph in one. */
import { inflateAtMost } from "./inflate";
import { chunks, PNG_SIGNATURE, writeChunk } from "./png-chunk";

/** The keyword of the text that holds the graph a picture was made with. */
export const GRAPH_CHUNK = "sftgan";

/** The keyword of the text that holds the hash of the recipe, which is of more than the graph: see src/headless/own.ts. */
export const RECIPE_CHUNK = "sftgan-recipe";

/** Bytes of text read from one picture, unpacked. */
export const MAX_TEXT = 2 ** 24;

const LATIN1 = new TextDecoder("latin1");
const UTF8 = new TextDecoder("utf-8");

/** The bytes up to the next zero, and where the rest begins. */
function upToZero(data: Uint8Array, from: number): [Uint8Array, number] | undefined {
  const end = data.indexOf(0, from);
  return end < 0 ? undefined : [data.subarray(from, end), end + 1];
}

/** Keyword, text as bytes and its encoding, and whether it is packed. Undefined for a chunk that does not hold together. */
function textChunk(type: string, data: Uint8Array) {
  const found = upToZero(data, 0);
  if (!found || found[0].length < 1 || found[0].length > 79) return undefined;
  const keyword = latin1(found[0]);
  const rest = data.subarray(found[1]);
  if (type === "tEXt") return { keyword, text: rest, packed: false, decode: latin1 };
  if (type === "zTXt") return rest[0] === 0 ? { keyword, text: rest.subarray(1), packed: true, decode: latin1 } : undefined;
  const [flag, method] = rest;
  const language = upToZero(rest, 2);
  const translated = language && upToZero(rest, language[1]);
  if (!translated || flag === undefined || flag > 1 || (flag === 1 && method !== 0)) return undefined;
  return { keyword, text: rest.subarray(translated[1]), packed: flag === 1, decode: (bytes: Uint8Array) => UTF8.decode(bytes) };
}

/** The web's "latin1" is windows-1252, which differs from Latin-1 in 0x80 to 0x9f. */
function latin1(bytes: Uint8Array): string {
  return LATIN1.decode(bytes).replace(/[^\0-\xff]/g, (_, at: number) => String.fromCharCode(bytes[at]!));
}

/**
 * The texts in a PNG by their keywords; of several with one keyword the first. A chunk that is damaged is passed over, and
 * what is not a PNG has no texts. Throws an error where the texts, the damaged ones among them, unpack to more than
 * `MAX_TEXT` bytes.
 */
export function readPngText(png: Uint8Array): Record<string, string> {
  const texts = new Map<string, string>();
  if (!PNG_SIGNATURE.every((byte, i) => png[i] === byte)) return {};
  let left = MAX_TEXT;
  for (const chunk of chunks(png)) {
    if (!/^(tEXt|zTXt|iTXt)$/.test(chunk.type) || !chunk.intact()) continue;
    const found = textChunk(chunk.type, chunk.data);
    if (!found || texts.has(found.keyword)) continue;
    const { whole, unpacked } = found.packed
      ? inflateAtMost(found.text, left)
      : { whole: found.text, unpacked: found.text.length };
    left -= unpacked; // what is damaged took its time too
    if (left < 0)
      throw new Error(
        `The text "${found.keyword}" in this PNG takes it past ${MAX_TEXT} bytes of text; open the graph from its own file instead.`,
      );
    if (whole) texts.set(found.keyword, found.decode(whole));
  }
  return Object.fromEntries(texts);
}

/**
 * The chunks that hold these texts: tEXt for ASCII, iTXt for anything else. Throws an error for a keyword that PNG does not
 * allow (1 to 79 Latin-1 letters, single spaces inside) and for a text with a zero character.
 */
export function pngTextChunks(texts: Readonly<Record<string, string>>): Uint8Array[] {
  return Object.entries(texts).map(([keyword, text]) => {
    if (!/^[\x21-\x7e\xa1-\xff]( ?[\x21-\x7e\xa1-\xff])*$/.test(keyword) || keyword.length > 79)
      throw new Error(`"${keyword}" cannot name a text in a PNG; use 1 to 79 Latin letters with single spaces between them.`);
    if (text.includes("\0")) throw new Error(`The text "${keyword}" has a zero character, which PNG does not allow; remove it.`);
    return textChunkOf(keyword, text, !/^[\t\n\r\x20-\x7e]*$/.test(text));
  });
}

/** XMP's chunk, which is iTXt whatever the letters. */
export const xmpChunk = (xmp: string): Uint8Array => textChunkOf("XML:com.adobe.xmp", xmp.replaceAll("\0", ""), true);

function textChunkOf(keyword: string, text: string, international: boolean): Uint8Array {
  const head = Uint8Array.from(keyword, (letter) => letter.charCodeAt(0));
  const body = new TextEncoder().encode(text);
  const between = international ? 5 : 1;
  const data = new Uint8Array(head.length + between + body.length);
  data.set(head);
  data.set(body, head.length + between);
  return writeChunk(international ? "iTXt" : "tEXt", data);
}
