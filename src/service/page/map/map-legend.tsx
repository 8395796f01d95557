import { classColour, coloursTell } from './point-colours.ts';

/** The classes of a map, and who hears of one that is chosen. */
export interface MapLegendProps {
  readonly classes: readonly string[];
  readonly onSelect: (name: string) => void;
}

/** Classes that a choice lists. */
const mostListed = 1000;

/** What the colours mean, where each class has its own, and a choice of the classes. */
export function MapLegend({ classes, onSelect }: MapLegendProps) {
  if (classes.length < 2) return null;
  if (!coloursTell(classes.length)) {
    return (
      <label class="map-legend">
        <span class="quiet">select</span>
        <select value="" onChange={({ currentTarget }) => onSelect(currentTarget.value)}>
          <option value="" disabled>
            a class
          </option>
          {classes.slice(0, mostListed).map((name) => (
            <option key={name} value={name}>
              {name === '' ? 'no folder' : name}
            </option>
          ))}
        </select>
      </label>
    );
  }
  return (
    <span class="map-legend">
      {classes.map((name, place) => (
        <button key={name} type="button" class="plain" onClick={() => onSelect(name)}>
          <span class="key" style={{ background: `rgb(${classColour(place).join(' ')})` }} />
          <span class="unseen">Select </span>
          {name === '' ? 'no folder' : name}
        </button>
      ))}
    </span>
  );
}
