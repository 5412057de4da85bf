#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/progress.h"

gboolean terminal_is(int descriptor)
{
    return isatty(descriptor) == 1;
}

guint terminal_width(int descriptor)
{
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 80;
    return size.ws_col;
}

/* https://no-color.org: any value but the empty one switches colour off. */
gboolean terminal_has_color(int descriptor)
{
    const char *no_color = g_getenv("NO_COLOR"), *term = g_getenv("TERM");
    return terminal_is(descriptor) && (no_color == NULL || *no_color == '\0') && term != NULL &&
           !g_str_equal(term, "dumb");
}

gboolean terminal_has_unicode(void)
{
    return g_str_equal(nl_langinfo(CODESET), "UTF-8");
}
