/**
 * litegraph-sftgan for any litegraph.js page:
 *
 *     import { LGraph, LiteGraph } from "litegraph.js";
 *     import { attach, register } from "litegraph-sftgan";
 *     register(LiteGraph);
 *     const graph = new LGraph();
 *     attach(graph);
 */
/// <reference lib="esnext.disposable" preserve="true" />
import schemas from "virtual:schemas";
import { pageSchemas } from "./browser/page-nodes";
import type { AnySchema } from "./graph/node";
import type { AnyLiteGraph } from "./litegraph/page";
import { type RegisterOptions as Options, register as registerNodes } from "./litegraph/register";

/** What every node of ours says of itself. */
export const definitions: readonly AnySchema[] = schemas;

export interface RegisterOptions extends Options {
  /** Absent: ours, and those of the modules that `loadNodes` has loaded. */
  readonly nodes?: readonly AnySchema[];
}

/** Adds our nodes, or those given, to a page's litegraph. See src/litegraph/register.ts. */
export const register = (
  LiteGraph: AnyLiteGraph,
  { nodes = [...definitions, ...pageSchemas()], ...options }: RegisterOptions = {},
): void => registerNodes(LiteGraph, nodes, options);

export { createEngine } from "./browser/client";
export type { EngineOptions } from "./browser/options";
export { loadNodes } from "./browser/page-nodes";
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
export { type AttachOptions, attach } from "./litegraph/attach";
export type { Attachment, Focus } from "./litegraph/attachment";
export type { AttachmentEvents } from "./litegraph/attachment-events";
export type { AnyGraph, AnyGraphNode, AnyLiteGraph, MenuEntry, OpenMenu, ParamEditor } from "./litegraph/page";
export { unregister } from "./litegraph/register";
export { load, save } from "./litegraph/storage";
export { defaultTheme, type Theme } from "./litegraph/theme";
export type { EncodedFile, Region, Size } from "./plain-types";
