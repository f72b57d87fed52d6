/** Our nodes in litegraph, for our own page: src/index.ts is the entry of others, and names what of this is for them. */
export { type AttachOptions, attach } from "./attach";
export type { Attachment, Focus } from "./attachment";
export type { AttachmentEvents } from "./attachment-events";
export { definitionOf, isExternal, placeholderTypeOf } from "./host";
export type { AnyGraph, AnyGraphNode, AnyLiteGraph, MenuEntry, OpenMenu, Overrides, ParamEditor } from "./page";
export { patch } from "./patch";
export { type RegisterOptions, register, unregister } from "./register";
export { retheme } from "./retheme";
export { type NodeState, stateOf } from "./state";
export { load, save } from "./storage";
export { defaultTheme, socketColour, type Theme } from "./theme";
