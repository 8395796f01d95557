import { useEffect, useState } from 'preact/hooks';
import type { Example } from '../example.ts';
import { imageName } from '../image-name.ts';
import { Picture } from '../picture.tsx';
import { saveFile } from '../save-file.ts';

/** What is selected, and what can be done with it. */
export interface MapSelectionProps {
  readonly ids: readonly string[];
  readonly onSearch: (example: Example) => void;
  readonly onClear: () => void;
}

/** Images that are listed at a time. */
const pageLength = 60;

/** The selected images as a list, to be searched from or saved. */
export function MapSelection({ ids, onSearch, onClear }: MapSelectionProps) {
  const [listed, setListed] = useState(pageLength);
  useEffect(() => setListed(pageLength), [ids]);
  const pictures = `${ids.length.toLocaleString('en')} ${ids.length === 1 ? 'picture' : 'pictures'}`;
  return (
    <section class="selection" aria-label="Selection">
      <p role="status">{ids.length === 0 ? 'Nothing is selected.' : `${pictures} selected`}</p>
      {ids.length > 0 && (
        <>
          <p class="buttons">
            <button
              type="button"
              class="primary"
              onClick={() => onSearch(ids.length === 1 ? { kind: 'stored', id: ids[0] } : { kind: 'several', ids })}
            >
              Search from {ids.length === 1 ? 'it' : 'these'}
            </button>
            <button type="button" onClick={() => saveFile('selection.csv', 'text/csv', csvOf(ids))}>
              Save as CSV
            </button>
            <button type="button" onClick={() => saveFile('selection.json', 'application/json', JSON.stringify(ids))}>
              Save as JSON
            </button>
            <button type="button" onClick={onClear}>
              Clear
            </button>
          </p>
          <ul class="results">
            {ids.slice(0, listed).map((id) => {
              const { name, folder } = imageName(id);
              const example: Example = { kind: 'stored', id };
              return (
                <li class="card" key={id}>
                  <button
                    type="button"
                    class="open"
                    onClick={() => onSearch(example)}
                    aria-label={`Search from ${folder === '' ? name : `${folder}, ${name}`}`}
                  >
                    <Picture example={example} side={256} alt="" lazy />
                  </button>
                  <div class="caption">
                    {folder !== '' && <span class="class">{folder}</span>}
                    <span class="name" title={id}>
                      {name}
                    </span>
                  </div>
                </li>
              );
            })}
          </ul>
          {listed < ids.length && (
            <p class="more">
              <button type="button" onClick={() => setListed(listed + pageLength)}>
                Show more
              </button>
            </p>
          )}
        </>
      )}
    </section>
  );
}

function csvOf(ids: readonly string[]): string {
  const quoted = (id: string) => (/[",\r\n]/.test(id) ? `"${id.replaceAll('"', '""')}"` : id);
  return ['id', ...ids.map(quoted), ''].join('\r\n');
}
