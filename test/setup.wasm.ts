/** Tests in Node on WebAssembly, the command line's backend. */
import { startWasm } from "../src/headless/backend";

await startWasm();
