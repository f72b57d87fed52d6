/** Names of the pictures that ship with the package; every host can read them. Where they come from: graphs/sample/README.md. */
export const SAMPLES = [
  "sample:scene.png",
  "sample:scene-hr.png",
  "sample:scene-labels.png",
  "sample:scene-depth.png",
  "sample:alps.jpg",
] as const;

/** Names of the weights that ship with the package. */
export const SHIPPED_WEIGHTS = [
  "weights:sftgan.safetensors",
  "weights:psnr.safetensors",
  "weights:srresnet.safetensors",
  "weights:segment.safetensors",
] as const;
