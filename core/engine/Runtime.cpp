#include "core/engine/Runtime.h"

#include "core/base/CpuMeter.h"
#include "core/base/Error.h"

#include <ATen/Parallel.h>
#include <c10/util/Exception.h>

#include <exception>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#if defined(__unix__) || defined(__APPLE__)
#include <dlfcn.h>
#endif

namespace limpid::engine {

namespace {

void holdBlasToOneThread()
{
#if defined(__unix__) || defined(__APPLE__)
    // Found at run time: which BLAS is behind libblas.so.3 is the machine's choice.
    using SetThreads = void (*)(int);
    for (const char* name : {"openblas_set_num_threads", "bli_thread_set_num_threads"})
        if (void* symbol = dlsym(RTLD_DEFAULT, name))
            reinterpret_cast<SetThreads>(symbol)(1);
#endif
}

void prepareThread()
{
    static std::once_flag process;
    std::call_once(process, [] {
        holdBlasToOneThread();
        at::set_num_interop_threads(1);
    });
    // OpenMP's count belongs to each thread.
    thread_local bool prepared = false;
    if (!prepared) {
        at::set_num_threads(1);
        prepared = true;
    }
}

bool isOutOfMemory(const std::string& words)
{
    for (const char* hint : {"allocate memory", "out of memory", "enough memory", "overflow"})
        if (words.find(hint) != std::string::npos)
            return true;
    return false;
}

} // namespace

void guarded(const std::function<void()>& work)
{
    try {
        prepareThread();
        work();
    } catch (const c10::Error& error) {
        const std::string words = error.what_without_backtrace();
        if (isOutOfMemory(words))
            throw Error(ErrorCode::OutOfMemory, {}, words);
        throw Error(ErrorCode::Internal, {{"reason", "LibTorch"}}, words);
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::OutOfMemory);
    } catch (const std::length_error&) {
        throw Error(ErrorCode::OutOfMemory);
    }
}

void inParallel(int count, const std::function<void(int)>& work)
{
    std::vector<std::exception_ptr> failures(static_cast<std::size_t>(count));
    const auto attempt = [&](int index) {
        try {
            guarded([&] { work(index); });
        } catch (...) {
            failures[static_cast<std::size_t>(index)] = std::current_exception();
        }
    };
    std::vector<std::thread> threads;
    for (int index = 1; index < count; ++index)
        threads.emplace_back([&attempt, index, meter = CpuMeter::current()] {
            const Metered metered(meter);
            attempt(index);
        });
    attempt(0);
    for (std::thread& thread : threads)
        thread.join();
    for (const std::exception_ptr& failure : failures)
        if (failure)
            std::rethrow_exception(failure);
}

} // namespace limpid::engine
