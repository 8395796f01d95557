import { type Example, keyOf, nameOf } from '../example.ts';
import { imageName } from '../image-name.ts';
import { Picture } from '../picture.tsx';
import type { PageSearch } from './page-search.ts';

/** What is searched by, and what takes an example out of it. */
export interface QueryPanelProps {
  readonly search: PageSearch;
  readonly onRemove: (example: Example) => void;
}

/** The picture that is searched by, and the examples beside it. */
export function QueryPanel({ search: { query, like, unlike }, onRemove }: QueryPanelProps) {
  if (query === undefined) return null;
  return (
    <section class="query" aria-label="Searched by">
      <figure>
        <Picture example={query} side={512} />
        <figcaption>
          {query.kind === 'stored' ? (
            <>
              {imageName(query.id).folder} <span class="quiet">{imageName(query.id).name}</span>
            </>
          ) : (
            nameOf(query)
          )}
        </figcaption>
      </figure>
      <Examples title="More like" examples={like} onRemove={onRemove} />
      <Examples title="Less like" examples={unlike} onRemove={onRemove} />
    </section>
  );
}

interface ExamplesProps {
  readonly title: string;
  readonly examples: readonly Example[];
  readonly onRemove: (example: Example) => void;
}

function Examples({ title, examples, onRemove }: ExamplesProps) {
  if (examples.length === 0) return null;
  return (
    <div class="examples">
      <h2>{title}</h2>
      <ul>
        {examples.map((example) => (
          <li key={keyOf(example)}>
            <button type="button" onClick={() => onRemove(example)} title="Leave out again">
              <Picture example={example} side={256} alt="" />
              <span class="unseen">Leave out {nameOf(example)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
