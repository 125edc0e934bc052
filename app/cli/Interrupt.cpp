#include "app/cli/Interrupt.h"

#include <atomic>
#include <csignal>
#include <cstdlib>

namespace limpid {

namespace {

std::atomic<Task*> currentTask{nullptr};
std::atomic<bool> keepsFirst{false};
std::atomic<int> signalCount{0};
static_assert(std::atomic<Task*>::is_always_lock_free, "a signal handler may touch lock-free atomics only");

// Task::finish() and cancel() set one lock-free flag each, so a handler may call them.
extern "C" void onSignal(int number)
{
    const int count = ++signalCount;
    Task* task = currentTask.load();
    std::signal(number, onSignal); // some systems forget a handler once it was called
    // Files and the store are whole at every moment, so leaving at once is safe where no task is under way.
    if (!task || count > 2)
        std::_Exit(interruptedExitCode);
    if (count == 1 && keepsFirst)
        task->finish();
    else
        task->cancel();
}

} // namespace

Interrupt::Interrupt(Task& task, First first)
{
    keepsFirst = first == First::Keep;
    currentTask = &task;
}

Interrupt::~Interrupt()
{
    currentTask = nullptr;
}

void Interrupt::listen()
{
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
}

bool Interrupt::happened()
{
    return signalCount > 0;
}

} // namespace limpid
