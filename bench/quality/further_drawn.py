"""Sets that are drawn from data which packages carry: molecules, countries, spoken names, characters.

Each function takes the unpacked packages and gives a dictionary of class to a dictionary of file name to a function that draws.
Every drawing's chance is seeded by its class and number.
"""
import colorsys
import ctypes
import json
import math
import random
import re
from xml.etree import ElementTree

# Molecules: balls and sticks from any side.

COLOURS = {"H": "#e8e8e8", "C": "#505050", "N": "#3050f8", "O": "#f01010", "S": "#e0c030", "P": "#ff8000", "F": "#90e050", "Cl": "#1fd01f", "Br": "#a62929", "I": "#940094"}
RADII = {"H": 0.25}


def molecules(packages):
    """One molecule of each formula, from the second to the eighth view of it; how many views is by chance."""
    top = packages.path("libavogadro-data", "usr", "share", "avogadro2", "molecules")
    classes, formulas = {}, set()
    for path in sorted(top.rglob("*.cml")):
        try:
            root = ElementTree.parse(path).getroot()
        except ElementTree.ParseError:
            continue  # adamantane's file is not well-formed
        name = lambda tag: "{http://www.xml-cml.org/schema}" + tag
        atoms = {atom.get("id"): (atom.get("elementType"), *(float(atom.get(axis)) for axis in ("x3", "y3", "z3"))) for atom in root.iter(name("atom")) if atom.get("x3")}
        bonds = [bond.get("atomRefs2").split() for bond in root.iter(name("bond"))]
        formula = " ".join(sorted(kind for kind, *_ in atoms.values()))
        if not 6 <= len(atoms) <= 80 or formula in formulas or any(end not in atoms for bond in bonds for end in bond):
            continue
        formulas.add(formula)
        views = random.Random(f"views {path.stem}").choice((2, 3, 5, 8))
        classes[f"{path.parent.name}-{path.stem}"] = {
            f"view{view}.png": lambda atoms=atoms, bonds=bonds, seed=f"{path.stem} {view}": molecule(atoms, bonds, seed) for view in range(views)
        }
    return classes


def turned(generator):
    """A rotation, each as likely as any other (a random unit quaternion)."""
    a, b, c, d = (generator.gauss(0, 1) for _ in range(4))
    length = math.sqrt(a * a + b * b + c * c + d * d)
    a, b, c, d = a / length, b / length, c / length, d / length
    return (
        (a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)),
        (2 * (b * c + a * d), a * a - b * b + c * c - d * d, 2 * (c * d - a * b)),
        (2 * (b * d - a * c), 2 * (c * d + a * b), a * a - b * b - c * c + d * d),
    )


