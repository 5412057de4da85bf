#include "measure/person_name.h"

#include <string.h>

#define MOST_PARTS     16
#define NO_REPLY_PLACE "@users.noreply.github.com"

/* Letters and digits in lower case without their accents; everything else parts words. */
static char *plain(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *apart = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL);
    g_autofree char *folded = g_utf8_casefold(apart, -1);
    GString *out = g_string_new(NULL);
    for (const char *at = folded; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_ismark(c) || c == '\'' || c == 0x2019) /* "O'Brien" is one word */
            continue;
        g_string_append_unichar(out, g_unichar_isalnum(c) ? c : ' ');
    }
    return g_string_free(out, FALSE);
}

char **person_name_parts(const char *name)
{
    g_autofree char *text = plain(name);
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    GPtrArray *parts = g_ptr_array_new();
    for (gsize i = 0; words[i] != NULL && parts->len < MOST_PARTS; i++)
        if (words[i][0] != '\0')
            g_ptr_array_add(parts, g_strdup(words[i]));
    g_ptr_array_add(parts, NULL);
    return (char **) g_ptr_array_free(parts, FALSE);
}

static gint compare_words(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static gboolean is_word(const char *part)
{
    return g_utf8_strlen(part, -1) >= 2;
}

char *person_name_key(const char *name)
{
    g_auto(GStrv) parts = person_name_parts(name);
    guint n = g_strv_length(parts), words = 0;
    for (guint i = 0; i < n; i++)
        words += is_word(parts[i]) ? 1 : 0;
    if (words < 2)
        return g_strdup("");
    qsort(parts, n, sizeof *parts, compare_words);
    return g_strjoinv(" ", parts);
}

/* Equal, or one the other's initial. */
static gboolean part_fits(const char *a, const char *b)
{
    if (is_word(a) && is_word(b))
        return strcmp(a, b) == 0;
    return g_utf8_get_char(a) == g_utf8_get_char(b);
}

/* Whether every part of @few has one of its own in @many, one of them as a whole word. */
static gboolean parts_fit(char **few, char **many)
{
    gboolean taken[MOST_PARTS] = {FALSE}, has_whole = FALSE;
    for (guint round = 0; round < 2; round++) /* whole words first: initials take what is left */
        for (gsize i = 0; few[i] != NULL; i++) {
            if (is_word(few[i]) != (round == 0))
                continue;
            gsize j = 0;
            while (many[j] != NULL && (taken[j] || !part_fits(few[i], many[j])))
                j++;
            if (many[j] == NULL)
                return FALSE;
            taken[j] = TRUE;
            has_whole = has_whole || (is_word(few[i]) && is_word(many[j]));
        }
    return has_whole;
}

NameLikeness person_name_compare(const char *a, const char *b)
{
    g_autofree char *first = person_name_key(a);
    g_autofree char *second = person_name_key(b);
    if (first[0] != '\0' && strcmp(first, second) == 0)
        return NAMES_SAME;
    g_auto(GStrv) parts = person_name_parts(a);
    g_auto(GStrv) others = person_name_parts(b);
    guint n = g_strv_length(parts), m = g_strv_length(others);
    if (n == 0 || m == 0)
        return NAMES_DIFFER;
    return parts_fit(n <= m ? parts : others, n <= m ? others : parts) ? NAMES_ALIKE : NAMES_DIFFER;
}

static gboolean is_joined(const char *word, const char *first, gssize first_length,
                          const char *second, gssize second_length)
{
    g_autofree char *head =
        g_utf8_substring(first, 0, first_length < 0 ? g_utf8_strlen(first, -1) : first_length);
    g_autofree char *tail =
        g_utf8_substring(second, 0, second_length < 0 ? g_utf8_strlen(second, -1) : second_length);
    g_autofree char *joined = g_strconcat(head, tail, NULL);
    return strcmp(word, joined) == 0;
}

gboolean person_name_is_made_of(const char *word, const char *name, const char *nickname)
{
    if (word == NULL)
        return FALSE;
    g_autofree char *local = g_strndup(word, strcspn(word, "@+"));
    g_auto(GStrv) parts = person_name_parts(local);
    g_autofree char *flat = g_strjoinv("", parts);
    if (g_utf8_strlen(flat, -1) < 3)
        return FALSE;
    if (nickname != NULL) {
        g_auto(GStrv) nick = person_name_parts(nickname);
        g_autofree char *nick_flat = g_strjoinv("", nick);
        if (strcmp(flat, nick_flat) == 0)
            return TRUE;
    }
    if (person_name_compare(local, name) == NAMES_SAME)
        return TRUE;
    g_auto(GStrv) names = person_name_parts(name);
    guint n = g_strv_length(names);
    if (n < 2)
        return FALSE;
    const char *first = names[0], *last = names[n - 1];
    return is_joined(flat, first, -1, last, -1) || is_joined(flat, first, 1, last, -1) ||
           is_joined(flat, first, -1, last, 1) || is_joined(flat, last, -1, first, -1);
}

char *person_mailbox(const char *address)
{
    char *lower = g_utf8_strdown(address, -1);
    char *at = strrchr(lower, '@'), *plus = strchr(lower, '+');
    if (at == NULL || plus == NULL || plus > at || plus == lower)
        return lower;
    if (strcmp(at, NO_REPLY_PLACE) == 0) /* "1234+jane@…" */
        memmove(lower, plus + 1, strlen(plus + 1) + 1);
    else
        memmove(plus, at, strlen(at) + 1);
    return lower;
}
