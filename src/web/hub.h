/*
 * hub: what happens, told to every browser that listens (server-sent events). Inside the web room.
 *
 * Somebody publishes an event; each listener gets it in the order of publishing. The last
 * HUB_KEPT events are kept, so that a listener who comes back with the id of the last one he saw
 * misses nothing in between; one who missed more gets an event "gap" first, then those that are
 * kept. Any thread may publish. A listener is read by the I/O thread; while there is nothing for
 * him his connection is suspended. A thread of the hub's own keeps idle streams alive through
 * proxies with a comment every 15 s, and ends a listener after an hour, for his session may have
 * ended by then; browsers come back by themselves.
 */
#pragma once

#include <microhttpd.h>

#include "base/base.h"

#define HUB_KEPT 512

typedef struct Hub Hub;
typedef struct HubListener HubListener;

typedef struct {
    Duration ping, listen;
} HubPace;

Hub *hub_new(const HubPace *pace); /* NULL: as said above; shorter in tests */
/* Ends all listeners; more are ended at once. */
void hub_close(Hub *hub);
void hub_free(Hub *hub); /* no listener is left */
/* @type: a word; @data: one line. */
void hub_publish(Hub *hub, const char *type, const char *data);
/* @last_seen: the id of the last event that the client saw; NULL: from now on. */
HubListener *hub_listen(Hub *hub, const char *last_seen);
/* MHD_ContentReaderCallback's part: what there is, at most @most bytes; 0 after the connection was
 * suspended; MHD_CONTENT_READER_END_OF_STREAM. */
ssize_t hub_listener_read(HubListener *listener, struct MHD_Connection *connection, char *buffer,
                          gsize most);
void hub_listener_free(HubListener *listener);
