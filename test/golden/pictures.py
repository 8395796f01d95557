"""Small pictures of every format, depth, profile, transparency and orientation, with what other programs decode them to.

Writes pictures.json: for each picture its bytes and the RGB expected, or a word of the reason why it is refused. The values are
of numpy's formulas where a format stores what is put in, of littleCMS where there is a profile, of Pillow's decoders for
lossy formats. Made with Python 3, Pillow 13.0.0 (littleCMS 2.19), tifffile 2026.3.3, numpy 2.4.6:

    python test/golden/pictures.py
"""
import base64, io, json, os, struct, zlib
import numpy as np, tifffile
from PIL import Image, ImageCms, ImageOps

H, W = 6, 8
rng = np.random.default_rng(11)
rgb8 = rng.integers(0, 256, (H, W, 3), dtype=np.uint8)
rgb16 = rng.integers(0, 65536, (H, W, 3), dtype=np.uint16)
alpha8 = rng.integers(0, 256, (H, W, 1), dtype=np.uint8)
alpha16 = rng.integers(0, 65536, (H, W, 1), dtype=np.uint16)
grey8, grey16 = rgb8[..., :1], rgb16[..., :1]
rows = []


def s15(value):
    return struct.pack(">i", round(value * 65536))


def profile(space, tags):
    """An ICC profile of version 2 with these tags."""
    body, table, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags:
        data += b"\0" * (-len(data) % 4)
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    size = at + len(body)
    head = struct.pack(">I4sI4s4s4s12s4s", size, b"lcms", 0x02400000, b"mntr", space, b"XYZ ", b"\x07\xea\0\1\0\1\0\0\0\0\0\0", b"acsp")
    head += b"\0" * (68 - len(head)) + s15(0.9642) + s15(1) + s15(0.8249)
    return head + b"\0" * (128 - len(head)) + struct.pack(">I", len(tags)) + table + body


def xyz(*v):
    return b"XYZ \0\0\0\0" + b"".join(map(s15, v))


def gamma(g):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(g * 256))


def table(values):
    return b"curv\0\0\0\0" + struct.pack(f">I{len(values)}H", len(values), *values)


def para_srgb():
    return b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + b"".join(map(s15, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)))


text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + b"\0" * 78
common = [(b"desc", text), (b"cprt", b"text\0\0\0\0none\0"), (b"wtpt", xyz(0.9642, 1, 0.8249))]


def colour(r, g, b, curve):
    return profile(b"RGB ", common + [(b"rXYZ", xyz(*r)), (b"gXYZ", xyz(*g)), (b"bXYZ", xyz(*b))] + [(n, curve) for n in (b"rTRC", b"gTRC", b"bTRC")])


P3 = ((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407))
ADOBE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
PROPHOTO = ((0.79767, 0.28804, 0.0), (0.13519, 0.71188, 0.0), (0.03134, 0.00009, 0.82491))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141))
PROFILES = {
    "none": None,
    "srgb": colour(*SRGB, para_srgb()),
    "p3": colour(*P3, para_srgb()),
    "adobe": colour(*ADOBE, gamma(2.19921875)),
    "prophoto": colour(*PROPHOTO, gamma(1.8)),
    "linear": colour(*SRGB, gamma(1.0)),
}
GREYS = {
    "none": None,
    "gamma1": profile(b"GRAY", common + [(b"kTRC", gamma(1.0))]),
    "gamma22": profile(b"GRAY", common + [(b"kTRC", gamma(2.2))]),
    "table": profile(b"GRAY", common + [(b"kTRC", table([round(65535 * (i / 63) ** 1.5) for i in range(64)]))]),
}
srgb = ImageCms.createProfile("sRGB")


