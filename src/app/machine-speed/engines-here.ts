import type { Engine } from '../../engines/engine.ts';
import { type OpenLibraryOptions, openLibrary } from '../../engines/onednn/library/open-library.ts';
import { OneDnnEngine } from '../../engines/onednn/onednn-engine.ts';
import type { Precision } from '../../engines/onednn/onednn-settings.ts';
import { BlockedEngine } from '../../engines/onnxruntime/blocked-engine.ts';
import { onnxruntimeBackends, onnxruntimeVersion } from '../../engines/onnxruntime/onnxruntime-backends.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import { EngineError } from '../../foundation/errors/engine-error.ts';
import { convolutionSpeed } from './convolution-speed.ts';

/** One way to compute. */
export interface EngineHere {
  readonly engine: 'onnxruntime' | 'onednn';
  readonly device: 'cpu' | 'webgpu' | 'cuda';
  /** `1.30.0`; missing where it is not here. */
  readonly version?: string;
  readonly here: boolean;
  /** Of oneDNN: which file and processor it is, or why it is not here and how it is had. */
  readonly note?: string;
  /** FLOP a second of a convolution, by precision, as far as it was measured. */
  readonly flopPerSecond: Readonly<Partial<Record<Precision, number>>>;
}

/** Seconds that each precision of each engine is measured for. */
const secondsEach = 0.5;

/** The engines that this machine has, and the speed of each precision on its processor; takes about 3 s. @param where oneDNN's library is looked for. */
export async function enginesHere(threads: number, where: OpenLibraryOptions = {}): Promise<EngineHere[]> {
  const onnxruntime = await BlockedEngine.over(await OnnxruntimeEngine.create({ threads }));
  const float32 = await measured(onnxruntime);
  const backends = new Map(onnxruntimeBackends().map(({ name, installed }) => [name, installed]));
  const version = onnxruntimeVersion();
  return [
    { engine: 'onnxruntime', device: 'cpu', version, here: true, flopPerSecond: { float32 } },
    await oneDnnHere(threads, where),
    provider('webgpu', backends.get('webgpu') === true, version),
    provider('cuda', backends.get('cuda') === true, version),
  ];
}

function provider(device: 'webgpu' | 'cuda', here: boolean, version: string): EngineHere {
  return { engine: 'onnxruntime', device, here, flopPerSecond: {}, ...(here ? { version } : {}) };
}

async function oneDnnHere(threads: number, where: OpenLibraryOptions): Promise<EngineHere> {
  try {
    const { version, file, threads: threading, instructions } = await openLibrary(where);
    const precisions: readonly Precision[] = instructions.bfloat16 ? ['float32', 'bfloat16'] : ['float32'];
    const flopPerSecond: Partial<Record<Precision, number>> = {};
    for (const precision of precisions) {
      flopPerSecond[precision] = await measured(await OneDnnEngine.create({ threads, precision }, where));
    }
    const lacking = instructions.bfloat16 ? '' : '; this processor does not compute in bfloat16';
    const note = `${file}, threads of ${threading}, ${instructions.name}${lacking}`;
    return { engine: 'onednn', device: 'cpu', version, here: true, note, flopPerSecond };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { engine: 'onednn', device: 'cpu', here: false, note: error.message, flopPerSecond: {} };
  }
}

/** The speed of an engine, which is closed. */
async function measured(engine: Engine): Promise<number> {
  try {
    return await convolutionSpeed(engine, secondsEach);
  } finally {
    await engine.close();
  }
}
