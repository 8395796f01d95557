/** Which heat is shown in place of the pictures: by covering rectangles, by the gradient, or none. */
export type HeatShown = 'covering' | 'gradient' | 'none';

const names: Readonly<Record<HeatShown, string>> = { covering: 'Heat-maps', gradient: 'Gradient', none: 'Pictures' };

/** What is shown, and what changes it. */
export interface HeatChoiceProps {
  readonly shown: HeatShown;
  readonly onShow: (shown: HeatShown) => void;
}

/** Chooses between the pictures and their heat-maps, and says what their colours mean. */
export function HeatChoice({ shown, onShow }: HeatChoiceProps) {
  return (
    <fieldset class="choice" aria-label="What is shown">
      {(Object.keys(names) as HeatShown[]).map((name) => (
        <button key={name} type="button" aria-pressed={shown === name} onClick={() => onShow(name)}>
          {names[name]}
        </button>
      ))}
      {shown !== 'none' && (
        <span class="legend">
          <span>
            <span class="key warm" /> makes them alike
          </span>
          <span>
            <span class="key cold" /> makes them less alike
          </span>
        </span>
      )}
    </fieldset>
  );
}
