/*
 * assets: the files of the user interface, inside the program. Made from ui/ by ui/embed.py; static
 * and read-only.
 */
#pragma once

#include <glib.h>

typedef struct {
    const char *path; /* "/index.html" */
    const char *content_type;
    const char *tag;                     /* changes with the content */
    const unsigned char *bytes, *zipped; /* zipped NULL: it would not be smaller */
    gsize n_bytes, n_zipped;
    gboolean is_immutable; /* its name changes with its content */
} WebAsset;

const WebAsset *web_asset_find(const char *path); /* NULL: no such file */
