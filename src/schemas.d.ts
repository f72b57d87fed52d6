/**
 * The schemas of the nodes under nodes/, as plain data: what `sftgan nodes --json` prints. scripts/schemas.mjs reads them off
 * the definitions when a page is served or built, so that no page loads the code that computes.
 */
declare module "virtual:schemas" {
  const schemas: readonly import("./graph/node").AnySchema[];
  export default schemas;
}
