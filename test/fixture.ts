/** Reads a file of test/fixtures, in Node and in Chromium. */
const FILES = import.meta.glob("./fixtures/**/*", { query: "?url", import: "default", eager: true }) as Record<string, string>;

export async function fixture(name: string): Promise<Uint8Array> {
  const url = FILES[`./fixtures/${name}`];
  if (url === undefined) throw new Error(`there is no test/fixtures/${name}`);
  if (typeof window === "undefined") {
    const { readFile } = await import("node:fs/promises");
    return new Uint8Array(await readFile(new URL(`./fixtures/${name}`, import.meta.url)));
  }
  return new Uint8Array(await (await fetch(url)).arrayBuffer());
}
