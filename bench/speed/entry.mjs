/**
 * What one entry of the harness is. An entry is a piece of work that is done by lookalike and, where there is one, by a peer.
 *
 * @typedef {object} Context
 * @property {string} work Folder for files that all entries share: photographs, models, vectors.
 * @property {number} threads Threads that each side may use.
 * @property {number | undefined} size A smaller size of the work, to try it out.
 *
 * @typedef {object} Side One way to do the work; each measurement of it is a process of its own.
 * @property {string} name Unique in its entry; `ours` or `ours …` is lookalike.
 * @property {'node' | 'python'} program
 * @property {readonly string[]} args The script, relative to the root of the repository, and its arguments.
 * @property {readonly string[]} [needs] Python modules that the peer needs.
 * @property {readonly string[]} [trial] The arguments of a smaller piece of the work: the best of several settings of a peer
 *   is chosen by it before the rounds.
 * @property {boolean} [wall] The process's whole life is what counts, not the seconds that it prints.
 * @property {number} [images] What a growth figure plots the side over.
 *
 * @typedef {object} Plan
 * @property {readonly Side[]} sides
 * @property {Readonly<Record<string, number>>} [close] Takes the place of the entry's own.
 *
 * @typedef {object} Figure
 * @property {string} work
 * @property {'ratio' | 'share' | 'growth'} kind `ratio`: the peer's quantity over ours (with `atMost`: ours over the peer's).
 *   `share`: the quantity itself. `growth`: cost an image at the largest size over that at the smallest.
 * @property {'seconds' | 'peakBytes' | 'share'} quantity
 * @property {string} [peer] Who the peer is.
 * @property {readonly string[]} [against] The peer's sides; the best of them counts.
 * @property {readonly string[]} [ours] Sides of a growth figure. Default: `ours`.
 * @property {number} [atLeast]
 * @property {number} [atMost]
 *
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} about
 * @property {string} [takes] About how long five rounds take on two cores, where it is so long that the entry only runs when
 *   it is asked for by name.
 * @property {{ unit: string, usual: number }} [size] What `--size` counts here.
 * @property {readonly string[]} same Facts that both sides print and that must be equal: the proof of the same work.
 * @property {Readonly<Record<string, number>>} [close] Facts that may differ by so much.
 * @property {readonly string[]} [noWorse] Facts that must be at least as large on our side as on the peer's.
 * @property {(context: Context) => Promise<Plan>} plan Makes the files that the work needs and says how each side is run.
 * @property {readonly Figure[]} figures
 */

/**
 * A side that lookalike does.
 *
 * @param {string} script below bench/speed/ours, or a path from the root of the repository
 * @param {readonly (string | number)[]} args
 * @param {Partial<Side>} [more]
 * @returns {Side}
 */
export function ours(script, args, more = {}) {
  const file = script.includes('/') ? script : `bench/speed/ours/${script}`;
  return { name: 'ours', program: 'node', args: [file, ...args.map(String)], ...more };
}

/**
 * A side that a Python script of bench/peers does.
 *
 * @param {string} name
 * @param {readonly string[]} needs
 * @param {string} script
 * @param {readonly (string | number)[]} args
 * @param {Partial<Side>} [more]
 * @returns {Side}
 */
export function peer(name, needs, script, args, more = {}) {
  const whole = (list) => [`bench/peers/${script}`, ...list.map(String)];
  const { trial, ...rest } = more;
  return { name, program: 'python', needs, args: whole(args), ...(trial && { trial: whole(trial) }), ...rest };
}
