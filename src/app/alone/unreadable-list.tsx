import type { LoadedPictures } from './worker/protocol.ts';

/** Pictures that could not be read, and why, where somebody wants to know. */
export function UnreadableList({ unreadable }: Pick<LoadedPictures, 'unreadable'>) {
  if (unreadable.length === 0) return null;
  return (
    <details class="unreadable">
      <summary>{unreadable.length.toLocaleString('en')} could not be read</summary>
      <ul>
        {unreadable.map(({ id, reason }) => (
          <li key={id}>
            {id} <span class="quiet">{reason}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
