/** Names of the pictures that ship with the package; every host can read them. Where they come from: graphs/sample/README.md. */
export const SAMPLES = [
  "sample:scene.png",
  "sample:scene-hr.png",
  "sample:scene-labels.png",
  "sample:scene-depth.png",
  "sample:alps.jpg",
] as const;

/** The weights that ship with the package: a line here for each file in weights/, in the order Load Model offers them. */
export const SHIPPED_WEIGHTS = [
  "weights:sftgan.safetensors",
  "weights:real.safetensors",
  "weights:psnr.safetensors",
  "weights:depth.safetensors",
  "weights:twin.safetensors",
  "weights:srresnet.safetensors",
  "weights:lite.safetensors",
  "weights:segment.safetensors",
] as const;

/** Names of these weights as a command line takes them, such as "sftgan". */
export const WEIGHT_NAMES: readonly string[] = SHIPPED_WEIGHTS.map((name) => name.replace(/^weights:|\.safetensors$/g, ""));

/** The file of weights of such a name. */
export const weightsNamed = (name: string): string => `weights:${name}.safetensors`;

/** Whether a file's name is of one that ships, or would. */
export const isShipped = (name: string): boolean => /^(weights|sample):/.test(name);
