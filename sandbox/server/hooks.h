/*
 * hooks: webhook subscriptions of repositories and of the workspace. Kept in memory; any thread.
 */
#pragma once

#include "sandbox.h"

Hooks *hooks_new(void);
void hooks_free(Hooks *hooks);
