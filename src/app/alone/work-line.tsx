import { timeText } from '../../service/page/time-text.ts';
import type { GoingWork } from './use-work.ts';

/** Milliseconds after which a rate says something. */
const enough = 1500;

/** How far work is, how fast it goes, when it will be done, and what stops it. */
export function WorkLine({ going: { progress, begun, stop } }: { readonly going: GoingWork }) {
  return (
    <div class="work">
      {progress === undefined ? (
        <span class="quiet">Loading…</span>
      ) : (
        <>
          <progress aria-label={progress.work} value={progress.done} max={progress.total} />
          <span class="quiet">{textOf(progress, performance.now() - begun)}</span>
        </>
      )}
      <button type="button" onClick={stop}>
        Stop
      </button>
    </div>
  );
}

function textOf({ work, unit, done, total }: NonNullable<GoingWork['progress']>, milliseconds: number): string {
  const told = `${work}: ${count(done)} of ${count(total)} ${unit}`;
  if (done === 0 || milliseconds < enough) return told;
  const rate = (1000 * done) / milliseconds;
  return `${told}, ${rate < 10 ? rate.toFixed(1) : count(Math.round(rate))} a second, ${timeText((total - done) / rate)} left`;
}

function count(number: number): string {
  return number.toLocaleString('en');
}
