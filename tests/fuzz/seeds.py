#!/usr/bin/env python3
"""Makes the inputs that fuzzing begins with out of the fixtures: one folder for each target, under `corpus`."""

import gzip
import os
import random
import struct
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent.parent / "fixtures"
# The longest capture of one's own that is taken, in bytes.
MAX_CAPTURE = 8 * 1024
# In the order of targets/links.rs.
LINK_TYPES = [101, 1, 0, 108, 113, 276, 228, 229, 12, 14, 105]
# In the order of targets/dns.rs; what goes over TCP is 5 there.
PORTS = {53: 0, 5353: 1, 5355: 2, 137: 3}


class Corpus:
    """The seeds of a target."""

    def __init__(self, target):
        self.folder = HERE / "corpus" / target
        self.folder.mkdir(parents=True, exist_ok=True)

    def add(self, name, data):
        (self.folder / f"seed-{name}").write_bytes(data)


def of_pcap(data):
    """The link type and the frames of a classic capture: bytes, and their length on the wire."""
    order = "<" if data[0] in (0xD4, 0x4D) else ">"
    (link_type,) = struct.unpack(order + "I", data[20:24])
    frames, at = [], 24
    while at < len(data):
        _, _, captured, wire = struct.unpack(order + "IIII", data[at : at + 16])
        frames.append((data[at + 16 : at + 16 + captured], wire))
        at += 16 + captured
    return link_type, frames


def of_rows(text):
    """The same of a file in `fixtures/rows`, which tests/cli/rows.rs describes."""
    link_type, frames = 101, []
    for line in text.splitlines():
        words = [] if line.startswith(("> ", "2> ")) else line.split("#")[0].split()
        if words[:1] == ["link"]:
            link_type = int(words[1])
        elif words[:1] == ["frame"]:
            frames.append(["", int(words[2]) if len(words) > 2 else 0])
        elif frames:
            frames[-1][0] += "".join(words)
    whole = [(bytes.fromhex(digits), wire) for digits, wire in frames]
    return link_type, [(data, wire or len(data)) for data, wire in whole]


def to_pcap(link_type, frames):
    data = struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link_type)
    for number, (frame, wire) in enumerate(frames):
        data += struct.pack("<IIII", 1700000000, number, len(frame), wire) + frame
    return data


def captures():
    """All captures among the fixtures: their names, link types and frames."""
    for path in sorted(FIXTURES.glob("*.pcap")):
        yield path.stem, *of_pcap(path.read_bytes())
    for path in sorted(FIXTURES.glob("rows/*.frames")):
        yield path.stem, *of_rows(path.read_text())


def stored(data):
    """Data as gzip, Zstandard and LZ4 have it without packing it: what changes is seen behind it, too."""
    yield "gz", gzip.compress(data, 0, mtime=0)
    block = struct.pack("<I", len(data) << 3 | 1)[:3]
    yield "zst", b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(data)) + block + data
    yield "lz4", bytes.fromhex("04224d18604082") + struct.pack("<I", len(data) | 1 << 31) + data + bytes(4)


def files():
    corpus = Corpus("files")
    for path in [*FIXTURES.glob("*.pcap*"), *(HERE.parent / "cli" / "compressed").iterdir()]:
        corpus.add(path.name, path.read_bytes())
    for name, link_type, frames in captures():
        corpus.add(f"{name}.rows", to_pcap(link_type, frames))
    small = (FIXTURES / "node-lo.pcapng").read_bytes()
    for kind, data in stored(small):
        corpus.add(f"stored.{kind}", data)
    corpus.add("packed.gz", gzip.compress(small, 9, mtime=0))
    # Captures of one's own, as long as they are short.
    for path in Path(os.environ["CAPTURES"]).iterdir() if "CAPTURES" in os.environ else []:
        if path.is_file() and path.stat().st_size <= MAX_CAPTURE:
            corpus.add(path.name, path.read_bytes())


def record(how, data):
    return struct.pack(">BH", how, len(data)) + data


def links():
    corpus = Corpus("links")
    for name, link_type, frames in captures():
        if link_type not in LINK_TYPES:
            continue
        how = lambda frame, wire: 8 * 5 + (0 if wire == len(frame) else 5)
        first = bytes([LINK_TYPES.index(link_type)])
        corpus.add(name, first + b"".join(record(how(*frame), frame[0]) for frame in frames))
        for number, frame in enumerate(frames):
            corpus.add(f"{name}-{number}", first + record(how(*frame), frame[0]))


