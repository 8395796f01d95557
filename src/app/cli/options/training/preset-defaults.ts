import { type Preset, presets } from '../../../../training/configuration/presets.ts';

/**
 * What the presets decide where an option is left out, for the end of its description: ` (small, contour: 0.003; article,
 * paper: 0.001)`, or ` (default: 0.1)` where all say the same. Presets that decide nothing are left out.
 */
export function presetDefaults(decided: (preset: Preset) => string | number | undefined): string {
  const names = new Map<string, string[]>();
  // What `auto` takes is chosen by folds of the pictures.
  const recipes = Object.entries<Preset>(presets).filter(([name]) => name !== 'auto');
  for (const [name, preset] of recipes) {
    const value = decided(preset);
    if (value !== undefined) names.set(`${value}`, [...(names.get(`${value}`) ?? []), name]);
  }
  const [[only, ofOnly] = ['', []], ...others] = names;
  if (others.length === 0 && ofOnly.length === recipes.length) return ` (default: ${only})`;
  return ` (${[...names].map(([value, of]) => `${of.join(', ')}: ${value}`).join('; ')})`;
}
