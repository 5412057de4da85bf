/* Calendar files: whatever comes, the days are days of the years asked for, in order, each once. */
#include "measure/measure.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) days = holiday_file_parse((const char *) data, size, 2020, 2030, &error);
    g_assert((days == NULL) == (error != NULL));
    for (guint i = 0; days != NULL && i < days->len; i++) {
        const Holiday *holiday = days->pdata[i];
        UtcTime at;
        g_assert(strlen(holiday->day) == 10 && time_parse(holiday->day, -1, &at, NULL));
        g_assert(strcmp(holiday->day, "2020-01-01") >= 0 &&
                 strcmp(holiday->day, "2030-12-31") <= 0);
        g_assert(i == 0 || strcmp(((const Holiday *) days->pdata[i - 1])->day, holiday->day) < 0);
        g_assert(g_utf8_validate(holiday->name, -1, NULL));
        g_assert(strlen(holiday->name) <= LIMIT_NAME);
    }
    g_assert(error == NULL || g_utf8_validate(error->message, -1, NULL));
    return 0;
}
