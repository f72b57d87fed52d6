/** The names of the themes, and of what a person may choose. */
export const LOOKS = ["dark", "light", "contrast"] as const;
export type Look = (typeof LOOKS)[number];
export const LOOK_SETTINGS = ["system", ...LOOKS] as const;
export type LookSetting = (typeof LOOK_SETTINGS)[number];
