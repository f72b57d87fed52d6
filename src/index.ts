/**
 * litegraph-sftgan for any litegraph.js page:
 *
 *     import { LGraph, LiteGraph } from "litegraph.js";
 *     import { attach, register } from "litegraph-sftgan";
 *     register(LiteGraph);
 *     const graph = new LGraph();
 *     attach(graph);
 */
import schemas from "virtual:schemas";
import type { AnySchema } from "./graph/node";
import type { LiteGraphModule } from "./litegraph/host";
import { type RegisterOptions as Options, register as registerNodes } from "./litegraph/register";

/** What every node of ours says of itself. */
export const definitions: readonly AnySchema[] = schemas;

export interface RegisterOptions extends Options {
  /** Absent: all of ours. */
  readonly nodes?: readonly AnySchema[];
}

/** Adds our nodes, or those given, to a page's litegraph. See src/litegraph/register.ts. */
export const register = (LiteGraph: LiteGraphModule, { nodes = definitions, ...options }: RegisterOptions = {}): void =>
  registerNodes(LiteGraph, nodes, options);

export type { Engine, EngineEvent, EngineStatus, RunReport, Scope, View, ViewRequest } from "./browser/protocol";
export type {
  AnyNode,
  AnySchema,
  Context,
  FileRef,
  NodeDef,
  NodeSchema,
  Param,
  Params,
  Settings,
  Socket,
  Sockets,
} from "./graph/node";
export { choice, file, flag, number, text } from "./graph/node";
export type { StoredGraph, StoredLink, StoredNode, StoredSlot } from "./graph/stored";
export { type Attachment, type AttachOptions, attach, type Focus } from "./litegraph/attachment";
export type { MenuEntry, OpenMenu, ParamEditor } from "./litegraph/overrides";
export { unregister } from "./litegraph/register";
export { load, save } from "./litegraph/storage";
export { defaultTheme, type Theme } from "./litegraph/theme";
export type { Condition, EncodedFile, Features, Image, Model, Prior, Region, Size } from "./types";
