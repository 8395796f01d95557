import sharp from 'sharp';

// Views of one picture: what happens to it on its way through cameras, editors and networks.

/**
 * A view of a picture: a crop of 40 to 100% of it, turned up to 8 degrees, perhaps mirrored, in other light, colour and
 * white balance, 64 to 224 pixels wide, as a JPEG of quality 25 to 92.
 *
 * @param source a square picture of `side` pixels, as RGB bytes.
 */
export async function view(source, side, random) {
  const angle = random.chance(0.5) ? random.uniform(-8, 8) : 0;
  const turned = await sharp(source, { raw: { width: side, height: side, channels: 3 } })
    .rotate(angle, { background: '#808080' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  // What is left of the square when it is turned has no corners of the ground.
  const radians = (Math.abs(angle) * Math.PI) / 180;
  const inner = Math.floor(side / (Math.cos(radians) + Math.sin(radians)));
  const [share, shape] = [random.uniform(0.4, 1), Math.exp(random.uniform(-0.2, 0.2))];
  const width = Math.min(inner, Math.round(inner * Math.sqrt(share) * shape));
  const height = Math.min(inner, Math.round((inner * Math.sqrt(share)) / shape));
  const edge = Math.floor((turned.info.width - inner) / 2);
  const region = {
    left: edge + random.whole(inner - width + 1),
    top: edge + random.whole(inner - height + 1),
    width,
    height,
  };
  const size = random.pick([64, 96, 128, 224]);
  const cropped = sharp(turned.data, { raw: turned.info })
    .extract(region)
    .flop(random.chance(0.3))
    .resize(size, Math.max(16, Math.round((size * height) / width)), { fit: 'fill' });
  return inOtherLight(sharp(await cropped.png().toBuffer()), random).jpeg({ quality: 25 + random.whole(68) });
}

/** Brightness, saturation and the channels' gains changed by up to a third, a third and a tenth. */
export function inOtherLight(image, random) {
  const gains = [0, 1, 2].map(() => random.uniform(0.9, 1.1));
  const contrast = random.uniform(0.75, 1.3);
  return image.modulate({ brightness: random.uniform(0.7, 1.33), saturation: random.uniform(0.65, 1.35) }).linear(
    gains.map((gain) => gain * contrast),
    gains.map(() => 128 * (1 - contrast)),
  );
}

/**
 * A view of a thing: turned up to 25 degrees, 55 to 95% of 256 pixels, in other light, somewhere on plain grey or on a
 * blurred scene, as a JPEG.
 *
 * @param thing a picture with transparent surroundings, as PNG.
 * @param scene a picture to put behind it; without it plain grey.
 */
export async function placed(thing, scene, random) {
  const side = 256;
  const longest = Math.round(side * random.uniform(0.55, 0.95));
  const turned = await sharp(thing).rotate(random.uniform(-25, 25), { background: '#00000000' }).toBuffer();
  const trimmed = await sharp(turned).trim({ background: '#00000000', threshold: 5 }).toBuffer();
  const small = await sharp(trimmed).ensureAlpha().resize(longest, longest, { fit: 'inside' }).png().toBuffer();
  const { data, info } = await inOtherLight(sharp(small), random).png().toBuffer({ resolveWithObject: true });
  const grey = 210 + random.whole(46);
  const ground = scene
    ? sharp(scene).resize(side, side).blur(random.uniform(1, 5))
    : sharp({ create: { width: side, height: side, channels: 3, background: { r: grey, g: grey, b: grey } } });
  const place = { left: random.whole(side - info.width + 1), top: random.whole(side - info.height + 1) };
  return sharp(
    await ground
      .composite([{ input: data, ...place }])
      .png()
      .toBuffer(),
  ).jpeg({
    quality: 60 + random.whole(35),
  });
}
