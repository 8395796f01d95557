import { describe, expect, it } from 'vitest';
import { ProgressBar } from './progress-bar.ts';

function barOn({ isTTY, columns = 80 }: { isTTY: boolean; columns?: number }) {
  const written: string[] = [];
  let time = 5000;
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  const bar = new ProgressBar({ label: 'indexing', unit: 'images', stream, now: () => time });
  const at = (milliseconds: number, done: number, note?: string) => {
    time = 5000 + milliseconds;
    bar.update(done, 200, note);
  };
  return { bar, at, written };
}

const redraw = '\r\u001b[K';

describe('a progress bar', () => {
  it('says nothing in the first second', () => {
    const { bar, at, written } = barOn({ isTTY: true });
    at(0, 1);
    at(999, 100);
    bar.clear();
    expect(written).toEqual([]);
  });

  it('is redrawn in place on a terminal, at most ten times a second, and cleared', () => {
    const { bar, at, written } = barOn({ isTTY: true });
    at(1000, 50);
    at(1050, 60);
    at(1100, 100, 'loss 0.5');
    bar.clear();
    bar.clear();
    expect(written).toEqual([
      `${redraw}indexing [#####---------------] 50 of 200 images, 50/s, 3.0 s left`,
      `${redraw}indexing [##########----------] 100 of 200 images, 91/s, 1.1 s left, loss 0.5`,
      redraw,
    ]);
  });

  it('leaves out on a narrow terminal what matters least, as a whole, and only when it has to', () => {
    const lines = [
      'indexing [#####---------------] 50 of 200 images, 25/s, 6.0 s left, loss 0.25, active 3%',
      'indexing [##--------] 50 of 200 images, 25/s, 6.0 s left, loss 0.25, active 3%',
      'indexing [#####---------------] 50 of 200 images, 25/s, 6.0 s left, loss 0.25',
      'indexing [##--------] 50 of 200 images, 25/s, 6.0 s left, loss 0.25',
      'indexing [#####---------------] 50 of 200 images, 25/s, 6.0 s left',
      'indexing [##--------] 50 of 200 images, 25/s, 6.0 s left',
      'indexing [##--------] 50 of 200 images, 6.0 s left',
      'indexing [#####---------------] 50 of 200 images',
      'indexing [##--------] 50 of 200 images',
      'indexing: 50 of 200 images',
      'indexing: 25%',
      '25%',
      '2…',
      '…',
    ];
    const shownAt = (columns: number) => {
      const { at, written } = barOn({ isTTY: true, columns });
      at(2000, 50, 'loss 0.25, active 3%');
      return written;
    };
    for (const line of lines) expect(shownAt(line.length + 1)).toEqual([`${redraw}${line}`]);
    for (let columns = 2; columns < 120; columns++) {
      const [text] = shownAt(columns);
      expect(text.length - redraw.length).toBeLessThan(columns);
      expect(lines).toContain(text.slice(redraw.length));
    }
    expect(shownAt(1)).toEqual([`${redraw}…`]);
    // One that does not say how wide it is.
    expect(shownAt(0)).toEqual(shownAt(80));
  });

  it('sends nothing to the terminal that it would obey', () => {
    const { at, written } = barOn({ isTTY: true, columns: 200 });
    at(2000, 50, 'at \u001b]0;x\u0007.png');
    expect(written).toEqual([
      `${redraw}indexing [#####---------------] 50 of 200 images, 25/s, 6.0 s left, at \\x1b]0;x\\x07.png`,
    ]);
  });

  it('is a line every ten seconds elsewhere', () => {
    const { bar, at, written } = barOn({ isTTY: false });
    at(9999, 1);
    at(10_000, 4);
    at(19_000, 9);
    at(20_000, 10);
    at(30_000, 200);
    bar.clear();
    expect(written).toEqual([
      'indexing: 4 of 200 images, 0.4/s, 8 min 10 s left\n',
      'indexing: 10 of 200 images, 0.5/s, 6 min 20 s left\n',
      'indexing: 200 of 200 images, 6.7/s\n',
    ]);
  });
});
