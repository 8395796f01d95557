import { OneDnnEngine } from '../../engines/onednn/onednn-engine.ts';
import type { Precision } from '../../engines/onednn/onednn-settings.ts';
import { BlockedEngine } from '../../engines/onnxruntime/blocked-engine.ts';
import { OnnxruntimeEngine } from '../../engines/onnxruntime/onnxruntime-engine.ts';
import type { PresetName } from '../../training/configuration/presets.ts';
import { stepSpeed } from './step-speed.ts';

// The process that `measureInFreshProcess` starts: one measurement, its memory its own. By onnxruntime, or by oneDNN in a precision.
const [preset, threads, repeats, precision] = process.argv.slice(2);
const settings = { threads: Number(threads) };
const engine =
  precision === undefined
    ? await BlockedEngine.over(await OnnxruntimeEngine.create(settings))
    : await OneDnnEngine.create({ ...settings, precision: precision as Precision });
const speed = await stepSpeed(engine, preset as PresetName, Number(threads), Number(repeats));
await engine.close();
process.stdout.write(JSON.stringify(speed));
