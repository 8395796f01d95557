import { BlockedEngine } from '../../engines/onnxruntime/blocked-engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import type { PresetName } from '../../training/configuration/presets.ts';
import { stepSpeed } from './step-speed.ts';

// The process that `measureInFreshProcess` starts: one measurement, its memory its own.
const [preset, threads, repeats] = process.argv.slice(2);
const engine = await BlockedEngine.over(await OnnxruntimeEngine.create({ threads: Number(threads) }));
const speed = await stepSpeed(engine, preset as PresetName, Number(threads), Number(repeats));
await engine.close();
process.stdout.write(JSON.stringify(speed));
