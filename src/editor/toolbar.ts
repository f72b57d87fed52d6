/** The bar at the top: the graph's name and where graphs come from, run and stop, undo, save. */
import { button, h, icon } from "./dom";
import { type MenuEntry, openMenu } from "./menu";

export interface ToolbarActions {
  run(): void;
  stop(): void;
  auto(on: boolean): void;
  undo(): void;
  redo(): void;
  graphs(): Promise<readonly MenuEntry[]>;
  file(): readonly MenuEntry[];
  savePicture(): void;
  rename(title: string): void;
  list(): void;
  viewer(): void;
  takes(): void;
  help(): readonly MenuEntry[];
}

export interface ToolbarState {
  readonly title: string;
  readonly busy: boolean;
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
  /** Opens the list of keys and gestures. */
  showHelp(): void;
}

/** Whether keys are called Cmd here. */
export const onMac = /mac|iphone|ipad/i.test(navigator.platform);
export const keys = (text: string): string => (onMac ? text.replaceAll("Ctrl+", "⌘").replaceAll("Shift+", "⇧") : text);

export function createToolbar(actions: ToolbarActions): Toolbar {
  const run = button("run", `Compute the graph (${keys("Ctrl+Enter")})`, actions.run, "Run", "primary run");
  const stop = button("stop", "Stop the run (Esc)", actions.stop, "Stop", "stop");
  const auto = button(
    undefined,
    "Run after every change",
    () => actions.auto(auto.getAttribute("aria-pressed") !== "true"),
    "Run on change",
    "toggle",
  );
  auto.prepend(h("i", { class: "switch" }));
  const undo = button("undo", "Undo", actions.undo);
  const redo = button("redo", "Redo", actions.redo);
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
  const graphs = menuButton("Ready graphs and recent ones", "Graphs", actions.graphs);
  const file = menuButton("New, open, save, export", "File", actions.file);
  const list = button("list", "Show or hide the nodes", actions.list);
  const viewer = button("right", "Show or hide the large view", actions.viewer);
  const takes = button("takes", "Takes: results kept under names, to compare and export (T)", actions.takes, "Takes");
  const showHelp = (): void => openMenu(help, actions.help(), "Keys and gestures", "help");
  const help = button("help", "Keys and gestures (?)", showHelp);

  return {
    element: h("header", { class: "toolbar", role: "toolbar", "aria-label": "Graph" }, [
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
      button("picture", "Save the result as a picture", actions.savePicture, "Save picture"),
      takes,
      help,
      viewer,
    ]),
    update(state) {
      if (document.activeElement !== title) title.value = state.title;
      title.style.width = `${Math.min(34, Math.max(8, state.title.length + 2))}ch`;
      run.classList.toggle("busy", state.busy);
      stop.disabled = !state.busy;
      auto.setAttribute("aria-pressed", String(state.auto));
      for (const [control, what, verb, key] of [
        [undo, state.undo, "Undo", "Ctrl+Z"],
        [redo, state.redo, "Redo", "Ctrl+Shift+Z"],
      ] as const) {
        control.disabled = what === undefined;
        control.title = what === undefined ? `Nothing to ${verb.toLowerCase()}` : `${verb}: ${what} (${keys(key)})`;
        control.setAttribute("aria-label", control.title);
      }
      list.setAttribute("aria-pressed", String(state.list));
      viewer.setAttribute("aria-pressed", String(state.viewer));
      takes.setAttribute("aria-pressed", String(state.takes));
    },
    showHelp,
  };
}
