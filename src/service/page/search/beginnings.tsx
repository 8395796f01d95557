import type { Example } from '../example.ts';
import { Picture } from '../picture.tsx';

/** Images to begin with, and what is done with the one that is chosen. */
export interface BeginningsProps {
  readonly ids: readonly string[];
  readonly onSearch: (example: Example) => void;
}

/** Some pictures of the store, for who has none at hand. */
export function Beginnings({ ids, onSearch }: BeginningsProps) {
  if (ids.length === 0) return null;
  return (
    <section class="beginnings" aria-label="Pictures of the store">
      <h2>Or begin with one of these</h2>
      <ul class="results">
        {ids.map((id) => (
          <li class="card" key={id}>
            <button
              type="button"
              class="open"
              onClick={() => onSearch({ kind: 'stored', id })}
              aria-label={`Search from ${id}`}
            >
              <Picture example={{ kind: 'stored', id }} side={256} alt="" lazy />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
