/* Team files: whatever comes, what is let through makes a calendar. */
#include "measure/measure.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) teams = team_file_parse((const char *) data, size, &error);
    g_assert((teams == NULL) == (error != NULL));
    for (guint i = 0; teams != NULL && i < teams->len; i++) {
        const TeamEntry *team = teams->pdata[i];
        g_assert(team->name != NULL && g_utf8_validate(team->name, -1, NULL));
        g_assert(team->members != NULL && team->holidays != NULL);
        g_assert(team_words_check(team->zone, team->days, team->from, team->until, NULL, NULL));
    }
    return 0;
}
