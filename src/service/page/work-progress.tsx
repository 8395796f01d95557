import type { WorkState } from './use-catalogue-work.ts';

/** How far work on the whole catalogue is, or why it was not done. */
export function WorkProgress({ state: { work, refused } }: { readonly state: WorkState }) {
  if (work === null) {
    return refused === null ? null : (
      <p class="problem" role="alert">
        {refused}
      </p>
    );
  }
  const { work: name, unit, done, total } = work;
  const told = total === null || total === 0 ? `${name}…` : `${name}: ${count(done)} of ${count(total)} ${unit}`;
  return (
    <div class="work">
      <progress aria-label={name} {...(total === null || total === 0 ? {} : { value: done, max: total })} />
      <span class="quiet">{told}</span>
    </div>
  );
}

function count(number: number): string {
  return number.toLocaleString('en');
}
