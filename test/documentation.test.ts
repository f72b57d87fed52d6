/** The project's own pages: every link in them that is no address leads to a file, and to a heading of it where it names one. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import { expect, it } from "vitest";

const pages = globSync([
  "*.md",
  "docs/*.md",
  "weights/*.md",
  "training/*.md",
  "bench/**/*.md",
  "graphs/**/*.md",
  "template/*.md",
]);
/** As GitHub makes them of headings. */
const anchorsOf = (page: string) =>
  [...readFileSync(page, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- ]/gu, "")
      .replaceAll(" ", "-"),
  );

it.each(pages)("Every link of %s leads somewhere", (page) => {
  const links = [...readFileSync(page, "utf8").matchAll(/\]\(([^()\s]+)\)/g)].map(([, link]) => link!);
  const lost = links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path, anchor] = link.split("#");
    const target = path ? join(dirname(page), path) : page;
    return !existsSync(target) || (anchor && !anchorsOf(target).includes(anchor));
  });
  expect(lost).toEqual([]);
});
