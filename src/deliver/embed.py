#!/usr/bin/env python3
"""Turns a text file into a C array, so that the program carries it. usage: embed.py INPUT OUTPUT NAME"""
import pathlib
import sys

source, target, name = sys.argv[1:]
data = pathlib.Path(source).read_bytes() + b"\0"
rows = [", ".join(str(byte) for byte in data[start:start + 24]) for start in range(0, len(data), 24)]
pathlib.Path(target).write_text(
    f"#include \"deliver/embedded.h\"\n\nconst char {name}[] = {{\n    " + ",\n    ".join(rows) + "};\n", encoding="ascii")