def in_srgb(samples, icc):
    """[H, W, C] samples of 8 or 16 bits to 8-bit sRGB by littleCMS, in its floating point."""
    top = 255 if samples.dtype == np.uint8 else 65535
    if icc is None:
        return (samples if top == 255 else samples >> 8).astype(float).repeat(3 // samples.shape[2], axis=2)
    # littleCMS through Pillow takes 8 bits: of 16 bits the profile is applied to its curves here, as ICC.1 says.
    p = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    if top == 255:
        mode = "L" if samples.shape[2] == 1 else "RGB"
        image = Image.fromarray(samples[..., 0] if mode == "L" else samples, mode)
        flags = ImageCms.Flags.NOOPTIMIZE | ImageCms.Flags.NOCACHE | ImageCms.Flags.HIGHRESPRECALC
        return np.asarray(ImageCms.profileToProfile(image, p, srgb, outputMode="RGB", flags=flags)).astype(float)
    return exactly(samples / 65535, icc)


def tag(icc, name):
    for i in range(struct.unpack_from(">I", icc, 128)[0]):
        n, at, length = struct.unpack_from(">4sII", icc, 132 + 12 * i)
        if n == name:
            return icc[at : at + length]
    raise KeyError(name)


def light(values, curve):
    if curve[:4] == b"para":
        g, a, b, c, d = (x / 65536 for x in struct.unpack_from(">5i", curve, 12))
        return np.where(values >= d, (a * values + b) ** g, c * values)
    count = struct.unpack_from(">I", curve, 8)[0]
    if count == 1:
        return values ** (struct.unpack_from(">H", curve, 12)[0] / 256)
    points = np.array(struct.unpack_from(f">{count}H", curve, 12)) / 65535
    return np.interp(values, np.linspace(0, 1, count), points)


def exactly(values, icc):
    """Double precision: curves, the profile's matrix, the inverse of sRGB's, sRGB's curve."""
    if values.shape[2] == 1:
        linear = light(values, tag(icc, b"kTRC")).repeat(3, axis=2)
    else:
        lights = np.stack([light(values[..., i], tag(icc, n)) for i, n in enumerate((b"rTRC", b"gTRC", b"bTRC"))], axis=2)
        columns = lambda p: np.array([np.array(struct.unpack_from(">3i", tag(p, n), 8)) / 65536 for n in (b"rXYZ", b"gXYZ", b"bXYZ")]).T
        linear = lights @ columns(icc).T @ np.linalg.inv(columns(PROFILES["srgb"])).T
    linear = linear.clip(0, 1)
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def on_white(values, alpha):
    share = alpha / (255 if alpha.dtype == np.uint8 else 65535)
    return values * share + 255 * (1 - share)


def add(name, data, expected=None, tolerance=2, refused=None):
    row = {"name": name, "bytes": base64.b64encode(data).decode()}
    if refused is not None:
        row["refused"] = refused
    else:
        row.update(width=expected.shape[1], height=expected.shape[0], tolerance=tolerance, rgb=base64.b64encode(np.rint(expected).clip(0, 255).astype(np.uint8).tobytes()).decode())
    rows.append(row)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(samples, icc=None):
    """PNG of 8 or 16 bits: Pillow does not write 16-bit colours."""
    h, w, c = samples.shape
    depth = 8 * samples.dtype.itemsize
    lines = b"".join(b"\0" + row.astype(f">u{depth // 8}").tobytes() for row in samples)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, {1: 0, 2: 4, 3: 2, 4: 6}[c], 0, 0, 0))
    if icc:
        data += chunk(b"iCCP", b"test\0\0" + zlib.compress(icc))
    return data + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def tiff(samples, icc=None, **options):
    out = io.BytesIO()
    channels = samples.shape[2]
    options.setdefault("photometric", "rgb" if channels > 2 else "minisblack")
    if channels in (2, 4) and options["photometric"] != "separated":
        options.setdefault("extrasamples", ["unassalpha"])
    if channels == 1:
        samples = samples[..., 0]
    else:
        options.setdefault("planarconfig", "contig")
    tifffile.imwrite(out, samples, iccprofile=icc, metadata=None, **options)
    return out.getvalue()


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


