import type { Page } from 'playwright-core';

/** What a page writes to its console, and the errors that nothing in it catches, from now on. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}

/** The same, and what it asks for elsewhere than at `url`. */
export function complaintsAt(page: Page, url: string): string[] {
  const complaints = complaintsOf(page);
  page.on('request', (request) => {
    if (!/^(blob:|data:)/.test(request.url()) && new URL(request.url()).origin !== new URL(url).origin) {
      complaints.push(`asks for ${request.url()}`);
    }
  });
  return complaints;
}
