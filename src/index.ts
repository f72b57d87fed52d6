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
import { register as registerNodes } from "./litegraph/register";

/** What every node of ours says of itself. */
export const definitions: readonly AnySchema[] = schemas;

/** Adds our nodes, or those given, to a page's litegraph. See src/litegraph/register.ts. */
export const register = (LiteGraph: LiteGraphModule, nodes: readonly AnySchema[] = definitions): void =>
  registerNodes(LiteGraph, nodes);

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
export { type MenuEntry, type OpenMenu, useMenu } from "./litegraph/overrides";
export { load, save } from "./litegraph/storage";
export { type Theme, theme } from "./litegraph/theme";
export type { Condition, EncodedFile, Features, Image, Model, Prior, Region, Size } from "./types";
