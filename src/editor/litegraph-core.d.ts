/** litegraph without its stock nodes: the same types as the whole. */
declare module "litegraph.js/build/litegraph.core.js" {
  export * from "litegraph.js";
}
