/*
 * children: ends the processes that this one has started and not waited for, so that a history
 * being made does not outlive the sandbox. Whoever started them sees them fail.
 */
#pragma once

void children_kill(void);
