/*
 * The SQLite driver: one file, write-ahead log, one writer, readers that never wait for it.
 *
 * A second lock stands behind the statements: once a connection is open, an authorizer refuses
 * schema changes, attached files, pragmas and, on readers, every write; migrations lift it. The
 * address is a file's path.
 */
#pragma once

#include "store/db.h"

extern const DbDriver SQLITE_DRIVER;
