#include "cli/service.h"

#include <errno.h>
#include <glib.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/base.h"

/* '@' stands for the zero byte that an abstract name begins with. */
static gboolean name_socket(const char *text, struct sockaddr_un *ret_address, socklen_t *ret_size)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    gsize length = strlen(text);
    if ((*text != '/' && *text != '@') || length < 2 || length >= sizeof address.sun_path)
        return FALSE;
    memcpy(address.sun_path, text, length);
    if (*text == '@')
        address.sun_path[0] = '\0';
    *ret_address = address;
    *ret_size = (socklen_t) (offsetof(struct sockaddr_un, sun_path) + length);
    return TRUE;
}

void service_tell(const char *state)
{
    const char *name = g_getenv("NOTIFY_SOCKET");
    struct sockaddr_un address;
    socklen_t size = 0;
    if (name == NULL || *name == '\0')
        return;
    if (!name_socket(name, &address, &size)) {
        log_event(LOG_LEVEL_WARNING, "NOTIFY_SOCKET names no socket: %s", name);
        return;
    }
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *) &address,
                         size) < 0)
        log_event(LOG_LEVEL_WARNING, "the supervisor at %s is not told: %s", name,
                  g_strerror(errno));
    if (fd >= 0)
        close(fd);
}
