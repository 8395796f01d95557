import { useState } from 'preact/hooks';
import { Curve } from '../../service/page/runs/curve.tsx';
import { timeText } from '../../service/page/time-text.ts';
import { TrainedOutcome } from './trained-outcome.tsx';
import { type Training, usualTraining } from './training/training.ts';
import type { Course, PageTraining } from './use-training.ts';
import type { PageWork } from './use-work.ts';
import { WorkLine } from './work-line.tsx';
import type { LoadedPictures } from './worker/protocol.ts';

/** What there is to learn from, and who trains. */
export interface TrainViewProps {
  readonly pictures: LoadedPictures | undefined;
  readonly work: PageWork;
  readonly training: PageTraining;
}

/** Trains in the page: what is trained, how it goes, what came of it. */
export function TrainView({ pictures, work, training }: TrainViewProps) {
  const [kind, setKind] = useState<Training['kind']>('head');
  const [epochs, setEpochs] = useState<number>(usualTraining.network.epochs);
  const { course, outcome } = training;
  const isStepping = outcome === undefined && hasStepsLeft(course);
  const classes = pictures?.classes.filter(({ images }) => images > 1) ?? [];
  const begin = (event: SubmitEvent) => {
    event.preventDefault();
    void training.train(kind === 'head' ? usualTraining.head : { ...usualTraining.network, epochs });
  };
  return (
    <section class="view" aria-labelledby="train">
      <h1 id="train">Teach it your classes</h1>
      {classes.length < 2 ? (
        <p class="quiet">
          Give a folder with a folder for each class, and two pictures or more in each: what is in one folder is what is
          alike.
        </p>
      ) : (
        <form class="training" onSubmit={begin}>
          <p class="quiet">{materialText(classes)}</p>
          <Kinds kind={kind} onChange={setKind} />
          {kind === 'network' && (
            <label class="epochs">
              <span>Times that it sees every picture</span>
              <input
                type="number"
                min="1"
                max="1000"
                required
                value={epochs}
                onInput={({ currentTarget }) => setEpochs(currentTarget.valueAsNumber)}
              />
            </label>
          )}
          <p class="buttons">
            <button type="submit" class="primary" disabled={work.going !== undefined}>
              Train
            </button>
          </p>
        </form>
      )}
      {work.going !== undefined && !isStepping && <WorkLine going={work.going} />}
      {work.problem !== undefined && (
        <p class="problem" role="alert">
          {work.problem.message}
        </p>
      )}
      {course !== undefined && <CourseView course={course} stop={isStepping ? work.going?.stop : undefined} />}
      {outcome !== undefined && (
        <TrainedOutcome outcome={outcome} training={training} isBusy={work.going !== undefined} />
      )}
    </section>
  );
}

/** True while steps are what is waited for, and not what comes before and behind them. */
function hasStepsLeft(course: Course | undefined): boolean {
  const [last] = course?.losses.slice(-1) ?? [];
  return course !== undefined && last !== undefined && last[0] < course.of;
}

function Kinds({
  kind,
  onChange,
}: {
  readonly kind: Training['kind'];
  readonly onChange: (kind: Training['kind']) => void;
}) {
  return (
    <fieldset class="kinds">
      <legend>What learns</legend>
      <label>
        <input type="radio" name="kind" checked={kind === 'head'} onChange={() => onChange('head')} />
        <span>A head on this model</span>
        <span class="quiet">Seconds. Its numbers are weighed anew, so that your classes lie together.</span>
      </label>
      <label>
        <input type="radio" name="kind" checked={kind === 'network'} onChange={() => onChange('network')} />
        <span>A network of its own</span>
        <span class="quiet">Minutes. A million weights at 64 x 64 pixels, from your pictures alone.</span>
      </label>
    </fieldset>
  );
}

function CourseView({ course, stop }: { readonly course: Course; readonly stop: (() => void) | undefined }) {
  const [last] = course.losses.slice(-1);
  if (last === undefined) return null;
  return (
    <section class="course" aria-label="How it goes">
      {stop !== undefined && (
        <div class="work">
          <progress aria-label="training" value={last[0]} max={course.of} />
          <span class="quiet">{whereText(course, last[0])}</span>
          <button type="button" onClick={stop}>
            Stop
          </button>
        </div>
      )}
      <div class="curves">
        <Curve title="Loss" points={course.losses} text={(loss) => loss.toPrecision(3)} />
        <Curve
          title="Recall@1 of pictures kept aside"
          points={course.recalls}
          text={(value) => `${(100 * value).toFixed(1)}%`}
        />
      </div>
    </section>
  );
}

function whereText({ of, begun, losses }: Course, step: number): string {
  const told = `step ${step.toLocaleString('en')} of ${of.toLocaleString('en')}`;
  const seconds = (performance.now() - begun) / 1000;
  if (losses.length < 2 || seconds <= 0) return told;
  const rate = (losses.length - 1) / seconds;
  return `${told}, ${rate.toFixed(1)} steps a second, ${timeText((of - step) / rate)} left`;
}

function materialText(classes: LoadedPictures['classes']): string {
  const images = classes.reduce((sum, one) => sum + one.images, 0);
  return `${images.toLocaleString('en')} pictures in ${classes.length.toLocaleString('en')} class folders. A fifth is kept aside, to say how well what was not learnt is found.`;
}
