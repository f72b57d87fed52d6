/**
 * `litegraph-sftgan/testing`: what a test of a node of one's own needs under Node, on the CPU.
 *
 *     import { runNode, toolkit } from "litegraph-sftgan/testing";
 *     const { image } = await runNode(gamma(toolkit), { image: { rgb: toolkit.tf.ones([1, 4, 6, 3]) } }, { power: 2 });
 */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";

tf.env().set("IS_TEST", true); // no advice on faster backends
await tf.setBackend("cpu");

export { toolkit } from "../toolkit/toolkit";
export { runNode, tensorCount } from "./run-node";