# Depth x profile x transparency, in PNG and TIFF. In 8 bits littleCMS itself differs by up to 3 with the precision it is asked for.
for write, container in ((png, "PNG"), (tiff, "TIFF")):
    for depth, colours, greys, alpha in ((8, rgb8, grey8, alpha8), (16, rgb16, grey16, alpha16)):
        for base, profiles, kind in ((colours, PROFILES, "RGB"), (greys, GREYS, "grey")):
            for name, icc in profiles.items():
                expected = in_srgb(base, icc)
                add(f"{container} {kind} {depth} bit, profile {name}", write(base, icc), expected, 3 if depth == 8 else 2)
                add(f"{container} {kind} {depth} bit with alpha, profile {name}", write(np.concatenate([base, alpha], axis=2), icc), on_white(expected, alpha), 3 if depth == 8 else 2)

# Small depths and palettes.
for bits in (1, 2, 4):
    levels = rng.integers(0, 2**bits, (H, W), dtype=np.uint8)
    packed = b"".join(b"\0" + np.packbits(np.unpackbits(row[:, None], axis=1)[:, -bits:].ravel()).tobytes() for row in levels)
    head = lambda kind: b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", W, H, bits, kind, 0, 0, 0))
    grey = (levels * (255 // (2**bits - 1)))[..., None].repeat(3, axis=2).astype(float)
    add(f"PNG grey {bits} bit", head(0) + chunk(b"IDAT", zlib.compress(packed)) + chunk(b"IEND", b""), grey, 0)
    colours = rng.integers(0, 256, (2**bits, 3), dtype=np.uint8)
    seen = rng.integers(0, 256, 2**bits, dtype=np.uint8)
    add(f"PNG palette {bits} bit", head(3) + chunk(b"PLTE", colours.tobytes()) + chunk(b"IDAT", zlib.compress(packed)) + chunk(b"IEND", b""), colours[levels].astype(float), 0)
    add(f"PNG palette {bits} bit with alpha", head(3) + chunk(b"PLTE", colours.tobytes()) + chunk(b"tRNS", seen.tobytes()) + chunk(b"IDAT", zlib.compress(packed)) + chunk(b"IEND", b""), on_white(colours[levels].astype(float), seen[levels][..., None]))
palette = rng.integers(0, 65536, (3, 256), dtype=np.uint16)
add("TIFF palette", tiff(grey8, photometric="palette", colormap=palette), (palette.T >> 8)[grey8[..., 0]].astype(float), 1)
add("TIFF 1 bit", saved(Image.fromarray(grey8[..., 0] > 127), "TIFF"), ((grey8 > 127) * 255.0).repeat(3, axis=2), 0)
add("TIFF white is zero", tiff(grey8, photometric="miniswhite"), (255.0 - grey8).repeat(3, axis=2), 0)

# Samples beyond the colour.
more = rng.integers(0, 256, (H, W, 3), dtype=np.uint8)
joined = lambda *parts: np.concatenate(parts, axis=2)
plain = rgb8.astype(float)
add("TIFF RGB, alpha and a mask", tiff(joined(rgb8, alpha8, more[..., :1]), extrasamples=["unassalpha", "unspecified"]), on_white(plain, alpha8))
add("TIFF RGB and three more", tiff(joined(rgb8, more), extrasamples=["unspecified"] * 3), plain, 0)
add("TIFF RGB and one unspecified", tiff(joined(rgb8, more[..., :1] * 0), extrasamples=["unspecified"]), plain, 0)
add("TIFF RGB, three more and a profile", tiff(joined(rgb8, more), PROFILES["p3"], extrasamples=["unspecified"] * 3), in_srgb(rgb8, PROFILES["p3"]))
add("TIFF RGB 16 bit, two more and a profile", tiff(joined(rgb16, more[..., :2].astype(np.uint16) * 257), PROFILES["adobe"], extrasamples=["unspecified"] * 2), in_srgb(rgb16, PROFILES["adobe"]))
add("TIFF grey and two more", tiff(joined(grey8, more[..., :2]), photometric="minisblack", extrasamples=["unspecified"] * 2), grey8.astype(float).repeat(3, axis=2), 0)
add("TIFF grey 16 bit and five more", tiff(joined(grey16, rgb16, rgb16[..., :2]), photometric="minisblack", extrasamples=["unspecified"] * 5), (grey16 >> 8).astype(float).repeat(3, axis=2), 0)
add("TIFF planes, RGB and three more", tiff(np.moveaxis(joined(rgb8, more), 2, 0).copy(), photometric="rgb", planarconfig="separate", extrasamples=["unspecified"] * 3), plain, 0)
half = (rgb8.astype(int) * alpha8 // 255).astype(np.uint8)
add("TIFF premultiplied alpha", tiff(joined(half, alpha8), extrasamples=["assocalpha"]), half + 255.0 - alpha8, 3)

# Samples that are not read.
ramp = np.linspace(0, 1, H * W).reshape(H, W, 1)
for kind in ("float16", "float32", "float64"):
    add(f"TIFF grey {kind}", tiff(ramp.astype(kind)), refused="floating-point samples")
add("TIFF RGB float32", tiff(rgb8.astype(np.float32) / 255), refused="floating-point samples")
for kind in ("int8", "int16", "int32"):
    add(f"TIFF grey {kind}", tiff((ramp * 100).astype(kind)), refused="signed samples")
add("TIFF grey uint32", tiff((ramp * 2**32).astype(np.uint32)), refused="samples of 32 bits")
for kind in ("complex64", "complex128"):
    add(f"TIFF grey {kind}", tiff(ramp.astype(kind)), refused="complex numbers")
add("TIFF Lab 8 bit", tiff(rgb8, photometric="cielab"), refused="Lab in 8 bits")
add("TIFF of a camera's sensor", tiff(grey16, photometric="cfa"), refused="sensor")

# Orientation x depth x format.
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[274] = orientation
    upright = lambda samples: np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(saved(Image.fromarray(samples), "PNG", exif=exif)))))
    add(f"PNG orientation {orientation}", saved(Image.fromarray(rgb8), "PNG", exif=exif), upright(rgb8).astype(float), 0)
    tagged = [(274, "H", 1, orientation, True)]
    high = upright((rgb16 >> 8).astype(np.uint8)).astype(float)
    add(f"TIFF RGB 16 bit, orientation {orientation}", tiff(rgb16, extratags=tagged), high, 0)
    turned = in_srgb(rgb16, PROFILES["p3"])
    add(f"TIFF RGB 16 bit, P3, orientation {orientation}", tiff(rgb16, PROFILES["p3"], extratags=tagged), upright(np.rint(turned).astype(np.uint8)).astype(float))
    add(f"TIFF RGB and three more, orientation {orientation}", tiff(joined(rgb8, more), extrasamples=["unspecified"] * 3, extratags=tagged), upright(rgb8).astype(float), 0)

