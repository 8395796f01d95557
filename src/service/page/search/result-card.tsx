import { alikeSentence, alikeText, type Found } from '../alike-text.ts';
import type { Example } from '../example.ts';
import { imageName } from '../image-name.ts';
import { Picture } from '../picture.tsx';

/** What can be done with an image that was found. */
export interface ResultActions {
  readonly onSearch: (example: Example) => void;
  readonly onLike: (example: Example) => void;
  readonly onUnlike: (example: Example) => void;
  readonly onCompare: (found: Found) => void;
}

/** An image that was found, and whether the keyboard is led to it. */
export interface ResultCardProps extends ResultActions {
  readonly found: Found;
  readonly isCurrent: boolean;
  readonly onFocus: () => void;
}

/** One found image: its picture, how alike it is, what it is called; what can be done with it. */
export function ResultCard({ found, isCurrent, onFocus, onSearch, onLike, onUnlike, onCompare }: ResultCardProps) {
  const example: Example = { kind: 'stored', id: found.id };
  const { name, folder } = imageName(found.id);
  const kind = typeof found.metadata['class'] === 'string' ? found.metadata['class'] : folder;
  return (
    <li class="card" data-verdict={found.alike?.verdict}>
      <button
        type="button"
        class="open"
        tabIndex={isCurrent ? 0 : -1}
        onFocus={onFocus}
        onClick={() => onSearch(example)}
        aria-label={`Search from ${kind === '' ? name : `${kind}, ${name}`}; ${alikeSentence(found)}`}
        aria-keyshortcuts="l u c"
      >
        <Picture example={example} side={256} alt="" lazy />
      </button>
      <div class="caption">
        <span class="alike" title={alikeSentence(found)}>
          {alikeText(found)}
        </span>
        {kind !== '' && <span class="class">{kind}</span>}
        <span class={kind === '' ? 'class' : 'name'} title={found.id}>
          {name}
        </span>
      </div>
      <div class="actions">
        <Action label={`More like ${name}`} sign="+" onClick={() => onLike(example)} />
        <Action label={`Less like ${name}`} sign="−" onClick={() => onUnlike(example)} />
        <Action label={`Compare with ${name}`} sign="⇄" onClick={() => onCompare(found)} />
      </div>
    </li>
  );
}

interface ActionProps {
  readonly label: string;
  readonly sign: string;
  readonly onClick: () => void;
}

function Action({ label, sign, onClick }: ActionProps) {
  return (
    <button type="button" tabIndex={-1} title={label} aria-label={label} onClick={onClick}>
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}
