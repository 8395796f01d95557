import { describe, expect, it } from 'vitest';
import { Admission } from './admission.ts';
import { ByteBudget } from './byte-budget.ts';
import { withinSeconds } from './within-seconds.ts';

/** Work that ends when it is told to. */
function held() {
  let end: (value: string) => void = () => undefined;
  const work = new Promise<string>((resolve) => {
    end = resolve;
  });
  return { work: () => work, end };
}

describe('Admission', () => {
  it('lets so many in, refuses the next, and has room again when one is done', async () => {
    const admission = new Admission(2);
    const [a, b, c] = [held(), held(), held()];
    const first = admission.run(a.work);
    const second = admission.run(b.work);
    expect(admission.inside).toBe(2);
    await expect(admission.run(c.work)).rejects.toMatchObject({ problem: 'busy', status: 429, retryAfter: 1 });
    a.end('a');
    expect(await first).toBe('a');
    const third = admission.run(c.work);
    b.end('b');
    c.end('c');
    expect(await Promise.all([second, third])).toEqual(['b', 'c']);
    expect(admission.inside).toBe(0);
  });

  it('has room again after work that fails', async () => {
    const admission = new Admission(1);
    await expect(admission.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(admission.inside).toBe(0);
  });

  it('says to wait longer where work takes longer', async () => {
    let now = 0;
    const admission = new Admission(1, () => now);
    const slow = async () => {
      now += 20_000;
    };
    for (let done = 0; done < 60; done++) await admission.run(slow);
    const { work, end } = held();
    const last = admission.run(work);
    const refusal = await admission.run(work).catch((error: { retryAfter: number }) => error.retryAfter);
    expect(refusal).toBe(10);
    end('');
    await last;
  });
});

describe('ByteBudget', () => {
  it('counts what requests have taken, and refuses what is beyond', () => {
    const budget = new ByteBudget(100);
    const [one, other] = [budget.share(), budget.share()];
    one.take(60);
    other.take(30);
    expect(() => other.take(11)).toThrow(expect.objectContaining({ problem: 'busy', retryAfter: 1 }));
    expect(budget.taken).toBe(90);
    one.giveBack();
    one.giveBack();
    expect(budget.taken).toBe(30);
    other.take(70);
    other.giveBack();
    expect(budget.taken).toBe(0);
  });
});

describe('withinSeconds', () => {
  it('gives what is ready in time, and refuses what is not', async () => {
    expect(await withinSeconds(5, Promise.resolve(3))).toBe(3);
    await expect(withinSeconds(5, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    const { work, end } = held();
    await expect(withinSeconds(0.02, work())).rejects.toMatchObject({ problem: 'unavailable', status: 503 });
    end('late');
  });
});
