/** Textures that maps lie in: made when needed, kept for the next map of that size up to a bound, framebuffers with them. */
import { vectorsOf } from "../passes";

export interface MapShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly cell: 1 | 2;
  /** Of half floats. */
  readonly half: boolean;
}

/** A texture of several layers. */
export interface Stored {
  readonly key: string;
  readonly bytes: number;
  readonly texture: WebGLTexture;
  /** By the layers that are rendered to. */
  readonly framebuffers: Map<string, WebGLFramebuffer>;
}

/** A map of ours, until it is released. */
export interface TextureMap extends MapShape {
  readonly stored: Stored;
}

/** Columns and rows of texels. */
export const texelsOf = ({ height, width, cell }: MapShape): readonly [number, number] => [
  Math.ceil(width / cell),
  Math.ceil(height / cell),
];

/**
 * A texture's side from a length on, never a power of two: Mesa's software compiles a shader again where one is and the last was
 * not.
 */
export const oddSide = (length: number): number => Math.max(3, length | 1);

export class Maps {
  private readonly free: Stored[] = [];
  private freeBytes = 0;
  private single: WebGLFramebuffer | undefined;
  /** All textures there are, and their bytes. */
  private readonly total = { textures: 0, bytes: 0 };

  /** `kept`: bytes of free textures that are kept. */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly kept: number,
  ) {}

  get memory(): { readonly textures: number; readonly bytes: number } {
    return this.total;
  }

  /** A map of which nothing is known. Throws an error where there is no memory for it. */
  take(shape: MapShape): TextureMap {
    const [columns, rows] = texelsOf(shape);
    return { ...shape, stored: this.takeLayers(columns, rows, vectorsOf(shape.channels) * shape.cell ** 2, shape.half) };
  }

  /** The same for a texture. */
  takeLayers(columns: number, rows: number, layers: number, half: boolean): Stored {
    const key = `${columns} ${rows} ${layers} ${half}`;
    const index = this.free.findLastIndex((stored) => stored.key === key);
    if (index < 0) return this.create(key, half, columns, rows, layers);
    const [stored] = this.free.splice(index, 1);
    this.freeBytes -= stored!.bytes;
    return stored!;
  }

  release({ stored }: { readonly stored: Stored }): void {
    this.free.push(stored);
    this.freeBytes += stored.bytes;
    while (this.freeBytes > this.kept) this.delete(this.free.shift()!);
  }

  /** Binds what renders to some layers of a map; what a shader writes beyond them is dropped. */
  bindTarget({ stored }: { readonly stored: Stored }, layers: readonly (number | undefined)[]): void {
    const { gl } = this;
    const key = layers.join(" ");
    const found = stored.framebuffers.get(key);
    if (found) {
      gl.bindFramebuffer(gl.FRAMEBUFFER, found);
      return;
    }
    const framebuffer = gl.createFramebuffer()!;
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    for (const [i, layer] of layers.entries())
      if (layer !== undefined) gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + i, stored.texture, 0, layer);
    gl.drawBuffers(layers.map((layer, i) => (layer === undefined ? gl.NONE : gl.COLOR_ATTACHMENT0 + i)));
    stored.framebuffers.set(key, framebuffer);
  }

  /** Renders to so many rows of a texture of tfjs's, by the program in use. */
  drawTexture(texture: WebGLTexture, columns: number, rows: number, first = 0): void {
    const { gl } = this;
    const attach = (to: WebGLTexture | null) =>
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, to, 0);
    this.single ??= gl.createFramebuffer()!;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.single);
    attach(texture);
    gl.viewport(0, first, columns, rows);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    attach(null); // else it would stay in memory for as long as it is attached
  }

  /** Deletes all that is free. */
  clear(): void {
    for (const stored of this.free.splice(0)) this.delete(stored);
  }

  private create(key: string, half: boolean, columns: number, rows: number, layers: number): Stored {
    const { gl } = this;
    const bytes = (half ? 8 : 16) * columns * rows * layers;
    let texture = this.allocate(half, columns, rows, layers);
    if (!texture) {
      this.clear();
      texture = this.allocate(half, columns, rows, layers);
    }
    if (!texture) throw new Error("the GPU's memory does not suffice: close other pages that use it, or give a smaller picture");
    for (const [name, value] of [
      [gl.TEXTURE_MIN_FILTER, gl.NEAREST],
      [gl.TEXTURE_MAG_FILTER, gl.NEAREST],
      [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
      [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
    ] as const)
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, name, value);
    this.total.textures++;
    this.total.bytes += bytes;
    return { key, bytes, texture, framebuffers: new Map() };
  }

  /** Undefined where there is no memory. */
  private allocate(half: boolean, columns: number, rows: number, layers: number): WebGLTexture | undefined {
    const { gl } = this;
    while (gl.getError() !== gl.NO_ERROR && !gl.isContextLost());
    const texture = gl.createTexture()!;
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
    gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, half ? gl.RGBA16F : gl.RGBA32F, columns, rows, layers);
    if (gl.isContextLost() || gl.getError() === gl.NO_ERROR) return texture;
    gl.deleteTexture(texture);
    return undefined;
  }

  private delete({ bytes, texture, framebuffers }: Stored): void {
    for (const framebuffer of framebuffers.values()) this.gl.deleteFramebuffer(framebuffer);
    this.gl.deleteTexture(texture);
    this.total.textures--;
    this.total.bytes -= bytes;
    this.freeBytes -= bytes;
  }
}
