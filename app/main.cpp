#include "app/cli/Cli.h"
#ifdef LIMPID_GUI
#include "app/gui/Gui.h"
#endif

int main(int argc, char** argv)
{
#ifdef LIMPID_GUI
    if (limpid::asksForWindow(argc, argv))
        return limpid::runGui(argc, argv);
#endif
    return limpid::runCli(argc, argv);
}
