#include "core/engine/Backend.h"

#include "core/engine/Runtime.h"

#include <ATen/Context.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/csrc/api/include/torch/version.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <system_error>
#include <thread>

#if defined(__unix__) || defined(__APPLE__)
#include <dlfcn.h>
#endif

namespace limpid {

namespace {

/// The file that LibTorch's matrix products come from: "/usr/lib/…/openblas-pthread/libblas.so.3", or "".
std::string blasFile()
{
#if defined(__unix__) || defined(__APPLE__)
    Dl_info info{};
    if (void* symbol = dlsym(RTLD_DEFAULT, "sgemm_"); symbol && dladdr(symbol, &info) && info.dli_fname) {
        std::error_code failed;
        const std::filesystem::path file = std::filesystem::canonical(info.dli_fname, failed);
        return failed ? info.dli_fname : file.string();
    }
#endif
    return {};
}

} // namespace

BackendInfo backendInfo()
{
    BackendInfo info;
    engine::guarded([&] {
        info.torchVersion = TORCH_VERSION;
        info.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
        info.devices = {"CPU"};
        if (c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA))
            for (int device = 0; device < c10::impl::getDeviceGuardImpl(c10::DeviceType::CUDA)->deviceCount(); ++device)
                info.devices.push_back("CUDA " + std::to_string(device));
        const std::string file = blasFile();
        std::string lower = file;
        std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const std::pair<const char*, const char*> known[] = {
            {"openblas", "OpenBLAS"}, {"mkl", "MKL"}, {"blis", "BLIS"}, {"atlas", "ATLAS"}, {"accelerate", "Accelerate"}};
        for (const auto& [part, name] : known)
            if (lower.find(part) != std::string::npos) {
                info.blas = name;
                info.fastBlas = true;
            }
#if defined(__unix__) || defined(__APPLE__)
        if (const auto core = reinterpret_cast<char* (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_corename")); core && info.blas == "OpenBLAS")
            info.blas += std::string(", ") + core() + " kernels";
#endif
        // MKL is linked into LibTorch's own downloads; Debian's takes whatever libblas.so.3 is.
        if (!info.fastBlas && at::hasMKL()) {
            info.blas = "MKL";
            info.fastBlas = true;
        }
        if (info.blas.empty())
            info.blas = file.empty() ? "none" : file;
    });
    return info;
}

} // namespace limpid
