/** Our nodes in litegraph: see each file. The package's entry, src/index.ts, adds the list of nodes. */
export { type Attachment, type AttachOptions, attach, type Focus } from "./attachment";
export type { LiteGraphModule } from "./host";
export { definitionOf, isExternal, placeholderTypeOf } from "./host";
export { type MenuEntry, type OpenMenu, type ParamEditor, useMenu, useParamEditor } from "./overrides";
export { patch } from "./patch";
export { register } from "./register";
export { type NodeState, stateOf } from "./state";
export { load, save } from "./storage";
export { socketColour, type Theme, theme } from "./theme";
