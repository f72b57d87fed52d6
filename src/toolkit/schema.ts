/** What a definition says of itself: plain data that crosses threads. */
import type { AnySchema } from "../graph/node";

/** A definition, or a schema, without what computes. */
export const schemaOf = ({ type, title, description, inputs, params, outputs, sink }: AnySchema): AnySchema =>
  JSON.parse(JSON.stringify({ type, title, description, inputs, params, outputs, ...(sink && { sink }) })) as AnySchema;
