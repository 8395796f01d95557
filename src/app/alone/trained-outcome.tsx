import type { PageTraining } from './use-training.ts';
import type { MeasuredShare, TrainedFigures, TrainedModel } from './worker/protocol.ts';

/** What came of a training, and what can be done with it. */
export interface TrainedOutcomeProps {
  readonly outcome: TrainedModel;
  readonly training: PageTraining;
  readonly isBusy: boolean;
}

/** Figures before and after, what was chosen, and the new model. */
export function TrainedOutcome({ outcome, training, isBusy }: TrainedOutcomeProps) {
  const { before, after, remarks, bytes } = outcome;
  return (
    <section class="outcome" aria-labelledby="outcome" role="status">
      <h2 id="outcome">What came of it</h2>
      {after !== undefined && <Figures before={before} after={after} />}
      {remarks.map((remark) => (
        <p key={remark}>{remark}</p>
      ))}
      <p class="buttons">
        <button type="button" class="primary" disabled={isBusy} onClick={() => void training.download()}>
          Download model.onnx
        </button>
        <button type="button" disabled={isBusy} onClick={() => void training.use()}>
          Search with it
        </button>
        <span class="quiet">{(bytes / 1e6).toFixed(1)} MB</span>
      </p>
    </section>
  );
}

function Figures({ before, after }: { readonly before: TrainedFigures | undefined; readonly after: TrainedFigures }) {
  return (
    <table>
      <caption class="quiet">
        Of {after.images.toLocaleString('en')} pictures of {after.classes.toLocaleString('en')} classes that were kept
        aside, searched among all
      </caption>
      <thead>
        <tr>
          <td />
          <th scope="col">Recall@1</th>
          <th scope="col">MAP@R</th>
        </tr>
      </thead>
      <tbody>
        {before !== undefined && <Row name="The model that is loaded" figures={before} />}
        <Row name="The new one" figures={after} />
      </tbody>
    </table>
  );
}

function Row({ name, figures }: { readonly name: string; readonly figures: TrainedFigures }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{shareText(figures.recallAt1)}</td>
      <td>{shareText(figures.mapAtR)}</td>
    </tr>
  );
}

function shareText({ value, low, high }: MeasuredShare): string {
  return `${percent(value)}% (${percent(low)} to ${percent(high)})`;
}

const percent = (share: number) => (100 * share).toFixed(1);
