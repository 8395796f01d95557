import { type OptionRules, optional, valueLike } from '../../foundation/arguments/argument-rule.ts';
import { checkOptions } from '../../foundation/arguments/check-options.ts';
import { checkOneDnnSettings, type Precision } from '../onednn/onednn-settings.ts';
import { checkOnnxruntimeSettings, type OnnxruntimeSettings } from '../onnxruntime/onnxruntime-settings.ts';

/** How the engine of a thread is set up. */
export interface WorkerEngineSettings extends OnnxruntimeSettings {
  /** Has oneDNN compute what it has well, in this precision. Default: onnxruntime computes everything. */
  readonly onednn?: { readonly precision: Precision };
}

const rules: OptionRules<Pick<WorkerEngineSettings, 'onednn'>> = {
  onednn: optional(
    valueLike("an object such as { precision: 'float32' }", (value) => typeof value === 'object' && value !== null),
  ),
};

/** Checks settings. @throws UsageError at one that there is not, or that makes no sense. */
export function checkWorkerEngineSettings({ onednn, ...others }: WorkerEngineSettings): void {
  checkOnnxruntimeSettings(others);
  if (onednn === undefined) return;
  checkOptions({ onednn }, rules);
  checkOneDnnSettings(onednn);
}
