/** Ways from the root, and what leads out of it. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Root } from "../../../src/headless/queue/root";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sftgan-root-"));
  for (const name of ["root/in", "root/empty", "elsewhere"]) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, "root/in/a.png"), "");
  await writeFile(join(folder, "elsewhere/secret.png"), "");
  await symlink(join(folder, "root"), join(folder, "link"));
  await symlink(join(folder, "elsewhere"), join(folder, "root/out"));
  await symlink(join(folder, "elsewhere/secret.png"), join(folder, "root/in/secret.png"));
  await symlink(join(folder, "elsewhere/nothing.png"), join(folder, "root/in/dangling.png"));
  await symlink(join(folder, "root/in/a.png"), join(folder, "root/in/b.png"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("Root", () => {
  it("tells a file's way, by whatever path the root and the file are named, whether the file is there or not", async () => {
    for (const path of ["root", "link"]) {
      const root = await Root.open(join(folder, path));
      expect(await root.way(join(folder, "root/in/a.png"))).toBe("in/a.png");
      expect(await root.way(join(folder, "link/new/deep/x.png"))).toBe("new/deep/x.png");
    }
  });

  it("says which file lies outside, links included", async () => {
    const root = await Root.open(join(folder, "root"));
    for (const path of ["elsewhere/secret.png", "root/out/x.png", "root/../x.png"])
      await expect(root.way(join(folder, path))).rejects.toThrow("lies outside of the root");
    await expect(Root.open(join(folder, "root/in/a.png"))).rejects.toThrow("is no folder: give the folder that the pictures");
    await expect(Root.open(join(folder, "nowhere"))).rejects.toThrow("is no folder");
  });

  it("gives jobs what lies in it, and nothing that leads out", async () => {
    const root = await Root.open(join(folder, "root"));
    expect(await root.inside("in/a.png")).toBe(join(folder, "root/in/a.png"));
    expect(await root.inside("in/b.png")).toBe(join(folder, "root/in/b.png"));
    expect(await root.inside("new/deep/x.png")).toBe(join(folder, "root/new/deep/x.png"));
    for (const way of [
      "../elsewhere/secret.png",
      "/etc/passwd",
      "in/../../x.png",
      "C:\\x.png",
      "\\\\host\\x.png",
      "in\\..\\..\\x.png",
    ])
      await expect(root.inside(way)).rejects.toThrow("leads out of the root: a job names files in it only");
    for (const way of ["in/secret.png", "out/x.png", "out/deep/x.png", "in/dangling.png"])
      await expect(root.inside(way)).rejects.toThrow("is a link that leads out of the root");
  });

  it("knows a folder that is empty for one that this machine does not see, and one that is not there by what it lay in", async () => {
    const root = await Root.open(join(folder, "root"));
    for (const way of [".", "in", "nowhere", "in/nowhere", "in/a.png"]) expect(await root.sees(way), way).toBe(true);
    for (const way of ["empty", "empty/deep/deeper"]) expect(await root.sees(way), way).toBe(false);
    for (const path of ["root/empty", "later"]) {
      await mkdir(join(folder, path), { recursive: true });
      const blind = await Root.open(join(folder, path));
      if (path === "later") await rm(join(folder, path), { recursive: true });
      for (const way of [".", "in"]) expect(await blind.sees(way), `${path}/${way}`).toBe(false);
    }
  });

  it("shows ways in messages in place of its own paths", async () => {
    const root = await Root.open(join(folder, "link"));
    expect(root.unrooted(`"${folder}/link/in/a.png" and "${folder}/root/in/a.png"`)).toBe('"in/a.png" and "in/a.png"');
  });
});
