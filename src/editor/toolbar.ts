/** The bar at the top: the graph's name and where graphs come from, run and stop, undo, save. */
import type { Commands } from "./commands/commands";
import type { CommandId } from "./commands/table";
import { button, h, icon } from "./dom";
import type { IconName } from "./icons";
import { type MenuEntry, openMenu } from "./menu";

export interface ToolbarActions {
  readonly commands: Commands;
  file(): readonly MenuEntry[];
  rename(title: string): void;
}

export interface ToolbarState {
  readonly title: string;
  readonly busy: boolean;
  /** Something computes, be it no run. */
  readonly stoppable: boolean;
  readonly auto: boolean;
  readonly undo: string | undefined;
  readonly redo: string | undefined;
  readonly list: boolean;
  readonly viewer: boolean;
  readonly takes: boolean;
}

export interface Toolbar {
  readonly element: HTMLElement;
  update(state: ToolbarState): void;
}

export function createToolbar(actions: ToolbarActions): Toolbar {
  const { commands } = actions;
  /** What each button does, and its words: its tip has the keys of the command as well. */
  const commandOf = new Map<HTMLButtonElement, readonly [id: CommandId, words: string]>();
  const commandButton = (id: CommandId, words: string, icon?: IconName, label?: string, look?: string): HTMLButtonElement => {
    const control = button(icon, words, () => commands.run(id), label, look);
    commandOf.set(control, [id, words]);
    return control;
  };
  const run = commandButton("run.start", "Compute the graph", "run", "Run", "primary run");
  const stop = commandButton("run.stop", "Stop the run", "stop", "Stop", "stop");
  const auto = commandButton("run.auto", "Run after every change", undefined, "Run on change", "toggle");
  auto.prepend(h("i", { class: "switch" }));
  const undo = commandButton("edit.undo", "Undo", "undo");
  const redo = commandButton("edit.redo", "Redo", "redo");
  const title = h(
    "input",
    { class: "graph-title", "aria-label": "Name of the graph", title: "Name of the graph", spellcheck: "false", maxlength: 120 },
    [],
    {
      change: () => actions.rename(title.value),
      keydown: (event) => {
        if (event.key === "Enter" || event.key === "Escape") title.blur();
      },
    },
  );
  const menuButton = (
    tip: string,
    label: string,
    entries: () => readonly MenuEntry[] | Promise<readonly MenuEntry[]>,
  ): HTMLButtonElement => {
    const opener = button(undefined, tip, async () => openMenu(opener, await entries(), tip), label, "menu-button");
    opener.append(icon("down"));
    opener.setAttribute("aria-haspopup", "menu");
    opener.setAttribute("aria-expanded", "false");
    return opener;
  };
  const graphs = button(undefined, "Ready graphs and recent ones", () => commands.run("file.graphs"), "Graphs", "menu-button");
  graphs.append(icon("down"));
  graphs.setAttribute("aria-haspopup", "dialog");
  const file = menuButton("New, open, save, export", "File", actions.file);
  const list = commandButton("page.list", "Show or hide the nodes", "list");
  const viewer = commandButton("page.view", "Show or hide the large view", "right");
  const takes = commandButton("takes.toggle", "Takes: results kept under names, to compare and export", "takes", "Takes");

  return {
    element: h("header", { class: "toolbar" }, [
      list,
      h("span", { class: "brand", "aria-hidden": "true" }, [h("b", {}, ["SFT"]), "·GAN"]),
      file,
      graphs,
      title,
      h("span", { class: "spacer" }),
      undo,
      redo,
      h("span", { class: "divider" }),
      auto,
      run,
      stop,
      h("span", { class: "divider" }),
      commandButton("file.picture", "Save the result as a picture", "picture", "Save picture"),
      takes,
      commandButton("page.palette", "All commands", "search"),
      commandButton("page.help", "Keys and gestures", "help"),
      viewer,
    ]),
    update(state) {
      if (document.activeElement !== title) title.value = state.title;
      title.style.width = `${Math.min(34, Math.max(8, 1.1 * state.title.length + 3))}ch`;
      run.classList.toggle("busy", state.busy);
      stop.disabled = !state.stoppable;
      auto.setAttribute("aria-pressed", String(state.auto));
      commandOf.set(undo, ["edit.undo", state.undo === undefined ? "Nothing to undo" : `Undo: ${state.undo}`]);
      commandOf.set(redo, ["edit.redo", state.redo === undefined ? "Nothing to redo" : `Redo: ${state.redo}`]);
      undo.disabled = state.undo === undefined;
      redo.disabled = state.redo === undefined;
      for (const [control, [id, words]] of commandOf) {
        control.title = control.disabled ? words : commands.tip(id, words);
        if (control.hasAttribute("aria-label")) control.setAttribute("aria-label", words);
      }
      list.setAttribute("aria-pressed", String(state.list));
      viewer.setAttribute("aria-pressed", String(state.viewer));
      takes.setAttribute("aria-pressed", String(state.takes));
    },
  };
}
