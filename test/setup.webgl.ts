/** Tests in Chromium run on WebGL, software WebGL included, with the flags that the engine sets. */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-webgl";
import { registerResample } from "../src/kernels/webgl/resample";
import { configureWebGL } from "../src/webgl/backend";

configureWebGL();
registerResample();
if (!(await tf.setBackend("webgl"))) throw new Error("WebGL is not available");
