import sharp from 'sharp';

/** 64 bits: whether a pixel is darker than its right neighbour, of 9 x 8 grey pixels (Krawetz 2013). */
export async function differenceHash(picture) {
  const grey = await greyPixels(picture, 9, 8);
  return Array.from({ length: 64 }, (_, bit) => {
    const place = Math.floor(bit / 8) * 9 + (bit % 8);
    return grey[place] < grey[place + 1] ? 1 : 0;
  });
}

/** 64 bits: which of the 8 x 8 lowest cosine coefficients of 32 x 32 grey pixels lie above their median (Zauner 2010). */
export async function perceptualHash(picture) {
  const grey = await greyPixels(picture, 32, 32);
  const wave = (frequency, place) => Math.cos((Math.PI * frequency * (2 * place + 1)) / 64);
  const coefficients = Array.from({ length: 64 }, (_, bit) => {
    const [v, u] = [Math.floor(bit / 8), bit % 8];
    return grey.reduce((sum, value, place) => sum + value * wave(v, Math.floor(place / 32)) * wave(u, place % 32), 0);
  });
  const sorted = [...coefficients].sort((a, b) => a - b);
  const median = (sorted[31] + sorted[32]) / 2;
  return coefficients.map((coefficient) => (coefficient > median ? 1 : 0));
}

async function greyPixels(picture, width, height) {
  const image = sharp(picture).toColourspace('b-w').resize(width, height, { fit: 'fill', kernel: 'lanczos3' });
  return Array.from(await image.raw().toBuffer());
}
