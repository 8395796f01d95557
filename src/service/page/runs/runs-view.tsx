import { useState } from 'preact/hooks';
import { RunCourseView } from './run-course.tsx';
import { type Run, useRuns } from './use-runs.ts';

const states = { training: 'is training', finished: 'finished', stopped: 'stopped before its end' } as const;

/** Training runs, and the course of the one that is chosen. */
export function RunsView() {
  const runs = useRuns();
  const [chosen, setChosen] = useState<string>();
  const listed = runs instanceof Error ? [] : (runs ?? []);
  const shown = listed.find(({ name }) => name === chosen) ?? listed[0];
  return (
    <section class="view" aria-labelledby="runs">
      <h1 id="runs">Training runs</h1>
      {runs instanceof Error && (
        <p class="problem" role="alert">
          {runs.message}
        </p>
      )}
      {runs !== undefined && !(runs instanceof Error) && listed.length === 0 && (
        <p class="quiet">There are none in the folder yet.</p>
      )}
      <div class="runs">
        {listed.length > 0 && (
          <nav aria-label="Runs">
            <ul>
              {listed.map((run) => (
                <li key={run.name}>
                  <button
                    type="button"
                    class="run"
                    aria-current={run === shown}
                    onClick={() => setChosen(run.name)}
                    data-state={run.state}
                  >
                    <span class="class">{run.name}</span>
                    <span class="quiet begun">{stateText(run)}</span>
                  </button>
                </li>
              ))}
            </ul>
          </nav>
        )}
        {shown !== undefined && <RunCourseView key={shown.name} run={shown} />}
      </div>
    </section>
  );
}

function stateText({ state, begun }: Run): string {
  const day = new Date(begun).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
  return `${states[state]}; begun ${day}`;
}
