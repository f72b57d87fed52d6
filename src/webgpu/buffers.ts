/**
 * Buffers of a device: kept for later ones of their size, up to a bound. It takes the place of tfjs's own manager, which keeps
 * all there ever were.
 */
export class Buffers {
  private readonly free = new Map<string, GPUBuffer[]>();
  private readonly all = new Set<GPUBuffer>();
  private freeBytes = 0;
  numBytesUsed = 0;
  numBytesAllocated = 0;

  /** `kept`: bytes of free buffers that are kept. */
  constructor(
    private readonly device: GPUDevice,
    private readonly kept: number,
  ) {}

  getNumUsedBuffers(): number {
    return this.all.size - this.getNumFreeBuffers();
  }

  getNumFreeBuffers(): number {
    return [...this.free.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** Throws an error where the device has no buffers so large. A buffer that was used before is not mapped. */
  acquireBuffer(size: number, usage: GPUBufferUsageFlags, mappedAtCreation = false, reuse = true): GPUBuffer {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const most = usage & GPUBufferUsage.STORAGE ? Math.min(maxBufferSize, maxStorageBufferBindingSize) : maxBufferSize;
    if (size > most)
      throw new Error(
        `the GPU takes ${Math.floor(most / 2 ** 20)} MB at once and this needs ${Math.ceil(size / 2 ** 20)}: give a smaller picture`,
      );
    const found = reuse ? this.free.get(keyOf(size, usage))?.pop() : undefined;
    this.numBytesUsed += size;
    if (found) {
      this.freeBytes -= size;
      return found;
    }
    const buffer = this.device.createBuffer({ size, usage, mappedAtCreation });
    this.all.add(buffer);
    this.numBytesAllocated += size;
    return buffer;
  }

  /** Call it when all that uses the buffer has been submitted: what is beyond the bound is destroyed at once. */
  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    if (!this.all.has(buffer)) return; // all were disposed
    this.numBytesUsed -= buffer.size;
    if (!reuse) {
      this.destroy(buffer);
      return;
    }
    const key = keyOf(buffer.size, buffer.usage);
    const others = this.free.get(key) ?? [];
    this.free.delete(key); // the last that was used is the last in the order
    this.free.set(key, [...others, buffer]);
    this.freeBytes += buffer.size;
    while (this.freeBytes > this.kept) this.destroyOldest();
  }

  dispose(): void {
    for (const buffer of [...this.all]) this.destroy(buffer);
    this.free.clear();
    this.freeBytes = 0;
    this.numBytesUsed = 0;
  }

  private destroyOldest(): void {
    const [key, buffers] = this.free.entries().next().value!;
    const buffer = buffers.shift();
    if (buffers.length === 0) this.free.delete(key);
    if (!buffer) return;
    this.freeBytes -= buffer.size;
    this.destroy(buffer);
  }

  private destroy(buffer: GPUBuffer): void {
    buffer.destroy();
    this.all.delete(buffer);
    this.numBytesAllocated -= buffer.size;
  }
}

const keyOf = (size: number, usage: number) => `${size} ${usage}`;
