/**
 * A turn of the event loop, without the delay that timers have, and not put off in a tab that nobody looks at. Each has a channel of its
 * own that is closed after it: an open one would keep a process of Node alive.
 */
export const nextTask = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
