/**
 * The pixels of a bitmap with transparency as they are in the file, red, green, blue and alpha of 8 bits each; a canvas gives them
 * multiplied by alpha and divided again, each time rounded. Undefined where the browser has no WebGL 2, or the bitmap is larger
 * than its textures.
 *
 * @param bitmap decoded with `premultiplyAlpha: 'none'`.
 */
export function straightPixels(bitmap: ImageBitmap): Uint8Array | undefined {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (gl === null) return undefined;
  try {
    const { width, height } = bitmap;
    if (Math.max(width, height) > gl.getParameter(gl.MAX_TEXTURE_SIZE)) return undefined;
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
    const texture: WebGLTexture | null = gl.getParameter(gl.TEXTURE_BINDING_2D);
    gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
    const pixels = new Uint8Array(4 * width * height);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return gl.getError() === gl.NO_ERROR ? pixels : undefined;
  } finally {
    // A page has few contexts at a time: the next picture gets this one's place.
    gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}
