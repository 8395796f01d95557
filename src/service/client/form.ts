/** The bytes of an image file. */
export type PictureBytes = Blob | Uint8Array | ArrayBuffer;

/** Pictures by the names of a form's parts. */
export type FormFiles = Readonly<Record<string, readonly PictureBytes[]>>;

/** A form with a JSON document and pictures. */
export function formOf(document: unknown, files: FormFiles): FormData {
  const form = new FormData();
  // What is undefined is left out, as JSON does.
  if (document !== undefined) form.append('request', JSON.stringify(document));
  for (const [role, pictures] of Object.entries(files)) {
    // What it is called is nobody's business; that it is a picture shows in its bytes.
    for (const picture of pictures) form.append(role, blobOf(picture), 'picture');
  }
  return form;
}

function blobOf(picture: PictureBytes): Blob {
  if (picture instanceof Blob && picture.type.startsWith('image/')) return picture;
  const bytes = picture instanceof Uint8Array ? new Uint8Array(picture) : picture;
  return new Blob([bytes], { type: 'application/octet-stream' });
}
