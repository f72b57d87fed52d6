/**
 * Addresses that carry a graph: `?app=graphs/mine.json` names a file beside the page, `#graph=…` holds the graph itself, packed, so
 * that it is shared without a server. With `?app` it is opened as an app, without in the editor. No DOM.
 */
import { zlibSync } from "fflate";
import { inflateAtMost } from "../../codec/inflate";
import { LIMITS, readGraph } from "../../graph/clean";
import type { StoredGraph } from "../../graph/stored";

/** Characters of an address that browsers take. */
const LONGEST = 1_000_000;
/** Characters of one that people send each other: past these, messengers and mail cut it. */
export const LONGEST_SHARED = 30_000;
/** What `?app` alone opens. */
const FIRST = "graphs/sft-gan.json";

/** Where a page finds its graph. */
export type Source =
  | { readonly kind: "data"; readonly text: string }
  /** Not resolved yet: as it stands in the address. */
  | { readonly kind: "file"; readonly address: string };

export interface Address {
  /** The graph is opened as an app. */
  readonly isApp: boolean;
  readonly source?: Source | undefined;
}

export function readAddress(href: string): Address {
  const url = new URL(href);
  const app = url.searchParams.get("app");
  const text = /^#graph=(.+)$/.exec(url.hash)?.[1];
  if (text !== undefined) return { isApp: app !== null, source: { kind: "data", text } };
  return app === null ? { isApp: false } : { isApp: true, source: { kind: "file", address: app || FIRST } };
}

/** The address of a page with the graph in it. Throws an error where it is too long for a browser, or for `limit` characters. */
export function addressWith(graph: StoredGraph, page: string, isApp: boolean, limit = LONGEST): string {
  const url = new URL(page);
  url.search = isApp ? "?app" : "";
  url.hash = "";
  const address = `${url.href}#graph=${toBase64Url(zlibSync(new TextEncoder().encode(JSON.stringify(graph)), { level: 9 }))}`;
  if (address.length > limit)
    throw new Error(
      `a link with this graph in it has ${address.length} characters, and at most ${limit} are of use: export the graph with its files, put it on the server beside this page, and open the page with ?app=NAME.json`,
    );
  return address;
}

/** The graph in an address. Throws an error where it is damaged, too large, or no graph. */
export function graphInAddress(text: string): StoredGraph {
  const packed = text.length <= LONGEST ? fromBase64Url(text) : undefined;
  const { whole } = packed ? inflateAtMost(packed, LIMITS.text) : {};
  if (!whole) throw new Error("the link is damaged or was cut short: copy it anew, from its beginning to its end");
  return readGraph(new TextDecoder().decode(whole));
}

/**
 * The whole address of a graph's file. Throws an error for one that is elsewhere than on the page's own server: a page that could
 * ask other servers could also tell them something.
 */
export function fileAddress(address: string, page: string): string {
  const here = new URL(page);
  let url: URL;
  try {
    url = new URL(address, here);
  } catch {
    throw new Error(`“${address.slice(0, 200)}” is no address of a graph: give a path such as graphs/mine.json`);
  }
  if (url.origin !== here.origin || !/^https?:$/.test(url.protocol))
    throw new Error(
      `the graph is at “${url.href.slice(0, 200)}”, and this page reads from its own server only (${here.origin}): put the file there, or use a link with the graph in it`,
    );
  return url.href;
}

/** Reads a graph's file, no more of it than a graph may have. Throws an error that says what is wrong with it. */
export async function graphAt(address: string, page: string, get: typeof fetch = fetch): Promise<StoredGraph> {
  const href = fileAddress(address, page);
  const name = `“${address.slice(0, 200)}”`;
  let response: Response;
  try {
    response = await get(href, { credentials: "same-origin", redirect: "error", headers: { accept: "application/json" } });
  } catch {
    throw new Error(`${name} cannot be read: look whether the address is right, and whether there is a network`);
  }
  if (!response.ok)
    throw new Error(`${name} cannot be read (the server says ${response.status}): look whether the address is right`);
  return readGraph(await textOf(response, name));
}

async function textOf(response: Response, name: string): Promise<string> {
  const most = 4 * LIMITS.text;
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.length;
    if (size > most) {
      await reader?.cancel().catch(() => {});
      throw new Error(`${name} has more than ${most} bytes, which is more than a graph has: give a graph saved by the editor`);
    }
    parts.push(part.value);
  }
  return new Blob(parts as Uint8Array<ArrayBuffer>[]).text();
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  } catch {
    return undefined;
  }
}
