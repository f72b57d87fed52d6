/** Drivers that compute shaders otherwise than they are written. */

/** Has WebGL compile all shaders with `line` replaced as long as `work` takes. Throws an error where none of them has such a line. */
export async function withDriver<T>(line: RegExp, instead: string, work: () => Promise<T>): Promise<T> {
  const { shaderSource } = WebGL2RenderingContext.prototype;
  let count = 0;
  WebGL2RenderingContext.prototype.shaderSource = function (shader, source) {
    if (line.test(source)) count++;
    shaderSource.call(this, shader, source.replace(line, instead));
  };
  try {
    const result = await work();
    if (count === 0) throw new Error(`no shader has ${line}`);
    return result;
  } finally {
    WebGL2RenderingContext.prototype.shaderSource = shaderSource;
  }
}
