/** How our nodes look: every colour and font in one place. A page changes it by an option of `register`. */
export interface Theme {
  readonly canvas: string;
  /** Dots on the canvas. */
  readonly dots: string;
  readonly node: string;
  readonly title: string;
  readonly outline: string;
  readonly text: string;
  readonly dim: string;
  readonly field: string;
  readonly fieldEdge: string;
  readonly accent: string;
  readonly good: string;
  readonly bad: string;
  readonly badField: string;
  /** Lies over a bypassed node. */
  readonly bypassed: string;
  /** How much of a node that does not run is covered, 0 to 1. */
  readonly faded: number;
  readonly warning: string;
  readonly font: string;
  /** One accent for each type of socket; also its wires'. */
  readonly sockets: Readonly<Record<string, string>>;
  /** Wires and sockets of any other type. */
  readonly otherSocket: string;
  /** Along wires, and along the one that is pointed at. */
  readonly wireEdge: string;
  readonly wireLit: string;
}

export const defaultTheme: Theme = {
  canvas: "#14161b",
  dots: "#2a2f39",
  node: "#1e222a",
  title: "#292e39",
  outline: "#5f6878",
  text: "#e8ebf1",
  dim: "#98a1b3",
  field: "#14171d",
  fieldEdge: "#646d7e",
  accent: "#5b9dff",
  good: "#4cc38a",
  bad: "#ff6b70",
  badField: "#3a1b20",
  bypassed: "#33204a",
  faded: 0.6,
  warning: "#e0b050",
  font: 'Inter, "Segoe UI", system-ui, sans-serif',
  sockets: {
    image: "#5b9dff",
    prior: "#c583ff",
    condition: "#ff9f5a",
    features: "#3ed6b5",
    model: "#f2c94c",
    number: "#9bd65b",
    text: "#f28fb1",
    file: "#b0b8c4",
  },
  otherSocket: "#8f98a8",
  wireEdge: "rgba(0, 0, 0, 0.55)",
  wireLit: "#ffffff",
};

/** By litegraph, each the same object for good: whoever holds it draws by what it says at the time. */
const themes = new WeakMap<object, Theme>();

/** Nodes of this litegraph look so from now on. */
export function setTheme(host: object, theme: Theme): void {
  const held = themes.get(host);
  if (held) Object.assign(held, theme);
  else themes.set(host, { ...theme });
}
/** How nodes of a litegraph look. */
export const themeOf = (host: object): Theme => themes.get(host) ?? defaultTheme;
/** How a node of ours looks, or a placeholder. */
export const themeOfNode = (node: object): Theme => themeOf((node.constructor as { readonly host?: object }).host ?? node);

/** The accent of a socket type. */
export const socketColour = ({ sockets, otherSocket }: Theme, type: string | number): string =>
  Object.hasOwn(sockets, type) ? sockets[type]! : otherSocket;

/** Of a slot, connected or not. */
export const slotColours = (theme: Theme, type: string | number): { readonly color_on: string; readonly color_off: string } => {
  const colour = socketColour(theme, type);
  return { color_on: colour, color_off: colour };
};
