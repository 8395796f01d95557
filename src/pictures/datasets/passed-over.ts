/** Something in a folder of images that was not looked into. */
export interface PassedOver {
  /**
   * Its path relative to the dataset's root, with `/` between folders, and behind a folder; unique. Of a name that is not
   * UTF-8 the bytes that are no text are written as `\xe9`.
   */
  readonly id: string;
  /** Why, and what to do. */
  readonly reason: string;
  /** `unread`: images may be missing for it. `system`: a folder of a system's own, whose images nobody means. */
  readonly kind: 'unread' | 'system';
}

/**
 * Tells whether an id is that of something that could not be read, or is below it: whether there is an image of that id
 * nobody knows.
 */
export function outOfSight(passedOver: readonly PassedOver[]): (id: string) => boolean {
  const unread = new Set(
    passedOver.flatMap(({ id, kind }) => (kind === 'unread' ? [id.endsWith('/') ? id.slice(0, -1) : id] : [])),
  );
  if (unread.size === 0) return () => false;
  return (id) => {
    for (let end = id.length; end > 0; end = id.lastIndexOf('/', end - 1))
      if (unread.has(id.slice(0, end))) return true;
    return false;
  };
}

/** For an error where no images were found: ` (passed over: pics/: …)`, the first alone, or nothing. */
export function passedOverNote(passedOver: readonly PassedOver[]): string {
  if (passedOver.length === 0) return '';
  const [{ id, reason }] = passedOver;
  const more = passedOver.length === 1 ? '' : `, and ${passedOver.length - 1} more`;
  return ` (passed over: '${id}': ${reason}${more})`;
}
