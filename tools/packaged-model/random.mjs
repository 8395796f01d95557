import { RandomSource } from '../../dist/foundation/random/random-source.js';

/** Random numbers of their own for everything that is drawn, so that one more picture changes no other. */
export function randomOf(seed, name) {
  const source = RandomSource.fromSeed(seed, name);
  const uniform = (from = 0, to = 1) => source.between(from, to);
  const whole = (below) => source.integer(below);
  const pick = (list) => list[whole(list.length)];
  const chance = (share) => uniform() < share;
  /** `count` of a list, in a random order. */
  const some = (list, count) => {
    const rest = [...list];
    return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(whole(rest.length), 1)[0]);
  };
  return { uniform, whole, pick, chance, some };
}

/** A colour of any hue: `hsl(210, 60%, 40%)`. */
export function colour(random, saturation = [30, 95], lightness = [25, 65]) {
  const [s, l] = [random.uniform(...saturation), random.uniform(...lightness)];
  return `hsl(${random.whole(360)}, ${Math.round(s)}%, ${Math.round(l)}%)`;
}
