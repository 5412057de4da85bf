/*
 * Inside deliver: files that the build puts into the program (embed.py).
 */
#pragma once

extern const char deliver_report_css[]; /* report.css */