# Whole pictures of every format, and what is left of them when they are cut: none of it may decode.
smooth = (np.add.outer(np.arange(32), np.arange(48))[..., None] * np.array([2, 1.5, 1]) + rng.integers(0, 40, (32, 48, 3))).clip(0, 255).astype(np.uint8)
image = Image.fromarray(smooth)
see_through = Image.fromarray(joined(smooth, rng.integers(0, 256, (32, 48, 1), dtype=np.uint8)))
tiles = lambda **options: tiff(smooth, tile=(16, 16), **options)
wholes = {
    "JPEG": saved(image, "JPEG"),
    "progressive JPEG": saved(image, "JPEG", progressive=True),
    "JPEG with restarts": saved(image, "JPEG", restart_marker_rows=1),
    "PNG": saved(image, "PNG"),
    "GIF": saved(image.quantize(32), "GIF"),
    "lossy WebP": saved(image, "WEBP"),
    "lossless WebP": saved(image, "WEBP", lossless=True),
    "WebP with alpha": saved(see_through, "WEBP"),
    "AVIF": saved(image, "AVIF"),
    "TIFF in strips": tiff(smooth, rowsperstrip=8),
    "TIFF in deflated strips": tiff(smooth, rowsperstrip=8, compression="deflate"),
    "TIFF in tiles": tiles(),
    "TIFF in deflated tiles": tiles(compression="deflate"),
    "TIFF in LZW strips": saved(image, "TIFF", compression="tiff_lzw"),
    "TIFF in JPEG strips": saved(image, "TIFF", compression="jpeg"),
    "BigTIFF in tiles": tiles(bigtiff=True),
}
for name, whole in wholes.items():
    lossy = "JPEG" in name or "lossy" in name or "AVIF" in name or "alpha" in name
    decoded = Image.open(io.BytesIO(whole))
    expected = np.asarray(decoded.convert("RGBA")).astype(float)
    share = expected[..., 3:] / 255
    add(name, whole, expected[..., :3] * share + 255 * (1 - share), 40 if lossy else 2)
    for share in (0.25, 0.5, 0.75, 0.95):
        rows.append({"name": f"{name}, {share:.0%} of it", "of": name, "length": int(len(whole) * share), "refused": "broken or cut short"})
