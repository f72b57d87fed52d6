/** Tests in Chromium run on WebGL, software WebGL included. */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-webgl";

tf.env().set("SOFTWARE_WEBGL_ENABLED", true);
if (!(await tf.setBackend("webgl"))) throw new Error("WebGL is not available");
