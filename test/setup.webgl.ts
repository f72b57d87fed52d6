/** Tests in Chromium run on WebGL, software WebGL included, with the flags that the engine sets. */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-webgl";
import { registerKernels } from "../src/kernels/webgl/register";
import { configureWebGL } from "../src/webgl/backend";

configureWebGL();
registerKernels();
if (!(await tf.setBackend("webgl"))) throw new Error("WebGL is not available");
