import { z } from 'zod';
import { defineCommand } from '../../command.ts';
import { CommandLineError } from '../../command-line-error.ts';
import { loadImages, warnOfPassedOver } from '../../input/load-images.ts';
import { wholeNumber } from '../../options/option-values.ts';
import { findingsLines, inFlagsAll } from '../../output/training/findings-lines.ts';

/** `lookalike doctor` */
export const doctorCommand = defineCommand({
  name: 'doctor',
  group: 'Judge and improve',
  summary: 'say what is wrong with a training run, what that means, and what to change',
  details:
    'Reads the log of a run, at its end or under way, and what the run noted about its pictures. With --images the pictures ' +
    'are looked at again, and after training also their labels, by the trained model. Nothing in the folder is changed. The ' +
    'findings: collapse, exploding gradient, dead gap, too few active triplets, classes never visited, leakage, ' +
    'contradictory labels, labels to look at, duplicated positives.',
  arguments: [{ name: 'run', description: 'the folder of a training run' }],
  options: [
    { flags: '--images <images>', description: 'what the run was trained on: look at it again' },
    { flags: '--test <images>', description: 'pictures to judge by: is any of them trained on? With --images' },
    { flags: '--threads <n>', description: 'threads of the engine', default: '2' },
  ],
  examples: [
    'lookalike doctor run',
    'lookalike doctor run --images pictures/ --test unseen/',
    'lookalike doctor run --json',
  ],
  input: z.object({
    run: z.string(),
    images: z.string().optional(),
    test: z.string().optional(),
    threads: wholeNumber({ min: 1, max: 256 }),
  }),
  async run({ run, images, test, threads }, terminal) {
    if (test !== undefined && images === undefined) {
      throw new CommandLineError(
        '--test compares pictures with those that were trained on: give these with --images, too',
      );
    }
    const { examineRun } = await import('../../../runs/examine-run.ts');
    const { loadTrainingMaterial } = await import('../../../runs/training-material.ts');
    const material = images === undefined ? undefined : await loadTrainingMaterial(images);
    if (material !== undefined) warnOfPassedOver(terminal, material.dataset);
    const { step, steps, picturesExamined, findings } = await examineRun({
      folder: run,
      ...(material === undefined ? {} : { material }),
      ...(test === undefined ? {} : { test: await loadImages(terminal, test) }),
      threads,
      onProgress: terminal.showProgress,
      signal: terminal.signal,
    });
    terminal.say(`${run}: step ${step} of ${steps}`);
    if (!picturesExamined) terminal.say('nothing is noted about its pictures: give them with --images');
    for (const line of findingsLines(findings)) terminal.say(line);
    if (findings.length === 0) terminal.say('the doctor found nothing wrong');
    return {
      folder: run,
      step,
      steps,
      picturesExamined,
      findings: inFlagsAll(findings).map((finding) => ({ ...finding })),
    };
  },
});
