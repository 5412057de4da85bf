#include "base/log.h"

#include "base/time.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock =
    PTHREAD_MUTEX_INITIALIZER; /* not GMutex: ThreadSanitizer cannot see it */
static GPtrArray *secrets;     /* char *, guarded by lock */
static gint level_shown = LOG_LEVEL_WARNING;

void log_set_level(LogLevel level)
{
    g_atomic_int_set(&level_shown, (gint) level);
}

static void secret_free(gpointer secret)
{
    sodium_memzero(secret, strlen(secret));
    g_free(secret);
}

void log_add_secret(const char *secret)
{
    if (secret == NULL || strlen(secret) < 4) /* shorter ones would blot out ordinary words */
        return;
    pthread_mutex_lock(&lock);
    if (secrets == NULL)
        secrets = g_ptr_array_new_with_free_func(secret_free);
    if (!g_ptr_array_find_with_equal_func(secrets, secret, g_str_equal, NULL))
        g_ptr_array_add(secrets, g_strdup(secret));
    pthread_mutex_unlock(&lock);
}

void log_forget_secrets(void)
{
    pthread_mutex_lock(&lock);
    g_clear_pointer(&secrets, g_ptr_array_unref);
    pthread_mutex_unlock(&lock);
}

/* Tokens that Bitbucket hands out begin with these letters; the rest of the word goes too. */
static void blot_token_like(GString *line)
{
    static const char *const PREFIXES[] = {"ATCTT", "ATATT", "ATBB"};
    for (gsize i = 0; i < G_N_ELEMENTS(PREFIXES); i++) {
        gsize from = 0;
        for (char *hit; (hit = strstr(line->str + from, PREFIXES[i])) != NULL;) {
            gsize at = (gsize) (hit - line->str), length = strlen(PREFIXES[i]);
            while (hit[length] != '\0' &&
                   (g_ascii_isalnum(hit[length]) || strchr("_-=.+/", hit[length])))
                length++;
            g_string_erase(line, (gssize) at, (gssize) length);
            g_string_insert(line, (gssize) at, "***");
            from = at + 3;
        }
    }
}

char *log_redact(const char *text)
{
    GString *line = g_string_new(text != NULL ? text : "");
    pthread_mutex_lock(&lock);
    for (guint i = 0; secrets != NULL && i < secrets->len; i++)
        g_string_replace(line, g_ptr_array_index(secrets, i), "***", 0);
    pthread_mutex_unlock(&lock);
    blot_token_like(line);
    return g_string_free(line, FALSE);
}

static gboolean is_control(gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x061c ||
           c == 0x2028 || c == 0x2029 || c == 0xfeff;
}

char *log_blank_controls(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
    GString *shown = g_string_sized_new(strlen(valid));
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        g_string_append_unichar(shown, is_control(c) ? ' ' : c);
    }
    return g_string_free(shown, FALSE);
}

char *log_printable(const char *text)
{
    g_autofree char *redacted = log_redact(text);
    return log_blank_controls(redacted);
}

/* systemd tells in JOURNAL_STREAM which file its journal reads from; standard error may since have
 * been led elsewhere. */
static gboolean is_read_by_journal(void)
{
    const char *text = g_getenv("JOURNAL_STREAM");
    struct stat status;
    if (text == NULL || fstat(STDERR_FILENO, &status) != 0)
        return FALSE;
    g_autofree char *ours = g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                            (guint64) status.st_dev, (guint64) status.st_ino);
    return g_str_equal(text, ours);
}

void log_event(LogLevel level, const char *format, ...)
{
    static const char *const NAMES[] = {"error", "warning", "info", "debug"};
    static const char PRIORITIES[] = "3467"; /* of syslog(3) */
    if ((gint) level > g_atomic_int_get(&level_shown))
        return;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *clean = log_printable(message); /* one event is one line */
    char now[TIME_TEXT_SIZE];
    g_autofree char *line =
        is_read_by_journal()
            ? g_strdup_printf("<%c>%s\n", PRIORITIES[level], clean)
            : g_strdup_printf("%s %s %s\n", time_format(time_now(), now), NAMES[level], clean);
    fputs(line, stderr);
}
