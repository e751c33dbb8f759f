#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the pictures of ImageFormatsTest and, with Pillow as the independent decoder, expected.txt: name, width, height, channels, samples.

    pip install pillow==12.3.0 && python3 make_images.py

Expected is what a viewer shows: turned as EXIF says, its ICC profile converted to sRGB, transparent parts on white. 16-bit samples are
reduced here (Pillow's own way differs from file type to file type). Files with a name of their own in EXPECTED are made from known samples.
"""
import io
import pathlib
import struct
import zlib

from PIL import Image, ImageCms, ImageOps

FOLDER = pathlib.Path(__file__).resolve().parent
WIDTH, HEIGHT = 6, 4
EXPECTED = {}


def picture(mode, width=WIDTH, height=HEIGHT):
    """Every level and every band differs from place to place."""
    image = Image.new(mode, (width, height))
    bands = len(image.getbands())
    for y in range(height):
        for x in range(width):
            values = tuple((x * 211 // width + y * (23 + 9 * band) + 61 * band) % 256 for band in range(bands))
            image.putpixel((x, y), values if bands > 1 else values[0])
    return image


def smooth(mode, width=16, height=16):
    image = Image.new(mode, (width, height))
    bands = len(image.getbands())
    for y in range(height):
        for x in range(width):
            values = tuple((40 + 60 * band + (11 - 5 * band) * x + (3 + 2 * band) * y) % 256 for band in range(bands))
            image.putpixel((x, y), values if bands > 1 else values[0])
    return image


def save(name, image, **options):
    image.save(FOLDER / name, **options)


def chunk(kind, contents):
    return struct.pack(">I", len(contents)) + kind + contents + struct.pack(">I", zlib.crc32(kind + contents))


def png(name, colour, bits, rows, *chunks, width=WIDTH):
    """A PNG of rows of packed bytes, of kinds that Pillow does not write."""
    header = struct.pack(">IIBBBBB", width, len(rows), bits, colour, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    (FOLDER / name).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def on_white(level, alpha):
    return (level * alpha + 255 * (255 - alpha) + 127) // 255


def reduced(value):
    return (value * 255 + 32767) // 65535


def pngs():
    save("grey8.png", picture("L"))
    save("rgb8.png", picture("RGB"))
    save("rgba8.png", picture("RGBA"))
    save("greyalpha8.png", picture("LA"))
    for bits in (1, 2, 4):
        perbyte = 8 // bits
        rows = [bytes((37 * y + 91 * x) % 256 for x in range(-(-WIDTH // perbyte))) for y in range(HEIGHT)]
        png(f"grey{bits}.png", 0, bits, rows)
        colours = bytes((50 * i + 13 * j) % 256 for i in range(1 << bits) for j in range(3))
        png(f"palette{bits}.png", 3, bits, rows, chunk(b"PLTE", colours))
        png(f"palettealpha{bits}.png", 3, bits, rows, chunk(b"PLTE", colours), chunk(b"tRNS", bytes([0, 100])))
    values = [[(x * 9973 + y * 17011 + 4321) % 65536 for x in range(WIDTH)] for y in range(HEIGHT)]
    png("grey16.png", 0, 16, [struct.pack(f">{WIDTH}H", *row) for row in values])
    EXPECTED["grey16.png"] = (1, [reduced(value) for row in values for value in row])
    alpha = [[65535 - value for value in row] for row in values]
    png("greyalpha16.png", 4, 16, [b"".join(struct.pack(">HH", v, a) for v, a in zip(*rows)) for rows in zip(values, alpha)])
    EXPECTED["greyalpha16.png"] = (1, [on_white(reduced(v), reduced(a)) for rows in zip(values, alpha) for v, a in zip(*rows)])
    colours = [[(v, 65535 - v, (v * 7) % 65536) for v in row] for row in values]
    png("rgb16.png", 2, 16, [b"".join(struct.pack(">HHH", *c) for c in row) for row in colours])
    EXPECTED["rgb16.png"] = (3, [reduced(v) for row in colours for c in row for v in c])
    rows = [bytes(picture("L").crop((0, y, WIDTH, y + 1)).tobytes()) for y in range(HEIGHT)]
    png("greykey8.png", 0, 8, rows, chunk(b"tRNS", struct.pack(">H", rows[1][2])))
    rows = [bytes(picture("RGB").crop((0, y, WIDTH, y + 1)).tobytes()) for y in range(HEIGHT)]
    png("rgbkey8.png", 2, 8, rows, chunk(b"tRNS", struct.pack(">HHH", *rows[2][3:6])))
    exif = Image.Exif()
    exif[274] = 6
    save("turned.png", picture("RGB"), exif=exif)
    (FOLDER / "interlaced.png").write_bytes(interlaced(picture("RGB", 9, 11)))


def interlaced(image):
    """Adam7, which Pillow reads and does not write."""
    rows = b""
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        for y in range(y0, image.height, dy):
            line = b"".join(bytes(image.getpixel((x, y))) for x in range(x0, image.width, dx))
            rows += b"\0" + line if line else b""
    header = struct.pack(">IIBBBBB", image.width, image.height, 8, 2, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def without(jpeg, *markers):
    """A JPEG file less its segments of these markers."""
    kept, at = jpeg[:2], 2
    while jpeg[at + 1] != 0xDA:
        length = 2 + int.from_bytes(jpeg[at + 2:at + 4], "big")
        kept += b"" if jpeg[at + 1] in markers else jpeg[at:at + length]
        at += length
    return kept + jpeg[at:]


def encoded(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, **options)
    return out.getvalue()


def jpegs():
    files = {
        "grey.jpg": encoded(smooth("L")),
        "444.jpg": encoded(smooth("RGB"), subsampling=0),
        "420.jpg": encoded(smooth("RGB"), subsampling=2),
        "progressive.jpg": encoded(smooth("RGB"), progressive=True),
        "cmyk.jpg": encoded(smooth("CMYK")),
        "rgb.jpg": encoded(smooth("RGB"), keep_rgb=True),
    }
    files["ycck.jpg"] = files["cmyk.jpg"].replace(b"Adobe\0d\0\0\0\0\0", b"Adobe\0d\0\0\0\0\2")
    files["unmarked444.jpg"] = without(files["444.jpg"], 0xE0)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[274] = orientation
        files[f"turned{orientation}.jpg"] = encoded(smooth("RGB", 24, 16), exif=exif)
    files["profile.jpg"] = encoded(smooth("RGB"), icc_profile=rotated_profile())
    files["srgb.jpg"] = encoded(smooth("RGB"), icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    files["greywithrgbprofile.jpg"] = encoded(smooth("L"), icc_profile=rotated_profile())
    for name, contents in files.items():
        (FOLDER / name).write_bytes(contents)


def rotated_profile():
    """A profile of sRGB's primaries under each other's names: its red is green, its green blue, its blue red; gamma 2.2."""
    def fixed(*values):
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)
    primaries = {"r": (0.4361, 0.2225, 0.0139), "g": (0.3851, 0.7169, 0.0971), "b": (0.1431, 0.0606, 0.7141)}
    tags = {b"wtpt": b"XYZ \0\0\0\0" + fixed(0.9642, 1.0, 0.8249)}
    for name, source in (("r", "g"), ("g", "b"), ("b", "r")):
        tags[name.encode() + b"XYZ"] = b"XYZ \0\0\0\0" + fixed(*primaries[source])
        tags[name.encode() + b"TRC"] = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    tags[b"desc"] = b"desc\0\0\0\0" + struct.pack(">I", 8) + b"rotated\0" + bytes(4 + 4 + 2 + 1 + 67 + 1)
    tags[b"cprt"] = b"text\0\0\0\0none\0\0\0\0"
    table, data = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for tag, contents in tags.items():
        table += tag + struct.pack(">II", start + len(data), len(contents))
        data += contents + bytes(-len(contents) % 4)
    header = struct.pack(">I4s4s4s4s4s", start + len(data), b"none", b"\x02\x10\0\0", b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + fixed(0.9642, 1.0, 0.8249)
    return header + bytes(128 - len(header)) + table + data


def others():
    save("profile.png", picture("RGB"), icc_profile=rotated_profile())
    save("profile.tif", picture("RGB"), icc_profile=rotated_profile())
    save("rgb24.bmp", picture("RGB"))
    save("palette8.bmp", picture("RGB").quantize(16))
    save("grey8.bmp", picture("L"))
    save("bits1.bmp", picture("L").convert("1"))
    save("rgb.gif", picture("RGB").quantize(16))
    frames = [picture("RGB").quantize(16), picture("RGB").rotate(180).quantize(16)]
    save("animated.gif", frames[0], save_all=True, append_images=frames[1:], duration=100)
    clear = picture("RGB").quantize(16)
    save("transparent.gif", clear, transparency=clear.getpixel((2, 2)))
    whole = (FOLDER / "rgb.gif").read_bytes()
    (FOLDER / "screen.gif").write_bytes(on_screen(whole))
    for name, image, options in (
            ("grey8.tif", picture("L"), {}), ("rgb8.tif", picture("RGB"), {"compression": "tiff_lzw"}), ("bits1.tif", picture("L").convert("1"), {}),
            ("fax4.tif", picture("L", 40, 20).convert("1"), {"compression": "group4"}),
            ("palette8.tif", picture("RGB").quantize(16), {"compression": "packbits"}), ("rgba8.tif", picture("RGBA"), {"compression": "tiff_adobe_deflate"}),
            ("turned.tif", picture("RGB"), {"tiffinfo": {274: 8}})):
        save(name, image, **options)
    grey = Image.new("I;16", (WIDTH, HEIGHT))
    values = [(i * 9973 + 4321) % 65536 for i in range(WIDTH * HEIGHT)]
    grey.frombytes(struct.pack(f"<{len(values)}H", *values))
    save("grey16.tif", grey)
    EXPECTED["grey16.tif"] = (1, [reduced(value) for value in values])
    inverted = bytearray((FOLDER / "grey8.tif").read_bytes())
    at = inverted.index(struct.pack("<HHIH", 262, 3, 1, 1))
    inverted[at + 8] = 0
    (FOLDER / "whiteiszero.tif").write_bytes(inverted)
    EXPECTED["whiteiszero.tif"] = (1, [255 - value for value in picture("L").tobytes()])
    save("float.tif", picture("L").convert("F"))
    save("bits32.tif", picture("L").convert("I"))
    save("cmyk.tif", picture("CMYK"))
    save("jpeg.tif", smooth("RGB"), compression="jpeg")


def on_screen(gif):
    """The same frame at (2, 1) of a screen of 10 x 7."""
    at = gif.index(b"\x2c\0\0\0\0" + struct.pack("<HH", WIDTH, HEIGHT))
    moved = gif[:at + 1] + struct.pack("<HH", 2, 1) + gif[at + 5:]
    canvas = Image.new("RGB", (10, 7), "white")
    canvas.paste(Image.open(io.BytesIO(gif)).convert("RGB"), (2, 1))
    EXPECTED["screen.gif"] = (3, list(canvas.tobytes()))
    return moved[:6] + struct.pack("<HH", 10, 7) + moved[10:]


def shown(path):
    """Channels and samples as Pillow decodes them."""
    image = Image.open(path)
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if profile and image.mode == "RGB":
        image = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"))
    if image.mode in ("1", "L", "LA") and "transparency" not in image.info:
        grey = image.convert("LA")
        return image.size, 1, [on_white(*pixel) for pixel in grey.get_flattened_data()]
    rgba = image.convert("RGB" if image.mode == "CMYK" else "RGBA").convert("RGBA")
    return image.size, 3, [on_white(level, pixel[3]) for pixel in rgba.get_flattened_data() for level in pixel[:3]]


def main():
    pngs()
    jpegs()
    others()
    refused = {"float.tif", "bits32.tif", "cmyk.tif", "jpeg.tif"}
    with open(FOLDER / "expected.txt", "w") as out:
        for path in sorted(FOLDER.iterdir()):
            if path.suffix in (".png", ".jpg", ".gif", ".bmp", ".tif") and path.name not in refused:
                size, channels, samples = shown(path) if path.name not in EXPECTED else (None, *EXPECTED[path.name])
                if size is None:
                    size = Image.open(path).size
                assert len(samples) == size[0] * size[1] * channels, path.name
                print(path.name, *size, channels, bytes(samples).hex(), file=out)


main()
