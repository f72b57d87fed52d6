/** How the graph looks, in each of the looks of the page: the colours of nodes and wires. */
import { type LGraph, LiteGraph } from "litegraph.js/build/litegraph.core.js";
import { defaultTheme, retheme, type Theme } from "../../litegraph";
import type { Look, LookSetting } from "./looks";
import { followLook, type Themes } from "./page-look";

export const CANVAS_THEMES: Readonly<Record<Look, Theme>> = {
  dark: defaultTheme,
  light: {
    ...defaultTheme,
    canvas: "#eef0f4",
    dots: "#cbd1db",
    node: "#ffffff",
    title: "#e3e7ee",
    outline: "#77808f",
    text: "#171a20",
    dim: "#505a6b",
    field: "#f4f6f8",
    fieldEdge: "#7a8392",
    accent: "#1d5fd0",
    good: "#11713f",
    bad: "#b3202b",
    badField: "#fde8e9",
    bypassed: "#e6d9f7",
    warning: "#7d5a00",
    sockets: {
      image: "#1d63d8",
      prior: "#8a3fd1",
      condition: "#b35204",
      features: "#0b7d68",
      model: "#8a6600",
      number: "#3f7a0f",
      text: "#b8356b",
      file: "#5f6979",
    },
    otherSocket: "#646d7c",
    wireEdge: "rgba(255, 255, 255, 0.75)",
    wireLit: "#171a20",
  },
  contrast: {
    ...defaultTheme,
    canvas: "#000000",
    dots: "#4a4a4a",
    node: "#000000",
    title: "#1c1c1c",
    outline: "#ffffff",
    text: "#ffffff",
    dim: "#e6e6e6",
    field: "#000000",
    fieldEdge: "#ffffff",
    accent: "#7cc0ff",
    good: "#66ff9f",
    bad: "#ff9a9e",
    badField: "#3a0006",
    bypassed: "#33204a",
    faded: 0.35,
    warning: "#ffe14d",
    sockets: {
      image: "#7cc0ff",
      prior: "#dcb3ff",
      condition: "#ffb27c",
      features: "#5cf0d0",
      model: "#ffe14d",
      number: "#baf57c",
      text: "#ffa8c8",
      file: "#e6e6e6",
    },
    otherSocket: "#d0d0d0",
    wireEdge: "#000000",
  },
};

/** The style of a dot in the colour of a type of sockets. */
export const dotStyle = (type: string): string =>
  `background: var(--socket-${/^[a-z]+$/.test(type) ? type : "other"}, var(--socket-other))`;

/** Has litegraph and the graph look so. */
function show(look: Look, graph: LGraph): void {
  const theme = CANVAS_THEMES[look];
  for (const [type, colour] of Object.entries({ ...theme.sockets, other: theme.otherSocket }))
    document.documentElement.style.setProperty(`--socket-${type}`, colour);
  Object.assign(LiteGraph, {
    NODE_TEXT_COLOR: theme.dim,
    NODE_TITLE_COLOR: theme.dim,
    NODE_SELECTED_TITLE_COLOR: theme.text,
    NODE_DEFAULT_COLOR: theme.title,
    NODE_DEFAULT_BGCOLOR: theme.node,
    NODE_DEFAULT_BOXCOLOR: theme.outline,
    NODE_BOX_OUTLINE_COLOR: theme.text,
    LINK_COLOR: theme.otherSocket,
    CONNECTING_LINK_COLOR: theme.good,
  });
  retheme(LiteGraph, theme, graph);
  for (const canvas of (graph as { list_of_graphcanvas?: object[] | null }).list_of_graphcanvas ?? [])
    Object.assign(canvas, { node_title_color: theme.dim, default_link_color: theme.otherSocket });
}

/** Follows the system where that is the setting. `register` has been called. */
export const createThemes = (graph: LGraph, setting: LookSetting): Themes => followLook(setting, (look) => show(look, graph));
