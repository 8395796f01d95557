/** An error as the one line that people see: its message, line breaks made spaces. */
export function errorLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().replace(/\s*\n\s*/g, ' ') || 'something failed without a message';
}

/** Everything known of an error, for `--verbose`: its stack and those of its causes. */
export function errorDetails(error: unknown): string {
  const parts: string[] = [];
  for (let one = error; one !== undefined; one = one instanceof Error ? one.cause : undefined) {
    parts.push(one instanceof Error ? (one.stack ?? one.message) : String(one));
  }
  return parts.join('\ncaused by: ');
}