def payload(link_type, frame):
    """Protocol, ports and payload of a frame of raw IP without options or extension headers."""
    packet = frame[{101: 0, 1: 14, 0: 4}[link_type] :]
    if packet[:1] == b"\x45" and len(packet) >= 20:
        protocol, packet = packet[9], packet[20:]
    elif packet[:1] == b"\x60" and len(packet) >= 40:
        protocol, packet = packet[6], packet[40:]
    else:
        return None
    if protocol == 17 and len(packet) >= 8:
        return (17, *struct.unpack(">HH", packet[:4]), packet[8:])
    if protocol == 6 and len(packet) >= 20:
        return (6, *struct.unpack(">HH", packet[:4]), packet[packet[12] >> 4 << 2 :])
    return None


def dns():
    corpus = Corpus("dns")
    for name, link_type, frames in captures():
        messages = b""
        for number, (frame, _) in enumerate(frames):
            found = payload(link_type, frame) if link_type in (101, 1, 0) else None
            if not found or not found[3] or not {*PORTS} & {*found[1:3]}:
                continue
            protocol, src, dst, data = found
            kind = 5 if protocol == 6 else PORTS[dst if dst in PORTS else src]
            message = record(kind | (8 if src in PORTS else 0), data)
            corpus.add(f"{name}-{number}", message)
            messages += message
        if messages:
            corpus.add(name, messages)


def report():
    corpus = Corpus("report")
    for path in FIXTURES.glob("reports/*"):
        if path.suffix in (".txt", ".csv", ".md", ".yaml"):
            corpus.add(path.name, path.read_bytes())