def molecule(atoms, bonds, seed):
    """160 x 160, on a background of chance, farther balls first; twice as large at first, so that edges are smooth."""
    from PIL import Image, ImageDraw

    generator, side = random.Random(seed), 320
    rotation = turned(generator)
    background = tuple(int(255 * value) for value in colorsys.hsv_to_rgb(generator.random(), generator.uniform(0, 0.25), generator.uniform(0.75, 1)))
    middle = [sum(atom[axis] for atom in atoms.values()) / len(atoms) for axis in (1, 2, 3)]
    placed = {}
    for key, (kind, *place) in atoms.items():
        own = [value - mean for value, mean in zip(place, middle)]
        placed[key] = (kind, *(sum(weight * value for weight, value in zip(row, own)) for row in rotation))
    widest = max(max(abs(x), abs(y)) for _, x, y, _ in placed.values()) + 0.7
    scale = side / 2 / widest * generator.uniform(0.75, 1)
    at = lambda x, y: (side / 2 + scale * x, side / 2 + scale * y)
    image = Image.new("RGB", (side, side), background)
    draw = ImageDraw.Draw(image)
    shapes = [(z, "ball", kind, x, y) for kind, x, y, z in placed.values()]
    for first, second in bonds:
        (_, x, y, z), (_, u, v, w) = placed[first], placed[second]
        shapes.append(((z + w) / 2 - 0.01, "stick", None, (x, y), (u, v)))
    for _, shape, kind, first, second in sorted(shapes, key=lambda shape: shape[0]):
        if shape == "stick":
            draw.line([at(*first), at(*second)], fill="#808080", width=max(2, int(0.22 * scale)))
            continue
        x, y = at(first, second)
        radius = RADII.get(kind, 0.4) * scale
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=COLOURS.get(kind, "#d080d0"), outline="#202020", width=2)
        draw.ellipse((x - radius / 2, y - radius / 2, x - radius / 6, y - radius / 6), fill="#ffffff")
    return image.resize((side // 2, side // 2), Image.BILINEAR)


# Countries: outlines in the proportion that each has.


def countries(packages):
    """Five drawings of each country's largest part, filled or as a line, turned a little, of other proportions and colours."""
    document = json.loads(packages.path("world-atlas", "package", "countries-50m.json").read_text())
    scale, translate = document["transform"]["scale"], document["transform"]["translate"]
    arcs = []
    for arc in document["arcs"]:
        x = y = 0
        points = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            points.append((x * scale[0] + translate[0], y * scale[1] + translate[1]))
        arcs.append(points)
    ring = lambda numbers: [point for number in numbers for point in (arcs[number] if number >= 0 else arcs[~number][::-1])[1:]]
    classes = {}
    for geometry in document["objects"]["countries"]["geometries"]:
        parts = {"Polygon": lambda: [geometry["arcs"]], "MultiPolygon": lambda: geometry["arcs"]}[geometry["type"]]()
        outline = max((ring(part[0]) for part in parts), key=lambda points: abs(area(points)))
        name = re.sub(r"\W+", "-", geometry["properties"]["name"]).strip("-")
        if len(outline) >= 60:
            classes[name] = {f"map{number}.png": lambda outline=outline, seed=f"{name} {number}": country(outline, seed) for number in range(5)}
    return classes


def area(points):
    return sum(x * v - u * y for (x, y), (u, v) in zip(points, points[1:] + points[:1])) / 2


def country(outline, seed):
    """At most 200 pixels long, in the country's own proportion."""
    from PIL import Image, ImageDraw

    generator = random.Random(seed)
    middle = sum(y for _, y in outline) / len(outline)
    wide = math.cos(math.radians(min(75, abs(middle)))) * generator.uniform(0.85, 1.2)
    angle = math.radians(generator.uniform(-12, 12))
    points = [(x * wide, -y) for x, y in outline]
    points = [(x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)) for x, y in points]
    left, top = (min(point[axis] for point in points) for axis in (0, 1))
    width, height = (max(point[axis] for point in points) - least for axis, least in ((0, left), (1, top)))
    margin = [generator.uniform(4, 40) for _ in range(4)]
    scale = 400 / max(width, height)
    size = int(scale * width + margin[0] + margin[1]), int(scale * height + margin[2] + margin[3])
    points = [(scale * (x - left) + margin[0], scale * (y - top) + margin[2]) for x, y in points]
    colour = lambda low, high: tuple(int(255 * value) for value in colorsys.hsv_to_rgb(generator.random(), generator.uniform(0, 0.6), generator.uniform(low, high)))
    image = Image.new("RGB", size, colour(0.8, 1))
    draw = ImageDraw.Draw(image)
    if generator.random() < 0.6:
        draw.polygon(points, fill=colour(0.2, 0.7))
    draw.line([*points, points[0]], fill=colour(0, 0.4), width=generator.randint(2, 8), joint="curve")
    return image.resize((max(1, size[0] // 2), max(1, size[1] // 2)), Image.BILINEAR)


# Spoken names: what one sees of a sound.

VOICES = ("gmw/en-US", "gmw/en+f3", "gmw/en-GB-scotland+m2", "gmw/en-029+f1", "gmw/en-GB-x-rp+m6")


def names(packages):
    """The name of a country by five voices, each at a pitch and pace of its own: spectra one beside the other."""
    top = packages.path("espeakng-loader", "espeakng_loader")
    document = json.loads(packages.path("world-atlas", "package", "countries-110m.json").read_text())
    words = {geometry["properties"]["name"] for geometry in document["objects"]["countries"]["geometries"]}
    speak = speaker(top)
    return {
        word: {f"voice{number}.png": lambda word=word, voice=voice, number=number: spectrogram(speak(word, voice, f"{word} {number}")) for number, voice in enumerate(VOICES)}
        for word in words
        if re.fullmatch(r"[A-Za-z ]+", word)
    }


def speaker(top):
    """A function from a word, a voice and a seed to 16-bit samples, 22,050 a second."""
    import numpy as np

    library = ctypes.CDLL(str(top / "libespeak-ng.so"))
    heard = []
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

    def listen(samples, count, _events):
        if samples and count > 0:
            heard.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    callback = kind(listen)
    synchronous, rate, pitch, utf8 = 2, 1, 3, 1
    if library.espeak_Initialize(synchronous, 0, str(top).encode(), 0) < 0:
        raise SystemExit(f"{top}: eSpeak NG does not start: fetch its package anew")
    library.espeak_SetSynthCallback(callback)

    def speak(word, voice, seed):
        generator = random.Random(seed)
        heard.clear()
        if library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise SystemExit(f"eSpeak NG has no voice {voice}")
        library.espeak_SetParameter(rate, generator.randint(130, 200), 0)
        library.espeak_SetParameter(pitch, generator.randint(25, 75), 0)
        text = word.encode()
        library.espeak_Synth(text, ctypes.c_size_t(len(text) + 1), 0, 0, 0, utf8, None, None)
        library.espeak_Synchronize()
        return np.concatenate(heard)

    speak.callback = callback  # must live as long as the function
    return speak


def spectrogram(samples):
    """Time to the right, frequencies up to 8 kHz upwards, 60 decibels from white to black; 96 pixels high, a pixel 6 ms."""
    import numpy as np
    from PIL import Image

    loud = np.flatnonzero(np.abs(samples) > 200)
    samples = samples[loud[0] : loud[-1]].astype(np.float64)
    starts = np.arange(0, max(1, len(samples) - 512), 128)
    windows = np.stack([np.pad(samples[start : start + 512], (0, max(0, 512 - len(samples) + start))) for start in starts])
    power = np.abs(np.fft.rfft(windows * np.hanning(512), axis=1)[:, :186]) ** 2
    decibels = 10 * np.log10(power + 1)
    grey = np.clip((decibels.max() - decibels) / 60, 0, 1)
    return Image.fromarray((255 * grey.T[::-1]).round().astype(np.uint8), "L").resize((len(starts), 96), Image.BILINEAR)


# Characters: many classes of two pictures.


def characters(packages):
    """A Chinese character in print and by brush, 64 x 64."""
    from PIL import ImageFont

    fonts = {}
    for name in ("uming", "ukai"):
        path = packages.path(f"fonts-arphic-{name}", "usr", "share", "fonts", "truetype", "arphic", f"{name}.ttc")
        fonts[name] = ImageFont.truetype(str(path), 48, layout_engine=ImageFont.Layout.BASIC)
    chosen = random.Random("characters").sample(range(0x4E00, 0x9FA6), 1600)
    missing = {name: character("\uffff", font, "").tobytes() for name, font in fonts.items()}
    classes = {}
    for code in sorted(chosen):
        if all(character(chr(code), font, "").tobytes() != missing[name] for name, font in fonts.items()):
            classes[f"{code:04x}"] = {
                f"{name}.png": lambda code=code, name=name: character(chr(code), fonts[name], f"{code} {name}") for name in fonts
            }
    return classes


def character(text, font, seed):
    from PIL import Image, ImageDraw

    generator = random.Random(seed)
    paper, ink = generator.randint(215, 255), generator.randint(0, 80)
    image = Image.new("L", (64, 64), paper)
    ImageDraw.Draw(image).text((32 + generator.randint(-4, 4), 32 + generator.randint(-4, 4)), text, fill=ink, anchor="mm", font=font)
    return image.rotate(generator.uniform(-6, 6), fillcolor=paper, resample=Image.BILINEAR)
