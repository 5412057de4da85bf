/*
 * person_name: whether two names may be one person's. Pure.
 */
#pragma once

#include "base/base.h"

typedef enum {
    NAMES_DIFFER,
    NAMES_ALIKE, /* one has initials, or fewer parts; an address or nickname made of the name */
    NAMES_SAME,  /* the same full names, in any order, without regard to case and accents */
} NameLikeness;

/* A name in its parts: lower case, without accents and punctuation, in order of the text. Free with
 * g_strfreev. "Müller, Jo" gives "muller", "jo". */
char **person_name_parts(const char *name);
/* The parts in alphabetical order in one text: equal for names that are the same. "" when it is no
 * full name: fewer than two parts of at least two letters. Free with g_free. */
char *person_name_key(const char *name);
NameLikeness person_name_compare(const char *a, const char *b);

/* Whether @address (its part before the @) or a one-word name is made of @name: "jane.doe", "jdoe",
 * "janed", "jane_doe", or is @nickname. NULL never is. */
gboolean person_name_is_made_of(const char *word, const char *name, const char *nickname);

/* The mailbox behind an address, lower case: without what follows a plus sign; of GitHub's
 * no-reply addresses without the number. Free with g_free. */
char *person_mailbox(const char *address);
