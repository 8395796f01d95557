import type { Page } from 'playwright-core';

/** A piece of text on a page, its size in pixels of the screen's layout, and its contrast with what is behind it. */
export interface TextContrast {
  readonly text: string;
  readonly pixels: number;
  /** Ratio of relative luminances, 1 to 21, as WCAG 2 defines it. */
  readonly contrast: number;
}

/** Every visible piece of text of a page: colours and sizes as the browser computed them; grounds are plain colours. */
export async function textContrasts(page: Page): Promise<TextContrast[]> {
  const found = await page.evaluate<{ text: string; pixels: number; colour: string; ground: string }[]>(`(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent.trim();
      const element = walker.currentNode.parentElement;
      if (text === '' || element.getClientRects().length === 0) continue;
      const style = getComputedStyle(element);
      const drawing = element.closest('svg');
      const scale = drawing === null ? 1 : drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
      let behind = element;
      while (behind !== null && /, 0\\)$|^transparent$/.test(getComputedStyle(behind).backgroundColor)) {
        behind = behind.parentElement;
      }
      const ground = getComputedStyle(behind ?? document.body).backgroundColor;
      const colour = drawing === null ? style.color : style.fill;
      found.push({ text, pixels: scale * parseFloat(style.fontSize), colour, ground });
    }
    return found;
  })()`);
  return found.map(({ text, pixels, colour, ground }) => {
    const [dark, light] = [luminance(colour), luminance(ground)].sort((a, b) => a - b);
    return { text, pixels, contrast: (light + 0.05) / (dark + 0.05) };
  });
}

/** Relative luminance of `rgb(31, 35, 40)`. */
function luminance(colour: string): number {
  const [, ...channels] = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour) ?? [];
  if (channels.length !== 3) throw new Error(`a colour must be opaque and written rgb(r, g, b), got ${colour}`);
  const [red, green, blue] = channels.map((channel) => {
    const share = Number(channel) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
