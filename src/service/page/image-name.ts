/** An id as people read it: its last part, and the folders before it. */
export function imageName(id: string): { readonly name: string; readonly folder: string } {
  const parts = id.split('/');
  const name = parts.pop() ?? id;
  return { name: name.replace(/\.[a-z0-9]{2,5}$/i, ''), folder: parts.join('/') };
}
