/** Where one is while the inside of a node is shown: the way back, node by node, and what comes in and goes out. */

import type { GraphDocument } from "../document";
import { h } from "../dom";
import "./crumbs.css";

export interface Crumbs {
  readonly element: HTMLElement;
  refresh(): void;
}

const named = (slots: readonly { readonly name: string }[] | undefined): string =>
  slots?.map(({ name }) => name || "?").join(", ") || "none";

/** `go` shows the inside of the node that a path leads to. */
export function createCrumbs(document: GraphDocument, go: (path: readonly number[]) => void): Crumbs {
  const list = h("ol");
  const ports = h("p");
  const element = h("nav", { class: "crumbs", "aria-label": "Subgraph", hidden: true }, [list, ports]);
  let shown = "";
  return {
    element,
    refresh() {
      const { path, way, title } = document;
      element.hidden = path.length === 0;
      const names = [title, ...way.map((node) => node.title || "Subgraph")];
      const { inputs, outputs } = way.at(-1) ?? {};
      const text = `Inputs: ${named(inputs)} · Outputs: ${named(outputs)}`;
      if (shown === JSON.stringify([path, names, text])) return; // the focus stays
      shown = JSON.stringify([path, names, text]);
      ports.textContent = text;
      list.replaceChildren(
        ...names.map((name, depth) =>
          h("li", {}, [
            depth < path.length
              ? h(
                  "button",
                  {
                    type: "button",
                    class: "button small",
                    title: depth === path.length - 1 ? `Back to ${name} (Esc)` : `Back to ${name}`,
                  },
                  [name],
                  {
                    click: () => go(path.slice(0, depth)),
                  },
                )
              : h("span", { "aria-current": "location" }, [name]),
          ]),
        ),
      );
    },
  };
}
