import { useEffect, useState } from 'preact/hooks';
import type { ServiceAbout } from '../../protocol/answers.ts';
import type { PageSearch } from './page-search.ts';

/** What the store knows of its images. */
export type StoreFields = NonNullable<ServiceAbout['store']>['fields'];

/** What the search is narrowed by, and what changes that. */
export interface FiltersProps {
  readonly fields: StoreFields;
  readonly search: PageSearch;
  readonly onChange: (narrowed: Pick<PageSearch, 'where' | 'chosen'>) => void;
}

/** Narrows the search: a choice for each field with few values, and a condition for all else. */
export function Filters({ fields, search: { where, chosen }, onChange }: FiltersProps) {
  const [typed, setTyped] = useState(where);
  useEffect(() => setTyped(where), [where]);
  if (fields.length === 0) return null;
  const [numeric] = fields.filter(({ kind }) => kind === 'number');
  return (
    <form
      class="filters"
      aria-label="Narrow the search"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ where: typed, chosen });
      }}
    >
      {fields.flatMap(({ name, values }) =>
        values === undefined
          ? []
          : [
              <label key={name}>
                <span>{name}</span>
                <select
                  value={chosen[name] ?? ''}
                  onChange={({ currentTarget }) =>
                    onChange({ where, chosen: { ...chosen, [name]: currentTarget.value } })
                  }
                >
                  <option value="">any</option>
                  {values.map((value) => (
                    <option key={value} value={value}>
                      {value}
                    </option>
                  ))}
                </select>
              </label>,
            ],
      )}
      <label class="where">
        <span>where</span>
        <input
          type="text"
          value={typed}
          placeholder={numeric === undefined ? "class = '…'" : `${numeric.name} < 50`}
          spellcheck={false}
          autocomplete="off"
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          onBlur={() => typed !== where && onChange({ where: typed, chosen })}
        />
      </label>
    </form>
  );
}
