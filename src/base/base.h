/*
 * base: the ground floor. Errors, UTC time, memory that lives together, bounded buffers, logging,
 * limits.
 *
 * It holds only what GLib lacks and knows nothing of pull requests. It includes no header of
 * another room. Objects are owned by whoever made them. Unless a header says otherwise, functions
 * may be called from any thread on distinct objects.
 */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
