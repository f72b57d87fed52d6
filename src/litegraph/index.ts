/** Our nodes in litegraph: see each file. The package's entry, src/index.ts, adds the list of nodes. */
export { type Attachment, type AttachOptions, attach, type Focus } from "./attachment";
export type { LiteGraphModule } from "./host";
export { definitionOf, isExternal, placeholderTypeOf } from "./host";
export type { MenuEntry, OpenMenu, Overrides, ParamEditor } from "./overrides";
export { patch } from "./patch";
export { type RegisterOptions, register, unregister } from "./register";
export { type NodeState, stateOf } from "./state";
export { load, save } from "./storage";
export { defaultTheme, socketColour, type Theme } from "./theme";
