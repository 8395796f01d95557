import { runReportUrl } from '../service.ts';
import { timeText } from '../time-text.ts';
import { Curve } from './curve.tsx';
import { type Run, type RunCourse, useCourse } from './use-runs.ts';

/** Measures that are drawn, the first that a run has of each line. */
const measures: readonly (readonly { readonly name: string; readonly title: string }[])[] = [
  [
    { name: 'recallAt1', title: 'Recall@1 of held-out pictures' },
    { name: 'similarityPrecision', title: 'Similarity precision of held-out triplets' },
  ],
  [{ name: 'mapAtR', title: 'MAP@R of held-out pictures' }],
];

/** The course of one run: how far it is, its curves, its report. */
export function RunCourseView({ run }: { readonly run: Run }) {
  const course = useCourse(run.name, run.state === 'training');
  return (
    <section class="course" aria-labelledby="course">
      <h2 id="course">{run.name}</h2>
      {course instanceof Error ? (
        <p class="problem" role="alert">
          {course.message}
        </p>
      ) : (
        <Curves course={course} goesOn={run.state === 'training'} />
      )}
      {run.hasReport && (
        <p>
          <a href={runReportUrl(run.name)} target="_blank" rel="noreferrer">
            The report of this run
          </a>
        </p>
      )}
    </section>
  );
}

interface CurvesProps {
  readonly course: RunCourse;
  /** True while it is trained. */
  readonly goesOn: boolean;
}

function Curves({ course: { steps, evaluations }, goesOn }: CurvesProps) {
  const [last] = steps.slice(-1);
  if (last === undefined) return <p class="quiet">Nothing is logged yet.</p>;
  return (
    <>
      <p class="quiet">{whereText(last, goesOn)}</p>
      <div class="curves">
        <Curve title="Loss" points={steps.map(({ step, loss }) => [step, loss])} text={(loss) => loss.toPrecision(3)} />
        {measures.map((candidates) => {
          const found = candidates.find(({ name }) => evaluations.some((one) => one.measures[name] !== undefined));
          return found === undefined ? null : (
            <Curve
              key={found.name}
              title={found.title}
              points={evaluations.map((one) => [one.step, one.measures[found.name]])}
              text={(value) => value.toFixed(3)}
            />
          );
        })}
        <Curve
          title="Active share of the batch"
          points={steps.map(({ step, activeShare }) => [step, activeShare])}
          text={(value) => value.toFixed(2)}
        />
      </div>
    </>
  );
}

function whereText(
  { step, of, epoch, imagesPerSecond, secondsLeft }: RunCourse['steps'][number],
  goesOn: boolean,
): string {
  const where = `Step ${step.toLocaleString('en')}${of === null ? '' : ` of ${of.toLocaleString('en')}`}, epoch ${epoch.toFixed(1)}`;
  const left = goesOn && secondsLeft !== null ? `, ${timeText(secondsLeft)} left` : '';
  return `${where}; ${Math.round(imagesPerSecond).toLocaleString('en')} pictures a second${left}.`;
}
