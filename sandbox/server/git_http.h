/*
 * git_http: git's smart HTTP protocol, by "git http-backend" as a CGI child. Reading only.
 */
#pragma once

#include "call.h"

#include <stdint.h>
#include <sys/types.h>

void git_answer(Call *call);

/* The child's output as a response body, in the shape libmicrohttpd wants. Freeing ends the child.
 */
ssize_t git_child_read(void *child, uint64_t position, char *buffer, size_t max);
void git_child_free(void *child);
