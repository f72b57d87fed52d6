/** The names of the themes, of what a person may choose, and what the browser is told of them. */
export const LOOKS = ["dark", "light", "contrast"] as const;
export type Look = (typeof LOOKS)[number];
export const LOOK_SETTINGS = ["system", ...LOOKS] as const;
export type LookSetting = (typeof LOOK_SETTINGS)[number];

/** What the page tells the browser of itself, by the name of one of its `meta` elements. */
export function setMeta(name: string, content: string): void {
  document.querySelector(`meta[name="${name}"]`)?.setAttribute("content", content.trim());
}

/** Before any style is there the page is light or dark as the system says; here as a person has chosen. */
export function showFirst(setting: LookSetting): void {
  if (setting !== "system") setMeta("color-scheme", setting === "light" ? "light" : "dark");
}
