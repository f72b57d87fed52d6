import { defineNode, image } from "./sockets";

/** Looks at a picture; the host draws it. */
export default defineNode({
  type: "sftgan/preview",
  title: "Preview",
  description: "Shows a picture on the node and in the large view.",
  sink: "always",
  inputs: { image: image("the picture to look at") },
  params: {},
  outputs: { image: image("the same picture") },

  run: ({ image }) => ({ image }),
  defer: ({ image }) => ({ image }),
});
