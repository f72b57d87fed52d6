/** The panel of nodes: search, groups, help for the one chosen here or on the canvas; dragging or double-clicking adds it. */
import type { AnySchema, Socket } from "../graph/node";
import { firstType, grouped, matching, paramEntries, rangeText } from "./catalog";
import { button, h, icon } from "./dom";
import { dotStyle } from "./theme/themes";

/** The drag carries a node's type under this name. */
export const DRAG_TYPE = "application/x-sftgan-node";

let draggedType: string | undefined;
/** The type of the node that is dragged off the list: a drag's data can be read at its end only. */
export const draggedNode = (): string | undefined => draggedType;

export interface NodeList {
  readonly element: HTMLElement;
  /** Shows a node's help, as when it is selected on the canvas. */
  help(node: AnySchema | undefined): void;
  focus(): void;
}

export function createNodeList(nodes: readonly AnySchema[], add: (type: string) => void, close: () => void): NodeList {
  const search = h("input", {
    type: "search",
    class: "field",
    placeholder: "Find a node",
    "aria-label": "Find a node",
    spellcheck: "false",
    autocomplete: "off",
  });
  const list = h("div", { class: "node-groups", role: "listbox", "aria-label": "Nodes" });
  const card = h("div", { class: "node-help" });
  const entries = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>(".node-entry")];

  function entry(node: AnySchema): HTMLElement {
    const type = firstType(node);
    return h(
      "div",
      { class: "node-entry", role: "option", tabindex: -1, draggable: "true", "data-type": node.type, title: node.description },
      [h("i", { class: "dot", style: dotStyle(type) }), h("span", {}, [node.title])],
      {
        dblclick: () => add(node.type),
        click: () => choose(node),
        focus: () => choose(node),
        dragstart: (event) => {
          event.dataTransfer?.setData(DRAG_TYPE, node.type);
          draggedType = node.type;
          if (event.dataTransfer) event.dataTransfer.effectAllowed = "copy";
        },
        dragend: () => {
          draggedType = undefined;
        },
        keydown: (event) => {
          if (event.key === "Enter" || event.key === " ") add(node.type);
          else return;
          event.preventDefault();
        },
      },
    );
  }

  function fill(): void {
    const found = matching(nodes, search.value);
    list.replaceChildren(
      ...(search.value.trim()
        ? found.map(entry)
        : grouped(found).map(([group, members]) =>
            h("div", { role: "group", "aria-label": group }, [
              h("h3", { "aria-hidden": "true" }, [group]),
              ...members.map(entry),
            ]),
          )),
    );
    if (!found.length) list.append(h("p", { class: "empty" }, [`No node matches “${search.value}”.`]));
    entries()[0]?.setAttribute("tabindex", "0");
  }

  /** `isFollowing`: it was chosen on the graph, where it is spoken of already. */
  function choose(node: AnySchema | undefined, isFollowing = false): void {
    card.setAttribute("aria-live", isFollowing ? "off" : "polite");
    for (const element of entries()) {
      const chosen = element.dataset.type === node?.type;
      element.classList.toggle("chosen", chosen);
      element.setAttribute("aria-selected", String(chosen));
      element.tabIndex = chosen ? 0 : -1;
    }
    if (!list.querySelector('[tabindex="0"]')) entries()[0]?.setAttribute("tabindex", "0");
    card.replaceChildren(
      ...(node
        ? helpOf(node, add)
        : [h("p", { class: "empty" }, ["Double-click a node, or drag it onto the canvas. Click one for help."])]),
    );
  }

  search.addEventListener("input", fill);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      const first = matching(nodes, search.value)[0];
      if (first) add(first.type);
    } else if (event.key === "ArrowDown") entries()[0]?.focus();
    else if (event.key === "Escape" && search.value) {
      search.value = "";
      fill();
      event.stopPropagation();
    } else return;
    event.preventDefault();
  });
  list.addEventListener("keydown", (event) => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to < 0) search.focus();
    else all[Math.min(to, all.length - 1)]?.focus();
  });
  fill();
  choose(undefined, true);

  return {
    element: h("section", { class: "node-list", "aria-label": "Nodes and their help" }, [
      h("header", { class: "panel-header" }, [
        h("h2", {}, ["Nodes"]),
        h("span", { class: "spacer" }),
        button("close", "Hide the list", close),
      ]),
      h("div", { class: "search-field" }, [icon("search"), search]),
      list,
      card,
    ]),
    help: (node) => choose(node, true),
    focus: () => search.focus(),
  };
}

function helpOf(node: AnySchema, add: (type: string) => void): HTMLElement[] {
  const sockets = (heading: string, all: Readonly<Record<string, Socket>>): HTMLElement[] =>
    Object.keys(all).length
      ? [
          h("h4", {}, [heading]),
          h(
            "dl",
            {},
            Object.entries(all).flatMap(([name, socket]) => [
              h("dt", {}, [
                h("i", { class: "dot", style: dotStyle(socket.type) }),
                name,
                h("small", {}, [
                  socket.type === name
                    ? socket.optional
                      ? "optional"
                      : ""
                    : `${socket.type}${socket.optional ? ", optional" : ""}`,
                ]),
              ]),
              h("dd", {}, [socket.help]),
            ]),
          ),
        ]
      : [];
  return [
    h("header", {}, [
      h("h3", {}, [node.title]),
      button("plus", `Add ${node.title} to the graph`, () => add(node.type), "Add", "small"),
    ]),
    h("p", {}, [node.description]),
    ...sockets("Inputs", node.inputs),
    ...(Object.keys(node.params).length
      ? [
          h("h4", {}, ["Parameters"]),
          h(
            "dl",
            {},
            paramEntries(node.params).flatMap(([name, param]) => [
              h("dt", {}, [name, h("small", {}, [rangeText(param)])]),
              h("dd", {}, [param.help]),
            ]),
          ),
        ]
      : []),
    ...sockets("Outputs", node.outputs),
  ];
}
