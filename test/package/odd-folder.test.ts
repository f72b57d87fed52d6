/** `npm start` where the checkout lies in a folder whose name means something in addresses. */
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { expect, it, onTestFinished } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Of the scripts Node asks where they lie: they are copied, all else is linked to. */
const LEFT_OUT = new Set([".git", "scripts", "dist", "site"]);

it("serves the editor from a folder with #, its modules and Vite's own too", async () => {
  const place = await mkdtemp(join(tmpdir(), "sftgan-odd-"));
  const folder = join(place, "c#, 100%");
  await mkdir(folder);
  for (const name of await readdir(root)) if (!LEFT_OUT.has(name)) await symlink(join(root, name), join(folder, name));
  await cp(join(root, "scripts"), join(folder, "scripts"), { recursive: true });

  const server = spawn(process.execPath, [join(folder, "scripts/vite.mjs"), "serve", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill();
    await ended;
    await rm(place, { recursive: true });
  });
  let said = "";
  const address = await new Promise<string>((resolve, reject) => {
    server.once("exit", (code) => reject(new Error(`Vite ended with ${code}: ${said}`)));
    server.stdout.on("data", (data: Buffer) => {
      said += stripVTControlCharacters(data.toString());
      const found = /http:\/\/localhost:\d+/.exec(said);
      if (found) resolve(found[0]);
    });
  });
  for (const path of ["/", "/@vite/client", "/src/editor/main.ts", "/nodes/index.ts"]) {
    const answer = await fetch(`${address}${path}`);
    expect(answer.status, path).toBe(200);
    expect(await answer.text(), path).not.toContain("c#");
  }
}, 60_000);
