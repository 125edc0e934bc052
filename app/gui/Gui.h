#pragma once

namespace limpid {

/// The window: builds the parts, shows them and runs the event loop. Gives the exit code.
int runGui(int argc, char** argv);

} // namespace limpid
