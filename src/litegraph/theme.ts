/** How our nodes look: every colour and font in one place. Assign to its fields before the first drawing to change the look. */
export interface Theme {
  canvas: string;
  node: string;
  title: string;
  outline: string;
  text: string;
  dim: string;
  field: string;
  fieldEdge: string;
  accent: string;
  good: string;
  bad: string;
  badField: string;
  /** Lies over a bypassed node. */
  bypassed: string;
  warning: string;
  font: string;
  /** One accent for each type of socket; also its wires'. */
  sockets: Record<string, string>;
  /** Wires and sockets of any other type. */
  otherSocket: string;
}

export const theme: Theme = {
  canvas: "#14161b",
  node: "#1e222a",
  title: "#292e39",
  outline: "#3a4150",
  text: "#e8ebf1",
  dim: "#98a1b3",
  field: "#14171d",
  fieldEdge: "#363d4b",
  accent: "#5b9dff",
  good: "#4cc38a",
  bad: "#ff6b70",
  badField: "#3a1b20",
  bypassed: "#33204a",
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
};

/** The accent of a socket type. */
export const socketColour = (type: string | number): string =>
  Object.hasOwn(theme.sockets, type) ? theme.sockets[type]! : theme.otherSocket;
