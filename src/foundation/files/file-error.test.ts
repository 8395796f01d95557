import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { codeOf, fileError, isMissing } from './file-error.ts';

describe('fileError', () => {
  it('names the action, the path, the reason and the next step', () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(fileError('write', 'run/model.onnx', error).message).toBe(
      "cannot write 'run/model.onnx': the disk is full (ENOSPC); free some space or choose another place",
    );
  });

  it("keeps the reason of an error that is not the operating system's", () => {
    expect(fileError('read', 'a', new Error('it is not JSON')).message).toBe("cannot read 'a': it is not JSON");
    expect(fileError('read', 'a', 'gone').message).toBe("cannot read 'a': gone");
    const unknown = Object.assign(new Error('EXDEV: cross-device link'), { code: 'EXDEV' });
    expect(fileError('read', 'a', unknown).message).toBe("cannot read 'a': EXDEV: cross-device link");
  });

  it('takes the code of a real error', async () => {
    const error: unknown = await readFile('/no/such/file').catch((reason: unknown) => reason);
    expect(codeOf(error)).toBe('ENOENT');
    expect(codeOf(new Error('no code'))).toBeUndefined();
    expect([isMissing(error), isMissing(Object.assign(new Error(), { code: 'EACCES' }))]).toEqual([true, false]);
  });
});
