#include "children.h"

#include <glib.h>
#include <signal.h>
#include <sys/types.h>

/* The kernel lists children by the thread that started them. */
static void kill_children_of(const char *thread)
{
    g_autofree char *path = g_build_filename("/proc/self/task", thread, "children", NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return; /* the thread has ended meanwhile */
    g_auto(GStrv) pids = g_strsplit(text, " ", -1);
    for (guint i = 0; pids[i] != NULL; i++) {
        gint64 pid;
        if (g_ascii_string_to_signed(g_strstrip(pids[i]), 10, 2, G_MAXINT32, &pid, NULL))
            kill((pid_t) pid, SIGKILL);
    }
}

void children_kill(void)
{
    g_autoptr(GDir) threads = g_dir_open("/proc/self/task", 0, NULL);
    if (threads == NULL)
        return;
    for (const char *thread; (thread = g_dir_read_name(threads)) != NULL;)
        kill_children_of(thread);
}
