#!/usr/bin/env python3
"""Makes a C file of the files in a folder: usage: embed.py FOLDER OUTPUT.c

Each file is there as it is and, where that is smaller, as gzip packs it; the bytes come in by .incbin from copies
beside OUTPUT. A name that holds a hash of its content ("app-4F2K9QXA.js") may be cached for ever.
"""
import gzip
import hashlib
import pathlib
import re
import sys

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
HASHED = re.compile(r"-[A-Z0-9]{8}\.[a-z0-9]+$")

HEAD = '''/* Made by ui/embed.py. */
#include "web/assets.h"

#include <string.h>

#define EMBED(symbol, file)                                                                        \\
    extern const unsigned char symbol[];                                                           \\
    __asm__(".pushsection .rodata\\n"                                                               \\
            ".global " #symbol "\\n" #symbol ":\\n"                                                  \\
            ".incbin \\"" file "\\"\\n"                                                               \\
            ".popsection\\n")

'''

TAIL = '''
const WebAsset *web_asset_find(const char *path)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ASSETS); i++)
        if (strcmp(ASSETS[i].path, path) == 0)
            return &ASSETS[i];
    return NULL;
}
'''


def main():
    folder, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    beside = output.with_suffix(".files")
    beside.mkdir(parents=True, exist_ok=True)
    symbols, rows = [], []
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if not files:
        sys.exit(f"embed.py: {folder} holds no files")
    for number, path in enumerate(files):
        content = path.read_bytes()
        packed = gzip.compress(content, 9, mtime=0)
        symbol = f"web_asset_{number}"
        (beside / f"{number}").write_bytes(content)
        symbols.append(f'EMBED({symbol}, "{beside.resolve()}/{number}");')
        zipped, n_zipped = "NULL", 0
        if len(packed) < len(content):
            (beside / f"{number}.gz").write_bytes(packed)
            symbols.append(f'EMBED({symbol}_gz, "{beside.resolve()}/{number}.gz");')
            zipped, n_zipped = f"{symbol}_gz", len(packed)
        tag = hashlib.sha256(content).hexdigest()[:24]
        rows.append(f'    {{"/{path.relative_to(folder).as_posix()}", "{TYPES[path.suffix]}", "{tag}", '
                    f'{symbol}, {zipped}, {len(content)}, {n_zipped}, {"TRUE" if HASHED.search(path.name) else "FALSE"}}},')
    output.write_text(HEAD + "\n".join(symbols) + "\n\nstatic const WebAsset ASSETS[] = {\n" + "\n".join(rows) + "\n};\n"
                      + TAIL, encoding="utf-8")


main()
