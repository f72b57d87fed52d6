/** Our nodes in litegraph, for our own page: src/index.ts is the entry of others, and names what of this is for them. */
export { type Attachment, type AttachOptions, attach, type Focus } from "./attachment";
export type { LiteGraphModule } from "./host";
export { definitionOf, isExternal, placeholderTypeOf } from "./host";
export type { MenuEntry, OpenMenu, Overrides, ParamEditor } from "./overrides";
export { patch } from "./patch";
export { type RegisterOptions, register, unregister } from "./register";
export { type NodeState, stateOf } from "./state";
export { load, save } from "./storage";
export { defaultTheme, socketColour, type Theme } from "./theme";