def of_png(data):
    """Width, height and rows of a PNG with eight bits a sample, as RGB."""
    at, packed, palette = 8, b"", None
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, color = struct.unpack(">IIBB", body[:10])
            assert depth == 8, "a PNG of another kind"
            step = {2: 3, 3: 1, 6: 4}[color]
        palette = body if kind == b"PLTE" else palette
        packed += body if kind == b"IDAT" else b""
        at += 12 + length
    raw, before, rows = zlib.decompress(packed), bytearray(width * step), []
    for y in range(height):
        line = raw[y * (width * step + 1) : (y + 1) * (width * step + 1)]
        row = bytearray(line[1:])
        for x in range(len(row)):
            left = row[x - step] if x >= step else 0
            up, corner = before[x], before[x - step] if x >= step else 0
            nearest = min((left, up, corner), key=lambda one: abs(left + up - corner - one))
            row[x] = row[x] + (0, left, up, (left + up) // 2, nearest)[line[0]] & 255
        pixels = (row[x : x + 3] if step > 1 else palette[3 * row[x] :][:3] for x in range(0, len(row), step))
        rows.append(b"".join(map(bytes, pixels)))
        before = row
    return width, height, rows


def to_png(width, rows):
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    header = struct.pack(">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def to_bmp(width, rows):
    pad = bytes(-width * 3 % 4)
    body = b"".join(row + pad for row in reversed(rows))
    header = struct.pack("<IIIIiiHHIIiiII", 54 + len(body), 0, 54, 40, width, len(rows), 1, 24, 0, len(body), 0, 0, 0, 0)
    return b"BM" + header + body


def pictures():
    """Small pieces of the fixtures' pictures, since whole ones take a second each."""
    corpus = Corpus("picture")
    for name in ["lab", "errors", "edited"]:
        path = FIXTURES / "reports" / f"{name}.png"
        corpus.add(path.name, b"\0" + path.read_bytes())
        width, height, rows = of_png(path.read_bytes())
        for top in range(0, height, 64):
            piece = [row[: 3 * 240] for row in rows[top : top + 64]]
            corpus.add(f"{name}-{top}.png", b"\0" + to_png(min(width, 240), piece))
        corpus.add(f"{name}.bmp", b"\0" + to_bmp(96, [row[: 3 * 96] for row in rows[80:112]]))
        # One byte a pixel, as targets/picture.rs paints them.
        gray = [bytes(row[x] for x in range(0, 3 * 160, 3)) for row in rows[64:128]]
        corpus.add(f"{name}.gray", bytes([1, 0, 160]) + b"".join(gray))
    page = "".join(
        f"<span class='ocrx_word'>"
        + "".join(f"<span class='ocrx_cinfo' title='x_bboxes {x} 2 {x + 9} 30'>{c}</span>" for x, c in cell)
        + "</span>"
        for cell in (
            [(20 + 150 * n + 12 * x, c) for x, c in enumerate(word)]
            for n, word in enumerate("1 0.000000 127.0.0.1 127.0.0.1 UDP 49 Len=17".split())
        )
    )
    corpus.add("hocr", b"\4" + f"<div class='ocr_page'>{page}</div>".encode() * 2)
    corpus.add("lab-selected.jpg", b"\0" + (FIXTURES / "reports/lab-selected.jpg").read_bytes())
    for path in (HERE / "seeds").glob("picture/*"):
        corpus.add(path.name, b"\0" + path.read_bytes())


def to_pdf(objects):
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\n" % (size, table, size)
    return data + b"startxref\n%d\n%%%%EOF\n" % start


def stream(head, body):
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(body), body)


def pdf():
    corpus = Corpus("pdf")
    corpus.add("informe.pdf", (FIXTURES / "reports/informe.pdf").read_bytes())
    text = b"BT /F 10 Tf 50 700 Td (No.)Tj 100 0 Td (Time)Tj 0 -12 Td [(1)-900(0.000)]TJ ET q 9 0 0 9 0 0 cm /X Do Q"
    image = b"/Subtype/Image/Width 64/Height 32/BitsPerComponent 8"
    gray = bytes(range(256)) * 8
    kinds = {
        "flate": (image + b"/ColorSpace/DeviceGray/Filter/FlateDecode", zlib.compress(gray)),
        "raw": (image + b"/ColorSpace/DeviceRGB", gray * 3),
        "hex": (image + b"/ColorSpace/DeviceGray/Filter/ASCIIHexDecode", gray.hex().encode() + b">"),
        "twice": (image + b"/ColorSpace/DeviceGray/Filter[/FlateDecode/FlateDecode]", zlib.compress(zlib.compress(gray))),
        "predictor": (
            image + b"/ColorSpace/DeviceGray/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 64>>",
            zlib.compress(b"".join(b"\1" + gray[y * 64 : y * 64 + 64] for y in range(32))),
        ),
        "indexed": (image + b"/ColorSpace[/Indexed/DeviceRGB 1<000000ffffff>]", gray),
        "mask": (image + b"/ColorSpace/DeviceGray/SMask 5 0 R", gray),
        "jpeg": (
            b"/Subtype/Image/Width 1280/Height 720/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode",
            (FIXTURES / "reports/lab-selected.jpg").read_bytes(),
        ),
        "fax": (image + b"/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 64>>", gray[:64]),
        "lzw": (image + b"/ColorSpace/DeviceGray/Filter/LZWDecode", gray[:64]),
        "run": (image + b"/ColorSpace/DeviceGray/Filter/RunLengthDecode", b"\x80\xff" * 16 + b"\x80"),
        "jbig2": (image + b"/ColorSpace/DeviceGray/Filter/JBIG2Decode", gray[:64]),
        "jpx": (image + b"/Filter/JPXDecode", gray[:64]),
        "form": (b"/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>", b"/X Do"),
    }
    for name, (head, body) in kinds.items():
        objects = [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F<</Type/Font"
            b"/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>/XObject<</X 5 0 R>>>>>>",
            stream(b"", text),
            stream(head, body),
        ]
        corpus.add(name, to_pdf(objects))


def made_up(target):
    """For targets whose inputs are no bytes of a capture: some at random, the same in each run."""
    corpus, numbers = Corpus(target), random.Random(target)
    for number in range(20):
        corpus.add(number, numbers.randbytes(64 << number % 7))
        # Small numbers choose what is usual.
        corpus.add(f"{number}-small", bytes(numbers.choice((0, 0, 0, 1, 2, 16, 64, 255)) for _ in range(64 << number % 7)))


MAKERS = {"files": files, "links": links, "dns": dns, "report": report, "picture": pictures, "pdf": pdf}

if __name__ == "__main__":
    for target in sys.argv[1:]:
        MAKERS.get(target, lambda: made_up(target))()
