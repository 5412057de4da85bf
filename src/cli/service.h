/*
 * service: what a supervisor is told. Inside the command line.
 *
 * systemd names a socket in NOTIFY_SOCKET to a service of Type=notify; sd_notify(3) describes the
 * messages. Without the variable nothing happens.
 */
#pragma once

/* Such as "READY=1" or "STOPPING=1"; several are parted by newlines. */
void service_tell(const char *state);
