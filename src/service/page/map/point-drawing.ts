import {
  type BufferInfo,
  createBufferInfoFromArrays,
  createProgramInfo,
  drawBufferInfo,
  type ProgramInfo,
  resizeCanvasToDisplaySize,
  setAttribInfoBufferFromArray,
  setBuffersAndAttributes,
  setUniforms,
} from 'twgl.js';
import { EngineError } from '../../../foundation/errors/engine-error.ts';
import type { MapView } from './map-view-port.ts';

/** Points in the plane, as the canvas draws them. */
export interface DrawnPoints {
  /** [n, 2], x to the right and y upwards. */
  readonly places: Float32Array;
  /** [n, 4], red, green, blue and opacity. */
  readonly colours: Uint8Array;
  /** Pixels of a point's radius. */
  readonly radius: number;
}

const vertexShader = `#version 300 es
in vec2 place;
in vec4 colour;
uniform vec2 middle;
uniform vec2 scale;
uniform float size;
out vec4 tint;
void main() {
  gl_Position = vec4((place - middle) * scale, 0, 1);
  gl_PointSize = size;
  tint = colour;
}`;

const fragmentShader = `#version 300 es
precision mediump float;
in vec4 tint;
out vec4 drawn;
void main() {
  float off = length(gl_PointCoord - 0.5);
  if (off > 0.5) discard;
  drawn = vec4(tint.rgb * tint.a, tint.a);
}`;

/** Points as round dots on a canvas: one vertex each, all of them by one call. */
export class PointDrawing {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: ProgramInfo;
  #points: { readonly info: BufferInfo; readonly places: Float32Array; readonly radius: number } | undefined;

  /** @throws if the browser has no WebGL 2. */
  constructor(canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', { antialias: false });
    if (gl === null) throw new EngineError('this browser has no WebGL 2');
    this.#gl = gl;
    this.#program = createProgramInfo(gl, [vertexShader, fragmentShader], (message) => {
      throw new EngineError(message);
    });
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Takes the points that are drawn from now on. Places that are the same array stay where they are. */
  take({ places, colours, radius }: DrawnPoints): void {
    const gl = this.#gl;
    const known = this.#points;
    if (known?.places === places && known.info.attribs?.['colour'] !== undefined) {
      setAttribInfoBufferFromArray(gl, known.info.attribs['colour'], colours);
      return;
    }
    const info = createBufferInfoFromArrays(gl, {
      place: { numComponents: 2, data: places },
      colour: { numComponents: 4, data: colours, normalize: true },
    });
    this.#points = { info, places, radius };
  }

  /** Draws them, on as many pixels as the screen has for the canvas. */
  draw(view: MapView): void {
    const gl = this.#gl;
    const canvas = gl.canvas as HTMLCanvasElement;
    resizeCanvasToDisplaySize(canvas, devicePixelRatio);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (this.#points === undefined) return;
    const { info, radius } = this.#points;
    const unit = 2 ** view.zoom * 2;
    gl.useProgram(this.#program.program);
    setBuffersAndAttributes(gl, this.#program, info);
    setUniforms(this.#program, {
      middle: [view.x, view.y],
      scale: [unit / canvas.clientWidth, unit / canvas.clientHeight],
      size: 2 * radius * devicePixelRatio,
    });
    drawBufferInfo(gl, info, gl.POINTS);
  }

  /** Gives the browser its memory back. */
  release(): void {
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}
