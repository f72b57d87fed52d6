import { defineNode, image } from "./sockets";

/** Two pictures under one slider; the host draws it. */
export default defineNode({
  type: "sftgan/compare",
  title: "Compare",
  description: "Two pictures under a slider, zoom and pan linked. Drag the slider on the node or in the large view.",
  sink: "always",
  inputs: { before: image("the picture left of the slider"), after: image("the picture right of the slider") },
  params: {},
  outputs: { before: image("the picture left of the slider"), after: image("the picture right of the slider") },

  run: ({ before, after }) => ({ before, after }),
  defer: ({ before, after }) => ({ before, after }),
});
