/*
 * Dense numbers for things with an id (people, repositories) or only a name (branches, projects).
 */
#pragma once

#include "base/base.h"

#define NO_INDEX G_MAXUINT32

typedef struct {
    GArray *ids;        /* gint64; 0 for things with a name only */
    GPtrArray *names;   /* char *; what people read */
    GPtrArray *keys;    /* const char *, kept by by_key; NULL for things with an id */
    GHashTable *by_id;  /* gint64 * -> index + 1 */
    GHashTable *by_key; /* char * -> index + 1 */
} Dictionary;

void dictionary_init(Dictionary *dictionary);
void dictionary_clear(Dictionary *dictionary);

/* NO_INDEX for a key never added. */
guint32 dictionary_find_id(const Dictionary *dictionary, gint64 id);
guint32 dictionary_find_key(const Dictionary *dictionary, const char *key);
/* Gives the index; adds when it is new. @name is copied. */
guint32 dictionary_add_id(Dictionary *dictionary, gint64 id, const char *name);
guint32 dictionary_add_key(Dictionary *dictionary, const char *key, const char *name);

const char *dictionary_name(const Dictionary *dictionary, guint32 index);
/* NULL for a thing with an id, and past the end. */
const char *dictionary_key(const Dictionary *dictionary, guint32 index);
gint64 dictionary_id(const Dictionary *dictionary, guint32 index);
