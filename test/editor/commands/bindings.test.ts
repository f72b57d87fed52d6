import { describe, expect, it } from "vitest";
import { Bindings, type OwnKeys, readOwnKeys } from "../../../src/editor/commands/bindings";
import { Commands } from "../../../src/editor/commands/commands";
import { COMMAND_IDS, infoOf, placesMeet } from "../../../src/editor/commands/table";
import { press } from "./press";

function bindings(own: OwnKeys = {}) {
  const kept: OwnKeys[] = [];
  return { bindings: new Bindings(own, (to) => kept.push(to)), kept };
}

describe("The keys of the table", () => {
  it("mean one command each where they are pressed", () => {
    const { bindings: all } = bindings();
    const doubled = COMMAND_IDS.flatMap((id) => infoOf(id).keys.map((chord) => [id, chord, all.conflict(id, chord)] as const));
    expect(doubled.filter(([, , other]) => other)).toEqual([]);
    expect(placesMeet("page", "anywhere")).toBe(true);
    expect(placesMeet("page", "paint")).toBe(false);
  });

  it("can be given to other commands, which takes them from those that had them", () => {
    const { bindings: all, kept } = bindings();
    expect(all.conflict("graph.showAll", "Ctrl+D")).toBe("edit.duplicate");
    all.set("graph.showAll", "Ctrl+D");
    expect(all.of("graph.showAll")).toEqual(["Ctrl+D"]);
    expect(all.of("edit.duplicate")).toEqual([]);
    expect(all.find("Ctrl+D", "page")).toBe("graph.showAll");
    expect(kept.at(-1)).toEqual({ "graph.showAll": ["Ctrl+D"], "edit.duplicate": [] });

    all.reset("edit.duplicate");
    expect(all.of("edit.duplicate")).toEqual(["Ctrl+D"]);
    expect(all.of("graph.showAll")).toEqual([]);
    all.reset();
    expect(kept.at(-1)).toEqual({});
    expect(all.find("F", "page")).toBe("graph.showAll");
  });

  it("are forgotten as one's own once they are those of the table again", () => {
    const { bindings: all, kept } = bindings({ "graph.showAll": ["H"] });
    all.set("graph.showAll", "F");
    expect(kept).toEqual([{}]);
    expect(all.anyOwn).toBe(false);
  });

  it("are refused where the browser keeps them, or where they type something", () => {
    const { bindings: all } = bindings();
    expect(all.refusal("Ctrl+W")).toMatch(/browser's own/);
    expect(all.refusal("Alt+D")).toMatch(/without Alt/);
    expect(all.refusal("Ctrl+J")).toBeUndefined();
  });

  it("come from stored settings where they are keys of a command that there is", () => {
    const stored = {
      "edit.undo": ["Ctrl+U"],
      "edit.redo": "Ctrl+R",
      "no.such": ["A"],
      "file.save": ["ctrl+s"],
      __proto__: ["A"],
    };
    expect(readOwnKeys(stored)).toEqual({ "edit.undo": ["Ctrl+U"] });
    for (const odd of [null, undefined, "x", 3, []]) expect(readOwnKeys(odd)).toEqual({});
  });
});

describe("Commands", () => {
  it("are found by keys in the innermost place first, and go on with a held key where that makes sense", () => {
    const commands = new Commands();
    expect(commands.match(press("я", "KeyZ", "Ctrl"), ["anywhere", "page"])).toBe("edit.undo");
    expect(commands.match(press("0", "Digit0"), ["paint", "view"])).toBe("paint.class0");
    expect(commands.match(press("0", "Digit0"), ["view"])).toBe("view.fit");
    expect(commands.match({ ...press("z", "KeyZ", "Ctrl"), repeat: true }, ["page"])).toBe("edit.undo");
    expect(commands.match({ ...press("t", "KeyT"), repeat: true }, ["page"])).toBeUndefined();
  });

  it("make menus of what can be run now, without lines at the ends", () => {
    const commands = new Commands();
    const done: string[] = [];
    let isOn = false;
    commands.provide({
      "edit.undo": { run: () => done.push("undo"), available: () => false },
      "edit.redo": () => done.push("redo"),
      "run.auto": { run: () => (isOn = !isOn), checked: () => isOn, label: () => "By itself" },
    });
    const menu = commands.menu(["edit.undo", null, "edit.redo", null, null, "run.auto", null, "file.new"]);
    expect(menu).toEqual([
      expect.objectContaining({ label: "Redo", hint: "Ctrl+Shift+Z" }),
      null,
      expect.objectContaining({ label: "By itself", checked: false }),
    ]);
    commands.run("edit.undo");
    commands.run("edit.redo");
    expect(done).toEqual(["redo"]);
    expect(commands.available).toEqual(["run.auto", "edit.redo"]);
  });
});
