#pragma once

namespace limpid {

/// Runs the verb that the arguments name and gives the exit code: 0 done, 1 failed, 2 usage, 3 bad input, 130 interrupted.
int runCli(int argc, char** argv);

/// Whether the arguments ask for the window: none at all, or `open`.
bool asksForWindow(int argc, char** argv);

} // namespace limpid
