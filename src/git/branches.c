#include "git/history.h"
#include "git/text.h"

typedef struct {
    GHashTable *merged; /* names; NULL: not read yet */
    GString *text;
    GitBranchVisitor visitor;
    gpointer user_data;
} Branches;

#define FIELDS 5 /* of a line, parted by TAB, which no name of a branch may hold */

static gboolean note_merged(const GitPiece *line, gpointer user_data, GError **error)
{
    Branches *branches = user_data;
    g_hash_table_add(branches->merged, g_strndup(line->bytes, line->length));
    return TRUE;
}

static gboolean note_tip(const GitPiece *line, gpointer user_data, GError **error)
{
    gboolean *found = user_data;
    *found = TRUE;
    return TRUE;
}

static gboolean read_merged(GitMirror *mirror, const char *main_branch, Branches *branches,
                            GError **error)
{
    g_autofree char *reference = g_strconcat("refs/heads/", main_branch, NULL);
    g_autofree char *option = g_strconcat("--merged=", reference, NULL);
    const char *const look[] = {"for-each-ref", "--format=x", reference, NULL};
    const char *const list[] = {"for-each-ref", option, "--format=%(refname:strip=2)", "refs/heads",
                                NULL};
    gboolean found = FALSE;
    if (!git_history_read_lines(mirror, "git for-each-ref", look, NULL, note_tip, &found, error))
        return FALSE;
    return !found || git_history_read_lines(mirror, "git for-each-ref", list, NULL, note_merged,
                                            branches, error);
}

static gsize split(const GitPiece *line, GitPiece *ret_fields)
{
    gsize n = 0, start = 0;
    for (gsize i = 0; i <= line->length && n < FIELDS; i++)
        if (i == line->length || (line->bytes[i] == '\t' && n + 1 < FIELDS)) {
            ret_fields[n++] = (GitPiece){line->bytes + start, i - start, FALSE};
            start = i + 1;
        }
    return n;
}

/* "<someone@example.org>" */
static void append_address(GString *text, const GitPiece *field)
{
    gboolean bracketed =
        field->length >= 2 && field->bytes[0] == '<' && field->bytes[field->length - 1] == '>';
    git_text_append(text, field->bytes + (bracketed ? 1 : 0), field->length - (bracketed ? 2 : 0),
                    LIMIT_NAME);
}

static gboolean visit_line(const GitPiece *line, gpointer user_data, GError **error)
{
    Branches *branches = user_data;
    GitPiece fields[FIELDS];
    gsize places[FIELDS];
    if (split(line, fields) != FIELDS || !git_text_is_hash(fields[0].bytes, fields[0].length)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_GIT,
                    "git for-each-ref gave a branch in an unexpected shape");
        return FALSE;
    }
    GString *text = branches->text;
    g_string_truncate(text, 0);
    for (guint i = 0; i < FIELDS; i++) {
        places[i] = text->len;
        if (i == 3)
            append_address(text, &fields[i]);
        else
            git_text_append(text, fields[i].bytes, fields[i].length, LIMIT_NAME);
    }
    const Branch branch = {
        .hash = text->str + places[0],
        .committed = g_ascii_strtoll(text->str + places[1], NULL, 10) * TIME_SECOND,
        .name = text->str + places[2],
        .author_email = text->str + places[3],
        .author_name = text->str + places[4],
        .is_merged = g_hash_table_contains(branches->merged, text->str + places[2]),
    };
    return branches->visitor(&branch, branches->user_data, error);
}

gboolean git_mirror_branches(GitMirror *mirror, const char *main_branch, GitBranchVisitor visitor,
                             gpointer user_data, GError **error)
{
    static const char *const LIST[] = {
        "for-each-ref", "--sort=refname",
        "--format=%(objectname)%09%(committerdate:unix)%09%(refname:strip=2)%09%(authoremail)%09"
        "%(authorname)",
        "refs/heads", NULL};
    g_autoptr(GHashTable) merged = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    Branches branches = {merged, text, visitor, user_data};
    git_mirror_begin(mirror);
    gboolean done = (!main_branch || read_merged(mirror, main_branch, &branches, error)) &&
                    git_history_read_lines(mirror, "git for-each-ref", LIST, NULL, visit_line,
                                           &branches, error);
    git_mirror_end(mirror);
    return done;
}
