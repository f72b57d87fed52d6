/** Reads a file of test/fixtures or test/cases, in Node and in Chromium. */
const FILES = import.meta.glob(["./fixtures/**/*", "./cases/**/*"], { query: "?url", import: "default", eager: true }) as Record<
  string,
  string
>;

/** By its path under test/fixtures: made by a script there, with what is expected of it. */
export const fixture = (name: string): Promise<Uint8Array> => testFile(`fixtures/${name}`);

/** By its path under test/cases: a file of a kind that people have and that once went wrong. */
export const caseFile = (name: string): Promise<Uint8Array> => testFile(`cases/${name}`);

async function testFile(path: string): Promise<Uint8Array> {
  const url = FILES[`./${path}`];
  if (url === undefined) throw new Error(`there is no test/${path}`);
  if (typeof window === "undefined") {
    const { readFile } = await import("node:fs/promises");
    return new Uint8Array(await readFile(new URL(`./${path}`, import.meta.url)));
  }
  return new Uint8Array(await (await fetch(url)).arrayBuffer());
}
