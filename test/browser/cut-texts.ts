import type { Page } from 'playwright-core';

/** The visible texts of a page that stick out of a box around them that hides or scrolls what does not fit. */
export async function cutTexts(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const cut = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent.trim();
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      const place = range.getBoundingClientRect();
      if (text === '' || place.width === 0) continue;
      for (let box = walker.currentNode.parentElement; box !== document.body; box = box.parentElement) {
        if (box instanceof SVGElement || getComputedStyle(box).overflow === 'visible') continue;
        const { left, right, top, bottom } = box.getBoundingClientRect();
        const inside = place.left >= left - 1 && place.right <= right + 1 && place.top >= top - 1 && place.bottom <= bottom + 1;
        if (!inside) cut.push(text);
      }
    }
    return cut;
  })()`);
}
