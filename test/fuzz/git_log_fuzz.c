/* The stream of git log: whatever comes, records are whole, valid text, within the limits. */
#include "git/git.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_text(const char *text, gsize maximum)
{
    g_assert(text && strlen(text) <= maximum && g_utf8_validate(text, -1, NULL));
}

static gboolean check(const Commit *commit, gpointer user_data, GError **error)
{
    const char *const texts[] = {commit->author_name, commit->author_email, commit->committer_name,
                                 commit->committer_email, commit->subject};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        check_text(texts[i], LIMIT_NAME);
    g_assert(strlen(commit->hash) == 40 || strlen(commit->hash) == 64);
    g_assert(strlen(commit->tree) == 40 || strlen(commit->tree) == 64);
    g_assert(commit->authored >= 0 && commit->committed >= 0);
    for (gsize i = 0; i < commit->n_parents; i++)
        g_assert(strlen(commit->parents[i]) == 40 || strlen(commit->parents[i]) == 64);
    g_assert(commit->n_files <= LIMIT_GIT_FILES_PER_COMMIT);
    for (gsize i = 0; i < commit->n_files; i++) {
        const FileChange *file = &commit->files[i];
        check_text(file->path, LIMIT_PATH);
        g_assert(*file->path != '\0');
        if (file->old_path)
            check_text(file->old_path, LIMIT_PATH);
        g_assert(file->lines_added >= 0 || file->lines_added == COUNT_ABSENT);
        g_assert(file->lines_removed >= 0 || file->lines_removed == COUNT_ABSENT);
    }
    return TRUE;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_assert(git_parse_log((const char *) data, size, check, NULL, &error) == (error == NULL));
    return 0;
}