for name in ("JPEG", "progressive JPEG", "JPEG with restarts"):
    add(f"{name}, half of it and an end marker", wholes[name][: len(wholes[name]) // 2] + b"\xff\xd9", refused="broken or cut short")
for name in ("TIFF in deflated strips", "TIFF in deflated tiles"):
    hurt = bytearray(wholes[name])
    with tifffile.TiffFile(io.BytesIO(wholes[name])) as read:
        begin = read.pages[0].dataoffsets[2]
    hurt[begin : begin + 40] = bytes(40)
    add(f"{name}, damaged", bytes(hurt), refused="broken or cut short")
half_of = lambda rows: png(smooth)[:33] + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row.tobytes() for row in smooth[:rows]))) + chunk(b"IEND", b"")
add("PNG, half of its rows in a whole stream", half_of(16), refused="broken or cut short")

# Sound files about which decoders have something to say.
jpeg = wholes["JPEG"]
decoded = np.asarray(Image.open(io.BytesIO(jpeg))).astype(float)
for mark, where in ((b"\xff\xdb", "tables"), (b"\xff\xda", "the scan")):
    at = jpeg.index(mark)
    add(f"JPEG with stray bytes before {where}", jpeg[:at] + b"\0\1\2\3" + jpeg[at:], decoded, 40)
add("JPEG of an unknown JFIF version", jpeg[:11] + b"\x09" + jpeg[12:], decoded, 40)
add("JPEG with bytes behind its end", jpeg + b"junk" * 8, decoded, 40)
add("PNG with bytes behind its end", wholes["PNG"] + b"junk" * 8, smooth.astype(float), 0)
unsorted = bytearray(tiff(rgb8, extratags=[(65000, "I", 1, 7, True)]))
at = struct.unpack_from("<I", unsorted, 4)[0]
first, second = at + 2 + 12 * 3, at + 2 + 12 * 4
unsorted[first : first + 12], unsorted[second : second + 12] = unsorted[second : second + 12], unsorted[first : first + 12]
add("TIFF with unknown and unsorted tags", bytes(unsorted), plain, 0)

# Animations: the first frame.
frames = [Image.fromarray(smooth), Image.fromarray(255 - smooth)]
add("animated PNG", saved(frames[0], "PNG", save_all=True, append_images=frames[1:]), smooth.astype(float), 0)
add("animated WebP", saved(frames[0], "WEBP", lossless=True, save_all=True, append_images=frames[1:]), smooth.astype(float), 0)
add("animated AVIF", saved(frames[0], "AVIF", save_all=True, append_images=frames[1:]), smooth.astype(float), 60)
add("TIFF of two pages", saved(frames[0], "TIFF", save_all=True, append_images=frames[1:]), smooth.astype(float), 0)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pictures.json"), "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
print(len(rows), "pictures")
