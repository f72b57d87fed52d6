/** Serves this checkout to a bench's own Chromium, on a free loopback port. Whoever asks closes it. */
import { createServer } from "vite";

export async function serve() {
  const server = await createServer({
    server: { port: 0, host: "127.0.0.1", hmr: false, watch: null },
    optimizeDeps: { include: ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-webgl", "@tensorflow/tfjs-backend-webgpu"] },
    cacheDir: "node_modules/.vite-bench", // the editor's own is left alone
    logLevel: "error",
  });
  await server.listen();
  return server;
}
